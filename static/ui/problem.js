// What errors of the SDK and of browsers mean for the person in front, and what to do.

import { invitation } from "./invitation.js";
import { addWords } from "./language.js";

// causes has, by its word, the codes of the contract that people can do something about.
const causes = {
  "problem.noSDK": [1101002],
  "problem.refused": [1103064],
  "problem.busy": [1103065, 1103074, 1103076],
  "problem.noDevice": [1103066, 1103048],
  "problem.device": [1103045, 1103046, 1103061, 1103029],
  "problem.lost": [1006006, 1106007, 1106008, 1106009, 1106010],
  "problem.insecure": [1103002, 1103053],
  "problem.screen": [1103010, 1103043],
  "problem.speaker": [1103093],
  "problem.full": [1002034],
  "problem.elsewhere": [1002050],
  "problem.otherDevice": [1002086],
  "problem.removed": [1002055],
  "problem.forbidden": [1002066],
  "problem.badRoom": [1002011, 1002012, 1002013],
  "problem.badName": [1002010],
  "problem.token": [1102016, 1102020, 1002077, 1104046, 1001004],
  "problem.watchOnly": [1103019, 1002082],
  "problem.stopped": [1003025],
  "problem.expired": [1102018, 1002078],
  "problem.away": [1002031, 1000017, 1100002, 1100003, 1100004, 1100005, 1100006, 1102001, 1102023],
  "problem.notInRoom": [1000002, 1002002],
  "problem.sending": [1103028, 1103050, 1103051, 1003099],
  "problem.twice": [1003028],
  "problem.codec": [1003080, 1004080],
  "problem.playing": [1104028, 1104031, 1104039, 1104045, 1004025],
  "problem.message": [1009010],
  "problem.tooLong": [1009013, 1009002],
  "problem.tooSoon": [1009015],
};
const meanings = new Map(Object.entries(causes).flatMap(([word, codes]) => codes.map((code) => [code, word])));

// explain gives the word, and its values, for an error that a method was rejected with
// or threw: {word, values}, as say and write take them.
export function explain(error) {
  const code = error?.code ?? error?.errorCode;
  const text = error?.msg || error?.message || error?.extendedData || (code ? "" : String(error));
  const word = ofKind(special(code, text) ?? meanings.get(code), error?.kind);
  if (word) return { word, values: { text, code } };
  if (!text) return { word: "problem.code", values: { code } };
  return { word: "problem.other", values: { text: code ? `${text} (${code})` : text } };
}

// ofKind makes a word about devices one about the camera, or the microphone, alone.
const ofKind = (word, kind) => kind && about.includes(word) ? `${word}.${kind}` : word;
const about = ["problem.refused", "problem.refusedBySystem", "problem.noDevice", "problem.busy", "problem.device"];

// special knows codes that stand for several causes.
function special(code, text) {
  if (!invitation.token && (code === 1001004 || code === 1102016)) return "problem.invitation";
  if (code === 1103061 && /NotFound/.test(text)) return "problem.noDevice";
  if (code === 1103064 && /system/i.test(text)) return "problem.refusedBySystem";
  if (code === 1103002 && isSecureContext) return "problem.browser";
  return undefined;
}

