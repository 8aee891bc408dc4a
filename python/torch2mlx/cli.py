"""What the native command line asks of Python: live models, their graphs, and both frameworks run side by side."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from . import _native, report
from .errors import InputError, Torch2MLXError, missing_package

if TYPE_CHECKING:
    from .analysis import Analysis
    from .generation import GeneratedCode
    from .verification import Verification

F = TypeVar("F", bound=Callable[..., Any])


@dataclasses.dataclass
class Generated:
    """What a graph and its generated code say about the weights beside it."""

    layouts: dict[str, list[int]]
    modules: list[tuple[str, str, dict[str, object]]]
    keys: set[str] | None = None
    lines: list[str] = dataclasses.field(default_factory=list)
    json: str = ""  # members of report.json
    weights: Any = None  # Checkpoint, where the file's keys are not the code's


@dataclasses.dataclass
class Outcome:
    """What a hook found out, for people and as JSON."""

    lines: list[str]
    json: str
    passed: bool = True


def _placed(error: Torch2MLXError, source: str) -> Torch2MLXError:
    """The error, told of `source` if its place does not name a file already."""
    place = str(error.place or "")
    if not source or place.startswith(source) or (place and Path(place.partition(": ")[0]).exists()):
        return error
    place = f"{source}: {place}" if place else source
    return type(error)(error.message, place=place, hint=error.hint, details=error.details)


def _outputs(source: Any, code: GeneratedCode) -> set[str]:
    """The keys that a file's tensors would be written under."""
    report = json.loads(_native.core().analyze(source, {"layouts": code.layouts, "modules": code.modules}))
    return {key for tensor in report["tensors"] for key in tensor.get("outputs", [tensor["name"]])}


def _contained(hook: F) -> F:
    """Every exception becomes one of ours, since the command line shows no traceback."""

    @functools.wraps(hook)
    def call(*args: Any) -> Any:
        try:
            return hook(*args)
        except Torch2MLXError as error:
            raise _placed(error, getattr(args[1], "input", "") if len(args) > 1 else "") from error
        except KeyboardInterrupt as error:
            raise InputError("interrupted") from error
        except (Exception, SystemExit) as error:  # a model's own code raises whatever it likes
            if missing := missing_package(error, getattr(args[1], "input", "") if len(args) > 1 else ""):
                raise missing from error
            text = " ".join(str(error).split())[:500]
            raise InputError(f"{type(error).__name__}: {text}" if text else type(error).__name__) from error

    return call  # type: ignore[return-value]


