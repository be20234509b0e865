/** The one live region: made empty at load, in the light DOM, one announcement a turn, taken away again. */

import { h } from "./dom.js";

const STAYS_MS = 1500;
const PAUSE_MS = 150; // two announcements at once would be read as one

export class Announcer {
  #queue = Promise.resolve();

  constructor(host) {
    this.region = h("div", { slot: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions" });
    host.append(this.region);
  }

  /** Say a text once. `lang` of a foreign message. */
  say(text, lang) {
    this.#queue = this.#queue.then(() => {
      const line = h("p", { lang: lang && lang !== "nl" ? lang : null }, text);
      this.region.append(line);
      setTimeout(() => line.remove(), STAYS_MS);
      return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    });
  }

  /** Nothing that was said stays behind. */
  clear() {
    this.region.replaceChildren();
  }
}
