"""A tenth of PyTorch's own operator suite against MLX; `make opinfo` runs it whole, at more dtypes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent.parent / "tools"))

import opinfo

EVERY = opinfo.entries("float32")
TENTH = sorted(EVERY)[3::10]
# Of these; all others match.
REFUSED = {
    "_segment_reduce.lengths", "hash_tensor", "igammac", "linalg.eigvals", "linalg.lu", "lu_solve",
    "resize_as_", "special.hermite_polynomial_he",
}  # fmt: skip


@pytest.mark.parametrize("name", TENTH)
def test_entry(name: str) -> None:
    result = opinfo.run_entry(EVERY[name], "float32", 2)
    assert result.outcome == ("refused" if name in REFUSED else "match"), f"{result.cause}\n{result.details}"


def test_most_match() -> None:
    assert set(TENTH) > REFUSED
    assert len(REFUSED) <= 0.15 * len(TENTH) + 1


def test_differences_are_seen() -> None:
    import torch

    def outcome(wanted: Any, given: Any) -> str:
        return opinfo.differs(torch.tensor(wanted), torch.tensor(given), opinfo.TOLERANCES)[0]

    nan, inf = float("nan"), float("inf")
    assert not outcome([1.0, nan, inf], [1.000001, nan, inf])
    assert outcome([1.0], [1.0001])
    for wanted, given in (([1.0, nan], [1.0, 2.0]), ([inf], [-inf]), ([1.0], [inf]), ([1, 2], [1, 3])):
        assert outcome(wanted, given)
    assert "dtype" in outcome([1], [1.0])
    assert "shape" in outcome([1.0], [[1.0]])
