// The call page's words, in the browser's language: English unless it is Chinese.
"use strict";

const WORDS = {
  en: {
    page: "ExpressRTC: a call",
    title: "Join a call", name: "Your name", room: "Room", join: "Join",
    hint: "Open this page in a second window, or send its link, and join the same room.",
    alone: "Nobody else is here yet.", you: "You",
    mute: "Mute", unmute: "Unmute", hide: "Camera off", show: "Camera on",
    invite: "Copy link", copied: "The link is copied.", leave: "Leave", controls: "Call controls",
    connecting: "Connecting…", starting: "Starting camera and microphone…", connected: "In room {0}",
    reconnecting: "The server is out of reach. The call goes on; coming back…", left: "You left the call.",
    ended: "The call ended: {0}",
    noSDK: "This page could not load its call software. Check the connection to the server and reload.",
    refused: "Camera and microphone are blocked for this page. Allow them in the browser's address bar and join again. You can see and hear the others meanwhile.",
    noDevice: "No camera or microphone was found. You can see and hear the others; plug one in and join again to be seen.",
    busy: "Camera or microphone is in use by another program. Close it there and join again.",
    insecure: "Browsers give camera and microphone only to https pages and to localhost. Open this page that way.",
    elsewhere: "You joined this call in another window, so this one left it.",
    full: "This room is full. Choose another, or try later.",
    badRoom: "This room name does not work: use up to 128 letters, digits, - and _.",
    away: "The server cannot be reached. Check your network; it is tried again until you leave.",
    failed: "That did not work: {0}",
  },
  zh: {
    page: "ExpressRTC 通话",
    title: "加入通话", name: "你的名字", room: "房间", join: "加入",
    hint: "在另一个窗口打开本页，或把链接发给别人，加入同一个房间即可通话。",
    alone: "还没有其他人。", you: "我",
    mute: "静音", unmute: "取消静音", hide: "关闭摄像头", show: "打开摄像头",
    invite: "复制链接", copied: "链接已复制。", leave: "离开", controls: "通话控制",
    connecting: "正在连接…", starting: "正在打开摄像头和麦克风…", connected: "已在房间 {0}",
    reconnecting: "暂时连不上服务器，通话不受影响，正在恢复…", left: "你已离开通话。",
    ended: "通话结束：{0}",
    noSDK: "通话组件加载失败。请检查与服务器的连接后刷新页面。",
    refused: "浏览器禁止了本页使用摄像头和麦克风。请在地址栏中允许后重新加入；在此之前你仍能看到和听到其他人。",
    noDevice: "没有找到摄像头或麦克风。你仍能看到和听到其他人；接上设备后重新加入即可。",
    busy: "摄像头或麦克风正被其他程序占用。请先关闭那个程序，再重新加入。",
    insecure: "浏览器只允许 https 页面和 localhost 使用摄像头和麦克风。请用这样的地址打开本页。",
    elsewhere: "你在另一个窗口加入了通话，本窗口已退出。",
    full: "房间已满。请换一个房间，或稍后再试。",
    badRoom: "房间名不可用：请使用不超过 128 个字母、数字、- 和 _。",
    away: "无法连接服务器。请检查网络；离开之前会一直重试。",
    failed: "操作失败：{0}",
  },
};

const language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";

// say is the text of a word, with its {0} filled in.
function say(word, value = "") {
  return WORDS[language][word].replace("{0}", value);
}

document.documentElement.lang = language;
document.title = say("page");
for (const element of document.querySelectorAll("[data-word]")) {
  element.textContent = say(element.dataset.word);
}
document.getElementById("controls").setAttribute("aria-label", say("controls"));
