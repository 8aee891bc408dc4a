"""The architectures of transformers_models.py as files of torch.export.save, not functional. A few of them, all with
`make foreign`."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from typing import Any

import pytest
import torch

import torch2mlx
import transformers_models
from torch2mlx import capture, verification

FEW = ("bert", "gpt2", "swin")
EVERY = bool(os.environ.get("TORCH2MLX_EVERY_ARCHITECTURE"))


def saved(model: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], path: Path) -> Path:
    """Every size dynamic that can be, as for a live model; but in the dialect that torch.export gives."""
    if "use_cache" in inspect.signature(model.forward).parameters:  # caches are classes that no file can hold
        kwargs = {**kwargs, "use_cache": False}
    bound = capture._bind(model, args, kwargs)
    with capture.evaluating(model), capture._quiet():
        torch.export.save(capture._export(model, args, kwargs, bound, "auto", []), path)
    return path


@pytest.mark.parametrize("name", transformers_models.ARCHITECTURES if EVERY else FEW)
def test_saved_architecture(name: str, tmp_path: Path) -> None:
    architecture = transformers_models.ARCHITECTURES[name]
    model = architecture.build()
    args, kwargs = architecture.calls[0]
    code = torch2mlx.generate(saved(model, args, kwargs, tmp_path / "model.pt2"), verify=False)
    generated = code.load()
    uncached = {"use_cache": False} if "use_cache" in inspect.signature(model.forward).parameters else {}
    for args, kwargs in architecture.calls:
        wanted, _ = verification.run_torch(model, args, {**kwargs, **uncached})
        given = verification.run_mlx(generated, args, kwargs)
        assert len(given) == len(wanted)
        places = verification.output_places(len(wanted), 1)
        beyond = [d for d in verification.differences(places, wanted, given, architecture.limit) if not d.passed]
        assert not beyond
