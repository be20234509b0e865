/** The colours and the mark of a zone: from its profile when the chat opens, from the tag before that. */

const NAMES = ["accent", "accent_text", "surface", "text"];
const ALL = NAMES.flatMap((name) => [name, `${name}_dark`]);
const COLOUR = /^#[0-9a-f]{3,8}$/i;
const PATH = /^[MmLlHhVvCcSsQqTtAaZz0-9 ,.+-]+$/;
const SVG = "http://www.w3.org/2000/svg";

/** Colours as custom properties; what is not a colour is left out. */
export function themeCss(theme) {
  const properties = ALL.filter((name) => COLOUR.test(theme?.[name] ?? "")).map((name) => `--zone-${dashed(name)}: ${theme[name]}`);
  return `:host { ${properties.join("; ")} }`;
}

/** The colours in attributes of an element (accent, accent-text-dark, ...): the button has them before anything is asked. */
export function attributeTheme(element) {
  return Object.fromEntries(ALL.map((name) => [name, element.getAttribute(dashed(name))]));
}

/** Every attribute that holds a colour. */
export const colourAttributes = ALL.map(dashed);

/** A mark in one colour, drawn here: {view_box: "0 0 24 24", path: "M12 ..."} of the profile; null when it is not one. */
export function logo(mark) {
  if (!PATH.test(mark?.path ?? "") || !/^[0-9 .-]+$/.test(mark?.view_box ?? "")) return null;
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of [["class", "logo"], ["viewBox", mark.view_box], ["aria-hidden", "true"], ["focusable", "false"]]) {
    svg.setAttribute(key, value);
  }
  path.setAttribute("d", mark.path);
  svg.append(path);
  return svg;
}

function dashed(name) {
  return name.replaceAll("_", "-");
}
