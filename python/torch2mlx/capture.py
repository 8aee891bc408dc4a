"""A live `nn.Module` to the library's graph: torch.export, every dimension dynamic where it can be."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import functools
import gc
import io
import logging
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch.export import Dim, ExportedProgram
from torch.nn.utils import parametrize

from . import (
    _native,
    arguments,
    conversions,
    data_branches,
    recurrent,
    size_expressions,
    traced_modules,
    trees,
    whole_sizes,
)
from ._tensors import describe_all, describe_modules, state_of, tied
from .decompositions import decomposed
from .errors import InputError, UnsupportedError
from .hf import tracing
from .time_limit import OutOfTime, limited

# Of computing, that torch.export may look for sizes that can be open: at least, and for each module. It takes about a
# tenth of a second for a module of a decoder on a slow machine.
OPEN_SECONDS, OPEN_SECONDS_OF_A_MODULE = 30.0, 0.12

Finish = Callable[[ExportedProgram], ExportedProgram]

_ONE = (
    "sizes are those of the example inputs where they are one: torch.export takes these for constants, and the model "
    "does not run on these inputs as two of the same; give example inputs with a batch of 2 to leave it open"
)


@dataclasses.dataclass
class Capture:
    """An ATen graph of a live model and what it was traced with."""

    graph: Any  # _graph.Graph
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    absent: list[str]  # optional arguments of forward() that were not given
    fixed: dict[str, str]  # arguments that are no tensors, as Python literals: the graph is that of these values
    parameters: list[str]  # of forward(), in order; *rest as rest_0, rest_1, what **rest takes by its own names
    assumptions: list[str]
    auto: bool  # sizes are open wherever they can be
    program: ExportedProgram  # that the graph is of

    @functools.cached_property
    def lowered(self) -> Any:
        """The MLX graph in PyTorch's layouts. Raises UnsupportedError."""
        return self.graph.lower()


def unwrap(model: torch.nn.Module) -> torch.nn.Module:
    """The module that `torch.compile` wrapped, or the module itself."""
    return getattr(model, "_orig_mod", model)


def folded(model: torch.nn.Module) -> torch.nn.Module:
    """The model with weight_norm and spectral_norm folded into plain weights, as the converter folds them; a copy where
    there are any, the model itself otherwise."""
    if not any(True for _ in _norms(model)):
        return model
    with torch.no_grad():
        for module, _, hook in _norms(model):
            if hook is not None:
                hook(module, None)  # else its weight is a result with a history, which cannot be copied
        plain = copy.deepcopy(model)
        for module, name, hook in list(_norms(plain)):
            value = torch.nn.Parameter(getattr(module, name).detach().clone())
            if hook is None:  # torch's own removal would change the class, which the original has too
                module.__class__ = parametrize.type_before_parametrizations(module)
                del module._modules["parametrizations"]
            else:
                key = next(key for key, held in module._forward_pre_hooks.items() if held is hook)
                del module._forward_pre_hooks[key]
                for end in ("_g", "_v", "_orig", "_u"):
                    module._parameters.pop(name + end, None)
                    module._buffers.pop(name + end, None)
                vars(module).pop(name, None)
            module.register_parameter(name, value)
    return plain


def _norms(model: torch.nn.Module) -> Iterator[tuple[torch.nn.Module, str, Any]]:
    """(module, name of the weight, its hook in the old spelling)."""
    kinds = ("_WeightNorm", "_SpectralNorm")
    for module in model.modules():
        chains = dict(getattr(module, "parametrizations", {}))
        for name, chain in chains.items():
            if len(chains) == len(chain) == 1 and type(chain[0]).__name__ in kinds:
                yield module, name, None
        for hook in list(module._forward_pre_hooks.values()):
            if type(hook).__name__ in ("WeightNorm", "SpectralNorm"):
                yield module, hook.name, hook


@contextlib.contextmanager
def evaluating(model: torch.nn.Module) -> Iterator[None]:
    """Eval mode without gradients, caches as tuples; modes are restored, and what it counts or caches in
    buffers."""
    modes = {module: module.training for module in model.modules()}
    buffers = [
        (module, name, buffer, buffer._version, buffer.clone())
        for module in modes
        for name, buffer in module._buffers.items()
        if buffer is not None and buffer.device.type != "meta" and not buffer.is_inference()
    ]
    model.eval()
    try:
        with torch.no_grad(), tracing.traceable(model):
            yield
    finally:
        for module, mode in modes.items():
            module.training = mode
        with torch.no_grad():
            for module, name, buffer, version, value in buffers:
                module._buffers[name] = buffer
                if buffer._version != version:
                    buffer.copy_(value)


