"""What a model notes down of its last call: anchors of a map, positions of a length, kept until the sizes change.

A trace with such notes would hold what was computed for the example's sizes as constants.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch.utils import _pytree as pytree
from torch.utils._python_dispatch import TorchDispatchMode

from .errors import UnsupportedError

Attributes = dict[torch.nn.Module, dict[str, Any]]
Call = tuple[tuple[Any, ...], dict[str, Any]]


@contextlib.contextmanager
def kept(model: torch.nn.Module) -> Iterator[None]:
    """Attributes of the model's modules are afterwards what they were before; of tensors, which ones they are."""
    before = _attributes(model)
    try:
        yield
    finally:
        _restore(before)


class WrittenError(UnsupportedError):
    """The model writes to its own parameters."""

    def __init__(self, model: torch.nn.Module, names: list[str]) -> None:
        super().__init__(
            "the model writes to its own parameters",
            place=type(model).__qualname__,
            hint="where it does so in its first call alone, call it once in eval mode before",
            details=names,
        )


@contextlib.contextmanager
def untouched(model: torch.nn.Module) -> Iterator[None]:
    """As `kept`, for calls of the model itself. Raises WrittenError before one writes to a parameter."""
    with kept(model), _guarded(model):
        yield


@contextlib.contextmanager
def _guarded(model: torch.nn.Module) -> Iterator[None]:
    names = {parameter: name for name, parameter in model.named_parameters()}
    before = {parameter: parameter.data for parameter in names}
    replaced: list[torch.nn.Parameter] = []
    try:
        with _Parameters(model, names):
            yield
    finally:
        for parameter, data in before.items():
            if _storage(parameter) != _storage(data):
                parameter.data = data
                replaced.append(parameter)
    if replaced:
        raise WrittenError(model, [names[parameter] for parameter in replaced])


class _Parameters(TorchDispatchMode):
    """Raises WrittenError before an operator writes to one."""

    def __init__(self, model: torch.nn.Module, names: Mapping[torch.nn.Parameter, str]) -> None:
        super().__init__()
        self.model = model
        self.names = {held: name for parameter, name in names.items() if (held := _storage(parameter)) is not None}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func._schema.is_mutable:
            for place, argument in enumerate(func._schema.arguments):
                given = args[place] if place < len(args) else kwargs.get(argument.name)
                if argument.is_write and (names := self._written(given)):
                    raise WrittenError(self.model, names)
        return func(*args, **kwargs)

    def _written(self, given: Any) -> list[str]:
        tensors = [leaf for leaf in pytree.tree_leaves(given) if isinstance(leaf, torch.Tensor)]
        return [self.names[held] for held in map(_storage, tensors) if held in self.names]


def _storage(tensor: torch.Tensor) -> int | None:
    """Which memory it is of; None for tensors without any of their own, as sparse ones."""
    try:
        held: int = tensor.untyped_storage()._cdata
    except (RuntimeError, NotImplementedError, ValueError):
        return None
    return held


@contextlib.contextmanager
def of_another_call(model: torch.nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Iterator[bool]:
    """Meanwhile the model's notes are those of a smaller call, where it makes any. Gives whether it does."""
    with kept(model):
        before = _attributes(model)
        changed = False
        for given, named in _smaller(args, dict(kwargs)):
            try:
                with _guarded(model):
                    model(*given, **named)
            except Exception:  # the user's own code
                _restore(before)
                continue
            if changed := _differ(before, _attributes(model)):
                break
        yield changed


def _attributes(model: torch.nn.Module) -> Attributes:
    """The modules' own, with what dicts of buffers and of others hold now."""
    return {
        module: {name: dict(value) if type(value) is dict else value for name, value in vars(module).items()}
        for module in model.modules()
    }


def _restore(before: Attributes) -> None:
    for module, attributes in before.items():
        own = vars(module)
        for name in own.keys() - attributes.keys():
            del own[name]
        for name, value in attributes.items():
            held = own.get(name)
            if type(held) is dict and type(value) is dict:  # the same dict, others may hold it too
                if held.keys() != value.keys() or any(held[key] is not kept for key, kept in value.items()):
                    held.clear()
                    held.update(value)
            else:
                own[name] = value


def _differ(before: Attributes, after: Attributes) -> bool:
    return any(
        after.get(module, {}).keys() != attributes.keys()
        or any(not _same(value, after[module][name]) for name, value in attributes.items())
        for module, attributes in before.items()
    )


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool | int | float | str) and one == other


def _smaller(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Call]:
    """Calls of half the sizes, of half of an image's alone, and of one example."""
    tensors = [leaf for leaf in pytree.tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]
    for first in (0, 2):
        halved = {
            leaf.shape[axis]: (leaf.shape[axis] + 1) // 2
            for leaf in tensors
            for axis in range(leaf.dim())
            if axis >= first and (axis != 1 or not leaf.is_floating_point())
        }
        if halved:
            yield _cut(args, kwargs, halved)
    batches = {leaf.shape[0] for leaf in tensors if leaf.dim() and leaf.shape[0] > 1}
    if len(batches) == 1:
        yield _cut(args, kwargs, dict.fromkeys(batches, 1), axes=(0,))


def _cut(args: tuple[Any, ...], kwargs: dict[str, Any], sizes: Mapping[int, int], axes: Any = None) -> Call:
    def cut(leaf: Any) -> Any:
        if not isinstance(leaf, torch.Tensor):
            return leaf
        for axis in range(leaf.dim()):
            keeps = axis == 1 and leaf.is_floating_point() and leaf.dim() > 2  # channels
            if leaf.shape[axis] in sizes and not keeps and (axes is None or axis in axes):
                leaf = leaf.narrow(axis, 0, sizes[leaf.shape[axis]])
        return leaf.clone()

    result: Call = pytree.tree_map(cut, (args, kwargs))
    return result
