package e2e

// losesSpeaker chooses a speaker, unplugs it and plugs it in again: the usual one plays
// meanwhile. In a call, with the settings open.
func (p *visitor) losesSpeaker() {
	p.t.Helper()
	const speaker = "Fake Audio Output 2"
	p.do(plugs+`
		globalThis.second = real.find((it) => it.kind === "audiooutput" && it.label === %s).deviceId;
		globalThis.playsOn = async (id) => {
			while (e2e.audible()?.sinkId !== id) await new Promise(requestAnimationFrame);
		};`, speaker)
	p.role("combobox", "Speaker").choose(speaker)
	p.do(`await playsOn(second)`)
	p.do(`globalThis.told = e2e.when(() => document.getElementById("toast").textContent === %s);
		plug(real.filter((it) => it.deviceId !== second))`, speaker+" is gone.")
	p.do(`await told; await playsOn("")`)
	p.do(`plug(real); await playsOn(second)`)
	p.wants("value", "", `document.getElementById("problem").textContent`)
}

// showsDeviceInUse plugs in a microphone that is remembered from before while another one
// is in use: the list shows that one, so that the remembered one can be chosen. Its part is
// played by Chromium's first.
func (p *visitor) showsDeviceInUse() {
	p.t.Helper()
	p.do(plugs + `
		const devices = navigator.mediaDevices, list = document.getElementById("pick-microphone");
		const first = real.find((it) => it.kind === "audioinput" && it.label === "Fake Audio Input 1").deviceId;
		const open = devices.getUserMedia.bind(devices);
		devices.getUserMedia = (wanted) => open(JSON.parse(JSON.stringify(wanted).replaceAll("m2", first)));
		localStorage.setItem("expressrtc-microphone-device", "m2");
		plug([...real, device("audioinput", "m2", "remembered microphone")]);
		await e2e.when(() => [...list.options].some((it) => it.value === "m2"));
		if (list.selectedOptions[0].text !== "Fake Audio Input 2") throw new Error("the list shows " + list.selectedOptions[0].text);`)
	p.role("combobox", "Microphone").choose("remembered microphone")
	p.do(`await e2e.when(() => document.getElementById("pick-microphone").selectedOptions[0].text === "Fake Audio Input 1");
		localStorage.removeItem("expressrtc-microphone-device")`)
}
