"""What a model asks of its data, as a run on the example inputs answered it: the numbers that `.item()`, `bool()` and
operators whose results' sizes depend on values gave.

torch.export sees no values, so a branch on one has no answer there. It gets the recorded ones, each at the line of the
user's code that asked, and notes as a run-time assertion what it relied on (requirements.py makes checks of these).
"""

from __future__ import annotations

import collections
import contextlib
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

TORCH, OURS = str(Path(torch.__file__).parent), str(Path(__file__).parent)
aten = torch.ops.aten
ITEMS = (aten._local_scalar_dense.default, aten.item.default)

Number = bool | int | float
Answers = Mapping[str, list[Number]]  # line of the user's code -> answers given there, in order


def are_needed(error: Exception) -> bool:
    """Did torch.export fail since it may not look at values?"""
    from torch._subclasses.fake_tensor import DataDependentOutputException
    from torch.fx.experimental.symbolic_shapes import GuardOnDataDependentSymNode

    return isinstance(error, GuardOnDataDependentSymNode | DataDependentOutputException)


def place() -> str:
    """The innermost line that is neither torch's nor ours."""
    frame = sys._getframe(1)
    while frame is not None:
        path = frame.f_code.co_filename
        if not path.startswith((TORCH, OURS, "<")):
            return f"{path}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment]
    return "the model"


def record(call: Callable[[], Any]) -> Answers:
    """Those of one eager call."""
    answers: dict[str, list[Number]] = collections.defaultdict(list)
    with _Recorder(answers), _InNumbers(lists=True):
        call()
    return answers


class _Recorder(TorchDispatchMode):
    def __init__(self, answers: dict[str, list[Number]]) -> None:
        super().__init__()
        self._answers = answers

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func in ITEMS:
            self._answers[place()].append(result)
        elif torch.Tag.dynamic_output_shape in func.tags:
            self._answers[place()].extend(_sizes(func, args, result))
        return result


def _sizes(func: Any, args: Any, result: Any) -> list[int]:
    """The sizes that the values decided: one for each boolean index, else that of the first result."""
    if func is aten.index.Tensor:
        masks = [index for index in args[1] if index is not None and index.dtype in (torch.bool, torch.uint8)]
        return [int(mask.count_nonzero()) for mask in masks]
    first = result if isinstance(result, torch.Tensor) else result[0]
    return [first.shape[0]] if first.dim() else []


class _InNumbers(TorchFunctionMode):
    """What reads memory asks for numbers instead. `lists`: `tolist` too, which does so itself while torch.export
    traces."""

    def __init__(self, *, lists: bool) -> None:
        super().__init__()
        self._lists = lists

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.Tensor.tolist and self._lists:
            return _listed(args[0])
        if func in (torch.equal, torch.Tensor.equal):
            a, b = args
            return a.shape == b.shape and bool((a == b).all())
        if func in (torch.allclose, torch.Tensor.allclose):
            return bool(torch.isclose(*args, **(kwargs or {})).all())
        return func(*args, **(kwargs or {}))


def _listed(tensor: torch.Tensor) -> Any:
    return tensor.item() if tensor.dim() == 0 else [_listed(part) for part in tensor.unbind(0)]


@contextlib.contextmanager
def replayed(answers: Answers, *, fixed: bool = False) -> Iterator[set[str]]:
    """While it lasts, torch.export decides by these answers. Gives the lines at which it did.

    `fixed`: integers and sizes of data become the numbers that they were, which is asserted too; else they stay symbols
    where nothing needs a number.
    """
    from torch._subclasses import fake_impls
    from torch.fx.experimental.symbolic_shapes import ShapeEnv

    left = {where: collections.deque(given) for where, given in answers.items()}
    lines: set[str] = set()
    table = fake_impls.op_implementations_dict
    asked = [op for op in table if op in ITEMS or torch.Tag.dynamic_output_shape in op.tags]
    kept = {op: table[op] for op in asked}
    log = ShapeEnv._log_real_tensor_propagation

    def note(env: Any, expression: Any, result: Any) -> None:
        lines.add(place())

    try:
        for op in asked:
            table[op] = _answering(kept[op], left)
        ShapeEnv._log_real_tensor_propagation = note
        with _InNumbers(lists=False), _Fixing() if fixed else contextlib.nullcontext():
            yield lines
    finally:
        table.update(kept)
        ShapeEnv._log_real_tensor_propagation = log


def _answering(implementation: Any, left: dict[str, collections.deque[Number]]) -> Any:
    """A fake operator that tells torch.export the answer to what its result asks."""

    def run(mode: Any, func: Any, *args: Any, **kwargs: Any) -> Any:
        if func in ITEMS:
            args[0].item_memo = None  # asked again, it is recorded again
        result = implementation(mode, func, *args, **kwargs)
        told = _told(result)
        waiting = left.get(place())
        if told is None or not waiting:
            return result
        answer = waiting.popleft()
        if isinstance(result, torch.SymBool):
            answer = int(bool(answer))
        if math.isfinite(answer):
            mode.shape_env.set_real_tensor_prop_unbacked_vals(told[0], answer)
        return result

    return run


def _told(result: Any) -> tuple[Any, Any] | None:
    """What stands for the answer, the number's symbol or that of the size that values decide, and whose it is."""
    if isinstance(result, torch.SymInt | torch.SymFloat | torch.SymBool):
        return next(((symbol, result.node.shape_env) for symbol in result.node._expr.free_symbols), None)
    for tensor in result if isinstance(result, tuple | list) else [result]:
        if not isinstance(tensor, torch.Tensor):
            continue
        for size in tensor.shape:
            if isinstance(size, torch.SymInt) and size.node._expr.is_symbol:
                symbol, env = size.node._expr, size.node.shape_env
                if env.is_unbacked_symint(symbol):
                    return symbol, env
    return None


class _Fixing(TorchFunctionMode):
    """Integers and sizes that the data tells are the recorded ones from the moment they are told."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        import sympy

        result = func(*args, **(kwargs or {}))
        told = _told(result)
        if told is not None and not isinstance(result, torch.SymFloat | torch.SymBool):
            symbol, env = told
            answer = env.real_tensor_prop_unbacked_vals.get(symbol)
            if answer is not None and env.is_unbacked_symint(symbol):
                env.guard_or_defer_runtime_assert(sympy.Eq(symbol, answer), "the example's")
        return result
