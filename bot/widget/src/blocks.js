/** A message's text as blocks. The grammar is told in bot/widget/blocks.py; test/blocks.json holds both sides to it. */

const BULLET = /^[-•] +(.+)$/;
const NUMBER = /^([0-9]{1,2})[.)] +(.+)$/;
const MAX_HEADING = 70;
const INNER_END = /[.?!](?=.)/;
const WORD_END = /[\p{L}\p{N}]$/u;

/** [{kind: "paragraph" | "heading", text} | {kind: "list", ordered, items}] */
export function blocks(text) {
  const found = [];
  let ended = true; // true when a plain line starts a new paragraph
  for (const line of text.replace(/\r\n/g, "\n").split("\n").map((raw) => raw.trim())) {
    const last = found.at(-1);
    const item = readItem(line, last);
    if (item) {
      if (last?.kind === "list" && last.ordered === item.ordered) last.items.push(item.content);
      else found.push({ kind: "list", ordered: item.ordered, items: [item.content] });
    } else if (line && ended) {
      found.push({ kind: "paragraph", text: line });
    } else if (line) {
      last.text += `\n${line}`;
    }
    ended = Boolean(item) || !line;
  }
  return found.map((block, place) => (isHeading(found, place) ? { kind: "heading", text: block.text } : block));
}

function readItem(line, last) {
  const bullet = BULLET.exec(line);
  if (bullet) return { ordered: false, content: bullet[1] };
  const numbered = NUMBER.exec(line);
  const following = last?.ordered ? last.items.length + 1 : 1;
  return numbered && Number(numbered[1]) === following ? { ordered: true, content: numbered[2] } : null;
}

function isHeading(found, place) {
  const { kind, text } = found[place];
  const next = found[place + 1];
  if (kind !== "paragraph" || !next || text.includes("\n")) return false;
  if ([...text].length > MAX_HEADING || INNER_END.test(text)) return false;
  return (next.kind === "list" && /[:?]$/.test(text)) || (place === 0 && WORD_END.test(text));
}

const LABEL = /^(Eerst|Ook|Bewaar|Neem mee|Politie|Je rechten): (.+)$/s;

/** The blocks of a route: what opens a paragraph ("Eerst: ...") becomes its heading, and doors are numbered by it. */
export function routeBlocks(text) {
  return blocks(text).flatMap((block) => {
    const labelled = block.kind === "paragraph" && LABEL.exec(block.text);
    if (!labelled) return [block];
    return [{ kind: "heading", text: labelled[1] }, { kind: "paragraph", text: capital(labelled[2]) }];
  });
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
