"""Live modules and dicts of tensors or arrays, whatever wraps or holds them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from torch import nn
from torch.distributed.algorithms._checkpoint.checkpoint_wrapper import checkpoint_wrapper

import torch2mlx
from torch2mlx._tensors import to_mlx, to_torch


def converted(source: Any, tmp_path: Path) -> dict[str, np.ndarray]:
    arrays = torch2mlx.load_converted(torch2mlx.convert(source, tmp_path / "w.safetensors"), flat=True)
    return {key: np.array(array.astype(mx.float32)) for key, array in arrays.items()}


def same(ours: dict[str, np.ndarray], reference: dict[str, Any]) -> bool:
    assert ours.keys() == reference.keys()
    return all(np.array_equal(ours[key], np.asarray(value, np.float32)) for key, value in reference.items())


WRAPPED = {
    "compiled": torch.compile,
    "parallel": nn.DataParallel,
    "compiled, parallel": lambda model: torch.compile(nn.DataParallel(model)),
    "parallel, compiled": lambda model: nn.DataParallel(torch.compile(model)),
    "compiled part": lambda model: nn.Sequential(torch.compile(model[0])),
    "checkpointed part": lambda model: nn.Sequential(checkpoint_wrapper(model[0])),
    "parts in parts": lambda model: nn.Sequential(torch.compile(nn.DataParallel(checkpoint_wrapper(model[0])))),
}


@pytest.mark.parametrize("how", WRAPPED)
def test_wrapped_modules(how: str, tmp_path: Path) -> None:
    model = nn.Sequential(nn.Conv2d(2, 3, 3))
    expected = {"0.weight": model[0].weight.detach().permute(0, 2, 3, 1), "0.bias": model[0].bias.detach()}
    wrapped = WRAPPED[how](model)
    keys = list(wrapped.state_dict())
    assert same(converted(wrapped, tmp_path), expected)
    assert list(wrapped.state_dict()) == keys


def test_state_dicts_of_wrapped_modules(tmp_path: Path) -> None:
    model = nn.Linear(3, 4)
    assert same(converted(nn.DataParallel(torch.compile(model)).state_dict(), tmp_path), model.state_dict())


def test_code_of_compiled_parts_loads_what_convert_writes(tmp_path: Path) -> None:
    model = nn.Sequential(torch.compile(nn.Linear(3, 4)), nn.ReLU())
    code = torch2mlx.generate(model, (torch.ones(2, 3),))
    assert code.verified
    code.load().load_weights(str(torch2mlx.convert(model, tmp_path / "w.safetensors")), strict=True)


class Conv(nn.Conv2d):
    pass


class PaddedConv(nn.Conv2d):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(nn.functional.pad(x, (1, 1)))


class GroupedTranspose(nn.ConvTranspose2d):
    pass


@pytest.mark.parametrize(
    "layer",
    [Conv(3, 4, 3), PaddedConv(3, 4, 3), GroupedTranspose(4, 4, 3, groups=2)],
    ids=lambda layer: type(layer).__name__,
)
def test_code_of_derived_layers_loads_what_convert_writes(layer: nn.Module, tmp_path: Path) -> None:
    model, x = nn.Sequential(layer), torch.randn(2, layer.in_channels, 8, 8)
    code = torch2mlx.generate(model, (x,))
    assert code.verified
    mlx_model = code.load()
    mlx_model.load_weights(str(torch2mlx.convert(model, tmp_path / "w.safetensors")), strict=True)
    assert torch.allclose(to_torch(mlx_model(to_mlx(x))), model(x), atol=1e-5)


def test_dicts_of_arrays(tmp_path: Path) -> None:
    a = np.arange(24, dtype=np.float32).reshape(4, 6)
    views = {"a": a, "t": a.T, "step": a[1:, ::2], "back": a[::-1], "same": np.broadcast_to(a[0], (3, 6)),
             "scalar": np.array(3.5), "number": np.float32(2), "big": a.astype(">f4"), "empty": a[:0]}  # fmt: skip
    assert same(converted(views, tmp_path), views)
    b = mx.array(a)
    arrays = {"a": b, "t": b.T, "step": b[1:, ::2], "scalar": mx.array(2.0), "bool": b > 3}
    assert same(converted(arrays, tmp_path), {key: np.array(value) for key, value in arrays.items()})
    half = {"h": b.astype(mx.bfloat16), "t": b.astype(mx.bfloat16).T, "one": mx.array(1.5, mx.bfloat16)}
    assert same(converted(half, tmp_path), {"h": a, "t": a.T, "one": 1.5})
    assert torch2mlx.load_converted(tmp_path / "w.safetensors", flat=True)["h"].dtype == mx.bfloat16


def test_tensors_that_are_not_plain(tmp_path: Path) -> None:
    x = torch.tensor([[0.0, 1.5, 0.0], [2.0, 0.0, 3.0]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tensors = {
            "coo": x.to_sparse(),
            "csr": x.to_sparse_csr(),
            "coded": torch.quantize_per_tensor(x, 0.5, 1, torch.qint8),
            "conj": torch.complex(x, -x).conj().imag,
        }
        assert same(converted(tensors, tmp_path), dict.fromkeys(tensors, x))
        big = torch.sparse_coo_tensor([[0], [0]], [1.0], (1 << 20, 1 << 20))
        with pytest.raises(torch2mlx.UnsupportedError, match="1 GiB"):
            torch2mlx.convert({"a": big}, tmp_path / "no.safetensors")


def test_nothing_is_copied(tmp_path: Path) -> None:
    a = np.ones((64, 32), np.float32)
    described = {name: (address, extent) for name, _, _, _, _, address, extent, _ in torch2mlx._tensors.describe_all(
        {"a": a, "t": a.T, "part": a[:, ::2], "torch": torch.from_numpy(a).t()})}  # fmt: skip
    assert {address for address, _ in described.values()} == {a.ctypes.data}
    assert described["part"][1] == a.nbytes - a.itemsize
