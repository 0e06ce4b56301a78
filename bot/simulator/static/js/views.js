// On narrow screens one part is seen at a time: people, chat or tools.

/** Show a part and put the focus in it. */
export function show(view) {
  document.body.dataset.view = view;
  if (view === "chat") return;
  document.getElementById(view).querySelector(view === "people" ? "[aria-current]" : "button")?.focus();
}

/** Buttons with `data-show` switch; Escape comes back to the chat. */
export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) show(button.dataset.show);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.getElementById("overlay").hidden) show("chat");
  });
}
