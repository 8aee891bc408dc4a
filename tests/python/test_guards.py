"""Branches on sizes: the trace takes one of their ways, and says when it does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from torch import nn

import torch2mlx
from torch2mlx import _native


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


class Few(nn.Module):
    """A condition on sizes together, and far from the example's."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2 if x.shape[0] * x.shape[1] < 1000 else x * 3


class Rest(nn.Module):
    def forward(self, *args: torch.Tensor) -> torch.Tensor:
        return args[1] * 2 if args[1].shape[1] % 4 == 0 else args[1] * 3


class Nested(nn.Module):
    def forward(self, d: Any) -> torch.Tensor:
        return d["aB"] * 2 if d["aB"].shape[1] % 4 == 0 else d["aB"] * d["b"][0].sum()


class Larger(nn.Module):
    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        scale = 2 if max(x.shape[0], y.shape[0] - 3) % 4 == 0 else 3
        return x.sum() * scale + y


class Bits(nn.Module):
    """A condition in bits of a size."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2 if x.shape[1] & 3 == 0 else x * 3


class Counting(nn.Module):
    calls: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        return x * self.calls if x.shape[1] % 4 == 0 else x * 3


class Noisy(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + torch.rand_like(x) if x.shape[1] % 4 == 0 else x * 3


class Harmless(nn.Module):
    """A branch that computes the same either way."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + x if x.shape[1] % 2 == 0 else 2 * x


class Halves(nn.Module):
    """Goes through a size in Python, which torch.export then takes for a number without a word."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        steps = len([None for _ in range(x.shape[1])])
        return x.reshape(x.shape[0], 2, steps // 2).flip(1)


class Chunks(nn.Module):
    """As gated delta rules do: whole chunks, here of eight; torch.export knows of one, in some shapes."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = nn.functional.pad(x, (0, 0, 0, (8 - x.shape[1] % 8) % 8))
        y = y.reshape(y.shape[0], -1, 8, y.shape[2])
        out = torch.zeros_like(y)
        for i in range(y.shape[1]):
            out[:, i] = y[:, i].cumsum(1)
        return (out + y.cumsum(2)).reshape(out.shape[0], -1, out.shape[-1])[:, : x.shape[1]]


def generated(model: nn.Module, size: int) -> Any:
    return torch2mlx.generate(model.eval(), (torch.randn(3, size),))


