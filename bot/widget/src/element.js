/** <wijkwijzer-chat>: the conversation of one page. Attributes: server, exit, full, and the colours of theme.js. */

import { Alerts } from "./alerts.js";
import { Announcer } from "./announcer.js";
import { Api, ChatError } from "./api.js";
import { SessionClock } from "./clock.js";
import { h, safeUrl, sheet } from "./dom.js";
import { QuickExit } from "./leave.js";
import { Memory } from "./memory.js";
import { isSensitive, urgentFirst } from "./messages.js";
import { clearPaper, printElements, saveText } from "./paper.js";
import { Record, paperElement } from "./record.js";
import { messageElement, ownElement, spokenText } from "./render.js";
import { fill, minutes, strings } from "./strings.js";
import { COVERS, css } from "./style.js";
import { attributeTheme, logo, themeCss } from "./theme.js";
import { MAX, checkLength, confirm, makeView } from "./view.js";

const MINUTES = 30; // until the server tells how long it keeps a conversation
const WRITING_MS = 1500;
const DEFAULT_EXIT = "https://www.google.be";

export class WijkwijzerChat extends HTMLElement {
  #busy = false;
  #ready = false;
  #sensitive = false;
  #group = 0; // raised when a conversation ends: answers that are still on their way are then nobody's

  connectedCallback() {
    if (this.shadowRoot) return;
    this.full = this.hasAttribute("full");
    this.setAttribute("lang", "nl-BE");
    this.api = new Api(this.getAttribute("server") || location.origin);
    this.memory = new Memory();
    this.announcer = new Announcer(this);
    this.clock = new SessionClock(MINUTES, (left) => this.#endSoon(left), () => this.#ended());
    this.exit = new QuickExit(() => this.#exitUrl(), () => this.#forget());
    this.view = makeView({ full: this.full, exit: this.#exitUrl() }, this.#handlers());
    this.alerts = new Alerts(this.view);
    this.record = new Record();
    this.attachShadow({ mode: "open" }).append(this.view.root);
    this.#paint(attributeTheme(this));
    new ResizeObserver(() => this.view.root.style.setProperty("--top", `${this.view.top.offsetHeight}px`)).observe(this.view.top);
    if (!this.full && this.memory.left) this.view.launch.textContent = strings.back;
    this.#listen();
    if (this.full) this.open();
  }

  get isOpen() {
    return !this.view.panel.hidden;
  }

  /** Show the panel and, the first time, begin or go on. */
  async open() {
    const { launch, panel, text, title } = this.view;
    panel.hidden = false;
    if (!this.full) {
      this.#label();
      launch.hidden = true;
      launch.setAttribute("aria-expanded", "true");
      (matchMedia("(pointer: fine)").matches ? text : title).focus();
    }
    if (this.#ready) return;
    this.#ready = true;
    this.api.config().then((config) => this.#configure(config));
    await this.#begin();
  }

  /** Hide the panel; the conversation stays. */
  close() {
    this.#fold();
    this.view.launch.focus();
  }

  #fold() {
    const { launch, panel } = this.view;
    panel.hidden = true;
    launch.hidden = false;
    launch.setAttribute("aria-expanded", "false");
    this.#label();
  }

  #label(text = this.memory.token ? strings.back : strings.launch) {
    this.view.launch.textContent = text;
  }

  #handlers() {
    return {
      open: () => this.open(),
      close: () => this.close(),
      leave: (event) => { event.preventDefault(); this.exit.leave(); },
      menu: () => this.#menu(this.view.menu.hidden),
      wipe: () => this.#wipe(),
      save: () => this.#careful(strings.warnSave, () => saveText(this.record.asText())),
      print: () => this.#careful(strings.warnPrint, () => printElements(this.record.asElements())),
      larger: () => this.#larger(),
      language: () => { this.#menu(false); this.#send({ text: "english" }, "English"); },
      typed: () => this.#typed(),
      key: (event) => this.#key(event),
      submit: (event) => { event.preventDefault(); this.#submit(); },
    };
  }

  #listen() {
    document.addEventListener("keydown", (event) => this.isOpen && this.exit.key(event), true);
    this.shadowRoot.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      if (!this.view.menu.hidden) { this.#menu(false); this.view.menuButton.focus(); }
      else if (!this.full) this.close();
    });
    window.addEventListener("pagehide", () => this.#pageHidden());
    window.addEventListener("pageshow", (event) => {
      this.exit.shown(event);
      if (!event.persisted) return;
      this.memory.listen();
      this.clock.look();
    });
    document.addEventListener("visibilitychange", () => document.hidden || this.clock.look());
    document.addEventListener("focusin", (event) => this.#focusWent(event.target));
    window.addEventListener("offline", () => this.isOpen && this.alerts.show(strings.offline));
    window.addEventListener("online", () => this.alerts.hasButton || this.alerts.clear());
  }

  #configure(config) {
    if (!config) return;
    if (Number.isFinite(config.session_minutes) && config.session_minutes > 0) {
      this.clock.minutes = config.session_minutes;
      if (this.memory.token) this.clock.restart();
    }
    if (safeUrl(config.exit)) this.view.exit.href = config.exit;
    this.#paint(config.theme);
    const mark = logo(config.theme?.logo);
    if (mark) this.view.title.prepend(mark);
  }

  #paint(theme) {
    this.shadowRoot.adoptedStyleSheets = [sheet(themeCss(theme)), sheet(css)];
  }

  /** Where the panel covers the page, whoever goes on in the page sees the page: nothing that has the focus is hidden. */
  #focusWent(target) {
    if (target === this || this.full || !this.isOpen || !matchMedia(COVERS).matches) return;
    this.#fold();
    this.announcer.say(strings.folded);
  }

  #exitUrl() {
    return safeUrl(this.view?.exit.href) ?? safeUrl(this.getAttribute("exit")) ?? DEFAULT_EXIT;
  }

  /** Go on where an earlier page of this tab was, else begin. */
  async #begin() {
    const left = await this.memory.recall();
    await this.#turn(async (group) => {
      if (left) {
        try {
          const messages = await this.api.resume(left);
          if (!this.#keep(left, group)) return [];
          this.#note(messages.length ? strings.resumed : strings.stayed);
          this.announcer.say(messages.length ? strings.resumed : strings.stayed);
          return messages;
        } catch (error) {
          if (error.status !== 401) throw error;
          this.memory.forget();
        }
      }
      const { session, messages } = await this.api.start();
      this.#keep(session, group);
      return messages;
    }, () => this.#begin());
  }

