/** What was said on this page, to save or print it; it goes with the conversation. */

import { messageElement, ownElement, plainText } from "./render.js";
import { strings } from "./strings.js";

export class Record {
  #said = []; // {text} of the resident, or {message}

  addOwn(text) {
    this.#said.push({ text });
  }

  add(messages) {
    this.#said.push(...messages.map((message) => ({ message })));
  }

  clear() {
    this.#said = [];
  }

  asText() {
    return this.#said.map(({ text, message }) => (
      message ? `${strings.assistant}:\n${plainText(message)}\n` : `${strings.you}:\n${text}\n`)).join("\n");
  }

  asElements() {
    return this.#said.map(({ text, message }) => (message ? paperElement(message) : ownElement(text)));
  }
}

/** A message as it stands on paper: without buttons, its headings one higher. */
export function paperElement(message) {
  return messageElement({ ...message, buttons: [] }, { level: 2 });
}
