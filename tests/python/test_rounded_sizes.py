"""Sizes that a model rounds: quotients and roots of others, and what it makes of them in Python."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from torch import nn

import torch2mlx
from models import LIMIT, distance
from torch2mlx import whole_sizes

ROUNDED: dict[str, Callable[[Any], Any]] = {
    "ceil": lambda n: math.ceil(n / 3),
    "ceil of a sum": lambda n: math.ceil((n - 3 + 1) / 2),
    "ceil and more": lambda n: math.ceil(n / 3 + 1),
    "floor": lambda n: math.floor(n / 3),
    "trunc": lambda n: math.trunc(n / 3),
    "trunc below zero": lambda n: -math.trunc((2 - n) / 3),
    "int": lambda n: int(n / 3),
    "int of a product": lambda n: int(n * 1.5),
    "int of a float": lambda n: int(float(n) * 2.5),
    "int of a size": lambda n: int(n) // 2,
    "round": lambda n: round(n / 4),
    "round to thirds": lambda n: round(n / 3),
    "round below zero": lambda n: -round(-n / 4),
    "round halves": lambda n: round(n / 2) + round(n * 0.25),
    "root": lambda n: math.ceil(n / 2) + int(n / math.sqrt(n) > 2),
    "abs": lambda n: abs(n - 20),
    "scaled": lambda n: math.floor(n * 0.375 + 0.5),
    "a size by a size": lambda n: math.ceil(4 * n / (n + 1)),
}


class Padded(nn.Module):
    def __init__(self, width: Callable[[Any], Any]) -> None:
        super().__init__()
        self.width = width

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.pad(x, (0, self.width(x.shape[1]))) * 2


def given_or_refused(ours: Any, x: torch.Tensor) -> Any:
    """None: refused by name."""
    try:
        return ours(mx.array(x.numpy()))
    except ValueError as error:
        if "this model was traced with" not in str(error):
            raise
        return None


@pytest.mark.parametrize("name", ROUNDED)
def test_rounded_sizes(name: str) -> None:
    model = Padded(ROUNDED[name])
    code = torch2mlx.generate(model, (torch.randn(2, 13),))
    ours, open_sizes = code.load(), code.call_confidence == "mechanical"
    assert open_sizes or name in ("abs", "root")
    for size in (13, *range(3, 13), 14, 15, 16, 17, 20, 22, 26, 49, 301):
        x = torch.randn(3, size)
        given = given_or_refused(ours, x)
        assert given is not None or not open_sizes
        assert given is None or distance(model(x), given) <= LIMIT


class Same(nn.Module):
    """TensorFlow's padding."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h, w = (max((math.ceil(n / 2) - 1) * 2 + 3 - n, 0) for n in x.shape[-2:])
        return self.conv(nn.functional.pad(x, (w // 2, w - w // 2, h // 2, h - h // 2)))


def test_padding_as_in_tensorflow() -> None:
    model = Same().eval()
    code = torch2mlx.generate(model, (torch.randn(2, 3, 13, 13),))
    assert code.call_confidence == "mechanical"
    for shape in [(1, 3, 9, 10), (4, 3, 16, 17), (2, 3, 30, 8)]:
        x = torch.randn(shape)
        assert distance(model(x), code.load()(mx.array(x.numpy()))) <= LIMIT


@pytest.mark.parametrize("factor", [1.3, 0.1, 1 / 3])
def test_fractions_that_floats_do_not_hold_are_as_in_the_example(factor: float) -> None:
    """ceil(10 * 0.1) is 1, ceil(30 * 0.1) is 4: only floats tell."""
    model = Padded(lambda n: math.ceil(n * factor))
    ours = torch2mlx.generate(model, (torch.randn(2, 10),)).load()
    for size in range(3, 40):
        x = torch.randn(2, size)
        given = given_or_refused(ours, x)
        assert given is None or distance(model(x), given) <= LIMIT
    assert distance(model(torch.ones(2, 10)), ours(mx.ones((2, 10)))) <= LIMIT


class Squares(nn.Module):
    """Tokens of a square image, and back."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        side = int(math.sqrt(x.shape[1]))
        return x.view(x.shape[0], side, side, x.shape[2]).transpose(1, 2).flatten(1, 2)


def test_other_squares_are_right_or_refused_by_name() -> None:
    ours = torch2mlx.generate(Squares(), (torch.randn(2, 16, 6),)).load()
    for shape in [(3, 16, 6), (1, 16, 6)]:
        x = torch.randn(shape)
        assert distance(Squares()(x), ours(mx.array(x.numpy()))) <= LIMIT
    for count in (25, 64):
        with pytest.raises(ValueError, match="this model was traced with"):
            ours(mx.zeros((2, count, 6)))


def test_integers_below_two_to_the_53_are_rounded_as_floats_are() -> None:
    draw = np.random.default_rng(0)
    for _ in range(2000):
        b = int(draw.integers(1, 2 ** int(draw.integers(1, 20))))
        a = int(draw.integers(0, 2 ** int(draw.integers(2, 52)))) * (-1) ** int(draw.integers(0, 2))
        assert whole_sizes._floor(a, b) == math.floor(a / b)
        assert whole_sizes._ceil(a, b) == math.ceil(a / b)
        assert whole_sizes._round(a, b) == round(a / b)
        assert whole_sizes._trunc(a, b) == math.trunc(a / b)


def test_numbers_are_what_they_were_afterwards() -> None:
    before = math.sqrt, torch.SymInt.__truediv__, vars(torch.SymFloat)["__trunc__"]
    torch2mlx.generate(Padded(ROUNDED["int"]), (torch.randn(2, 13),), verify=False)
    assert before == (math.sqrt, torch.SymInt.__truediv__, vars(torch.SymFloat)["__trunc__"])
    assert "int" not in globals()
    assert "len" not in globals()


def test_the_length_of_a_tensor_is_its_first_size() -> None:
    class Token(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.randn(4))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.cat([x, self.weight.expand(len(x), 1, -1)], dim=1)

    model = Token()
    ours = torch2mlx.generate(model, (torch.randn(2, 3, 4),)).load()
    x = torch.randn(5, 7, 4)
    assert distance(model(x), ours(mx.array(x.numpy()))) <= LIMIT
