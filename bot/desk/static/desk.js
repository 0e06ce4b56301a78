// What the pages need beyond htmx: the queue's order and clock, keys, sound, drafts that stay.
"use strict";
const $ = (query, root = document) => root.querySelector(query);
const all = (query, root = document) => [...root.querySelectorAll(query)];
const me = document.body.dataset.me;
const title = document.title;
let tab = sessionStorage.getItem("tab") || "queue";

// ---- the queue
const kinds = {
  queue: (row) => row.dataset.owner === "queue",
  mine: (row) => row.dataset.operator === me && !row.dataset.snoozed,
  others: (row) => row.dataset.owner === "operator" && row.dataset.operator !== me,
  snoozed: (row) => row.dataset.operator === me && Boolean(row.dataset.snoozed),
  all: () => true,
};

function wait(since) {
  const minutes = Math.max(0, Math.floor((Date.now() - new Date(since)) / 60000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 1440 ? `${Math.floor(minutes / 60)} h ${minutes % 60}` : `${Math.floor(minutes / 1440)} d`;
}

function colour(row) {
  row.classList.remove("green", "yellow", "red");
  if (!row.dataset.due || row.dataset.snoozed) return;
  const since = new Date(row.dataset.since), due = new Date(row.dataset.due);
  const part = (Date.now() - since) / (due - since);
  row.classList.add(part >= 1 ? "red" : part >= 0.5 ? "yellow" : "green");
}

function show() {
  const rows = $("#rows");
  if (!rows) return;
  const searched = "searched" in rows.dataset, why = $("#why").value, open = $(".talk")?.dataset.id;
  let shown = 0;
  for (const row of all(".row", rows)) {
    const tags = all(".tag", row).map((tag) => tag.textContent);
    row.hidden = !searched && !(kinds[tab](row) && (!why || tags.includes(why)));
    shown += row.hidden ? 0 : 1;
    row.classList.toggle("open", row.dataset.id === open);
    colour(row);
    const time = $(".wait", row);
    if (time) time.textContent = wait(row.dataset.since);
  }
  $("#nothing").hidden = shown > 0;
  for (const button of all("[data-tab]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
    const count = all(".row", rows).filter(kinds[button.dataset.tab]).length;
    $("b", button).textContent = searched || !count ? "" : count;
  }
  const queued = all(".row", rows).filter(kinds.queue).length;
  document.title = queued && !searched ? `(${queued}) ${title}` : title;
}

function clock() {
  show();
  const until = $("[data-until]");
  if (!until) return;
  const minutes = Math.floor((new Date(until.dataset.until) - Date.now()) / 60000);
  until.textContent = minutes > 0 ? `faltam ${Math.floor(minutes / 60)} h ${minutes % 60} min` : "acabou agora";
}

function place(html) {
  const rows = $("#rows");
  const box = document.createElement("template");
  box.innerHTML = html;
  const row = box.content.firstElementChild;
  const old = document.getElementById(row.id);
  const wasQueued = old?.dataset.owner === "queue", hadFocus = old?.contains(document.activeElement);
  if ("searched" in rows.dataset && !old) return;
  old?.remove();
  if (row.dataset.owner === "bot" && !("searched" in rows.dataset)) return show();
  const next = all(".row", rows).find((other) => other.dataset.order > row.dataset.order);
  rows.insertBefore(row, next || null);
  htmx.process(row);
  if (hadFocus) $("a", row).focus();
  if (row.dataset.owner === "queue" && !wasQueued) {
    row.classList.add("new");
    beep();
  }
  show();
}

document.addEventListener("htmx:sseBeforeMessage", (event) => {
  if (event.target.id !== "ear") return;
  event.preventDefault();
  const { type, data } = event.detail;
  if (type === "row") place(data);
  else if (type === "gone") { document.getElementById(`row-${data}`)?.remove(); show(); }
  else if (type === "again") again();
});

let first = true;
function again() {
  // The first time the page is as fresh as the stream.
  if (first) { first = false; return; }
  if (!$("#q").value) htmx.ajax("GET", "/desk/rows", { target: "#rows", swap: "outerHTML" });
  for (const part of ["thread", "bar"]) {
    const element = document.getElementById(part);
    if (element) htmx.ajax("GET", element.getAttribute("hx-get"), { target: `#${part}`, swap: "innerHTML" });
  }
}

// ---- sound
let audio;
function beep() {
  if (localStorage.getItem("sound") !== "on") return;
  audio ||= new AudioContext();
  const tone = audio.createOscillator(), volume = audio.createGain();
  volume.gain.setValueAtTime(0.12, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
  tone.frequency.value = 660;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.35);
}
function sound(toggle) {
  const on = (localStorage.getItem("sound") === "on") !== Boolean(toggle);
  localStorage.setItem("sound", on ? "on" : "off");
  $("#sound")?.setAttribute("aria-pressed", String(on));
}

// ---- the conversation
let atEnd = true;
function toEnd() {
  const thread = $("#thread");
  if (thread) thread.scrollTop = thread.scrollHeight;
}
let lastTop = 0;
document.addEventListener("scroll", ({ target }) => {
  if (target.id !== "thread") return;
  atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 80;
  lastTop = target.scrollTop;
}, true);
document.addEventListener("htmx:afterSettle", (event) => {
  const id = event.target.id;
  if (id === "conversation") {
    document.body.classList.add("has-conversation");
    atEnd = true;
    noteShown();
  }
  if (id === "conversation" || id === "thread") {
    if (atEnd) toEnd();
    else $("#thread").scrollTop = lastTop;
    applyBot();
  }
  if (id === "bar") keepComposer();
  if (id === "rows" || id === "conversation") show();
  if (id === "toast") setTimeout(() => { event.target.textContent = ""; }, 8000);
  if (id === "composer") $("#text")?.focus();
  clock();
});

// An open menu or a note half written is not taken away because a tick changed.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig, serverResponse } = event.detail;
  // Nor is the wall, while somebody chooses or writes there: it comes a little later.
  if (target.id === "wall" && requestConfig.elt.id === "wall"
      && target.querySelector("select:focus, input:focus")) {
    event.detail.shouldSwap = false;
    setTimeout(() => htmx.trigger(target, "sse:row"), 2000);
    return;
  }
  if (target.id !== "bar" || requestConfig.elt.id !== "bar") return;
  const box = document.createElement("template");
  box.innerHTML = serverResponse;
  const fresh = $(".bar", box.content), shown = $("#bar .bar");
  if (!fresh || fresh.dataset.version !== shown?.dataset.version) return;
  $(".window", shown)?.replaceWith($(".window", fresh));
  shown.dataset.customer = fresh.dataset.customer;
  event.detail.shouldSwap = false;
  keepComposer();
  clock();
});

// The composer follows who holds the conversation, and is left alone while that is the same.
function keepComposer() {
  const bar = $("#bar .bar"), composer = $("#composer"), talk = $(".talk");
  if (!bar || !composer) return;
  if (bar.dataset.mode && bar.dataset.mode !== composer.dataset.mode)
    htmx.ajax("GET", composer.dataset.url, { target: "#composer", swap: "outerHTML" });
  const before = talk.dataset.shown;
  if (noteShown() !== before) htmx.trigger("#panel", "refresh");
}
// What the panel depends on: who holds the conversation, and who the person is.
function noteShown() {
  const bar = $("#bar .bar"), talk = $(".talk");
  if (bar && talk) talk.dataset.shown = `${bar.dataset.mode} ${bar.dataset.customer} ${bar.dataset.asked}`;
  return talk?.dataset.shown;
}

function applyBot() {
  const on = sessionStorage.getItem("bot") === "on";
  $(".talk")?.classList.toggle("shows-bot", on);
  $("#show-bot")?.setAttribute("aria-pressed", String(on));
}
function toggleBot() {
  sessionStorage.setItem("bot", sessionStorage.getItem("bot") === "on" ? "off" : "on");
  applyBot();
}
function togglePanel() {
  $(".talk")?.classList.toggle("shows-panel");
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, summary, a");
  for (const menu of all("details.menu[open], details.account[open]"))
    if (!menu.contains(event.target)) menu.open = false;
  if (!target) return;
  if (target.dataset.tab) { tab = target.dataset.tab; sessionStorage.setItem("tab", tab); show(); }
  if (target.id === "sound") sound(true);
  if (target.id === "no-file") { $("#file").value = ""; showFile(); $("#file").focus(); }
  if (target.id === "help") $("#keys").showModal();
  if (target.id === "show-bot") toggleBot();
  if (target.id === "show-panel" || target.id === "hide-panel") togglePanel();
  if (target.dataset.text !== undefined && $("#text")) {
    const text = $("#text");
    text.setRangeText(target.dataset.text, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    target.closest("details").open = false;
    text.focus();
  }
});
function showFile() {
  const { files } = $("#file");
  $("#file-name").textContent = files[0]?.name || "";
  $("#no-file").hidden = !files.length;
}
document.addEventListener("change", (event) => {
  if (event.target.id === "why") show();
  if (event.target.id === "file") showFile();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target;
  if (!event.detail.successful || !form.matches?.("form[data-closes]")) return;
  form.reset();
  form.closest("details").open = false;
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 500 && event.detail.xhr.status !== 503) {
    const toast = $("#toast"), words = document.createElement("p");
    words.className = "refused";
    words.textContent = "Algo falhou por aqui. Nada se perdeu; tente de novo.";
    toast.replaceChildren(words);
  }
});
document.addEventListener("htmx:sendError", () => {
  const words = document.createElement("p");
  words.className = "refused";
  words.textContent = "Sem conexão. O que você escreveu continua aqui.";
  $("#toast").replaceChildren(words);
});

