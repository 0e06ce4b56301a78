// Recording a voice note. Nothing is recorded: the simulator makes a silent one of that length.

import { h, icon } from "./dom.js";
import { duration } from "./time.js";

const SHORTEST = 1;

/** Replace `form` by a recorder; `send(seconds)` when it is sent. */
export function record(form, send) {
  const started = Date.now();
  const seconds = () => (Date.now() - started) / 1000;
  const time = h("output", { "aria-label": "Duração" }, "0:00");
  const timer = setInterval(() => { time.textContent = duration(seconds()); }, 250);

  const end = (act) => () => {
    clearInterval(timer);
    recorder.replaceWith(form);
    form.querySelector("textarea").focus();
    act?.();
  };
  const bin = h("button", { class: "icon-button", type: "button", "aria-label": "Descartar gravação", onclick: end() }, icon("trash"));
  const go = h("button", { class: "round", type: "button", "aria-label": "Enviar gravação", onclick: end(() => send(Math.max(SHORTEST, Math.round(seconds())))) }, icon("send"));
  const bar = h("div", { class: "recording" }, h("i", { class: "dot" }), time, h("span", {}, "Gravando (simulado)"), bin);
  const recorder = h("div", { class: "write" }, bar, go);
  recorder.addEventListener("keydown", (event) => event.key === "Escape" && end()());
  form.replaceWith(recorder);
  go.focus();
}
