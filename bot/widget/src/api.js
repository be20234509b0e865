/** The chat API over fetch: every failure is one ChatError that says what to tell the resident. */

import { readMessages } from "./messages.js";
import { strings } from "./strings.js";

const SECONDS = 25; // the server itself gives up after 20
const CONFIG_SECONDS = 10;

/** `status` is 0 when nothing was answered; `text` is Dutch; `wait` seconds before a retry makes sense. */
export class ChatError extends Error {
  constructor(text, { status = 0, wait = 0 } = {}) {
    super(text);
    this.text = text;
    this.status = status;
    this.wait = wait;
  }
}

/** The calls of one chat server. `fetcher` is replaced in tests. */
export class Api {
  constructor(server, fetcher = (...call) => fetch(...call)) {
    this.root = `${server.replace(/\/$/, "")}/chat`;
    this.fetcher = fetcher;
  }

  /** {session, messages}: a new conversation. */
  async start() {
    const body = await this.#post("/sessions");
    if (typeof body.session !== "string") throw new ChatError(strings.garbled);
    return { session: body.session, messages: read(body) };
  }

  /** {messages, wiped, sensitive}; `what` is {text} or {choice}; `wiped` when the resident asked the server to forget all. */
  async send(session, what) {
    const headers = {};
    const messages = read(await this.#post("/messages", session, what, headers));
    return { messages, wiped: headers.wiped === "yes", sensitive: headers.sensitive === "yes" };
  }

  /** The last messages of a conversation, which lives on. */
  async resume(session) {
    return read(await this.#post("/sessions/resume", session));
  }

  /** Ask the server to forget everything, also while the page is going away. */
  close(session) {
    const body = JSON.stringify({ session });
    const sent = navigator.sendBeacon?.(`${this.root}/sessions/close`, body);
    if (!sent) {
      this.fetcher(`${this.root}/sessions/close`, { method: "POST", body, keepalive: true, credentials: "omit" }).catch(() => {});
    }
  }

  /** The zone's settings, or null: the chat works without. */
  async config() {
    try {
      const answer = await this.fetcher(`${this.root}/widget/config.json`, {
        credentials: "omit", signal: AbortSignal.timeout(CONFIG_SECONDS * 1000),
      });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async #post(path, session, body, headers = {}) {
    let answer;
    try {
      answer = await this.fetcher(this.root + path, {
        method: "POST",
        headers: {
          ...(session ? { Authorization: `Bearer ${session}` } : {}),
          ...(body ? { "Content-Type": "application/json" } : {}),
        },
        body: body && JSON.stringify(body),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        cache: "no-store",
        signal: AbortSignal.timeout(SECONDS * 1000),
      });
    } catch (error) {
      if (error.name === "TimeoutError") throw new ChatError(strings.slow);
      throw new ChatError(globalThis.navigator?.onLine === false ? strings.offline : strings.unreachable);
    }
    let document;
    try {
      document = await answer.json();
    } catch (error) {
      if (error.name === "TimeoutError") throw new ChatError(strings.slow);
      throw new ChatError(answer.ok ? strings.garbled : strings.unreachable, { status: answer.status });
    }
    if (!answer.ok) {
      const text = document && typeof document.title === "string" ? document.title : strings.unreachable;
      throw new ChatError(text, { status: answer.status, wait: Number(answer.headers.get("Retry-After")) || 0 });
    }
    headers.wiped = answer.headers.get("Conversation-Wiped");
    headers.sensitive = answer.headers.get("Conversation-Sensitive");
    return document;
  }
}

function read(body) {
  try {
    return readMessages(body);
  } catch {
    throw new ChatError(strings.garbled);
  }
}
