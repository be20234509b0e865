/** Defines <wijkwijzer-chat>; a page that only has the script tag gets one, at the end of its body. */

import { WijkwijzerChat } from "./element.js";
import { strings } from "./strings.js";
import { colourAttributes } from "./theme.js";

const script = document.currentScript;
const NAME = "wijkwijzer-chat";

/** What the chat cannot do without; a browser that lacks it gets the plain page. */
function isSupported() {
  return "adoptedStyleSheets" in Document.prototype && "replaceSync" in CSSStyleSheet.prototype && "timeout" in AbortSignal;
}

function link() {
  if (document.querySelector(NAME) || !script?.src) return;
  const anchor = document.createElement("a");
  anchor.href = `${new URL(script.src).origin}/chat`;
  anchor.textContent = strings.launch;
  document.body.append(anchor);
}

function insert() {
  if (document.querySelector(NAME)) return;
  const element = document.createElement(NAME);
  if (script?.src) element.setAttribute("server", new URL(script.src).origin);
  for (const name of ["exit", ...colourAttributes]) {
    const value = script?.getAttribute(`data-${name}`);
    if (value) element.setAttribute(name, value);
  }
  document.body.append(element);
}

function whenReady(act) {
  if (document.body && document.readyState !== "loading") act();
  else document.addEventListener("DOMContentLoaded", act);
}

if (!isSupported()) {
  whenReady(link);
} else if (!customElements.get(NAME)) {
  WijkwijzerChat.version = WIJKWIJZER_VERSION;
  customElements.define(NAME, WijkwijzerChat);
  whenReady(insert);
}
