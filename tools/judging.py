"""What becomes of a model: generated, and compared with PyTorch at the traced and at other sizes.

A model ends as one of
    match     every output within the limit, at every call tried
    traced    matches as traced; other sizes are refused by name, as the code's assumptions say
    refused   unsupported, by name
    differs   generate itself found that the numbers part, and said so
    silent    the code gave other numbers than PyTorch where generate had found none
    error     anything else that went wrong in torch2mlx
    not captured  torch.export could not trace it, or made a program of it that gives PyTorch other numbers
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Protocol

from children import first_line

LIMIT = 1e-4  # max|PyTorch - MLX| / max(1, max|PyTorch|)
UNSTEADY = 0.01  # PyTorch's float32 may be half as far from float64, where weights are wild; else it chooses by chance


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
    from torch2mlx.verification import TRACED_OTHERWISE

    result: dict[str, Any] = {"class": type(model).__name__}
    first = calls[0]
    try:
        code = torch2mlx.generate(model, first.args, first.kwargs)
    except UnsupportedError as error:
        captured = "torch.export" not in str(error)
        return {**result, "outcome": "refused" if captured else "not captured", "why": str(error)}
    except VerificationError as error:
        if TRACED_OTHERWISE in str(error):
            return {**result, "outcome": "not captured", "why": str(error)}
        code = torch2mlx.generate(model, first.args, first.kwargs, verify=False)
        if beyond := farther_than_torch(model, code, first):
            return {**result, "outcome": "differs", "why": f"{beyond}: {error}"}
        return {**result, "outcome": "match", "why": "as near to float64 as PyTorch's float32, whose weights are wild"}
    diff = code.verification.max_rel_diff if code.verification else float("inf")
    result |= {"lines": code.source.count("\n"), "diff": diff, "assumptions": code.assumptions}
    if diff > LIMIT:
        return {**result, "outcome": "differs", "why": f"{diff:.2g}"}
    return {**result, **other_calls(model, code, calls[1:])}


def farther_than_torch(model: Any, code: Any, call: Call) -> str:
    """What of MLX's outputs is more than twice as far from the model in float64 as PyTorch's float32 is; "" if none."""
    import torch
    from torch.utils import _pytree as pytree

    from torch2mlx.verification import difference, numpy, run_mlx, run_torch

    def double(leaf: Any) -> Any:
        return leaf.double() if torch.is_tensor(leaf) and leaf.is_floating_point() else leaf

    args, kwargs = pytree.tree_map(double, (call.args, call.kwargs))
    try:
        exact, _ = run_torch(copy.deepcopy(model).double(), args, kwargs)
    except Exception as error:
        return f"no float64 to compare with ({type(error).__name__})"
    own, _ = run_torch(model, call.args, call.kwargs)
    given = run_mlx(code.load(), call.args, call.kwargs, key=code.graph.key)
    for place, (truth, theirs, ours) in enumerate(zip(exact, own, given, strict=True)):
        if not torch.is_tensor(truth):
            continue
        allowed = 2 * difference("", truth, numpy(theirs), LIMIT).max_rel_diff
        found = difference("", truth, numpy(ours), LIMIT).max_rel_diff
        if found > max(LIMIT, min(allowed, UNSTEADY)):
            return f"output {place} is {found:.2g} from float64, PyTorch's {allowed / 2:.2g}"
    return ""


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
        if worst > LIMIT and (beyond := farther_than_torch(model, code, call)):
            return {"outcome": "silent", "why": f"{shapes}: {worst:.2g}, {beyond}"}
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
