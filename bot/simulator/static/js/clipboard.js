// Copying, also where the page has no permission for the clipboard.

import { toast } from "./overlay.js";

/** Copy `text` and say so. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  toast("Copiado");
}
