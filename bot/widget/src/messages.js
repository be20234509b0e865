/** What the chat API sends, checked before anything of it is shown. */

export const KINDS = new Set(["text", "emergency", "answer", "question", "route", "suggestions", "language", "human", "closing"]);
const TOPICAL = new Set(["answer", "question", "route", "human"]);
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur", "ps"]);

/** An answer of the server that is not what the contract says. */
export class Garbled extends Error {}

/** The messages of an answer's body; throws Garbled. */
export function readMessages(body) {
  if (!body || !Array.isArray(body.messages)) throw new Garbled("no messages");
  return body.messages.map(readMessage);
}

function readMessage(item) {
  if (!item || typeof item.text !== "string" || !Array.isArray(item.buttons) || !Array.isArray(item.links)) {
    throw new Garbled("not a message");
  }
  return {
    kind: KINDS.has(item.kind) ? item.kind : "text",
    topic: typeof item.topic === "string" ? item.topic : null,
    lang: typeof item.lang === "string" && /^[a-z]{2}(-[A-Z]{2})?$/.test(item.lang) ? item.lang : "nl",
    text: item.text,
    buttons: item.buttons.map(({ id, title }) => ({ id: text(id), title: text(title) })),
    links: item.links.map(({ title, url }) => ({ title: text(title), url: text(url) })),
  };
}

function text(value) {
  if (typeof value !== "string") throw new Garbled("not a text");
  return value;
}

/** True when a message is about something that nobody should find on this device: the server then names no topic. */
export function isSensitive({ kind, topic }) {
  return kind === "emergency" || (TOPICAL.has(kind) && topic === null);
}

/** "rtl" or "ltr". */
export function direction(lang) {
  return RIGHT_TO_LEFT.has(lang.slice(0, 2)) ? "rtl" : "ltr";
}

/** Emergencies before everything else; otherwise the order of the server. */
export function urgentFirst(messages) {
  return [...messages.filter(({ kind }) => kind === "emergency"), ...messages.filter(({ kind }) => kind !== "emergency")];
}
