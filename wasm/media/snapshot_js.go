//go:build js && wasm

package media

import (
	"strconv"
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// SnapshotOptions are the contract's ZegoSnapshotOptions.
type SnapshotOptions struct {
	ImageType string   `json:"imageType"`
	Quality   *float64 `json:"quality"`
	Save      bool     `json:"save"`
	FileName  string   `json:"fileName"`
}

// TakeStreamSnapshot is the picture that is shown now, as a data URL; "" if there is none.
func (v *View) TakeStreamSnapshot(opt SnapshotOptions) string {
	width, height := v.VideoWidth(), v.VideoHeight()
	if width == 0 || height == 0 || !v.video.wanted {
		return ""
	}
	canvas := newElement("canvas", "width", strconv.Itoa(width), "height", strconv.Itoa(height))
	call(call(canvas, "getContext", "2d"), "drawImage", v.video.el, 0, 0)
	extension := "png"
	if opt.ImageType == "jpeg" {
		extension = "jpeg"
	}
	url := call(canvas, "toDataURL", "image/"+extension, deref(opt.Quality, 1))
	if opt.Save {
		name := opt.FileName
		if name == "" {
			name = "snapshot" + strconv.FormatInt(time.Now().UnixMilli(), 10)
		}
		saveFile(url, name+"."+extension)
	}
	return jsx.String(url)
}

// saveFile gives the user a file, as a click on a link would.
func saveFile(url safejs.Value, name string) {
	link := newElement("a", "download", name)
	set(link, "href", url)
	call(link, "click")
}
