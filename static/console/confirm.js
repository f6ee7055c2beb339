// The question before something that cannot be taken back.

import { byId } from "../ui/element.js";
import { say, write } from "../ui/language.js";

let done; // resolves the question that is open

// confirm asks, and resolves with {text} of its field, or with undefined if one thinks better
// of it. title, text, action and field are words; the field must hold exactly `type`, or
// anything if it is needed at all. plain is for what does no harm.
export function confirm({ title, text, action, field, values = {}, type, needed = false, plain = false }) {
  write(byId("confirm-title"), title, values);
  write(byId("confirm-text"), text, values);
  write(byId("confirm-do"), action);
  write(byId("confirm-label"), field, values);
  const input = byId("confirm-input");
  input.value = "";
  input.maxLength = plain ? 1000 : 80;
  input.required = needed || Boolean(type);
  byId("confirm-do").className = plain ? "main" : "danger";
  input.oninput = () => input.setCustomValidity(type && input.value !== type ? say("confirm.exactly", { type }) : "");
  input.oninput();
  byId("confirm").returnValue = "";
  byId("confirm").showModal();
  return new Promise((resolve) => { done = resolve; });
}

byId("confirm-do").value = "yes";
byId("confirm-cancel").addEventListener("click", () => byId("confirm").close());
byId("confirm").addEventListener("close", () => {
  const text = byId("confirm-input").value.trim();
  done?.(byId("confirm").returnValue === "yes" ? { text } : undefined);
});
