"""PyTorch and MLX on the same inputs: outputs, and every module's activations."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native, hf, judgement
from ._tensors import map_leaves, state_of, to_mlx
from .errors import InputError, InternalError, needs_packages

if TYPE_CHECKING:
    import numpy as np
    import torch

    from .capture import Capture
    from .generation import GeneratedCode
    from .live import Folder

TRACED_OTHERWISE = "the model computes something else while torch.export traces it"
TOLERANCES = {"float32": 1e-4, "float64": 1e-4, "float16": 1e-2, "bfloat16": 5e-2}


@dataclasses.dataclass(frozen=True)
class Difference:
    """How far one output, or one module's activation, is from PyTorch's."""

    place: str  # "output 0", or the path of a module call: "encoder.layer.0", "encoder.norm#1" (its second call)
    shape: tuple[int, ...]
    max_abs_diff: float
    max_rel_diff: float  # max|torch - mlx| / max(1, max|torch|)
    passed: bool


@dataclasses.dataclass(frozen=True)
class Verification:
    """Both frameworks' results compared; passed if every output is within the tolerance, or was found to be right
    though it is not: as near to float64 as PyTorch's own, or of other, equally good picks. A tolerance that was asked
    for allows nothing beyond it."""

    passed: bool
    max_abs_diff: float
    max_rel_diff: float  # the largest of the outputs
    tolerance: float
    outputs: list[Difference]
    layers: list[Difference]  # of module calls in the order PyTorch ends them, before MLX's operators are fused
    fused: list[Difference]  # of those that are left when they are
    first_divergence: str | None  # the first module call, else the first output, beyond the tolerance
    traced_otherwise: bool  # the program that torch.export made of it gives PyTorch other numbers already
    explanation: str = ""  # what was found out about outputs beyond the tolerance
    float64: list[judgement.Distance] = dataclasses.field(default_factory=list)  # of outputs, where some are beyond it
    choices: list[judgement.Choice] = dataclasses.field(default_factory=list)  # operators whose picks differ and tie
    call_confidence: str = ""  # of the code that was compared, and what it assumes
    assumptions: list[str] = dataclasses.field(default_factory=list)

    def __str__(self) -> str:
        lines = [
            f"{'passed' if self.passed else 'FAILED'}: largest difference {self.max_rel_diff:.3g} "
            f"(tolerance {self.tolerance:g}), {len(self.outputs)} outputs, {len(self.layers)} module calls"
        ]
        if self.explanation:
            lines.append(f"  {self.explanation}")
        if self.first_divergence:
            lines.append(f"  first beyond the tolerance: {self.first_divergence}{self._side()}")
        if self.traced_otherwise:
            lines.append(f"  {TRACED_OTHERWISE}")
        if self.call_confidence == "needs_review":
            lines.append("  the code needs review")
        return "\n".join([*lines, *(f"  {text}" for text in self.assumptions)])

    def rows(self) -> list[tuple[Difference, Difference | None]]:
        """Module calls, each with the same after operators were fused, and the outputs."""
        after: dict[str, list[Difference]] = {}
        for layer in self.fused:
            after.setdefault(layer.place, []).append(layer)
        layers = [(layer, after[layer.place].pop(0) if after.get(layer.place) else None) for layer in self.layers]
        return [*layers, *((output, None) for output in self.outputs)]

    def _side(self) -> str:
        """What part of the way to MLX is to blame for the first divergence."""
        before = next((layer for layer in self.layers if layer.place == self.first_divergence), None)
        after = next((layer for layer in self.fused if layer.place == self.first_divergence), None)
        if before is not None and not before.passed:
            return ", as it was lowered"
        if after is None:
            return ""
        good = [layer.place for layer in self.fused[: self.fused.index(after)] if layer.passed]
        since = f"; {good[-1]} is right" if good else ""
        return f", where operators were fused{since}"


@needs_packages
def verify(
    model: Any,
    args: Sequence[Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    *,
    tol: float | None = None,
    folder: str | os.PathLike[str] | None = None,
    trust_code: bool = False,
) -> Verification:
    """Generates code for `model`, runs both on the same inputs and compares outputs and activations.

    Args:
        model: a module (compiled too), or the path of a Hugging Face folder or of a .pt2 file.
        args, kwargs: as for a call of the model; made up where both are missing. Of a .pt2 file those that it carries.
        folder: compares with the model.py and model.safetensors in it instead of generating code.
        trust_code: PyTorch loads a .pt2 only by running what it holds, which this allows; only outputs are compared
            then. A Hugging Face folder's own classes run only with it, too.
        tol: largest max|torch - mlx| / max(1, max|torch|) that passes, whatever explains the rest; by default 1e-4 in
            float32, 1e-2 in float16, 5e-2 in bfloat16, and what is beyond is judged by float64 before it counts.

    Raises:
        InputError: the inputs do not fit the model. UnsupportedError: it cannot be converted exactly.
    """
    from .generation import _of_capture, as_args, as_kwargs, example_capture, generate
    from .live import Folder
    from .weights import checkpoint, path_of, require_module

    if tol is not None and not (isinstance(tol, int | float) and tol >= 0):
        raise InputError("a tolerance is a number from 0", place=f"tol={tol!r}")
    saved = None if folder is None else Folder(path_of(folder, "folder"))
    if saved is not None:
        saved.require_files()
    if isinstance(model, str | os.PathLike) and not hf.is_folder(Path(model)):
        from . import exported
        from .analysis import is_exported

        if not is_exported(checkpoint(Path(model))):
            raise InputError(
                "is a path, which holds no running model",
                place=str(model),
                hint="give the nn.Module; `python -m torch2mlx verify INPUT OUTPUT_DIR` compares files",
            )
        exported.require_trust(
            Path(model), trust_code, "trust_code=True, if you trust the file: its own code runs then"
        )
        call = None if args is None and not kwargs else (as_args(args), as_kwargs(kwargs))
        code = saved or generate(model, verify=False)
        hint = "args and kwargs are those of a call"
        return exported.compare(Path(model), code, lambda _: call, tolerance=tol, hint=hint)
    module = require_module(model, trust_code)
    capture = example_capture(module, args, kwargs)
    if saved is not None:
        weights = saved.torch_weights(module)
        return compare(module, capture, saved, capture.lowered, tol=tol, layers=True, parameters=weights)
    generated, lowered = _of_capture(module, capture, None)
    return compare(module, capture, generated, lowered, tol=tol, layers=True)


def compare(
    module: torch.nn.Module,
    capture: Capture,
    code: GeneratedCode | Folder,
    lowered: Any,
    *,
    tol: float | None = None,
    usual: float | None = None,
    layers: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Verification:
    """The generated class against the module's outputs on the captured inputs; if they part, or `layers` asks for it,
    the graph's activations against the module's too.

    `lowered` is the MLX graph in PyTorch's layouts, `parameters` what it runs on in these layouts: the module's own
    where they are not given. `tol` was asked for; `usual` is the tolerance where none was, by default that of the
    types.
    """
    from .generation import GeneratedCode

    calls = calls_of(lowered)
    wanted, activations = run_torch(module, capture.args, capture.kwargs, calls)
    tolerance = next((limit for limit in (tol, usual) if limit is not None), None)
    if tolerance is None:
        tolerance = tolerance_of(module, wanted)
    model = code.load()
    given = _run_source(code, model, capture, calls, lowered.key)
    outputs = differences(
        output_places(len(wanted), calls), wanted, given, tolerance, random_leaves(lowered, len(wanted), calls)
    )
    passed = all(output.passed for output in outputs)
    compared, fused = [], []
    if layers or not passed:
        inputs = user_inputs(module, capture, lowered)
        own = {key: to_mlx(value) for key, value in state_of(module, keep_vars=True).items()}
        compared = _compare_layers(lowered, {**own, **(parameters or {})}, inputs, activations, tolerance)
        if isinstance(code, GeneratedCode):
            fused = _compare_layers(code.graph, code.graph_arrays(), inputs, activations, tolerance)
    order = {path or "(root)": place for place, path in enumerate(activations)}
    sides = sorted([*compared, *fused], key=lambda layer: order[layer.place])
    beyond = [difference.place for difference in [*sides, *outputs] if not difference.passed]
    case = _Compared(capture, calls, wanted, given, outputs, tolerance)
    traced_otherwise = not passed and _traced_otherwise(case, lowered)
    judged = None if passed or traced_otherwise else case.judged(module, code, lowered)
    passed = passed or (tol is None and judged is not None and judged.passed)
    if passed and not lowered.key:
        fresh = code.load() if calls > 1 else model  # without the state that the calls left
        if other := _on_other_values(module, case, fresh):
            outputs = [*outputs, *other.outputs]
            beyond += [output.place for output in other.outputs if not output.passed]
            if not all(output.passed for output in other.outputs):
                traced_otherwise = _traced_otherwise(other, lowered)
                judged = None if traced_otherwise else other.judged(module, code, lowered)
                passed = tol is None and judged is not None and judged.passed
    return Verification(
        passed=passed,
        max_abs_diff=max((output.max_abs_diff for output in outputs), default=0.0),
        max_rel_diff=max((output.max_rel_diff for output in outputs), default=0.0),
        tolerance=tolerance,
        outputs=outputs,
        layers=compared,
        fused=fused,
        first_divergence=beyond[0] if beyond else None,
        traced_otherwise=traced_otherwise,
        **found(judged),
        call_confidence=code.call_confidence,
        assumptions=list(map(str, code.assumptions)),
    )


@dataclasses.dataclass
class _Compared:
    """What both sides gave for one example."""

    capture: Capture
    calls: int
    wanted: list[torch.Tensor]
    given: list[Any]
    outputs: list[Difference]
    tolerance: float

    def judged(self, module: torch.nn.Module, code: GeneratedCode | Folder, lowered: Any) -> judgement.Judgement | None:
        """Is a difference a fault? Nobody can tell where numbers are random."""
        if lowered.key:
            return None
        capture = self.capture
        inputs = user_inputs(module, capture, lowered)
        return judgement.judge(
            judgement.Case(
                capture.program,
                capture.graph,
                capture.args,
                capture.kwargs,
                self.calls,
                self.wanted,
                self.given,
                self.outputs,
                self.tolerance,
                code.arrays,
                inputs,
            )
        )


def _on_other_values(module: torch.nn.Module, case: _Compared, model: Any) -> _Compared | None:
    """The same comparison on other values, so that one of the example's that was baked in is seen. None where PyTorch
    takes none, or the code refuses them."""
    from . import other_values

    for args, kwargs in other_values.calls(case.capture.args, case.capture.kwargs):
        try:
            wanted, _ = run_torch(module, args, kwargs, case.calls)
        except InputError:
            continue
        try:
            given = run_mlx(model, args, kwargs, case.calls)
        except Exception:  # refused: nothing is silent
            continue
        places = [f"{place} on other values" for place in output_places(len(wanted), case.calls)]
        outputs = differences(places, wanted, given, case.tolerance)
        capture = dataclasses.replace(case.capture, args=args, kwargs=kwargs)
        return dataclasses.replace(case, capture=capture, wanted=wanted, given=given, outputs=outputs)
    return None


def _run_source(code: GeneratedCode | Folder, model: Any, capture: Capture, calls: int, key: str | None) -> list[Any]:
    from .generation import GeneratedCode

    try:
        return run_mlx(model, capture.args, capture.kwargs, calls, key)
    except Exception as error:  # whatever the source raises
        message = f"the source fails on inputs that PyTorch takes: {type(error).__name__}: {error}"
        if isinstance(code, GeneratedCode):
            raise InternalError(message, code.class_name, source=code.source) from error
        raise InputError(message, place=str(code.path)) from error


def found(judged: judgement.Judgement | None) -> dict[str, Any]:
    """A judgement as fields of `Verification`."""
    if judged is None:
        return {}
    return {"explanation": judged.explanation, "float64": judged.float64, "choices": judged.choices}


def _traced_otherwise(case: _Compared, lowered: Any) -> bool:
    from . import exported

    if lowered.key:
        return False
    capture = case.capture
    try:
        given = exported.run(capture.program.module(), capture.args, capture.kwargs, case.calls)
    except Exception:  # it may refuse sizes that are not those it was traced with
        return False
    found = differences([""] * len(case.wanted), case.wanted, given, case.tolerance)
    return not all(output.passed for output in found)


def calls_of(graph: Any) -> int:
    """How many calls tell whether two modules agree: a second one where the first leaves state behind."""
    return 2 if graph.written else 1


def output_places(count: int, calls: int) -> list[str]:
    """What the results of so many calls are called. With state, the arguments after the call are among them."""
    each = count // calls
    return [f"output {i % each}" + (f" of call {i // each + 1}" if calls > 1 else "") for i in range(count)]


def random_leaves(graph: Any, count: int, calls: int) -> list[bool]:
    """Which of `count` results of so many calls are made of random numbers, so that shapes alone can be compared. After
    several calls any may be."""
    if not graph.key:
        return [False] * count
    results: list[bool] = graph.random_results
    return results if calls == 1 else [True] * count


def tolerance_of(module: torch.nn.Module, outputs: list[Any]) -> float:
    names = [str(tensor.dtype).rpartition(".")[2] for tensor in (*module.parameters(), *outputs)]
    return max((TOLERANCES[name] for name in names if name in TOLERANCES), default=TOLERANCES["float32"])


def run_torch(
    module: torch.nn.Module, args: Sequence[Any], kwargs: Mapping[str, Any], count: int = 1
) -> tuple[list[torch.Tensor], dict[str, list[torch.Tensor]]]:
    """(leaves of the outputs of `count` calls, {"path" or "path#call": leaves of what that call gave in the first}),
    in eval mode. Of several calls the arguments are told too, as each leaves them."""
    from .capture import run

    calls: dict[str, int] = {}
    activations: dict[str, list[torch.Tensor]] = {}

    def keep(path: str) -> Any:
        def hook(_module: Any, _args: Any, output: Any) -> None:
            if calls.get("", 0):  # the first call of the whole has ended
                return
            call = calls.get(path, 0)
            calls[path] = call + 1
            # A copy: what follows may write in place.
            activations[f"{path}#{call}" if call else path] = [leaf.clone() for leaf in tensor_leaves(output)]

        return hook

    hooks = [submodule.register_forward_hook(keep(path)) for path, submodule in module.named_modules()]
    try:
        results = run(module, tuple(args), kwargs, count)
    finally:
        for hook in hooks:
            hook.remove()
    return tensor_leaves(results if count > 1 else results[0][0]), activations


def tensor_leaves(tree: Any) -> list[torch.Tensor]:
    """Tensors and numbers of a torch result, in torch's own order."""
    import torch
    from torch.utils import _pytree as pytree

    leaves = pytree.tree_leaves(tree)
    return [
        leaf if isinstance(leaf, torch.Tensor) else torch.tensor(leaf)
        for leaf in leaves
        if isinstance(leaf, torch.Tensor | bool | int | float)
    ]


