"""Tensors that PyTorch stores otherwise than element by element, as its own `dequantize` and `to_dense` give them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import torch2mlx


@pytest.fixture(autouse=True)
def no_lazy_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pickle looks in every module for the home of a dtype; some of transformers' import what is not there then."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "transformers"]:
        monkeypatch.delitem(sys.modules, name)


def kinds() -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """{name: (as stored, as plain elements)}."""
    torch.manual_seed(0)
    x = torch.randn(6, 5, 4)
    found: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
    for dtype in (torch.qint8, torch.quint8, torch.qint32):
        packed = torch.quantize_per_tensor(x, 0.037, 3, dtype)
        found[f"per tensor, {dtype}"] = packed, packed.dequantize()
        found[f"a view, {dtype}"] = packed[1:4].transpose(0, 1), packed[1:4].transpose(0, 1).dequantize()
    for axis in range(3):
        count = x.shape[axis]
        scales, zeros = torch.rand(count, dtype=torch.float64) / 10 + 0.01, torch.arange(count)
        packed = torch.quantize_per_channel(x, scales, zeros, axis, torch.qint8)
        found[f"per channel {axis}"] = packed, packed.dequantize()
    thin = torch.where(torch.rand(6, 5) < 0.3, torch.randn(6, 5), 0)
    for name, sparse in {"coo": thin.to_sparse(), "csr": thin.to_sparse_csr(), "csc": thin.to_sparse_csc()}.items():
        found[name] = sparse, thin
    found["hybrid coo"] = x.to_sparse(1), x
    found["coo, half"] = thin.half().to_sparse(), thin.half()
    found["empty coo"] = torch.zeros(3, 4).to_sparse(), torch.zeros(3, 4)
    return found


@pytest.mark.parametrize("name", kinds())
@pytest.mark.filterwarnings("ignore")
def test_becomes_plain(name: str, tmp_path: Path) -> None:
    stored, plain = kinds()[name]
    torch.save({"a": stored, "b": torch.ones(2)}, tmp_path / "in.pt")
    path = torch2mlx.convert(tmp_path / "in.pt", tmp_path / "w.safetensors", layer_types={"a": "Parameter"})
    got: Any = torch2mlx.load_converted(path, flat=True)["a"]
    # torch multiplies before it subtracts where channels have scales of their own, and rounds otherwise then.
    limit = 1e-6 if "channel" in name else 0
    assert np.allclose(np.array(got), plain.contiguous().numpy(), rtol=0, atol=limit)
    notes = torch2mlx._native.core().open(tmp_path / "in.pt").notes
    assert any("'a' is" in note for note in notes)


REFUSED = {
    "duplicates": torch.sparse_coo_tensor([[0, 0]], [1.0, 2.0], (3,)),
    "too large": torch.sparse_coo_tensor([[0], [0]], [1.0], (1 << 20, 1 << 20)),
    "blocks": torch.eye(4).to_sparse_bsr((2, 2)),
}


@pytest.mark.parametrize(("name", "words"), zip(REFUSED, ("duplicate", "1 GiB", "sparse_bsr"), strict=True))
def test_refused_by_name(name: str, words: str, tmp_path: Path) -> None:
    torch.save({"a": REFUSED[name]}, tmp_path / "in.pt")
    with pytest.raises(torch2mlx.UnsupportedError, match=words):
        torch2mlx.convert(tmp_path / "in.pt", tmp_path / "w.safetensors")
