"""Live models of the command line's inputs, and the original run beside what was converted."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native, hf
from .analysis import is_exported
from .errors import InputError, UnsupportedError, missing_package, require_packages
from .weights import require_module

if TYPE_CHECKING:
    from .generation import GeneratedCode
    from .verification import Verification

TRUST = "--trust-code, if you trust the file: its own code runs then"
# What layers of torch.nn hold beside modules: their activation functions.
FUNCTIONS = ("relu", "gelu", "silu", "elu", "selu", "celu", "leaky_relu", "tanh", "sigmoid", "softplus", "mish", "glu")


def gives_model(request: Any, source: Any) -> bool:
    """Does this input hold a model, not tensors alone?"""
    return source.format == "live tensors" or hf.is_folder(Path(request.input)) or bool(source.modules)


def load(request: Any, source: Any = None) -> Any:
    """The `nn.Module` of an input, in eval mode. `source` is its Checkpoint, None where it names a factory.

    Raises InputError, UnsupportedError with what to give instead where the input holds no code.
    """
    require_packages("torch", place=request.input)
    path = Path(request.input)
    if source is None:
        model = _from_factory(request.input)
    elif hf.is_folder(path):
        model = hf.load(path, request.trust_code)
    elif source.modules:
        model = _unpickled(path, request, source)
    else:
        raise InputError(
            f"{source.format} holds tensors but no code to convert",
            place=str(path),
            hint="give the Hugging Face folder, a .pt2 file of torch.export.save, or package.module:factory",
        )
    return model.eval()


def _from_factory(text: str) -> Any:
    if ":" not in text:
        raise InputError("no such file, and not of the form package.module:factory", place=text)
    module_name, _, attribute = text.partition(":")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found: Any = importlib.import_module(module_name)
    except ImportError as error:
        raise missing_package(error, text) or InputError(
            f"cannot be imported: {error}", place=module_name, hint="from the current directory"
        ) from error
    for name in attribute.split("."):
        if not hasattr(found, name):
            raise InputError(f"has no '{name}'", place=f"{text}: {getattr(found, '__name__', module_name)}")
        found = getattr(found, name)
    return _built(found, text)


def _built(factory: Any, place: str) -> Any:
    import torch

    if isinstance(factory, torch.nn.Module):
        return require_module(factory)
    if not callable(factory):
        raise InputError(f"is a {type(factory).__name__}, not a callable that returns an nn.Module", place=place)
    try:
        model = factory()
    except Exception as error:  # the user's own code
        raise InputError(f"raised {type(error).__name__}: {_line(error)}", place=place) from error
    model = getattr(model, "_orig_mod", model)
    if not isinstance(model, torch.nn.Module):
        raise InputError(f"returned a {type(model).__name__}, not an nn.Module", place=place)
    return model


def _foreign(source: Any) -> list[str]:
    """Classes of a pickled module tree that are not torch.nn's."""
    return sorted({name for _, name in source.modules if not name.startswith("torch.nn.")})


def _unpickled(path: Path, request: Any, source: Any) -> Any:
    import torch

    foreign = _foreign(source)
    if request.trust_code:
        if os.getcwd() not in sys.path:
            sys.path.insert(0, os.getcwd())
        held = _torch_load(path, weights_only=False)
    elif foreign:
        raise UnsupportedError(
            f"the module is made of classes whose code the file does not hold: {', '.join(foreign[:5])}",
            place=str(path),
            hint=TRUST,
        )
    else:
        with torch.serialization.safe_globals(_allowed(source)):
            held = _torch_load(path, weights_only=True)
    return _entry(held, path, request.key)


def _allowed(source: Any) -> list[Any]:
    """The torch.nn classes that the file names as modules, and activation functions; nothing else is ever called."""
    import torch

    classes = []
    for name in sorted({name for _, name in source.modules}):
        module, _, attribute = name.rpartition(".")
        found = getattr(sys.modules.get(module), attribute, None)
        if isinstance(found, type) and issubclass(found, torch.nn.Module):
            classes.append(found)
    functions = (getattr(torch.nn.functional, name) for name in FUNCTIONS)
    return [*classes, *functions]


