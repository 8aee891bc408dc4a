"""Every lowering against eager torch: values, dtype and shape, as executed by the library and by its Python source."""

from __future__ import annotations

import functools
import json
import operator
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from torch.utils import _pytree as pytree

import op_program
import torch2mlx
from op_case import TOLERANCE, Row
from op_samples import ROWS
from seeds import SEED
from torch2mlx import _native
from torch2mlx._tensors import to_mlx, to_torch
from torch2mlx.capture import capture

FIXED_SEED = 20_260
# What MLX holds a dtype as, where it is another (base/dtype.cpp).
HELD = {torch.float64: torch.float32, torch.complex128: torch.complex64}
# Results of a call in float64, or none.
Exact = Callable[[], list[torch.Tensor]]


def seed_of(row: Row, number: int, base: int) -> int:
    return zlib.crc32(f"{row.op} {number} {base}".encode())


def runnable(row: Row, number: int, dtype: torch.dtype, base: int) -> bool:
    """Whether eager torch computes this call at this dtype."""
    args, kwargs = row.calls[number].make(dtype, seed_of(row, number, base))
    try:
        op_program.overload(row.op)(*args, **kwargs)
    except (RuntimeError, NotImplementedError, IndexError):
        return False
    return True


def cases(*, random: bool) -> list[Any]:
    found = []
    for row in (row for row in ROWS.values() if row.random == random):
        for number, sample in enumerate(row.calls):
            dtypes = [d for d in sample.dtypes or row.dtypes if runnable(row, number, d, FIXED_SEED)]
            assert dtypes, f"{row.op}: eager torch refuses sample {number} at every dtype"
            refused = set(sample.dtypes) - set(dtypes)
            assert not refused, f"{row.op}: eager torch refuses sample {number} at {refused}, which it states"
            for dtype in dtypes:
                name = f"{row.op}-{number}-{str(dtype).removeprefix('torch.')}"
                found.append(pytest.param(row, number, dtype, id=name))
    return found


CASES, DRAWS = cases(random=False), cases(random=True)
NUMBERS = {op: row for op, row in ROWS.items() if not row.random}


def build(row: Row, number: int, dtype: torch.dtype, base: int) -> op_program.Program:
    args, kwargs = row.calls[number].make(dtype, seed_of(row, number, base))
    return op_program.program(row.op, args, kwargs, row.results)


def in_float64(row: Row, number: int, dtype: torch.dtype, base: int) -> list[torch.Tensor]:
    """What the call gives where rounding hardly counts; nothing where eager torch does not compute it."""

    def wide(value: Any) -> Any:
        return value.double() if isinstance(value, torch.Tensor) and value.is_floating_point() else value

    args, kwargs = pytree.tree_map(wide, row.calls[number].make(dtype, seed_of(row, number, base)))
    try:
        results = op_program.overload(row.op)(*args, **kwargs)
    except (RuntimeError, NotImplementedError):
        return []
    return [leaf for leaf in pytree.tree_leaves(results) if leaf is not None]


def check(program: op_program.Program, tolerance: dict[torch.dtype, float], *, exact: Exact | None = None) -> None:
    for results, place in runs(program):
        compare(program, results, tolerance, place, exact=exact)


def runs(program: op_program.Program) -> Iterator[tuple[list[Any], str]]:
    """(results, how they were computed): as lowered, after the passes, by the generated source."""
    lowered = program.graph.lower()
    optimized = lowered.optimized()
    inputs = [to_mlx(tensor) for tensor in program.inputs]
    keys = {lowered.key: mx.random.key(FIXED_SEED)} if lowered.key else {}
    for graph, place in ((lowered, "as lowered"), (optimized, "after the passes")):
        yield _native.graph().Executor(graph).run({}, [*inputs, *keys.values()])[0], f"{place}:\n{graph}"
    source = optimized.source("Op", "Op", []).text
    yield run_source(source, inputs, **keys), source


def run_source(source: str, inputs: list[mx.array], **keys: mx.array) -> list[mx.array]:
    namespace: dict[str, Any] = {"__name__": "model"}
    exec(compile_source(source), namespace)
    results = namespace["Op"]()(*inputs, **keys)
    return [] if results is None else list(results) if isinstance(results, list | tuple) else [results]


