"""How much of a model's modules generated code declares, knows and computes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .capture import Capture

# (path, class, attributes), as the library has modules
Modules = Sequence[tuple[str, str, dict[str, object]]]


@dataclasses.dataclass(frozen=True)
class CoverageMetrics:
    """Fractions of the leaf modules (those without children), 0 to 1, and those that the code leaves out."""

    init_coverage: float  # declared in __init__, or without anything to declare
    registry_coverage: float  # of classes in the table of layers
    call_coverage: float  # computed in __call__: called by the traced forward(), or their parameters read
    skipped_leaves: list[str]  # "encoder.pooler: pkg.Pooler is not called"


def measure(
    modules: Modules, undeclared: Sequence[str], registered: float, computed: set[str] | None = None
) -> CoverageMetrics:
    """`undeclared`: keys of weights that the source does not declare. `computed`: paths of the leaves that are; None:
    all of them, as where the modules are known from the graph alone."""
    leaves = list(_leaves(modules))
    bare = {path for path, _ in leaves if any(key.startswith(f"{path}." if path else "") for key in undeclared)}
    idle = [] if computed is None else [path for path, _ in leaves if path not in computed]
    why = dict.fromkeys(idle, "is not called")
    why |= dict.fromkeys(bare, "is not declared: shapes of its weights are unknown")
    names = dict(leaves)
    count = max(1, len(leaves))
    return CoverageMetrics(
        init_coverage=1 - len(bare) / count,
        registry_coverage=registered,
        call_coverage=1 - len(idle) / count,
        skipped_leaves=[f"{path or '(root)'}: {names[path]} {reason}" for path, reason in why.items()],
    )


def _leaves(modules: Modules) -> Iterator[tuple[str, str]]:
    parents = {path.rpartition(".")[0] for path, *_ in modules if path}
    yield from ((path, name) for path, name, _ in modules if path not in parents)


def computed(module: Any, capture: Capture) -> set[str]:
    """Paths of the modules that were called while the model was traced, or whose tensors the graph reads."""
    signature = capture.program.graph_signature
    keys = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
    state = dict(module.named_parameters(remove_duplicate=False)) | dict(module.named_buffers(remove_duplicate=False))
    placeholders = [node for node in capture.program.graph.nodes if node.op == "placeholder" and node.users]
    read = {id(state.get(keys[node.name])) for node in placeholders if node.name in keys}
    paths = set()
    for path, part in module.named_modules(remove_duplicate=False):
        own = [*part._parameters.values(), *part._buffers.values()]
        if id(part) in capture.called or any(id(tensor) in read for tensor in own if tensor is not None):
            paths.add(path)
    return paths
