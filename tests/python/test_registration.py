"""Layers and operators that users add to the tables."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import torch2mlx
from torch2mlx import UnsupportedError, _native
from torch2mlx._tensors import to_mlx, to_torch

LIBRARY = torch.library.Library("registered", "FRAGMENT")


def define(name: str, schema: str, meaning: Callable[..., Any]) -> Any:
    """The operator registered::NAME, whose shapes are learnt by running it."""
    LIBRARY.define(f"{name}{schema}")
    LIBRARY.impl(name, meaning, "CompositeExplicitAutograd")
    return getattr(torch.ops.registered, name)


class Calls(nn.Module):
    """Any number of arguments given to an operator, and other literals behind them."""

    def __init__(self, op: Any, *literals: Any) -> None:
        super().__init__()
        self.op, self.literals = op, literals

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.op(*inputs, *self.literals)


def agrees(model: nn.Module, *calls: tuple[torch.Tensor, ...]) -> None:
    """Generated code, traced on the first call, and the executor give PyTorch's numbers on all of them."""
    code = torch2mlx.generate(model, calls[0])
    assert code.verified
    generated, executor = code.load(), _native.graph().Executor(code.graph)
    for inputs in calls:
        arrays = [to_mlx(x) for x in inputs]
        wanted = torch.utils._pytree.tree_leaves(model(*inputs))
        for given in (torch.utils._pytree.tree_leaves(generated(*arrays)), executor.run({}, arrays)[0]):
            assert len(given) == len(wanted)
            assert all(torch.allclose(to_torch(a), b, atol=1e-6) for a, b in zip(given, wanted, strict=True))


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def test_arguments_come_in_the_schemas_order_with_defaults() -> None:
    schema = "(Tensor x, Tensor? y, *, float by=2, int[2] pads=0, Device? device=None, str how='up') -> Tensor"
    op = define("scaled", schema, lambda x, y, by=2.0, pads=(0, 0), device=None, how="up": x * by)
    seen = []

    def lowering(mx: Any, *args: Any) -> Any:
        seen.append(args[1:])
        return args[0] * args[2]

    torch2mlx.register_lowering("registered::scaled.default", lowering)
    agrees(Calls(op, None), (normal(2, 3),), (normal(4, 1),))
    assert set(map(str, seen)) == {"(None, 2.0, [0, 0], 'up')"}


