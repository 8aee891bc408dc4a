"""The quantizing kernels against mx.quantize and mx.dequantize, bit for bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest

import cli_program
import torch2mlx
from seeds import SEED
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


@pytest.mark.random
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("mode", "bits", "group"), MODES)
def test_as_mlx(mode: str, bits: int, group: int, dtype: str) -> None:
    for name, matrix in matrices(DTYPES[dtype], SEED).items():
        wanted = mx.quantize(matrix, group_size=group, bits=bits, mode=mode)
        words, scales, biases = _native.core().quantize(raw(matrix), dtype, 256, mode, bits, group)
        assert words == raw(wanted[0]), name
        assert scales == raw(wanted[1]), name
        assert biases == (raw(wanted[2]) if mode == "affine" else b""), name
        given: dict[str, Any] = {} if mode == "affine" else {"dtype": DTYPES[dtype]}
        back = mx.dequantize(*wanted, group_size=group, bits=bits, mode=mode, **given)
        assert back.dtype == matrix.dtype
        assert _native.core().dequantize(words, scales, biases, dtype, mode, bits, group) == raw(back), name


class Type:
    """Numbers of a type, bit by bit."""

    def __init__(self, name: str, fraction: int, exponent: int) -> None:
        self.name, self.fraction, self.exponent = name, fraction, exponent
        self.mlx = DTYPES[name]
        self.words = np.uint32 if fraction + exponent > 15 else np.uint16
        self.infinity = ((1 << exponent) - 1) << fraction
        self.nan = self.infinity | 1 << (fraction - 1)
        self.sign = 1 << (fraction + exponent)

    def array(self, words: np.ndarray) -> mx.array:
        return mx.array(words.astype(self.words)).view(self.mlx)

    def word(self, number: float) -> int:
        return int.from_bytes(raw(mx.array([number]).astype(self.mlx)), "little")


TYPES = {row[0]: Type(*row) for row in [("float32", 23, 8), ("float16", 10, 5), ("bfloat16", 7, 8)]}
GROUPS = 2048


def any_bits(rng: np.random.Generator, of: Type, group: int) -> dict[str, np.ndarray]:
    """Finite numbers, all of them or near each other, many a short fraction, that is a tie."""
    shape = (GROUPS, group)
    signs = rng.integers(0, 2, shape) * of.sign
    fractions = rng.integers(0, 1 << of.fraction, shape)
    fractions = np.where(rng.random(shape) < 0.3, fractions >> (of.fraction - 3) << (of.fraction - 3), fractions)
    last = (1 << of.exponent) - 2
    near = np.clip(rng.integers(0, last + 1, (GROUPS, 1)) - rng.integers(0, 6, shape), 0, last)
    anything = signs + rng.integers(0, of.infinity, shape)
    alone = np.zeros(shape, np.int64)
    alone[:, 5] = anything[:, 5]
    return {
        "any": anything,
        "near": signs + (near << of.fraction) + fractions,
        "tiny": signs + rng.integers(0, 14 << of.fraction, (GROUPS, 1)) // rng.integers(1, 9, shape),
        "equal": np.repeat(anything[:, :1], group, 1),
        "of either sign": signs + anything[:, :1] % of.sign,
        "alone": alone,
        "zeros": signs,
    }


def beside_powers(of: Type, group: int) -> np.ndarray:
    """Each group's largest number is 6 or 448 times a power of two, or one of a few next to that."""
    words = np.zeros((2, 120, 16, group), np.int64)
    for i, largest in enumerate([6.0, 448.0]):
        words[i, :, :, 0] = of.word(largest) + (np.arange(-60, 60)[:, None] << of.fraction) + np.arange(-6, 10)
    words[..., 1] = words[..., 0] | of.sign
    return words.reshape(-1, group)


def with_odd(rng: np.random.Generator, words: np.ndarray, of: Type, *odd: int) -> np.ndarray:
    """One number or more of every group becomes one of `odd`."""
    at = rng.random(words.shape) < 0.05
    at[:, rng.integers(0, words.shape[1])] = True
    return np.where(at, (words & of.sign) | rng.choice(odd, words.shape), words)


def has_scale(words: np.ndarray, of: Type, mode: str) -> np.ndarray:
    """Of each group: whether its scale is none of those below 2^-127, which the formats of MX do not have."""
    largest = mx.abs(of.array(words)).max(-1) / mx.array(448.0 if mode == "mxfp8" else 6.0, of.mlx)
    scale = np.array(largest.astype(mx.float32))
    return (scale > 2.0**-128) | (scale == 0)


def check_bits(words: np.ndarray, of: Type, mode: str, bits: int, group: int, name: str) -> None:
    assert len(words) > 1, name
    wanted = mx.quantize(of.array(words), group_size=group, bits=bits, mode=mode)
    given = words.astype(of.words).tobytes()
    got = _native.core().quantize(given, of.name, group, mode, bits, group)
    assert [raw(array) for array in wanted] == list(got[: len(wanted)]), name
    assert not any(got[len(wanted) :]), name  # modes without biases


