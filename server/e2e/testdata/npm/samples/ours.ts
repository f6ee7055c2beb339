// What only this package has: a default export, and enumerations at run time.
import Engine, { ZegoExpressEngine, ZegoScenario, type ZegoEvent } from "expressrtc";
import { ZegoStreamView, ZegoLocalStream } from "expressrtc";

const zg: Engine = new ZegoExpressEngine(1, "wss://calls.example/ws", { scenario: ZegoScenario.Default });
const listener: ZegoEvent["roomStateChanged"] = (_room, reason) => console.log(reason);
zg.on("roomStateChanged", listener);
// @ts-expect-error there is no such event
zg.on("noSuchEvent", () => {});
// @ts-expect-error an id is a text
void zg.startPlayingStream(7);
// @ts-expect-error at most 1, 2, 3 or 4
void zg.createStream({ camera: { videoQuality: 5 } });

class Mine extends ZegoExpressEngine {
	override async loginRoom(...args: Parameters<ZegoExpressEngine["loginRoom"]>): Promise<boolean> {
		return super.loginRoom(...args);
	}
}
export const mine: ZegoExpressEngine = new Mine(1, "");
export function show(view: ZegoStreamView, stream: ZegoLocalStream): string {
	return view.takeStreamSnapshot({ imageType: "jpeg" }) + stream.id + zg.logger;
}
