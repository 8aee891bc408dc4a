"""The state of PyTorch's optimizers for mlx.optimizers, so that training goes on in MLX where it stopped."""

from __future__ import annotations

import ast
import functools
import json
import operator
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native
from .errors import InputError, needs_packages
from .weights import _layer_types, checkpoint, load_converted, nest, path_of

if TYPE_CHECKING:
    import mlx.optimizers
    import torch

    from .weights import Source


@needs_packages
def convert_optimizer(
    optimizer: torch.optim.Optimizer | str | os.PathLike[str],
    path: str | os.PathLike[str],
    *,
    model: Source,
    key: str = "",
    layer_types: Mapping[str, str] | None = None,
    torch_class: str = "",
) -> Path:
    """Writes the state of an optimizer as a safetensors file of MLX's names and layouts.

    Args:
        optimizer: a live one, or the path of the file that holds its state_dict (a checkpoint, a Trainer's
            optimizer.pt).
        path: of the file to write; an existing one is replaced.
        model, key, layer_types: of the weights, as `convert` takes them.
        torch_class: of torch.optim, "AdamW": needed for files of older versions, which do not tell it from Adam.

    Raises:
        InputError: no optimizer is found, or its parameters are not the model's.
        UnsupportedError: MLX's optimizers cannot go on from this state; every reason is named.
    """
    options: dict[str, Any] = {"force": True}
    if layer_types:
        options["layer_types"] = _layer_types(layer_types)
    target = path_of(path, "path")
    weights = checkpoint(model, key)
    if isinstance(optimizer, str | os.PathLike) or not hasattr(optimizer, "state_dict"):
        _native.core().convert_optimizer(weights, path_of(optimizer, "optimizer"), target, options, torch_class)
        return target
    import torch

    state = optimizer.state_dict()
    if isinstance(model, torch.nn.Module):
        names = {id(parameter): name for name, parameter in model.named_parameters()}
        for group, live in zip(state["param_groups"], optimizer.param_groups, strict=True):
            found = [names.get(id(parameter)) for parameter in live["params"]]
            if None in found:
                raise InputError("holds parameters that are not the model's", place="optimizer")
            group["param_names"] = found
    with tempfile.NamedTemporaryFile(suffix=".pt") as file:
        torch.save(state, file.name)
        known = torch_class or type(optimizer).__name__
        _native.core().convert_optimizer(weights, Path(file.name), target, options, known)
    return target


@needs_packages
def load_optimizer(path: str | os.PathLike[str]) -> mlx.optimizers.Optimizer:
    """The optimizer of a file that `convert_optimizer` or `--optimizer` wrote, with its state.

    Raises:
        InputError: the file is no such file.
    """
    import mlx.optimizers

    text = _native.core().open(path_of(path, "path")).metadata.get("optimizer")
    if text is None:
        raise InputError("holds no optimizer", place=str(path), hint="torch2mlx.convert_optimizer writes one")
    entries = json.loads(text)
    made = [_construct(entry["constructor"], str(path)) for entry in entries]
    state = nest(load_converted(path, flat=True))
    if len(made) == 1:
        made[0].state = state
        return made[0]
    for one, own in zip(made, state["states"], strict=True):
        one.state = own
    members = [frozenset(entry["parameters"]) for entry in entries]
    filters = [lambda name, _, own=own: name in own for own in members[:-1]]
    whole = mlx.optimizers.MultiOptimizer(made, filters)
    whole.state = {"states": [one.state for one in made]}  # a new one would begin every part anew
    return whole


def _construct(text: str, place: str) -> Any:
    """A call of a class of mlx.optimizers with plain values; nothing of the file is evaluated."""
    import mlx.optimizers

    known = {name for _, name in _native.core().optimizers() if name}
    try:
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Name)
        assert call.func.id in known
        arguments = {word.arg or "": _argument(word.value) for word in call.keywords}
        return getattr(mlx.optimizers, call.func.id)(**arguments)
    except (SyntaxError, ValueError, AssertionError, TypeError, ArithmeticError):
        raise InputError(f"'{text[:80]}' makes no optimizer", place=place) from None


_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def _argument(node: ast.expr) -> Any:
    """A literal, or a schedule: `lambda step: ` and arithmetic on numbers and the step."""
    if not isinstance(node, ast.Lambda):
        return ast.literal_eval(node)
    [parameter] = node.args.args
    schedule = functools.partial(_number, node.body, parameter.arg)
    schedule(1.0)
    return schedule


def _number(node: ast.expr, name: str, step: Any) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)  # integers might grow without end
    if isinstance(node, ast.Name) and node.id == name:
        return step
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_number(node.left, name, step), _number(node.right, name, step))
    raise ValueError("no arithmetic")
