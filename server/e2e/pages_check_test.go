package e2e

import (
	"errors"
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// live is what a page has open of cameras and microphones.
const live = `e2e.captured.filter((track) => track.readyState === "live").map((track) => track.kind)`

// finds waits for the verdict, which comes within a minute even on a busy machine.
func (p *visitor) finds(verdict string) {
	p.t.Helper()
	err := p.tries(4*patience, func() error {
		_, err := p.role("heading", verdict).node()
		return err
	})
	if err != nil {
		p.fatalf("%v\nthe page is:\n%s", err, p.outline())
	}
	p.focuses("heading", verdict)
}

// reports fails the test unless the report has all parts.
func (p *visitor) reports(name string, parts ...string) (report string) {
	p.t.Helper()
	report = p.role("textbox", name).value()
	for _, part := range parts {
		if !strings.Contains(report, part) {
			p.t.Errorf("the report has no %q:\n%s", part, report)
		}
	}
	return report
}

// step waits until a step has a state, and fails the test unless its row says all parts.
func (p *visitor) step(name, state string, parts ...string) {
	p.t.Helper()
	text := p.appears("listitem", name+" "+state+"…")
	for _, part := range parts {
		if !strings.Contains(text, part) {
			p.t.Errorf("%s says %q, not %q", name, text, part)
		}
	}
}

const reportName = "Report for whoever helps you"

// TestPagesCheck: where everything works, the check says so, with true figures, and lets
// go of the devices.
func TestPagesCheck(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := s.visit(alone, "check", before(coloursJS))
	p.do(`globalThis.shown = Promise.all([e2e.element("#stage video").then(e2e.seesPicture), e2e.element("#stage [role=meter]")]);
		globalThis.heard = e2e.hears().then(() => true)`)
	p.role("button", "Start the check").press()
	p.do(`await shown`)
	p.focuses("button", "Yes")
	p.look("speaker")
	p.until(func() error {
		p.role("button", "Play again").press()
		if !eval[bool](p.tab, `return Promise.race([heard, new Promise((ok) => setTimeout(ok, 2000, false))])`) {
			return errors.New("the melody is not heard")
		}
		return nil
	})
	p.role("button", "Yes").press()
	p.step("Test call", "Running")
	p.sees("#stage video")
	p.look("call")
	p.finds("Calls will work well here.")
	p.step("Browser", "Good", "Chrome ", "Secure page: yes", "WebRTC: yes", "Customized capture: yes")
	p.step("Camera", "Good", "fake_device_0: 640×480, ")
	p.step("Microphone", "Good", "Fake Default Audio Input hears you.")
	p.step("Speaker", "Good", "You heard the melody.")
	p.step("Codecs", "Good", "Sent: H.264, VP8, ", "Opus")
	p.step("Screen sharing", "Good")
	p.step("Server", "Good", "It answers within ", "Entering a room: ")
	p.step("Network paths", "Note", "This server offers no relay; calls need a direct path", "Direct, UDP: open")
	p.step("Test call", "Good", "Picture and sound came back: 640×480, ", "Round trip: ", "UDP, direct to direct")
	p.wants("value", []any{}, live)
	p.look("good")
	p.wantsReport(s.url)
	p.role("button", "Try it").press()
	p.appears("listitem", "Screen sharing Good Sharing works: a picture of …")
	p.reports(reportName, "Sharing works")
}

// wantsReport makes sure that the report has what helps, and nothing that is nobody's business.
func (p *visitor) wantsReport(server string) {
	p.t.Helper()
	report := p.reports(reportName,
		"Date: 20", "Server: "+server+"/", "Browser: Chrome", "on Linux", "Calls will work well here.",
		"Camera: Good\n  fake_device_0: 640×480", "Round trip: ", "Lost: ", "Way: UDP, direct to direct", "Sound: ", "H264",
		"From capture to screen: about ", "WebAssembly: yes", "Message there and back: ")
	for _, id := range eval[[]string](p.tab, `return (await navigator.mediaDevices.enumerateDevices()).map((it) => it.deviceId).filter((id) => id.length > 10)`) {
		if strings.Contains(report, id) {
			p.t.Errorf("the report has the id %s of a device:\n%s", id, report)
		}
	}
	p.role("button", "Copy the report").press()
	p.appears("status", "The report is copied.")
}

// TestPagesCheckRefused: who says no is told where to allow it, in Chinese on a phone, and
// the rest is checked nevertheless. The language changes everything that is there.
func TestPagesCheckRefused(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).visit(refusing, "check", phone, chinese, dark)
	p.role("button", "开始检测").press()
	p.role("button", "跳过").press()
	p.finds("这里可以通话，但是：")
	p.step("摄像头", "有问题", "本页被禁止使用摄像头。", "请点击地址栏的图标")
	p.step("麦克风", "有问题", "本页被禁止使用麦克风。")
	p.step("扬声器", "跳过")
	p.step("试通话", "正常", "没有摄像头，改用测试画面和声音，已传回：640×480，")
	p.reports("检测报告（可发给协助你的人）", "本页被禁止使用摄像头。", "网络路径：提示", "没有摄像头")
	p.look("refused")
	p.role("button", "English").press()
	p.appears("heading", "Calls work here, but:")
	p.step("Camera", "Problem", "The camera is blocked for this page.")
	p.reports(reportName, "The microphone is blocked for this page.", "Speaker: Skipped")
}

// TestPagesCheckKeyboard: without a device, and by keyboard alone.
func TestPagesCheckKeyboard(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).visit(bare, "check", still)
	p.tabTo("button", "Start the check")
	p.keys("Enter")
	p.focuses("button", "Yes")
	p.keys("Tab", "Enter") // no
	p.finds("Calls work here, but:")
	p.step("Camera", "Problem", "No camera was found.", "Plug a camera in")
	p.step("Microphone", "Problem", "No microphone was found.")
	p.step("Speaker", "Problem", "You did not hear the melody.", "Turn the volume up")
	p.step("Test call", "Good", "A test picture and a tone came back")
	if shift := p.shift(); shift > .05 {
		t.Errorf("the page has shifted by %v: %v", shift, eval[[]string](p.tab, `return visit.shifts`))
	}
	p.keys("Tab")
	p.focuses("textbox", reportName)
	p.keys("Tab", "Enter")
	p.appears("status", "The report is copied.")
	p.look("bare")
}