class Hooks:
    """Passed to `_core.run`. One run has one input, so its live model is built once."""

    def __init__(self) -> None:
        self._models: dict[str, Any] = {}
        self._code_made: GeneratedCode | None = None
        self._analysis_made: Analysis | None = None
        self._graph_made: Any = None  # of a live model

    def _model(self, request: Any, source: Any = None) -> Any:
        from . import live

        if request.input not in self._models:
            self._models[request.input] = live.load(request, source)
        return self._models[request.input]

    @_contained
    def open(self, request: Any) -> Any:
        """A factory's model as a Checkpoint."""
        from .weights import checkpoint

        return checkpoint(self._model(request))

    @_contained
    def generate(self, request: Any, folder: Path, source: Any) -> Generated:
        """Writes model.py and what it needs into `folder`."""
        code = self._code_made = self._code(request, source)
        lines = code.summary()
        if request.codegen:
            code.write_code(Path(folder))
        if request.mlxfn:
            lines += _mlxfn(request, code, Path(folder) / "model.mlxfn")
        fits = code.keys <= _outputs(source, code)
        return Generated(
            layouts=code.layouts,
            keys=code.keys if request.codegen else None,
            lines=lines,
            json=_members(code=code.facts(), verification=code.verification),
            modules=code.modules,
            weights=None if fits or not request.codegen else code.weights,
        )

    def _code(self, request: Any, source: Any) -> GeneratedCode:
        from . import live
        from .analysis import is_exported
        from .generation import generate, generate_from_module

        if is_exported(source):
            code = generate(request.input, verify=False, strict_dtypes=request.strict_dtypes)
            if request.verify:
                live.verify_exported(request, code)
            return code
        model = self._model(request, source)
        with live.explained(request, model):
            args, kwargs = live.inputs(model, request)
            return generate_from_module(
                model,
                args,
                kwargs,
                verify=request.verify,
                layers=bool(request.report),
                strict_dtypes=request.strict_dtypes,
                tolerance=request.tolerance,
            )

    @_contained
    def layouts(self, request: Any) -> Generated:
        """Layouts and modules from the graph of a .pt2 file, or of the model that was analyzed; empty where nothing can
        lower it."""
        try:
            aten = self._graph_made or _native.graph().Graph.open_archive(Path(request.input))
            graph = aten.lower().optimized()
        except Torch2MLXError:  # the plan says which tensors are left without a layout
            return Generated({}, [])
        return Generated(graph.layouts, graph.modules)

    @_contained
    def analyze(self, request: Any, source: Any) -> Outcome | None:
        """The analysis of the graph, where the input has one or a live model gives one."""
        found = self._analyzed(request, source)
        if found is None:
            return None
        return Outcome(lines=str(found).splitlines(), json=_json(found))

    def _analyzed(self, request: Any, source: Any) -> Analysis | None:
        from . import analysis, live

        if self._analysis_made is not None:
            return self._analysis_made
        if not analysis.is_exported(source) and not live.gives_model(request, source):
            return None
        try:
            found = analysis.analyze(request.input) if analysis.is_exported(source) else self._analysis(request, source)
        except Torch2MLXError as error:
            if (request.example_inputs or request.inputs) and isinstance(error, InputError):
                raise
            # A model that cannot be traced has weights and layers still; so has one where torch or MLX is missing.
            found = analysis.of_checkpoint(source)
            found = dataclasses.replace(found, notes=[*found.notes, f"no graph, so no code: {_one_line(error)}"])
        self._analysis_made = found
        return found

    def _analysis(self, request: Any, source: Any) -> Analysis:
        from . import live
        from .analysis import of_graph
        from .generation import example_capture

        model = self._model(request, source)
        with live.explained(request, model):
            capture = example_capture(model, *live.inputs(model, request))
        self._graph_made = capture.graph
        found = of_graph(capture.graph)
        return dataclasses.replace(found, notes=[*found.notes, *capture.assumptions])

    @_contained
    def verify(self, request: Any) -> Outcome:
        """The input against model.py and model.safetensors of the output folder."""
        from . import live
        from .analysis import is_exported

        source = _native.core().open(Path(request.input), request.key) if Path(request.input).exists() else None
        if source is None or is_exported(source) or live.gives_model(request, source):
            live.Folder(Path(request.output)).require_files()  # told before the model is built
        check = live.verify_folder(request, source, lambda: self._model(request, source))
        if request.report:
            report.write(request.report, report.Findings(_title(request), verification=check))
        return Outcome(lines=verification_lines(check), json=_json(check, indent=2), passed=check.passed)

    @_contained
    def report(self, request: Any, source: Any, weights: str) -> None:
        """--report of a conversion or an analysis. `weights`: the text of report.json."""
        from .analysis import of_checkpoint

        code = self._code_made
        findings = report.Findings(
            _title(request),
            analysis=self._analyzed(request, source) or of_checkpoint(source),
            code=code,
            verification=code.verification if code else None,
            weights=json.loads(weights),
        )
        report.write(request.report, findings)

    @_contained
    def ops(self) -> str:
        """Both op tables as JSON."""
        return _native.graph().ops()


def _title(request: Any) -> str:
    return Path(request.input).name or str(request.input)


def _mlxfn(request: Any, code: GeneratedCode, path: Path) -> list[str]:
    from .mlxfn import parse_shapes, summary

    metadata = code.export_mlxfn(
        path,
        shapes=[parse_shapes(text) for text in request.mlxfn_shapes],
        device=request.mlxfn_device or None,
        weights=request.mlxfn_weights,
    )
    return summary(path, metadata)


def _one_line(error: Torch2MLXError) -> str:
    return str(error).partition("\n")[0]


def _json(found: Any, indent: int | None = None) -> str:
    """A dataclass as JSON, which has no word for infinities and NaN: they are null."""
    return json.dumps(_finite(dataclasses.asdict(found)), indent=indent)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def _plain(item: Any) -> Any:
    return dataclasses.asdict(item) if dataclasses.is_dataclass(item) and not isinstance(item, type) else item


def _members(**found: Any) -> str:
    """Members of an object as JSON text, dataclasses among them."""
    plain = {name: _plain(item) for name, item in found.items()}
    return json.dumps(_finite(plain))[1:-1]


def verification_lines(check: Verification) -> list[str]:
    """A table of module calls and outputs, and the verdict."""
    rows = check.rows()
    width = max((len(row.place) for row, _ in rows), default=0)
    shapes = [str(list(row.shape)) for row, _ in rows]
    wide = max(map(len, shapes), default=0)
    last = "  fused rel" * bool(check.fused)
    lines = [f"{'module':<{width}}  {'shape':<{wide}}  {'max abs':>9}  {'max rel':>9}{last}"] if rows else []
    for (row, after), shape in zip(rows, shapes, strict=True):
        both = f"  {after.max_rel_diff:9.2e}" if after else " " * len(last)
        mark = "" if row.passed and (after is None or after.passed) else "  beyond the tolerance"
        text = f"{row.place:<{width}}  {shape:<{wide}}  {row.max_abs_diff:9.2e}  {row.max_rel_diff:9.2e}{both}{mark}"
        lines.append(text.rstrip())
    return [*lines, *str(check).splitlines()]
