// A message in a few words: for quotes, the list of chats, and copying.

import { plain } from "./format.js";

const KINDS = {
  image: "Foto",
  video: "Vídeo",
  audio: "Áudio",
  sticker: "Figurinha",
  location: "Localização",
  contacts: "Contato",
  order: "Pedido",
  unsupported: "Mensagem não compatível",
};

/** All the words of a message, as they are copied. */
export function wordsOf(message) {
  const { type, content } = message;
  if (type === "text") return content.body ?? "";
  if (type === "interactive") return interactiveWords(content);
  if (type === "button") return content.text ?? "";
  if (type === "template") return templateParameters(content).join("\n");
  return content?.caption ?? "";
}

function interactiveWords(content) {
  const reply = content.button_reply ?? content.list_reply;
  return reply ? reply.title : content.body?.text ?? "";
}

/** The texts that fill a template. */
export function templateParameters(content) {
  const filled = (content.components ?? []).filter((part) => part.type?.toLowerCase() !== "button");
  return filled.flatMap((part) => part.parameters ?? []).map((one) => one.text ?? "").filter(Boolean);
}

/** One line about a message. */
export function summary(message) {
  if (message.revoked) return "Mensagem apagada";
  if (message.type === "document") return message.content.filename ?? "Documento";
  if (message.type === "audio" && message.content.voice) return "Mensagem de voz";
  const said = plain(wordsOf(message));
  if (said) return said;
  return message.type === "template" ? message.content.name : KINDS[message.type] ?? "Mensagem";
}
