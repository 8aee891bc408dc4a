"""Names that MLX or Python take for something else: converted, generated, loaded and restored, they stay themselves."""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as mx_nn
import pytest
import torch
from mlx.utils import tree_flatten
from torch import nn

import torch2mlx
from models import LIMIT, distance
from torch2mlx._tensors import to_mlx

NAMES = [
    "_x",
    "__x",
    "_",
    "x_",
    "_Net__layer",
    "lambda",
    "class",
    "update",
    "items",
    "state",
    "1x1",
    "a-b",
    'q"1',
    "01",
    "7",
]


class Named(nn.Module):
    """One member of that name."""

    def __init__(self, name: str, member: Any, *, persistent: bool = True) -> None:
        super().__init__()
        self.named = name
        if isinstance(member, nn.Module):
            self.add_module(name, member)
        elif isinstance(member, nn.Parameter):
            self.register_parameter(name, member)
        else:
            self.register_buffer(name, member, persistent=persistent)

    def member(self) -> Any:
        return {**self._modules, **self._parameters, **self._buffers}[self.named]


class Of(Named):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        made = self.member()(x)
        return made[0] if isinstance(made, tuple) else made


class Channels(Named):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.member()(x.transpose(1, 2)).transpose(1, 2)


class Attention(Named):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.member()(x, x, x, need_weights=False)[0]


class Sum(Named):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.member()


class Each(Named):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.member():
            x = layer(x)
        return x


class Item(nn.Module):
    """A container whose member has that name."""

    def __init__(self, name: str, container: Any) -> None:
        super().__init__()
        self.key, self.container = name, container

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        held = self.container[self.key]
        return held(x) if isinstance(held, nn.Module) else x * held


class All(nn.Module):
    """Every kind of member under one name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        number = lambda *shape: nn.Parameter(torch.randn(shape))  # noqa: E731
        self.parts = nn.ModuleList(
            [
                Of(name, nn.Linear(4, 4)),
                Channels(name, nn.Conv1d(4, 4, 3, padding=1)),
                Channels(name, nn.BatchNorm1d(4)),
                Attention(name, nn.MultiheadAttention(4, 2, batch_first=True)),
                Of(name, nn.LSTM(4, 4, batch_first=True)),
                Of(name, nn.GRU(4, 4, 2, batch_first=True)),
                Sum(name, number(4)),
                Sum(name, torch.randn(4)),
                Sum(name, torch.randn(4), persistent=False),
                Of(name, nn.Sequential(nn.Linear(4, 4), nn.GELU(), nn.Linear(4, 4))),
                Each(name, nn.ModuleList([nn.Linear(4, 4), nn.Linear(4, 4)])),
            ]
        )
        if not hasattr(nn.ModuleDict(), name):
            self.parts.append(Item(name, nn.ModuleDict({name: nn.Linear(4, 4), "other": nn.Conv1d(1, 1, 1)})))
        if not hasattr(nn.ParameterDict(), name):
            self.parts.append(Item(name, nn.ParameterDict({name: number(4)})))
        self.values = nn.ParameterList([number(4), number(4)])
        for parameter in self.parameters():  # biases of attention are zero, weights of norms are one
            nn.init.normal_(parameter, std=0.5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for part in self.parts:
            x = part(x)
        return x * self.values[0] + self.values[1]


def run(model: nn.Module, x: torch.Tensor, folder: Path) -> tuple[Any, dict[str, mx.array]]:
    """The generated code, which gives the model's numbers with what `convert` writes, and these weights. What `restore`
    makes of them is the model's."""
    code = torch2mlx.generate(model, (x,))
    path = torch2mlx.convert(model, folder / "weights.safetensors")
    namespace: dict[str, Any] = {}
    exec(code.source, namespace)
    made = namespace[code.class_name]()
    made.load_weights(str(path), strict=True)
    made.eval()
    for inputs in (x, torch.randn(x.shape[0] + 1, *x.shape[1:])):
        with torch.no_grad():
            assert distance(model(inputs), made(to_mlx(inputs))) <= LIMIT
    saved = code.save(folder / "code")
    loaded = torch2mlx.load_converted(path, flat=True)
    assert (
        set(loaded)
        == {key for key, _ in tree_flatten(made.parameters())}
        == set(mx.load(str(saved / "model.safetensors")))
    )
    assert code.keys == set(loaded)
    for name in ("back.pt", "back.safetensors"):
        restored = torch2mlx.restore(path, folder / name)
        check_same(model, restored)
    check_same(model, torch2mlx.restore(saved_by_mlx(made, folder), folder / "mlx.pt", like=model))
    return code, loaded


def saved_by_mlx(made: mx_nn.Module, folder: Path) -> Path:
    made.save_weights(str(folder / "by_mlx.safetensors"))
    return folder / "by_mlx.safetensors"


