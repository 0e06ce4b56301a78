// What the page knows: the customers, whose phone is shown, its messages. Kept true by events.

import * as api from "./api.js";

const handlers = {};

export const state = {
  customers: new Map(),
  current: null,
  messages: new Map(),
  typingUntil: 0,
};

/** Call `handler` after each change of a kind: customers, chat, message, typing, faults, log. */
export function on(kind, handler) {
  (handlers[kind] ??= []).push(handler);
}

function tell(kind, data) {
  for (const handler of handlers[kind] ?? []) handler(data);
}

export const customer = () => state.customers.get(state.current);

/** Customers with the latest conversation first. */
export function sortedCustomers() {
  const time = (one) => one.last_message?.timestamp ?? 0;
  return [...state.customers.values()].sort((a, b) => time(b) - time(a));
}

/** Show the phone of another customer. */
export async function choose(key) {
  state.current = key;
  state.messages = new Map();
  state.typingUntil = 0;
  history.replaceState(null, "", `#${key}`);
  tell("chat");
  await loadChat(key);
}

async function loadChat(key) {
  const answer = await api.messages(key);
  if (state.current !== key) return;
  const meanwhile = state.messages;
  state.messages = new Map(answer.messages.map((message) => [message.id, message]));
  for (const [id, message] of meanwhile) {
    const loaded = state.messages.get(id);
    if (!loaded || loaded.statuses.length < message.statuses.length) state.messages.set(id, message);
  }
  tell("chat");
}

async function loadAll() {
  const [everyone, armed, entries] = await Promise.all([api.customers(), api.faults(), api.log()]);
  state.customers = new Map(everyone.map((one) => [one.key, one]));
  const wanted = state.current ?? decodeURIComponent(location.hash.slice(1));
  await choose(state.customers.has(wanted) ? wanted : everyone[0].key);
  tell("customers");
  tell("faults", armed);
  tell("log", entries);
}

function onMessage({ customer: key, message }) {
  if (key !== state.current) return;
  const known = state.messages.get(message.id);
  if (message.from === "business" && message.visible && !known?.visible) setTyping(0);
  if (message.visible && known && !known.visible) state.messages.delete(message.id);
  state.messages.set(message.id, message);
  tell("message", message);
}

function onCustomer(one) {
  state.customers.set(one.key, one);
  tell("customers");
}

let typingTimer = null;

function setTyping(seconds) {
  clearTimeout(typingTimer);
  state.typingUntil = seconds ? Date.now() + seconds * 1000 : 0;
  if (seconds) typingTimer = setTimeout(() => setTyping(0), seconds * 1000);
  tell("typing");
}

/** Load everything and follow what happens; after a lost connection, load anew. */
export function start() {
  api.listen({
    open: loadAll,
    message: onMessage,
    customer: onCustomer,
    typing: ({ customer: key, seconds }) => key === state.current && setTyping(seconds),
    faults: (armed) => tell("faults", armed),
    log: (entry) => tell("log", [entry]),
    reset: () => {
      tell("reset");
      loadAll();
    },
  });
}
