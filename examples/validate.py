"""What the validate_*.py programs share: generate MLX code for a model, load it, compare it with PyTorch, time both."""

from __future__ import annotations

import argparse
import importlib.util
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as mx_nn
import numpy as np
import torch

import torch2mlx

LIMIT = 1e-5  # of max|PyTorch - MLX| / max(1, max|PyTorch|)
ROUNDS = 7


def main(model: torch.nn.Module, inputs: list[torch.Tensor]) -> None:
    """Validates `model` on each of `inputs`, having traced the first alone, and ends the program: status 1 on failure.

    The program takes one optional argument, the folder to save to; without it the files are temporary.
    """
    parser = argparse.ArgumentParser(description="Converts a model and compares MLX with PyTorch.")
    parser.add_argument("folder", nargs="?", type=Path, help="where model.py and model.safetensors are saved")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as temporary:
        passed = validate(model.eval(), inputs, folder or Path(temporary))
    sys.exit(0 if passed else 1)


def validate(model: torch.nn.Module, inputs: list[torch.Tensor], folder: Path) -> bool:
    """Prints one row an input. True if every difference is below the limit."""
    code = torch2mlx.generate(model, (inputs[0],))
    converted = load(code.save(folder), code.class_name)
    count = sum(parameter.numel() for parameter in model.parameters())
    print(f"{code.class_name}: {count:,} parameters, model.py {len(code.source.splitlines())} lines, in {folder}")
    print(f"  {'input':<20}{'difference':>12}{'PyTorch ms':>12}{'MLX ms':>10}{'PyTorch / MLX':>15}")
    worst = 0.0
    for index, x in enumerate(inputs):
        y = mx.array(x.numpy())
        with torch.no_grad():
            distance = difference(model(x), converted(y))
            theirs, ours = medians(lambda x=x: model(x), lambda y=y: mx.eval(converted(y)))
        worst = max(worst, distance)
        name = "x".join(map(str, x.shape)) + (" traced" if index == 0 else "")
        print(f"  {name:<20}{distance:>12.1e}{theirs * 1e3:>12.2f}{ours * 1e3:>10.2f}{theirs / ours:>15.2f}")
    passed = worst < LIMIT
    print(f"{'passed' if passed else 'FAILED'}: largest difference {worst:.1e}, limit {LIMIT:.0e}")
    return passed


def load(folder: Path, class_name: str) -> mx_nn.Module:
    """The class in folder/model.py with the weights beside it, as any program that was given the folder would."""
    spec = importlib.util.spec_from_file_location("model", folder / "model.py")
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder / 'model.py'} is no Python file")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = getattr(module, class_name)()
    model.load_weights(str(folder / "model.safetensors"), strict=True)
    return model.eval()


def difference(wanted: torch.Tensor, given: mx.array) -> float:
    """max|PyTorch - MLX| / max(1, max|PyTorch|); infinite if the shapes differ or a value is no number."""
    a, b = wanted.double().numpy(), np.array(given, dtype=np.float64)
    if a.shape != b.shape or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    return float(np.abs(a - b).max() / max(1.0, np.abs(a).max()))


def medians(*calls: Callable[[], Any]) -> list[float]:
    """Median seconds of each call, taken in turns after a warm-up."""
    times: list[list[float]] = [[] for _ in calls]
    for turn in range(ROUNDS + 2):
        for call, column in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            if turn >= 2:
                column.append(time.perf_counter() - start)
    return [statistics.median(column) for column in times]
