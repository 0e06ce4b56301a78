// One message of the conversation, as an element.

import { choices, isMedia, parts } from "./content.js";
import { h, icon } from "./dom.js";
import { summary } from "./summary.js";
import { clock } from "./time.js";

const TICKS = {
  accepted: ["check", "Enviada"],
  sent: ["check", "Enviada"],
  delivered: ["checks", "Entregue"],
  read: ["checks", "Lida"],
};

const BUSINESS = document.body.dataset.business;
const author = (message) => (message.from === "customer" ? "Você" : BUSINESS);

/** A message. `replied` is the message it answers, `act` what taps and the menu do. */
export function bubble(message, replied, act) {
  const taps = { zoom: act.zoom, tap: act.tap(message.id), list: act.list(message.id) };
  const below = choices(message, taps);
  const content = parts(message, taps);
  putTime(content, message);
  const box = h(
    "div",
    { class: "bubble", tabindex: "-1", "aria-label": spoken(message) },
    replied && quote(replied, act),
    content,
    below,
    menuButton(message, act),
  );
  wireMenu(box, message, act);
  const classes = ["message", message.from === "customer" && "is-mine", isMedia(message) && "has-media", below && "has-buttons"];
  return h("li", { class: classes.filter(Boolean).join(" "), "data-id": message.id }, box, reactions(message));
}

/** Show a new status on an element made before; nothing else of the message changed. */
export function updateTicks(element, message) {
  element.querySelector(".ticks")?.replaceWith(ticks(message));
}

/** What a message answers, in two lines. */
export function quote(message, act = null) {
  const inside = [h("b", {}, author(message)), h("span", {}, summary(message))];
  const className = message.from === "customer" ? "quote of-customer" : "quote";
  if (!act) return h("div", { class: className }, inside);
  return h("button", { class: className, type: "button", "aria-label": "Ir para a mensagem respondida", onclick: () => act.goTo(message.id) }, inside);
}

/** The time goes at the end of the last line of words, or below what has none. */
function putTime(content, message) {
  const last = content.at(-1);
  if (!last.matches(".bubble-body")) {
    content.push(h("div", { class: "bubble-body is-time" }, meta(message)));
    return;
  }
  const end = last.lastElementChild;
  (end?.matches(".words, .foot") ? end : last).append(meta(message));
}

function spoken(message) {
  return `${author(message)}, ${clock(message.timestamp)}: ${summary(message)}`;
}

function meta(message) {
  const edited = message.edited && !message.revoked ? h("span", {}, "editada") : null;
  const time = h("time", { datetime: new Date(message.timestamp * 1000).toISOString() }, clock(message.timestamp));
  return h("span", { class: "meta" }, edited, time, message.from === "customer" && ticks(message));
}

function ticks(message) {
  const [name, label] = TICKS[message.status] ?? TICKS.sent;
  return icon(name, `ticks is-${message.status}`, label);
}

function reactions(message) {
  const emojis = [...new Set(Object.values(message.reactions))];
  return emojis.length ? h("span", { class: "reactions", "aria-label": `Reação: ${emojis.join(" ")}` }, emojis.join(" ")) : null;
}

function menuButton(message, act) {
  const label = "Opções da mensagem";
  return h("button", { class: "more", type: "button", tabindex: "-1", "aria-label": label, onclick: (event) => act.menu(message.id, event.currentTarget) }, icon("more"));
}

/** Right click, a long press, Enter or the menu key open the menu. */
function wireMenu(box, message, act) {
  let timer = null;
  const open = (event) => {
    event.preventDefault();
    act.menu(message.id, box);
  };
  box.addEventListener("contextmenu", open);
  box.addEventListener("keydown", (event) => {
    if (event.target === box && (event.key === "Enter" || event.key === "ContextMenu")) open(event);
  });
  box.addEventListener("touchstart", () => {
    timer = setTimeout(() => act.menu(message.id, box), 480);
  }, { passive: true });
  for (const end of ["touchend", "touchmove", "touchcancel"]) {
    box.addEventListener(end, () => clearTimeout(timer), { passive: true });
  }
}
