package json_test

import (
	"bytes"
	std "encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
	"expressrtc/wasm/rtc"
)

// kinds are the types that the SDK reads and writes, and some that go further.
var kinds = []any{
	protocol.Frame{},
	protocol.Error{},
	protocol.RoomLogin{},
	protocol.RoomSnapshot{},
	protocol.RoomLogout{},
	protocol.RoomUsers{},
	protocol.RoomStreams{},
	protocol.RoomKickout{},
	protocol.Ping{},
	protocol.Pong{},
	protocol.StreamPublish{},
	protocol.StreamUnpublish{},
	protocol.StreamUpdate{},
	protocol.StreamPlay{},
	protocol.StreamPlayReply{},
	protocol.SessionOpen{},
	protocol.SessionDesc{},
	protocol.SessionCandidate{},
	protocol.SessionRestart{},
	protocol.SessionClose{},
	protocol.MessageBroadcast{},
	protocol.MessageBroadcastReply{},
	protocol.MessageBarrage{},
	protocol.MessageCommand{},
	protocol.Resume{},
	protocol.Resumed{},
	protocol.Ack{},
	engine.StreamInfo{},
	engine.StreamExtraInfo{},
	engine.StreamState{},
	engine.Message{},
	engine.PlayOption{},
	engine.PublishQuality{},
	engine.PlayQuality{},
	engine.Sent{},
	engine.PublishOption{},
	engine.LoginUser{},
	engine.RoomConfig{},
	media.Source{},
	media.Capability{},
	media.SingleCheck{},
	media.ViewOptions{},
	rtc.Report{},
	thing{},
	map[string]any{},
	[]any{},
	map[name][]map[string]*float32{},
	"", 0, int8(0), uint16(0), 0.0, float32(0),
	struct{ A any }{},
}

// goldenFiles are the protocol's messages.
func goldenFiles(t testing.TB) (texts [][]byte) {
	t.Helper()
	files, err := filepath.Glob("../testdata/*.json")
	if err != nil || len(files) < 30 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

// sameReading wants text to become the same values as with encoding/json, or the same errors.
func sameReading(t *testing.T, text []byte) {
	t.Helper()
	for _, kind := range kinds {
		sameReadingAs(t, reflect.TypeOf(kind), text)
	}
}

func sameReadingAs(t *testing.T, typ reflect.Type, text []byte) {
	t.Helper()
	if respelled(text, typ) {
		return
	}
	want, got := reflect.New(typ), reflect.New(typ)
	wantErr := std.Unmarshal(text, want.Interface())
	err := json.Unmarshal(text, got.Interface())
	if told, wantTold := tell(err, typ), tell(wantErr, typ); told != wantTold {
		t.Fatalf("%s of %q\nerror %s\nwant  %s", typ, text, told, wantTold)
	}
	if !reflect.DeepEqual(got.Interface(), want.Interface()) {
		t.Fatalf("%s of %q\nis   %+v\nwant %+v", typ, text, got.Elem(), want.Elem())
	}
	if err == nil {
		sameWriting(t, got.Elem().Interface())
		sameWriting(t, got.Interface())
	}
}

// tell is what an error says, in the words of both packages.
func tell(err error, typ reflect.Type) string {
	var wrong *json.UnmarshalTypeError
	var stdWrong *std.UnmarshalTypeError
	switch {
	case err == nil:
		return "none"
	case errors.As(err, &wrong):
		return place(wrong.Value, wrong.Type, wrong.Field, typ)
	case errors.As(err, &stdWrong):
		return place(stdWrong.Value, stdWrong.Type, stdWrong.Field, typ)
	}
	return "not JSON"
}

// place is the text of a mismatch, without the path in types with parts that read
// themselves: they do so with one of the two packages.
func place(value string, wanted reflect.Type, path string, typ reflect.Type) string {
	switch typ {
	case reflect.TypeFor[media.Source](), reflect.TypeFor[thing]():
		path = "somewhere"
	}
	return fmt.Sprint(value, " for ", wanted, " at ", path)
}

// respelled reports whether text has a name of typ in another spelling, which only
// encoding/json takes.
func respelled(text []byte, typ reflect.Type) bool {
	names := namesOf(typ)
	tokens := std.NewDecoder(bytes.NewReader(text))
	for {
		token, err := tokens.Token()
		if err != nil {
			return false
		}
		if s, ok := token.(string); ok && slices.ContainsFunc(names, func(n string) bool { return n != s && strings.EqualFold(n, s) }) {
			return true
		}
	}
}

var knownNames = map[reflect.Type][]string{}

// namesOf are the names of typ's members, and of theirs.
func namesOf(typ reflect.Type) (names []string) {
	if known, ok := knownNames[typ]; ok {
		return known
	}
	knownNames[typ] = nil
	switch typ.Kind() {
	case reflect.Struct:
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if name == "" {
				name = f.Name
			}
			names = append(append(names, name), namesOf(f.Type)...)
		}
	case reflect.Pointer, reflect.Slice, reflect.Map:
		names = namesOf(typ.Elem())
	}
	knownNames[typ] = names
	return names
}

// sameWriting wants the bytes that encoding/json writes when it escapes no HTML.
func sameWriting(t *testing.T, value any) {
	t.Helper()
	var b bytes.Buffer
	e := std.NewEncoder(&b)
	e.SetEscapeHTML(false)
	wantErr := e.Encode(value)
	got, err := json.Marshal(value)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("%+v: error %v, want %v", value, err, wantErr)
	}
	if want := bytes.TrimSuffix(b.Bytes(), []byte("\n")); err == nil && !bytes.Equal(got, want) {
		t.Fatalf("%+v\nis   %s\nwant %s", value, got, want)
	}
}

