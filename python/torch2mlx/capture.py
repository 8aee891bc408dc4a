"""A live `nn.Module` to the library's graph: torch.export, every dimension dynamic where it can be."""

from __future__ import annotations

import contextlib
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

from . import (
    answers,
    arguments,
    conversions,
    dynamic_shapes,
    importing,
    keywords,
    noted,
    recurrent,
    requirements,
    size_expressions,
    traced_modules,
    trees,
    whole_sizes,
)
from .decompositions import decomposed
from .errors import InputError, UnsupportedError, first_line
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
    checks: list[str]  # lines of the model that ask for values, of which the code checks what the trace relied on
    called: set[int]  # id() of the modules that forward() calls

    @functools.cached_property
    def lowered(self) -> Any:
        """The MLX graph in PyTorch's layouts. Raises UnsupportedError."""
        return self.graph.lower()


def unwrap(model: torch.nn.Module) -> torch.nn.Module:
    """The module that `torch.compile` wrapped, or the module itself."""
    return getattr(model, "_orig_mod", model)


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
    try:
        with _tracing(model), _calls() as called:
            program, guards, checks = _traced_afresh(model, args, kwargs, dynamic, assumptions, fixed)
    except noted.WrittenError:
        raise
    except UnsupportedError:
        with noted.untouched(model):
            outputs = run(model, args, kwargs)  # are the inputs to blame?
        if not trees.register(outputs):
            raise
        return capture(model, args, kwargs, dynamic, fixed)
    _require_fixed_parameters(model, program)
    with _seldom_collected():
        graph = importing.with_conditions(model, program, guards, bound if dynamic == "auto" else {})
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
        checks,
        called,
    )


@contextlib.contextmanager
def _calls() -> Iterator[set[int]]:
    """id() of every module that is called meanwhile."""
    called: set[int] = set()
    handle = torch.nn.modules.module.register_module_forward_pre_hook(lambda module, _args: called.add(id(module)))
    try:
        yield called
    finally:
        handle.remove()