@pytest.mark.parametrize(
    ("model", "condition", "others", "refused"),
    [
        (Multiples(), "x.shape[1] % 4 == 0", [(1, 8), (5, 4), (2, 20)], [(3, 7), (3, 9), (3, 10)]),
        (Long(), "x.shape[1] * x.shape[1] > 30", [(2, 6), (2, 50)], [(2, 5), (3, 2)]),
        (Few(), "x.shape[1] * x.shape[0] < 1000", [(1, 999), (30, 33)], [(100, 10), (32, 32), (2, 500)]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, nn.Module) else None,
)
def test_sizes_of_another_branch_are_refused(model: nn.Module, condition: str, others: Any, refused: Any) -> None:
    code = generated(model, 8)
    assert any(condition in text and "goes the way" in text for text in code.assumptions)
    assert code.call_confidence == "needs_review"
    ours = code.load()
    for shape in others:
        x = torch.randn(shape)
        assert np.allclose(np.array(ours(mx.array(x.numpy()))), model(x).numpy(), atol=1e-6)
    for shape in refused:
        with pytest.raises(ValueError, match=re.escape(f"this model was traced with {condition}")):
            ours(mx.zeros(shape))


def test_several_conditions_are_all_told() -> None:
    code = generated(Cut(), 8)
    ours = code.load()
    for size in (8, 16):
        x = torch.randn(3, size)
        assert np.allclose(np.array(ours(mx.array(x.numpy()))), Cut()(x).numpy(), atol=1e-6)
    for size in (7, 9, 10):
        with pytest.raises(ValueError, match=r"this model was traced with .*x\.shape\[1\]"):
            ours(mx.zeros((3, size)))


@pytest.mark.parametrize(
    ("model", "args"),
    [
        (Rest(), lambda size: (torch.randn(3, 5), torch.randn(3, size))),
        (Nested(), lambda size: ({"aB": torch.randn(3, size), "b": [torch.randn(2)]},)),
        (Larger(), lambda size: (torch.randn(size, 3), torch.randn(5, 2))),
    ],
    ids=["rest", "nested", "larger"],
)
def test_inputs_are_known_by_their_paths(model: nn.Module, args: Any) -> None:
    code = torch2mlx.generate(model.eval(), args(8))
    ours = code.load()
    for size, fits in ((4, True), (12, True), (9, False), (7, False)):
        given = args(size)
        call = torch.utils._pytree.tree_map(lambda leaf: mx.array(leaf.numpy()), given)
        if fits:
            assert np.allclose(np.array(ours(*call)), model(*given).numpy(), atol=1e-6)
            continue
        with pytest.raises(ValueError, match="this model was traced with"):
            ours(*call)


def test_conditions_that_cannot_be_read_leave_the_traced_sizes() -> None:
    code = generated(Bits(), 8)
    assert any(text.startswith("sizes are those of the example") for text in code.assumptions)
    assert code.call_confidence == "needs_review"
    x = torch.randn(3, 8)
    assert np.allclose(np.array(code.load()(mx.array(x.numpy()))), 2 * x.numpy())
    with pytest.raises(ValueError, match="this model was traced with"):
        code.load()(mx.zeros((3, 9)))
    assert code.load()(mx.zeros((2, 8))).shape == (2, 8)  # of which the condition does not speak


def test_models_with_state_are_limited_untried() -> None:
    code = generated(Counting(), 8)
    assert any("x.shape[1] % 4 == 0" in text for text in code.assumptions)
    assert code.call_confidence == "needs_review"
    ours = code.load()
    ours(mx.zeros((3, 12)))
    with pytest.raises(ValueError, match="this model was traced with"):
        ours(mx.zeros((3, 9)))


def test_models_with_random_numbers_are_limited_untried() -> None:
    code = generated(Noisy(), 8)
    ours = code.load()
    assert ours(mx.zeros((3, 12)), key=mx.random.key(0)).shape == (3, 12)
    with pytest.raises(ValueError, match="this model was traced with"):
        ours(mx.zeros((3, 9)), key=mx.random.key(0))


def test_the_executor_refuses_them() -> None:
    code = generated(Multiples(), 8)
    executor = _native.graph().Executor(code.graph)
    executor.run({}, [mx.zeros((3, 12))])
    with pytest.raises(torch2mlx.InputError) as caught:
        executor.run({}, [mx.zeros((3, 9))])
    assert "x.shape[1] % 4 == 0 does not hold" in str(caught.value)


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
    with pytest.raises(torch2mlx.InputError, match=r"x\.shape\[1\] % 4 == 0 does not hold"):
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
    with pytest.raises(ValueError, match=r"this model was traced with x.shape\[1\] % 4 == 0"):
        code.load()(mx.zeros((3, 9)))


def test_sizes_that_became_numbers_are_told() -> None:
    """MLX would refuse other ones, but in words that say nothing of the model's argument."""
    code = generated(Halves(), 8)
    assert code.assumptions == [
        "sizes are those of the example inputs where the trace has no others",
        "x.shape[1] == 8",
    ]
    assert code.call_confidence == "needs_review"
    x = torch.randn(5, 8)
    assert np.allclose(np.array(code.load()(mx.array(x.numpy()))), Halves()(x).numpy())
    with pytest.raises(ValueError, match=r"this model was traced with x.shape\[1\] == 8"):
        code.load()(mx.zeros((5, 10)))
    plain = torch2mlx.generate(Halves().eval(), (torch.randn(3, 8),), dynamic_shapes=None)
    assert not any(text.startswith("sizes are") for text in plain.assumptions)  # nobody asked for others


def test_shapes_that_the_trace_alone_knows_are_required(tmp_path: Path) -> None:
    code = torch2mlx.generate(Chunks().eval(), (torch.randn(2, 5, 3),))
    assert code.call_confidence == "needs_review"
    ours = code.load()
    for length in (1, 3, 8):
        x = torch.randn(4, length, 3)
        assert np.allclose(np.array(ours(mx.array(x.numpy()))), Chunks()(x).numpy(), atol=1e-6)
    with pytest.raises(ValueError, match=r"this model was traced with .* // 8 == 1"):
        ours(mx.zeros((4, 9, 3)))
    sizes = {"x": {0: torch.export.Dim.AUTO, 1: torch.export.Dim.AUTO}}
    program = torch.export.export(Chunks().eval(), (torch.randn(2, 5, 3),), dynamic_shapes=sizes)
    torch.export.save(program, tmp_path / "model.pt2")
    assert torch2mlx.generate(tmp_path / "model.pt2", verify=False).call_confidence == "needs_review"


def test_a_window_many_times_the_input_is_all_of_it() -> None:
    model = nn.AvgPool2d(64, ceil_mode=True)
    generated = torch2mlx.generate(model, (torch.randn(2, 3, 4, 5),)).load()
    x = torch.randn(2, 3, 33, 64)
    np.testing.assert_allclose(np.array(generated(mx.array(x.numpy()))), model(x).numpy(), atol=1e-6)
    with pytest.raises(ValueError, match="this model was traced with"):
        generated(mx.zeros((2, 3, 65, 5)))


class Careful(nn.Module):
    """As UNets of diffusers: copies what is large, which changes nothing, beside sides of whole blocks."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.shape[0] >= 64:
            x = x.contiguous()
        if x.numel() * 32 > 2**31:
            x = x.contiguous()
        y = nn.functional.interpolate(x, scale_factor=2.0)
        return y if x.shape[2] % 8 == 0 and x.shape[3] % 8 == 0 else y[..., 1:]


class Huge(nn.Module):
    """Computes something else at sizes that nobody can try."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2 if x.numel() * 32 <= 2**31 else x * 3


def test_limits_that_change_nothing_are_not_told() -> None:
    code = torch2mlx.generate(Careful(), (torch.randn(2, 4, 8, 8),))
    assert "63" not in code.source
    assert "2147483648" not in code.source
    assert "% 8" in code.source
    x = torch.randn(70, 4, 8, 16)
    assert np.allclose(np.array(code.load()(mx.array(x.numpy()))), Careful()(x).numpy())


def test_limits_that_nobody_can_try_are_kept_where_the_model_goes_another_way() -> None:
    assert "2147483648" in torch2mlx.generate(Huge(), (torch.randn(2, 4),)).source
