"""A model type of transformers, built small with fixed random weights, and the calls that PyTorch runs it with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from random_weights import spread

from .classes import base_class, heads
from .inputs import inputs
from .shrinking import shrinkings
from .special import fit, make_config

MOST_PARAMETERS = 100_000_000
NO_CLASS = "has no class of its own"


def prepared(name: str) -> tuple[Any, list[dict[str, Any]], str]:
    """(model, calls, "") of "type" or "type:Class", or (None, [], why not: of each try once)."""
    model_type, _, head = name.partition(":")
    cls = next((c for c in heads(model_type) if c.__name__ == head), None) if head else base_class(model_type)
    if cls is None:
        return None, [], NO_CLASS
    problems: list[str] = []
    for config in shrinkings(lambda: make_config(model_type)):
        try:
            model = built(cls, fit(model_type, config))
        except Exception as error:
            problems.append(described(error))
            continue
        for calls in tried(model, problems):
            if found := runs(model, calls[0]):
                problems.append(found)
            else:
                return model, [call for call in calls if not runs(model, call)], ""
    return None, [], "; ".join(dict.fromkeys(problems)) or "takes inputs that are not made up here"


def tried(model: Any, problems: list[str]) -> Iterator[list[dict[str, Any]]]:
    try:
        yield from inputs(model)
    except Exception as error:  # a configuration of another kind than the makers of inputs know
        problems.append(described(error))


def built(cls: Any, config: Any) -> Any:
    """The class in eval mode. Raises what it raises, and ValueError where it is too large."""
    import torch

    with torch.device("meta"):
        count = sum(p.numel() for p in made(cls, config).parameters())
    if count > MOST_PARAMETERS:
        raise ValueError(f"{count / 1e6:.0f} million parameters at the smallest")
    torch.manual_seed(0)
    model = made(cls, config).eval()
    spread(model)
    return model


def made(cls: Any, config: Any) -> Any:
    """A model, or a part of one that is no model by itself."""
    if hasattr(cls, "_from_config"):
        return cls._from_config(config)
    if config._attn_implementation is None:
        config._attn_implementation = "sdpa"
    part = cls(config)
    part.config = config  # which the makers of inputs read
    return part


def runs(model: Any, call: dict[str, Any]) -> str:
    """Why it does not run; "" if it does."""
    import torch

    try:
        with torch.no_grad():
            model(**call)
    except Exception as error:
        return described(error)
    return ""


def described(error: BaseException) -> str:
    from children import first_line

    return f"{type(error).__name__}: {first_line(error)}"
