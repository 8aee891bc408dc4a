"""Branches and numbers that depend on values: right for every value, or refused by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from torch import nn

import torch2mlx
from torch2mlx._tensors import to_mlx

LIMIT = 1e-5
TRACED = "this model was traced with"


class Of(nn.Module):
    """A model of one function; `layer` is for those that want parameters."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Linear(4, 4)
        self.function = function

    def forward(self, *args: torch.Tensor) -> Any:
        return self.function(self.layer, *args)


def x(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*(shape or (3, 4)), generator=torch.Generator().manual_seed(seed))


def code_of(function: Callable[..., Any], *args: torch.Tensor, **options: Any) -> torch2mlx.GeneratedCode:
    return torch2mlx.generate(Of(function).eval(), args, **options)


def compare(code: Any, function: Callable[..., Any], *args: torch.Tensor) -> None:
    with torch.no_grad():
        wanted = Of(function).eval()(*args)
    given = code.load()(*map(to_mlx, args))
    wanted, given = (wanted, given) if isinstance(wanted, tuple) else ((wanted,), (given,))
    for one, other in zip(wanted, given, strict=True):
        assert tuple(one.shape) == tuple(other.shape)
        np.testing.assert_allclose(np.array(other), one.numpy(), atol=LIMIT, rtol=LIMIT)


def refuses(code: Any, *args: torch.Tensor) -> None:
    refuses_it(code.load(), *args)


def refuses_it(loaded: Any, *args: torch.Tensor) -> None:
    with pytest.raises(ValueError, match=TRACED):
        mx.eval(loaded(*map(to_mlx, args)))


# --- branches: (function, example, another way of the same branch, the other branch)

