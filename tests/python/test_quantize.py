"""The quantizing kernels against mx.quantize and mx.dequantize, bit for bit."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import numpy as np
import pytest

import torch2mlx
from torch2mlx import _native

MODES = [("affine", bits, group) for bits in (1, 2, 3, 4, 5, 6, 8) for group in (32, 64, 128)]
MODES += [("mxfp4", 4, 32), ("mxfp8", 8, 32), ("nvfp4", 4, 16)]
DTYPES = {"float32": mx.float32, "float16": mx.float16, "bfloat16": mx.bfloat16}


def raw(array: mx.array) -> bytes:
    return np.array(array.view(mx.uint8)).tobytes()


def matrices(dtype: mx.Dtype, seed: int) -> dict[str, mx.array]:
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((33, 256)).astype(np.float32)
    steps = rng.integers(-8, 9, (33, 256)).astype(np.float32)
    powers = np.exp2(rng.integers(-9, 9, (33, 1))).astype(np.float32)
    constant = np.repeat(rng.standard_normal((33, 1)), 256, 1).astype(np.float32)
    found = {
        "normal": normal,
        "small": normal * np.float32(1e-3),
        "ties": steps / 4,
        "whole": steps,
        "powers of two": steps * powers,
        "six times a power": np.clip(steps, -6, 6) * powers,
        "positive": np.abs(normal),
        "negative": -np.abs(normal),
        "zero": np.zeros_like(normal),
        "constant": constant,
        "one outlier": np.where(np.arange(256) == 7, np.float32(100), normal),
    }
    return {name: mx.array(value).astype(dtype) for name, value in found.items()}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("mode", "bits", "group"), MODES)
def test_as_mlx(mode: str, bits: int, group: int, dtype: str) -> None:
    seed = int(np.random.SeedSequence().generate_state(1)[0])
    print("seed", seed)
    for name, matrix in matrices(DTYPES[dtype], seed).items():
        wanted = mx.quantize(matrix, group_size=group, bits=bits, mode=mode)
        words, scales, biases = _native.core().quantize(raw(matrix), dtype, 256, mode, bits, group)
        assert words == raw(wanted[0]), name
        assert scales == raw(wanted[1]), name
        assert biases == (raw(wanted[2]) if mode == "affine" else b""), name
        given: dict[str, Any] = {} if mode == "affine" else {"dtype": DTYPES[dtype]}
        back = mx.dequantize(*wanted, group_size=group, bits=bits, mode=mode, **given)
        assert back.dtype == matrix.dtype
        assert _native.core().dequantize(words, scales, biases, dtype, mode, bits, group) == raw(back), name


@pytest.mark.parametrize(
    ("mode", "bits", "group", "columns"), [("affine", 7, 64, 64), ("affine", 4, 16, 64), ("mxfp4", 4, 32, 48)]
)
def test_what_mlx_has_not_is_refused(mode: str, bits: int, group: int, columns: int) -> None:
    with pytest.raises(torch2mlx.InputError, match=r"has no|cannot be split"):
        _native.core().quantize(bytes(4 * columns), "float32", columns, mode, bits, group)