def compile_source(source: str) -> Any:
    return compile(source, "model.py", "exec")


def compare(
    program: op_program.Program,
    results: list[Any],
    tolerance: dict[torch.dtype, float],
    place: str,
    *,
    exact: Exact | None = None,
) -> None:
    """Elementwise; with `exact`, against the output's scale, as everywhere else: numbers that are new every time cancel
    in ways no tolerance of an element allows for. Where torch itself is far from the exact numbers (near poles), no
    farther than twice that."""
    assert len(results) == len(program.outputs), place
    mx.eval([result for result in results if isinstance(result, mx.array)])
    for index, (wanted, result) in enumerate(zip(program.outputs, results, strict=True)):
        given = to_torch(result)
        wanted = wanted.to(HELD.get(wanted.dtype, wanted.dtype))
        assert given.dtype == wanted.dtype, f"dtype {given.dtype}, torch {wanted.dtype}: {place}"
        assert given.shape == wanted.shape, f"shape {given.shape}, torch {wanted.shape}: {place}"
        allowed = tolerance.get(wanted.dtype, 0.0)
        if wanted.dtype.is_complex:
            given, wanted = torch.view_as_real(given), torch.view_as_real(wanted.resolve_conj())
        if not wanted.dtype.is_floating_point:
            assert torch.equal(given, wanted), f"{given}\ntorch {wanted}: {place}"
            continue
        a, b = given.double().numpy(), wanted.double().numpy()
        finite = np.abs(b[np.isfinite(b)])
        scale = np.maximum(1, finite.max(initial=0.0) if exact else np.abs(b))
        # Infinities agree by being equal: their difference is nan.
        close = (a == b) | (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= allowed * scale)
        if not close.all() and exact and (truths := exact()):
            truth = truths[index].double().numpy()
            close |= np.abs(a - truth) <= 2 * np.abs(b - truth)
        close &= np.isfinite(a) | ~np.isfinite(b)
        assert close.all(), f"{given}\ntorch {wanted}: {place}"


@pytest.mark.parametrize(("row", "number", "dtype"), CASES)
def test_numbers(row: Row, number: int, dtype: torch.dtype) -> None:
    sample = row.calls[number]
    program = build(row, number, dtype, FIXED_SEED)
    if not sample.refused:
        check(program, row.tolerance)
        return
    with pytest.raises(torch2mlx.UnsupportedError) as raised:
        program.graph.lower()
    assert row.op in str(raised.value)
    assert sample.refused in str(raised.value)


def furthest(a: np.ndarray, b: np.ndarray) -> float:
    """The largest distance between two empirical distribution functions (Kolmogorov and Smirnov's)."""
    points = np.concatenate([a, b])
    below = (np.searchsorted(np.sort(sample), points, side="right") / sample.size for sample in (a, b))
    return float(np.abs(np.subtract(*below)).max())


def same_distribution(wanted: torch.Tensor, result: mx.array, place: str) -> None:
    """Of 10,000 numbers and more, 0.03 apart is once in a thousand."""
    given = to_torch(result)
    assert given.dtype == wanted.dtype, place
    assert given.shape == wanted.shape, place
    drawn, expected = (tensor.double().numpy().ravel() for tensor in (given, wanted))
    assert np.isfinite(drawn).all(), place
    if drawn.size >= 10_000:
        assert furthest(drawn, expected) < 0.03, place


@pytest.mark.parametrize(("row", "number", "dtype"), DRAWS)
def test_distributions(row: Row, number: int, dtype: torch.dtype) -> None:
    """Numbers of PyTorch's distribution, within its bounds."""
    torch.manual_seed(FIXED_SEED)
    sample = row.calls[number]
    program = build(row, number, dtype, FIXED_SEED)
    if sample.refused:
        with pytest.raises(torch2mlx.UnsupportedError, match=sample.refused):
            program.graph.lower()
        return
    for results, place in runs(program):
        same_distribution(program.outputs[0], results[0], place)
        given = to_torch(results[0])
        drawn = given.double().numpy().ravel()
        if row.op == "aten.uniform.default":
            assert drawn.min() >= sample.args[1], place
            assert drawn.max() < sample.args[2], place
        if row.op == "aten.randperm.default":
            assert sorted(drawn) == list(range(drawn.size)), place
        if row.op == "aten.multinomial.default" and not sample.args[-1]:
            assert all(len(set(choice)) == len(choice) for choice in given.reshape(-1, given.shape[-1]).tolist()), place


