"""Tensors and modules that several owners share: written once, called from everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import nn

import torch2mlx
from test_names import run


class Block(nn.Module):
    def __init__(self, shared: nn.Module) -> None:
        super().__init__()
        self.shared, self.fc = shared, nn.Linear(8, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.shared(x)).relu()


class Blocks(nn.Module):
    """The shared module is the root's, or the first block's."""

    def __init__(self, shared: nn.Module, count: int = 3, *, of_root: bool = True) -> None:
        super().__init__()
        if of_root:
            self.shared = shared
        self.blocks = nn.ModuleList([Block(shared) for _ in range(count)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.blocks:
            x = block(x)
        return x


class Position(nn.Module):
    """As CoaT's ConvPosEnc: a module of several parts."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(8, 8, 3, padding=1, groups=8)
        self.scale = nn.Parameter(torch.randn(8))
        self.register_buffer("table", torch.randn(8), persistent=False)
        self.norm = nn.LayerNorm(8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(x + self.conv(x.transpose(1, 2)).transpose(1, 2).tanh() * self.scale + self.table)


class Rotary(nn.Module):
    """Buffers alone."""

    def __init__(self, *, persistent: bool) -> None:
        super().__init__()
        self.register_buffer("_frequencies", torch.rand(8), persistent=persistent)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        angles = torch.arange(x.shape[1], dtype=x.dtype)[:, None] * self._frequencies
        return x * angles.cos() + x.flip(-1) * angles.sin()


class SelfAttention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.att = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.att(x, x, x, need_weights=False)[0]


class Recurrent(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(8, 8, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rnn(x)[0]


SHARED = {
    "linear": lambda: nn.Linear(8, 8),
    "sequential": lambda: nn.Sequential(nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 8)),
    "position": Position,
    "rotary": lambda: Rotary(persistent=True),
    "rotary_hidden": lambda: Rotary(persistent=False),
    "attention": SelfAttention,
    "recurrent": Recurrent,
    "block": lambda: Block(nn.LayerNorm(8)),
}


@pytest.mark.parametrize("of_root", [True, False])
@pytest.mark.parametrize("kind", list(SHARED))
def test_shared_by_blocks(kind: str, of_root: bool, tmp_path: Path) -> None:
    model = Blocks(SHARED[kind](), of_root=of_root).eval()
    _code, weights = run(model, torch.randn(2, 5, 8), tmp_path)
    once = {key for key in weights if "shared" in key}
    assert all(re.match("shared" if of_root else r"blocks\.0\.shared", key) for key in once)


def test_a_shared_module_is_handed_in_whole() -> None:
    source = torch2mlx.generate(Blocks(Position()).eval(), (torch.randn(2, 5, 8),)).source
    assert "for block in self.blocks:" in source
    assert "x = block(x, self.shared)" in source
    assert "def __call__(self, x, shared):" in source
    assert "shared(x)" in source


class Twice(nn.Module):
    """One module under two names, either of which may be called."""

    def __init__(self, member: nn.Module, called: str) -> None:
        super().__init__()
        self.a = member
        self.b = self.a
        self.called = called

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for name in self.called:
            member = getattr(self, name)
            x = member(x, x, x)[0] if isinstance(member, nn.MultiheadAttention) else member(x)
            x = x[0] if isinstance(x, tuple) else x
        return x


@pytest.mark.parametrize("called", ["a", "b", "ab"])
@pytest.mark.parametrize("kind", ["attention", "lstm", "gru", "linear", "conv", "sequential"])
def test_two_names(kind: str, called: str, tmp_path: Path) -> None:
    member = {
        "attention": lambda: nn.MultiheadAttention(8, 2, batch_first=True),
        "lstm": lambda: nn.LSTM(8, 8, 2, batch_first=True),
        "gru": lambda: nn.GRU(8, 8, batch_first=True),
        "linear": lambda: nn.Linear(8, 8),
        "conv": lambda: nn.Conv1d(5, 5, 3, padding=1),
        "sequential": lambda: nn.Sequential(nn.Linear(8, 8), nn.Tanh()),
    }[kind]()
    _, weights = run(Twice(member, called).eval(), torch.randn(2, 5, 8), tmp_path)
    assert all(key.startswith("a.") for key in weights)


class Filters(nn.Module):
    """Its filters are in no layer of the table; the model knows how they are used."""

    def __init__(self) -> None:
        super().__init__()
        self._filters = nn.Parameter(torch.randn(6, 1, 4))


def test_two_names_of_a_module_that_is_no_layer(tmp_path: Path) -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = nn.Module()
            self.encoder.bank = Filters()
            self.bank = self.encoder.bank

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return nn.functional.conv1d(x, self.bank._filters)

    run(Net().eval(), torch.randn(2, 1, 20), tmp_path)


def test_parameters_of_one_module_read_by_others(tmp_path: Path) -> None:
    class Reader(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(8, 8)

        def forward(self, x: torch.Tensor, table: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
            return self.fc(x + table) * scale

    class Owner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self._table = nn.Parameter(torch.randn(8))
            self.register_buffer("lambda", torch.randn(8))
            self.readers = nn.ModuleList([Reader() for _ in range(3)])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for reader in self.readers:
                x = reader(x, self._table, self._buffers["lambda"])
            return x

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rope = Owner()
            self.readers = nn.ModuleList([Reader() for _ in range(2)])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for reader in self.readers:
                x = reader(x, self.rope._table, self.rope._buffers["lambda"])
            return self.rope(x)

    run(Net().eval(), torch.randn(2, 5, 8), tmp_path)


def test_weights_of_some_of_a_module_are_shared(tmp_path: Path) -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = (nn.MultiheadAttention(8, 2, batch_first=True) for _ in range(2))
            self.b.in_proj_weight = self.a.in_proj_weight
            self.first, self.second = nn.Linear(8, 8), nn.Linear(8, 8)
            self.second.weight = self.first.weight

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = self.b(self.a(x, x, x)[0], x, x)[0]
            return self.second(self.first(x))

    run(Net().eval(), torch.randn(2, 5, 8), tmp_path)