def run_mlx(
    model: Any, args: Sequence[Any], kwargs: Mapping[str, Any], calls: int = 1, key: str | None = None
) -> list[Any]:
    """Leaves of what a generated module gives for torch inputs, as run_torch has them. `key`: the argument that takes a
    key of mx.random."""
    import mlx.core as mx
    from mlx.utils import tree_flatten

    results = []
    for call in range(calls):
        given, named = map_leaves(tuple(args), to_mlx), map_leaves(dict(kwargs), to_mlx)
        output = model(*given, **named, **({key: mx.random.key(call)} if key else {}))
        tree = [output, list(given), named] if calls > 1 else output
        leaves = [mx.array(leaf) for _, leaf in tree_flatten(tree) if _is_value(leaf)]
        mx.eval(leaves)
        results += leaves
    return results


def _is_value(leaf: Any) -> bool:
    import mlx.core as mx

    return isinstance(leaf, mx.array | bool | int | float)


def _compare_layers(
    graph: Any,
    parameters: Mapping[str, Any],
    inputs: list[Any],
    activations: dict[str, list[torch.Tensor]],
    tolerance: float,
) -> list[Difference]:
    import numpy as np

    _, values = _native.graph().Executor(graph).run(parameters, inputs, activations=True)
    compared = []
    for path, tensors in activations.items():
        found = [numpy(array) for array in values.get(path, [])]
        # Passes keep images and sounds with their channels last.
        found += [np.moveaxis(array, -1, 1) for array in found if array.ndim > 2]
        for tensor in tensors:
            # The graph knows what left a module, not in which order the module returned it.
            same = [array for array in found if array.shape == tuple(tensor.shape)]
            if same:
                best = min((difference(path or "(root)", tensor, array, tolerance) for array in same), key=_size)
                compared.append(best)
    return compared


