// The list of customers: whose phone is shown, what came last, what is unread.

import { avatar, byId, h } from "./dom.js";
import { choose, customer, on, sortedCustomers, state } from "./state.js";
import { summary } from "./summary.js";
import { phone, shortTime } from "./time.js";
import { show } from "./views.js";

const list = byId("people-list");

/** Keep the list, and the name on the phone, true. */
export function start() {
  on("customers", render);
  on("chat", render);
}

const address = (one) => (one.phone ? phone(one.phone) : `@${one.username}`);

function render() {
  const focused = document.activeElement?.dataset?.key;
  list.replaceChildren(...sortedCustomers().map((one) => h("li", {}, person(one))));
  if (focused) list.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  const current = customer();
  if (!current) return;
  byId("owner").textContent = `Celular de ${current.name}`;
  byId("owner-phone").textContent = address(current);
}

function person(one) {
  const last = one.last_message;
  const mine = last?.from === "customer" ? "Você: " : "";
  const current = one.key === state.current;
  const unread = current ? 0 : one.unread;
  const pick = () => {
    choose(one.key);
    show("chat");
  };
  return h(
    "button",
    { class: unread ? "person has-unread" : "person", type: "button", "data-key": one.key, "aria-current": current ? "true" : null, onclick: pick },
    avatar(one.name),
    h("span", { class: "person-name" }, one.name),
    h("span", { class: "person-time" }, last ? shortTime(last.timestamp) : ""),
    h("span", { class: "person-last" }, last ? mine + summary(last) : address(one)),
    unread ? h("span", { class: "badge", "aria-label": `${unread} não lidas` }, String(unread)) : null,
  );
}
