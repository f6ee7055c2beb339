// Copying what stands in a field.

import { toast } from "../ui/toast.js";

// copy copies it, or selects it where the browser does not allow that.
export async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    toast("copy.done");
  } catch {
    field.focus();
    field.select();
    toast("copy.byHand");
  }
}