def test_sizes_that_vary() -> None:
    op = define("halves", "(Tensor x) -> (Tensor, Tensor)", lambda x: (x[:, : x.shape[1] // 2] * 2, 1 - x.flatten()))

    def lowering(mx: Any, x: Any) -> Any:
        n, length = x.shape
        first = mx("slice", x, 1, 0, length // 2)
        return first + first, 1 - mx("reshape", x, [n * length])

    torch2mlx.register_lowering("registered::halves", lowering)
    agrees(Calls(op), (normal(2, 6),), (normal(3, 9),), (normal(1, 4),))


def test_lists_of_tensors_and_integers() -> None:
    op = define(
        "joined", "(Tensor[] parts, int axis) -> Tensor[]", lambda parts, axis: [torch.cat(parts, axis), parts[0] + 1]
    )
    torch2mlx.register_lowering(
        "registered::joined", lambda mx, parts, axis: [mx("concatenate", parts, axis=axis), parts[0] + 1]
    )

    class Joined(nn.Module):
        def forward(self, x: torch.Tensor, y: torch.Tensor) -> Any:
            return op([x, y], 1)

    agrees(Joined(), (normal(2, 3), normal(2, 4)), (normal(5, 2), normal(5, 3)))


def test_composite_operators_stay_whole() -> None:
    LIBRARY.define("whole(Tensor x) -> Tensor")
    LIBRARY.impl("whole", lambda x: x * torch.sigmoid(x), "CompositeImplicitAutograd")
    torch2mlx.register_lowering("registered::whole", lambda mx, x: mx("silu", x))
    code = torch2mlx.generate(Calls(torch.ops.registered.whole), (normal(2, 3),))
    assert code.verified
    assert "silu" in code.source


def test_archives(tmp_path: Path) -> None:
    op = define("doubled", "(Tensor x) -> Tensor", lambda x: x * 2)
    program = torch.export.export(Calls(op), (normal(2, 3),))
    torch.export.save(program, tmp_path / "program.pt2")
    with pytest.raises(
        UnsupportedError, match=r"registered.doubled.default has no MLX lowering: torch2mlx.register_low"
    ):
        torch2mlx.generate(tmp_path / "program.pt2")
    torch2mlx.register_lowering("registered::doubled", lambda mx, x: x + x)
    x = normal(2, 3)
    assert torch.equal(to_torch(torch2mlx.generate(tmp_path / "program.pt2").load()(to_mlx(x))), 2 * x)


def test_what_may_write_to_its_arguments_is_never_left_out(tmp_path: Path) -> None:
    def meaning(x: torch.Tensor) -> None:
        x.add_(1)

    bump = define("bump", "(Tensor(a!) x) -> ()", meaning)

    class Bumped(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = x * 2
            bump(y)
            return y

    torch.export.save(torch.export.export(Bumped(), (normal(2, 3),)), tmp_path / "program.pt2")
    with pytest.raises(
        UnsupportedError, match=r"test_registration.py:\d+.*registered.bump.default has no MLX lowering"
    ):
        torch2mlx.generate(tmp_path / "program.pt2")
    with pytest.raises(
        UnsupportedError, match=r"test_registration.py:\d+\): registered.bump.default writes to its arguments"
    ):
        torch2mlx.generate(Bumped(), (normal(2, 3),))


KEPT: list[Any] = []


def keeping(mx: Any, x: Any) -> Any:
    KEPT.append(x)
    return KEPT[0]


# What a lowering of registered::wrong(Tensor x) -> Tensor, which gives x, does wrong, and what is said of it.
WRONG: dict[str, tuple[Callable[..., Any], str]] = {
    "nothing": (lambda mx, x: None, "gives 0 results where PyTorch has 1"),
    "number": (lambda mx, x: 3, "gives a number where PyTorch has a tensor"),
    "size": (lambda mx, x: x.shape[0], "gives a number where PyTorch has a tensor"),
    "two": (lambda mx, x: (x, x), "gives 2 results where PyTorch has 1"),
    "shape": (lambda mx, x: mx("transpose", x, axes=(1, 0)), "gives shape ["),
    "object": (lambda mx, x: object(), "a object is nothing that a graph holds"),
    "torch": (lambda mx, x: torch.relu(x), "raised TypeError: relu(): argument 'input'"),
    "raises": (lambda mx, x: x.nope, "raised AttributeError: 'Value' object has no attribute 'nope' ("),
    "refuses": (lambda mx, x: mx.refuse("MLX has no such thing"), "registered.wrong.default: MLX has no such thing"),
    "kept": (keeping, "a value of another call of the lowering is used"),
    "op": (lambda mx, x: mx("nope", x), "'nope' is no op of the table"),
    "count": (lambda mx, x: mx("abs", x, x), "abs(a): 2 arguments were given"),
    "name": (lambda mx, x: mx("softmax", x, dim=1), "softmax(a, axis): there is no 'dim'"),
    "twice": (lambda mx, x: mx("softmax", x, 1, axis=1), "softmax(a, axis): 'axis' was given twice"),
    "missing": (lambda mx, x: mx("softmax", x), "softmax(a, axis): 'axis' is missing"),
    "kind": (lambda mx, x: mx("softmax", x, "last"), "MLX op 'softmax' does not take these arguments"),
    "axis": (lambda mx, x: mx("softmax", x, mx.axis(x, 2)), "axis 2 is out of range for 2 dimensions"),
    "dtype": (lambda mx, x: mx("astype", x, "float33"), "'float33' is no dtype of MLX"),
    "sizes": (lambda mx, x: x.shape[0] / 2, "sizes are divided by //"),
    "wide": (lambda mx, x: x * 2**70, "raised"),
}


@pytest.fixture(scope="session")
def wrong() -> nn.Module:
    class Twice(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return op(op(x))

    op = define("wrong", "(Tensor x) -> Tensor", lambda x: x.clone())
    return Twice()


@pytest.mark.parametrize("how", WRONG)
def test_lowerings_that_are_wrong(how: str, wrong: nn.Module) -> None:
    lowering, words = WRONG[how]
    torch2mlx.register_lowering("registered::wrong", lowering, override=True)
    with pytest.raises(UnsupportedError) as caught:
        torch2mlx.generate(wrong, (normal(2, 3),))
    assert words in str(caught.value)
    assert "test_registration.py:" in str(caught.value)


def test_wrong_numbers_are_found(wrong: nn.Module) -> None:
    torch2mlx.register_lowering("registered::wrong", lambda mx, x: x * 1.5, override=True)
    with pytest.raises(torch2mlx.VerificationError):
        torch2mlx.generate(wrong, (normal(2, 3),))


def test_other_exceptions_pass(wrong: nn.Module) -> None:
    def stopping(mx: Any, x: Any) -> Any:
        raise KeyboardInterrupt

    torch2mlx.register_lowering("registered::wrong", stopping, override=True)
    with pytest.raises(KeyboardInterrupt):
        torch2mlx.generate(wrong, (normal(2, 3),))


def test_a_builder_that_outlives_its_call(wrong: nn.Module) -> None:
    torch2mlx.register_lowering("registered::wrong", lambda mx, x: KEPT.extend((mx, x)) or x, override=True)
    KEPT.clear()
    torch2mlx.generate(wrong, (normal(2, 3),))
    builder, value = KEPT[:2]
    for use in (lambda: builder("abs", value), lambda: value + 1, lambda: value.shape, lambda: builder.note("late")):
        with pytest.raises(torch2mlx.InputError, match="after the lowering has returned"):
            use()


def test_rows_of_pytorchs_own_operators() -> None:
    """In a process of its own, since a replaced row stays replaced."""
    program = """
import torch, torch2mlx
relu = torch.nn.ReLU()
torch2mlx.register_lowering("aten::relu", lambda mx, x: mx("maximum", x, 0), override=True)
print(torch2mlx.generate(relu, (torch.randn(2, 3),)).source)
try:
    torch2mlx.register_lowering("aten::silu", lambda mx, x: x)
except torch2mlx.InputError as error:
    print(error)
"""
    command = [sys.executable, "-c", program]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    assert "mx.maximum(input_, 0)" in printed
    assert "aten.silu.default: has a lowering already (hint: override=True replaces it)" in printed


class Turned(nn.Module):
    """A convolution whose kernel is kept as HWIO."""

    def __init__(self, inputs: int, outputs: int, kernel: int, groups: int = 1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(kernel, kernel, inputs // groups, outputs))
        self.bias = nn.Parameter(torch.randn(outputs))
        self.groups = groups

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.conv2d(x, self.weight.permute(3, 2, 0, 1), self.bias, groups=self.groups)


class Scaled(nn.Module):
    """More parameters than the convolution has: bare ones in its layout."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 3, 3, 3))
        self.gain = nn.Parameter(torch.randn(4, 1, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return nn.functional.conv2d(x, self.weight * self.gain)


class Doubled(nn.Linear):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x) * 2


OIHW = (0, 2, 3, 1)
LAYERS: dict[str, tuple[nn.Module, dict[str, Any], tuple[int, ...], str]] = {
    "turned": (Turned(4, 6, 3), {"mlx": "nn.Conv2d", "permute": {"weight": (3, 0, 1, 2)}}, (4, 8, 8), "nn.Conv2d("),
    "scaled": (Scaled(), {"permute": {"weight": OIHW, "gain": OIHW}}, (3, 8, 8), "mx.conv2d("),
    "doubled": (Doubled(3, 4), {"mlx": "nn.Linear"}, (3,), "nn.Linear(3, 4)"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers(name: str, tmp_path: Path) -> None:
    layer, row, shape, words = LAYERS[name]
    torch2mlx.register_layer(type(layer), **row)
    model, x = nn.Sequential(layer), normal(2, *shape)
    code = torch2mlx.generate(model, (x,))
    assert code.verified
    assert words in code.source
    assert code.coverage_metrics.registry_coverage == 1
    path = torch2mlx.convert(model, tmp_path / "w.safetensors")
    for key, axes in row.get("permute", {}).items():
        array = torch2mlx.load_converted(path, flat=True)[f"0.{key}"]
        assert torch.equal(to_torch(array), model.state_dict()[f"0.{key}"].permute(axes))
    mlx_model = code.load()
    mlx_model.load_weights(str(path), strict=True)
    assert torch.allclose(to_torch(mlx_model(to_mlx(x))), model(x), atol=1e-5)
    back = torch.load(torch2mlx.restore(path, tmp_path / "back.pt"))
    assert all(torch.equal(back[key], value) for key, value in model.state_dict().items())


def test_state_dicts_say_which_layer_they_are_of(tmp_path: Path) -> None:
    torch2mlx.register_layer("registered.Kernel", permute={"weight": (1, 2, 0)})
    weight = normal(2, 3, 4)
    path = torch2mlx.convert({"a.weight": weight}, tmp_path / "w", layer_types={"a": "registered.Kernel"})
    assert torch.equal(to_torch(torch2mlx.load_converted(path, flat=True)["a.weight"]), weight.permute(1, 2, 0))
    with pytest.raises(UnsupportedError, match=r"rank 2, but Kernel.weight has rank 3"):
        torch2mlx.convert({"a.weight": normal(2, 3)}, tmp_path / "w", layer_types={"a": "registered.Kernel"})


def test_a_wrong_layout_gives_no_wrong_numbers(tmp_path: Path) -> None:
    class Wrong(nn.Conv2d):
        pass

    torch2mlx.register_layer(Wrong, "nn.Conv2d", {"weight": (1, 2, 3, 0)})
    model, x = nn.Sequential(Wrong(3, 3, 3)), normal(2, 3, 8, 8)
    code = torch2mlx.generate(model, (x,))
    assert code.verified
    mlx_model = code.load()
    mlx_model.load_weights(str(torch2mlx.convert(model, tmp_path / "w.safetensors")), strict=True)
    assert torch.allclose(to_torch(mlx_model(to_mlx(x))), model(x), atol=1e-5)
