"""Quotients of sizes that are rounded, as arithmetic of integers: math.ceil(n / 2) is -(-n // 2).

torch.export keeps them as functions of real numbers, which it cannot write down, or fixes the size. Rounding an exact
quotient of integers is the same whether the quotient was rounded to a float64 before or not, below 2**53.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

import torch

_LARGEST = 1 << 20  # parts of a factor such as 0.375: products with sizes stay below 2**53


@dataclasses.dataclass(frozen=True)
class _Quotient:
    """What a float made of sizes is before it was rounded. `above` and `below`: of an integer or a symbolic one."""

    above: Callable[[], Any]
    below: Callable[[], Any]
    exact: bool  # float64 holds it: the divisor is a power of two


def _of(value: Any) -> _Quotient | None:
    """None: not known."""
    if isinstance(value, bool | torch.SymBool):
        return None
    if isinstance(value, int | torch.SymInt):
        return _Quotient(lambda: value, lambda: 1, True)
    if isinstance(value, float) and math.isfinite(value):
        above, below = value.as_integer_ratio()
        return _Quotient(lambda: above, lambda: below, True) if max(abs(above), below) <= _LARGEST else None
    found: _Quotient | None = getattr(value, "_quotient", None)
    return found


def _sum(sign: int) -> Callable[[_Quotient, _Quotient], _Quotient | None]:
    def joined(a: _Quotient, b: _Quotient) -> _Quotient | None:
        whole = _is_one(a.below()) or _is_one(b.below())
        if not ((a.exact and b.exact) or whole):
            return None
        return _Quotient(
            lambda: a.above() * b.below() + sign * b.above() * a.below(),
            lambda: a.below() * b.below(),
            a.exact and b.exact,
        )

    return joined


def _product(a: _Quotient, b: _Quotient) -> _Quotient | None:
    if not (a.exact and b.exact):
        return None
    return _Quotient(lambda: a.above() * b.above(), lambda: a.below() * b.below(), True)


def _ratio(a: _Quotient, b: _Quotient) -> _Quotient | None:
    if not (a.exact and b.exact):
        return None
    below = b.above()
    power = isinstance(below, int) and below > 0 and below & (below - 1) == 0
    return _Quotient(lambda: a.above() * b.below(), lambda: a.below() * b.above(), power)


def _is_one(value: Any) -> bool:
    return isinstance(value, int) and value == 1


_BINARY: dict[str, Callable[[_Quotient, _Quotient], _Quotient | None]] = {
    "add": _sum(1),
    "sub": _sum(-1),
    "mul": _product,
    "truediv": _ratio,
}


def _floor(a: Any, b: Any) -> Any:
    return a // b


def _ceil(a: Any, b: Any) -> Any:
    return -(-a // b)


def _trunc(a: Any, b: Any) -> Any:
    from torch.fx.experimental.symbolic_shapes import statically_known_true

    if statically_known_true(a >= 0) and statically_known_true(b > 0):
        return a // b
    return torch.sym_max(_floor(a, b), 0) + torch.sym_min(_ceil(a, b), 0)


def _round(a: Any, b: Any) -> Any:
    """To the nearest, and in the middle to the even one."""
    if isinstance(b, int) and b < 0:
        a, b = -a, -b
    nearest = (2 * a + b) // (2 * b)
    if isinstance(b, int) and b % 2:
        return nearest
    in_the_middle = 1 - torch.sym_min((2 * a + b) % (2 * b), 1)
    return nearest - in_the_middle * (nearest % 2)


_ROUNDED: dict[str, Callable[..., Any]] = {"floor": _floor, "ceil": _ceil, "trunc": _trunc, "round": _round}


def _binary(original: Callable[..., Any], join: Callable[..., Any], swapped: bool) -> Callable[..., Any]:
    def method(self: Any, other: Any) -> Any:
        result = original(self, other)
        if isinstance(result, torch.SymFloat):
            left, right = _of(self), _of(other)
            found = left and right and (join(right, left) if swapped else join(left, right))
            if found:
                result._quotient = found
        return result

    return method


def _scaled(original: Callable[[Any], Any], factor: int) -> Callable[[Any], Any]:
    method = _binary(lambda self, _: original(self), _product, swapped=False)
    return lambda self: method(self, factor)


def _rounding(original: Callable[..., Any], rounded: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Any, *digits: Any) -> Any:
        found = _of(self)
        if any(digit is not None for digit in digits):
            return original(self, *digits)
        if found is None:  # of a fraction such as 0.1, which float64 does not hold: what it is in the example
            return int(original(self))
        above, below = found.above(), found.below()
        return above if _is_one(below) else rounded(above, below)

    return method


def _absolute(self: Any) -> Any:
    return torch.sym_max(self, -self)


def _sqrt(original: Callable[[Any], float]) -> Callable[[Any], Any]:
    return lambda x: x**0.5 if isinstance(x, torch.SymInt | torch.SymFloat) else original(x)


def _methods() -> Iterator[tuple[Any, str, Callable[..., Any]]]:
    """(owner, name, what it is meanwhile)."""
    for owner in (torch.SymInt, torch.SymFloat):
        for name, join in _BINARY.items():
            for prefix in ("", "r"):
                method = f"__{prefix}{name}__"
                yield owner, method, _binary(getattr(owner, method), join, bool(prefix))
        yield owner, "__neg__", _scaled(owner.__neg__, -1)
        for name, rounded in _ROUNDED.items():
            method = f"__{name}__"
            if hasattr(owner, method):
                yield owner, method, _rounding(getattr(owner, method), rounded)
    as_float = torch.SymInt.__sym_float__
    yield torch.SymInt, "__sym_float__", _scaled(as_float, 1)
    yield torch.SymInt, "__abs__", _absolute
    yield math, "sqrt", _sqrt(math.sqrt)


@contextlib.contextmanager
def rounded_exactly() -> Iterator[None]:
    """While it lasts, torch.export sees integers where quotients of sizes are rounded, and square roots of sizes stay
    numbers that depend on them."""
    changed = list(_methods())
    before = [(owner, name, vars(owner)[name]) for owner, name, _ in changed if name in vars(owner)]
    missing = [(owner, name) for owner, name, _ in changed if name not in vars(owner)]
    for owner, name, method in changed:
        setattr(owner, name, method)
    try:
        yield
    finally:
        for owner, name, method in before:
            setattr(owner, name, method)
        for owner, name in missing:
            delattr(owner, name)
