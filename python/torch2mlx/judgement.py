"""Is a difference a fault? What MLX gave is judged by the original in float64: where PyTorch's own numbers are as far
from it, nothing is wrong with MLX's. Where results part because an operator picked other elements whose scores tie,
PyTorch must give MLX's numbers once it makes the same picks.

Both run the program that torch.export made, whose types are all written down; `Verification` says what was found.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ._tensors import map_leaves

if TYPE_CHECKING:
    import numpy as np
    import torch

    from .verification import Difference

NUDGES = 3  # times that PyTorch is asked again, of inputs next to the given ones
FARTHER = 2  # times PyTorch's own distance: roundings differ in order and kernels
# Where PyTorch's own rounding reaches so far, its numbers are chance: being as far proves nothing.
UNSTEADY = 0.01


@dataclasses.dataclass(frozen=True)
class Distance:
    """How far both sides of one output are from the same in float64, as max|.| / max(1, max|float64|)."""

    place: str
    torch: float  # the farthest, where it was asked of inputs nearby too
    mlx: float
    passed: bool  # the sides agree, or MLX is as near as PyTorch, up to a factor


@dataclasses.dataclass(frozen=True)
class Choice:
    """An operator whose picks differ and tie: each side's are the best by scores that agree within the tolerance."""

    place: str  # "topk_1 (decoder.select)"
    picked: int  # how many picks differ
    gap: float  # how far their scores are apart in PyTorch, of max(1, max|score|)


@dataclasses.dataclass(frozen=True)
class Judgement:
    """What was found out about outputs that part."""

    passed: bool
    explanation: str
    float64: list[Distance]
    choices: list[Choice]


@dataclasses.dataclass
class Case:
    """One comparison, to be judged."""

    program: Any  # torch.export.ExportedProgram
    aten: Any  # _graph.Graph of it
    args: Sequence[Any]
    kwargs: Mapping[str, Any]
    calls: int
    wanted: list[torch.Tensor]  # PyTorch's outputs, given: MLX's
    given: list[Any]
    outputs: list[Difference]
    tolerance: float
    parameters: Any  # () -> the arrays that MLX's graph, behind its passes, runs on
    inputs: list[Any]  # MLX's, in the order of the graph's


def judge(case: Case) -> Judgement:
    """Judges outputs of which some are beyond the tolerance."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's own, of copies of its programs
        return _judged(case)


def _judged(case: Case) -> Judgement:
    try:
        exact = _run(_widened(case.program), *_wide(case), case.calls)
    except Exception as error:  # the program may insist on its types
        return Judgement(False, f"no float64 to compare with ({_line(error)})", [], [])
    owns = [case.wanted]
    distances = _distances(case, case.outputs, exact, owns)
    if not all(distance.passed for distance in distances):
        owns += _nudged(case)
        distances = _distances(case, case.outputs, exact, owns)
    if all(distance.passed for distance in distances):
        return Judgement(True, _nearness(distances, "as near to float64 as PyTorch's own numbers"), distances, [])
    told = _nearness(distances, "farther from float64 than PyTorch's own numbers")
    if case.calls > 1:
        return Judgement(False, told, distances, [])
    try:
        return _by_picks(case, distances)
    except _NoTieError as error:
        return Judgement(False, f"{told}; {error}" if str(error) else told, distances, [])
    except Exception as error:  # a proof that cannot be made is none
        return Judgement(False, f"{told}; picks were not compared ({_line(error)})", distances, [])


def _line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0][:200]}"


def _nearness(distances: list[Distance], words: str) -> str:
    worst = max(distances, key=lambda distance: (not distance.passed, distance.mlx))
    return f"{words}: {worst.place} is {worst.mlx:.2g} from it, PyTorch's {worst.torch:.2g}"


def _nudged(case: Case) -> list[list[torch.Tensor]]:
    """PyTorch's outputs for inputs that are off by one rounding: what MLX's roundings may come to as well."""
    import torch

    from . import exported

    chance = torch.Generator().manual_seed(0)

    def nudged(leaf: Any) -> Any:
        if not isinstance(leaf, torch.Tensor) or leaf.dtype != torch.float32 or not leaf.numel():
            return leaf
        up = torch.rand(leaf.shape, generator=chance) < 0.5
        return torch.nextafter(leaf, torch.where(up, torch.inf, -torch.inf))

    module, found = case.program.module(), []
    for _ in range(NUDGES):
        args, kwargs = map_leaves(tuple(case.args), nudged), map_leaves(dict(case.kwargs), nudged)
        with contextlib.suppress(Exception):  # values may decide what the program refuses
            found.append(exported.run(module, args, kwargs, case.calls))
    return found


def _distances(
    case: Case, outputs: list[Difference], exact: list[torch.Tensor], owns: list[list[torch.Tensor]]
) -> list[Distance]:
    """`owns`: PyTorch's outputs, once and again."""
    rows = zip(outputs, exact, zip(*owns, strict=True), case.given, strict=True)
    return [_distance(output, truth, theirs, ours, case.tolerance) for output, truth, theirs, ours in rows]


