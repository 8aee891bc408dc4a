"""Will a model port, what stands in the way, and where."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import _native
from .errors import InputError, UnsupportedError, needs_packages
from .weights import checkpoint, require_module


@dataclasses.dataclass(frozen=True)
class Analysis:
    """Counts and blockers of one model.

    A leaf module (one without children) is mapped if everything it computes has an exact form in MLX.
    """

    coverage: float  # mapped_layers / total_layers, 0 to 1
    total_layers: int
    mapped_layers: int
    unmapped_layers: list[str]  # "encoder.router: pkg.Router"
    layers: dict[str, int]  # class of leaf modules -> how many
    ops: dict[str, int]  # ATen overload -> nodes; empty where there is no graph
    blockers: list[str]  # each with its place; empty: everything converts
    notes: list[str]
    registry_coverage: float = 1.0  # leaf modules whose class is in the layers table

    def __str__(self) -> str:
        lines = [f"{self.mapped_layers} of {self.total_layers} layers convert ({self.coverage:.0%})"]
        if self.ops:
            lines[0] += f", {sum(self.ops.values())} nodes of {len(self.ops)} operators"
        lines += [f"  stands in the way: {blocker}" for blocker in self.blockers]
        lines += [f"  {note}" for note in self.notes]
        return "\n".join(lines)


@needs_packages
def analyze(model: Any, args: Sequence[Any] | None = None, kwargs: Mapping[str, Any] | None = None) -> Analysis:
    """Analyses a module, on its graph, or a file or folder: .pt2 on its graph, others on their tensors and modules.

    Args:
        model: a module or a path.
        args, kwargs: example inputs, as for a call of the module; made up where they are missing.

    Raises:
        InputError: the input cannot be read, or example inputs do not fit.
    """
    if isinstance(model, str | os.PathLike):
        path = Path(model)
        source = checkpoint(path)
        return of_graph(_native.graph().Graph.open_archive(path)) if is_exported(source) else of_checkpoint(source)
    if isinstance(model, Mapping):
        return of_checkpoint(checkpoint(model))
    return _of_module(require_module(model), args, kwargs)


def is_exported(source: Any) -> bool:
    """Is this checkpoint a .pt2 archive, which holds a graph too?"""
    return source.format == "torch.export"


def _of_module(module: Any, args: Sequence[Any] | None, kwargs: Mapping[str, Any] | None) -> Analysis:
    from .generation import example_capture

    try:
        capture = example_capture(module, args, kwargs)
    except (InputError, UnsupportedError) as error:
        if args or kwargs:
            raise
        analysis = of_checkpoint(checkpoint(module))
        return dataclasses.replace(analysis, blockers=[*analysis.blockers, str(error)])
    analysis = of_graph(capture.graph)
    return dataclasses.replace(analysis, notes=[*analysis.notes, *capture.assumptions])


def of_graph(graph: Any) -> Analysis:
    """Of an ATen graph."""
    return Analysis(**json.loads(graph.analysis()))


def of_checkpoint(source: Any) -> Analysis:
    """Of tensors and the modules that are known of them."""
    report = json.loads(_native.core().analyze(source))
    names = ("coverage", "registry_coverage", "total_layers", "mapped_layers", "unmapped_layers", "layers", "notes")
    return Analysis(ops={}, blockers=report["problems"], **{name: report[name] for name in names})
