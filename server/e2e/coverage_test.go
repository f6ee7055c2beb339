package e2e

import (
	"slices"
	"testing"

	"expressrtc/server/signaling"
)

// makers are how pages come by the objects of each class, as the body of an async function.
var makers = map[string]string{
	"ZegoExpressEngine":                 `return new ZegoExpressEngine(1, "")`,
	"ZegoStreamView":                    `return zg.createLocalStreamView(await zg.createStream())`,
	"ZegoLocalStream":                   `return zg.createZegoStream()`,
	"ZegoRealTimeSequentialDataManager": `return zg.createRealTimeSequentialDataManager("room")`,
	"ZegoAudioEffectPlayer":             `return zg.createAudioEffectPlayer(await zg.createStream())`,
	"ZegoStreamCompositor":              `return zg.createStreamCompositor()`,
	"ZegoExpressRangeAudio":             `return zg.createRangeAudioInstance()`,
	"ZegoCopyrightedMusic":              `return zg.createCopyrightedMusic()`,
}

// TestCoverageAtRunTime: every method and property of the types is there at run time, and
// what a method answers at once is a promise where the types say so, and none elsewhere.
// What Go cannot make yet says so by its code.
func TestCoverageAtRunTime(t *testing.T) {
	t.Parallel()
	found, _ := readMembers(t)
	byClass := map[string][]declared{}
	for _, m := range found.Members {
		byClass[m.Class] = append(byClass[m.Class], m)
	}
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.expect("") // methods that are called without their arguments say so
	p.login("room")
	p.do(`globalThis.kinds = (object, members) => members.map(({name, kind}) => {
		if (!(name in object)) return [name, kind, "missing"];
		if (kind === "getter") return [name, kind, typeof object[name] === "function" ? "a method" : kind];
		if (typeof object[name] !== "function") return [name, kind, typeof object[name]];
		let answer;
		try { answer = object[name]() } catch { return [name, kind, kind === "value" ? kind : "thrown"] }
		if (!(answer instanceof Promise)) return [name, kind, "value"];
		answer.catch(() => {});
		return [name, kind, "promise"];
	})`)
	p.wantKinds("ZegoExpressEngine", "ZegoExpressEngine", byClass["ZegoExpressEngine"], true)
	p.wantKinds("WebRTCUtil", "WebRTCUtil", byClass["WebRTCUtil"], true)
	for class, maker := range makers {
		if len(byClass[class]) == 0 {
			t.Errorf("the types have no members of %s", class)
		}
		if p.makes(class, maker) {
			p.wantKinds(class, "made", byClass[class], false)
		}
	}
}

// makes makes globalThis.made, and reports whether this version has the class at all.
func (p *tab) makes(class, maker string) bool {
	p.t.Helper()
	failure := eval[map[string]any](p, `try {
		globalThis.made = await (async () => {`+maker+`})();
		return made ? {} : {nothing: true};
	} catch (error) { return {errorCode: error?.errorCode ?? 0, extendedData: String(error?.extendedData ?? error)} }`)
	if failure["errorCode"] == float64(1101003) {
		p.t.Logf("%s is not in this version: %v", class, failure["extendedData"])
		return false
	}
	if len(failure) > 0 {
		p.t.Errorf("%s cannot be made: %v", class, failure)
		return false
	}
	p.wants("value", class, `made.constructor.name`)
	return true
}

// wantKinds calls the members of an object, static ones or others, without arguments.
func (p *tab) wantKinds(class, object string, members []declared, static bool) {
	p.t.Helper()
	ends := func(m declared) bool { return m.Name == "destroyEngine" || m.Name == "logoutRoom" }
	members = slices.Clone(members)
	slices.SortStableFunc(members, func(a, b declared) int { return toInt(ends(a)) - toInt(ends(b)) })
	var list []map[string]string
	for _, m := range members {
		if m.Static == static {
			list = append(list, map[string]string{"name": m.Name, "kind": m.Kind})
		}
	}
	for _, kind := range eval[[][]string](p, `return kinds(`+object+`, %s)`, list) {
		if kind[1] != kind[2] {
			p.t.Errorf("%s.%s is a %s, want a %s", class, kind[0], kind[2], kind[1])
		}
	}
}

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}