@pytest.mark.random
@pytest.mark.parametrize("row", NUMBERS.values(), ids=NUMBERS)
def test_generated_numbers(row: Row) -> None:
    """The seed to repeat them is in the failure."""
    ran = 0
    for number, sample in enumerate(row.calls):
        for dtype in sample.dtypes or row.dtypes:
            if sample.refused or not runnable(row, number, dtype, SEED):
                continue
            try:
                exact = functools.partial(in_float64, row, number, dtype, SEED)
                check(build(row, number, dtype, SEED), row.tolerance, exact=exact)
            except AssertionError as error:
                raise AssertionError(f"TORCH2MLX_SEED={SEED}, sample {number}, {dtype}: {error}") from None
            ran += 1
    assert ran, f"TORCH2MLX_SEED={SEED}: eager torch computes no sample"


def attend(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.scaled_dot_product_attention(queries, keys, keys, scale=1.0, is_causal=True)


def turned(x: torch.Tensor) -> torch.Tensor:
    turns = torch.polar(torch.ones(3), torch.arange(3.0))
    return torch.view_as_real(torch.view_as_complex(x.contiguous()) * turns).flatten(2)


# Arithmetic of sizes, each at sizes other than the traced ones. x: (5, 8)
SIZES: dict[str, Callable[[torch.Tensor], Any]] = {
    "aten.sym_size.int": lambda x: x.new_full((x.shape[0],), 3.0),
    "sym.add": lambda x: x.new_zeros(x.shape[0] + 2, x.shape[0] + x.shape[1]),
    "sym.sub": lambda x: x[: x.shape[0] - 1, : x.shape[1] - 3],
    "sym.mul": lambda x: x.reshape(x.shape[0] * x.shape[1]),
    "sym.floordiv": lambda x: (x[: x.shape[0] // 2], x[:, x.shape[1] // 3 :]),
    "sym.mod": lambda x: torch.arange(x.shape[0] % 4 + 1),
    "sym.neg": lambda x: torch.arange(-x.shape[0], 2),
    "sym.max": lambda x: x.new_zeros(torch.sym_max(x.shape[0], x.shape[1])),
    "sym.min": lambda x: x.new_zeros(torch.sym_min(x.shape[0], 5)),
    "sym.truediv": lambda x: (x * (x.shape[0] / 2), x + (x.shape[0] / 2 - x.shape[1] / 4), x * -(x.shape[0] / 3)),
    "sym.pow": lambda x: (x * x.shape[1] ** -0.5, x.new_zeros(x.shape[0] ** 2)),
    "sym.float": lambda x: (x + torch.sym_float(x.shape[0]), x * (x.shape[0] * 0.5 + 0.25)),
    "aten.sym_numel.default": lambda x: x.new_zeros(x.numel()),
}
USES_OF_SIZES: dict[str, Callable[[torch.Tensor], Any]] = {
    "scale": lambda x: x / x.shape[1] + x.shape[0],
    "slice": lambda x: (x[:, -2:], x[-100:2], x[1 : x.shape[0] + 9], x[:, x.shape[1] - 2], x[::2]),
    "flatten": lambda x: x.flatten(),
    "split": lambda x: x.unsqueeze(1).split(1, 1),
    "expand": lambda x: x.unsqueeze(1).expand(-1, 3, -1),
    "mean": lambda x: x.sum(1) / x.shape[1],
    "attention": lambda x: attend(x[None, None], x[None, None]),
    "crossed": lambda x: attend(x[None, None], x[None, None, 1:]),
    "average": lambda x: torch.nn.functional.avg_pool2d(x[None, None], 3, 2, 1, count_include_pad=False),
    "rotary": lambda x: turned(x[..., None, None].expand(-1, -1, 3, 2)),
    "resize": lambda x: tuple(
        torch.nn.functional.interpolate(x[None, None], scale_factor=scale, mode=mode)
        for scale, mode in ((3, "nearest"), (1.5, "nearest-exact"), (0.5, "bilinear"), (2, "bicubic"))
    ),
    "resize_like": lambda x: torch.nn.functional.interpolate(
        x[None, None, :4], x.shape, mode="bilinear", align_corners=True
    ),
    "pools": lambda x: (
        torch.nn.functional.adaptive_avg_pool2d(x[None, None], (3, 1)),
        torch.nn.functional.adaptive_max_pool2d(x[None, None], (2, 3)),
        torch.nn.functional.avg_pool2d(x[None, None], 3, 2, 1, True, False),
        torch.nn.functional.max_pool1d(x, 2, 1, 0, 3),
    ),
    "patches": lambda x: torch.nn.functional.unfold(x[None, None], 3, 1, 1, 2),
    "pad": lambda x: torch.ops.aten.constant_pad_nd(x, (1, -1, 0, 2), 7.0),
    "borders": lambda x: tuple(
        torch.nn.functional.pad(x, (2 - x.shape[1] % 2, x.shape[1] % 3), mode)
        for mode in ("reflect", "replicate", "circular")
    ),
    "fill": lambda x: (
        torch.full((2,), x.shape[0], dtype=torch.int64),
        torch.scalar_tensor(x.shape[1]),
        x.new_full((1,), x.shape[0] / 2),
    ),
}


@pytest.mark.parametrize("name", [*SIZES, *USES_OF_SIZES])
def test_sizes(name: str) -> None:
    class Op(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> Any:
            return {**SIZES, **USES_OF_SIZES}[name](x)

    model = Op()
    captured = capture(model, (torch.randn(6, 9),)).graph
    lowered = captured.lower()
    optimized = lowered.optimized()
    source = optimized.source("Op", "Op", []).text
    fixed = [axis for axis, size in enumerate(captured.inputs[0][2]) if size.isdigit()]
    for shape in ((6, 9), (4, 12), (11, 5)):
        x = torch.randn(shape)
        if any(size != (6, 9)[axis] for axis, size in enumerate(shape) if axis in fixed):
            for graph in (lowered, optimized):
                with pytest.raises(torch2mlx.InputError, match="cannot be"):
                    _native.graph().Executor(graph).run({}, [to_mlx(x)])
            with pytest.raises(ValueError, match="this model was traced with"):
                run_source(source, [to_mlx(x)])
            continue
        wanted = pytree.tree_leaves(model(x))
        program = op_program.Program(captured, [x], wanted)
        for graph in (lowered, optimized):
            compare(program, _native.graph().Executor(graph).run({}, [to_mlx(x)])[0], TOLERANCE, str(graph))
        compare(program, run_source(source, [to_mlx(x)]), TOLERANCE, source)


COMPARISONS = {f"sym.{name}": getattr(operator, name) for name in ("eq", "ne", "lt", "le", "gt", "ge")}


@pytest.mark.parametrize("name", COMPARISONS)
def test_comparisons_of_sizes(name: str) -> None:
    graph = op_program.comparison(name, 4).lower().optimized()
    source = graph.source("Op", "Op", []).text
    for size in (3, 4, 5):
        wanted = COMPARISONS[name](size, 4)
        assert _native.graph().Executor(graph).run({}, [mx.zeros(size)])[0] == [wanted]
        assert run_source(source, [mx.zeros(size)]) == [wanted]


# Numbers that are read from data: test_values.py compares what is made of them.
NUMBERS = {"aten.item.default", "aten._local_scalar_dense.default", "sym.not", "sym.ite"}


def test_every_lowering_has_samples() -> None:
    lowered = set(json.loads(_native.graph().ops())["aten"])
    sampled = set(ROWS) | set(SIZES) | set(COMPARISONS) | NUMBERS
    assert lowered - sampled == set(), "lowerings without samples"
    assert sampled - lowered == set(), "samples without a lowering"
