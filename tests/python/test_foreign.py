"""Programs as torch.export.save writes them, not made functional: .pt2 files whose ops write in place, and state."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import mlx.core as mx
import pytest
import torch
from torch import nn
from torch.utils import _pytree as pytree

import torch2mlx
from foreign_models import FOREIGN, Recurrent
from torch2mlx import _native
from torch2mlx._tensors import to_mlx, to_torch
from torch2mlx.capture import capture
from torch2mlx.verification import difference

SEED = 20_261
LIMIT = 1e-6


def saved(folder: Path, model: nn.Module, inputs: tuple[torch.Tensor, ...], dynamic: bool = False) -> Path:
    """The training dialect, as torch.export gives it."""
    batch = {0: torch.export.Dim("batch", min=4, max=64)}
    shapes = ((batch,) * len(inputs),) if dynamic else None  # of *inputs
    program = torch.export.export(model, copy.deepcopy(inputs), dynamic_shapes=shapes)
    path = folder / "model.pt2"
    torch.export.save(program, path)
    return path


def leaves(tree: Any) -> list[torch.Tensor]:
    return [leaf for leaf in pytree.tree_leaves(tree) if isinstance(leaf, torch.Tensor)]


def assert_same_calls(model: nn.Module, mlx: Any, calls: list[tuple[torch.Tensor, ...]], limit: float = LIMIT) -> None:
    """Results and arguments of one call after another."""
    for number, inputs in enumerate(calls):
        given = copy.deepcopy(inputs)
        arrays = [to_mlx(tensor) for tensor in inputs]
        with torch.no_grad():
            wanted = leaves((model(*given), given))
        got = leaves(pytree.tree_map(to_torch, (mlx(*arrays), tuple(arrays))))
        assert len(wanted) == len(got)
        for i, (a, b) in enumerate(zip(wanted, got, strict=True)):
            check = difference(
                f"call {number}, {i}", a, b.numpy() if b.dtype != torch.bfloat16 else b.float().numpy(), limit
            )
            assert check.passed, check


@pytest.mark.parametrize("name", [name for name, entry in FOREIGN.items() if not entry.refused])
def test_two_calls(name: str, tmp_path: Path) -> None:
    entry = FOREIGN[name]
    model = entry.build()
    path = saved(tmp_path, model, entry.inputs(SEED), entry.dynamic)
    code = torch2mlx.generate(path, verify=False)
    calls = [entry.inputs(SEED), entry.inputs(SEED + 1)]
    if entry.dynamic:
        calls += [entry.inputs(SEED + 2, 5), entry.inputs(SEED + 3, 9)]
    assert_same_calls(model, code.load(), calls)


@pytest.mark.parametrize("name", [name for name, entry in FOREIGN.items() if entry.refused])
def test_refused(name: str, tmp_path: Path) -> None:
    entry = FOREIGN[name]
    path = saved(tmp_path, entry.build(), entry.inputs(SEED))
    with pytest.raises(torch2mlx.UnsupportedError, match=entry.refused):
        torch2mlx.generate(path, verify=False)


@pytest.mark.parametrize(
    "name", ["counters", "shifted_cache", "swapped_state", "returned_state", "overwritten_state", "slices"]
)
def test_live_models_keep_state_too(name: str) -> None:
    entry = FOREIGN[name]
    model = entry.build()
    before = {key: value.clone() for key, value in model.named_buffers()}
    code = torch2mlx.generate(model, entry.inputs(SEED))
    assert code.verified
    assert all(torch.equal(value, before[key]) for key, value in model.named_buffers()), "verifying changed the model"
    assert_same_calls(model, code.load(), [entry.inputs(SEED), entry.inputs(SEED + 1)])


@pytest.mark.parametrize("name", ["counters", "shifted_cache"])
def test_the_executor_takes_state_from_call_to_call(name: str) -> None:
    entry = FOREIGN[name]
    model = entry.build()
    graph = capture(model, entry.inputs(SEED)).graph.lower()
    executor = _native.graph().Executor(graph)
    state = {key: to_mlx(value) for key, value in model.named_buffers()}
    for seed in (SEED, SEED + 1):
        inputs = entry.inputs(seed)
        outputs = executor.run(state, [to_mlx(tensor) for tensor in inputs])[0]
        count = len(graph.written)
        state.update(zip(graph.written, outputs[:count], strict=True))
        for wanted, given in zip(leaves(model(*inputs)), outputs[count:], strict=True):
            assert torch.allclose(wanted, to_torch(given), atol=LIMIT)


def test_state_of_a_module_called_twice(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = Recurrent().eval()
    inputs = [(torch.randn(2, 6),), (torch.randn(2, 6),)]
    code = torch2mlx.generate(saved(tmp_path, model, inputs[0]), verify=False)
    assert "self.memory.kept = " in code.source or "self.kept = " in code.source
    assert_same_calls(model, code.load(), inputs)


@pytest.mark.parametrize("decomposed", [False, True])
def test_running_statistics(decomposed: bool, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True)).train()
    inputs = [(torch.randn(5, 3, 8, 8),), (torch.randn(5, 3, 8, 8),)]
    program = torch.export.export(model, inputs[0])
    torch.export.save(program.run_decompositions({}) if decomposed else program, tmp_path / "model.pt2")
    code = torch2mlx.generate(tmp_path / "model.pt2", verify=False)
    assert_same_calls(model, code.load(), inputs, 1e-5)


@pytest.mark.parametrize("name", ["mul_", "in_place"])
def test_arguments_are_not_written_to(name: str, tmp_path: Path) -> None:
    """What the model copies before it writes is the caller's own."""

    class Copies(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            x = x.clone()
            x[0] = 1
            return x.mul_(2) if name == "mul_" else x

    inputs = (torch.randn(3, 2),)
    mlx = torch2mlx.generate(saved(tmp_path, Copies(), inputs), verify=False).load()
    x = to_mlx(inputs[0])
    mx.eval(mlx(x))
    assert torch.equal(to_torch(x), inputs[0])
