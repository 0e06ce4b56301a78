// What can be done with a message: answer, react, copy, edit, delete, look closer.

import * as api from "./api.js";
import { copy } from "./clipboard.js";
import { byId, h, icon } from "./dom.js";
import { attempt, closeOverlay, openOverlay, sheet } from "./overlay.js";
import { state } from "./state.js";
import { summary, wordsOf } from "./summary.js";
import { dateAndClock } from "./time.js";

const EMOJIS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const EDIT_SECONDS = 15 * 60;
const STATUS = { sent: "Enviada", delivered: "Entregue", read: "Lida", failed: "Falhou" };

/** Open the menu of `message` beside `anchor`. `compose` starts an answer or an edit. */
export function openMenu(message, anchor, compose) {
  const menu = h("div", { class: "menu" }, message.revoked ? null : emojis(message), items(message, compose));
  openOverlay(menu, { look: "is-menu", label: "Opções da mensagem", focus: menu.querySelector(".menu-item") });
  place(menu, anchor);
  menu.addEventListener("keydown", onArrow);
}

function emojis(message) {
  const buttons = EMOJIS.map((emoji) => {
    const chosen = message.reactions.customer === emoji;
    const react = () => {
      closeOverlay();
      attempt(api.say(state.current, { type: "reaction", message_id: message.id, emoji: chosen ? "" : emoji }));
    };
    return h("button", { type: "button", "aria-label": `Reagir com ${emoji}`, "aria-pressed": String(chosen), onclick: react }, emoji);
  });
  return h("div", { class: "menu-emojis", role: "group", "aria-label": "Reações" }, buttons);
}

function items(message, compose) {
  const mine = message.from === "customer" && !message.revoked;
  const fresh = Date.now() / 1000 - message.timestamp < EDIT_SECONDS;
  const words = message.revoked ? "" : wordsOf(message);
  return [
    message.revoked ? null : item("reply", "Responder", () => compose.reply(message)),
    words ? item("copy", "Copiar", () => copy(words)) : null,
    mine && fresh && message.type === "text" ? item("edit", "Editar", () => compose.edit(message)) : null,
    item("info", "Dados da mensagem", () => facts(message)),
    mine ? item("trash", "Apagar para todos", () => revoke(message), "menu-item is-danger") : null,
  ];
}

function item(name, label, onclick, className = "menu-item") {
  const act = () => {
    closeOverlay();
    onclick();
  };
  return h("button", { class: className, type: "button", onclick: act }, icon(name), label);
}

function revoke(message) {
  attempt(api.say(state.current, { type: "revoke", message_id: message.id }));
}

function facts(message) {
  const rows = message.statuses.map(({ status, timestamp, error }) => [
    STATUS[status] ?? status,
    dateAndClock(timestamp) + (error ? ` · #${error.code} ${error.title}` : ""),
  ]);
  rows.unshift(["Mensagem", summary(message)], ["Tipo", message.type]);
  rows.push(["wamid", message.id]);
  if (message.callback) rows.push(["Retorno", message.callback]);
  const list = h("dl", { class: "facts" }, rows.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
  openOverlay(sheet("Dados da mensagem", h("div", { class: "sheet-body" }, list)), { label: "Dados da mensagem" });
}

/** Beside the anchor, inside the phone. */
function place(menu, anchor) {
  const layer = byId("overlay").getBoundingClientRect();
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const mine = anchor.closest(".message")?.classList.contains("is-mine");
  const left = (mine ? from.right - width : from.left) - layer.left;
  const below = Math.min(from.bottom, layer.bottom - 90) - layer.top + 4;
  const top = below + height > layer.height - 10 ? from.top - layer.top - height - 4 : below;
  menu.style.left = `${clamp(left, 10, layer.width - width - 10)}px`;
  menu.style.top = `${clamp(top, 10, layer.height - height - 10)}px`;
}

const clamp = (value, least, most) => Math.max(least, Math.min(value, most));

function onArrow(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll(".menu-item")];
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + step + buttons.length) % buttons.length].focus();
}
