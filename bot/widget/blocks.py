"""The text of a message as blocks to show: paragraphs, headings and lists. The script of the widget does exactly the same.

The grammar, in the order in which it is applied (`test/blocks.json` holds the cases that both sides run):

1. The text is split into lines at "\\n" ("\\r\\n" counts as one); each line loses the white space around it.
2. A line "- x" or "• x" (mark, at least one space, something) is an item of a bullet list. A line "1. x" or "1) x" is an item of
   an ordered list when its number is the one that comes next: 1 at the start of a list, else one more than the item before.
   The mark is not part of the item. "24. x" in the middle of nowhere is therefore plain text, and so is "-x".
3. Items of one kind that follow each other form one list, also with empty lines between them.
4. All other lines that follow each other form one paragraph, its lines joined by "\\n". An empty line or an item ends it; a plain
   line after an item starts a new paragraph.
5. A paragraph of one line becomes a heading when it has at most 70 characters, none of them ".", "?" or "!" before the last, and
   - a list comes next and the line ends in ":" or "?" (the ":" or "?" stays), or
   - it is the first block, another one comes next, and it ends in a letter or digit.

A route has labels: a paragraph that opens with one ("Eerst: ...") becomes a heading and a paragraph.

Nothing is linked, made bold or unescaped here: links come beside the text, and a block holds plain text to be escaped.
"""

import re
from typing import Any, Mapping

ITEM = re.compile(r"[-•] +(.+)")
NUMBERED = re.compile(r"([0-9]{1,2})[.)] +(.+)")
MAX_HEADING = 70
INNER_END = re.compile(r"[.?!](?=.)")
LABELLED = re.compile(r"(Eerst|Ook|Bewaar|Neem mee|Politie|Je rechten): (.+)", re.DOTALL)
ROUTE = "route"
PARAGRAPH, HEADING, LIST = "paragraph", "heading", "list"

Block = dict[str, Any]


def blocks(text: str) -> list[Block]:
    """Blocks in order: {"kind": "paragraph" or "heading", "text"} or {"kind": "list", "ordered": bool, "items": [text]}.

    An empty text has no blocks. A text of a paragraph may hold "\\n": a line break.
    """
    found: list[Block] = []
    ended = True  # True when a plain line starts a new paragraph
    for line in (raw.strip() for raw in text.replace("\r\n", "\n").split("\n")):
        last = found[-1] if found else {}
        item = _item(line, last)
        if item is not None:
            ordered, content = item
            if last.get("kind") == LIST and last["ordered"] == ordered:
                last["items"].append(content)
            else:
                found.append({"kind": LIST, "ordered": ordered, "items": [content]})
        elif line and ended:
            found.append({"kind": PARAGRAPH, "text": line})
        elif line:
            last["text"] += f"\n{line}"
        ended = item is not None or not line
    return [{**block, "kind": HEADING} if _is_heading(found, number) else block for number, block in enumerate(found)]


def message_blocks(message: Mapping[str, Any]) -> list[Block]:
    """Blocks of a message of the chat API, by its kind."""
    return (route_blocks if message["kind"] == ROUTE else blocks)(message["text"])


def route_blocks(text: str) -> list[Block]:
    """The blocks of a route: its labels are headings."""
    return [part for block in blocks(text) for part in _labelled(block)]


def _labelled(block: Block) -> list[Block]:
    label = LABELLED.fullmatch(block["text"]) if block["kind"] == PARAGRAPH else None
    if label is None:
        return [block]
    return [{"kind": HEADING, "text": label[1]}, {"kind": PARAGRAPH, "text": label[2][:1].upper() + label[2][1:]}]


def _item(line: str, last: Block) -> tuple[bool, str] | None:
    """(ordered, content) of a line that is an item after the block `last`, else None."""
    if bullet := ITEM.fullmatch(line):
        return False, bullet[1]
    numbered = NUMBERED.fullmatch(line)
    following = len(last["items"]) + 1 if last.get("ordered") else 1
    return (True, numbered[2]) if numbered and int(numbered[1]) == following else None


def _is_heading(found: list[Block], number: int) -> bool:
    block = found[number]
    text = block.get("text", "")
    if block["kind"] != PARAGRAPH or number + 1 == len(found) or "\n" in text:
        return False
    if len(text) > MAX_HEADING or INNER_END.search(text):
        return False
    introduces = found[number + 1]["kind"] == LIST and text[-1] in ":?"
    return introduces or (number == 0 and text[-1].isalnum())
