"""Modules of torch.nn without parameters: each has a row in the table of layers where generated code gives torch's
output, and none where it is refused, so that an analysis by classes says what generating does."""

from __future__ import annotations

import importlib
import json
import pkgutil

import pytest
import torch
from torch import nn

import torch2mlx
from cli_program import run
from layer_samples import SAMPLES
from plain_layers import PLAIN, Call, ints, on, x

WORDS = {  # of the refusal
    "loss.CTCLoss": "torch.export cannot trace",
    "loss.MultiLabelMarginLoss": "differs from PyTorch|multilabel_margin",
    "normalization.CrossMapLRN2d": "cannot make the program functional",  # it resizes its own tensors
    "pooling.FractionalMaxPool2d": "fractional_max_pool2d",
    "pooling.FractionalMaxPool3d": "fractional_max_pool3d",
}
ALONE = {  # what holds others, or is derived from alone
    "container.Container", "container.ModuleDict", "container.ModuleList", "container.ParameterDict",
    "container.ParameterList", "container.Sequential", "module.Module", "rnn.RNNBase", "rnn.RNNCellBase",
}  # fmt: skip
# What holds others, of which each is counted: with their parameters they are compared in test_models.py.
WHOLE = {"adaptive.AdaptiveLogSoftmaxWithLoss", "loss.LinearCrossEntropyLoss"}
WHOLE |= {f"transformer.Transformer{kind}" for kind in ("", "Decoder", "DecoderLayer", "Encoder", "EncoderLayer")}
PLAIN |= {"normalization.CrossMapLRN2d": on((x(2, 6, 4, 4),), nn.CrossMapLRN2d(3))}


def rows() -> set[str]:
    return {row["torch"] for row in json.loads(run("ops", "--layers", "--json").stdout)}


def classes() -> set[str]:
    """Of torch.nn.modules, without bases (an underscore) and what becomes another class when it is called (Lazy)."""
    found = set()
    for info in pkgutil.iter_modules(nn.modules.__path__):
        module = importlib.import_module(f"torch.nn.modules.{info.name}")
        for name, value in vars(module).items():
            own = isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == module.__name__
            if own and not name.startswith(("_", "Lazy")):
                found.add(f"{info.name}.{name}")
    return found


def test_every_class_of_torch_nn_is_tried() -> None:
    tried = {name.removeprefix("torch.nn.modules.") for name in SAMPLES} | PLAIN.keys()
    assert classes() - tried - ALONE == WHOLE


def test_rows_are_the_classes_that_generate() -> None:
    wanted = {name for name in PLAIN if name not in WORDS}
    table = {name.removeprefix("torch.nn.modules.") for name in rows() if name.startswith("torch.nn.modules.")}
    parameterised = {name.removeprefix("torch.nn.modules.") for name in SAMPLES}
    assert table - parameterised == wanted


def held(call: Call) -> nn.Module:
    return nn.Sequential(call.module) if len(call.args) == 1 else call.module


@pytest.mark.parametrize(("name", "index"), [(name, i) for name, all_of in PLAIN.items() for i in range(len(all_of))])
@pytest.mark.filterwarnings("ignore")
def test_analysis_says_what_generating_does(name: str, index: int) -> None:
    torch.manual_seed(4)
    call = PLAIN[name][index]
    model = held(call).eval()
    if name in WORDS:
        with pytest.raises(torch2mlx.Torch2MLXError, match=WORDS[name]):
            torch2mlx.generate(model, call.args)
        return  # an analysis cannot tell what only numbers show
    code = torch2mlx.generate(model, call.args)
    assert code.verified
    metrics = code.coverage_metrics
    assert (metrics.init_coverage, metrics.registry_coverage, metrics.call_coverage) == (1, 1, 1)
    assert metrics.skipped_leaves == []
    if index == 0:
        found = torch2mlx.analyze(model, call.args)
        assert (found.coverage, found.blockers) == (1, [])


@pytest.mark.parametrize("name", ["pooling.AdaptiveAvgPool2d", "activation.Softmax", "pooling.FractionalMaxPool2d"])
def test_a_pickled_module_counts_as_the_live_one(name: str, tmp_path: object) -> None:
    path = f"{tmp_path}/in.pt"
    torch.save(nn.Sequential(nn.Conv2d(6, 6, 1), PLAIN[name][0].module), path)
    found = torch2mlx.analyze(path)
    refused = name in WORDS
    assert found.coverage == found.registry_coverage == (0.5 if refused else 1.0)
    assert found.unmapped_layers == ([f"1: torch.nn.modules.{name}"] if refused else [])
    report = json.loads(run(path, "--analyze-only", "--json").stdout)
    assert report["coverage"] == found.coverage


class Idle(nn.Module):
    """Layers that no call of the forward reaches, and one whose weights alone are read."""

    def __init__(self) -> None:
        super().__init__()
        self.used, self.read, self.unused = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)
        self.dropout, self.silent = nn.Dropout(0.1), nn.Softmax(-1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return nn.functional.linear(self.dropout(self.used(ids)), self.read.weight)


def test_what_is_left_out_is_named() -> None:
    metrics = torch2mlx.generate(Idle(), (x(2, 4),)).coverage_metrics
    assert metrics.init_coverage == 1
    assert metrics.registry_coverage == 1
    assert metrics.call_coverage == 3 / 5
    assert sorted(leaf.partition(":")[0] for leaf in metrics.skipped_leaves) == ["silent", "unused"]


class Own(nn.Module):
    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return ids * 2


def test_a_class_of_one_s_own_has_no_row_and_converts() -> None:
    code = torch2mlx.generate(nn.Sequential(nn.Embedding(7, 3), Own()), (ints(7, 2, 5),))
    metrics = code.coverage_metrics
    assert (metrics.init_coverage, metrics.registry_coverage, metrics.call_coverage) == (1, 0.5, 1)