def _distance(
    output: Difference, truth: torch.Tensor, theirs: Sequence[torch.Tensor], ours: Any, tolerance: float
) -> Distance:
    from .verification import difference, numpy

    wide, owns, given = numpy(truth), [numpy(own) for own in theirs], numpy(ours)
    allowed = max(difference("", truth, own, tolerance).max_rel_diff for own in owns)
    found = difference("", truth, given, tolerance).max_rel_diff
    near = found <= max(tolerance, min(FARTHER * allowed, max(UNSTEADY, 2 * tolerance)))
    # One wild element of PyTorch's must not excuse all of MLX's.
    near = near and _spread(wide, given) <= max(tolerance, FARTHER * max(_spread(wide, own) for own in owns))
    return Distance(output.place, allowed, found, output.passed or near)


def _spread(truth: np.ndarray, given: np.ndarray) -> float:
    """Root of the mean square of the differences, on the scale of `difference`."""
    import numpy as np

    if truth.shape != given.shape or not truth.size:
        return 0.0
    finite = np.isfinite(truth) & np.isfinite(given)
    if not finite.any():
        return 0.0
    mean = float(np.sqrt(np.mean(np.abs(truth - given)[finite] ** 2)))
    return mean / max(1.0, float(np.abs(truth[finite]).max()))


# --- float64


def _wide(case: Case) -> tuple[Any, Any]:
    def widen(leaf: Any) -> Any:
        import torch

        if not isinstance(leaf, torch.Tensor):
            return leaf
        if leaf.is_complex():
            return leaf.to(torch.complex128)
        return leaf.double() if leaf.is_floating_point() else leaf

    return map_leaves(tuple(case.args), widen), map_leaves(dict(case.kwargs), widen)


def _widened(program: Any) -> Any:
    """The program's module with float64 in place of the types it computes in; narrower ones that it rounds to on
    purpose stay."""
    import torch
    from torch.fx import GraphModule
    from torch.fx.node import map_aggregate

    module = copy.deepcopy(program.module())  # `double` writes to the tensors themselves
    held = [*program.state_dict.values(), *program.constants.values()]
    computed = {tensor.dtype for tensor in held if isinstance(tensor, torch.Tensor)} | {torch.float32}
    wide = {dtype: torch.float64 for dtype in computed if dtype.is_floating_point} | {torch.complex64: torch.complex128}
    for part in module.modules():
        for name, value in vars(part).items():
            if isinstance(value, torch.Tensor) and value.dtype in wide:  # constants that are no buffers
                vars(part)[name] = value.to(wide[value.dtype])
        if not isinstance(part, GraphModule):
            continue
        for node in list(part.graph.nodes):
            if node.target is torch.ops.aten._assert_tensor_metadata.default:
                part.graph.erase_node(node)
                continue
            node.args = map_aggregate(node.args, lambda item: wide.get(item, item) if _is_dtype(item) else item)
            node.kwargs = map_aggregate(node.kwargs, lambda item: wide.get(item, item) if _is_dtype(item) else item)
        part.recompile()
    return module.double()


def _is_dtype(item: Any) -> bool:
    import torch

    return isinstance(item, torch.dtype)