def _size(item: Difference) -> float:
    return item.max_rel_diff


def user_inputs(module: torch.nn.Module, capture: Capture, lowered: Any) -> list[Any]:
    """The captured inputs as MLX's, in the order of the graph's, and a key of mx.random if it takes one."""
    import mlx.core as mx

    inputs = [to_mlx(leaf) for leaf in input_leaves(module, capture)]
    return [*inputs, mx.random.key(0)] if lowered.key else inputs


def input_leaves(module: torch.nn.Module, capture: Capture) -> list[torch.Tensor]:
    """The captured inputs in the order of the graph's, which is that of the call, not of the signature."""
    import torch
    from torch.utils import _pytree as pytree

    from . import arguments

    named = arguments.bind(module, capture.args, capture.kwargs)
    try:
        leaves = [_leaf(named, target.split(".")) for target, _, _ in capture.graph.inputs]
        if all(isinstance(leaf, torch.Tensor) for leaf in leaves):
            return leaves
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        pass  # a structure that only torch can take apart
    return [leaf for leaf in pytree.tree_leaves((capture.args, capture.kwargs)) if isinstance(leaf, torch.Tensor)]


def _leaf(tree: Any, path: Sequence[str]) -> Any:
    for part in path:
        if isinstance(tree, Mapping):
            tree = tree[part] if part in tree else tree[int(part)]
        else:
            tree = tree[int(part)] if isinstance(tree, Sequence) and part.isdigit() else getattr(tree, part)
    return tree


