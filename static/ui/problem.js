// What errors of the SDK and of browsers mean for the person in front, and what to do.

import { addWords } from "./language.js";

// meanings has the word of each code of the contract that people can do something about.
const meanings = {
  1000002: "problem.notInRoom", 1002034: "problem.full", 1002050: "problem.elsewhere", 1002055: "problem.removed",
  1002011: "problem.badRoom", 1002012: "problem.badRoom", 1002013: "problem.badRoom",
  1002030: "problem.token", 1002031: "problem.away", 1002033: "problem.token",
  1101002: "problem.noSDK", 1103002: "problem.insecure",
  1103064: "problem.refused", 1103065: "problem.busy",
};

// explain gives the word, and its values, for an error that a method was rejected with
// or threw: {word, values}, as say and write take them.
export function explain(error) {
  const code = error?.code ?? error?.errorCode;
  const text = error?.msg ?? error?.message ?? error?.extendedData ?? String(error);
  if (code === 1103061 && /NotFound/.test(text)) return { word: "problem.noDevice", values: {} };
  if (meanings[code]) return { word: meanings[code], values: { text } };
  return { word: "problem.other", values: { text: code ? `${text} (${code})` : text } };
}

addWords({
  en: {
    "problem.noSDK": "The call software could not be loaded. Check the connection to the server, then reload this page.",
    "problem.refused": "Camera and microphone are blocked for this page. Allow them by the icon in the address bar, then try again.",
    "problem.noDevice": "No camera or microphone was found. Plug one in, then try again.",
    "problem.busy": "Another program is using the camera or microphone. Close it there, then try again.",
    "problem.insecure": "Browsers give camera and microphone only to https pages and to localhost. Open this page that way.",
    "problem.elsewhere": "You joined this call in another window, so this one left it.",
    "problem.removed": "You were removed from this call.",
    "problem.full": "This room is full. Choose another one, or try later.",
    "problem.badRoom": "This room name does not work. Use up to 128 letters, digits, - and _.",
    "problem.token": "The server did not accept this visit's token. Ask whoever sent you the link for a new one.",
    "problem.away": "The server cannot be reached. Check your network; it is tried again until you leave.",
    "problem.notInRoom": "You are not in a room. Join one first.",
    "problem.other": "That did not work: {text}",
  },
  zh: {
    "problem.noSDK": "通话组件加载失败。请检查与服务器的连接，然后刷新页面。",
    "problem.refused": "本页被禁止使用摄像头和麦克风。请点击地址栏的图标允许使用，然后重试。",
    "problem.noDevice": "没有找到摄像头或麦克风。请接好设备，然后重试。",
    "problem.busy": "摄像头或麦克风正被其他程序占用。请先关闭那个程序，然后重试。",
    "problem.insecure": "浏览器只允许 https 页面和 localhost 使用摄像头和麦克风。请改用这样的地址打开本页。",
    "problem.elsewhere": "你在另一个窗口加入了这个通话，本窗口已退出。",
    "problem.removed": "你已被移出通话。",
    "problem.full": "房间已满。请换一个房间，或稍后再试。",
    "problem.badRoom": "这个房间名不可用。请使用不超过 128 个字母、数字、- 和 _。",
    "problem.token": "服务器没有接受这次的凭证。请向发链接给你的人要一个新的。",
    "problem.away": "无法连接服务器。请检查网络；离开之前会一直重试。",
    "problem.notInRoom": "你不在房间里，请先加入。",
    "problem.other": "操作没有成功：{text}",
  },
});
