"""A live model or a .pt2 file to the source of an `mlx.nn.Module`."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native, guards, hf, source_check
from ._tensors import describe_modules
from .analysis import Analysis, is_exported, of_graph
from .coverage import CoverageMetrics, computed, measure
from .errors import InputError, UnsupportedError, VerificationError, needs_packages, require_packages
from .weights import checkpoint, path_of, require_module

if TYPE_CHECKING:
    from .capture import Capture
    from .verification import Verification

PostProcessor = Callable[["GeneratedCode"], "GeneratedCode"]
DEFAULT: tuple[PostProcessor, ...] = ()
# What is said of open sizes that no graph can hold: those of the example are taken instead.
UNREADABLE_SIZES = ("is no arithmetic of integers", "a size expression is too long")


@dataclasses.dataclass(repr=False)
class GeneratedCode:
    """Source of a module that computes what the PyTorch model does, and what is known about it. Prints as a summary;
    `source` is the text."""

    source: str
    class_name: str
    coverage_metrics: CoverageMetrics
    call_confidence: str  # "mechanical", or "needs_review" where assumptions narrow what the code computes
    verified: bool | None  # outputs were compared in this very call; None: not run
    todos: list[str]
    unmapped: list[str]  # leaf modules without an equivalent
    traced: bool
    tiers: dict[str, str]  # class -> how its code was captured
    assumptions: list[str]
    checks: list[str] = dataclasses.field(default_factory=list)  # lines of the model whose values the code checks
    verification: Verification | None = None
    weights: Any = dataclasses.field(default=None, repr=False)  # Checkpoint of the original
    layouts: dict[str, list[int]] = dataclasses.field(default_factory=dict, repr=False)
    modules: list[tuple[str, str, dict[str, object]]] = dataclasses.field(default_factory=list, repr=False)
    keys: set[str] = dataclasses.field(default_factory=set, repr=False)
    constants: dict[str, Any] = dataclasses.field(default_factory=dict, repr=False)
    graph: Any = dataclasses.field(default=None, repr=False)  # _graph.Graph that the source was written from

    def __repr__(self) -> str:
        known = f"verified={self.verified}, {self.call_confidence}"
        return f"<GeneratedCode {self.class_name}: {len(self.source.splitlines())} lines of Python, {known}>"

    def __str__(self) -> str:
        return "\n".join(self.summary())

    def summary(self) -> list[str]:
        """What is known about the code, a fact a line; the first names the class."""
        count = len(self.source.splitlines())
        lines = [f"class {self.class_name}: {count} lines of Python, {self.coverage:.0%} of layers"]
        check = self.verification
        lines.append("not compared with PyTorch" if check is None else str(check))
        if self.call_confidence != "mechanical":
            lines.append(f"confidence: {self.call_confidence.replace('_', ' ')}")
        lines += [*map(str, self.assumptions), *self.todos]
        lines += [f"left out: {leaf}" for leaf in self.coverage_metrics.skipped_leaves]
        parts = [line for text in lines for line in text.splitlines()]
        return list({line.strip(): line for line in parts}.values())  # a comparison repeats what the code assumes

    def facts(self) -> dict[str, Any]:
        """The same as data for JSON."""
        return {
            "class_name": self.class_name,
            "lines": len(self.source.splitlines()),
            "call_confidence": self.call_confidence,
            "verified": self.verified,
            "coverage": dataclasses.asdict(self.coverage_metrics),
            "assumptions": list(map(str, self.assumptions)),
            "todos": self.todos,
            "unmapped": self.unmapped,
            "tiers": self.tiers,
        }

    @property
    def coverage(self) -> float:
        """`coverage_metrics.init_coverage`."""
        return self.coverage_metrics.init_coverage

    @needs_packages
    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Writes model.py, model.safetensors and, where the code needs it, constants.safetensors; gives the folder."""
        target = path_of(folder, "folder")
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot be made a folder: {error.strerror}", place=str(target)) from error
        self._write_weights(target)  # first: they are what can fail
        self.write_code(target)
        return target

    def _write_weights(self, folder: Path) -> Path:
        path = folder / "model.safetensors"
        _native.core().convert(self.weights, path, {**self.conversion_options, "force": True})
        return path

    @needs_packages
    def arrays(self) -> dict[str, Any]:
        """The converted weights by key, as mx.array."""
        import mlx.core as mx

        with tempfile.TemporaryDirectory() as folder:
            arrays = mx.load(str(self._write_weights(Path(folder))))
            mx.eval(arrays)  # before the file goes
        assert isinstance(arrays, dict)
        return arrays

    def graph_arrays(self) -> dict[str, Any]:
        """The same by the keys that `graph` knows them by, which are PyTorch's but for what layers split and join."""
        return {_native.core().torch_key(key): array for key, array in self.arrays().items()}

    @needs_packages
    def export_mlxfn(
        self,
        path: str | os.PathLike[str],
        *,
        shapes: Sequence[Mapping[str, Sequence[int]]] = (),
        device: str | None = None,
        weights: str = "inside",
    ) -> dict[str, Any]:
        """Writes a .mlxfn file of the graph that the source was written from (post-processors change the source alone).

        Inputs are positional, in the order and with the names that the metadata tells; results are the arrays of the
        model's output in order, then new values of the buffers that it updates, which are keyword inputs.

        Args:
            path: of the file; an existing one is replaced.
            shapes: {input: shape} for each function in the file; empty: the example inputs' shapes.
            device: "cpu" or "gpu"; by default the device that MLX computes on here. Files for a GPU can be written
                without one.
            weights: "inside" the file, or "inputs": keyword inputs by key, to be loaded from model.safetensors.

        Returns the file's metadata. Raises InputError for shapes that the model cannot have, UnsupportedError for what
        MLX cannot write.
        """
        from .mlxfn import export_mlxfn

        return export_mlxfn(self, path, shapes, device, weights)

    def write_code(self, folder: Path) -> None:
        """As save, without the weights."""
        (folder / "model.py").write_text(self.source, encoding="utf-8")
        if self.constants:
            import mlx.core as mx

            mx.save_safetensors(str(folder / "constants.safetensors"), self.constants, {"format": "mlx"})

    @property
    def conversion_options(self) -> dict[str, Any]:
        """What the converter must know so that the weights fit this code."""
        return {"layouts": self.layouts, "modules": self.modules, "keys": self.keys}

    @needs_packages
    def load(self) -> Any:
        """The generated module as an `mlx.nn.Module` with the original's weights, in eval mode."""
        import mlx.core as mx

        with tempfile.TemporaryDirectory() as folder:
            self.save(folder)
            try:
                model = source_check.instance(self, Path(folder))
                model.load_weights(str(Path(folder) / "model.safetensors"), strict=True)
            except Exception as error:  # a post-processor or the user may have changed it
                raise InputError(
                    f"the source does not run with its weights: {type(error).__name__}: {error}", place=self.class_name
                ) from error
            mx.eval(model.parameters())  # before the file goes
        return model.eval()