  /** Remember a conversation that was just opened; when it was wiped or left meanwhile, the server forgets it too. */
  #keep(session, group) {
    if (group !== this.#group) this.api.close(session);
    else this.memory.keep(session);
    return group === this.#group;
  }

  /** One exchange with the server: at most one at a time; a failure is told with the numbers and can be tried again. */
  async #turn(call, again, failed = () => {}) {
    if (this.#busy) return;
    const group = this.#group;
    this.#setBusy(true);
    try {
      const messages = await call(group);
      if (group === this.#group) this.#receive(messages);
    } catch (error) {
      if (group !== this.#group) return;
      failed();
      this.#failed(error instanceof ChatError ? error : new ChatError(strings.unreachable), again);
    } finally {
      if (group === this.#group) this.#setBusy(false);
    }
  }

  #send(what, label, pressed) {
    if (this.#busy) return this.alerts.show(strings.busy);
    const own = ownElement(label);
    const isText = !pressed;
    this.view.list.append(own);
    pressed?.group.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === pressed.element)));
    if (isText) this.view.text.value = "";
    checkLength(this.view);
    this.#down(own);
    return this.#turn(async (group) => {
      if (!this.memory.token) {
        const { session } = await this.api.start();
        if (!this.#keep(session, group)) return [];
      }
      const { messages, wiped, sensitive } = await this.api.send(this.memory.token, what);
      if (group !== this.#group) return [];
      if (wiped) this.#emptied();
      else this.record.addOwn(label);
      this.#sensitive ||= sensitive;
      return messages;
    }, () => {
      const typed = isText && this.view.text.value.trim();
      return this.#send(typed ? { text: typed } : what, typed || label, pressed);
    }, () => {
      own.remove();
      pressed?.element.setAttribute("aria-pressed", "false");
      if (isText) this.view.text.value = [label, this.view.text.value].filter(Boolean).join("\n");
      checkLength(this.view);
    });
  }

