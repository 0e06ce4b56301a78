// The panel: faults for the next message or send, what the customer can change, the log.

import * as api from "./api.js";
import { byId, h, icon } from "./dom.js";
import { attempt, toast } from "./overlay.js";
import { customer, on, state } from "./state.js";
import { clock, clockWithSeconds, dayLabel, phone } from "./time.js";

const LONGEST_LOG = 120;
const MESSAGE_FAULTS = [
  { label: "Duplicar ×3", arm: { duplicate: 3, together: false }, armed: (f) => f.duplicate > 0 && !f.together },
  { label: "Duplicar ×3 num lote", arm: { duplicate: 3, together: true }, armed: (f) => f.duplicate > 0 && f.together },
  { label: "Em lote com a próxima", arm: { batch: true }, armed: (f) => f.batch },
  { label: "Depois da próxima", arm: { reorder: true }, armed: (f) => f.reorder },
  { label: "Com 3 dias de atraso", arm: { backdate_hours: 72 }, armed: (f) => f.backdate_hours > 0 },
];
const SEND_FAULTS = [
  { label: "Aceitar e calar 15 s", arm: { hold_response: 15 }, armed: (f) => f.hold_response > 0 },
  { label: "Status fora de ordem", arm: { reorder_statuses: true }, armed: (f) => f.reorder_statuses },
  { label: "Todos lentos (3 s)", arm: { slow_sends: 3 }, armed: (f) => f.slow_sends > 0 },
];
const OFF = { duplicate: 0, together: false, batch: false, reorder: false, backdate_hours: 0, hold_response: 0, reorder_statuses: false, slow_sends: 0 };

const codeChoice = h("select", { "aria-label": "Código do erro" });
const wayChoice = h("select", { "aria-label": "Como recusar" },
  h("option", { value: "response" }, "na resposta"), h("option", { value: "webhook" }, "por webhook, depois"));
const kept = h("p", { class: "about", hidden: true });
const person = h("div");
const wire = h("ol", { class: "wire", "aria-label": "Registro do que trafegou" });
const toggles = [];
let rejectButton = null;

/** Build the panel and keep it true. */
export async function start() {
  const cross = h("button", { class: "icon-button", type: "button", "data-show": "chat", "aria-label": "Fechar painel" }, icon("close"));
  byId("tools").append(
    h("header", { class: "tools-head" }, h("h2", {}, "Falhas e ferramentas"), cross),
    section("Próxima mensagem do cliente", group(MESSAGE_FAULTS), kept),
    section("Próximo envio da empresa", group(SEND_FAULTS), reject()),
    section("Este cliente", person),
    section("Simulador", general()),
    section("Registro", wire),
  );
  on("faults", showFaults);
  on("customers", showPerson);
  on("chat", showPerson);
  on("log", showLog);
  on("reset", () => wire.replaceChildren());
  const codes = await api.codes();
  codeChoice.append(...codes.map(({ code, title }) => h("option", { value: code, selected: code === 131000 }, `${code} · ${title}`)));
}

const section = (title, ...children) => h("section", {}, h("h3", {}, title), ...children);

function button(label, onclick, className = "toggle") {
  return h("button", { class: className, type: "button", onclick }, label);
}

function group(faults) {
  const buttons = faults.map((fault) => {
    const toggle = button(fault.label, () => attempt(api.arm(isOn(toggle) ? disarmed(fault.arm) : fault.arm)));
    toggles.push([toggle, fault.armed]);
    return toggle;
  });
  return h("div", { class: "toggles" }, buttons);
}

const isOn = (toggle) => toggle.getAttribute("aria-pressed") === "true";
const disarmed = (armed) => Object.fromEntries(Object.keys(armed).map((name) => [name, OFF[name]]));

function reject() {
  const arm = () => {
    const reject = isOn(rejectButton) ? null : { code: Number(codeChoice.value), by: wayChoice.value };
    return attempt(api.arm({ reject }));
  };
  rejectButton = button("Recusar", arm);
  toggles.push([rejectButton, (faults) => Boolean(faults.reject)]);
  return h("div", { class: "reject" }, codeChoice, wayChoice, rejectButton);
}

function general() {
  const restart = () => confirm("Apagar todas as conversas e falhas do simulador?") && attempt(api.reset());
  return h("div", { class: "toggles" },
    button("Desarmar falhas", () => attempt(api.disarm())),
    button("Recomeçar tudo", restart, "toggle is-danger"));
}

function showFaults(faults) {
  for (const [toggle, armed] of toggles) toggle.setAttribute("aria-pressed", String(armed(faults)));
  kept.hidden = faults.kept_back === 0;
  kept.textContent = `${faults.kept_back} mensagem retida até a próxima`;
}

function showPerson() {
  const one = customer();
  if (!one) return;
  const window = one.window_closes_at
    ? h("dd", {}, `aberta até ${dayLabel(one.window_closes_at).toLowerCase()}, ${clock(one.window_closes_at)}`)
    : h("dd", { class: "is-bad" }, "fechada");
  const facts = h("dl", { class: "state" },
    h("dt", {}, "Telefone"), h("dd", {}, one.phone ? phone(one.phone) : "oculto"),
    h("dt", {}, "Id na empresa"), h("dd", {}, one.bsuid),
    h("dt", {}, "Janela de 24 h"), window,
    h("dt", {}, "Marketing"), h("dd", { class: one.wants_marketing ? null : "is-bad" }, one.wants_marketing ? "aceita" : "parou"));
  const marketing = one.wants_marketing ? ["Parar marketing", "stop_marketing"] : ["Voltar a receber", "resume_marketing"];
  person.replaceChildren(facts, h("div", { class: "toggles" },
    button("Fechar a janela", () => act("close_window", "Janela de 24 h fechada")),
    button("Trocar de número", () => act("change_number", "Número trocado")),
    button(marketing[0], () => act(marketing[1], "Preferência enviada")),
    button("Mensagem não compatível", () => attempt(api.say(state.current, { type: "unsupported" })))));
}

async function act(action, done) {
  if (await attempt(api.act(state.current, action))) toast(done);
}

const KINDS = { webhook: "webhook", api: "API" };

function showLog(entries) {
  const lines = entries.map(({ at, kind, text, ok }) =>
    h("li", { class: ok ? null : "is-bad" }, h("time", {}, clockWithSeconds(at)), h("b", {}, KINDS[kind] ?? kind), h("span", {}, text)));
  if (entries.length > 1) wire.replaceChildren();
  wire.prepend(...lines.reverse());
  while (wire.children.length > LONGEST_LOG) wire.lastElementChild.remove();
}