def capture(
    model: torch.nn.Module,
    args: Sequence[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    dynamic: Any = "auto",
    fixed: Collection[tuple[str, int]] = (),
) -> Capture:
    """Exports `model` in eval mode on these example inputs.

    `dynamic`: "auto", None for the traced sizes only, or what torch.export takes as `dynamic_shapes`. `fixed`: (input,
    axis) of sizes that "auto" is to leave as they are.
    Raises InputError if the arguments do not fit forward(), UnsupportedError if torch.export cannot trace the model.
    """
    traced_modules.require_python(model)
    args, kwargs = _apart((tuple(args), dict(kwargs or {})))
    trees.register((args, kwargs))
    bound = arguments.bind(model, args, kwargs)
    assumptions: list[str] = []
    conditions: list[str] = []

    def functional(exported: ExportedProgram) -> ExportedProgram:
        conditions[:] = getattr(exported, "_guards_code", None) or []
        return decomposed(exported)

    try:
        with _tracing(model):
            program = _export(model, args, kwargs, dynamic, assumptions, fixed, functional)
            data_branches.drop_checks(program)
    except UnsupportedError:
        outputs = run(model, args, kwargs)  # are the inputs to blame?
        if not trees.register(outputs):
            raise
        return capture(model, args, kwargs, dynamic, fixed)
    _require_fixed_parameters(model, program)
    if dynamic == "auto":
        conditions += _maxima(program, bound, _position_limit(model))
    with _seldom_collected():
        graph = _import(model, program, conditions)
    return Capture(
        graph,
        args,
        kwargs,
        arguments.absent(model, args, kwargs),
        arguments.fixed(model, args, kwargs),
        arguments.parameters(model, args, kwargs),
        assumptions,
        isinstance(dynamic, str),
        program,
    )


@contextlib.contextmanager
def _tracing(model: torch.nn.Module) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for context in (evaluating(model), _quiet(), _seldom_collected(), recurrent.whole()):
            stack.enter_context(context)
        for context in (
            whole_sizes.rounded_exactly(),
            size_expressions.soon_done(),
            traced_modules.converting(),
        ):
            stack.enter_context(context)
        yield


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What torch.export has to say ends up in our errors; it also logs, warns and prints."""
    level = logging.root.manager.disable
    logging.disable(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


@contextlib.contextmanager
def _seldom_collected() -> Iterator[None]:
    """Tracing makes millions of objects that stay: looking for garbage among them takes an eighth of its time."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], 100_000) if usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _export(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    dynamic: Any,
    assumptions: list[str],
    fixed: Collection[tuple[str, int]] = (),
    finish: Finish = lambda program: program,
) -> ExportedProgram:
    """What `finish` makes of torch.export's program, with as many open sizes as both can take."""
    if dynamic != "auto":
        return _try_export(model, args, kwargs, [dynamic], finish)
    given = args, kwargs
    wider = list(_wider_batches(args, kwargs))
    args, kwargs = next((call for call in wider if len(wider) == 1 or _runs(model, *call)), given)
    bound = arguments.bind(model, args, kwargs)
    # Sizes that several inputs share are one symbol by name; the rest is torch's to decide.
    open_ones = _distinct([_shared_shapes(model, bound), _shapes(bound, lambda size, axis: Dim.AUTO)])
    batch_alone = _shapes(bound, lambda size, axis: Dim.AUTO if axis == 0 else Dim.STATIC)
    for shapes in [*open_ones, batch_alone]:
        for name, axis in fixed:
            shapes[name][axis] = Dim.STATIC
    attempts: list[tuple[list[Any], str]] = [
        (open_ones, ""),
        ([batch_alone], "sizes are traced as the example inputs have them, but for the batch"),
        ([None], "sizes are those of the example inputs"),
    ]
    reasons: list[str] = []
    for shapes, sizes in attempts:
        try:
            program = _limited_export(model, args, kwargs, shapes, finish, assumptions)
        except UnsupportedError as error:
            reasons += error.details
        else:
            if sizes:
                assumptions.append(f"{sizes}, since {reasons[-1]}")
            elif wider and args is given[0]:
                assumptions.append(_ONE)
            return program
    if args is given[0]:
        raise _untraceable(model, reasons)
    assumptions.append(_ONE)
    return _try_export(model, *given, [None], finish)


def _limited_export(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    attempts: list[Any],
    finish: Finish,
    assumptions: list[str],
) -> ExportedProgram:
    """Raises UnsupportedError after a while too, unless no size is open: expressions of sizes grow without bound in
    some models, as in those of shifted windows."""
    if attempts == [None]:
        return _try_export(model, args, kwargs, attempts, finish, assumptions)
    seconds = max(OPEN_SECONDS, OPEN_SECONDS_OF_A_MODULE * sum(1 for _ in model.modules()))
    try:
        with limited(seconds):
            return _try_export(model, args, kwargs, attempts, finish, assumptions)
    except OutOfTime:
        raise _untraceable(model, [f"torch.export found no end with open ones in {seconds:g} s"]) from None


