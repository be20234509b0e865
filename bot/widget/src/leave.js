/** Quick exit: away from this page before anything else, and nothing of the chat left in it. */

const SHIFTS = 3;
const WITHIN_MS = 1500;

/** `forget()` empties the chat and closes the session; `goes` is replaced in tests. */
export class QuickExit {
  #pressed = [];
  left = false;

  constructor(address, forget, goes = (url) => location.replace(url)) {
    Object.assign(this, { address, forget, goes });
  }

  leave() {
    this.left = true;
    document.documentElement.style.setProperty("display", "none", "important");
    this.forget();
    this.goes(this.address());
  }

  /** Shift three times in a row, nothing in between. */
  key(event) {
    if (event.key !== "Shift") this.#pressed = [];
    else if (!event.repeat) {
      const now = Date.now();
      this.#pressed = [...this.#pressed.filter((moment) => now - moment < WITHIN_MS), now];
      if (this.#pressed.length >= SHIFTS) this.leave();
    }
  }

  /** Back to a page that was left: away again. */
  shown(event) {
    if (event.persisted && this.left) this.leave();
  }
}
