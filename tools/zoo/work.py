"""What is done with one net, in a process of its own."""

from __future__ import annotations

from typing import Any

from judging import judged

from .building import built, prepare, table


def convert(name: str) -> dict[str, Any]:
    """The result of the net "family/net"."""
    try:
        model, calls = load(name)
    except Exception as error:
        return {"outcome": "not run", "why": f"{type(error).__name__}: {error}"}
    return in_words_of_the_zoo({"calls": [call.kind for call in calls], **judged(model, calls)})


def build(name: str) -> dict[str, Any]:
    """What PyTorch alone says to it."""
    try:
        model, calls = load(name)
    except Exception as error:
        return {"outcome": "not run", "why": f"{type(error).__name__}: {error}"}
    millions = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    return {"outcome": "runs", "why": f"{millions:.1f} million parameters, {[call.kind for call in calls]}"}


def load(name: str) -> tuple[Any, list[Any]]:
    import torch

    torch.set_num_threads(1)
    family = name.partition("/")[0]
    prepare(family)
    return built(table(family)[name])


def in_words_of_the_zoo(result: dict[str, Any]) -> dict[str, Any]:
    """A result of `judged`, or of a process that ended. Sizes may be refused by name, another batch is a refusal."""
    outcome = result["outcome"]
    if outcome == "traced":
        return {**result, "outcome": "refused" if "batch" in result["refuses"] else "match"}
    return {**result, "outcome": {"error": "crashed", "not captured": "refused"}.get(outcome, outcome)}