def check_same(model: nn.Module, path: Path) -> None:
    if path.suffix == ".pt":
        back = torch.load(path, weights_only=True)
    else:
        from safetensors.torch import load_file

        back = load_file(path)
    wanted = model.state_dict()
    assert set(back) == set(wanted)
    summed = [key for key in wanted if re.search(r"bias_[ih]h_l\d", key)]  # their sum alone is known
    for key, value in wanted.items():
        if key not in summed:
            assert torch.equal(back[key], value), key


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_member(name: str, tmp_path: Path) -> None:
    model = All(name).eval()
    code, _ = run(model, torch.randn(2, 5, 4), tmp_path)
    assert code.verified


def test_names_that_would_meet(tmp_path: Path) -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name in ("bn", "_bn", "bn_", "__bn", "_bn_", "bn__", "__bn__", "bn___"):
                self.add_module(name, nn.Linear(4, 4))
            self.register_buffer("mask", torch.randn(4), persistent=False)
            self.register_buffer("_mask", torch.randn(4), persistent=False)
            self.register_buffer("mask_", torch.randn(4))
            self.register_buffer("Mask", torch.randn(3, 4), persistent=False)
            self.register_buffer("no_grad", torch.randn(4), persistent=False)  # mlx.nn has a _no_grad

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for layer in self.children():
                x = layer(x)
            return x * self.mask + self._mask - self.mask_ + self.Mask.sum(0) * self.no_grad

    _, weights = run(Net().eval(), torch.randn(2, 4), tmp_path)
    assert {"bn.weight", "bn_.weight"} < set(weights)


def test_numbers_beside_names(tmp_path: Path) -> None:
    """MLX takes what is named by numbers alone for a list, whatever has no weights beside it."""

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.add_module("1", nn.Linear(4, 4))
            self.add_module("3", nn.Linear(4, 4))
            self.act = nn.GELU()
            self.register_buffer("scale", torch.randn(4), persistent=False)
            self.register_parameter("4", nn.Parameter(torch.randn(4)))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = self._modules["3"](self.act(self._modules["1"](x)))
            return x * self.scale + self._parameters["4"]

    class Around(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = Net()
            self.heads = nn.ModuleDict({"0": nn.Linear(4, 4), "act": nn.Tanh()})

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.heads["act"](self.heads["0"](self.net(x)))

    run(Net().eval(), torch.randn(2, 4), tmp_path)
    run(Around().eval(), torch.randn(2, 4), tmp_path)


def test_every_name_of_mlx_modules_is_known() -> None:
    names = [name for name in dir(mx_nn.Module) if not name.startswith("_") and name.isidentifier()]
    names += [name for name in keyword.kwlist if not hasattr(nn.Module(), name)]

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.names = [name for name in names if not hasattr(self, name)]
            for name in self.names:
                self.register_buffer(name, torch.randn(4))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for name in self.names:
                x = x * 0.5 + self._buffers[name]
            return x

    assert torch2mlx.generate(Net().eval(), (torch.randn(2, 4),)).verified


def test_the_renaming_is_told(tmp_path: Path) -> None:
    import json

    from torch2mlx import _native
    from torch2mlx.weights import checkpoint

    state = {"_blocks.0._bn.weight": torch.randn(4), "fc.weight": torch.randn(4, 4)}
    report = json.loads(_native.core().analyze(checkpoint(state)))
    assert report["tensors"][0]["outputs"] == ["blocks_.0.bn_.weight"]
    assert any("_blocks.0._bn.weight is blocks_.0.bn_.weight" in note for note in report["notes"])
    path = torch2mlx.convert(state, tmp_path / "w.safetensors")
    assert set(torch2mlx.load_converted(path, flat=True)) == {"blocks_.0.bn_.weight", "fc.weight"}
    back = torch.load(torch2mlx.restore(path, tmp_path / "back.pt"), weights_only=True)
    assert {key: value.tolist() for key, value in back.items()} == {key: value.tolist() for key, value in state.items()}


def test_rules_by_either_name(tmp_path: Path) -> None:
    state = {"_fc.weight": torch.randn(64, 64), "head.weight": torch.randn(64, 64)}
    for pattern in ("_fc", "fc_"):
        how = {"bits": 4, "group_size": 64, "rules": {pattern: {"bits": 8, "group_size": 64}}}
        path = torch2mlx.convert(state, tmp_path / "w.safetensors", quantize=how)
        made = torch2mlx.load_converted(path, flat=True)
        assert made["fc_.weight"].shape == (64, 16)
        assert made["head.weight"].shape == (64, 8)
        assert set(torch.load(torch2mlx.restore(path, tmp_path / "b.pt"), weights_only=True)) == set(state)
