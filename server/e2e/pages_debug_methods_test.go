package e2e

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// contractFile has every method with its tier; it stands beside the checkout, or nowhere.
const contractFile = "../../../shared/zego-api.json"

// TestPagesDebugTable: the table has every method of the contract's first two tiers with
// its arguments, and every event.
func TestPagesDebugTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(contractFile)
	if err != nil {
		t.Skip("the contract is not here: ", err)
	}
	var contract struct {
		Methods map[string][]struct {
			Name, Signature string
			Tier            int
			Static          bool
		}
		Events map[string][]struct{ Name string }
	}
	if err := json.Unmarshal(text, &contract); err != nil {
		t.Fatal(err)
	}
	p := newSite(t, signaling.Config{}).debug(calm, "debug")
	rows := eval[map[string]string](p.tab, `const {table} = await import("./debug/methods.js");
		return Object.fromEntries(table.map(({of, name, parameters}) => [of + "." + name, parameters.map((it) => it.name).join()]))`)
	for _, class := range []string{"ZegoExpressEngine", "ZegoLocalStream", "ZegoStreamView"} {
		for _, m := range contract.Methods[class] {
			key := class + "." + m.Name
			if m.Static {
				key = "static." + m.Name
			}
			got, there := rows[key]
			if !there && (m.Tier <= 2 || m.Static) {
				t.Errorf("the table has no %s", m.Signature)
			}
			for parameter := range strings.SplitSeq(got, ",") {
				if there && !strings.Contains(m.Signature, parameter) {
					t.Errorf("%s has no argument %q", m.Signature, parameter)
				}
			}
		}
	}
	events := eval[[]string](p.tab, `return (await import("./debug/events.js")).engineEvents`)
	for _, class := range []string{"ZegoRTMEvent", "ZegoRTCEvent", "ZegoDataChannelEvent"} {
		for _, event := range contract.Events[class] {
			if event.Name != "hallStateUpdate" && !slices.Contains(events, event.Name) {
				t.Errorf("the page does not listen to %s", event.Name)
			}
		}
	}
}

// called is what a method of a panel says of its call.
type called struct{ Name, Text string }

// TestPagesDebugEveryMethod: each method of the table is called once in a running call,
// and says what came of it; what fails does so with a code of the contract.
func TestPagesDebugEveryMethod(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).debug(calm, "debug", wide)
	p.expect("ExpressRTC") // the SDK explains what fails
	p.quickCall()
	p.do(`const bench = document.querySelector(".bench");
		globalThis.press = async (name, group) => {
			const form = [...bench.querySelectorAll("form.method")].find((it) => it.querySelector("button").textContent === name && (!group || it.closest(".methods > details").querySelector("summary").textContent.startsWith(group)));
			const result = form.querySelector("output");
			result.textContent = "";
			form.requestSubmit();
			await e2e.becomes(() => result.textContent && !result.textContent.startsWith("waiting"));
			return result.textContent;
		};
		for (const details of bench.querySelectorAll(".methods > details")) details.open = true;
		await press("createZegoStream")`)
	names := eval[[]string](p.tab, `const last = ["stopPlayingStream", "stopPublishingStream", "destroyStream", "switchRoom", "logoutRoom", "destroyEngine"];
		const {table} = await import("./debug/methods.js");
		const rank = ({name, of}) => of === "ZegoExpressEngine" ? last.indexOf(name) : -1;
		const groups = {ZegoLocalStream: "ZegoLocalStream", ZegoStreamView: "ZegoStreamView", static: "Static"};
		globalThis.call = ({of, name}) => press(name, groups[of]);
		globalThis.rows = table.toSorted((a, b) => rank(a) - rank(b));
		return rows.map(({of, name}) => of + "." + name)`)
	if len(names) < 90 {
		t.Fatalf("there are only %d methods", len(names))
	}
	failed := map[string]string{}
	for i, name := range names {
		c := called{name, eval[string](p.tab, `return call(rows[%s])`, i)}
		switch how, what, _ := strings.Cut(c.Text, " "); {
		case how != "returned" && how != "resolved" && how != "rejected" && how != "threw":
			t.Errorf("%s says %q", c.Name, c.Text)
		case strings.Contains(what, "TypeError"):
			t.Errorf("%s: %s", c.Name, c.Text)
		case how == "rejected" || how == "threw" || len(what) > 6 && what[0] >= '1' && what[0] <= '9' && strings.IndexByte(what, ' ') >= 7:
			failed[c.Name] = what
		}
	}
	// What a table of defaults cannot do right on a desktop with a call of its own.
	for name, text := range failed {
		if !slices.Contains(may, name) {
			t.Errorf("%s failed: %s", name, text)
		}
	}
	t.Logf("%d methods; these failed, as they may: %v", len(names), failed)
	p.wants("value", "destroyEngine", `[...document.querySelectorAll(".bench:first-child .line.result .name")].at(-1).textContent`)
}

// may are the methods that fail when they are called as the table has them.
var may = []string{
	"ZegoExpressEngine.loginRoom",          // is in the room already
	"ZegoExpressEngine.startPlayingStream", // is played already
	"ZegoExpressEngine.useFrontCamera",     // is for phones
	"ZegoExpressEngine.addTrack",           // a second picture
	"ZegoExpressEngine.logoutRoom",         // switchRoom went to another one
	"static.setGeoFence",                   // comes before the first engine
}

// TestPagesDebugArguments: what cannot be meant is said beside the field, and what the SDK
// refuses with its code and its text, beside the button and in the log.
func TestPagesDebugArguments(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).debug(calm, "debug", phone)
	p.expect("ExpressRTC")
	p.role("searchbox", "Find a method").fill("none such")
	p.appears("status", "No method has “none such” in its name.")
	p.role("searchbox", "Find a method").fill("loginroom")
	p.role("button", "loginRoom").press()
	p.role("status", "Create the engine first.").text()
	p.role("button", "Create engine").press()
	p.role("DisclosureTriangle", "roomID, token, user, config").press()
	p.role("textbox", "config").fill("{")
	p.role("button", "loginRoom").press()
	p.appears("status", "config: this is not JSON…")
	p.role("textbox", "config").becomes("invalid", "true")
	p.focuses("textbox", "config")
	p.look("no-json")
	p.role("textbox", "config").fill("")
	p.role("textbox", "roomID").fill("")
	p.role("button", "loginRoom").press()
	p.appears("status", "rejected 1002011…")
	p.wantInOrder(1, "call loginRoom", "error loginRoom rejected 1002011", "event roomStateChanged")
	p.role("textbox", "roomID").fill("fine")
	p.role("textbox", "user").fill(`{"userID": 5}`)
	p.role("button", "loginRoom").press()
	p.appears("status", "rejected 1100001…")
	p.look("refused")
	p.role("textbox", "user").fill(`{"userID": "$nobody"}`)
	p.role("button", "loginRoom").press()
	p.appears("status", "user: this is not JSON (nothing is called nobody)")
}
