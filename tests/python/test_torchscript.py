"""Archives of torch.jit.save: the tensors and layers of torch.jit.load, without running anything of them."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
import torch
from torch import nn

import torch2mlx
from torch2mlx import _native


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 6, (3, 2), stride=2)
        self.norm = nn.BatchNorm2d(6)
        self.up = nn.ConvTranspose2d(6, 4, 3, groups=2)
        self.layers = nn.ModuleList([nn.Sequential(nn.Linear(4, 4), nn.ReLU()) for _ in range(2)])
        self.scale = nn.Parameter(torch.randn(1, 4, 1, 1))
        self.register_buffer("table", torch.arange(3.0))
        self.note = torch.ones(7)  # neither parameter nor buffer

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.up(self.norm(self.conv(x))) * self.scale + self.table.sum() + self.note.sum()
        for layer in self.layers:
            h = layer(h.mean((2, 3), keepdim=True).flatten(1))[:, :, None, None]
        return h


@pytest.mark.parametrize("how", ["script", "trace"])
@pytest.mark.filterwarnings("ignore")
def test_as_the_live_module(how: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = Net().eval()
    compiled = torch.jit.script(model) if how == "script" else torch.jit.trace(model, torch.randn(1, 4, 9, 9))
    compiled.save(tmp_path / "in.pt")
    opened = _native.core().open(tmp_path / "in.pt")
    assert opened.format == "TorchScript"
    theirs = torch.jit.load(tmp_path / "in.pt").state_dict()
    assert {name: tuple(shape) for name, _, shape in opened.tensors} == {n: tuple(t.shape) for n, t in theirs.items()}
    torch2mlx.convert(tmp_path / "in.pt", tmp_path / "a.safetensors")
    torch2mlx.convert(model, tmp_path / "b.safetensors")
    a, b = (mx.load(str(tmp_path / f"{name}.safetensors")) for name in "ab")
    assert sorted(a) == sorted(b)
    for name, array in b.items():
        assert mx.array_equal(a[name], array), name


@pytest.mark.filterwarnings("ignore")
def test_groups_that_nothing_tells(tmp_path: Path) -> None:
    model = nn.Sequential(nn.ConvTranspose1d(4, 4, 3, groups=4, bias=False)).eval()
    torch.jit.trace(model, torch.randn(1, 4, 9)).save(tmp_path / "in.pt")
    with pytest.raises(torch2mlx.UnsupportedError, match="groups"):
        torch2mlx.convert(tmp_path / "in.pt", tmp_path / "a.safetensors")
    torch.save(model.state_dict(), tmp_path / "state.pt")
    with pytest.raises(torch2mlx.UnsupportedError, match=r"may be 1 or 4: say ConvTranspose1d,groups=N"):
        torch2mlx.convert(tmp_path / "state.pt", tmp_path / "a.safetensors", layer_types={"0": "ConvTranspose1d"})
    said = {"0": "ConvTranspose1d,groups=4"}
    torch2mlx.convert(tmp_path / "state.pt", tmp_path / "a.safetensors", layer_types=said)
    torch2mlx.convert(model, tmp_path / "b.safetensors")
    a, b = (mx.load(str(tmp_path / f"{name}.safetensors"))["0.weight"] for name in "ab")
    assert np.array_equal(np.array(a), np.array(b))
    with pytest.raises(torch2mlx.InputError, match=r"not followed by ,groups=N"):
        torch2mlx.convert(tmp_path / "state.pt", tmp_path / "a.safetensors", layer_types={"0": "Conv1d,group=4"})


@pytest.mark.filterwarnings("ignore")
def test_frozen_archives_have_no_weights(tmp_path: Path) -> None:
    torch.jit.freeze(torch.jit.script(Net().eval())).save(tmp_path / "in.pt")
    with pytest.raises(torch2mlx.InputError, match="no tensors in the model"):
        torch2mlx.convert(tmp_path / "in.pt", tmp_path / "a.safetensors")


class Standardized(nn.Conv2d):
    """Its forward pass differs, its weight does not."""


def test_subclasses_of_convolutions_keep_their_layout(tmp_path: Path) -> None:
    model = nn.Sequential(Standardized(3, 4, (2, 5)))
    torch2mlx.convert(model, tmp_path / "a.safetensors")
    assert mx.load(str(tmp_path / "a.safetensors"))["0.weight"].shape == (4, 2, 5, 3)
