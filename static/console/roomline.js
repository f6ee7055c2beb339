// A room as a line of a short list.

import { create } from "../ui/element.js";
import { say } from "../ui/language.js";
import { newLine, setFacts, setText } from "./keyed.js";
import { age, linkToRoom, number } from "./telling.js";

export const roomLine = {
  key: ({ life }) => life,
  make() {
    const line = newLine("a");
    line.parts.badge = create("span", { className: "badge" });
    line.parts.side.append(line.parts.badge);
    return line;
  },
  fill({ parts }, { app, id, members, streams, created }) {
    parts.title.href = linkToRoom(app, id);
    setText(parts.title, id);
    setFacts(parts.about, [say("rooms.app", { app }), say("rooms.streams", { count: number(streams) }), say("rooms.age", { age: age(created) })]);
    setText(parts.badge, say("rooms.members", { count: number(members) }));
  },
};
