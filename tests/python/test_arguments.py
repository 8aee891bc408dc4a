"""Arguments that hold tensors: generated code takes them as the model does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import torch
from torch import nn
from torch.utils import _pytree as pytree

import torch2mlx
from torch2mlx._tensors import to_mlx
from torch2mlx.capture import run


class Structured(nn.Module):
    """Writes to an item of a dict, too."""

    def forward(self, X: Any, batch: Any, past: Any = (), *, masks: Any = None) -> torch.Tensor:  # noqa: N803
        y = X * batch["aB"] + past[0][1] - past[1]["q"]
        batch["count"].add_(1)
        return y if masks is None else y * masks[0]


def example(rows: int = 3) -> tuple[tuple[Any, ...], dict[str, Any]]:
    batch = {"aB": torch.randn(rows, 4), "count": torch.zeros(2)}
    past = [(torch.randn(1), torch.randn(4)), {"q": torch.randn(rows, 1)}]
    return (torch.randn(rows, 4), batch, past), {"masks": [torch.randn(4)]}


def check(ours: Any, rows: int) -> None:
    args, kwargs = example(rows)
    given, named = pytree.tree_map(to_mlx, (args, kwargs))
    wanted, (_, batch, _), _ = run(Structured(), args, kwargs)[0]
    assert np.allclose(np.array(ours(*given, **named)), wanted.numpy(), atol=1e-6)
    assert np.array_equal(np.array(given[1]["count"]), batch["count"].numpy())


def test_of_live_models() -> None:
    args, kwargs = example()
    code = torch2mlx.generate(Structured().eval(), args, kwargs)
    assert code.verified
    assert "def __call__(self, X, batch, past, masks):" in code.source
    assert 'X * batch["aB"] + past[0][1] - past[1]["q"]' in code.source
    check(code.load(), 3)
    check(code.load(), 5)
    assert torch2mlx.verify(Structured().eval(), args, kwargs).passed


def test_of_exported_programs(tmp_path: Path) -> None:
    args, kwargs = example()
    torch.export.save(torch.export.export(Structured().eval(), args, kwargs), tmp_path / "model.pt2")
    code = torch2mlx.generate(tmp_path / "model.pt2", args, kwargs, trust_code=True)
    assert code.verified
    check(code.load(), 3)


def test_of_functions_in_files(tmp_path: Path) -> None:
    class Pair(nn.Module):
        def forward(self, past: Any) -> torch.Tensor:
            return past[0] - 2 * past[1]["q"]

    a, b = torch.randn(3, 4), torch.randn(4)
    code = torch2mlx.generate(Pair().eval(), ((a, {"q": b}),))
    metadata = code.export_mlxfn(tmp_path / "pair.mlxfn", shapes=[{"past.0": (5, 4), "past.1.q": (4,)}])
    assert [item["name"] for item in metadata["inputs"]] == ["past.0", "past.1.q"]
    a = torch.randn(5, 4)
    given = mx.import_function(str(tmp_path / "pair.mlxfn"))(to_mlx(a), to_mlx(b))
    assert np.allclose(np.array(given[0]), (a - 2 * b).numpy(), atol=1e-6)


def test_names_that_are_no_path_are_told_apart() -> None:
    """d['a_b'] and d['a']['b'], of which conditions on sizes would say the same."""

    class Similar(nn.Module):
        def forward(self, d: Any) -> torch.Tensor:
            return d["a_b"] * 2 if d["a_b"].shape[1] % 4 == 0 else d["a"]["b"] * 3

    code = torch2mlx.generate(Similar().eval(), ({"a_b": torch.randn(3, 8), "a": {"b": torch.randn(3, 5)}},))
    assert code.verified
    assert any("it is not known where this holds" in text for text in code.assumptions)
    assert 'd["a_b"] * 2' in code.source
