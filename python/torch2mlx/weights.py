"""Weights from live models, dicts and files to MLX's safetensors, and loading what was written."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from . import _native, hf
from ._tensors import describe_all, describe_modules, state_of
from .errors import InputError, needs_packages

if TYPE_CHECKING:
    import torch

    Source: TypeAlias = torch.nn.Module | Mapping[str, Any] | str | os.PathLike[str]


@needs_packages
def convert(
    model: Source,
    path: str | os.PathLike[str],
    *,
    dtype: Any = None,
    quantize: Any = None,
    dequantize: bool = False,
    key: str = "",
    layer_types: Mapping[str, str] | None = None,
    adapter: str | os.PathLike[str] | None = None,
    only: str | Sequence[str] | None = None,
    skip: str | Sequence[str] | None = None,
    analyze_first: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Writes the weights of `model` as one safetensors file in MLX's layouts; an existing file is replaced.

    Args:
        model: a module (compiled too), a dict of tensors or arrays, or the path of a file or folder.
        path: of the file to write; it appears complete or not at all.
        dtype: of floating tensors: "float32", "float16", "bfloat16" or torch's or MLX's own; or a dict of patterns
            of keys and types, {"*": "float16", "norm*": "float32"}, of which the last that matches counts.
        quantize: True, or a dict of "mode", "bits" and "group_size" as mx.quantize takes them, "recipe" ("mixed_4_6"
            ...) and "rules" ({pattern of module paths: such a dict, or False for none}): weights of linear and
            embedding layers become what `mlx.nn.quantize` makes of them.
        dequantize: matrices that come quantized (MLX's own, GPTQ, AWQ, compressed-tensors, MXFP4) become plain ones.
        key: which entry of a nested checkpoint.
        layer_types: pattern of module paths or keys -> torch.nn class ("Parameter" keeps the layout,
            "ConvTranspose2d,groups=4" tells the groups), for inputs that do not tell; the last that matches counts.
        adapter: a LoRA of PEFT (folder), diffusers or kohya (file) that is merged into the weights.
        only, skip: patterns of keys or modules: those alone, all but those; `skip` names the adapter's modules too.
        analyze_first: False skips the check for problems that this version would find before writing.
        progress: called with bytes written and bytes in all.

    An adapter of PEFT by itself becomes one of mlx-lm: name the file adapters.safetensors; its adapter_config.json is
    written beside it.

    Returns:
        The path.

    Raises:
        InputError: the input cannot be read. UnsupportedError: lists every tensor that cannot be converted.
    """
    options: dict[str, Any] = {"force": True}
    if quantize is not None and quantize is not False:
        options["quantize"] = _quantize(quantize)
    if dequantize:
        if "quantize" in options:
            raise InputError("quantize or dequantize, not both", place="dequantize")
        options["dequantize"] = True
    options.update(_dtypes(dtype))
    if layer_types:
        options["layer_types"] = _layer_types(layer_types)
    target = path_of(path, "path")
    if progress is not None and not callable(progress):
        raise InputError("is no callable", place=f"progress={progress!r}", hint="it is called with two counts of bytes")
    if target.is_dir():
        raise InputError("is a folder", place=str(target), hint="name the file to write, as in weights.safetensors")
    only, skip = _patterns(only, "only"), _patterns(skip, "skip")
    core, source = _native.core(), checkpoint(model, key)
    config = None
    if adapter is not None or not core.is_adapter(source):
        if adapter is not None or only or skip:
            source = core.prepare(source, "" if adapter is None else path_of(adapter, "adapter"), only, skip)
    else:  # alone it becomes mlx-lm's
        source, config = core.mlx_lm_adapter(source, skip)
        options["adapter"] = True
    if analyze_first:
        core.analyze(source, options)  # wrong options are told before anything is written
    core.convert(source, target, options, progress)
    if config is not None:
        (target.parent / "adapter_config.json").write_text(config)
    return target


