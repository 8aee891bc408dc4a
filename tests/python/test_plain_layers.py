"""Rows of the layers table without parameters: generated code gives torch's output. test_layers.py has the others."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch
from torch import nn

import torch2mlx
from cli_program import run

PLAIN: dict[str, list[Any]] = {
    "linear.Identity": [nn.Identity()],
    "activation.ReLU": [nn.ReLU(), nn.ReLU(inplace=True)],
    "activation.ReLU6": [nn.ReLU6()],
    "activation.GELU": [nn.GELU(), nn.GELU(approximate="tanh")],
    "activation.Tanh": [nn.Tanh()],
    "activation.Sigmoid": [nn.Sigmoid()],
    "activation.SiLU": [nn.SiLU()],
    "activation.Mish": [nn.Mish()],
    "activation.SELU": [nn.SELU()],
    "activation.ELU": [nn.ELU(), nn.ELU(0.5)],
    "activation.CELU": [nn.CELU(), nn.CELU(2.0)],
    "activation.LeakyReLU": [nn.LeakyReLU(), nn.LeakyReLU(0.2)],
    "activation.Hardswish": [nn.Hardswish()],
    "activation.Softsign": [nn.Softsign()],
    "activation.Softshrink": [nn.Softshrink(), nn.Softshrink(0.1)],
    "activation.LogSigmoid": [nn.LogSigmoid()],
    "activation.GLU": [nn.Sequential(nn.Linear(6, 8), nn.GLU()), nn.Sequential(nn.Conv2d(6, 8, 1), nn.GLU(1))],
    "dropout.Dropout": [nn.Dropout(0.3)],
    "dropout.Dropout2d": [nn.Dropout2d(0.3)],
    "dropout.Dropout3d": [nn.Dropout3d(0.3)],
    "normalization.LocalResponseNorm": [nn.LocalResponseNorm(3), nn.LocalResponseNorm(2, 0.01, 0.5, 2.0)],
    "normalization.CrossMapLRN2d": [nn.CrossMapLRN2d(3)],
}
RANKS = {"dropout.Dropout2d": 4, "dropout.Dropout3d": 5}
for _rank in (1, 2, 3):
    for _kind in ("Max", "Avg"):
        made = getattr(nn, f"{_kind}Pool{_rank}d")
        PLAIN[f"pooling.{_kind}Pool{_rank}d"] = [made(2), made(3, stride=1, padding=1), made(2, stride=3)]
        RANKS[f"pooling.{_kind}Pool{_rank}d"] = _rank + 2


REFUSED = {"normalization.CrossMapLRN2d": "cannot make the program functional"}  # it resizes its own tensors


def test_every_row_without_parameters_has_a_sample() -> None:
    table = json.loads(run("ops", "--layers", "--json").stdout)
    assert {row["torch"].removeprefix("torch.nn.modules.") for row in table if not row["parameters"]} == PLAIN.keys()


@pytest.mark.parametrize(("name", "index"), [(name, i) for name, all_of in PLAIN.items() for i in range(len(all_of))])
def test_code_gives_torchs_output(name: str, index: int) -> None:
    torch.manual_seed(4)
    model = nn.Sequential(PLAIN[name][index]).eval()
    args = (torch.randn(2, *[6] * (RANKS.get(name, 4) - 1)),)
    if name in REFUSED:
        with pytest.raises(torch2mlx.UnsupportedError, match=REFUSED[name]):
            torch2mlx.generate(model, args)
    else:
        assert torch2mlx.generate(model, args).verified