@needs_packages
def generate(
    model: Any,
    args: Sequence[Any] | None = None,
    kwargs: Mapping[str, Any] | None = None,
    *,
    class_name: str | None = None,
    post_processors: Iterable[PostProcessor] = DEFAULT,
    dynamic_shapes: Any = "auto",
    verify: bool = True,
    trust_code: bool = False,
    strict_dtypes: bool = False,
) -> GeneratedCode:
    """Source of an `mlx.nn.Module` that gives the model's numbers in eval mode.

    Args:
        model: a module (compiled too), or the path of a Hugging Face folder or of a .pt2 file.
        args, kwargs: example inputs, as torch.export takes them; made up where both are missing.
        class_name: of the generated class; by default the model's.
        post_processors: called one after another on the generated code.
        dynamic_shapes: "auto" makes every size dynamic that can be; None keeps the sizes of the example inputs; else
            as torch.export takes it.
        verify: also runs both on the example inputs and compares.
        trust_code: lets PyTorch load a .pt2 file to compare with, which runs what it holds. Without it the code of
            such a file is not compared. Inputs are then `args` and `kwargs`, or the file's own. Lets a Hugging Face
            folder run its own classes too.
        strict_dtypes: float64 and complex128, which MLX holds in half the bits, are errors instead of notes.

    Raises:
        InputError: the inputs do not fit the model. UnsupportedError: lists every operator that has no exact form in
        MLX, with module and source line. VerificationError: PyTorch and MLX disagree.
    """
    if class_name is not None and not isinstance(class_name, str):
        raise InputError("is no string", place=f"class_name={class_name!r}")
    processors = _callables(post_processors)
    if isinstance(model, str | os.PathLike) and not hf.is_folder(Path(model)):
        call = None if args is None and not kwargs else (as_args(args), as_kwargs(kwargs))
        code = _of_archive(Path(model), class_name, processors, strict_dtypes)
        return _compared(code, Path(model), call, verify, trust_code)
    return generate_from_module(
        require_module(model, trust_code),
        args,
        kwargs,
        class_name,
        processors,
        dynamic_shapes,
        verify,
        strict_dtypes=strict_dtypes,
    )


