"""The program of a .pt2 file, run by PyTorch beside what was made of it.

PyTorch loads such a file only by running what it holds (`torch.export.load` unpickles and evaluates), so nothing here
happens unless the file is trusted. Importing, converting and generating never do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native
from .errors import InputError, UnsupportedError

if TYPE_CHECKING:
    from .generation import GeneratedCode
    from .live import Folder
    from .verification import Verification

Call = tuple[Sequence[Any], Mapping[str, Any]]


def require_trust(path: Path, trusted: bool, hint: str) -> None:
    """Raises UnsupportedError with `hint` if the file is not trusted."""
    if not trusted:
        raise UnsupportedError("PyTorch cannot load a .pt2 file inertly", place=str(path), hint=hint)


def compare(
    path: Path,
    code: GeneratedCode | Folder,
    inputs: Callable[[Any], Call | None],
    *,
    tolerance: float | None = None,
    hint: str = "",
) -> Verification:
    """What the program of a trusted file and the generated module give for the same inputs: of two calls, if the first
    leaves state behind.

    `inputs` gives (args, kwargs) for the program as a module, or nothing: then those that the file carries are taken.
    Raises InputError, with `hint`, if it carries none, and UnsupportedError if PyTorch does not run the program.
    """
    import torch
    from torch.utils import _pytree as pytree

    from . import judgement, verification
    from ._tensors import to_mlx

    model = code.load()
    program = torch.export.load(path)
    try:
        original = program.module()
    except RuntimeError as error:  # of a program in Core ATen that writes to its arguments, for one
        reason = str(error).partition("\n")[0]
        raise UnsupportedError(
            f"PyTorch cannot run its own program: {reason}", place=str(path), hint="it can be had without a comparison"
        ) from error
    call = inputs(original) or program.example_inputs
    if not call:
        raise InputError("carries no example inputs", place=str(path), hint=hint)
    args, kwargs = _as_exported(program, *call)
    aten = _native.graph().Graph.open_archive(path)
    lowered = aten.lower()
    calls = verification.calls_of(lowered)
    wanted = run(original, args, kwargs, calls)
    given = verification.run_mlx(model, args, kwargs, calls, lowered.key)
    limit = tolerance if tolerance is not None else verification.tolerance_of(original, wanted)
    places = verification.output_places(len(wanted), calls)
    random = verification.random_leaves(lowered, len(wanted), calls)
    outputs = verification.differences(places, wanted, given, limit, random)
    passed = all(output.passed for output in outputs)
    judged = None
    if not passed and not lowered.key:
        judged = judgement.judge(
            judgement.Case(
                program,
                aten,
                args,
                kwargs,
                calls,
                wanted,
                given,
                outputs,
                limit,
                lambda: _arrays(model),
                [to_mlx(leaf) for leaf in pytree.tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)],
            )
        )
    return verification.Verification(
        passed=passed or (tolerance is None and judged is not None and judged.passed),
        max_abs_diff=max((output.max_abs_diff for output in outputs), default=0.0),
        max_rel_diff=max((output.max_rel_diff for output in outputs), default=0.0),
        tolerance=limit,
        outputs=outputs,
        layers=[],
        fused=[],
        first_divergence=next((output.place for output in outputs if not output.passed), None),
        traced_otherwise=False,
        **verification.found(judged),
        call_confidence=code.call_confidence,
        assumptions=list(map(str, code.assumptions)),
    )


def _arrays(model: Any) -> dict[str, Any]:
    from mlx.utils import tree_flatten

    return dict(tree_flatten(model.parameters()))


def _as_exported(program: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Call:
    """The arguments by position and by name as the program was exported with; it takes them in no other way."""
    in_args, in_kwargs = program.call_spec.in_spec.children()
    names = list(program.module_call_graph[0].signature.forward_arg_names or [])[: in_args.num_children]
    given, named = list(args), dict(kwargs)
    while len(given) < len(names) and names[len(given)] in named:
        given.append(named.pop(names[len(given)]))
    for name in list(in_kwargs.context or [])[: max(0, len(given) - in_args.num_children)]:
        named[name] = given.pop(in_args.num_children)
    return tuple(given), named


def run(original: Any, args: Sequence[Any], kwargs: Mapping[str, Any], calls: int = 1) -> list[Any]:
    """Leaves of what a program's module gives, as verification.run_torch has them. It has no eval mode: it is what was
    exported."""
    import copy

    import torch

    from .verification import tensor_leaves

    results = []
    for _ in range(calls):
        given, named = copy.deepcopy((tuple(args), dict(kwargs)))
        with torch.no_grad():
            output = copy.deepcopy(original(*given, **named))
        results.append((output, given, named))
    return tensor_leaves(results if calls > 1 else results[0][0])
