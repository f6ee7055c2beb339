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

// merge takes over what more gives.
func (o *ViewOptions) merge(more ViewOptions) {
	keep(&o.Mirror, more.Mirror)
	keep(&o.ObjectFit, more.ObjectFit)
	keep(&o.Muted, more.Muted)
	keep(&o.EnableAutoplayDialog, more.EnableAutoplayDialog)
	keep(&o.ClearLastFrame, more.ClearLastFrame)
}

func keep[T any](old **T, more *T) {
	if more != nil {
		*old = more
	}
}