def generate_from_module(
    model: Any,
    args: Sequence[Any] | None,
    kwargs: Mapping[str, Any] | None,
    class_name: str | None = None,
    processors: Sequence[PostProcessor] = DEFAULT,
    dynamic_shapes: Any = "auto",
    verify: bool = True,
    layers: bool = False,
    strict_dtypes: bool = False,
    tolerance: float | None = None,
) -> GeneratedCode:
    """`generate` of a live module. `layers`: modules are compared too, not only where outputs differ; `tolerance`: the
    largest difference that passes."""
    require_packages("numpy", "torch")  # which torch.export needs too
    from .folding import folded

    module = folded(require_module(model))
    capture = example_capture(module, args, kwargs, dynamic_shapes)
    if strict_dtypes:
        capture.graph.lower(strict_dtypes)
    code, lowered = _of_capture(module, capture, class_name)
    code = _processed(code, processors)
    if verify:
        from .verification import compare

        require_passed(code, compare(module, capture, code, lowered, tol=tolerance, layers=layers))
    return code


def require_passed(code: GeneratedCode, verification: Verification) -> None:
    """Notes what a comparison found. Raises VerificationError if the code differs."""
    code.verification = verification
    code.verified = verification.passed
    if not code.verified:
        from .verification import TRACED_OTHERWISE

        hint = "torch2mlx.verify tells where; verify=False gives the code nevertheless"
        why = f"; {verification.explanation}" if verification.explanation else ""
        raise VerificationError(
            f"the generated code differs from PyTorch by {verification.max_rel_diff:.3g} "
            f"(tolerance {verification.tolerance:g}){why}",
            place=verification.first_divergence or code.class_name,
            hint=TRACED_OTHERWISE if verification.traced_otherwise else hint,
        )


def _compared(code: GeneratedCode, path: Path, call: Any, verify: bool, trust_code: bool) -> GeneratedCode:
    if verify and trust_code:
        from . import exported

        hint = "args and kwargs are those of a call"
        require_passed(code, exported.compare(path, code, lambda _: call, hint=hint))
    elif verify:
        code.assumptions.append(
            "not compared with PyTorch, which runs code of a .pt2 file to load it (trust_code=True)"
        )
    return code


def example_capture(
    module: Any, args: Sequence[Any] | None, kwargs: Mapping[str, Any] | None, dynamic_shapes: Any = "auto"
) -> Capture:
    """The graph of a live module on these inputs, or on inputs made up for it."""
    from .capture import capture, tensor_axes
    from .inputs import synthesise

    _native.graph()  # told before time is spent on tracing
    require_packages("numpy", "torch")  # which torch.export needs too
    assumption = ""
    kwargs = as_kwargs(kwargs)
    if args is None and not kwargs:
        args, kwargs, assumption = synthesise(module)
    args = as_args(args)
    try:
        result = capture(module, args, kwargs, dynamic_shapes)
    except (InputError, UnsupportedError) as error:
        sizes = [text for text in error.details or [error.message] if any(cause in text for cause in UNREADABLE_SIZES)]
        if dynamic_shapes != "auto" or not sizes:
            raise
        later = [(name, axis) for name, axis in tensor_axes(module, args, kwargs) if axis > 0]
        result = capture(module, args, kwargs, "auto", later)
        result.assumptions.insert(0, f"sizes are those of the example inputs, since {sizes[0]}")
    if dynamic_shapes == "auto":
        result = _with_a_form(module, result)
    if assumption:
        result.assumptions.insert(0, assumption)
    return result


def _with_a_form(module: Any, dynamic: Capture) -> Capture:
    """The capture; or one with sizes of the example's where MLX has a form of these alone: for operators that take
    numbers, and since what torch.export knows of sizes that depend on each other it does not always write down."""
    from .capture import capture, tensor_axes

    try:
        _ = dynamic.lowered
        return dynamic
    except UnsupportedError as error:
        problems = error.details or [error.message]
    mismatches = [text for text in problems if "gives shape [" in text]
    known = tensor_axes(module, dynamic.args, dynamic.kwargs)
    axes = guards.dependent_axes(mismatches, dynamic.graph) if mismatches else []
    if not axes or not set(axes) <= set(known):
        axes = [(name, axis) for name, axis in known if axis > 0]
    if not axes:
        return dynamic
    try:
        fixed = capture(module, dynamic.args, dynamic.kwargs, "auto", axes)
        _ = fixed.lowered
    except UnsupportedError:
        return dynamic
    why = f"they depend on each other: {mismatches[0]}" if mismatches else problems[0]
    fixed.assumptions.insert(0, f"sizes are those of the example inputs, since {why}")
    return fixed


