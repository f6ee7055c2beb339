// Inviting others: the link to this room is shared, copied, or shown to be copied.

import { toClipboard } from "../ui/clipboard.js";
import { byId } from "../ui/element.js";
import { say } from "../ui/language.js";
import { toast } from "../ui/toast.js";

const isPhone = matchMedia("(pointer: coarse)").matches;

// invite hands the link on in the best way that there is here.
export async function invite(link, room) {
  if (isPhone && navigator.share) {
    return navigator.share({ title: say("invite.share", { room }), url: link }).catch(() => {}); // they thought better of it
  }
  return copy(link);
}

export async function copy(link) {
  if (await toClipboard(link)) return toast("invite.copied");
  byId("invite-link").value = link;
  byId("invite-dialog").showModal();
  byId("invite-link").select();
}

byId("invite-close").addEventListener("click", () => byId("invite-dialog").close());