// ---- keys
function move(step) {
  const links = all("#rows .row:not([hidden]) a");
  if (!links.length) return;
  const here = links.findIndex((link) => link === document.activeElement);
  const open = links.findIndex((link) => link.parentElement.classList.contains("open"));
  const from = here >= 0 ? here : open;
  const next = links[Math.min(links.length - 1, Math.max(0, from + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
function openMenu(id) {
  const menu = document.getElementById(id);
  if (!menu) return;
  menu.open = true;
  $("input:not([type=hidden]), select, textarea, button", menu)?.focus();
}
const keys = {
  j: () => move(1), k: () => move(-1), "/": () => $("#q")?.focus(),
  a: () => $("#take")?.click(), r: () => $("#text")?.focus(), d: () => $("#give-back")?.click(),
  t: () => openMenu("texts"), n: () => openMenu("note"), e: () => openMenu("resolve"),
  x: () => openMenu("transfer"), z: () => openMenu("snooze"), b: toggleBot, s: () => sound(true),
  p: () => { togglePanel(); const panel = $("#panel"); if (panel) { panel.tabIndex = -1; panel.focus(); } },
  "?": () => $("#keys")?.showModal(),
};
"queue mine others snoozed all".split(" ").forEach((name, place) => {
  keys[place + 1] = () => $(`[data-tab=${name}]`)?.click();
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape") {
    const menu = event.target.closest("details[open]");
    if (menu) { menu.open = false; $("summary", menu).focus(); }
    else if ($(".talk.shows-panel")) togglePanel();
    else if (typing) event.target.blur();
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "text") {
    event.preventDefault();
    $("#send")?.click();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  const act = keys[event.key];
  if (act && $("#rows")) { event.preventDefault(); act(); }
});

sound();
applyBot();
toEnd();
noteShown();
clock();
setInterval(clock, 10000);
