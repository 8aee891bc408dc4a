"""Sizes that torch.export took for numbers, or gave a minimum, although the model computes at others too: found by
comparing there."""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING, Any

from . import _native, guards
from ._tensors import state_of, to_mlx
from .capture import run
from .errors import InputError, Torch2MLXError
from .verification import differences, input_leaves, output_places, tensor_leaves, tolerance_of
from .ways import way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import torch

    from .capture import Capture

ENOUGH = 2  # other sizes at which both must agree
MOST = 24  # sizes to try
MOST_UNTRIED = 100  # sizes at which to see whether MLX computes
LARGEST = 64  # times the example's elements that inputs to try have
Axis = tuple[str, int]  # input, axis


def open_sizes(module: torch.nn.Module, capture: Capture, lowered: Any, graphs: list[Any]) -> list[str]:
    """Opens in `graphs` every fixed size that MLX would not refuse, if PyTorch and MLX agree at other sizes too, of
    each alone and of all together; minima likewise. The others stay, and so do those of models with state or random
    numbers: where PyTorch itself takes other sizes, the graphs refuse them by name. Gives what the report is to say."""
    constants = {
        (name, axis): int(size)
        for name, _, sizes in capture.graph.inputs
        for axis, size in enumerate(sizes)
        if size.isdigit() and size != "0"
    }
    rules = lowered.unenforced_sizes()
    fixed: dict[Axis, int] = {(name, axis): int(size) for name, axis, size, _ in rules if size.isdigit()}
    minima: dict[str, int] = {size: least for _, _, size, least in rules if least}
    alone = lowered.written or lowered.key
    tried = {} if alone else fixed
    minima = {} if alone else minima
    if not (constants or minima):
        return []
    trial = lowered.copy()
    for name, axis in tried:
        trial.open_axis(name, axis)
    for symbol in minima:
        trial.open_minimum(symbol)
    agreement = _Agreement(module, capture, trial)
    free = {axis: size for axis, size in tried.items() if agreement.around({axis: size})}
    if len(free) > 1 and not agreement.around(free):
        free = {}
    lower = [symbol for symbol, least in minima.items() if agreement.below(axes_of(lowered, symbol), least)]
    for graph in graphs:
        for name, axis in free:
            graph.open_axis(name, axis)
        for symbol in lower:
            graph.open_minimum(symbol)
    stay = {axis: size for axis, size in constants.items() if axis not in free}
    elsewhere = {axis: size for axis, size in stay.items() if agreement.runs_elsewhere(axis, stay)}
    for graph in graphs:
        for (name, axis), size in elsewhere.items():
            if (name, axis) not in fixed:  # MLX would refuse others too, in words of its own
                graph.require_size(name, axis, size)
    if not capture.auto:
        return []
    # The source's own assumptions say which.
    return ["sizes are those of the example inputs where the trace has no others"] if elsewhere else []


def limit_sizes(module: torch.nn.Module, capture: Capture, graphs: list[Any]) -> list[str]:
    """Has `graphs` require the conditions of the trace without which PyTorch and MLX do not agree: the model goes
    another way there. Of models with state or random numbers, wherever MLX computes. Gives what the report is to say.
    """
    sizes = guards.Sizes(capture.graph)
    doubts = guards.doubts(capture.graph, sizes)
    if not doubts:
        return []
    if graphs[0].written or graphs[0].key:
        return _limit_untried(doubts, graphs)
    agreement = _Agreement(module, capture, graphs[0])
    shapes_at = capture.graph.shapes_at
    largest = LARGEST * guards.elements(shapes_at(sizes.example))
    conditions = guards.needed(
        doubts,
        lambda symbols: agreement.at(shapes_at(symbols)),
        MOST,
        lambda symbols: guards.elements(shapes_at(symbols)) <= largest,
        lambda symbols: agreement.goes_the_same_way(shapes_at(symbols)),
    )
    return [*guards.fix_sizes(graphs, doubts.unknown), *guards.require(graphs, conditions)]


def limit_untried(aten: Any, graphs: list[Any]) -> list[str]:
    """The same of an imported graph whose original is not asked: conditions hold wherever MLX computes."""
    return _limit_untried(guards.doubts(aten, guards.Sizes(aten)), graphs)


def _limit_untried(doubts: guards.Doubts, graphs: list[Any]) -> list[str]:
    conditions = guards.needed(doubts, lambda symbols: False if graphs[0].accepts(symbols) else None, MOST_UNTRIED)
    return [*guards.fix_sizes(graphs, doubts.unknown), *guards.require(graphs, conditions)]


def axes_of(graph: Any, symbol: str) -> list[Axis]:
    """Axes of inputs that have this size."""
    return [(name, axis) for name, _, sizes in graph.inputs for axis, size in enumerate(sizes) if size == symbol]