def _run(module: Any, args: Any, kwargs: Any, calls: int) -> list[torch.Tensor]:
    """Leaves of the results, where numbers without a type are float64 too."""
    from . import exported

    with _default_float64():
        return exported.run(module, args, kwargs, calls)


@contextlib.contextmanager
def _default_float64() -> Iterator[None]:
    import torch

    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(usual)


# --- picks


class _NoTieError(Exception):
    """Why picks do not explain a difference."""


@dataclasses.dataclass(frozen=True)
class _Selection:
    """A node of the program that picks elements by their scores."""

    name: str
    place: str
    indices: str  # name of the value that holds the picks
    scores: str


@dataclasses.dataclass(frozen=True)
class _Pick:
    scores: torch.Tensor
    indices: torch.Tensor


def _by_picks(case: Case, distances: list[Distance]) -> Judgement:
    """Raises _NoTieError if other picks are not all there is to it."""
    from .verification import differences

    selections = list(_selections(case.program))
    if not selections:
        raise _NoTieError("")
    picks = _picks_of_mlx(case, selections)
    choices: list[Choice] = []
    own = _replayed(case.program.module(), selections, picks, case, choices)
    if not choices:
        raise _NoTieError("all picks are PyTorch's")
    places = [output.place for output in case.outputs]
    after = differences(places, own, case.given, case.tolerance)
    count, worst = sum(choice.picked for choice in choices), max(choices, key=lambda choice: choice.gap)
    told = f"{count} picks of {len(choices)} operators tie with PyTorch's: scores are {worst.gap:.2g} apart at most, "
    told += f"in {worst.place}"
    if all(output.passed for output in after):
        largest = max(output.max_rel_diff for output in after)
        return Judgement(
            True, f"{told}; with the same picks the largest difference is {largest:.2g}", distances, choices
        )
    with _default_float64():
        exact = _replayed(_widened(case.program), selections, picks, case, [], wide=True)
    again = _distances(case, after, exact, [own])
    near = all(distance.passed for distance in again)
    words = "as near to float64 as PyTorch's own numbers" if near else "farther from float64 than PyTorch's own numbers"
    return Judgement(near, f"{told}; with the same picks {_nearness(again, words)}", again, choices)


def _selections(program: Any) -> Iterator[_Selection]:
    for node in program.graph_module.graph.nodes:
        if node.op != "call_function" or _kind(node.target) is None:
            continue
        indices = node.name
        if _kind(node.target) == "pair":
            users = [user.name for user in node.users if user.args[1:] == (1,)]
            if not users:
                continue  # its values alone are read
            indices = users[0]
        stack = list((node.meta.get("nn_module_stack") or {}).values())
        module = f" ({stack[-1][0]})" if stack and stack[-1][0] else ""
        yield _Selection(node.name, node.name + module, indices, node.args[0].name)


def _kind(target: Any) -> str | None:
    """ "pair": (values, indices); "indices": these alone."""
    import torch

    aten = torch.ops.aten
    if target in (aten.topk.default, aten.sort.default, aten.sort.stable, aten.max.dim, aten.min.dim):
        return "pair"
    alone = (aten.argsort.default, aten.argsort.stable, aten.argmax.default, aten.argmin.default)
    return "indices" if target in alone else None


def _picks_of_mlx(case: Case, selections: list[_Selection]) -> dict[str, _Pick]:
    """By name of the node. Raises _NoTieError where the graph that tells them computes something else than the code."""
    import mlx.core as mx
    import torch

    from . import _native
    from ._tensors import to_torch
    from .verification import differences

    names = [name for selection in selections for name in (selection.scores, selection.indices)]
    graph = case.aten.expose(names).lower().optimized()
    results, _ = _native.graph().Executor(graph).run(case.parameters(), case.inputs)
    shown = results[len(results) - len(names) :]
    own = [result for result in results[: len(results) - len(names)] if result is not None]
    mx.eval([result for result in (*own, *shown) if isinstance(result, mx.array)])
    wanted = [to_torch(array) if isinstance(array, mx.array) else torch.tensor(array) for array in case.given]
    if len(own) != len(wanted) or not all(
        row.passed for row in differences([""] * len(wanted), wanted, [mx.array(item) for item in own], case.tolerance)
    ):
        raise _NoTieError("the graph that shows picks gives other numbers")
    tensors = [to_torch(array) for array in shown]
    pairs = zip(selections, tensors[::2], tensors[1::2], strict=True)
    return {selection.name: _Pick(scores, indices.long()) for selection, scores, indices in pairs}


