// What a bubble holds, by type of message.

import { fileUrl } from "./api.js";
import { avatar, h, icon } from "./dom.js";
import { words } from "./format.js";
import { player } from "./player.js";
import { templateParameters } from "./summary.js";
import { fileSize, phone } from "./time.js";

const url = (node) => (node.id ? fileUrl(node.id) : node.link);
const caption = (node) => (node.caption ? [h("div", { class: "bubble-body" }, words(node.caption))] : []);
const body = (...children) => h("div", { class: "bubble-body" }, ...children);

const BUILDERS = {
  text: ({ body: text }) => [body(words(text ?? ""))],
  button: ({ text }) => [body(words(text))],
  image: (node, act) => [picture(node, act), ...caption(node)],
  video: (node) => [h("video", { class: "movie", src: url(node), controls: true }), ...caption(node)],
  sticker: (node) => [h("div", { class: "sticker" }, h("img", { src: url(node), alt: "Figurinha" }))],
  audio: (node) => [player(url(node), node.id)],
  document: (node) => [file(node), ...caption(node)],
  location: (node) => [place(node)],
  contacts: (list) => list.map(card),
  interactive,
  template,
  unsupported: () => [body(gone("info", "Mensagem não compatível com a API"))],
};

/** The parts of a bubble. `act` has what taps do: `tap(choice)`, `list(content)`, `zoom(src)`. */
export function parts(message, act) {
  if (message.revoked) return [body(gone("ban", "Mensagem apagada"))];
  const build = BUILDERS[message.type];
  return build ? build(message.content, act) : [body(gone("info", `Mensagem do tipo ${message.type}`))];
}

/** Whether a bubble should be as wide as a picture. */
export const isMedia = (message) =>
  !message.revoked && ["image", "video", "document", "location", "audio"].includes(message.type);

function gone(name, text) {
  return h("span", { class: "gone" }, icon(name), text);
}

function picture(node, act) {
  const source = url(node);
  const image = h("img", { src: source, alt: node.caption || "Foto", loading: "lazy" });
  return h("button", { class: "picture", type: "button", "aria-label": "Abrir foto", onclick: () => act.zoom(source) }, image);
}

function file(node) {
  const name = node.filename ?? "documento";
  const kind = (/\.(\w{1,4})$/.exec(name)?.[1] ?? node.mime_type?.split("/").at(-1) ?? "arq").toUpperCase();
  const about = [kind, node.file_size && fileSize(node.file_size)].filter(Boolean).join(" · ");
  const mark = h("span", { class: kind === "PDF" ? "file-kind" : "file-kind is-other", "aria-hidden": "true" }, kind.slice(0, 4));
  const text = h("span", {}, h("span", { class: "file-name" }, name), h("span", { class: "file-about" }, about));
  return h("a", { class: "file", href: url(node), target: "_blank", rel: "noopener" }, mark, text);
}

function place(node) {
  const where = `${node.latitude}, ${node.longitude}`;
  const label = h("span", { class: "place-name" }, node.name && h("b", {}, node.name), node.address ?? where);
  return h("div", { class: "place" }, h("div", { class: "place-map" }, icon("pin")), label);
}

function card(one) {
  const name = one.name.formatted_name;
  const number = one.phones?.[0]?.wa_id;
  return h("div", { class: "card" }, avatar(name), h("span", {}, name, number && h("small", {}, phone(number))));
}

function interactive(node, act) {
  const reply = node.button_reply ?? node.list_reply;
  if (reply) return [body(words(reply.title), reply.description && h("div", { class: "foot" }, reply.description))];
  return [...header(node.header), body(
    node.header?.type === "text" && h("div", { class: "head" }, node.header.text),
    words(node.body?.text ?? ""),
    node.footer && h("div", { class: "foot" }, node.footer.text),
  )];
}

function header(node) {
  if (!node || node.type === "text") return [];
  const media = node[node.type];
  return node.type === "document" ? [file(media)] : [picture(media, { zoom: () => open(url(media)) })];
}

function template(node) {
  const lines = templateParameters(node).map((text) => words(text));
  return [body(h("div", { class: "template-name" }, `Modelo ${node.name}`), ...lines)];
}

/** The buttons under a bubble. */
export function choices(message, act) {
  if (message.from !== "business" || message.revoked) return null;
  const list = message.type === "interactive" ? interactiveChoices(message.content, act)
    : message.type === "template" ? templateChoices(message.content, act) : [];
  return list.length ? h("div", { class: "choices" }, list) : null;
}

function choice(name, label, onclick) {
  return h("button", { class: "choice", type: "button", onclick }, icon(name), h("span", {}, label));
}

function interactiveChoices({ type, action }, act) {
  if (type === "button") {
    return action.buttons.map(({ reply }) => choice("reply", reply.title, () => act.tap({ id: reply.id })));
  }
  if (type === "list") return [choice("list", action.button, () => act.list(action))];
  const { display_text: label, url: href } = action.parameters;
  return [h("a", { class: "choice", href, target: "_blank", rel: "noopener noreferrer" }, icon("link"), h("span", {}, label))];
}

function templateChoices({ components = [] }, act) {
  const quick = components.filter((part) => part.sub_type === "quick_reply");
  return quick.map(({ parameters: [{ payload }] }) => choice("reply", payload, () => act.tap({ id: payload })));
}
