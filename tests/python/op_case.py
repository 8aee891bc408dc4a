"""The language of the tables in op_tables: rows of an operator, calls of it, tensors by shape and dtype."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import torch

f16, bf16, f32, f64 = torch.float16, torch.bfloat16, torch.float32, torch.float64
i32, i64, u8, boolean = torch.int32, torch.int64, torch.uint8, torch.bool
c64 = torch.complex64
inf, nan = float("inf"), float("nan")

FLOATS = (f32, f16, bf16)
INTEGERS = (i32, i64)
NUMBERS = FLOATS + INTEGERS
ALL = (*NUMBERS, boolean)
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, inf, -inf, nan]

# |torch - mlx| <= tolerance * max(1, |torch|), element by element. Integers and booleans are equal.
TOLERANCE = {f32: 2e-6, f16: 2e-3, bf16: 1.6e-2, c64: 2e-6}


@dataclasses.dataclass(frozen=True)
class Tensor:
    """A tensor of random numbers, or of `values`; dtype None is the one that the row runs at."""

    shape: tuple[int, ...]
    dtype: torch.dtype | None
    low: float
    high: float
    values: Any
    order: tuple[int, ...] | None  # of the axes in memory

    def make(self, dtype: torch.dtype, generator: torch.Generator) -> torch.Tensor:
        dtype = self.dtype or dtype
        if self.values is not None:
            tensor = torch.tensor(self.values).to(dtype)
            return tensor.reshape(self.shape) if self.shape else tensor
        if dtype == boolean:
            return torch.rand(self.shape, generator=generator) < 0.5
        if not dtype.is_floating_point:
            return torch.randint(int(self.low), int(self.high) + 1, self.shape, generator=generator).to(dtype)
        tensor = torch.rand(self.shape, generator=generator) * (self.high - self.low) + self.low
        tensor = tensor.to(dtype)
        return tensor.permute(self.order) if self.order else tensor


def t(
    *shape: int,
    dtype: torch.dtype | None = None,
    low: float = -4,
    high: float = 4,
    values: Any = None,
    order: tuple[int, ...] | None = None,
) -> Tensor:
    """A tensor of this shape, numbers from `low` to `high` (inclusive for integers)."""
    return Tensor(shape, dtype, low, high, values, order)


def index(*shape: int, below: int, low: int = 0, dtype: torch.dtype = i64) -> Tensor:
    """Indices from `low` to `below` - 1."""
    return Tensor(shape, dtype, low, below - 1, None, None)


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of the operator. `refused`: what the message of the refusal contains."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    refused: str = ""
    dtypes: tuple[torch.dtype, ...] = ()  # none: those of the row

    def make(self, dtype: torch.dtype, seed: int) -> tuple[tuple[Any, ...], dict[str, Any]]:
        generator = torch.Generator().manual_seed(seed)

        def value(item: Any) -> Any:
            if isinstance(item, Tensor):
                return item.make(dtype, generator)
            if isinstance(item, list):
                return [value(part) for part in item]
            return item

        return tuple(value(arg) for arg in self.args), {key: value(arg) for key, arg in self.kwargs.items()}


def call(*args: Any, **kwargs: Any) -> Call:
    return Call(args, kwargs)


def refused(why: str, *args: Any, **kwargs: Any) -> Call:
    """A call that the lowering must refuse; the message contains `why`."""
    return Call(args, kwargs, why)


def only(dtypes: Sequence[torch.dtype], sample: Call) -> Call:
    """A call that is made at these dtypes alone."""
    return dataclasses.replace(sample, dtypes=tuple(dtypes))


@dataclasses.dataclass(frozen=True)
class Row:
    """Samples of one operator. Dtypes that eager torch refuses for a call are left out of it."""

    op: str
    dtypes: tuple[torch.dtype, ...]
    calls: tuple[Call, ...]
    tolerance: dict[torch.dtype, float]
    results: int | None  # how many are used; the others have no form in MLX
    random: bool  # draws numbers: their distributions are compared


def row(
    op: str,
    dtypes: Sequence[torch.dtype],
    *calls: Call,
    tolerance: dict[torch.dtype, float] | None = None,
    results: int | None = None,
    random: bool = False,
) -> Row:
    return Row(op, tuple(dtypes), calls, {**TOLERANCE, **(tolerance or {})}, results, random)