@pytest.mark.random
@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(("mode", "bits", "group"), MODES)
def test_any_bits(mode: str, bits: int, group: int, dtype: str) -> None:
    rng, of = np.random.default_rng(SEED), TYPES[dtype]
    for name, words in any_bits(rng, of, group).items():
        if mode.startswith("mx"):
            words = words[has_scale(words, of, mode)]
        check_bits(words, of, mode, bits, group, name)
        if mode == "nvfp4":  # MLX's arithmetic alone tells what becomes of infinities and NaN
            for odd in [(of.infinity,), (of.nan,), (of.infinity, of.nan)]:
                check_bits(with_odd(rng, words, of, *odd), of, mode, bits, group, f"{name}, {odd}")


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
@pytest.mark.parametrize(("mode", "bits", "group"), [row for row in MODES if row[0] != "affine"])
def test_beside_powers(mode: str, bits: int, group: int, dtype: str) -> None:
    check_bits(beside_powers(TYPES[dtype], group), TYPES[dtype], mode, bits, group, "beside powers")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize(("mode", "bits", "group"), [row for row in MODES if row[2] <= 32])
def test_every_largest_number(mode: str, bits: int, group: int, dtype: str) -> None:
    of = TYPES[dtype]
    words = np.zeros((of.infinity, group), np.int64)
    words[:, 3] = np.arange(of.infinity)
    words[:, 4:] = np.random.default_rng(1).integers(0, 1 << 16, (1, group - 4)) % (words[:, 3:4] + 1)
    if mode.startswith("mx"):
        words = words[has_scale(words, of, mode)]
    check_bits(words, of, mode, bits, group, "every")


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize(("mode", "bits", "group"), [row for row in MODES if row[0] != "nvfp4"])
def test_groups_without_a_defined_result_are_refused(mode: str, bits: int, group: int, dtype: str) -> None:
    of = TYPES[dtype]
    ones = np.full((2, group), of.word(1.0))
    odd = [of.infinity, of.infinity | of.sign, of.nan]
    matrices = [np.where(np.arange(2 * group).reshape(2, group) == group + 7, value, ones) for value in odd]
    if mode.startswith("mx") and dtype != "float16":
        small = {"mxfp4": 1, "mxfp8": 6}[mode] << of.fraction  # 2^-126 / 6, 2^-121 / 448
        matrices.append(np.where(np.arange(2)[:, None] == 1, small, ones))
    for words in matrices:
        with pytest.raises(torch2mlx.UnsupportedError, match=r"1 group .* no defined result"):
            _native.core().quantize(words.astype(of.words).tobytes(), dtype, group, mode, bits, group)


def test_what_a_mode_cannot_hold_is_told(tmp_path: Path) -> None:
    """MLX has no defined result: refused by name, unless a rule says otherwise. It has one of other numbers: a note."""
    weights = {name: mx.random.normal((64, 64)) for name in ("a.weight", "b.weight", "c.weight")}
    weights["b.weight"][3, 40] = float("nan")
    weights["c.weight"][5, 1] = 1e30
    mx.save_safetensors(str(tmp_path / "in.safetensors"), weights)
    run = [tmp_path / "in.safetensors", tmp_path / "out", "-q"]
    refused = cli_program.run(*run, check=None)
    assert refused.returncode != 0
    assert "b.weight: 1 group of infinities or NaN, for which mx.quantize has no defined result" in refused.stderr
    assert "--quant-predicate 'PATTERN=no'" in refused.stderr
    assert not (tmp_path / "out").exists()
    done = cli_program.run(*run, "--q-mode", "nvfp4", "--quant-predicate", "a=no")
    assert "b.weight: 1 group beyond what nvfp4 holds" in done.stdout
    assert "c.weight: 1 group beyond what nvfp4 holds" in done.stdout
    made = mx.load(str(tmp_path / "out/model.safetensors"))
    for name in ("b", "c"):
        words, scales = mx.quantize(weights[f"{name}.weight"], mode="nvfp4")
        assert mx.array_equal(made[f"{name}.weight"], words)
        assert mx.array_equal(made[f"{name}.scales"], scales)


@pytest.mark.parametrize(
    ("mode", "bits", "group", "columns"), [("affine", 7, 64, 64), ("affine", 4, 16, 64), ("mxfp4", 4, 32, 48)]
)
def test_what_mlx_has_not_is_refused(mode: str, bits: int, group: int, columns: int) -> None:
    with pytest.raises(torch2mlx.InputError, match=r"has no|cannot be split"):
        _native.core().quantize(bytes(4 * columns), "float32", columns, mode, bits, group)