def differences(
    places: list[str], wanted: list[Any], given: list[Any], tolerance: float, random: Sequence[bool] = ()
) -> list[Difference]:
    """One a result. A result that is missing or of another shape is infinitely far. Of those that are `random` nothing
    but the shape is compared."""
    import numpy as np

    results = []
    for index, place in enumerate(places):
        array = numpy(given[index]) if index < len(given) else np.empty(0)
        if index < len(random) and random[index] and array.shape == tuple(wanted[index].shape):
            results.append(Difference(f"{place} (random: its shape)", array.shape, 0.0, 0.0, True))
        else:
            results.append(difference(place, wanted[index], array, tolerance))
    return results


def difference(place: str, wanted: torch.Tensor, given: np.ndarray, tolerance: float) -> Difference:
    """max|torch - mlx| and the same over max(1, max|torch|); NaNs and infinities must stand in the same places."""
    import numpy as np

    reference = numpy(wanted)
    shape = tuple(reference.shape)
    if tuple(given.shape) != shape:
        return Difference(place, shape, float("inf"), float("inf"), False)
    if reference.size == 0:
        return Difference(place, shape, 0.0, 0.0, True)
    finite = np.isfinite(reference)
    special = np.array_equal(reference[~finite], given[~finite], equal_nan=True) and bool(
        np.isfinite(given[finite]).all()
    )
    if not special:
        return Difference(place, shape, float("inf"), float("inf"), False)
    absolute = float(np.abs(reference - given)[finite].max(initial=0.0))
    relative = absolute / max(1.0, float(np.abs(reference)[finite].max(initial=0.0)))
    return Difference(place, shape, absolute, relative, relative <= tolerance)


def numpy(value: Any) -> np.ndarray:
    """A torch tensor or MLX array in float64, or complex128."""
    import numpy as np
    import torch

    if isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        return value.to(torch.complex128 if value.is_complex() else torch.float64).numpy()
    import mlx.core as mx

    if value.dtype == mx.bfloat16:
        value = value.astype(mx.float32)
    array = np.array(value)
    return array.astype(np.complex128 if np.iscomplexobj(array) else np.float64)
