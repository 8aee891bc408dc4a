"""What becomes of a model: generated, and compared with PyTorch at the traced and at other sizes.

A model ends as one of
    match     every output within the limit, at every call tried
    traced    matches as traced; other sizes are refused by name, as the code's assumptions say
    refused   unsupported, by name
    differs   generate itself found that the numbers part, and said so
    silent    the code gave other numbers than PyTorch where generate had found none
    error     anything else that went wrong in torch2mlx
    not captured  torch.export could not trace it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from children import first_line

LIMIT = 1e-4  # max|PyTorch - MLX| / max(1, max|PyTorch|)


class Call(Protocol):
    """Arguments of a model's forward; `kind` names the call among others."""

    @property
    def kind(self) -> str: ...
    @property
    def args(self) -> tuple[Any, ...]: ...
    @property
    def kwargs(self) -> dict[str, Any]: ...


def judged(model: Any, calls: Sequence[Call]) -> dict[str, Any]:
    """{"outcome", "why", "diff", "refuses"} of a model that is traced with the first call; "refuses" are the kinds of
    calls that the code refuses by name."""
    import torch2mlx
    from torch2mlx.errors import UnsupportedError, VerificationError

    result: dict[str, Any] = {"class": type(model).__name__}
    first = calls[0]
    try:
        code = torch2mlx.generate(model, first.args, first.kwargs)
    except UnsupportedError as error:
        outcome = "refused" if error.captured else "not captured"
        return {**result, "outcome": outcome, "why": str(error)}
    except VerificationError as error:
        return {**result, "outcome": "differs", "why": str(error)}
    diff = code.verification.max_rel_diff if code.verification else float("inf")
    result |= {"lines": code.source.count("\n"), "diff": diff, "assumptions": code.assumptions}
    if code.verification and code.verification.explanation:
        result["why"] = code.verification.explanation
    return {**result, **other_calls(model, code, calls[1:])}


def explained(model: Any, code: Any, call: Call) -> str:
    """Why a difference in another call is no fault, as `generate` finds it out; empty: it is one."""
    from torch2mlx.generation import example_capture
    from torch2mlx.verification import compare

    capture = example_capture(model, call.args, call.kwargs)
    check = compare(model, capture, code, capture.lowered)
    return check.explanation if check.passed else ""


def other_calls(model: Any, code: Any, calls: Sequence[Call]) -> dict[str, Any]:
    from torch2mlx.verification import differences, random_leaves, run_mlx, run_torch

    loaded, outcome, refuses = code.load(), {"outcome": "match"}, []
    for call in calls:
        shapes = described(call)
        wanted, _ = run_torch(model, call.args, call.kwargs)
        try:
            given = run_mlx(loaded, call.args, call.kwargs, key=code.graph.key)
        except Exception as error:
            told = isinstance(error, ValueError) and str(error).startswith("this model was traced with")
            outcome = {"outcome": "traced" if told else "error", "why": f"{shapes}: {first_line(error)}"}
            if not told:
                return outcome
            refuses.append(call.kind)
            continue
        random = random_leaves(code.graph, len(wanted), 1)
        compared = differences([""] * len(wanted), wanted, given, LIMIT, random)
        worst = max((difference.max_rel_diff for difference in compared), default=0.0)
        if worst > LIMIT and not (why := explained(model, code, call)):
            return {"outcome": "silent", "why": f"{shapes}: {worst:.2g}"}
        if worst > LIMIT:
            outcome["why"] = why
    return {**outcome, **({"refuses": refuses} if refuses else {})}


def described(call: Call) -> str:
    import torch
    from torch.utils import _pytree as pytree

    named = {**{f"argument {place}": arg for place, arg in enumerate(call.args)}, **call.kwargs}
    shapes = {
        name: [list(leaf.shape) for leaf in pytree.tree_leaves(tree) if torch.is_tensor(leaf)]
        for name, tree in named.items()
    }
    return ", ".join(f"{name} {', '.join(map(str, found))}" for name, found in shapes.items() if found)
