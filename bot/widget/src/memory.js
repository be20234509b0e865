/** Where the token of a conversation is: in this tab's storage, until something sensitive is said; then in memory only. */

const KEY = "wijkwijzer";
const CHANNEL = "wijkwijzer";
const ASK_MS = 150;

export class Memory {
  #token = null;
  #channel = null;

  constructor(storage = safeStorage(), channels = globalThis.BroadcastChannel) {
    this.storage = storage;
    this.channels = channels;
    this.lasting = true;
  }

  get token() {
    return this.#token;
  }

  /** Remember the token of a conversation. */
  keep(token) {
    this.#token = token;
    if (this.lasting) this.#write(token);
    this.listen();
  }

  /** From now on nothing of this conversation outlives the page. */
  onlyHere() {
    this.lasting = false;
    this.#write(null);
  }

  /** Forget it everywhere. */
  forget() {
    this.#token = null;
    this.lasting = true;
    this.#write(null);
    this.deaf();
  }

  /** True when an earlier page of this tab left a conversation. */
  get left() {
    return this.#token === null && this.#read() !== null;
  }

  /** The token that an earlier page of this tab left, or null. A copied tab starts anew: two tabs never share a conversation. */
  async recall() {
    const token = this.#read();
    if (token && (await this.#isElsewhere(token))) {
      this.#write(null);
      return null;
    }
    return token;
  }

  /** Tell other tabs that this conversation is ours. */
  listen() {
    if (this.#channel || !this.channels || !this.#token) return;
    this.#channel = new this.channels(CHANNEL);
    this.#channel.onmessage = ({ data }) => {
      if (data?.asks && data.asks === this.#token) this.#channel.postMessage({ mine: this.#token });
    };
  }

  /** Stop telling: a page with an open channel cannot be kept for Back. */
  deaf() {
    this.#channel?.close();
    this.#channel = null;
  }

  #isElsewhere(token) {
    if (!this.channels) return Promise.resolve(false);
    const channel = new this.channels(CHANNEL);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ASK_MS);
      channel.onmessage = ({ data }) => {
        if (data?.mine !== token) return;
        clearTimeout(timer);
        resolve(true);
      };
      channel.postMessage({ asks: token });
    }).finally(() => channel.close());
  }

  #read() {
    try {
      return this.storage?.getItem(KEY) || null;
    } catch {
      return null;
    }
  }

  #write(token) {
    try {
      if (token) this.storage?.setItem(KEY, token);
      else this.storage?.removeItem(KEY);
    } catch {
      this.storage = null; // storage that is full or forbidden: memory only
    }
  }
}

function safeStorage() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}