@needs_packages
def export(model: Any, path: str | os.PathLike[str] | None = None, **options: Any) -> Any:
    """`convert` by another name; with a path alone a class decorator.

    `@torch2mlx.export("weights.safetensors")` gives the instances of a module class a method
    `to_mlx(path=..., **options)` that converts their weights, by default to that path; options are `convert`'s.
    """
    if path is not None:
        return convert(model, path, **options)
    default = path_of(model, "path")

    def decorate(cls: type) -> type:
        def to_mlx(self: Any, path: str | os.PathLike[str] = default, **own: Any) -> Path:
            return convert(self, path, **{**options, **own})

        cls.to_mlx = to_mlx  # type: ignore[attr-defined]
        return cls

    return decorate


@needs_packages
def restore(
    path: str | os.PathLike[str],
    output: str | os.PathLike[str],
    *,
    like: Source | None = None,
    dtype: Any = None,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Writes what `convert` wrote in PyTorch's layouts, names and types again; an existing file is replaced.

    What was permuted, split, renamed or dropped comes back bit for bit. Casts, folded parametrizations, quantization
    and summed biases are one-way: their value in MLX comes back.

    Args:
        path: of the file or folder in MLX's layout.
        output: of the file to write: ".safetensors", or any other for torch.load(weights_only=True).
        like: the original, for weights that MLX saved itself (`model.save_weights`) and that hold no record.
        dtype: of floating tensors, where it is not to be PyTorch's.
        progress: called with bytes written and bytes in all.

    Raises:
        InputError: `path` cannot be read, or `convert` did not write it.
    """
    options: dict[str, Any] = {"force": True}
    options.update(_dtypes(dtype))
    if like is not None:
        options["record"] = _native.core().record(checkpoint(like))
    target = path_of(output, "output")
    _native.core().restore(_native.core().open(path_of(path, "path")), target, options, progress)
    return target


def _patterns(given: str | Sequence[str] | None, name: str) -> list[str]:
    patterns = [given] if isinstance(given, str) else list(given or [])
    if not all(isinstance(pattern, str) for pattern in patterns):
        raise InputError("patterns are strings", place=f"{name}={given!r}")
    return patterns


def _dtypes(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {"dtypes": [(str(pattern), dtype_name(dtype)) for pattern, dtype in given.items()]}
    return {"dtype": dtype_name(given)}


def _quantize(given: Any) -> dict[str, Any]:
    if given is True:
        return {}
    if not isinstance(given, Mapping):
        raise InputError(f"{given!r} is no dict", place="quantize", hint='{"bits": 4, "group_size": 64}')
    settings = dict(given)
    rules = settings.get("rules", {})
    settings["rules"] = [(pattern, how or None) for pattern, how in dict(rules).items()]
    return settings


def _layer_types(given: Any) -> list[tuple[str, str]]:
    pairs = list(given.items()) if isinstance(given, Mapping) else [given]
    for pair in pairs:
        if not (isinstance(pair, tuple) and all(isinstance(text, str) for text in pair)):
            raise InputError(
                f"{pair!r} is no pattern and class", place="layer_types", hint='{"up*": "ConvTranspose2d"}'
            )
    return pairs


def path_of(path: Any, name: str) -> Path:
    """A path, or an InputError that names the argument."""
    if not isinstance(path, str | os.PathLike):
        raise InputError(f"{type(path).__name__} is no path", place=name)
    return Path(path)


def checkpoint(model: Source, key: str = "") -> Any:
    """Any source of weights as the library's Checkpoint."""
    if isinstance(model, str | os.PathLike):
        return _native.core().open(Path(model), key)
    if key:
        raise InputError("names an entry of a file, but the input is live", place=f"key={key!r}")
    if isinstance(model, Mapping):
        return _native.core().from_tensors(describe_all(model))
    module = require_module(model)
    return _native.core().from_tensors(describe_all(state_of(module)), describe_modules(module))


def require_module(model: Any, trust_code: bool = False) -> torch.nn.Module:
    """The module without what torch.compile, DataParallel and the like wrapped around it or its parts, or that of a
    Hugging Face folder, whose own classes need `trust_code`. Raises InputError for anything else."""
    import torch

    if isinstance(model, str | os.PathLike) and hf.is_folder(Path(model)):
        checkpoint(Path(model))  # what is wrong with its files is told by our reader, which trusts none of them
        return hf.load(Path(model), trust_code)
    if not isinstance(model, torch.nn.Module):
        raise InputError(
            f"{type(model).__qualname__} is no model", place="model", hint="give an nn.Module or the path of a file"
        )
    return _unwrapped(_inner(model))


def _inner(module: Any) -> Any:
    """What torch.compile, DataParallel, DDP or activation checkpointing wraps; others as they are."""
    import torch

    while True:
        parallel = isinstance(module, torch.nn.DataParallel | torch.nn.parallel.DistributedDataParallel)
        names = ("_orig_mod", "_checkpoint_wrapped_module", *(("module",) if parallel else ()))
        found = [child for name, child in module.named_children() if name in names]
        if not found:
            return module
        module = found[0]


def _unwrapped(model: torch.nn.Module) -> torch.nn.Module:
    """A copy over the same tensors with wrapped parts bare; the model itself where there are none."""
    wrappers = [module for module in model.modules() if _inner(module) is not module]
    if not wrappers:
        return model
    memo: dict[int, Any] = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    for wrapper in reversed(wrappers):  # the innermost first
        memo[id(wrapper)] = copy.deepcopy(_inner(wrapper), memo)
    return copy.deepcopy(model, memo)


def dtype_name(dtype: Any) -> str:
    """ "float16" of "float16", torch.float16 or mlx.core.float16."""
    return str(dtype).rpartition(".")[2]


@needs_packages
def load_converted(path: str | os.PathLike[str], *, flat: bool = False) -> dict[str, Any]:
    """The arrays of a file that `convert` wrote: MLX arrays, NumPy's where MLX is not installed.

    Returns:
        `flat`: {key: array}. Otherwise nested by the keys' parts, lists where the parts are numbers, as
        `mlx.nn.Module.update` takes it.

    Raises:
        InputError: the file is unreadable, or `convert` did not write it.
    """
    source = _native.core().open(path_of(path, "path"))
    if source.metadata.get("format") != "mlx":
        raise InputError("is not in MLX's layout", place=str(path), hint="torch2mlx.convert(path, output) makes it so")
    try:
        import mlx.core as mx
    except ImportError:
        arrays = {name: _numpy(source, name, dtype, shape) for name, dtype, shape in source.tensors}
    else:
        arrays = dict(mx.load(str(path), format="safetensors"))  # type: ignore[arg-type]
    return arrays if flat else nest(arrays)


def _numpy(source: Any, name: str, dtype: str, shape: tuple[int, ...]) -> Any:
    import numpy as np

    if dtype == "bfloat16":
        wide = np.frombuffer(source.bytes(name), dtype=np.uint16).astype(np.uint32) << 16
        return wide.view(np.float32).reshape(shape)
    return np.frombuffer(source.bytes(name), dtype=dtype).reshape(shape).copy()


def nest(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """{"a.0.b": x} -> {"a": [{"b": x}]}."""
    root: dict[str, Any] = {}
    for key, value in arrays.items():
        node, parts = root, key.split(".")
        for part in parts[:-1]:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                break
        if not isinstance(node, dict) or parts[-1] in node:
            raise InputError(
                "is the key of an array and of others below it", place=key, hint="flat=True keeps keys as is"
            )
        node[parts[-1]] = value
    return _with_lists(root)


def _is_index(key: str) -> bool:
    # Longer ones are no places in a list but what somebody wrote to fill memory.
    return key.isascii() and key.isdigit() and len(key) < 6 and str(int(key)) == key


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    children = {key: _with_lists(value) for key, value in node.items()}
    if children and all(_is_index(key) for key in children):
        # Gaps are modules without parameters.
        return [children.get(str(index), {}) for index in range(1 + max(map(int, children)))]
    return children
