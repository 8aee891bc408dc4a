"""Generated models as .mlxfn files, which MLX runs from Python, C++ and Swift without the class."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native
from .errors import InputError
from .weights import path_of

if TYPE_CHECKING:
    from .generation import GeneratedCode

WEIGHTS = ("inside", "inputs")
DEVICES = ("cpu", "gpu")


def export_mlxfn(
    code: GeneratedCode,
    path: str | os.PathLike[str],
    shapes: Sequence[Mapping[str, Sequence[int]]] = (),
    device: str | None = None,
    weights: str = "inside",
) -> dict[str, Any]:
    """Writes the model's functions; see `GeneratedCode.export_mlxfn`. Gives the metadata of the file."""
    target = path_of(path, "path")
    if weights not in WEIGHTS:
        raise InputError(f"{weights!r} is none of {', '.join(WEIGHTS)}", place="weights")
    if device is not None and device not in DEVICES:
        raise InputError(f"{device!r} is none of {', '.join(DEVICES)}", place="device")
    if code.graph is None:
        raise InputError("has no graph", place=code.class_name, hint="torch2mlx.generate gives code that has one")
    traces = [{name: list(shape) for name, shape in trace.items()} for trace in shapes]
    graph = _native.graph()
    partial = target.with_name(target.name + ".partial")
    try:
        text = graph.export_mlxfn(
            graph.Executor(code.graph), code.graph_arrays(), partial, traces, _on_gpu(device), weights == "inputs"
        )
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    metadata: dict[str, Any] = json.loads(text)
    return metadata


def _on_gpu(device: str | None) -> bool:
    import mlx.core as mx

    return device == "gpu" or (device is None and mx.default_device() == mx.Device(mx.gpu))


def parse_shapes(text: str) -> dict[str, tuple[int, ...]]:
    """ "input_ids=1x16,attention_mask=1x16" as shapes by input. Raises InputError for anything else."""
    shapes = {}
    for part in text.split(","):
        name, equals, sizes = part.strip().partition("=")
        if not (name and equals and all(size.isdigit() for size in sizes.split("x"))):
            raise InputError("is not of the form input_ids=1x16,attention_mask=1x16", place=f"--mlxfn-shape '{text}'")
        shapes[name] = tuple(int(size) for size in sizes.split("x"))
    return shapes


def summary(path: Path, metadata: dict[str, Any]) -> list[str]:
    """Lines for the terminal."""
    traces = ["; ".join(f"{name} {shape}" for name, shape in trace.items()) for trace in metadata["traces"]]
    weights = "inside" if metadata["weights"] == "inside" else f"inputs, from {metadata['weights']}"
    return [f"{path.name}: on the {metadata['device']}, weights {weights}, for " + ", or ".join(traces)]
