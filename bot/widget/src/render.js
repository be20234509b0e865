/** Messages as elements, and as plain text for announcing, saving and printing. */

import { blocks, routeBlocks } from "./blocks.js";
import { h, safeUrl } from "./dom.js";
import { direction } from "./messages.js";
import { fill, strings } from "./strings.js";

/** One list item: a message of the assistant. `choose(button, group)` is called when a button is pressed; `level` of headings. */
export function messageElement(message, { choose, print, level = 3 }) {
  const { kind, lang, text } = message;
  const parts = (kind === "route" ? routeBlocks : blocks)(text).map((block) => blockElement(block, level));
  const item = h("li", { class: `message ${kind}`, lang: lang === "nl" ? null : lang, dir: lang === "nl" ? null : direction(lang) });
  item.append(h("span", { class: "sender", lang: "nl-BE" }, `${kind === "emergency" ? strings.emergency : strings.assistant}: `));
  if (kind === "emergency") item.append(...[linkList(message.links), ...parts].filter(Boolean));
  else item.append(...[...parts, linkList(message.links)].filter(Boolean));
  if (message.buttons.length) item.append(buttonGroup(message.buttons, choose));
  if (print && (kind === "route" || isChecklist(text))) {
    item.append(h("button", { type: "button", class: "quiet", onclick: () => print(message) }, strings.printThis));
  }
  return item;
}

/** One list item: what the resident typed or chose. */
export function ownElement(text) {
  return h("li", { class: "message own" }, h("span", { class: "sender" }, `${strings.you}: `), h("p", {}, text));
}

/** A message as one text. */
export function plainText(message) {
  return [message.text, ...safeLinks(message.links).map(({ title, url }) => `${title} (${url.replace(/^(tel|mailto):/, "")})`)].join("\n");
}

/** What a screen reader says of a message: the text, where it links to, what can be chosen. */
export function spokenText(message) {
  const links = safeLinks(message.links).map(({ title }) => title).join(", ");
  const buttons = message.buttons.map(({ title }) => title).join(", ");
  return [
    message.text,
    links && fill(strings.links, { titles: links }),
    buttons && fill(strings.choices, { titles: buttons }),
  ].filter(Boolean).join("\n");
}

/** A heading, paragraph or list. */
export function blockElement(block, level) {
  if (block.kind === "heading") return h(`h${level}`, {}, block.text);
  if (block.kind === "list") {
    return h(block.ordered ? "ol" : "ul", {}, ...block.items.map((item) => h("li", {}, item)));
  }
  return h("p", {}, ...block.text.split("\n").flatMap((line, place) => (place ? [h("br"), line] : [line])));
}

function isChecklist(text) {
  return blocks(text).filter(({ kind }) => kind === "list").length > 1;
}

function safeLinks(links) {
  return links.filter(({ url }) => safeUrl(url));
}

function linkList(links) {
  const safe = safeLinks(links);
  return safe.length ? h("ul", { class: "links" }, ...safe.map((link) => h("li", {}, anchor(link)))) : null;
}

function anchor({ title, url }) {
  if (url.startsWith("tel:")) return h("a", { href: url, class: "call" }, title);
  if (url.startsWith("mailto:")) return h("a", { href: url }, title);
  return h("a", { href: url, target: "_blank", rel: "noreferrer noopener" }, title, h("span", { class: "hidden", lang: "nl-BE" }, ` ${strings.opens}`));
}

function buttonGroup(buttons, choose) {
  const group = h("div", { class: "choices", role: "group" });
  for (const button of buttons) {
    const element = h("button", { type: "button", "aria-pressed": "false", onclick: () => choose(button, element, group) }, button.title);
    group.append(element);
  }
  return group;
}
