// Why logins were refused, and why users are gone, in the operator's words.

import { addWords } from "../ui/language.js";

addWords({
  en: {
    "kind.in": "Joined", "kind.out": "Left", "kind.refused": "Refused", "join.in": "Joined",
    "refused.token": "There was no token, or it is none of this app: another secret, another app, or cut off.",
    "refused.rights": "The token is for another user or room, or does not allow to join.",
    "refused.expired": "The token has expired.",
    "refused.app": "There is no app of this id.",
    "refused.full": "The room is full.",
    "refused.rooms": "Too many rooms: on this server, or of this user.",
    "refused.forbidden": "The app's own server has forbidden this user.",
    "refused.other": "The same connection is in a room as another user.",
    "refused.twice": "The user is in this room already, by the same connection.",
    "refused.input": "The request was not understood.",
    "refused.ids": "The id of the user or the room has characters that are not allowed.",
    "refused.unknown": "The server refused it.",
    "left.left": "Left by itself.", "left.silent": "Did not answer any more.", "left.lost": "The connection was lost and did not come back.",
    "left.elsewhere": "Joined from another page or device.", "left.removed": "Was removed.", "left.expired": "Removed: the token had expired.",
  },
  zh: {
    "kind.in": "进入", "kind.out": "离开", "kind.refused": "被拒绝", "join.in": "进入",
    "refused.token": "没有 Token，或 Token 不属于该应用：密钥不对、应用不对或内容不完整。",
    "refused.rights": "Token 属于其他用户或房间，或不允许登录。",
    "refused.expired": "Token 已过期。",
    "refused.app": "没有这个 App ID。",
    "refused.full": "房间已满。",
    "refused.rooms": "房间过多：服务器或该用户的房间数已达上限。",
    "refused.forbidden": "业务服务器禁止了该用户。",
    "refused.other": "同一连接已用其他用户身份进入房间。",
    "refused.twice": "该用户已通过同一连接进入此房间。",
    "refused.input": "请求内容无法识别。",
    "refused.ids": "用户或房间 ID 含有不允许的字符。",
    "refused.unknown": "服务器拒绝了登录。",
    "left.left": "主动离开。", "left.silent": "不再响应。", "left.lost": "连接断开且未恢复。",
    "left.elsewhere": "在其他页面或设备上登录。", "left.removed": "被移出。", "left.expired": "Token 过期，被移出。",
  },
});
