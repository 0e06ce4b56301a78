// Where the customer writes: text, an answer, an edit; attaching and voice open from here.

import * as api from "./api.js";
import { openAttach, preview } from "./attach.js";
import { quote } from "./bubble.js";
import { byId, h, icon } from "./dom.js";
import { attempt } from "./overlay.js";
import { on, state } from "./state.js";
import { record } from "./voice.js";

const drafts = new Map();
const box = byId("composer");
const area = h("textarea", {
  rows: "1", placeholder: "Mensagem", "aria-label": "Mensagem", enterkeyhint: "send", autocapitalize: "sentences",
});
const attachButton = iconButton("plus", "Anexar", () => openAttach(attachButton));
const action = h("button", { class: "round", type: "button" });
const form = h("form", { class: "write" }, h("div", { class: "field" }, attachButton, area), action);
const strip = h("div");
let replyTo = null;
let editing = null;
let shownFor = null;

function iconButton(name, label, onclick) {
  return h("button", { class: "icon-button", type: "button", "aria-label": label, onclick }, icon(name));
}

/** Put the composer on the page. Answers what menus need: `reply(message)`, `edit(message)`. */
export function start() {
  box.append(strip, form);
  area.addEventListener("input", resize);
  area.addEventListener("keydown", onKey);
  area.addEventListener("paste", onPaste);
  action.addEventListener("click", onAction);
  form.addEventListener("submit", (event) => event.preventDefault());
  on("chat", onChat);
  resize();
  return { reply: startReply, edit: startEdit };
}

/** Each phone keeps its own draft. */
function onChat() {
  if (shownFor === state.current) return;
  if (shownFor) drafts.set(shownFor, area.value);
  shownFor = state.current;
  area.value = drafts.get(shownFor) ?? "";
  endStrip();
  resize();
  focusWithoutTouch();
}

function focusWithoutTouch() {
  if (matchMedia("(hover: hover)").matches && byId("overlay").hidden) area.focus({ preventScroll: true });
}

function onKey(event) {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape" && (replyTo || editing)) {
    endStrip();
  }
}

function onPaste(event) {
  const file = [...event.clipboardData.files].at(0);
  if (!file) return;
  event.preventDefault();
  preview(file);
}

function resize() {
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
  const writing = area.value.trim() !== "";
  const name = writing || editing ? "send" : "mic";
  if (action.dataset.name === name) return;
  action.dataset.name = name;
  action.replaceChildren(icon(name));
  action.setAttribute("aria-label", name === "send" ? "Enviar" : "Gravar mensagem de voz");
}

function onAction() {
  if (action.dataset.name === "send") send();
  else record(form, (seconds) => attempt(api.say(state.current, { type: "voice", seconds, reply_to: takeReply() })));
}

async function send() {
  const text = area.value.trim();
  if (!text) return;
  const request = editing ? { type: "edit", message_id: editing.id, text } : { type: "text", text, reply_to: replyTo?.id };
  area.value = "";
  endStrip();
  resize();
  area.focus();
  const sent = await attempt(api.say(state.current, request));
  if (!sent && !area.value) {
    area.value = text;
    resize();
  }
}

function takeReply() {
  const id = replyTo?.id;
  endStrip();
  return id;
}

function startReply(message) {
  editing = null;
  replyTo = message;
  showStrip(message, "Cancelar resposta");
}

function startEdit(message) {
  replyTo = null;
  editing = message;
  area.value = message.content.body;
  showStrip(message, "Cancelar edição");
}

function showStrip(message, label) {
  const cancel = () => {
    if (editing) area.value = "";
    endStrip();
    area.focus();
  };
  strip.replaceChildren(h("div", { class: "strip" }, quote(message), iconButton("close", label, cancel)));
  resize();
  area.focus();
}

function endStrip() {
  replyTo = null;
  editing = null;
  strip.replaceChildren();
  resize();
}