def as_args(args: Any) -> tuple[Any, ...]:
    """Positional arguments: a tuple or list of them, or a single tensor."""
    import torch

    if args is None:
        return ()
    if isinstance(args, torch.Tensor):
        return (args,)
    if not isinstance(args, Sequence) or isinstance(args, str | bytes):
        raise InputError(f"{type(args).__name__} is no tuple of example inputs", place="args")
    return tuple(args)


def as_kwargs(kwargs: Any) -> dict[str, Any]:
    """Keyword arguments as a dict."""
    if kwargs is not None and not isinstance(kwargs, Mapping):
        raise InputError(f"{type(kwargs).__name__} is no mapping of names to example inputs", place="kwargs")
    return dict(kwargs or {})


def _of_capture(module: Any, capture: Capture, class_name: str | None) -> tuple[GeneratedCode, Any]:
    from .open_sizes import limit_sizes, open_sizes

    lowered = capture.lowered
    graph = lowered.optimized()
    limits = open_sizes(module, capture, lowered, [lowered, graph])
    limits += limit_sizes(module, capture, [lowered, graph])
    source = graph.source(class_name or "", type(module).__name__, capture.absent, capture.parameters, capture.fixed)
    modules = describe_modules(module)
    code = _code(graph, source, of_graph(capture.graph), checkpoint(module), modules, computed(module, capture))
    code.checks = capture.checks
    code.assumptions = [*capture.assumptions, *_told(capture.checks), *limits, *graph.notes, *source.assumptions]
    narrowed = _narrowed(code)
    code.tiers = {type(module).__name__: "torch.export, " + ("traced sizes" if narrowed else "dynamic sizes")}
    return code, lowered


def _narrowed(code: GeneratedCode) -> bool:
    """Do the assumptions narrow the sizes that it computes? Then it is to be reviewed."""
    narrowed = any(text.startswith("sizes are") for text in code.assumptions)
    code.call_confidence = "needs_review" if narrowed or code.checks else "mechanical"
    return narrowed


def _told(checks: Sequence[str]) -> list[str]:
    return [
        f"values are those that the trace relied on, which the code checks: {line}" for line in dict.fromkeys(checks)
    ]


def _of_archive(
    path: Path, class_name: str | None, post_processors: Iterable[PostProcessor], strict_dtypes: bool
) -> GeneratedCode:
    from .open_sizes import limit_untried

    weights = checkpoint(path)
    if not is_exported(weights):
        raise InputError(
            "holds weights but no graph to generate code from",
            place=str(path),
            hint="give the live module, or a .pt2 file that torch.export.save wrote",
        )
    aten = _native.graph().Graph.open_archive(path)
    graph = aten.lower(strict_dtypes).optimized()
    limits = limit_untried(aten, [graph])
    source = graph.source(class_name or "", path.name, [])
    code = _code(graph, source, of_graph(aten), weights, graph.modules)
    code.assumptions = [*limits, *graph.notes, *source.assumptions]
    _narrowed(code)
    code.tiers = {code.class_name: "torch.export, as saved"}
    return _processed(code, post_processors)


def _callables(post_processors: Any) -> list[PostProcessor]:
    given = list(post_processors) if isinstance(post_processors, Iterable) else [post_processors]
    for process in given:
        if not callable(process) or not isinstance(post_processors, Iterable):
            raise InputError(
                f"{process!r} is no callable in a list", place="post_processors", hint="each takes and returns the code"
            )
    return given


def _processed(code: GeneratedCode, post_processors: Iterable[PostProcessor]) -> GeneratedCode:
    for process in post_processors:
        code = process(code)
        if not isinstance(code, GeneratedCode):
            raise InputError(
                f"{getattr(process, '__name__', process)!r} returned {type(code).__name__}, not the generated code",
                place="post_processors",
            )
    return code


def _code(
    graph: Any,
    source: Any,
    analysis: Analysis,
    weights: Any,
    modules: list[tuple[str, str, dict[str, object]]],
    computed: set[str] | None = None,
) -> GeneratedCode:
    metrics = measure(modules, source.undeclared, analysis.registry_coverage, computed)
    code = GeneratedCode(
        source=source.text,
        class_name=source.class_name,
        coverage_metrics=metrics,
        call_confidence="mechanical",
        verified=None,
        todos=[f"{key}: its shape is unknown, so it is not declared" for key in source.undeclared],
        unmapped=list(analysis.unmapped_layers),
        traced=True,
        tiers={},
        assumptions=[],
        weights=weights,
        layouts=graph.layouts,
        modules=modules,
        keys=set(source.keys),
        constants=graph.constants(source.large_constants),
        graph=graph,
    )
    source_check.require_sound(code)
    return code