addWords({
  en: {
    "problem.noSDK": "The call software could not be loaded. Check the connection to the server, then reload this page.",
    "problem.refused": "Camera and microphone are blocked for this page. Allow them by the icon in the address bar, then try again.",
    "problem.refusedBySystem": "This computer's settings keep the browser from camera and microphone. Allow it there, then try again.",
    "problem.noDevice": "No camera or microphone was found. Plug one in, then try again.",
    "problem.busy": "Another program is using the camera or microphone. Close it there, then try again.",
    "problem.device": "This camera or microphone does not start. Choose another one, or plug it in again.",
    "problem.refused.camera": "The camera is blocked for this page. Allow it by the icon in the address bar, then try again.",
    "problem.refused.microphone": "The microphone is blocked for this page. Allow it by the icon in the address bar, then try again.",
    "problem.refusedBySystem.camera": "This computer's settings keep the browser from the camera. Allow it there, then try again.",
    "problem.refusedBySystem.microphone": "This computer's settings keep the browser from the microphone. Allow it there, then try again.",
    "problem.noDevice.camera": "No camera was found. Plug one in, then try again.",
    "problem.noDevice.microphone": "No microphone was found. Plug one in, then try again.",
    "problem.busy.camera": "Another program is using the camera. Close it there and try again, or choose another camera.",
    "problem.busy.microphone": "Another program is using the microphone. Close it there and try again, or choose another microphone.",
    "problem.device.camera": "This camera does not start. Choose another one, or plug it in again.",
    "problem.device.microphone": "This microphone does not start. Choose another one, or plug it in again.",
    "problem.lost": "A camera or microphone is not connected any more. Plug it in again, or choose another one.",
    "problem.insecure": "Browsers give camera and microphone only to https pages and to localhost. Open this page that way.",
    "problem.browser": "This browser cannot do that. Take a current version of Chrome, Edge, Firefox or Safari.",
    "problem.screen": "The screen could not be shared. Allow the browser to record the screen in this computer's settings, then try again.",
    "problem.speaker": "This speaker cannot be used. Choose another one.",
    "problem.elsewhere": "You joined this call in another window, so this one left it.",
    "problem.otherDevice": "You are in this call on another device. Leave it there, then join again.",
    "problem.removed": "You were removed from this call.", "problem.removedWhy": "You were removed from this call: {text}",
    "problem.forbidden": "You may not enter this room. Ask whoever runs it.",
    "problem.full": "This room is full. Choose another one, or try later.",
    "problem.badRoom": "This room name does not work. Use up to 128 letters from a to z, digits, - and _.",
    "problem.badName": "This name is too long. Take a shorter one.",
    "problem.invitation": "This server lets in only who was invited. Open the link of your invitation, the whole of it. If you run this server, “expressrtc token” makes such links.",
    "problem.token": "The server did not accept your invitation: it is for another room or another person, or the link is not whole. Open it again, or ask whoever sent it for a new one.",
    "problem.watchOnly": "Your invitation does not let you send picture and sound. You see and hear the others, and can write.",
    "problem.stopped": "Whoever runs this call has stopped your picture and sound.",
    "problem.expired": "The time of your invitation is over. Ask whoever sent it for a new one.",
    "problem.away": "The server cannot be reached. Check your network, then try again.",
    "problem.waiting": "The server cannot be reached. Check your network; meanwhile this page goes on trying.",
    "problem.notInRoom": "You are not in a room. Join one first.",
    "problem.sending": "The others do not get your picture and sound any more. Check your network, then leave and join again.",
    "problem.twice": "You are sending from another window already. Close that one, then join again.",
    "problem.codec": "Your browser and those of the others have no video format in common. Take a current browser.",
    "problem.playing": "Somebody's picture cannot be shown. It comes back when they join again.",
    "problem.message": "The message was not sent. Check your network, then send it again.",
    "problem.tooLong": "This message is too long. Send it in parts.",
    "problem.tooSoon": "That was too quick. Wait a second, then try again.",
    "problem.other": "That did not work: {text}", "problem.code": "That did not work (error {code}).",
  },
  zh: {
    "problem.noSDK": "通话组件加载失败。请检查与服务器的连接，然后刷新页面。",
    "problem.refused": "本页被禁止使用摄像头和麦克风。请点击地址栏的图标允许使用，然后重试。",
    "problem.refusedBySystem": "系统设置不允许浏览器使用摄像头和麦克风。请在系统设置中允许，然后重试。",
    "problem.noDevice": "没有找到摄像头或麦克风。请接好设备，然后重试。",
    "problem.busy": "摄像头或麦克风正被其他程序占用。请先关闭那个程序，然后重试。",
    "problem.device": "这个摄像头或麦克风无法启动。请换一个，或重新插拔。",
    "problem.refused.camera": "本页被禁止使用摄像头。请点击地址栏的图标允许使用，然后重试。",
    "problem.refused.microphone": "本页被禁止使用麦克风。请点击地址栏的图标允许使用，然后重试。",
    "problem.refusedBySystem.camera": "系统设置不允许浏览器使用摄像头。请在系统设置中允许，然后重试。",
    "problem.refusedBySystem.microphone": "系统设置不允许浏览器使用麦克风。请在系统设置中允许，然后重试。",
    "problem.noDevice.camera": "没有找到摄像头。请接好摄像头，然后重试。",
    "problem.noDevice.microphone": "没有找到麦克风。请接好麦克风，然后重试。",
    "problem.busy.camera": "摄像头正被其他程序占用。请先关闭那个程序再重试，或换一个摄像头。",
    "problem.busy.microphone": "麦克风正被其他程序占用。请先关闭那个程序再重试，或换一个麦克风。",
    "problem.device.camera": "这个摄像头无法启动。请换一个，或重新插拔。",
    "problem.device.microphone": "这个麦克风无法启动。请换一个，或重新插拔。",
    "problem.lost": "摄像头或麦克风已断开。请重新接好，或换一个。",
    "problem.insecure": "浏览器只允许 https 页面和 localhost 使用摄像头和麦克风。请改用这样的地址打开本页。",
    "problem.browser": "这个浏览器不支持此功能。请使用新版的 Chrome、Edge、Firefox 或 Safari。",
    "problem.screen": "无法共享屏幕。请在系统设置中允许浏览器录制屏幕，然后重试。",
    "problem.speaker": "这个扬声器无法使用。请换一个。",
    "problem.elsewhere": "你在另一个窗口加入了这个通话，本窗口已退出。",
    "problem.otherDevice": "你正在另一台设备上通话。请先在那边离开，再重新加入。",
    "problem.removed": "你已被移出通话。", "problem.removedWhy": "你已被移出通话：{text}",
    "problem.forbidden": "你不能进入这个房间。请联系房间的管理者。",
    "problem.full": "房间已满。请换一个房间，或稍后再试。",
    "problem.badRoom": "这个房间名不可用。请使用不超过 128 个英文字母、数字、- 和 _。",
    "problem.badName": "名字太长了，请换一个短一些的。",
    "problem.invitation": "这个服务器只接受受邀的人。请完整打开收到的邀请链接。如果你是管理员，可以用“expressrtc token”生成邀请链接。",
    "problem.token": "服务器没有接受你的邀请：它可能属于另一个房间或另一个人，也可能链接不完整。请重新打开链接，或请对方再发一次。",
    "problem.watchOnly": "你的邀请不允许发送画面和声音。你仍可以看到、听到其他人，也能发消息。",
    "problem.stopped": "通话的管理者已停止你的画面和声音。",
    "problem.expired": "邀请已过期。请向发邀请的人要一个新的。",
    "problem.away": "无法连接服务器。请检查网络，然后重试。",
    "problem.waiting": "无法连接服务器。请检查网络，本页会继续尝试连接。",
    "problem.notInRoom": "你不在房间里，请先加入。",
    "problem.sending": "其他人已收不到你的画面和声音。请检查网络，然后离开并重新加入。",
    "problem.twice": "你已在另一个窗口发送画面和声音。请关闭那个窗口，然后重新加入。",
    "problem.codec": "你和其他人的浏览器没有共同的视频格式。请使用新版浏览器。",
    "problem.playing": "有人的画面无法显示，对方重新加入后会恢复。",
    "problem.message": "消息没有发出。请检查网络，然后重新发送。",
    "problem.tooLong": "消息太长，请分几条发送。",
    "problem.tooSoon": "操作太快了，请等一秒再试。",
    "problem.other": "操作没有成功：{text}", "problem.code": "操作没有成功（错误码 {code}）。",
  },
});
