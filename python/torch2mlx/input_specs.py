"""Example inputs described on the command line: 'name=f32[1,3,224,224]'."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import nn

from .capture import evaluating
from .errors import InputError

DTYPES = {
    "f64": torch.float64,
    "f32": torch.float32,
    "f16": torch.float16,
    "bf16": torch.bfloat16,
    "i64": torch.int64,
    "i32": torch.int32,
    "i16": torch.int16,
    "i8": torch.int8,
    "u8": torch.uint8,
    "bool": torch.bool,
    "c64": torch.complex64,
}
SPEC = re.compile(r"^(?:(?P<name>[A-Za-z_]\w*)=)?(?P<dtype>\w+)\[(?P<shape>[\d,\s]*)\]$")
HINT = "--input 'name=f32[1,3,224,224]', once an argument; types are " + ", ".join(DTYPES)


def parse(text: str) -> tuple[str, torch.dtype, tuple[int, ...]]:
    """(name or "", dtype, shape) of one description. Raises InputError if it is none."""
    match = SPEC.match(text.strip())
    if not match:
        raise InputError("is not of the form name=f32[1,3,224,224]", place=f"--input '{text}'", hint=HINT)
    dtype = DTYPES.get(match["dtype"], getattr(torch, match["dtype"], None))
    if not isinstance(dtype, torch.dtype):
        raise InputError(f"'{match['dtype']}' is no type", place=f"--input '{text}'", hint=HINT)
    return match["name"] or "", dtype, tuple(int(size) for size in match["shape"].split(",") if size.strip())


def make(model: nn.Module, texts: Sequence[str], seed: int) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """(args, kwargs) of the described types and shapes; unnamed ones are positional.

    Floats are normal; integers index the model's embeddings; masks, by their names, are ones. Raises InputError for an
    argument that forward() does not have.
    """
    described = [parse(text) for text in texts]
    _require_known(model, [name for name, _, _ in described if name])
    for limit in _limits(model):
        generator = torch.Generator().manual_seed(seed)
        tensors = [(name, _tensor(name, dtype, shape, limit, generator)) for name, dtype, shape in described]
        args = tuple(tensor for name, tensor in tensors if not name)
        kwargs = {name: tensor for name, tensor in tensors if name}
        if _runs(model, args, kwargs):
            break
    return args, kwargs  # of the smallest integers if nothing runs: what the model raises is told by whoever runs it


def _require_known(model: nn.Module, names: list[str]) -> None:
    parameters = inspect.signature(model.forward).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return
    unknown = [name for name in names if name not in parameters]
    if unknown:
        raise InputError(
            f"forward() of {type(model).__name__} has no argument of this name",
            place=f"--input {unknown[0]}",
            hint="it takes " + (", ".join(parameters) or "none"),
        )


def _limits(model: nn.Module) -> Iterator[int]:
    """Bounds for integers, the largest embedding first; others of the model may be smaller."""
    sizes = {module.num_embeddings for module in model.modules() if isinstance(module, nn.Embedding)}
    yield from sorted(sizes | {2}, reverse=True)


def _tensor(
    name: str, dtype: torch.dtype, shape: tuple[int, ...], limit: int, generator: torch.Generator
) -> torch.Tensor:
    if "mask" in name:
        return torch.ones(shape, dtype=dtype)
    if dtype.is_floating_point or dtype.is_complex:
        return torch.randn(shape, generator=generator).to(dtype)
    bound = 2 if dtype == torch.bool else min(limit, torch.iinfo(dtype).max)
    return torch.randint(bound, shape, generator=generator).to(dtype)


def _runs(model: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        with evaluating(model):
            model(*args, **kwargs)
    except Exception:  # whatever a model raises for inputs it does not take
        return False
    return True
