"""Transformers' models as torch.export can trace them: caches as tuples, what only eager mode runs replaced."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def traceable(model: Any) -> Iterator[None]:
    """While it lasts, caches in what `model` returns are tuples, one a layer, of its states: (keys, values), then
    those of the cross attention. Functions that decide by tensors what their sizes already tell do so by sizes."""
    if "transformers" not in sys.modules:
        yield
        return
    hook = model.register_forward_hook(lambda _model, _args, output: plain(output))
    try:
        with _replaced():
            yield
    finally:
        hook.remove()


def plain(tree: Any) -> Any:
    """The same with every cache as tuples of tensors."""
    from transformers.utils import ModelOutput

    if is_cache(tree):
        return _layers(tree)
    if isinstance(tree, ModelOutput):
        return type(tree)(**{key: plain(value) for key, value in tree.items()})
    if type(tree) in (tuple, list):
        return type(tree)(plain(item) for item in tree)
    if type(tree) is dict:
        return {key: plain(value) for key, value in tree.items()}
    return tree


def is_cache(value: Any) -> bool:
    """By the rule of transformers: what is derived from Cache, and classes of single models that are called so."""
    from transformers import Cache

    return isinstance(value, Cache) or type(value).__name__.endswith("Cache")


def _layers(cache: Any) -> tuple[Any, ...]:
    pair = [getattr(cache, name, None) for name in ("self_attention_cache", "cross_attention_cache")]
    if None not in pair:
        return tuple(own + cross for own, cross in zip(*map(_layers, pair), strict=True))
    layers = getattr(cache, "layers", None)
    return _states(cache) if layers is None else tuple(_states(layer) for layer in layers)


def _states(holder: Any) -> tuple[Any, ...]:
    """Its tensors in the order in which they were made; those with an underscore are no states."""
    import torch

    def states(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return value
        values = list(value.values()) if isinstance(value, dict) else value
        if not isinstance(values, list | tuple):
            return None
        held = tuple(state for item in values if (state := states(item)) is not None)
        return held[0] if len(held) == 1 and isinstance(value, dict) else held or None

    return tuple(
        found
        for name, value in vars(holder).items()
        if not name.startswith("_") and (found := states(value)) is not None
    )


@contextlib.contextmanager
def _replaced() -> Iterator[None]:
    from .replacements import replacements

    found = [(sys.modules[module], names) for module, names in replacements().items() if module in sys.modules]
    restore = []
    try:
        for module, names in found:
            for path, make in names.items():
                owner, _, name = path.rpartition(".")
                holder = getattr(module, owner) if owner else module
                restore.append((holder, name, holder.__dict__[name]))
                setattr(holder, name, make(holder.__dict__[name]))
        yield
    finally:
        for holder, name, original in reversed(restore):
            setattr(holder, name, original)
