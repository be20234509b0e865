"""What a route says: two messages put together from the row and the shared parts, as responses like any other."""

import functools
from pathlib import Path
from typing import Any, Mapping

from bot.errors import RoutesError
from bot.facts.store import read_yaml
from bot.routes.tables import FOLDER, Row, Table
from bot.routes.tables import load as load_tables

PARTS_FOLDER = FOLDER / "parts"
ROUTE = "route"
MARK = "__route_"  # utter_<topic>__route_<row>, at the nearest centre: ..._bij_<centre>; the second message: ..._politie
NEAR, POLICE, KEEP = "_bij_", "_politie", "_bewaren"
CENTRES = ("brussel", "leuven", "antwerpen", "gent", "roeselare", "genk", "wallonie")
FIRST, SECOND = "Eerst: ", "Ook: "
LABELS = {"keep": "Bewaar: ", "bring": "Neem mee: ", "police": "Politie: ", "rights": "Je rechten: "}
BEFORE, AFTER = ("keep", "bring"), ("police", "rights")
MAX_LINKS = 3

Response = dict[str, Any]


@functools.lru_cache(maxsize=2)
def parts(folder: Path = PARTS_FOLDER) -> Mapping[str, Mapping[str, Any]]:
    """{kind: {name: part}} of all files: doors, keep, bring, police, rights; raises RoutesError when a name stands twice."""
    found: dict[str, dict[str, Any]] = {kind: {} for kind in ("doors", *BEFORE, *AFTER)}
    for path in sorted(folder.glob("*.yml")):
        for kind, named in read_yaml(path).items():
            if kind not in found or set(named) & set(found[kind]):
                raise RoutesError(f"{path.name}: {kind} is no kind of part, or one of {sorted(named)} stands twice")
            found[kind].update(named)
    return found


def names(topic: str, row: Row, centre: str | None = None) -> list[str]:
    """The response names of a route, in the order in which they are shown; at the nearest centre when it has one there."""
    first = f"utter_{topic}{MARK}{row.id}"
    near = centre is not None and any("near" in parts()["doors"][door.service] for door in row.doors)
    second = [first + POLICE] if any(kind in row.parts for kind in AFTER) else []
    return [f"{first}{NEAR}{centre}" if near else first, *second]


def kept_name(topic: str, row: Row) -> str:
    """The response with only what to keep and bring; it is there when the row has either."""
    return f"utter_{topic}{MARK}{row.id}{KEEP}"


@functools.lru_cache(maxsize=1)
def responses() -> Mapping[str, list[Response]]:
    """{name: [variation]} of every route of every table; raises RoutesError for a part that is not there."""
    found: dict[str, list[Response]] = {}
    for table in load_tables().values():
        for row in table.rows:
            if row.goes_to is None:
                for centre in (None, *CENTRES):
                    name = names(table.topic, row, centre)[0]
                    found.setdefault(name, [_first(table, row, centre)])
                for name in names(table.topic, row)[1:]:
                    found[name] = [_second(row)]
                if any(kind in row.parts for kind in BEFORE):
                    text = "\n\n".join(_labelled(row, BEFORE))
                    found[kept_name(table.topic, row)] = [{"text": text, "custom": {"links": []}}]
    return found


def _first(table: Table, row: Row, centre: str | None) -> Response:
    lines, links = [row.say], []
    for number, door in enumerate(row.doors):
        part = _part("doors", door.service, table.topic)
        why = door.why or ("" if number else part.get("why", ""))
        sentences = [_text(part, row.reader), why, (part.get("near") or {}).get(centre or "zone", "")]
        lines.append((FIRST if not number else SECOND) + " ".join(filter(None, sentences)))
        links += part["links"][:1]
    lines += _labelled(row, BEFORE)
    return {"text": "\n\n".join(filter(None, lines)), "custom": {"kind": ROUTE, "links": links[:MAX_LINKS]}}


def _second(row: Row) -> Response:
    lines, links = _labelled(row, AFTER), []
    for kind in AFTER:
        if kind in row.parts:
            links += _part(kind, row.parts[kind], row.id).get("links") or ()
    return {"text": "\n\n".join(lines), "custom": {"kind": ROUTE, "links": links[:MAX_LINKS], "next": list(row.next)}}


def _labelled(row: Row, kinds: tuple[str, ...]) -> list[str]:
    return [LABELS[kind] + _text(_part(kind, row.parts[kind], row.id), row.reader) for kind in kinds if kind in row.parts]


def _part(kind: str, name: str, where: str) -> Mapping[str, Any]:
    try:
        return parts()[kind][name]
    except KeyError:
        raise RoutesError(f"{where}: {kind} has no part called {name}") from None


def _text(part: Mapping[str, Any], reader: str) -> str:
    """A part's text for this reader, else the one for everybody."""
    return str(part.get(reader) or part["text"]).strip()
