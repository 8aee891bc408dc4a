"""Quantized matrices as PyTorch's libraries store them, bit by bit, and what becomes of them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import torch
from safetensors.torch import save_file

import cli_program

AWQ_ORDER = [0, 2, 4, 6, 1, 3, 5, 7]  # output that stands in the lowest 4 bits, the next ...


def in_bits(codes: np.ndarray, bits: int) -> np.ndarray:
    """Codes [n, m] behind each other along axis 0 as int32 [n * bits / 32, m]."""
    n, m = codes.shape
    every = (codes[:, None, :] >> np.arange(bits)[None, :, None]) & 1  # n, bits, m
    runs = every.reshape(n * bits // 32, 32, m).astype(np.uint64)
    return (runs << np.arange(32, dtype=np.uint64)[None, :, None]).sum(1).astype(np.uint32).view(np.int32)


def in_awq_words(codes: np.ndarray) -> np.ndarray:
    n, m = codes.shape
    eights = codes.reshape(n, m // 8, 8)[:, :, AWQ_ORDER].astype(np.uint64)
    return (eights << (4 * np.arange(8, dtype=np.uint64))).sum(-1).astype(np.uint32).view(np.int32)


def run(*args: str | Path, ok: bool = True) -> subprocess.CompletedProcess[str]:
    done = cli_program.run(*args, check=None)
    assert (done.returncode == 0) == ok, done.stderr
    return done


def folder(path: Path, tensors: dict[str, torch.Tensor], quantization: Any, **config: Any) -> Path:
    path.mkdir(exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path / "model.safetensors")
    if quantization is not None:
        config["quantization_config"] = quantization
    (path / "config.json").write_text(json.dumps(config))
    return path


def check_plain(made: Path, numbers: torch.Tensor) -> None:
    weights = mx.load(str(made / "model.safetensors"))
    assert "quantization_config" not in json.loads((made / "config.json").read_text())
    assert not [name for name in weights if "scale" in name or "zero" in name or name.endswith("q_idx")]
    assert np.array_equal(np.array(weights["fc.weight"].view(mx.uint16)), numbers.view(torch.uint16).numpy())


E2M1 = torch.tensor([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6])


def in_nibbles(codes: torch.Tensor, high_first: bool = False) -> torch.Tensor:
    """4-bit codes as bytes, two each along the last axis."""
    first, second = codes[..., ::2].to(torch.uint8), codes[..., 1::2].to(torch.uint8)
    return first << 4 | second if high_first else second << 4 | first
