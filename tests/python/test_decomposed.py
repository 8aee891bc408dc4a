"""Programs of `run_decompositions()`, Core ATen, as files: every layer of torch.nn. What has no lowering says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import torch2mlx
from every_layer import LAYERS, NO_LAYERS
from foreign_models import Calls
from op_samples import ROWS
from test_foreign import assert_same_calls
from torch2mlx import _native

# What PyTorch itself makes no such program of.
NOT_EXPORTED = {
    "CrossMapLRN2d": "storage",
    "CTCLoss": "_ctc_loss",
    "GaussianNLLLoss": "data-dependent",
    "AdaptiveLogSoftmaxWithLoss": "data-dependent",
}
REFUSED = {
    "FractionalMaxPool2d": "fractional_max_pool2d.default has no MLX lowering",
    "FractionalMaxPool3d": "fractional_max_pool3d.default has no MLX lowering",
}


def decomposed(model: nn.Module, inputs: tuple[Any, ...]) -> torch.export.ExportedProgram:
    with torch.no_grad():
        model(*inputs)  # what is lazy finds its sizes
    return torch.export.export(model, inputs).run_decompositions()


def core() -> list[Any]:
    overloads = (
        getattr(packet, name)
        for packet in (getattr(torch.ops.aten, name) for name in dir(torch.ops.aten))
        if isinstance(packet, torch._ops.OpOverloadPacket)
        for name in packet.overloads()
    )
    return [overload for overload in overloads if torch.Tag.core in overload.tags]


def test_every_overload_of_core_aten_has_a_row_or_a_reason() -> None:
    found = core()
    assert len(found) > 150
    lacking = []
    for overload in found:
        op = f"aten.{overload._schema.name.removeprefix('aten::')}.{overload._overloadname}"
        # What writes to `out` is the overload without it (ops/overloads.h).
        functional = f"{op.rpartition('.')[0]}.default" if any(a.is_out for a in overload._schema.arguments) else op
        if functional not in ROWS and op not in SIZES and not _native.graph().why_not(op):
            lacking.append(op)
    assert not lacking


# Of sizes and numbers: rows without samples of tensors (test_ops.py, test_values.py).
SIZES = {"aten.sym_size.int", "aten.sym_numel.default", "aten._local_scalar_dense.default"}


def test_reasons_are_of_operators_that_pytorch_has() -> None:
    graph = _native.graph()
    assert "gradients" in graph.why_not("aten.convolution_backward.default")
    assert "data" in graph.why_not("aten.nonzero.default")
    assert graph.why_not("aten.relu.default") == ""
    assert graph.why_not("aten.nothing_of_the_kind.default") == ""


def test_no_operator_has_a_row_and_a_reason() -> None:
    assert not [op for op in ROWS if _native.graph().why_not(op)]


def test_every_layer_is_here() -> None:
    assert set(torch.nn.modules.__all__) - NO_LAYERS == set(LAYERS)


@pytest.mark.parametrize(("name", "number"), [(name, n) for name, made in LAYERS.items() for n in range(len(made))])
def test_layer(name: str, number: int, tmp_path: Path) -> None:
    model, inputs = LAYERS[name][number]()
    model.eval()
    if name in NOT_EXPORTED:
        with pytest.raises(Exception, match=NOT_EXPORTED[name]):
            decomposed(model, inputs)
        return
    torch.export.save(decomposed(model, inputs), tmp_path / "model.pt2")
    if name in REFUSED:
        with pytest.raises(torch2mlx.UnsupportedError, match=REFUSED[name]):
            torch2mlx.generate(tmp_path / "model.pt2", verify=False)
        return
    assert torch2mlx.generate(tmp_path / "model.pt2", trust_code=True).verified


@pytest.mark.parametrize("name", ["LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"])
def test_recurrent_weights_are_those_that_convert_writes(name: str, tmp_path: Path) -> None:
    """PyTorch's two biases are one parameter in MLX, whether the program adds them up first or last."""
    model, inputs = LAYERS[name][0]()
    model = nn.Sequential(model).eval()
    torch.export.save(decomposed(model, inputs), tmp_path / "model.pt2")
    code = torch2mlx.generate(tmp_path / "model.pt2", trust_code=True)
    live = torch2mlx.generate(model, inputs, verify=False)
    path = torch2mlx.convert(tmp_path / "model.pt2", tmp_path / "model.safetensors")
    generated = code.load()
    generated.load_weights(str(path), strict=True)
    live.load().load_weights(str(path), strict=True)


def test_programs_that_pytorch_does_not_run(tmp_path: Path) -> None:
    """What a file of PyTorch's says of its arguments is wrong where they are written to."""
    model, inputs = nn.ReLU(inplace=True), [(torch.randn(3),), (torch.randn(3),)]
    torch.export.save(decomposed(model, (torch.randn(3),)), tmp_path / "model.pt2")
    with pytest.raises(torch2mlx.UnsupportedError, match="PyTorch cannot run its own program"):
        torch2mlx.generate(tmp_path / "model.pt2", trust_code=True)
    assert_same_calls(model, torch2mlx.generate(tmp_path / "model.pt2", verify=False).load(), inputs)


class Bias(nn.Module):
    """Uses one of the two biases by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTMCell(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rnn(x)[0].sum() + self.rnn.bias_hh.sum()


def test_a_bias_by_itself_is_refused(tmp_path: Path) -> None:
    torch.export.save(decomposed(Bias().eval(), (torch.randn(4, 3),)), tmp_path / "model.pt2")
    with pytest.raises(torch2mlx.UnsupportedError, match=r"uses 'rnn\.bias_hh' by itself"):
        torch2mlx.generate(tmp_path / "model.pt2", verify=False)


def batch_norm(m: nn.Module, x: torch.Tensor) -> Any:
    return torch.ops.aten._native_batch_norm_legit(x, None, None, m.mean, m.var, True, 0.1, 1e-5)[0]


def test_running_statistics_move_in_place(tmp_path: Path) -> None:
    """As programs that are not functional have it."""
    model = Calls(batch_norm, mean=torch.zeros(4), var=torch.ones(4))
    inputs = [(torch.randn(5, 4, 6),), (torch.randn(5, 4, 6),)]
    torch.export.save(torch.export.export(model, inputs[0]), tmp_path / "model.pt2")
    assert_same_calls(model, torch2mlx.generate(tmp_path / "model.pt2", verify=False).load(), inputs, 1e-5)


COMPLEX = {
    "number": lambda m, x: torch.view_as_real(x + x * 1j),
    "real": lambda m, x: torch.view_as_real(1j * x.real),
    "power": lambda m, x: torch.view_as_real((x * (0.5 - 2j) - 1) ** 2),
    "divided": lambda m, x: torch.view_as_real((2 + 1j) / (x + 3j)),
    "filled": lambda m, x: torch.view_as_real(torch.where(x > 0, x * 1j, 2j)),
    "integers": lambda m, x: torch.view_as_real((x > 0).to(torch.int64) * 1j),
}


@pytest.mark.parametrize("name", COMPLEX)
@pytest.mark.parametrize("saved", [False, True])
def test_complex_numbers(name: str, saved: bool, tmp_path: Path) -> None:
    model, inputs = Calls(COMPLEX[name]).eval(), (torch.randn(3, 4),)
    if not saved:
        code = torch2mlx.generate(model, inputs)
        assert code.verified
        assert not code.constants
        return
    torch.export.save(decomposed(model, inputs), tmp_path / "model.pt2")
    assert torch2mlx.generate(tmp_path / "model.pt2", trust_code=True).verified