  #receive(received) {
    const messages = urgentFirst(received);
    const elements = messages.map((message) => messageElement(message, {
      choose: (button, element, group) => this.#send({ choice: button.id }, button.title, { element, group }),
      print: (one) => this.#careful(strings.warnPrint, () => printElements([paperElement(one)])),
    }));
    this.view.list.append(...elements);
    this.record.add(messages);
    this.alerts.clear();
    let spoken = messages.map(spokenText).join("\n");
    this.#sensitive ||= messages.some(isSensitive);
    if (this.#sensitive && this.memory.lasting) {
      this.memory.onlyHere();
      this.#note(strings.sensitive);
      spoken += `\n${strings.sensitive}`;
    }
    if (elements.length) {
      const lang = messages.every((message) => message.lang === messages[0].lang) ? messages[0].lang : undefined;
      this.announcer.say(`${strings.assistant}: ${spoken}`, lang);
      this.#down(elements[0]);
    }
    this.clock.restart();
  }

  #failed(error, again) {
    if (error.status === 401) {
      const typed = this.view.text.value;
      this.#clear();
      this.view.text.value = typed;
      this.alerts.show(`${strings.over}${typed ? ` ${strings.kept}` : ""}`, strings.newConversation, () => this.#begin());
    } else {
      this.alerts.show(`${error.text}${this.view.text.value ? ` ${strings.kept}` : ""}`, strings.retry, again);
    }
  }

  #setBusy(busy) {
    this.#busy = busy;
    this.view.send.setAttribute("aria-disabled", String(busy));
    this.view.writing.hidden = !busy;
    clearTimeout(this.writingTimer);
    if (busy) this.writingTimer = setTimeout(() => this.announcer.say(`${strings.assistant}: ${strings.writing}`), WRITING_MS);
  }

  #submit() {
    const text = this.view.text.value.trim();
    if (!text) return this.alerts.show(strings.empty);
    if (!checkLength(this.view)) return this.alerts.show(fill(strings.tooLong, { count: [...text].length, max: MAX }));
    return this.#send({ text }, text);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #typed() {
    checkLength(this.view);
    if (this.clock.isEnding) this.#stay();
  }

  #endSoon(left) {
    const text = fill(strings.endSoon, { minutes: minutes(left) });
    this.alerts.show(text, strings.stay, () => this.#stay());
    if (this.isOpen) return;
    this.announcer.say(text);
    this.#label(text);
  }

  async #stay() {
    if (this.#busy || !this.memory.token) return;
    this.clock.restart();
    this.alerts.clear();
    try {
      await this.api.resume(this.memory.token);
      this.announcer.say(strings.stayed);
    } catch (error) {
      this.#failed(error, () => this.#stay());
    }
  }

  #ended() {
    const typed = this.view.text.value;
    this.#forget();
    this.view.text.value = typed;
    this.#label();
    this.#note(strings.ended);
    this.announcer.say(strings.ended);
  }

  #wipe() {
    this.#menu(false);
    this.#forget();
    this.#note(strings.wiped);
    this.announcer.say(strings.wiped);
    this.view.text.focus();
  }

  /** The resident typed that everything must be forgotten: the server did, the session lives on. */
  #emptied() {
    this.record.clear();
    this.#sensitive = false;
    this.view.list.replaceChildren();
    this.announcer.clear();
  }

  /** The server forgets, this page forgets, the tab forgets. */
  #forget() {
    if (this.memory.token) this.api.close(this.memory.token);
    this.#clear();
    this.announcer.clear();
    clearPaper();
  }

  #clear() {
    this.#group += 1;
    this.#setBusy(false);
    this.memory.forget();
    this.clock.stop();
    this.record.clear();
    this.#sensitive = false;
    this.view.list.replaceChildren();
    this.alerts.clear();
    this.view.text.value = "";
    checkLength(this.view);
  }

  #pageHidden() {
    if (this.memory.token && !this.memory.lasting) {
      this.#forget();
      this.#note(strings.over);
    }
    this.memory.deaf();
  }

  #menu(open) {
    this.view.menu.hidden = !open;
    this.view.menuButton.setAttribute("aria-expanded", String(open));
    if (open) this.view.menu.querySelector("button").focus();
  }

  #careful(warning, act) {
    const once = () => { this.#menu(false); this.view.menuButton.focus(); act(); };
    if (!this.#sensitive) return once();
    this.#menu(true);
    return confirm(this.view, warning, once);
  }

  #larger() {
    const larger = this.view.root.classList.toggle("larger");
    this.view.larger.setAttribute("aria-pressed", String(larger));
  }

  #note(text) {
    this.view.list.append(h("li", { class: "note" }, text));
  }

  /** Show from the beginning of what is new; the focus stays where it was. */
  #down(element) {
    const { scroll } = this.view;
    if (this.full) element.scrollIntoView?.({ block: "nearest" });
    else scroll.scrollTop += element.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 8;
  }
}
