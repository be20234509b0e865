"""The encoder in PyTorch, so that it can learn. What it computes is what the written file computes, but for rounding."""

import math

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from bot.tuning.model_file import Header, ModelFile

PARTS = ("q", "k", "v", "ao", "fi", "fo")


class Encoder(nn.Module):
    """(texts, pieces) numbers and lengths in, (texts, width) mean vectors out, not yet of length 1."""

    def __init__(self, model: ModelFile) -> None:
        super().__init__()
        self.header: Header = model.header
        self.weights = nn.ParameterDict({_key(name): nn.Parameter(torch.tensor(_shaped(name, tensor, model.header)))
                                         for name, tensor in model.tensors.items()})
        for table in ("word", "pos", "type"):  # words that no sentence of ours has must stay where they are
            self.weights[f"emb_{table}"].requires_grad = False

    def forward(self, numbers: Tensor, lengths: Tensor, dropout: float = 0.0) -> Tensor:  # noqa: D102
        weights, (width, epsilon) = self.weights, (self.header.width, self.header.epsilon)
        mask = torch.arange(numbers.shape[1])[None, :] < lengths[:, None]
        words = functional.embedding(numbers, weights["emb_word"])
        rows = words + weights["emb_pos"][:numbers.shape[1]] + weights["emb_type"][0]
        rows = functional.layer_norm(rows, (width,), weights["emb_ln_w"], weights["emb_ln_b"], epsilon)
        rows = functional.dropout(rows, dropout, self.training)
        for layer in range(self.header.layers):
            rows = self._layer(rows, mask, layer, dropout)
        return (rows.float() * mask[:, :, None]).sum(1) / lengths[:, None]

    def _layer(self, rows: Tensor, mask: Tensor, layer: int, dropout: float) -> Tensor:
        def linear(part: str, given: Tensor) -> Tensor:
            return functional.linear(given, self.weights[f"l{layer}_{part}_w"], self.weights[f"l{layer}_{part}_b"])

        def normal(part: str, given: Tensor) -> Tensor:
            return functional.layer_norm(given, (self.header.width,), self.weights[f"l{layer}_{part}_w"],
                                         self.weights[f"l{layer}_{part}_b"], self.header.epsilon)

        texts, pieces, _ = rows.shape
        heads = [linear(part, rows).view(texts, pieces, self.header.heads, -1).transpose(1, 2) for part in "qkv"]
        scale = 1 / math.sqrt(self.header.width // self.header.heads)
        seen = functional.scaled_dot_product_attention(*heads, attn_mask=mask[:, None, None, :], scale=scale)
        seen = linear("ao", seen.transpose(1, 2).reshape(rows.shape))
        rows = normal("aln", rows + functional.dropout(seen, dropout, self.training))
        changed = linear("fo", functional.gelu(linear("fi", rows)))
        return normal("oln", rows + functional.dropout(changed, dropout, self.training))

    def into(self, model: ModelFile) -> ModelFile:
        """The model file with the weights as they are now."""
        tensors = {name: self.weights[_key(name)].detach().numpy().reshape(-1) for name in model.tensors}
        return ModelFile(model.header, model.vocabulary, tensors)


def _key(name: str) -> str:
    return name.replace(".", "_")


def _shaped(name: str, tensor: np.ndarray, header: Header) -> np.ndarray:
    """The tensor with its rows: outputs of a linear layer, or entries of a table."""
    if name.startswith("emb.") and "ln" not in name:
        return tensor.reshape(-1, header.width)
    part, kind = name.split(".")[1:] if name.startswith("l") else ("", "")
    if kind != "w" or part not in PARTS:
        return tensor
    return tensor.reshape(-1, header.between if part == "fo" else header.width)