def _torch_load(path: Path, *, weights_only: bool) -> Any:
    import torch

    try:
        return torch.load(path, map_location="cpu", weights_only=weights_only)
    except Exception as error:  # torch.load raises what unpickling raises
        hint = TRUST if weights_only else "the classes it names must be importable from the current directory"
        raise InputError(f"torch.load: {type(error).__name__}: {_line(error)}", place=str(path), hint=hint) from error


def _entry(held: Any, path: Path, key: str) -> Any:
    import torch

    for name in key.split(".") if key else []:
        held = held.get(name) if isinstance(held, dict) else getattr(held, name, None)
    modules = [held] if isinstance(held, torch.nn.Module) else []
    if isinstance(held, dict):
        modules = [value for value in held.values() if isinstance(value, torch.nn.Module)]
    if len(modules) != 1:
        raise InputError(f"holds {len(modules)} modules where one is needed", place=str(path), hint="--key names one")
    return modules[0]


def _line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:300]


def inputs(model: Any, request: Any) -> Any:
    """(args, kwargs) as --inputs holds or --input describes them; (None, None) leaves them to be made up."""
    if request.inputs:
        from . import input_files

        return input_files.load(Path(request.inputs))
    if not request.example_inputs:
        return None, None
    from . import input_specs

    return input_specs.make(model, request.example_inputs, request.seed)


@contextlib.contextmanager
def explained(request: Any, model: Any) -> Iterator[None]:
    """Errors about example inputs tell the option of the command line that gives them."""
    try:
        yield
    except InputError as error:
        if error.place != "args" and "example inputs" not in error.message:
            raise
        import inspect

        parameters = ", ".join(inspect.signature(model.forward).parameters)
        hint = f"--input 'name=f32[1,3,224,224]', once an argument of forward({parameters})"
        raise InputError(error.message, place=request.input, hint=hint, details=error.details) from error


