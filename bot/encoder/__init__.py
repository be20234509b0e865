"""Sentence vectors from an encoder of our own: multilingual-e5-small, made smaller and taught our topics (bot/tuning).

The file stands beside this one: an ONNX graph with weights of eight bits and its own vocabulary. Nothing is downloaded.
"""

import functools
import unicodedata
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime

from bot.encoder.tokens import Tokens, Vocabulary

FILE = Path(__file__).resolve().parent / "wijkwijzer-e5.onnx"
DIMENSIONS = 384
MAX_CHARACTERS = 600  # the encoder reads 512 pieces; the end of a long story holds the question, so head and tail are kept
VOCABULARY, INPUT = "vocabulary", "numbers"  # names in the file
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
    return encoder.session.run(None, {INPUT: np.array([encoder.tokens(shorten(text))], np.int64)})[0][0]
