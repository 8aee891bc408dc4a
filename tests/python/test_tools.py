"""What long runs over many models stand on: processes that may hang or die, small configurations, random weights."""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

TOOLS = str(Path(__file__).parents[2] / "tools")


@pytest.fixture(autouse=True)
def tools() -> Iterator[None]:
    sys.path.insert(0, TOOLS)
    yield
    sys.path.remove(TOOLS)


def job(name: str) -> dict[str, Any]:
    if name == "hangs":
        while True:
            pass
    if name == "dies":
        print("the last word", flush=True)
        os._exit(3)
    if name == "raises":
        raise RuntimeError("first\nsecond")
    return {"outcome": name}


@pytest.mark.parametrize(
    ("name", "outcome", "why"),
    [
        ("match", "match", ""),
        ("hangs", "slow", "more than 2 s of CPU time"),
        ("dies", "error", "exit 3: the last word"),
        ("raises", "error", "RuntimeError: first"),
    ],
)
def test_a_process_cannot_take_the_others_with_it(name: str, outcome: str, why: str) -> None:
    from children import in_a_process

    result = in_a_process(job, name, cpu=2, wall=120)
    assert (result["outcome"], result.get("why", "")) == (outcome, why)


def test_small_sizes_agree() -> None:
    from tiny.special import agree

    config = types.SimpleNamespace(
        qk_rope_head_dim=8, qk_nope_head_dim=8, qk_head_dim=192, n_group=8, n_routed_experts=4
    )
    agree(config)
    assert (config.qk_head_dim, config.n_group, config.topk_group) == (16, 1, 1)


def test_a_type_without_a_model_of_its_own_is_a_class_of_its_configuration() -> None:
    from tiny.classes import base_class, heads

    assert base_class("siglip_text_model").__name__ == "SiglipTextModel"
    assert base_class("bert").__name__ == "BertModel"
    assert "BertForMaskedLM" in [cls.__name__ for cls in heads("bert")]


def test_random_weights_leave_nothing_constant() -> None:
    from random_weights import calibrate, spread

    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Conv2d(4, 2, 1)).eval()
    torch.nn.init.zeros_(model[2].weight)
    spread(model)
    x = torch.randn(2, 3, 8, 8)
    calibrate(model, lambda: model(x))
    assert not model.training
    assert not any(module.training for module in model.modules())
    assert all(float(parameter.detach().std()) > 1e-3 for parameter in model.parameters())
    plain = torch.nn.functional.batch_norm(model[0](x), None, None, training=True)
    normed = (model[0](x) - model[1].running_mean[:, None, None]) / model[1].running_var.sqrt()[:, None, None]
    assert 0 < float((normed - plain).detach().abs().max()) < 1.5  # near the statistics of that run, not at them
