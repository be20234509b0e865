"""The built script of the widget, every version that a website may still ask for, checked and packed once at start."""

import base64
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping, NamedTuple

from bot.errors import WidgetError

FOLDER = Path(__file__).resolve().parent / "dist"
VERSIONS = "versions.json"
NAME = "wijkwijzer-chat-{}.js"
VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)


class Script(NamedTuple):
    """One version: its bytes, the same in gzip, and its integrity "sha384-..." for the page that embeds it."""

    content: bytes
    packed: bytes
    integrity: str


@dataclass(frozen=True)
class Widget:
    """All versions by file name; `name` is the file of the current one."""

    name: str
    scripts: Mapping[str, Script]

    @property
    def current(self) -> Script:
        """The version that new pages embed."""
        return self.scripts[self.name]


def load(folder: Path = FOLDER) -> Widget:
    """Read versions.json and every version beside it.

    Raises WidgetError when a file is missing, is not listed, or is not the one whose integrity was written down: a website
    that embeds it would show no chat at all.
    """
    versions, current = _versions(folder / VERSIONS)
    found = {path.name for path in folder.glob(NAME.format("*"))}
    unlisted = found - {NAME.format(version) for version in versions}
    if unlisted:
        raise WidgetError(f"{min(unlisted)}: does not stand in {VERSIONS}; build the widget again")
    scripts = {NAME.format(version): _script(folder / NAME.format(version), promised) for version, promised in versions.items()}
    return Widget(NAME.format(current), scripts)


def integrity(content: bytes) -> str:
    """ "sha384-..." of some bytes, as the attribute `integrity` of a script tag wants it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def _versions(path: Path) -> tuple[Mapping[str, str], str]:
    try:
        listed: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WidgetError(f"{path.name}: cannot be read ({type(error).__name__}); build the widget first") from error
    versions = listed.get("versions") if isinstance(listed, dict) else None
    if not isinstance(versions, dict) or not all(VERSION.fullmatch(version) for version in versions):
        raise WidgetError(f"{path.name}: versions must map numbers such as 1.0.0 to their integrity")
    if listed.get("current") not in versions:
        raise WidgetError(f"{path.name}: current must be one of the versions")
    return versions, listed["current"]


def _script(path: Path, promised: str) -> Script:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WidgetError(f"{path.name}: stands in {VERSIONS} but cannot be read ({type(error).__name__})") from error
    if integrity(content) != promised:
        raise WidgetError(f"{path.name}: is not the file that {VERSIONS} promises; build the widget again, as a new version "
                          "when websites embed this one")
    return Script(content, gzip.compress(content, mtime=0), promised)
