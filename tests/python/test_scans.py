"""Loops over time by doubling are the loops."""

from __future__ import annotations

import pytest
import torch
from torch._higher_order_ops.associative_scan import associative_scan
from transformers.models.rwkv.modeling_rwkv import rwkv_linear_attention_cpu

from torch2mlx.hf.scans import by_doubling, rwkv_attention

States = dict[str, torch.Tensor]


def chained(left: States, right: States) -> States:
    """h -> a * h + b, one after the other: no matter how they are grouped, but in which order."""
    return {"a": left["a"] * right["a"], "b": right["a"] * left["b"] + right["b"]}


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("dim", [0, 1, -1])
def test_associative_scan(dim: int, reverse: bool) -> None:
    torch.manual_seed(0)
    states = {"a": torch.rand(5, 13, 8), "b": torch.randn(5, 13, 8)}
    wanted = associative_scan(chained, states, dim, reverse=reverse, combine_mode="generic")
    given = by_doubling(chained, states, dim, reverse=reverse)
    assert all(torch.allclose(given[key], wanted[key], atol=1e-6) for key in states)


@pytest.mark.parametrize("length", [1, 2, 9, 300])
@pytest.mark.parametrize("state", ["none", "empty", "given"])
def test_rwkv(length: int, state: str) -> None:
    torch.manual_seed(0)
    decay, first, key, value = torch.randn(8), torch.randn(8), 3 * torch.randn(2, length, 8), torch.randn(2, length, 8)
    zeros = torch.zeros(2, 8)
    start = {
        "none": None,
        "empty": [zeros, zeros, zeros - 1e30],
        "given": [torch.randn(2, 8), 0.5 + torch.rand(2, 8), torch.randn(2, 8)],
    }[state]
    wanted, wanted_last = rwkv_linear_attention_cpu(decay, first, key, value, start, return_state=True)
    given, given_last = rwkv_attention(decay, first, key, value, start, return_state=True)
    assert torch.allclose(given, wanted, atol=1e-5)
    assert all(torch.allclose(a, b, atol=1e-5, rtol=1e-5) for a, b in zip(given_last, wanted_last, strict=True))
