package media

// EffectOptions is how a clip is played.
type EffectOptions struct {
	// From in milliseconds is where it begins.
	From float64
	// Loop plays it again and again.
	Loop bool
	// OnStart and OnEnd are told. They do not block.
	OnStart, OnEnd func()
}

// ClipError is a server's refusal to hand out a sound.
type ClipError struct{ StatusText string }

// Error tells the server's words.
func (e *ClipError) Error() string { return e.StatusText }

// DecodeError is what the browser threw at a sound that it does not understand.
type DecodeError struct{ Err error }

// Error tells the browser's words.
func (e *DecodeError) Error() string { return e.Err.Error() }

// Unwrap is the exception.
func (e *DecodeError) Unwrap() error { return e.Err }
