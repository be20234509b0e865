/** The conversation on paper or in a file: plain words, a neutral name. */

import { h, sheet } from "./dom.js";
import { strings } from "./strings.js";

const ONLY_PAPER = "@media print { body > :not(.wijkwijzer-paper) { display: none !important } } @media screen { .wijkwijzer-paper { display: none } }";
const PAPER = ":host { all: initial; font: 12pt/1.5 sans-serif; color: #000 } h2, h3, h4 { margin: 1em 0 .2em; break-after: avoid } p, ul, ol { margin: 0 0 .6em } li { break-inside: avoid }";

let undo = () => {};

/** Nothing of a print stays in the page, also when the browser never said that it was done. */
export function clearPaper() {
  undo();
}

/** Print some elements and nothing else of the page. */
export function printElements(elements) {
  const paper = h("div", { class: "wijkwijzer-paper", lang: "nl-BE" });
  const root = paper.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(PAPER)];
  root.append(...elements);
  const only = sheet(ONLY_PAPER);
  const title = document.title;
  undo();
  undo = () => {
    undo = () => {};
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== only);
    document.title = title;
    paper.remove();
  };
  window.addEventListener("afterprint", clearPaper, { once: true });
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, only];
  document.body.append(paper);
  document.title = strings.paper;
  window.print();
}

/** Hand a text to the resident as a file with a neutral name. */
export function saveText(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = h("a", { href: address, download: strings.file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