BRANCHES: dict[str, tuple[Callable[..., Any], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]] = {
    "condition": (
        lambda layer, x: x * 2 if x.sum() > 0 else x,
        (torch.ones(3),),
        (torch.full((3,), 2.0),),
        (-torch.ones(3),),
    ),
    "condition that is false": (
        lambda layer, x: x * 2 if x.sum() > 0 else x,
        (-torch.ones(3),),
        (torch.full((3,), -2.0),),
        (torch.ones(3),),
    ),
    "item of an input": (
        lambda layer, x, n: x * 2 if n.item() > 3 else x,
        (torch.ones(3), torch.tensor(5)),
        (torch.ones(3), torch.tensor(4)),
        (torch.ones(3), torch.tensor(1)),
    ),
    "float item": (
        lambda layer, x: x * 2 if x.max().item() > 1.5 else x,
        (torch.full((3,), 2.0),),
        (torch.full((3,), 1.75),),
        (torch.ones(3),),
    ),
    "any": (
        lambda layer, x: x + 1 if (x > 2).any() else x - 1,
        (torch.ones(3),),
        (torch.zeros(3),),
        (torch.full((3,), 3.0),),
    ),
    "all of a mask": (
        lambda layer, x, mask: x if mask.all() else x * mask,
        (torch.ones(3), torch.tensor([True, True, True])),
        (torch.zeros(3), torch.tensor([True, True, True])),
        (torch.ones(3), torch.tensor([True, False, True])),
    ),
    "two numbers": (
        lambda layer, x, n, m: x * 2 if n.item() + m.item() >= 2 * m.item() else x,
        (torch.ones(3), torch.tensor(5), torch.tensor(3)),
        (torch.ones(3), torch.tensor(3), torch.tensor(3)),
        (torch.ones(3), torch.tensor(2), torch.tensor(3)),
    ),
    "number against a size": (
        lambda layer, x, n: x * 2 if n.item() > x.shape[0] else x,
        (torch.ones(3), torch.tensor(5)),
        (torch.ones(4), torch.tensor(5)),
        (torch.ones(3), torch.tensor(3)),
    ),
    "integer that is cut out": (
        lambda layer, x, n: layer(x)[:, : int(n)],
        (x(), torch.tensor(3)),
        (x(5, 4), torch.tensor(3)),
        (x(), torch.tensor(2)),
    ),
    "item that is cut out": (
        lambda layer, x, n: layer(x)[:, : n.item()],
        (x(), torch.tensor(3)),
        (x(5, 4), torch.tensor(3)),
        (x(), torch.tensor(2)),
    ),
    "length from a list": (
        lambda layer, x, n: torch.cat([part.softmax(0) for part in x.split(n.tolist())]),
        (x(6, 4), torch.tensor([2, 4])),
        (x(6, 4, seed=1), torch.tensor([2, 4])),
        (x(6, 4), torch.tensor([3, 3])),
    ),
    "size of a new tensor": (
        lambda layer, x, n: x.sum() + torch.ones(int(n.max())),
        (x(), torch.tensor([1, 3])),
        (x(seed=1), torch.tensor([1, 3])),
        (x(), torch.tensor([1, 2])),
    ),
    "loop": (
        lambda layer, x, n: [x := layer(x) for _ in range(n.item())][-1],
        (x(), torch.tensor(2)),
        (x(seed=1), torch.tensor(2)),
        (x(), torch.tensor(3)),
    ),
    "mask that is read": (
        lambda layer, x, mask: x + mask.nonzero().sum(),
        (x(), torch.tensor([True, False, True])),
        (x(seed=1), torch.tensor([True, False, True])),
        (x(), torch.tensor([True, True, True])),
    ),
    "repeated": (
        lambda layer, x, n: torch.repeat_interleave(torch.arange(2), n).float() + x.sum(),
        (x(), torch.tensor([1, 2])),
        (x(seed=1), torch.tensor([1, 2])),
        (x(), torch.tensor([2, 2])),
    ),
    "grids": (
        lambda layer, x, grid: torch.cat(
            [part.softmax(0) for part in x.split((grid[:, 1] * grid[:, 2]).repeat_interleave(grid[:, 0]).tolist())]
        ),
        (x(16, 4), torch.tensor([[1, 2, 4], [1, 4, 2]])),
        (x(16, 4, seed=1), torch.tensor([[1, 2, 4], [1, 4, 2]])),
        (x(16, 4), torch.tensor([[1, 4, 3], [1, 2, 2]])),
    ),
    "equal tensors": (
        lambda layer, x, y: x * 2 if torch.equal(x, y) else x,
        (torch.ones(3), torch.ones(3)),
        (torch.zeros(3), torch.zeros(3)),
        (torch.ones(3), torch.zeros(3)),
    ),
}


@pytest.mark.parametrize("name", list(BRANCHES))
def test_branches_are_checked(name: str) -> None:
    function, example, same, other = BRANCHES[name]
    code = code_of(function, *example)
    assert code.verified is True
    assert code.call_confidence == "needs_review"
    assert any("test_values.py" in line for line in code.checks)
    assert any("test_values.py" in text for text in code.assumptions)
    compare(code, function, *example)
    compare(code, function, *same)
    refuses(code, *other)


@pytest.mark.parametrize("name", list(BRANCHES))
def test_the_executor_checks_as_the_source_does(name: str) -> None:
    function, example, _, other = BRANCHES[name]
    code = code_of(function, *example)
    from torch2mlx._graph import Executor

    executor = Executor(code.graph)
    inputs = [list(map(to_mlx, call)) for call in (example, other)]
    outputs, _ = executor.run(code.arrays(), inputs[0])
    mx.eval([array for array in outputs if array is not None])
    if all(a.shape == b.shape for a, b in zip(example, other, strict=True)):
        with pytest.raises(torch2mlx.Torch2MLXError, match=TRACED):
            executor.run(code.arrays(), inputs[1])


# --- numbers of the data that stay arrays: right at all values, nothing is checked

