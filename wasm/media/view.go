package media

// ViewOptions are the options of a view's play methods (ZegoStreamViewOptions). They
// stay with the view: what a later call leaves out keeps its value.
type ViewOptions struct {
	Mirror               *bool   `json:"mirror"`
	ObjectFit            *string `json:"objectFit"`
	Muted                *bool   `json:"muted"`
	EnableAutoplayDialog *bool   `json:"enableAutoplayDialog"`
	ClearLastFrame       *bool   `json:"clearLastFrame"`
}