def _replayed(
    module: Any,
    selections: list[_Selection],
    picks: dict[str, _Pick],
    case: Case,
    choices: list[Choice],
    wide: bool = False,
) -> list[torch.Tensor]:
    """Leaves of what the program gives if it picks what MLX picked."""
    from . import exported

    places = {selection.name: selection.place for selection in selections}
    for node in list(module.graph.nodes):
        if node.name not in picks:
            continue
        settle = _settler(node.target, places[node.name], picks[node.name], case.tolerance, choices)
        with module.graph.inserting_after(node):
            settled = module.graph.call_function(settle, (node, *node.args), dict(node.kwargs))
        node.replace_all_uses_with(settled, delete_user_cb=lambda user, own=settled: user is not own)
    module.recompile()
    args, kwargs = _wide(case) if wide else (case.args, case.kwargs)
    return exported.run(module, args, kwargs)


def _settler(target: Any, place: str, pick: _Pick, tolerance: float, choices: list[Choice]) -> Any:
    """The node's result with MLX's picks. Raises _NoTieError where they are not as good."""
    pair = _kind(target) == "pair"

    def settle(result: Any, scores: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        import torch

        from .verification import difference, numpy

        own = result[1] if pair else result
        if own.shape != pick.indices.shape or scores.shape != pick.scores.shape:
            raise _NoTieError(f"{place} is of another shape")
        other = own != pick.indices
        if not other.any():
            return result
        apart = difference("", scores, numpy(pick.scores), tolerance)
        if not apart.passed:
            raise _NoTieError(f"the scores of {place} differ by {apart.max_rel_diff:.2g}")
        dim = _dim(target, args, kwargs)
        keepdim = _is_kept(target, args, kwargs)
        best = target(pick.scores, *args, **kwargs)
        best = best[0] if pair else _taken(pick.scores, best, dim, keepdim)
        picked = _taken(pick.scores, pick.indices, dim, keepdim)
        if _argument(target, "sorted", args, kwargs) is False:  # in any order
            best, picked = best.sort(dim).values, picked.sort(dim).values
        if not torch.equal(best, picked):
            raise _NoTieError(f"{place} picked others than its own scores tell")
        values = _taken(scores, pick.indices, dim, keepdim)
        gap = (values - _taken(scores, own, dim, keepdim)).abs().max() / scores.abs().max().clamp(min=1)
        choices.append(Choice(place, int(other.sum()), float(gap)))
        return (values, pick.indices) if pair else pick.indices

    settle.__name__ = f"settle_{id(pick)}"
    return settle


def _dim(target: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> int | None:
    value = _argument(target, "dim", args, kwargs)
    return value if isinstance(value, int) else None


def _is_kept(target: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> bool:
    """Do the picks have as many axes as the scores?"""
    names = [argument.name for argument in target._schema.arguments]
    return "keepdim" not in names or bool(_argument(target, "keepdim", args, kwargs))


def _argument(target: Any, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    schema = target._schema.arguments[1:]  # behind the scores
    for place, argument in enumerate(schema):
        if argument.name == name:
            return args[place] if place < len(args) else kwargs.get(name, argument.default_value)
    return None


def _taken(scores: torch.Tensor, indices: torch.Tensor, dim: int | None, keepdim: bool) -> torch.Tensor:
    """The picked elements, in the shape of the picks."""
    import torch

    if dim is None:
        return scores.flatten()[indices]
    if scores.dim() == 0:
        return scores.expand(indices.shape)
    taken = torch.gather(scores, dim, indices if keepdim else indices.unsqueeze(dim))
    return taken if keepdim else taken.squeeze(dim)