NUMBERS: dict[str, tuple[Callable[..., Any], list[tuple[Any, ...]]]] = {
    "divided by the largest": (lambda layer, x: x / x.abs().max().item(), [(x(),), (x(seed=1) * 9,)]),
    "scaled by an item": (
        lambda layer, x, s: layer(x) * s.item(),
        [(x(), torch.tensor(2.0)), (x(), torch.tensor(-3.0))],
    ),
    "shifted by integers": (
        lambda layer, x, n: x + n.item() * 2 - 1,
        [(x(), torch.tensor(3)), (x(), torch.tensor(-2))],
    ),
    "clamped": (
        lambda layer, x: x.clamp(max=x.mean().item()),
        [(x(),), (x(seed=2),)],
    ),
    "filled": (
        lambda layer, x: torch.full((2, 3), x.max().item()) + x.sum(),
        [(x(),), (x(seed=2),)],
    ),
    "powers": (lambda layer, x, n: x.abs() ** n.item(), [(x(), torch.tensor(2.0)), (x(), torch.tensor(0.5))]),
    "less than": (lambda layer, x: (x < x.mean().item()).float(), [(x(),), (x(seed=3),)]),
    "masked": (lambda layer, x: x.masked_fill(x > 0, x.min().item()), [(x(),), (x(seed=3),)]),
    "arithmetic of items": (
        lambda layer, x, n: x * (x.max().item() - x.min().item()) / (n.item() + 1),
        [(x(), torch.tensor(3)), (x(seed=1), torch.tensor(7))],
    ),
}


@pytest.mark.parametrize("name", list(NUMBERS))
def test_numbers_of_the_data_are_computed(name: str) -> None:
    function, calls = NUMBERS[name]
    code = code_of(function, *calls[0])
    for call in calls:
        compare(code, function, *call)
    assert code.checks == []
    assert code.call_confidence == "mechanical"


# --- decisions of parameters and of sizes


