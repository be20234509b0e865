"""Words into pieces, as SentencePiece does it: the likeliest pieces, one unknown piece for a character that nothing covers."""

import base64
import json
from dataclasses import dataclass, field, replace
from typing import Mapping, Sequence

import numpy as np

SPACE, META = 0x20, "\u2581"
PREFIX = "query: "  # what E5 was taught to read before a text
UNKNOWN_PENALTY = 10.0
LIMIT = 512  # pieces that the encoder has places for


@dataclass(frozen=True)
class Vocabulary:
    """Pieces of words with their log probability; `special` are the numbers of <s>, </s>, padding and unknown."""

    pieces: Sequence[str]
    scores: Sequence[float]
    special: tuple[int, int, int, int]
    normal: Mapping[int, str] = field(repr=False)  # what a character becomes before anything else

    def only(self, kept: Sequence[int]) -> "Vocabulary":
        """The vocabulary with these pieces alone, in this order; every special one must be among them."""
        new = {old: number for number, old in enumerate(kept)}
        bos, eos, pad, unknown = (new[number] for number in self.special)
        return replace(self, pieces=[self.pieces[old] for old in kept], scores=[self.scores[old] for old in kept],
                       special=(bos, eos, pad, unknown))

    def to_text(self) -> str:
        """One line of JSON, for the metadata of the encoder's file."""
        scores = base64.b64encode(np.asarray(self.scores, "<f4").tobytes()).decode()
        return json.dumps({"pieces": list(self.pieces), "scores": scores, "special": self.special,
                           "normal": {str(number): text for number, text in self.normal.items()}})

    @classmethod
    def from_text(cls, text: str) -> "Vocabulary":
        """The vocabulary that `to_text` wrote."""
        read = json.loads(text)
        scores = np.frombuffer(base64.b64decode(read["scores"]), "<f4").tolist()
        return cls(read["pieces"], scores, tuple(read["special"]), {int(key): value for key, value in read["normal"].items()})


class Tokens:
    """Splits texts by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._bos, self._eos, _, self._unknown = vocabulary.special
        self._pieces = {piece: (number, score) for number, (piece, score)
                        in enumerate(zip(vocabulary.pieces, vocabulary.scores, strict=True)) if number != self._unknown}
        self._normal = dict(vocabulary.normal)
        self._longest: dict[str, int] = {}  # piece that begins with a character
        for piece in self._pieces:
            self._longest[piece[:1]] = max(len(piece), self._longest.get(piece[:1], 0))
        self._worst = min(vocabulary.scores) - UNKNOWN_PENALTY

    def __call__(self, text: str, limit: int = LIMIT) -> list[int]:
        """Numbers of the pieces of "query: <text>", between the marks for begin and end."""
        return self.marked(self.words(PREFIX + text), limit)

    def marked(self, words: Sequence[Sequence[int]], limit: int = LIMIT) -> list[int]:
        """Numbers of the pieces of words, between the marks for begin and end; what is over the limit falls off."""
        return [self._bos, *[number for word in words for number in word][:limit - 2], self._eos]

    def pieces(self, text: str) -> list[int]:
        """Numbers of the pieces of a text."""
        return [number for word in self.words(text) for number in word]

    def words(self, text: str) -> list[list[int]]:
        """The same, word by word."""
        text = text.translate(self._normal)
        while "  " in text:
            text = text.replace("  ", " ")
        text = (text if text.startswith(" ") else " " + text).replace(" ", META)
        return [self._split(word) for word in text.replace(META, f"\0{META}").split("\0")[1:]]

    def _split(self, text: str) -> list[int]:
        best, back = [0.0] + [float("-inf")] * len(text), [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            so_far = best[start]
            for end in range(start + 1, min(len(text), start + self._longest.get(text[start], 0)) + 1):
                piece = self._pieces.get(text[start:end])
                if piece is not None and so_far + piece[1] > best[end]:
                    best[end], back[end] = so_far + piece[1], (start, piece[0])
            if so_far + self._worst > best[start + 1]:
                best[start + 1], back[start + 1] = so_far + self._worst, (start, self._unknown)
        found, at = [], len(text)
        while at:
            at, number = back[at]
            found.append(number)
        return found[::-1]
