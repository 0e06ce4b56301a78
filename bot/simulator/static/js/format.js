// WhatsApp's formatting: *bold* _italic_ ~strike~ `code` ```block```, lists, quotes, links.
// Not WhatsApp's: codes to pay with are copied by a tap.

import { copy } from "./clipboard.js";
import { h } from "./dom.js";

const EDGE = "(?<![\\p{L}\\p{N}])";
const END = "(?![\\p{L}\\p{N}])";
const around = (mark) => new RegExp(`${EDGE}${mark}(?!\\s)([^${mark}\\n]+?)(?<!\\s)${mark}${END}`, "u");

const MARKS = [
  { pattern: /\b000201[^\n]{20,}?6304[0-9A-Fa-f]{4}\b/, make: (found) => copyable(found[0]) },
  { pattern: /\b\d[\d .-]{42,60}\d\b/, make: (found) => copyable(found[0]) },
  { pattern: /```([\s\S]+?)```/, make: (found) => h("pre", {}, found[1].trim()) },
  { pattern: /`([^`\n]+)`/, make: (found) => h("code", {}, found[1]) },
  { pattern: /\bhttps?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)\]*_~]/, make: (found) => link(found[0]) },
  { pattern: around("\\*"), make: (found) => h("b", {}, inline(found[1])) },
  { pattern: around("_"), make: (found) => h("i", {}, inline(found[1])) },
  { pattern: around("~"), make: (found) => h("s", {}, inline(found[1])) },
];

const BLOCKS = [
  { pattern: /^[-*] +(?=\S)/, make: (lines) => h("ul", {}, lines.map((line) => h("li", {}, inline(line)))) },
  { pattern: /^> ?/, make: (lines) => h("blockquote", {}, inline(lines.join("\n"))) },
];

/** A Pix code or a linha digitável: a tap copies it. A span, as a button would not wrap in line. */
function copyable(code) {
  const onkeydown = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    copy(code);
  };
  return h("span", { class: "copyable", role: "button", tabindex: "0", title: "Copiar", onclick: () => copy(code), onkeydown }, code);
}

function link(url) {
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url);
}

/** The nodes of a text without line structure: the first mark, what is before and after it. */
function inline(text) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const first = earliest(rest);
    if (!first) break;
    const { found, make } = first;
    if (found.index) nodes.push(rest.slice(0, found.index));
    nodes.push(make(found));
    rest = rest.slice(found.index + found[0].length);
  }
  return rest ? [...nodes, rest] : nodes;
}

function earliest(text) {
  let best = null;
  for (const { pattern, make } of MARKS) {
    const found = pattern.exec(text);
    if (found && (!best || found.index < best.found.index)) best = { found, make };
  }
  return best;
}

/** An element with `text` as WhatsApp shows it. */
export function words(text) {
  const box = h("div", { class: isOnlyEmoji(text) ? "words is-emoji" : "words", dir: "auto" });
  const lines = text.includes("```") ? [text] : text.split("\n");
  let plain = [];
  const flush = () => {
    if (plain.length) box.append(...inline(plain.join("\n")));
    plain = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const block = BLOCKS.find(({ pattern }) => pattern.test(lines[at]));
    if (!block) {
      plain.push(lines[at]);
      continue;
    }
    flush();
    const items = [];
    while (at < lines.length && block.pattern.test(lines[at])) items.push(lines[at++].replace(block.pattern, ""));
    at -= 1;
    box.append(block.make(items));
  }
  flush();
  return box;
}

function isOnlyEmoji(text) {
  return /^(\p{Extended_Pictographic}\uFE0F?\s*){1,3}$/u.test(text.trim());
}

/** `text` in one line without marks, for previews. */
export function plain(text) {
  return text.replace(/```/g, "").replace(/(?<!\w)[*_~](\S[^*_~\n]*)[*_~](?!\w)/g, "$1").replace(/\s+/g, " ");
}