func TestSameAsStandard(t *testing.T) {
	for _, text := range goldenFiles(t) {
		sameReading(t, text)
		var f protocol.Frame
		if err := json.Unmarshal(text, &f); err != nil {
			t.Error(err)
		}
		sameReading(t, f.Body)
		for end := range text {
			sameReadingAs(t, reflect.TypeFor[protocol.Frame](), text[:end])
		}
	}
	for text := range strings.FieldsSeq(`1 -0 0.1 1e5 1E-5 1e20 1e21 123456789012345678901234567890 1e400 -1e-400 5e-324 1.0
		127 128 -128 -129 65535 65536 9223372036854775807 9223372036854775808 3.4028236e38 0.000001 1e-7 3.5e+38
		"" "\ud800" "\udc00\ud800" "\ud83d\ude00" "\ud83d\u0041" "\u0000" "\uFFFF\ufffd\u2028" "\/" null true [] {} [[]] {"":{}}
		{"id":1,"id":"a"} {"list":[{"id":"a"},{}],"list":[{}]} {"any":{"a":1},"any":null} {"dict":{"a":1},"dict":{"b":2}}
		{"camera":{"width":{"exact":"x"}}} {"camera":{"bitrate":"x"}} {"camera":1} {"screen":5} {"screen":true} {"camera":{"width":"1"}}`) {
		sameReading(t, []byte(text))
	}
}

// Random values are written, read again, and read once more after some bytes have changed.
func TestSameAsStandardAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1795339814)) // the same every time
	for range 10 {
		for _, kind := range kinds {
			value := reflect.New(reflect.TypeOf(kind))
			fill(r, value.Elem(), 4)
			sameWriting(t, value.Interface())
			sameWriting(t, value.Elem().Interface())
			text, err := json.Marshal(value.Interface())
			if err != nil {
				continue
			}
			sameReading(t, text)
			sameReading(t, spoil(r, text))
		}
	}
}

var samples = []string{"", "a", "stream_1", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "Ада", "😀", "\u2028\u2029", "<b>&", "\xff\xc0\xaf", "\xed\xa0\x80", "\xef\xbf", "\ufffd"}

// fill sets v and all in it to something.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	if !v.CanSet() || r.IntN(4) == 0 {
		return
	}
	switch v.Interface().(type) {
	case json.RawMessage:
		v.SetBytes([]byte([]string{`null`, `"\u003ca>"`, ` { "a" : [ 1 , "\\\" {" ] } `, `5`}[r.IntN(4)]))
		return
	case temper:
		v.Set(reflect.ValueOf(temper{`[ true,"  " ]`}))
		return
	}
	n := 0
	if depth > 0 {
		n = r.IntN(3)
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(r, v.Field(i), depth)
		}
	case reflect.Pointer:
		if depth > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem(), depth-1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(r, v.Index(i), depth-1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range n {
			key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(r, key, 0)
			fill(r, elem, depth-1)
			v.SetMapIndex(key, elem)
		}
	case reflect.Interface:
		some := []any{nil, "a\xff", 5, 1e300, float32(0.1), true, []any{1, nil}, map[string]any{"b": 1, "a": &n}, name("n")}
		if x := some[r.IntN(len(some))]; x != nil && v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(x))
		}
	default:
		fillScalar(r, v)
	}
}

func fillScalar(r *rand.Rand, v reflect.Value) {
	bits := r.Uint64() >> r.IntN(64)
	switch {
	case v.Kind() == reflect.String:
		v.SetString(samples[r.IntN(len(samples))] + samples[r.IntN(len(samples))])
	case v.Kind() == reflect.Bool:
		v.SetBool(bits&1 == 1)
	case v.CanInt():
		v.SetInt(int64(bits))
	case v.CanUint():
		v.SetUint(bits)
	case v.CanFloat():
		v.SetFloat((r.Float64() - 0.5) * []float64{1, 1e-9, 1e7, 1e22, 1e37}[r.IntN(5)])
	}
}

// spoil changes some bytes of text.
func spoil(r *rand.Rand, text []byte) []byte {
	text = bytes.Clone(text)
	for range 1 + r.IntN(3) {
		if len(text) == 0 {
			break
		}
		at := r.IntN(len(text))
		switch r.IntN(3) {
		case 0:
			text = slices.Delete(text, at, at+1)
		case 1:
			text[at] = "{}[]\",:\\ 019-.eEtrufalsn\x00\x1f\xff\xe2"[r.IntN(32)%28]
		default:
			from := r.IntN(len(text))
			text = slices.Insert(text, at, text[from:min(len(text), from+r.IntN(8))]...)
		}
	}
	return text
}

func FuzzSameAsStandard(f *testing.F) {
	for _, text := range goldenFiles(f) {
		f.Add(text)
	}
	f.Add([]byte(`{"camera":{"width":{"exact":1},"bitrate":5},"screen":true,"custom":{}}`))
	f.Add([]byte(`[{"id":"a","type":"inbound-rtp","jitter":0.5,"packetsLost":-1,"nominated":true}]`))
	f.Add([]byte(`{"id":"a","dict":{"a":1},"list":[{}],"any":[{"a":1e5}],"raw":[1],"strict":1,"twice":2,"half":0.1}`))
	f.Fuzz(sameReading)
}
