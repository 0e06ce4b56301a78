// What the trainers' pages need beyond htmx: keys, marking values, finding an intent.
"use strict";
{
  const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const isTyping = (target) => target.matches("input:not([type=checkbox]), textarea, select");
  const help = () => $("#training-keys")?.showModal();
  $("#keys-button")?.addEventListener("click", help);

  // ---- the list
  const list = $("#groups");
  function step(by) {
    const links = all("li > a", list);
    if (!links.length) return;
    const here = links.indexOf(document.activeElement);
    const next = links[Math.min(links.length - 1, Math.max(0, here + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  const listKeys = {
    j: () => step(1), k: () => step(-1), h: help,
    "/": () => { $("details.narrowing").open = true; $("#q-training").focus(); },
  };

  // ---- a message: its words, and what is marked in them. Places count letters, as Python does.
  const message = $("#message");
  const letters = message ? [...message.dataset.text] : [];
  const standIns = [];
  let words = [], marks = [], chosen = null, anchor = 0, cursor = 0;

  function readStandIns() {
    let place = 0;
    for (const node of message.childNodes) {
      const length = [...node.textContent].length;
      if (node.nodeName === "MARK") standIns.push({ start: place, end: place + length, title: node.title });
      place += length;
    }
  }

  function splitWords() {
    const edge = /[\s.,;:!?()"“”'…]/u;
    for (let place = 0; place < letters.length;) {
      if (/\s/u.test(letters[place])) { place += 1; continue; }
      let start = place, end = place;
      while (end < letters.length && !/\s/u.test(letters[end])) end += 1;
      place = end;
      while (start < end && edge.test(letters[start])) start += 1;
      while (end > start && edge.test(letters[end - 1])) end -= 1;
      if (end > start) words.push({ start, end });
    }
  }

  const holds = (span, start, end) => span.start <= start && end <= span.end;
  const overlaps = (one, other) => one.start < other.end && other.start < one.end;

  function draw() {
    const spans = [...words, ...standIns, ...marks, ...(chosen ? [chosen] : [])];
    const borders = new Set([0, letters.length, ...spans.flatMap(({ start, end }) => [start, end])]);
    const places = [...borders].sort((one, other) => one - other);
    const pieces = places.slice(1).map((end, index) => piece(places[index], end));
    message.replaceChildren(...pieces);
    $("#values").hidden = !chosen;
    $("#marks").replaceChildren(...marks.map(chip));
    $("#entities").value = JSON.stringify(
      marks.map(({ start, end, entity, role }) => ({ start, end, entity, role })));
  }

  function piece(start, end) {
    const standIn = standIns.find((span) => holds(span, start, end));
    const part = document.createElement(standIn ? "mark" : "span");
    part.textContent = letters.slice(start, end).join("");
    part.dataset.start = start;
    if (standIn) { part.className = "stand-in"; part.title = standIn.title; }
    part.classList.toggle("marked", marks.some((span) => holds(span, start, end)));
    part.classList.toggle("chosen", Boolean(chosen) && holds(chosen, start, end));
    return part;
  }

  function chip(mark) {
    const item = document.createElement("li"), remove = document.createElement("button");
    const said = letters.slice(mark.start, mark.end).join("");
    item.textContent = `${said}: ${mark.name} `;
    remove.type = "button";
    remove.textContent = "×";
    remove.setAttribute("aria-label", `Desmarcar ${said}`);
    remove.addEventListener("click", () => { marks = marks.filter((other) => other !== mark); draw(); });
    item.append(remove);
    return item;
  }

  function choose(from, to) {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    if (!words[first] || !words[last]) return;
    chosen = { start: words[first].start, end: words[last].end };
    draw();
    $("#marking").textContent = `Escolhido: ${letters.slice(chosen.start, chosen.end).join("")}`;
  }

  function chooseByMouse(event) {
    const selection = getSelection();
    const target = event.target.closest("[data-start]");
    if (selection.isCollapsed || !message.contains(selection.anchorNode)) {
      if (target) chooseWord(Number(target.dataset.start));
      return;
    }
    const range = selection.getRangeAt(0), before = document.createRange();
    before.setStart(message, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = [...before.toString()].length;
    chooseBetween(start, start + [...range.toString()].length);
    selection.removeAllRanges();
  }

  // A word beside those chosen joins them: so several are chosen on a phone.
  function chooseWord(place) {
    const index = words.findIndex((word) => word.start <= place && place < word.end);
    if (index < 0) return;
    const [first, last] = [Math.min(anchor, cursor), Math.max(anchor, cursor)];
    if (chosen && index === last + 1) [anchor, cursor] = [first, index];
    else if (chosen && index === first - 1) [anchor, cursor] = [last, index];
    else anchor = cursor = index;
    choose(anchor, cursor);
  }

  function chooseBetween(start, end) {
    const inside = words.map((word, index) => (overlaps(word, { start, end }) ? index : -1)).filter((index) => index >= 0);
    if (!inside.length) return;
    [anchor, cursor] = [inside[0], inside.at(-1)];
    choose(anchor, cursor);
  }

  function leave() { chosen = null; draw(); message.blur(); }

  function mark(button) {
    if (!button || !chosen) return;
    const { entity, role } = button.dataset;
    const name = button.textContent.replace(/^\s*\d/, "").trim();
    marks = [...marks.filter((other) => !overlaps(other, chosen)), { ...chosen, entity, role: role || null, name }]
      .sort((one, other) => one.start - other.start);
    $("#marking").textContent = `Marcado: ${name}`;
    leave();
  }

  function begin() {
    message.focus();
    const last = marks.at(-1);
    anchor = cursor = last ? Math.max(0, words.findIndex((word) => word.start >= last.end)) : 0;
    choose(anchor, cursor);
  }

  function walk(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || !(chosen || document.activeElement === message)) return false;
    cursor = chosen ? Math.min(words.length - 1, Math.max(0, cursor + by)) : 0;
    if (!event.shiftKey) anchor = cursor;
    choose(anchor, cursor);
    return true;
  }

  function unmark() {
    const here = chosen || marks.at(-1);
    marks = marks.filter((other) => !here || !overlaps(other, here));
    leave();
  }

  // ---- the verdict
  let isSending = false;
  function say(verdict, intent = "") {
    if (isSending) return;
    $("#verdict-name").value = verdict;
    $("#intent").value = intent;
    isSending = true;
    $("#verdict").requestSubmit();
  }
  document.addEventListener("htmx:afterRequest", ({ target, detail }) => {
    if (target.id === "verdict" && !detail.successful) isSending = false;
  });

  function find() {
    const query = plain($("#find").value.trim());
    let count = 0;
    for (const item of all("#guide li")) {
      item.hidden = !query.split(/\s+/).every((word) => plain(item.dataset.words).includes(word));
      count += item.hidden ? 0 : 1;
    }
    for (const topic of all("#guide .topic")) topic.hidden = !$("li:not([hidden])", topic);
    $("#found").textContent = `${count} intenções`;
  }
  const firstFound = () => $("#guide li:not([hidden]) button");

  function findKeys(event) {
    if (event.key === "Enter") { event.preventDefault(); firstFound()?.click(); }
    if (event.key === "ArrowDown") { event.preventDefault(); firstFound()?.focus(); }
  }

  const goTo = (address) => { if (address) location.assign(address); };
  const click = (query) => () => $(query)?.click();
  const messageKeys = {
    a: click("[data-verdict=accept]"), s: click("[data-verdict=skip]"),
    r: click("[data-verdict=reject]"), "?": click("[data-verdict=unsure]"),
    "/": () => { $("#find").focus(); $("#find").select(); }, e: begin, n: () => $("#note").focus(), h: help,
    u: () => goTo($("#annotate").dataset.previous), l: () => goTo($("#annotate").dataset.list),
    Backspace: unmark,
  };

  if (message) {
    readStandIns();
    splitWords();
    draw();
    message.addEventListener("click", chooseByMouse);
    $("#find").addEventListener("input", find);
    $("#find").addEventListener("keydown", findKeys);
    $("#note").addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); event.target.blur(); }
    });
    document.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      if (button.dataset.entity) mark(button);
      else if (button.dataset.verdict) say(button.dataset.verdict);
      else if (button.dataset.intent) say("relabel", button.dataset.intent);
      else if ("find" in button.dataset) messageKeys["/"]();
    });
  }

  function press(event) {
    if (/^[1-9]$/.test(event.key)) {
      if (chosen) mark(all("#values button")[event.key - 1]);
      else all(".suggested button")[event.key - 1]?.click();
      return true;
    }
    if (walk(event)) return true;
    const act = messageKeys[event.key];
    act?.();
    return Boolean(act);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.key === "Escape" && message && chosen) return leave();
    if (isTyping(event.target)) return;
    if (message && press(event)) event.preventDefault();
    else if (list && listKeys[event.key]) { event.preventDefault(); listKeys[event.key](); }
  });

  // ---- examples: what is chosen is shown at once, where the page was
  const form = $("#choose"), PLACE = "training-scroll";
  if (form) {
    $("#choose-button").hidden = true;
    document.addEventListener("change", ({ target }) => {
      if (target.form !== form) return;
      sessionStorage.setItem(PLACE, scrollY);
      form.requestSubmit();
    });
    const place = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    if (place) scrollTo(0, place);
  }
}
