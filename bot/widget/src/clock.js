/** When a conversation ends, told in time. Real time is compared: timers of a sleeping tab are late. */

const MINUTE = 60_000;
const WARN_MINUTES = 2;

export class SessionClock {
  #timers = [];
  #last = 0;
  #warned = false;

  /** `warn(minutes)` some minutes before the end, `end()` at the end, after `minutes` without a message. */
  constructor(minutes, warn, end, now = () => Date.now()) {
    Object.assign(this, { minutes, warn, end, now });
  }

  /** A message was sent or answered: the time starts again. */
  restart() {
    this.#last = this.now();
    this.#warned = false;
    this.#plan();
  }

  stop() {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    this.#last = 0;
  }

  /** Look again, for example when the tab becomes visible. */
  look() {
    if (!this.#last) return;
    const left = this.#last + this.minutes * MINUTE - this.now();
    if (left <= 0) {
      this.stop();
      this.end();
    } else if (left <= WARN_MINUTES * MINUTE && !this.#warned) {
      this.#warned = true;
      this.warn(Math.max(1, Math.round(left / MINUTE)));
    }
  }

  /** True in the time after the warning. */
  get isEnding() {
    return this.#last > 0 && this.#last + (this.minutes - WARN_MINUTES) * MINUTE <= this.now();
  }

  #plan() {
    this.#timers.forEach(clearTimeout);
    const total = this.minutes * MINUTE;
    this.#timers = [Math.max(0, total - WARN_MINUTES * MINUTE), total].map((after) => setTimeout(() => this.look(), after + 50));
  }
}
