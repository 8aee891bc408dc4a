"""The architectures of transformers_models.py, and with `make transformers` those of more_transformers.py, all the way:
traced, generated, weights loaded, all outputs compared with PyTorch's at the traced sizes and at others, with and
without padding."""

from __future__ import annotations

import dataclasses
import os
import re

import pytest
import torch

import torch2mlx
from more_transformers import HEADS, MORE, VITS
from torch2mlx.verification import differences, run_mlx, run_torch
from transformers_models import ARCHITECTURES, Architecture, tokens

EVERY = {**ARCHITECTURES, **MORE, **HEADS}


@pytest.mark.parametrize("name", EVERY if os.environ.get("TORCH2MLX_EVERY_ARCHITECTURE") else ARCHITECTURES)
def test_architecture(name: str) -> None:
    architecture = EVERY[name]
    model = architecture.build()
    code = torch2mlx.generate(model, *architecture.calls[0], verify=False)
    assert not code.unmapped
    assert not code.todos
    generated = code.load()
    for args, kwargs in architecture.calls:
        wanted, _ = run_torch(model, args, kwargs)
        given = run_mlx(generated, args, kwargs)
        assert len(given) == len(wanted)
        places = [f"output {i}" for i in range(len(wanted))]
        compared = differences(places, wanted, given, architecture.limit)
        beyond = [difference for difference in compared if not difference.passed]
        assert not beyond, (name, {key: value.shape for key, value in kwargs.items()}, beyond)


def test_what_data_decides_is_refused_by_name() -> None:
    """VITS: the durations of its sounds make the length."""
    whole = Architecture("VitsModel", VITS, (tokens(2, 9),))
    with pytest.raises(torch2mlx.UnsupportedError) as caught:
        torch2mlx.generate(whole.build(), *whole.calls[0])
    length = r"modeling_vits.py:\d+\): aten.\w+.\w+: .*a size that depends on data"
    assert re.search(length, str(caught.value))


def test_parameters_that_calls_change() -> None:
    """RWKV divides weights in its first call."""
    model = dataclasses.replace(MORE["rwkv"], called=False).build()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with pytest.raises(torch2mlx.UnsupportedError) as caught:
        torch2mlx.generate(model, *MORE["rwkv"].calls[0])
    assert "RwkvModel: the model writes to its own parameters (hint: " in str(caught.value)
    assert "blocks.2.attention.output.weight" in caught.value.details
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
