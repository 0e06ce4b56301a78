// One thing over the phone at a time; the rest is inert, Escape closes, focus comes back.

import { byId, h, icon } from "./dom.js";

let close = null;

/** Put `content` over the phone. `look` is "", "is-menu" or "is-full". Answers how to close it. */
export function openOverlay(content, { look = "", label, focus = null }) {
  close?.();
  const layer = byId("overlay");
  const before = document.activeElement;
  const behind = [...layer.parentElement.children].filter((child) => child !== layer && child.id !== "toast");
  layer.className = `overlay ${look}`;
  content.setAttribute("role", "dialog");
  content.setAttribute("aria-modal", "true");
  content.setAttribute("aria-label", label);
  layer.replaceChildren(content);
  layer.hidden = false;
  for (const child of behind) child.inert = true;

  close = () => {
    layer.hidden = true;
    layer.replaceChildren();
    for (const child of behind) child.inert = false;
    close = null;
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
  (focus ?? content.querySelector("button, input, [tabindex]"))?.focus({ preventScroll: true });
  return () => close?.();
}

export const closeOverlay = () => close?.();

/** A sheet from below with a title and a cross. */
export function sheet(title, ...children) {
  const cross = h("button", { class: "icon-button", type: "button", "aria-label": "Fechar", onclick: closeOverlay }, icon("close"));
  return h("div", { class: "sheet" }, h("header", { class: "sheet-head" }, cross, h("h2", {}, title)), ...children);
}

/** A short note over the phone. */
export function toast(text, { bad = false } = {}) {
  const box = byId("toast");
  box.textContent = text;
  box.classList.toggle("is-bad", bad);
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 2600);
}

/** Runs `promise` and says what went wrong. Answers undefined when it failed. */
export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message, { bad: true });
    return undefined;
  }
}

byId("overlay").addEventListener("pointerdown", (event) => {
  if (event.target === event.currentTarget) close?.();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && close) {
    event.preventDefault();
    close();
  }
});
