"""A text flattened for matching, position for position: small letters, no accents, one kind of apostrophe."""

import unicodedata
from typing import NamedTuple

ACCENTS = {"’": "'", "‘": "'", "´": "'", "`": "'", "–": "-", "—": "-", "ß": "s"}
SHORT_WORDS, ANSWER_WORDS = 6, 4  # so many words at most may be nothing but a yes or no; nothing but an answer


class Detail(NamedTuple):
    """One thing that a text says: a value of a slot, and where it stands."""

    slot: str
    value: str
    start: int
    end: int


def plain(text: str) -> str:
    """The text in small letters without accents; every character keeps its place, so positions stay true."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFD", ACCENTS.get(character, character).lower())[0]
    return base if len(base) == 1 else character


def is_short(text: str, words: int = ANSWER_WORDS) -> bool:
    """True when a text may be a bare answer to a question."""
    return len(text.split()) <= words
