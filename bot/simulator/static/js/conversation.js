// The conversation: days, bubbles in order, what is new, scrolling and moving by keyboard.

import * as api from "./api.js";
import { bubble, updateTicks } from "./bubble.js";
import { byId, h } from "./dom.js";
import { on, state } from "./state.js";
import { dayKey, dayLabel } from "./time.js";

const HIDDEN = new Set(["reaction", "edit", "revoke"]);
const NEAR_END = 90;
const TOGETHER_SECONDS = 300;

const log = byId("log");
const scroller = byId("chat-scroll");
const jump = byId("jump");
const jumpCount = byId("jump-count");
let act = null;
let unseen = 0;
let pinned = true;
let lastTop = 0;

const shown = (message) => message.visible && !HIDDEN.has(message.type);

/** Follow the state; `actions` are what taps and menus do. */
export function start(actions) {
  act = { ...actions, goTo };
  on("chat", renderAll);
  on("message", renderOne);
  on("typing", renderTyping);
  scroller.addEventListener("scroll", onScroll, { passive: true });
  jump.addEventListener("click", () => toEnd("smooth"));
  log.addEventListener("keydown", onArrow);
  document.addEventListener("visibilitychange", markRead);
  new ResizeObserver(() => pinned && toEnd("instant")).observe(scroller);
}

function renderAll() {
  log.replaceChildren(notice());
  for (const message of state.messages.values()) if (shown(message)) append(message);
  renderTyping();
  toEnd("instant");
  markRead();
}

function renderOne(message) {
  if (!shown(message)) return;
  const old = log.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
  if (!old) addNew(message);
  else if (old.dataset.looks === looks(message)) updateTicks(old, message);
  else replace(old, message);
  if (pinned) toEnd(old ? "instant" : "smooth");
  markRead();
}

function addNew(message) {
  append(message);
  log.lastElementChild.classList.add("is-new");
  renderTyping();
  if (message.from === "customer") pinned = true;
  else if (!pinned) unseen += 1;
  showJump();
}

function replace(old, message) {
  const element = elementOf(message);
  element.classList.toggle("starts", old.classList.contains("starts"));
  const hadFocus = old.contains(document.activeElement);
  const tabindex = old.querySelector(".bubble").tabIndex;
  Object.assign(element.dataset, old.dataset, { looks: looks(message) });
  old.replaceWith(element);
  element.querySelector(".bubble").tabIndex = tabindex;
  if (hadFocus) element.querySelector(".bubble").focus({ preventScroll: true });
}

/** All that shows except the status: a new one must not be read aloud again. */
const looks = ({ content, reactions, edited, revoked }) => JSON.stringify([content, reactions, edited, revoked]);

function elementOf(message) {
  const element = bubble(message, state.messages.get(message.reply_to), act);
  element.dataset.looks = looks(message);
  return element;
}

function append(message) {
  byId("typing-row")?.remove();
  const last = [...log.querySelectorAll(".message")].at(-1);
  const day = dayKey(message.timestamp);
  const newDay = !last || day > last.dataset.day;
  if (newDay) log.append(h("li", { class: "day" }, h("span", {}, dayLabel(message.timestamp))));
  const element = elementOf(message);
  element.dataset.day = newDay ? day : last.dataset.day;
  element.dataset.at = message.timestamp;
  element.dataset.from = message.from;
  const apart = newDay || last.dataset.from !== message.from || message.timestamp - last.dataset.at > TOGETHER_SECONDS;
  element.classList.toggle("starts", apart);
  log.append(element);
  for (const box of log.querySelectorAll(".bubble[tabindex='0']")) box.tabIndex = -1;
  element.querySelector(".bubble").tabIndex = 0;
}

function notice() {
  const text = "Conversa de demonstração. Escreva como se fosse o cliente: diga “oi” para começar.";
  return h("li", { class: "notice" }, h("span", {}, text));
}

function renderTyping() {
  byId("typing-row")?.remove();
  const typing = state.typingUntil > Date.now();
  const presence = byId("presence");
  presence.textContent = typing ? "digitando…" : "Conta comercial";
  presence.classList.toggle("is-typing", typing);
  if (!typing) return;
  const dots = h("div", { class: "bubble typing", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
  log.append(h("li", { class: "typing-row starts", id: "typing-row", "aria-hidden": "true" }, dots));
  if (pinned) toEnd("smooth");
}

const isNearEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;

function toEnd(behavior) {
  pinned = true;
  scroller.scrollTo({ top: scroller.scrollHeight, behavior });
}

/** Only a scroll upwards leaves the end; ours go down. */
function onScroll() {
  if (isNearEnd()) pinned = true;
  else if (scroller.scrollTop < lastTop) pinned = false;
  lastTop = scroller.scrollTop;
  if (pinned) unseen = 0;
  showJump();
}

function showJump() {
  jump.hidden = pinned;
  jumpCount.hidden = unseen === 0;
  jumpCount.textContent = unseen;
}

function goTo(id) {
  const element = log.querySelector(`[data-id="${CSS.escape(id)}"]`);
  element?.scrollIntoView({ block: "center", behavior: "smooth" });
  element?.querySelector(".bubble").focus({ preventScroll: true });
}

/** Up and down move between messages. */
function onArrow(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step || !event.target.matches(".bubble")) return;
  const boxes = [...log.querySelectorAll(".message .bubble")];
  const next = boxes[boxes.indexOf(event.target) + step];
  if (!next) return;
  event.preventDefault();
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

/** The phone is in the customer's hand: what has arrived is read. */
function markRead() {
  if (document.visibilityState !== "visible" || !state.current) return;
  const waiting = [...state.messages.values()].some((one) => one.from === "business" && one.visible && one.status === "delivered");
  if (!waiting) return;
  clearTimeout(markRead.timer);
  const key = state.current;
  markRead.timer = setTimeout(() => api.read(key).catch(() => {}), 120);
}
