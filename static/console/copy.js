// Copying what stands in a field.

import { toClipboard } from "../ui/clipboard.js";
import { toast } from "../ui/toast.js";

// copy copies it, or selects it where the browser does not allow that.
export async function copy(field) {
  if (await toClipboard(field.value)) return toast("copy.done");
  field.focus();
  field.select();
  toast("copy.byHand");
}
