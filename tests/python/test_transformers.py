"""The architectures of transformers_models.py, and with `make transformers` those of more_transformers.py, all the way:
traced, generated, weights loaded, all outputs compared with PyTorch's at the traced sizes and at others, with and
without padding."""

from __future__ import annotations

import os

import pytest

import torch2mlx
from more_transformers import HEADS, MORE
from torch2mlx.verification import differences, run_mlx, run_torch
from transformers_models import ARCHITECTURES

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