@contextlib.contextmanager
def _tracing(model: torch.nn.Module) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for context in (evaluating(model), _quiet(), _seldom_collected(), recurrent.whole()):
            stack.enter_context(context)
        for context in (
            keywords.written_out(),
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


@dataclasses.dataclass
class _Numbers:
    """Those that a model reads from its data."""

    fixed: bool = False  # integers are the example's
    asked: bool = False  # were there any that decided something?
    held: list[torch.Tensor] = dataclasses.field(default_factory=list)  # inputs whose sizes are the example's
    narrow: bool = False  # a batch of one is traced as it is


class _SizesOfDataError(Exception):
    """Values decide sizes."""


def _traced_afresh(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    dynamic: Any,
    assumptions: list[str],
    fixed: Collection[tuple[str, int]],
) -> tuple[ExportedProgram, list[str], list[str]]:
    """As if the model had not been called with these sizes before; as it is, if it cannot be traced so."""
    if dynamic is not None:
        with noted.of_another_call(model, args, kwargs) as changed:
            if changed:
                with contextlib.suppress(UnsupportedError):
                    return _traced(model, args, kwargs, dynamic, assumptions, fixed)
    return _traced(model, args, kwargs, dynamic, assumptions, fixed)


def _traced(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    dynamic: Any,
    assumptions: list[str],
    fixed: Collection[tuple[str, int]],
) -> tuple[ExportedProgram, list[str], list[str]]:
    """The program, what it relied on of sizes, and the lines whose values it checks.

    Where values decide sizes, integers and sizes are those of the example, and integer inputs that alone decide them
    are constants.
    """
    numbers = _Numbers()
    guards: list[str] = []
    checks: list[str] = []

    def export(finish: Finish) -> ExportedProgram:
        assumptions[:] = []
        return _export(model, args, kwargs, dynamic, assumptions, fixed, finish, numbers)

    def functional(exported: ExportedProgram, places: Sequence[int] = ()) -> ExportedProgram:
        numbers.asked = numbers.asked or requirements.asks(exported)
        inputs, leaves = exported.graph_signature.user_inputs, _leaves((args, kwargs))
        found = requirements.require(exported, [(inputs[place], leaves[place]) for place in places])
        program = decomposed(exported)
        requirements.drop_ranges(program)
        if not numbers.fixed and requirements.sizes_of_data(program) and not importing.lowers(model, program):
            raise _SizesOfDataError
        guards[:] = [*(getattr(exported, "_guards_code", None) or []), *found.guards]
        checks[:] = found.lines
        return program

    try:
        return export(functional), guards, checks
    except _SizesOfDataError:
        pass
    except UnsupportedError:
        if not numbers.asked:
            raise
    numbers.asked = numbers.fixed = True
    places = requirements.deciding(export(lambda exported: exported))
    numbers.held = [leaf for place, leaf in enumerate(_leaves((args, kwargs))) if place in places]
    return export(lambda exported: functional(exported, places)), guards, checks


def _export(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    dynamic: Any,
    assumptions: list[str],
    fixed: Collection[tuple[str, int]] = (),
    finish: Finish = lambda program: program,
    numbers: _Numbers | None = None,
) -> ExportedProgram:
    """What `finish` makes of torch.export's program, with as many open sizes as both can take."""
    numbers = numbers or _Numbers()
    if dynamic != "auto":
        return _try_export(model, args, kwargs, [dynamic], finish, numbers)
    given = args, kwargs
    wider = [] if numbers.fixed or numbers.narrow else list(dynamic_shapes.wider_batches(args, kwargs))
    args, kwargs = next((call for call in wider if len(wider) == 1 or _runs(model, *call)), given)
    bound = arguments.bind(model, args, kwargs)
    # Sizes that several inputs share are one symbol by name; the rest is torch's to decide.
    every = dynamic_shapes.shapes(bound, lambda size, axis: Dim.AUTO)
    open_ones = dynamic_shapes.distinct([dynamic_shapes.shared_shapes(model, bound), every])
    batch_alone = dynamic_shapes.shapes(bound, lambda size, axis: Dim.AUTO if axis == 0 else Dim.STATIC)
    for shapes in [*open_ones, batch_alone]:
        for name, axis in fixed:
            shapes[name][axis] = Dim.STATIC
        for leaf, sizes in dynamic_shapes.with_leaves(bound, shapes):
            if any(leaf is held for held in numbers.held):
                sizes.update(dict.fromkeys(sizes, Dim.STATIC))
    attempts: list[tuple[list[Any], str]] = [
        (open_ones, ""),
        ([batch_alone], "sizes are traced as the example inputs have them, but for the batch"),
        ([None], "sizes are those of the example inputs"),
    ]
    reasons: list[str] = []
    for shapes, sizes in attempts:
        try:
            program = _limited_export(model, args, kwargs, shapes, finish, numbers, given)
        except noted.WrittenError:
            raise
        except UnsupportedError as error:
            reasons += error.details
        else:
            if args is not given[0] and not dynamic_shapes.fits(program, _leaves(given)):
                break
            if sizes:
                assumptions.append(f"{sizes}, since {reasons[-1]}")
            elif (wider or numbers.narrow) and args is given[0]:
                assumptions.append(_ONE)
            return program
    if args is given[0]:
        raise _untraceable(model, reasons)
    numbers.narrow = True  # sizes that a wider call shares are not the example's
    return _export(model, *given, dynamic, assumptions, fixed, finish, numbers)


def _limited_export(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    attempts: list[Any],
    finish: Finish,
    numbers: _Numbers,
    given: tuple[tuple[Any, ...], dict[str, Any]],
) -> ExportedProgram:
    """Raises UnsupportedError after a while too, unless no size is open: expressions of sizes grow without bound in
    some models, as in those of shifted windows."""
    if attempts == [None]:
        return _try_export(model, args, kwargs, attempts, finish, numbers, given)
    seconds = max(OPEN_SECONDS, OPEN_SECONDS_OF_A_MODULE * sum(1 for _ in model.modules()))
    try:
        with limited(seconds):
            return _try_export(model, args, kwargs, attempts, finish, numbers, given)
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
        raise noted.WrittenError(model, written)


def _try_export(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    attempts: list[Any],
    finish: Finish,
    numbers: _Numbers,
    given: tuple[tuple[Any, ...], dict[str, Any]] | None = None,
) -> ExportedProgram:
    """The first attempt that succeeds. `given`: the call that this one is a wider one of."""
    failures: list[Exception] = []

    def attempt(shapes: Any, tracing: Any) -> ExportedProgram | None:
        own, named = _map((args, kwargs), _copied)  # open axes are marked on the tensors, where they stay if this fails
        try:
            with tracing, noted.kept(model), conversions.of_sizes(model), arguments.named(model, own, named):
                return torch.export.export(model, own, named, dynamic_shapes=shapes, strict=False)
        except Exception as error:  # torch.export raises whatever the model and the tracer raise
            failures.append(error.with_traceback(None))
            return None

    known: answers.Answers | None = None
    for shapes in attempts:
        program = None if numbers.asked else attempt(shapes, contextlib.nullcontext())
        numbers.asked = numbers.asked or any(map(answers.are_needed, failures))
        if program is None and numbers.asked:
            if known is None:
                known = _answers(model, args, kwargs, given)
            program = attempt(shapes, answers.replayed(known, fixed=numbers.fixed))
        if program is None:
            continue
        try:
            return finish(program)
        except UnsupportedError as error:
            failures.append(error)
    raise _untraceable(model, [f"{type(error).__name__}: {first_line(error)}" for error in failures])


def _answers(
    model: torch.nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    given: tuple[tuple[Any, ...], dict[str, Any]] | None,
) -> answers.Answers:
    """What the model asks of its data in this call. Raises UnsupportedError if `given`, of which it is a wider one,
    decides otherwise."""

    def of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> answers.Answers:
        own, named = _map((args, kwargs), _copied)
        with noted.untouched(model):
            return answers.record(lambda: model(*own, **named))

    known = of(args, kwargs)
    if given is not None and given[0] is not args:
        decisions = [
            {where: [n for n in every if not isinstance(n, float)] for where, every in found.items()}
            for found in (known, of(*given))
        ]
        if decisions[0] != decisions[1]:
            raise _untraceable(model, ["values decide otherwise in a batch of two than in that of the example"])
    return known


def _untraceable(model: torch.nn.Module, reasons: list[str]) -> UnsupportedError:
    error = UnsupportedError(
        "torch.export cannot trace the model",
        place=type(model).__qualname__,
        hint="it must run on the example inputs, and what it asks of their values must be numbers and conditions",
        details=list(dict.fromkeys(reasons)),
    )
    error.captured = False
    return error


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
    except noted.WrittenError:
        raise
    except Exception as error:  # the user's own code
        raise InputError(
            f"{type(model).__name__} itself fails on the example inputs: {type(error).__name__}: {first_line(error)}",
            place="args",
            hint="args and kwargs are those of a call of the model",
        ) from error


def _runs(model: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        with noted.untouched(model):
            run(model, args, kwargs)
    except (InputError, noted.WrittenError):
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