class _Agreement:
    def __init__(self, module: torch.nn.Module, capture: Capture, graph: Any) -> None:
        self._module, self._capture, self._graph = _apart(module), capture, graph
        names = [name for name, _, _ in capture.graph.inputs]
        self._leaves = dict(zip(names, input_leaves(module, capture), strict=True))
        self._usual_way: list[Any] | None = None

    @functools.cached_property
    def _executor(self) -> Any:
        return _native.graph().Executor(self._graph)

    @functools.cached_property
    def _parameters(self) -> dict[str, Any]:
        return {key: to_mlx(value) for key, value in state_of(self._module, keep_vars=True).items()}

    def at(self, shapes: Mapping[str, Sequence[int]]) -> bool | None:
        """Do both give the same for inputs of these shapes? None where PyTorch does not run."""
        return self._agree(
            {
                (name, axis): size
                for name, shape in shapes.items()
                for axis, size in enumerate(shape)
                if size != self._leaves[name].shape[axis]
            }
        )

    def goes_the_same_way(self, shapes: Mapping[str, Sequence[int]]) -> bool:
        """Does PyTorch call the same operators for inputs of these shapes as for the example's? Nothing is computed, so
        they may be of any size."""
        if not self._usual_way:
            example = {name: leaf.shape for name, leaf in self._leaves.items()}
            self._usual_way = way(self._module, self._fake_call(example))
        return bool(self._usual_way) and way(self._module, self._fake_call(shapes)) == self._usual_way

    def _fake_call(self, shapes: Mapping[str, Sequence[int]]) -> Callable[[], Any]:
        import torch

        leaves = self._leaves
        return lambda: self._call(
            {name: torch.empty(tuple(shapes[name]), dtype=leaf.dtype) for name, leaf in leaves.items()}
        )

    def runs_elsewhere(self, axis: Axis, fixed: Mapping[Axis, int]) -> bool:
        """Does PyTorch run where this fixed size is another one, alone or with all that are as large?"""
        size = fixed[axis]
        twins = [other for other in fixed if fixed[other] == size]
        across = [other for other in twins if other[1] == axis[1]]  # the batch of several inputs
        groups = [group for group in ([axis], across, twins) if group == [axis] or len(group) > 1]
        others = [other for other in (size + 1, 2 * size, size - 1, 4 * size) if other > 0]  # 4: squares stay squares
        return any(self._runs(dict.fromkeys(axes, other)) for axes in groups for other in others)

    def _runs(self, sizes: Mapping[Axis, int]) -> bool:
        try:
            run(self._module, *self._call(self._changed(sizes)))
        except InputError:
            return False
        return True

    def _changed(self, sizes: Mapping[Axis, int]) -> dict[str, torch.Tensor]:
        changed = dict(self._leaves)
        for (name, axis), size in sizes.items():
            changed[name] = _resized(changed[name], axis, size)
        return changed

    def below(self, axes: list[Axis], least: int) -> bool:
        """Do both give the same at smaller sizes, wherever PyTorch runs?"""
        found = [self._agree(dict.fromkeys(axes, size)) for size in {least - 1, (least + 1) // 2, 1}]
        return False not in found and True in found

    def around(self, axes: Mapping[Axis, int]) -> bool:
        """Do both give the same at enough other sizes, wherever PyTorch runs?"""
        matches = 0
        for change in (lambda n: n + 1, lambda n: 2 * n, lambda n: n - 1, lambda n: 3 * n // 2, lambda n: 3 * n):
            sizes = {axis: change(size) for axis, size in axes.items()}
            if min(sizes.values()) < 1 or sizes == dict(axes):
                continue
            agree = self._agree(sizes)
            if agree is False:
                return False
            matches += agree is True
            if matches == ENOUGH:
                return True
        return False

    def _agree(self, sizes: Mapping[Axis, int]) -> bool | None:
        """None where PyTorch does not run. They do not where MLX alone refuses, in words of its own."""
        import mlx.core as mx

        changed = self._changed(sizes)
        try:
            wanted = tensor_leaves(run(self._module, *self._call(changed))[0][0])
        except InputError:
            return None
        try:
            outputs, _ = self._executor.run(self._parameters, [to_mlx(leaf) for leaf in changed.values()])
            given = [mx.array(value) for value in outputs if value is not None]
            mx.eval(given)
        except (Torch2MLXError, RuntimeError, ValueError):
            return False
        tolerance = tolerance_of(self._module, wanted)
        found = differences(output_places(len(wanted), 1), wanted, given, tolerance)
        return len(given) == len(wanted) and all(item.passed for item in found)

    def _call(self, changed: Mapping[str, torch.Tensor]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        from torch.utils import _pytree as pytree

        by_identity = {id(leaf): changed[name] for name, leaf in self._leaves.items()}
        call: tuple[tuple[Any, ...], dict[str, Any]] = pytree.tree_map(
            lambda leaf: by_identity.get(id(leaf), leaf), (self._capture.args, self._capture.kwargs)
        )
        return call


def _apart(module: torch.nn.Module) -> torch.nn.Module:
    """A copy that shares its tensors: models note down what sizes they were called with."""
    shared = {id(tensor): tensor for tensor in (*module.parameters(), *module.buffers())}
    try:
        return copy.deepcopy(module, shared)
    except Exception:  # whatever a user's own classes raise
        return module


def _resized(tensor: torch.Tensor, axis: int, size: int) -> torch.Tensor:
    """What is there, repeated."""
    import torch

    return tensor.index_select(axis, torch.arange(size) % tensor.shape[axis])
