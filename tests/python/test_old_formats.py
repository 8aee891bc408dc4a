"""Checkpoints of before PyTorch 1.6, against what torch.load makes of them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from cli_program import run
from old_files import members, stream, tar

TYPED = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
         torch.uint8, torch.bool, torch.complex64, torch.complex128]  # fmt: skip
UNTYPED = [torch.uint16, torch.uint32, torch.uint64]  # storages without a class; torch.load cannot read its own files
NARROWED = {torch.float64: torch.float32, torch.complex128: torch.complex64}


def state_dict(dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Tensors that share a storage, transposed, offset and empty ones, a scalar."""
    base = torch.arange(24).to(torch.int16).to(dtype)
    return {
        "whole": base,
        "rows": base[6:18].reshape(3, 4),
        "columns": base[6:18].reshape(3, 4).t(),
        "step": base[1::5],
        "scalar": base[7],
        "empty": base[:0],
        "own": base.clone().reshape(2, 12),
    }


def converted(path: Path) -> dict[str, torch.Tensor]:
    run(path, path.parent / "out")
    return load_file(path.parent / "out/model.safetensors")


def same(ours: dict[str, torch.Tensor], reference: dict[str, torch.Tensor]) -> bool:
    assert ours.keys() == reference.keys()
    for name, tensor in reference.items():
        expected = tensor.to(NARROWED.get(tensor.dtype, tensor.dtype))
        assert ours[name].dtype == expected.dtype
        assert ours[name].shape == expected.shape
        assert ours[name].tolist() == expected.tolist()
    return True


def loaded(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of sources that have changed
        return torch.load(path, weights_only=False)


@pytest.mark.parametrize("protocol", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", TYPED)
def test_streams(dtype: torch.dtype, protocol: int, tmp_path: Path) -> None:
    path = stream(state_dict(dtype), tmp_path / "old.pt", protocol)
    ours = converted(path)
    assert same(ours, state_dict(dtype))
    assert same(ours, loaded(path))


@pytest.mark.parametrize("dtype", UNTYPED)
def test_streams_of_untyped_storages(dtype: torch.dtype, tmp_path: Path) -> None:
    assert same(converted(stream(state_dict(dtype), tmp_path / "old.pt")), state_dict(dtype))


@pytest.mark.parametrize("views", [False, True], ids=["plain", "views"])
@pytest.mark.parametrize("protocol", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", [dtype for dtype in TYPED if not dtype.is_complex])
def test_tars(dtype: torch.dtype, protocol: int, views: bool, tmp_path: Path) -> None:
    path = tar(tmp_path / "old.pt", members(state_dict(dtype), protocol, views))
    ours = converted(path)
    assert same(ours, state_dict(dtype))
    assert same(ours, loaded(path))


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5, 3)
        self.block = nn.Sequential(nn.Linear(3, 3), nn.Conv1d(3, 2, 2))
        self.head = nn.Linear(3, 5, bias=False)
        self.head.weight = self.embedding.weight
        self.register_buffer("hidden", torch.ones(2), persistent=False)


@pytest.mark.parametrize("protocol", [2, 4])
@pytest.mark.parametrize("container", ["stream", "tar"])
def test_whole_modules(container: str, protocol: int, tmp_path: Path) -> None:
    model = Tied()
    path = tmp_path / "old.pt"
    stream(model, path, protocol) if container == "stream" else tar(path, members(model, protocol))
    expected = model.state_dict()
    assert same(expected, loaded(path).state_dict())
    del expected["head.weight"]  # tied to the embedding's, written once
    expected["block.1.weight"] = expected["block.1.weight"].transpose(1, 2)  # torch OIW -> MLX OWI
    assert same(converted(path), expected)
    facts = run("inspect", path).stdout
    assert f"torch {container}" in facts
    assert "block.1: torch.nn.modules.conv.Conv1d" in facts


def test_a_nested_checkpoint_with_an_optimizer(tmp_path: Path) -> None:
    model = nn.Linear(3, 2)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    value = {"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict()}
    assert same(converted(stream(value, tmp_path / "old.pt")), model.state_dict())
