"""The call of a model: its arguments by name, those that are numbers, those that are left out."""

from __future__ import annotations

import contextlib
import inspect
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch

from .errors import InputError

_MANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def bind(model: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """{name: value} of what is given; *rest as rest_0, rest_1, what **rest takes by its own names. Raises InputError if
    it does not fit forward()."""
    try:
        return dict(signature(model, args, kwargs).bind(*args, **kwargs).arguments)
    except TypeError as error:
        raise InputError(
            f"the example inputs do not fit {type(model).__name__}.forward: {error}",
            place="args",
            hint="args and kwargs are those of a call of the model",
        ) from error


def signature(model: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any]) -> inspect.Signature:
    """Of forward() for this call: without *rest and **rest."""
    declared = inspect.signature(model.forward)
    every = list(declared.parameters.values())
    if not any(p.kind in _MANY for p in every):
        return declared
    given = declared.bind(*args, **kwargs).arguments
    named: list[inspect.Parameter] = []
    for p in every:
        if p.kind == inspect.Parameter.VAR_POSITIONAL:
            names = [f"{p.name}_{i}" for i in range(len(given.get(p.name, ())))]
            if names:  # then those before are given by position too
                named = [before.replace(kind=inspect.Parameter.POSITIONAL_ONLY, default=p.empty) for before in named]
            named += [inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY) for name in names]
        elif p.kind == inspect.Parameter.VAR_KEYWORD:
            named += [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in given.get(p.name, {})]
        else:
            named.append(p)
    return declared.replace(parameters=named)


@contextlib.contextmanager
def named(model: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Iterator[None]:
    """While it lasts, forward() says which arguments it takes in this call: torch.export leaves no size open of what
    comes through **rest."""
    explicit = signature(model, args, kwargs)
    if explicit == inspect.signature(model.forward):
        yield
        return
    own = vars(model).get("forward")
    original = model.forward

    def forward(*given: Any, **named: Any) -> Any:
        return original(*given, **named)

    forward.__signature__ = explicit  # type: ignore[attr-defined]
    # Named as what tracers make, so that it is no line of the model's in the graph.
    forward.__code__ = forward.__code__.replace(co_filename="<eval_with_key>.forward")
    model.forward = forward
    try:
        yield
    finally:
        del vars(model)["forward"]
        if own is not None:
            model.forward = own


def absent(model: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[str]:
    """Arguments that are not given, or given as None."""
    explicit = signature(model, args, kwargs)
    bound = explicit.bind(*args, **kwargs).arguments
    none = [p for p in explicit.parameters.values() if bound.get(p.name) is None]
    return [p.name for p in none if p.default is None or p.default is p.empty]


def fixed(model: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, str]:
    """Arguments that hold no tensor, as Python literals."""
    explicit = signature(model, args, kwargs)
    bound = explicit.bind(*args, **kwargs).arguments
    values = {p.name: bound.get(p.name, p.default) for p in explicit.parameters.values()}
    return {name: literal(value) for name, value in values.items() if value is not None and _is_literal(value)}


def parameters(model: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[str]:
    """Names in order."""
    return list(signature(model, args, kwargs).parameters)


def literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) and value.isidentifier() else repr(value)


def _is_literal(value: Any) -> bool:
    if type(value) in (tuple, list):
        return all(_is_literal(item) for item in value)
    if type(value) is dict:
        return all(isinstance(key, str) and _is_literal(item) for key, item in value.items())
    return value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value))
