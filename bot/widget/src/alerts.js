/** What went wrong, with the numbers and, when it makes sense, a button to try again. At most one at a time. */

import { h } from "./dom.js";
import { numbersLine } from "./view.js";

export class Alerts {
  constructor(view) {
    this.view = view;
  }

  /** `press` is called when the button is pressed; the alert is gone by then and the text field has the focus. */
  show(text, button, press) {
    const pressed = () => {
      this.clear();
      this.view.text.focus();
      press();
    };
    const box = h("div", { class: "alert" }, h("p", {}, text), numbersLine("small"),
      button && h("button", { type: "button", onclick: pressed }, button));
    this.view.alerts.replaceChildren(box);
    box.scrollIntoView?.({ block: "nearest" });
  }

  clear() {
    this.view.alerts.replaceChildren();
  }

  get hasButton() {
    return Boolean(this.view.alerts.querySelector("button"));
  }
}
