"""int(), float() and len() in the model's own code while it is traced: of sizes and of the
data's numbers they would be the example's."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

import torch

_OWN = __name__.partition(".")[0]


class _Kind(type):
    """Stands for a built-in class in questions about classes."""

    builtin: type

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.builtin)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, cls.builtin)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.builtin

    def __hash__(cls) -> int:
        return hash(cls.builtin)


def _item(value: Any) -> Any:
    """A tensor's number; anything else as it is."""
    return value.item() if isinstance(value, torch.Tensor) and value.dtype != torch.bool else value


class _Int(int, metaclass=_Kind):
    builtin = int

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        value = _item(args[0]) if len(args) == 1 and not kwargs else None
        if isinstance(value, torch.SymInt | torch.SymFloat):
            return value.__trunc__() if isinstance(value, torch.SymFloat) else value
        return int(*args, **kwargs)


class _Float(float, metaclass=_Kind):
    builtin = float

    def __new__(cls, *args: Any) -> Any:
        value = _item(args[0]) if len(args) == 1 else None
        if isinstance(value, torch.SymInt | torch.SymFloat):
            return torch.sym_float(value)
        return float(*args)


def _len(value: Any) -> Any:
    return value.shape[0] if isinstance(value, torch.Tensor) and value.dim() else len(value)


_MEANWHILE: dict[str, Any] = {"int": _Int, "float": _Float, "len": _len}


@contextlib.contextmanager
def of_sizes(model: torch.nn.Module) -> Iterator[None]:
    """While it lasts, these give sizes in the Python modules that the model's classes come from."""
    changed = [(names, name) for names in _namespaces(model) for name in _MEANWHILE if name not in names]
    for names, name in changed:
        names[name] = _MEANWHILE[name]
    try:
        yield
    finally:
        for names, name in changed:
            names.pop(name, None)


def _namespaces(model: torch.nn.Module) -> list[dict[str, Any]]:
    """Of the code of the model's classes and of everything else in their packages."""
    classes = {kind for module in model.modules() for kind in type(module).__mro__}
    packages = {kind.__module__.partition(".")[0] for kind in classes} - {"torch", "builtins", _OWN}
    found = {
        id(vars(module)): vars(module) for name, module in sys.modules.items() if name.partition(".")[0] in packages
    }
    for kind in classes:
        names = getattr(vars(kind).get("forward"), "__globals__", None)
        if names is not None and str(names.get("__name__", "")).partition(".")[0] not in ("torch", _OWN):
            found[id(names)] = names
    return list(found.values())
