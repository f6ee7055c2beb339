package media

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