class Early(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.layer = nn.Linear(8, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.layer(x)
        if y.mean() > 100:
            return y * 2
        return y


def test_decisions_are_the_examples_in_every_call() -> None:
    model = Early().eval()
    example = torch.randn(2, 8, generator=torch.Generator().manual_seed(1))
    sources = {torch2mlx.generate(model, (example,), verify=False).source for _ in range(4)}
    assert len(sources) == 1
    code = torch2mlx.generate(model, (example,))
    assert "* 2" not in code.source
    refuses(code, example + 1e6 * torch.sign(model.layer.weight.sum(0)))


class Experts(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.router = nn.Linear(8, 3)
        self.experts = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        chosen, y = self.router(x).argmax(-1), torch.zeros_like(x)
        for i, expert in enumerate(self.experts):
            if (chosen == i).any():
                y = torch.where((chosen == i)[:, None], expert(x), y)
        return y


def test_experts_that_were_not_chosen_are_refused() -> None:
    model = Experts().eval()
    for seed in range(4):
        example = torch.randn(2, 8, generator=torch.Generator().manual_seed(seed))
        loaded = torch2mlx.generate(model, (example,)).load()
        refused = 0
        for other in range(40):
            inputs = torch.randn(2, 8, generator=torch.Generator().manual_seed(100 + other))
            try:
                given = np.array(loaded(to_mlx(inputs)))
            except ValueError:
                refuses_it(loaded, inputs)
                refused += 1
                continue
            np.testing.assert_allclose(given, model(inputs).detach().numpy(), atol=LIMIT)
        assert 0 < refused < 40, (seed, refused)


def positions(largest: Callable[[torch.Tensor], torch.Tensor]) -> type[nn.Module]:
    class Positions(nn.Module):
        """Frequencies by length, as of longrope."""

        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.short, self.long = nn.Parameter(torch.randn(4)), nn.Parameter(torch.randn(4))

        def forward(self, ids: torch.Tensor) -> torch.Tensor:
            positions = torch.arange(ids.shape[1])[None]
            length = largest(positions)
            return positions[..., None] * (self.long if length > 16 else self.short) + ids.sum()

    return Positions


@pytest.mark.parametrize(
    "largest",
    [
        lambda positions: torch.max(positions) + 1,
        lambda positions: (positions + 1).max(),
        lambda positions: positions.amax() + 1,
        lambda positions: positions.max().item() + 1,
        lambda positions: (positions.max() + 1).to(torch.int32),
    ],
)
@pytest.mark.parametrize("traced", [9, 20])
def test_branches_on_positions_are_size_checks(largest: Any, traced: int) -> None:
    model = positions(largest)().eval()
    code = torch2mlx.generate(model, (torch.zeros(2, traced, dtype=torch.long),))
    assert code.checks == []
    loaded = code.load()
    for length in (4, 9, 16, 17, 20, 40):
        ids = torch.ones(2, length, dtype=torch.long)
        if (length > 16) == (traced > 16):
            np.testing.assert_allclose(np.array(loaded(to_mlx(ids))), model(ids).detach().numpy(), rtol=LIMIT)
        else:
            with pytest.raises(ValueError, match=TRACED):
                loaded(to_mlx(ids))


def test_branches_on_positions_that_are_given() -> None:
    function = lambda layer, x, positions: x * (2 if positions.max() + 1 > 16 else 3)  # noqa: E731
    example = x(2, 4), torch.arange(4)[None]
    code = code_of(function, *example)
    compare(code, function, x(2, 4, seed=1), torch.arange(12, 16)[None])
    refuses(code, x(2, 4), torch.arange(13, 17)[None])


def test_checks_stand_in_the_module_that_asks() -> None:
    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(4, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = self.layer(x)
            return y / y.abs().max() if y.abs().max() > 1e-3 else y

    class Stack(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.blocks = nn.ModuleList([Block() for _ in range(3)])

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for block in self.blocks:
                x = block(x)
            return x

    model = Stack().eval()
    code = torch2mlx.generate(model, (x(),))
    assert code.source.count("raise ValueError") == 1
    assert "for block in self.blocks" in code.source
    for block in model.blocks:
        nn.init.zeros_(block.layer.bias)
    code = torch2mlx.generate(model, (x(),))
    refuses(code, torch.zeros(3, 4))


def test_a_value_that_is_baked_in_is_seen() -> None:
    """What no trace tells: a number that the model keeps from one call to the next in Python."""

    class Remembers(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if not torch.compiler.is_exporting():
                return x / x.abs().max()
            return x / 2.0  # the example's

    example = torch.tensor([1.0, -2.0, 0.5])
    with pytest.raises(torch2mlx.VerificationError):
        torch2mlx.generate(Remembers(), (example,))


def test_sizes_of_floating_data_are_refused_by_name() -> None:
    with pytest.raises(torch2mlx.UnsupportedError, match=r"test_values\.py"):
        code_of(lambda layer, x: x[x > 0], x())


def test_mlxfn_refuses_values(tmp_path: Path) -> None:
    function, example, _, _ = BRANCHES["condition"]
    code = code_of(function, *example)
    with pytest.raises(torch2mlx.UnsupportedError, match="depends on values"):
        code.export_mlxfn(tmp_path / "model.mlxfn")


def test_exported_programs_check_too(tmp_path: Path) -> None:
    class Model(nn.Module):
        def forward(self, x: torch.Tensor, n: torch.Tensor) -> torch.Tensor:
            torch._check(n.item() == 3)
            return x[:, : n.item()]

    program = torch.export.export(Model(), (x(), torch.tensor(3)))
    torch.export.save(program, tmp_path / "model.pt2")
    code = torch2mlx.generate(tmp_path / "model.pt2")
    np.testing.assert_allclose(np.array(code.load()(to_mlx(x()), mx.array(3))), x()[:, :3].numpy())
    with pytest.raises(ValueError, match=TRACED):
        code.load()(to_mlx(x()), mx.array(2))
