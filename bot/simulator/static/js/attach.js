// Attaching: a picture or document from this computer, a place, a contact.

import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { attempt, closeOverlay, openOverlay } from "./overlay.js";
import { state } from "./state.js";
import { fileSize } from "./time.js";

const PLACE = { type: "location", latitude: -23.5613, longitude: -46.6565, name: "Avenida Paulista", address: "São Paulo, SP" };
const CONTACT = { type: "contacts", name: "Rita Souza", phone: "5511976540000" };

/** The menu of what can be attached, over `anchor`. */
export function openAttach(anchor) {
  const menu = h(
    "div", { class: "menu" },
    item("image", "Foto ou vídeo", () => choose("image/png,image/jpeg,video/mp4")),
    item("file", "Documento", () => choose("")),
    item("pin", "Localização", () => attempt(api.say(state.current, PLACE))),
    item("person", "Contato", () => attempt(api.say(state.current, CONTACT))),
  );
  openOverlay(menu, { look: "is-menu", label: "Anexar" });
  menu.style.left = "10px";
  menu.style.bottom = `${anchor.closest(".composer").offsetHeight + 4}px`;
}

function item(name, label, onclick) {
  const act = () => {
    closeOverlay();
    onclick();
  };
  return h("button", { class: "menu-item", type: "button", onclick: act }, icon(name), label);
}

function choose(accept) {
  const input = h("input", { type: "file", accept, class: "chooser", hidden: true, "aria-label": "Arquivo" });
  input.addEventListener("change", () => {
    if (input.files[0]) preview(input.files[0]);
    input.remove();
  });
  document.body.append(input);
  input.click();
}

/** Show a chosen file large, with a caption to write; Enter or the button sends it. */
export function preview(file) {
  const caption = h("input", { placeholder: "Adicione uma legenda", "aria-label": "Legenda", enterkeyhint: "send" });
  const button = h("button", { class: "round", type: "submit", "aria-label": "Enviar arquivo" }, icon("send"));
  const form = h("form", { class: "full-foot" }, caption, button);
  const url = file.type.startsWith("image/") ? URL.createObjectURL(file) : null;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    if (await attempt(sendFile(file, caption.value.trim()))) closeOverlay();
    button.disabled = false;
  });
  const content = h("div", { class: "full" }, head(file.name), h("div", { class: "full-body" }, url ? picture(url, file.name) : about(file)), form);
  openOverlay(content, { look: "is-full", label: `Enviar ${file.name}`, focus: caption });
}

async function sendFile(file, caption) {
  const { id, kind } = await api.upload(state.current, file);
  return api.say(state.current, { type: kind, media_id: id, caption, filename: file.name });
}

/** A picture of the conversation, large. */
export function zoom(source) {
  const content = h("div", { class: "full" }, head("Foto"), h("div", { class: "full-body" }, picture(source, "Foto")));
  openOverlay(content, { look: "is-full", label: "Foto" });
}

function head(title) {
  const cross = h("button", { class: "icon-button", type: "button", "aria-label": "Fechar", onclick: closeOverlay }, icon("close"));
  return h("header", { class: "full-head" }, cross, h("h2", {}, title));
}

const picture = (src, alt) => h("img", { src, alt });

function about(file) {
  const kind = (file.name.split(".").at(-1) ?? "arq").slice(0, 4).toUpperCase();
  return h("div", {}, h("div", { class: kind === "PDF" ? "file-kind" : "file-kind is-other" }, kind), h("p", {}, file.name), h("p", {}, fileSize(file.size)));
}
