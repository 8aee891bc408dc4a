"""The architectures of transformers_models.py as files of torch.export.save, not functional, and in Core ATen. A few of
them, all with `make foreign`."""

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
# A branch on data in a dialect that keeps it.
REFUSED = {"longformer": "is no arithmetic of integers"}
# Conditions of its trace hold at the example's length and not beside it; without the model nothing tells that they do
# not matter.
ONE_LENGTH = {"funnel"}
NOT_DECOMPOSED = {"gpt2"}  # PyTorch's own run_decompositions refuses them
EVERY = bool(os.environ.get("TORCH2MLX_EVERY_ARCHITECTURE"))


def saved(
    model: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], path: Path, decomposed: bool = False
) -> Path:
    """Every size dynamic that can be, as for a live model; but in the dialect that torch.export gives, or in Core
    ATen."""
    if "use_cache" in inspect.signature(model.forward).parameters:  # caches are classes that no file can hold
        kwargs = {**kwargs, "use_cache": False}
    with capture.evaluating(model), capture._quiet():
        program = capture._export(model, args, kwargs, "auto", [])
        torch.export.save(program.run_decompositions() if decomposed else program, path)
    return path


@pytest.mark.parametrize("name", transformers_models.ARCHITECTURES if EVERY else FEW)
@pytest.mark.parametrize("decomposed", [False, True])
def test_saved_architecture(name: str, decomposed: bool, tmp_path: Path) -> None:
    architecture = transformers_models.ARCHITECTURES[name]
    model = architecture.build()
    args, kwargs = architecture.calls[0]
    if decomposed and name in NOT_DECOMPOSED:
        with pytest.raises(ValueError, match="Cannot view a tensor"):
            saved(model, args, kwargs, tmp_path / "model.pt2", decomposed)
        return
    path = saved(model, args, kwargs, tmp_path / "model.pt2", decomposed)
    if name in REFUSED:
        with pytest.raises(torch2mlx.Torch2MLXError, match=REFUSED[name]):
            torch2mlx.generate(path, verify=False)
        return
    code = torch2mlx.generate(path, verify=False)
    generated = code.load()
    uncached = {"use_cache": False} if "use_cache" in inspect.signature(model.forward).parameters else {}
    for args, kwargs in architecture.calls:
        wanted, _ = verification.run_torch(model, args, {**kwargs, **uncached})
        if name in ONE_LENGTH and kwargs["input_ids"].shape[1] != architecture.calls[0][1]["input_ids"].shape[1]:
            with pytest.raises(ValueError, match="this model was traced with"):
                verification.run_mlx(generated, args, kwargs)
            continue
        given = verification.run_mlx(generated, args, kwargs)
        assert len(given) == len(wanted)
        places = verification.output_places(len(wanted), 1)
        beyond = [d for d in verification.differences(places, wanted, given, architecture.limit) if not d.passed]
        assert not beyond
