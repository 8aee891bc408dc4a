"""Hand-written models: weights load strictly, numbers are PyTorch's at other sizes, images stay channels last."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import pytest
import torch

import torch2mlx
from models import LIMIT, arrays, distance
from research_models import MODELS


def statistics(model: torch.nn.Module) -> None:
    """Running statistics other than those a module starts with."""
    for part in model.modules():
        if isinstance(getattr(part, "running_mean", None), torch.Tensor):
            part.running_mean.normal_()
            part.running_var.uniform_(0.5, 2)


@pytest.mark.parametrize("name", MODELS)
def test_numbers_at_traced_and_other_sizes(name: str, tmp_path: Path) -> None:
    case = MODELS[name]
    torch.manual_seed(0)
    model = case.build().eval()
    statistics(model)
    code = torch2mlx.generate(model, *case.calls[0], verify=False)
    assert code.coverage == 1.0
    assert code.todos == []
    assert all(".shape[" in text or text.startswith("sizes are") for text in code.assumptions)
    namespace: dict[str, object] = {}
    exec(code.source, namespace)
    mlx_model = namespace[code.class_name]()  # type: ignore[operator]
    mlx_model.load_weights(str(torch2mlx.convert(model, tmp_path / "weights.safetensors")), strict=True)
    mlx_model.eval()
    for example in case.calls:
        with torch.no_grad():
            wanted = model(*example[0], **example[1])
        args, kwargs = arrays(example)
        assert distance(wanted, mlx_model(*args, **kwargs)) <= LIMIT, code.source
    assert code.source.count(".transpose(") <= case.transposes, code.source
    for text in case.holds:
        assert text in code.source, code.source


def test_a_bias_that_mlx_adds_up_cannot_be_used_by_itself() -> None:
    class Peeking(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lstm = torch.nn.LSTM(4, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.lstm(x)[0] * self.lstm.bias_hh_l0[:3]

    with pytest.raises(torch2mlx.UnsupportedError, match=r"lstm\.bias_hh_l0.* by itself"):
        torch2mlx.generate(Peeking(), (torch.randn(5, 2, 4),))


def test_sizes_that_the_graph_is_not_for_are_refused() -> None:
    """torch.export fixes an image's size where a grid is made; at others MLX would compute too."""
    case = MODELS["warp"]
    code = torch2mlx.generate(case.build().eval(), *case.calls[0], verify=False)
    assert code.assumptions == [
        "sizes are those of the example inputs where the trace has no others",
        "x.shape[2:] == (20, 24)",
    ]
    assert code.call_confidence == "needs_review"
    with pytest.raises(ValueError, match="this model was traced with"):
        code.load()(mx.zeros((2, 1, 20, 26)))


def test_sizes_that_were_fixed_without_need_are_open() -> None:
    """A branch on a length fixes it, although both ways are the same."""

    class Branching(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(x) if x.shape[1] == 7 else x.clamp(min=0)

    code = torch2mlx.generate(Branching(), (torch.randn(2, 7),), verify=False)
    assert code.assumptions == []
    assert code.graph.inputs[0][2][-1] == "7"