@dataclasses.dataclass
class Folder:
    """model.py and model.safetensors as they lie in an output folder."""

    path: Path

    def require_files(self) -> None:
        """Raises InputError where model.py or its weights are missing."""
        for file in (self.path / "model.py", *self._weights()):
            if not file.is_file():
                hint = "torch2mlx INPUT OUTPUT_DIR --codegen writes it"
                raise InputError("there is no such file", place=str(file), hint=hint)

    def _weights(self) -> list[Path]:
        """The file of weights, or the shards."""
        index = self.path / "model.safetensors.index.json"
        if (self.path / "model.safetensors").is_file() or not index.is_file():
            return [self.path / "model.safetensors"]
        try:
            names = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
            return [self.path / Path(name).name for name in sorted(names)]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"is no index of weights: {_line(error)}", place=str(index)) from error

    def _source(self) -> Path:
        """What holds all weights: the file, or the folder of the shards."""
        weights = self._weights()
        return weights[0] if len(weights) == 1 else self.path

    def load(self) -> Any:
        """The generated module with exactly the folder's weights, in eval mode."""
        import mlx.nn as nn

        self.require_files()
        code = self.path / "model.py"
        namespace: dict[str, Any] = {"__name__": "model", "__file__": str(code)}
        try:
            exec(compile(code.read_text(encoding="utf-8"), str(code), "exec"), namespace)
        except Exception as error:  # the file may be edited by hand
            raise InputError(f"{type(error).__name__}: {_line(error)}", place=str(code)) from error
        classes = [item for item in namespace.values() if isinstance(item, type) and issubclass(item, nn.Module)]
        if not classes:
            raise InputError("defines no mlx.nn.Module", place=str(code))
        model = classes[-1]()  # the model's class follows those of its parts
        arrays = self.arrays()
        self._quantize(model, arrays)
        try:
            model.load_weights(list(arrays.items()), strict=True)
        except ValueError as error:
            place = str(self._weights()[0])
            raise InputError(f"does not fit model.py: {_line(error)}", place=place) from error
        return model.eval()

    @functools.cached_property
    def _quantization(self) -> dict[str, Any]:
        """What config.json says: "group_size", "bits", "mode", and by module what differs."""
        config = self.path / "config.json"
        try:
            return dict(json.loads(config.read_text(encoding="utf-8"))["quantization"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"does not say how layers are quantized: {_line(error)}", place=str(config)) from error

    def _settings(self, path: str) -> dict[str, Any]:
        own = self._quantization.get(path)
        said = own if isinstance(own, dict) else self._quantization
        return {name: said[name] for name in ("group_size", "bits", "mode") if name in said}

    def _quantize(self, model: Any, arrays: dict[str, Any]) -> None:
        """Makes layers quantized that are in the file, as config.json says how: mlx-lm loads its models so."""
        import mlx.nn as nn

        if any(key.endswith(".scales") for key in arrays):
            nn.quantize(model, class_predicate=lambda path, _: f"{path}.scales" in arrays and self._settings(path))

    def arrays(self) -> dict[str, Any]:
        """The weights by key, as mx.array."""
        import mlx.core as mx

        arrays: dict[str, Any] = {}
        for file in self._weights():
            try:
                arrays |= dict(mx.load(str(file)))  # type: ignore[arg-type]
            except Exception as error:
                raise InputError(f"cannot be loaded: {_line(error)}", place=str(file)) from error
        return arrays

    @functools.cached_property
    def _said(self) -> dict[str, Any]:
        """What report.json says of the code."""
        try:
            said = json.loads((self.path / "report.json").read_text(encoding="utf-8"))["code"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        return said if isinstance(said, dict) else {}

    @property
    def call_confidence(self) -> str:
        """As `GeneratedCode` has it; empty where the folder does not tell."""
        return str(self._said.get("call_confidence", ""))

    @property
    def assumptions(self) -> list[str]:
        """As `GeneratedCode` has them."""
        said = self._said.get("assumptions")
        return list(map(str, said)) if isinstance(said, list) else []

    def tolerance(self, model: Any) -> float:
        """Of the coarsest floating type on either side."""
        from .verification import TOLERANCES

        names = {str(parameter.dtype).rpartition(".")[2] for parameter in model.parameters()}
        names |= {dtype for _, dtype, _ in _native.core().open(self._source()).tensors}
        return max((TOLERANCES[name] for name in names & TOLERANCES.keys()), default=TOLERANCES["float32"])

    def torch_weights(self, original: Any) -> dict[str, Any]:
        """The weights under PyTorch's keys and in its layouts, as arrays of MLX's types; quantized ones as the numbers
        they stand for."""
        import mlx.core as mx

        from .weights import restore

        with tempfile.TemporaryDirectory() as folder:
            path = restore(self._source(), Path(folder) / "torch.safetensors", like=original)
            arrays: dict[str, Any] = dict(mx.load(str(path)))  # type: ignore[arg-type]
            for module in [key.removesuffix(".scales") for key in arrays if key.endswith(".scales")]:
                scales, biases = arrays.pop(f"{module}.scales"), arrays.pop(f"{module}.biases", None)
                packed = arrays[f"{module}.weight"]
                arrays[f"{module}.weight"] = mx.dequantize(packed, scales, biases, **self._settings(module))
            mx.eval(arrays)
        return arrays


def verify_folder(request: Any, source: Any, live_model: Callable[[], Any]) -> Verification:
    """The input against the output folder, outputs and module calls."""
    from .generation import example_capture
    from .verification import compare

    saved = Folder(Path(request.output))
    _native.graph()  # told before time is spent
    require_packages("numpy", "torch")
    if source is not None and is_exported(source):
        return _compare_exported(request, saved)
    from .folding import folded

    model = folded(live_model())
    saved.load()
    with explained(request, model):
        capture = example_capture(model, *inputs(model, request))
    lowered = capture.lowered
    parameters = saved.torch_weights(model)
    usual = saved.tolerance(model)
    return compare(
        model, capture, saved, lowered, tol=request.tolerance, usual=usual, layers=True, parameters=parameters
    )


def verify_exported(request: Any, code: GeneratedCode) -> None:
    """As `generate` does for a live model. Raises VerificationError."""
    from .generation import require_passed

    require_passed(code, _compare_exported(request, code))


def _compare_exported(request: Any, code: GeneratedCode | Folder) -> Verification:
    """Outputs of a .pt2 file's program and of the generated module."""
    from . import exported

    path = Path(request.input)
    exported.require_trust(path, request.trust_code, TRUST)
    return exported.compare(
        path,
        code,
        lambda original: inputs(original, request) if request.inputs or request.example_inputs else None,
        tolerance=request.tolerance,
        hint="--input 'name=f32[1,3,224,224]', or --inputs FILE.safetensors",
    )
