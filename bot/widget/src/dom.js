/** Elements without innerHTML: text is always text. */

/** A new element; `attributes` with a false, null or undefined value are left out, "on..." are listeners. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A style sheet that a strict Content-Security-Policy lets through. */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

const SAFE = new Set(["https:", "tel:", "mailto:"]);

/** The address when it may be followed, else null: never a script, never a page of the host by accident. */
export function safeUrl(url) {
  try {
    return SAFE.has(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}
