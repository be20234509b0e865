"""Sentence vectors from an encoder of our own: multilingual-e5-small, made smaller and taught our topics (bot/tuning).

The file stands beside this one: an ONNX graph with weights of seven bits and its own vocabulary. Nothing is downloaded.
"""

import functools
import unicodedata
from pathlib import Path
from typing import NamedTuple, Optional, Sequence

import numpy as np
import onnxruntime

from bot.encoder.tokens import PREFIX, Tokens, Vocabulary

FILE = Path(__file__).resolve().parent / "wijkwijzer-e5.onnx"
DIMENSIONS = 384
MAX_CHARACTERS = 600  # the encoder reads 512 pieces; the end of a long story holds the question, so head and tail are kept
VOCABULARY, INPUT, VECTOR, ROWS = "vocabulary", "numbers", "vector", "rows"  # names in the file
LOUD = 3  # onnxruntime: errors only


class Encoder(NamedTuple):
    """What splits a text, and what reads the pieces."""

    tokens: Tokens
    session: onnxruntime.InferenceSession


def load(file: Path = FILE) -> Encoder:
    """The encoder of a file; an exception of onnxruntime when it is not one. One thread: a server grows by processes."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = LOUD
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    vocabulary = Vocabulary.from_text(session.get_modelmeta().custom_metadata_map[VOCABULARY])
    return Encoder(Tokens(vocabulary), session)


@functools.lru_cache(maxsize=1)
def _shared() -> Encoder:
    return load()  # not at import, so that tools without the model start fast


def shorten(text: str) -> str:
    """Long texts without their middle: the first and the last half of MAX_CHARACTERS, cut at a space."""
    text = unicodedata.normalize("NFKC", text.replace("\0", " "))
    if len(text) <= MAX_CHARACTERS:
        return text
    half = MAX_CHARACTERS // 2
    return text[:half].rsplit(" ", 1)[0] + " ... " + text[-half:].split(" ", 1)[-1]


def encode(text: str) -> np.ndarray:
    """One text as a float32 vector of DIMENSIONS, length 1."""
    encoder = _shared()
    return encoder.session.run([VECTOR], {INPUT: np.array([encoder.tokens(shorten(text))], np.int64)})[0][0]


def encode_parts(text: str, parts: Sequence[str]) -> list[np.ndarray]:
    """The vector of a text, then one of each of its parts (in their order), all from one reading.

    The vector of a part is the mean of its pieces, which have read the whole text. A part that cannot be found in the text,
    because its middle was left out, is read by itself.
    """
    encoder = _shared()
    words = encoder.tokens.words(PREFIX + shorten(text))
    numbers = encoder.tokens.marked(words)
    vectors, rows = encoder.session.run([VECTOR, ROWS], {INPUT: np.array([numbers], np.int64)})
    ends = np.cumsum([1, *map(len, words)])  # of each word, behind the mark for begin
    found, at = [vectors[0]], 1
    for part in parts:
        wanted = encoder.tokens.words(shorten(part))
        start = _find(wanted, words, at)
        if start is None or ends[start + len(wanted)] >= len(numbers):
            found.append(encode(part))
            continue
        at = start + len(wanted)
        mean = rows[0, ends[start]:ends[at]].mean(axis=0)
        found.append(mean / np.linalg.norm(mean))
    return found


def _find(wanted: Sequence[list[int]], words: Sequence[list[int]], at: int) -> Optional[int]:
    """Where the words of a part begin, from a place on; its last word may have lost the comma behind it."""
    *most, last = wanted
    for start in range(at, len(words) - len(most)):
        if words[start:start + len(most)] == most and words[start + len(most)][:len(last)] == last:
            return start
    return None
