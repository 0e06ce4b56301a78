// The sheet of a list message: choose a row, send it.

import { h } from "./dom.js";
import { closeOverlay, openOverlay, sheet } from "./overlay.js";

/** Open the sections of `action`; `send(id)` gets the chosen row. */
export function openList(action, send) {
  const button = h("button", { class: "wide-button", type: "submit", disabled: true }, "Enviar");
  const rows = action.sections.map((section) => [
    section.title && h("h3", {}, section.title),
    section.rows.map((row) => radio(row)),
  ]);
  const form = h("form", { class: "sheet-body", role: "radiogroup", id: "list-form", "aria-label": action.button }, rows.flat(2));
  form.addEventListener("change", () => { button.disabled = false; });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new FormData(form).get("row");
    if (!chosen) return;
    closeOverlay();
    send(chosen);
  });
  button.setAttribute("form", "list-form");
  const content = sheet(action.button, form, h("div", { class: "sheet-foot" }, button));
  openOverlay(content, { label: action.button, focus: form.querySelector("input") });
}

function radio({ id, title, description }) {
  const text = h("span", {}, h("b", {}, title), description && h("small", {}, description));
  return h("label", { class: "row" }, text, h("input", { type: "radio", name: "row", value: id }));
}