def tensor_axes(model: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[tuple[str, int]]:
    """(input, axis) of every axis of the arguments that are tensors."""
    bound = arguments.bind(model, args, kwargs)
    tensors = {name: value for name, value in bound.items() if isinstance(value, torch.Tensor)}
    return [(name, axis) for name, tensor in tensors.items() for axis in range(tensor.dim())]


def _require_fixed_parameters(model: torch.nn.Module, program: ExportedProgram) -> None:
    """Weights that are converted are those that the code is for."""
    if written := list(program.graph_signature.parameters_to_mutate.values()):
        raise UnsupportedError(
            "the model writes to its own parameters",
            place=type(model).__qualname__,
            hint="where it does so in its first call alone, call it once in eval mode before",
            details=written,
        )


def _try_export(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    attempts: list[Any],
    finish: Finish,
    assumptions: list[str] | None = None,
) -> ExportedProgram:
    failures: list[Exception] = []

    def attempt(shapes: Any) -> ExportedProgram | None:
        own, named = _map((args, kwargs), _copied)  # open axes are marked on the tensors, where they stay if this fails
        try:
            with conversions.of_sizes(model), arguments.named(model, own, named):
                return torch.export.export(model, own, named, dynamic_shapes=shapes, strict=False)
        except Exception as error:  # torch.export raises whatever the model and the tracer raise
            failures.append(error.with_traceback(None))
            return None

    def branches() -> bool:
        return assumptions is not None and any(map(data_branches.are_to_blame, failures))

    for shapes in attempts:
        program, decisions = None if branches() else attempt(shapes), []
        if program is None and branches():
            with data_branches.decided() as decisions:
                program = attempt(shapes)
        if program is None:
            continue
        try:
            finished = finish(program)
        except UnsupportedError as error:
            failures.append(error)
            continue
        if assumptions is not None:
            assumptions.extend(decisions)
        return finished
    raise _untraceable(model, [f"{type(error).__name__}: {_first_line(error)}" for error in failures])


def _untraceable(model: torch.nn.Module, reasons: list[str]) -> UnsupportedError:
    return UnsupportedError(
        "torch.export cannot trace the model",
        place=type(model).__qualname__,
        hint="it must run on the example inputs without branching on their values",
        details=list(dict.fromkeys(reasons)),
    )


def run(model: torch.nn.Module, args: tuple[Any, ...], kwargs: Mapping[str, Any], calls: int = 1) -> list[Any]:
    """(output, args, kwargs) after each of `calls` calls on copies of these inputs, in eval mode; state goes from one
    to the next. Raises InputError if the model raises."""

    results = []
    try:
        with evaluating(model):
            for _ in range(calls):
                given, named = _map((args, dict(kwargs)), _copied)
                # A copy: the next call may write to what this one gave.
                results.append((_map(model(*given, **named), _copied), given, named))
            return results
    except Exception as error:  # the user's own code
        raise InputError(
            f"{type(model).__name__} itself fails on the example inputs: {type(error).__name__}: {_first_line(error)}",
            place="args",
            hint="args and kwargs are those of a call of the model",
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _wider_batches(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """A batch of one traces as the constant 1, so examples of batch one are traced as two of the same. Which axes are
    the batch's, of several inputs, only the model can tell: the likeliest first."""
    leaves, structure = torch.utils._pytree.tree_flatten((args, kwargs))
    shapes = [tuple(leaf.shape) if isinstance(leaf, torch.Tensor) else () for leaf in leaves]
    first = [0 if shape[:1] == (1,) else None for shape in shapes]
    if not any(axis == 0 and len(shape) > 1 for axis, shape in zip(first, shapes, strict=True)):
        return
    long = [axis if len(shape) > 1 else None for axis, shape in zip(first, shapes, strict=True)]
    # States of recurrent layers have their batch behind the layers.
    states = [1 if len(shape) == 3 and shape[1] == 1 else None for shape in shapes]
    mixed = [one if two is None else two for one, two in zip(first, states, strict=True)]
    widest = max(map(len, shapes))
    largest = [axis if len(shape) == widest else None for axis, shape in zip(first, shapes, strict=True)]
    for axes in _distinct([first, long, mixed, largest]):
        pairs = zip(leaves, axes, strict=True)
        yield torch.utils._pytree.tree_unflatten(
            [leaf if axis is None else torch.cat([leaf, leaf], axis) for leaf, axis in pairs], structure
        )


def _distinct(items: Sequence[Any]) -> list[Any]:
    return [item for place, item in enumerate(items) if item not in items[:place]]


def _runs(model: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        run(model, args, kwargs)
    except InputError:
        return False
    return True


def _apart(call: tuple[tuple[Any, ...], dict[str, Any]]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The same with copies of tensors that are there before: given twice, one would be traced as the other."""
    seen: set[int] = set()

    def copied(leaf: Any) -> Any:
        if not isinstance(leaf, torch.Tensor):
            return leaf
        twice = id(leaf) in seen
        seen.add(id(leaf))
        return leaf.clone() if twice else leaf

    apart: tuple[tuple[Any, ...], dict[str, Any]] = _map(call, copied)
    return apart


def _leaves(tree: Any) -> list[Any]:
    return torch.utils._pytree.tree_leaves(tree)


def _copied(leaf: Any) -> Any:
    return leaf.clone() if isinstance(leaf, torch.Tensor) else leaf


def _map(tree: Any, change: Any) -> Any:
    return torch.utils._pytree.tree_map(change, tree)


def _shapes(bound: dict[str, Any], dim: Any) -> dict[str, Any]:
    def of(leaf: Any) -> Any:
        return (
            {axis: dim(size, axis) for axis, size in enumerate(leaf.shape)} if isinstance(leaf, torch.Tensor) else None
        )

    shapes: dict[str, Any] = trees.as_lists(_map(bound, of))
    return shapes


def _shared_shapes(model: torch.nn.Module, bound: dict[str, Any]) -> dict[str, Any]:
    counts: dict[tuple[int, int], int] = {}
    lengths: set[int] = set()  # of token ids
    for leaf in _leaves(bound):
        if isinstance(leaf, torch.Tensor):
            for axis, size in enumerate(leaf.shape):
                counts[axis, size] = counts.get((axis, size), 0) + 1
            if leaf.dim() == 2 and leaf.dtype in (torch.int32, torch.int64):
                lengths.add(leaf.shape[1])
    limit = _position_limit(model)
    named: dict[tuple[int, int], Any] = {}

    def dim(size: int, axis: int) -> Any:
        limited = axis == 1 and limit is not None and size in lengths
        if (counts[axis, size] < 2 and not limited) or size < 2 or axis > 1:
            return Dim.AUTO
        if (axis, size) not in named:
            bounds = {"max": limit} if axis == 1 and limit and size <= limit else {}
            named[axis, size] = Dim(f"{'batch' if axis == 0 else 'length'}_{size}", **bounds)
        return named[axis, size]

    return _shapes(bound, dim)


def _maxima(program: ExportedProgram, bound: Mapping[str, Any], limit: int | None) -> list[str]:
    """Largest sizes but for `limit`, as conditions that may turn out to change nothing."""
    from torch.utils._sympy.numbers import int_oo
    from torch.utils._sympy.value_ranges import ValueRanges

    texts, ranges = [], program.range_constraints
    placeholders = [node for node in program.graph.find_nodes(op="placeholder") if node.name in bound]
    for node in placeholders:
        for axis, size in enumerate(getattr(node.meta.get("val"), "shape", ())):
            found = ranges.get(size.node.expr) if isinstance(size, torch.SymInt) else None
            if found is not None and found.upper not in (int_oo, limit) and found.lower < found.upper < 2**31 - 1:
                ranges[size.node.expr] = ValueRanges(found.lower, int_oo)
                texts.append(f"L['{node.name}'].size()[{axis}] <= {int(found.upper)}")
    return texts


def _position_limit(model: torch.nn.Module) -> int | None:
    """Longest sequence that the model's configuration has positions for, where a table holds them. (Rotary ones are
    computed, and have no end.)"""
    limit = getattr(getattr(model, "config", None), "max_position_embeddings", None)
    if not isinstance(limit, int):
        return None
    spare = 2  # rows in front, as of OPT and BART
    tensors = [*model.parameters(), *model.buffers()]
    tabled = any(limit <= size <= limit + spare for tensor in tensors for size in tensor.shape)
    return limit if tabled else None


def _import(model: torch.nn.Module, program: ExportedProgram, guards: list[str]) -> Any:
    """`guards`: conditions on sizes that the tracing relied on beside their ranges."""
    from torch._export.serde import serialize as serde

    # The tensors stay where they are: the library reads them in place.
    try:
        with trees.told(serde.GraphModuleSerializer):
            text = serde.serialize(
                program, serialize_state_dict=False, serialize_constants=False, serialize_example_inputs=False
            ).exported_program
    except Exception as error:  # sparse inputs, operators that are known to one process alone
        raise UnsupportedError(
            f"torch.export has no serialized form of it: {_first_line(error)}", place=type(model).__qualname__
        ) from error
    constants = {name: value for name, value in program.constants.items() if isinstance(value, torch.Tensor)}
    state = state_of(model)
    return _native.graph().Graph.import_program(
        text.decode(), describe_all(constants), describe_modules(model), list(state), tied(state), guards
    )
