"""Branches on sizes: the trace takes one of their ways, and says when it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from torch import nn

import torch2mlx
from torch2mlx.guards import Guard, UnknownError, parsed


class Multiples(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2 if x.shape[1] % 4 == 0 else x * 3


class Cut(nn.Module):
    """A sound padded to whole frames, and cut to its length again where that is less."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        frames = (x.shape[1] + 7) // 8
        y = nn.functional.pad(x, (0, frames * 8 - x.shape[1])).cumsum(1)
        return y[:, : x.shape[1]] if x.shape[1] < y.shape[1] else y


class Notes(nn.Module):
    """Remembers the last size it was called with, and computes by it."""

    def __init__(self) -> None:
        super().__init__()
        self.window = 8

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.shape[1] < 8:
            self.window = x.shape[1]
        return x[:, : self.window] * 2


class Masked(nn.Module):
    def forward(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        if tokens.shape[1] > mask.shape[1]:
            return tokens * 0.0
        return tokens * mask[:, : tokens.shape[1]]


class Long(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2 if x.shape[1] * x.shape[1] > 30 else x * 3


class Harmless(nn.Module):
    """A branch that computes the same either way."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + x if x.shape[1] % 2 == 0 else 2 * x


def generated(model: nn.Module, size: int) -> Any:
    return torch2mlx.generate(model.eval(), (torch.randn(3, size),))


@pytest.mark.parametrize("model", [Multiples(), Cut()], ids=["multiples", "cut"])
def test_sizes_of_another_branch_are_refused(model: nn.Module) -> None:
    code = generated(model, 8)
    assert any("x.shape[1]" in text and "goes the way" in text for text in code.assumptions)
    assert code.call_confidence == "needs_review"
    ours = code.load()
    for batch in (1, 5):
        x = torch.randn(batch, 8)
        assert np.allclose(np.array(ours(mx.array(x.numpy()))), model(x).numpy(), atol=1e-6)
    for size in (7, 9, 10):
        with pytest.raises(ValueError, match=r"this model was traced with x.shape\[1\] == 8"):
            ours(mx.zeros((3, size)))


def test_a_branch_at_some_length_leaves_a_limit() -> None:
    ours = generated(Long(), 8).load()
    for size in (6, 8, 50):
        x = torch.randn(2, size)
        assert np.allclose(np.array(ours(mx.array(x.numpy()))), 2 * x.numpy())
    with pytest.raises(ValueError, match=r"this model was traced with x.shape\[1\] >= 6"):
        ours(mx.zeros((2, 5)))


def test_the_model_is_not_changed_by_being_tried() -> None:
    model = Notes().eval()
    torch2mlx.generate(model, (torch.randn(3, 9),))
    assert model.window == 8


def test_sizes_that_are_one_stay_open() -> None:
    code = torch2mlx.generate(Masked().eval(), (torch.randn(3, 9), torch.ones(3, 9)))
    assert not any("goes the way" in text for text in code.assumptions)
    ours = code.load()
    for length in (4, 9, 17):
        x, mask = torch.randn(2, length), torch.rand(2, length)
        given = ours(mx.array(x.numpy()), mx.array(mask.numpy()))
        assert np.allclose(np.array(given), Masked()(x, mask).numpy(), atol=1e-6)


def test_branches_that_make_no_difference_keep_sizes_open() -> None:
    code = generated(Harmless(), 8)
    assert not any("goes the way" in text for text in code.assumptions)
    ours = code.load()
    for size in (2, 7, 8, 13):
        x = torch.randn(2, size)
        assert np.allclose(np.array(ours(mx.array(x.numpy()))), Harmless()(x).numpy(), atol=1e-6)


def test_functions_in_files_refuse_them_too(tmp_path: Path) -> None:
    code = generated(Multiples(), 8)
    with pytest.raises(torch2mlx.InputError, match="is always 8"):
        code.export_mlxfn(tmp_path / "model.mlxfn", shapes=[{"x": (3, 9)}])


def test_exported_programs_tell_what_they_are_for(tmp_path: Path) -> None:
    sizes = {"x": {0: torch.export.Dim.AUTO, 1: torch.export.Dim.AUTO}}
    program = torch.export.export(Multiples().eval(), (torch.randn(3, 8),), dynamic_shapes=sizes)
    torch.export.save(program, tmp_path / "model.pt2")
    code = torch2mlx.generate(tmp_path / "model.pt2", verify=False)
    assert any("`x.shape[1] % 4 == 0`" in text for text in code.assumptions)
    assert code.call_confidence == "needs_review"
    x = torch.randn(5, 8)
    assert np.allclose(np.array(code.load()(mx.array(x.numpy()))), 2 * x.numpy())
    with pytest.raises(ValueError, match=r"this model was traced with x.shape\[1\] == 8"):
        code.load()(mx.zeros((3, 9)))


SHAPES = {"x": [3, 8], "past.0": [2, 5]}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("(L['x'].size()[1] % 4) == 0", True),
        ("L['x'].size()[0] >= 4 or L['past'][0].size()[1] == 5", True),
        ("not max(1, -L['x'].size()[1] + 2*(L['x'].size()[0] // 2)) < 2", False),
        ("L['x'].size()[0]**2 != 9", False),
        ("L['x'].size()[1] / 2 > 3.5 and min(L['x'].size()[0], 1) <= 1", True),
    ],
)
def test_conditions_are_computed(text: str, holds: bool) -> None:
    assert Guard(text).holds(SHAPES) is holds


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true') == 0",
        "L['y'].size()[0] == 1",
        "L['x'].size()[7] == 1",
        "L['x'].dtype == 1",
        "[x for x in (1, 2)] == 3",
        "L['x'].size()[1] % 0 == 0",
        "2**L['x'].size()[1]**9 == 0",
        "1 < L['x'].size()[0] < 3",
        "((9**7)**7)**7 == 0",
        "(lambda: 1)() == 1",
    ],
)
def test_whatever_else_stands_there_is_not_run(text: str) -> None:
    with pytest.raises(UnknownError):
        Guard(text).holds(SHAPES)


def test_what_is_no_python_is_left_out() -> None:
    texts = ["1 +", "L['x'].size()[0] == 3", "(" * 10_000, "-" * 10_000 + "1", "\0"]
    assert [guard.text for guard in parsed(texts)] == [texts[1]]
