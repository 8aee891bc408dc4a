"""Expressions of sizes while they are traced. Where windows are shifted or sizes halved many times, they share their
parts, and what torch and sympy do with them takes minutes: simplify quotients, look for symbols in every part anew."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def soon_done() -> Iterator[None]:
    """While it lasts, both take the short way."""
    with _divided_by_terms(), _remembered_symbols():
        yield


@contextlib.contextmanager
def _remembered_symbols() -> Iterator[None]:
    """Of every part, once."""
    import sympy

    original = sympy.Basic.free_symbols
    known: dict[Any, frozenset[Any]] = {}

    def symbols(expression: Any) -> set[Any]:
        found = known.get(expression)
        if found is None:
            found = known[expression] = frozenset().union(*(part.free_symbols for part in expression.args))
        return set(found)

    sympy.Basic.free_symbols = property(symbols)
    try:
        yield
    finally:
        sympy.Basic.free_symbols = original


@contextlib.contextmanager
def _divided_by_terms() -> Iterator[None]:
    """While it lasts, torch divides sums by what is in each of their terms without looking for other forms of them."""
    import sympy
    from torch.utils._sympy import functions

    whole = sympy.simplify

    def divided(expression: Any, **options: Any) -> Any:
        terms = sympy.expand_mul(expression, deep=False)
        fractions = any(power.exp.is_negative for power in terms.atoms(sympy.Pow)) or any(
            number.q != 1 for number in terms.atoms(sympy.Rational)
        )
        return whole(expression, **options) if fractions else terms

    theirs = functions.sympy
    ours = types.ModuleType("sympy")
    vars(ours).update(vars(sympy), simplify=divided)
    functions.sympy = ours
    try:
        yield
    finally:
        functions.sympy = theirs
