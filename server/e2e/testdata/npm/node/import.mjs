import check from "./traps.cjs";
import { VoiceChanger } from "NAME/voice-changer";
import { ZegoStreamUpdateType } from "NAME/sdk/code/zh/ZegoExpressEntity.web";

if (VoiceChanger.type !== "VoiceChanger" || ZegoStreamUpdateType.video !== 0) throw new Error("deep paths");
check(await import("NAME"), "import");
