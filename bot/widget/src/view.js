/** The panel as elements. It shows and asks; what happens is decided in element.js, which gives the handlers. */

import { h } from "./dom.js";
import { NUMBERS, fill, strings } from "./strings.js";

export const MAX = 2000;
const COUNT_FROM = 1800;

/** Every part of the panel by name. `on` has a function for each thing a resident can do. */
export function makeView({ full, exit }, on) {
  const part = {};
  part.launch = h("button", { type: "button", class: "launch", "aria-expanded": "false", "aria-controls": "panel", onclick: on.open }, strings.launch);
  part.exit = h("a", { class: "exit", href: exit, rel: "noreferrer noopener", "aria-describedby": "leave-note", onclick: on.leave }, strings.leave);
  part.menuButton = h("button", { type: "button", "aria-expanded": "false", "aria-controls": "menu", onclick: on.menu }, strings.menu);
  part.close = full ? null : h("button", { type: "button", title: strings.minimiseLong, onclick: on.close }, strings.minimise);
  part.menu = makeMenu(part, on);
  part.title = h("h2", { tabindex: "-1", id: "title" }, strings.title);
  part.list = h("ol", { class: "list", role: "list" });
  const about = h("div", { class: "about" }, part.title, h("p", { class: "small" }, strings.identity));
  part.scroll = h("div", { class: "scroll", tabindex: full ? null : "0", role: "group", "aria-label": strings.transcript }, about, part.list);
  part.writing = h("p", { class: "writing", hidden: true }, strings.writing);
  part.alerts = h("div", { role: "alert" });
  part.top = h("div", { class: "top bar" }, part.exit, h("span", { class: "bar" }, part.menuButton, part.close));
  part.panel = h("section", { class: "panel", id: "panel", "aria-labelledby": "title", hidden: !full },
    part.top, h("p", { class: "tiny", id: "leave-note" }, strings.leaveNote), part.menu, numbersLine("strip"),
    part.scroll, part.writing, part.alerts, makeForm(part, on));
  part.root = h("div", { class: full ? "root full" : "root", dir: "ltr" },
    h("slot", { name: "log" }),
    full ? part.panel : h("aside", { "aria-label": strings.chat }, part.launch, part.panel));
  return part;
}

function makeMenu(part, on) {
  part.larger = h("button", { type: "button", "aria-pressed": "false", onclick: on.larger }, strings.larger);
  return h("div", { id: "menu", class: "menu", hidden: true },
    h("button", { type: "button", onclick: on.wipe }, strings.wipe),
    h("button", { type: "button", onclick: on.save }, strings.save),
    h("button", { type: "button", onclick: on.print }, strings.print),
    part.larger,
    h("button", { type: "button", lang: "en", onclick: on.language }, strings.otherLanguage),
    h("p", { class: "small" }, strings.language));
}

function makeForm(part, on) {
  part.text = h("textarea", { id: "text", rows: "2", "aria-describedby": "names count", autocomplete: "off", spellcheck: "false", oninput: on.typed, onkeydown: on.key });
  part.count = h("p", { id: "count", class: "small" });
  part.send = h("button", { type: "submit", class: "send" }, strings.send);
  part.form = h("form", { onsubmit: on.submit },
    h("label", { for: "text" }, strings.write), part.text,
    h("div", { class: "under" }, h("div", {}, h("p", { id: "names", class: "small" }, strings.noNames), part.count), part.send));
  return part.form;
}

/** "In nood: bel 112 – politie: 101". */
export function numbersLine(style) {
  const [emergency, police] = NUMBERS.map(({ title, url }) => h("a", { href: url }, title));
  return h("p", { class: style }, `${strings.inDanger} `, emergency, ` – ${strings.police} `, police);
}

/** Say how long the text is, when that starts to matter; true when it may be sent. */
export function checkLength(part) {
  const count = [...part.text.value].length;
  const fits = count <= MAX;
  part.count.textContent = count >= COUNT_FROM ? fill(strings.count, { count, max: MAX }) : "";
  if (fits) part.text.removeAttribute("aria-invalid");
  else part.text.setAttribute("aria-invalid", "true");
  return fits;
}

/** A question with yes and no, in place; it takes the focus, so that Enter presses nothing else. */
export function confirm(part, question, yes) {
  const box = h("div", { class: "ask", role: "group", "aria-labelledby": "question", tabindex: "-1" }, h("p", { id: "question" }, question),
    h("button", { type: "button", onclick: () => { box.remove(); yes(); } }, strings.yes), " ",
    h("button", { type: "button", onclick: () => { box.remove(); part.menuButton.focus(); } }, strings.no));
  part.menu.querySelectorAll(".ask").forEach((old) => old.remove());
  part.menu.append(box);
  box.focus();
}
