"""Checkpoints that come quantized: MLX's own, GPTQ, AWQ, compressed-tensors, float8 with scales."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import torch2mlx
from packed_files import check_plain, folder, in_awq_words, in_bits, run
from seeds import SEED


class Sample:
    def __init__(self, bits: int, rows: int, columns: int, group: int) -> None:
        rng = np.random.default_rng(SEED)
        groups = columns // group
        self.codes = rng.integers(0, 2**bits, (rows, columns))
        self.zeros = rng.integers(1, 2**bits, (rows, groups))
        self.scales = torch.tensor(rng.uniform(0.001, 0.1, (rows, groups))).to(torch.float16)
        self.group = group

    def numbers(self, middle: int | None = None) -> torch.Tensor:
        """(code - zero) * scale in float16, as PyTorch computes it."""
        zeros = np.full_like(self.zeros, middle) if middle is not None else self.zeros
        whole = torch.tensor(self.codes - np.repeat(zeros, self.group, 1)).to(torch.float16)
        return whole * self.scales.repeat_interleave(self.group, 1)


def gptq(path: Path, sample: Sample, bits: int, **options: Any) -> Path:
    rows, columns = sample.codes.shape
    tensors = {
        "fc.qweight": torch.tensor(in_bits(sample.codes.T, bits)),
        "fc.qzeros": torch.tensor(in_bits(sample.zeros - (options.get("checkpoint_format") != "gptq_v2"), bits).T),
        "fc.scales": sample.scales.T,
        "fc.g_idx": torch.arange(columns, dtype=torch.int32) // sample.group,
        "fc.bias": torch.randn(rows),
    }
    return folder(path, tensors, {"quant_method": "gptq", "bits": bits, "group_size": sample.group, **options})


def check_affine(made: Path, numbers: torch.Tensor, bits: int) -> None:
    """MLX's arithmetic on what was written, against PyTorch's numbers: a rounding of bias and product apart."""
    config = json.loads((made / "config.json").read_text())["quantization"]
    weights = mx.load(str(made / "model.safetensors"))
    assert config["bits"] == bits
    back = mx.dequantize(
        weights["fc.weight"],
        weights["fc.scales"],
        weights["fc.biases"],
        group_size=config["group_size"],
        bits=config["bits"],
        dtype=mx.float32,
    )
    assert back.shape == tuple(numbers.shape)
    difference = np.abs(np.array(back.astype(mx.float32)) - numbers.float().numpy()).max()
    assert difference <= 2.0**-9 * 2**bits * float(np.abs(np.array(weights["fc.scales"].astype(mx.float32))).max())


@pytest.mark.parametrize("options", [{}, {"checkpoint_format": "gptq_v2"}])
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
@pytest.mark.parametrize("group", [32, 128, 256])
def test_gptq(tmp_path: Path, bits: int, group: int, options: dict[str, str]) -> None:
    sample = Sample(bits, 96, 256, group)
    source = gptq(tmp_path / "in", sample, bits, **options)
    run(source, tmp_path / "q")
    check_affine(tmp_path / "q", sample.numbers(), bits)
    run(source, tmp_path / "plain", "-d")
    check_plain(tmp_path / "plain", sample.numbers())


@pytest.mark.parametrize("group", [32, 64, 256])
def test_awq(tmp_path: Path, group: int) -> None:
    sample = Sample(4, 64, 256, group)
    tensors = {
        "fc.qweight": torch.tensor(in_awq_words(sample.codes.T)),
        "fc.qzeros": torch.tensor(in_awq_words(sample.zeros.T)),
        "fc.scales": sample.scales.T,
    }
    source = folder(tmp_path / "in", tensors, {"quant_method": "awq", "bits": 4, "version": "gemm"})
    run(source, tmp_path / "q")
    check_affine(tmp_path / "q", sample.numbers(), 4)
    run(source, tmp_path / "plain", "-d")
    check_plain(tmp_path / "plain", sample.numbers())


@pytest.mark.parametrize("zeros", ["none", "packed", "int8"])
@pytest.mark.parametrize("bits", [3, 4, 8])
@pytest.mark.parametrize("group", [64, 256])
def test_compressed_tensors(tmp_path: Path, bits: int, group: int, zeros: str) -> None:
    sample = Sample(bits, 64, 256, group)
    tensors = {
        "fc.weight_packed": torch.tensor(in_bits(sample.codes.T, bits)).T,
        "fc.weight_scale": sample.scales,
        "fc.weight_shape": torch.tensor([64, 256]),
    }
    middle = 2 ** (bits - 1)
    if zeros == "packed":
        tensors["fc.weight_zero_point"] = torch.tensor(in_bits(sample.zeros, bits))
    elif zeros == "int8":
        tensors["fc.weight_zero_point"] = torch.tensor(sample.zeros - middle).to(torch.int8)
    source = folder(tmp_path / "in", tensors, {"quant_method": "compressed-tensors", "format": "pack-quantized"})
    numbers = sample.numbers(middle if zeros == "none" else None)
    run(source, tmp_path / "q")
    check_affine(tmp_path / "q", numbers, bits)
    run(source, tmp_path / "plain", "-d")
    check_plain(tmp_path / "plain", numbers)


@pytest.mark.parametrize("form", ["int-quantized", "naive-quantized"])
@pytest.mark.parametrize("shape", ["row", "one"])
def test_int8(tmp_path: Path, shape: str, form: str) -> None:
    sample = Sample(8, 64, 256, 256)
    if shape == "one":
        sample.scales = sample.scales[:1].expand(64, 1)
    tensors = {
        "fc.weight": torch.tensor(sample.codes - 128).to(torch.int8),
        "fc.weight_scale": sample.scales if shape == "row" else sample.scales[:1, 0],
        "fc.input_scale": torch.ones(1),
    }
    source = folder(tmp_path / "in", tensors, {"quant_method": "compressed-tensors", "format": form})
    done = run(source, tmp_path / "q")
    assert "1 dropped" in done.stdout
    check_affine(tmp_path / "q", sample.numbers(128), 8)
    run(source, tmp_path / "plain", "-d")
    check_plain(tmp_path / "plain", sample.numbers(128))


@pytest.mark.parametrize("scale", ["block", "row", "one"])
@pytest.mark.parametrize("dtype", [torch.float8_e4m3fn, torch.float8_e5m2])
def test_float8(tmp_path: Path, dtype: torch.dtype, scale: str) -> None:
    torch.manual_seed(3)
    rows, columns = 200, 320
    weight = (torch.randn(rows, columns) * 4).to(dtype)
    config: dict[str, Any] = {"quant_method": "fp8"}
    if scale == "block":
        config["weight_block_size"] = [128, 128]
        scales = torch.rand(2, 3) + 0.1
        factors = scales.repeat_interleave(128, 0)[:rows].repeat_interleave(128, 1)[:, :columns]
    else:
        scales = torch.rand(rows, 1) + 0.1 if scale == "row" else torch.tensor(0.3)
        factors = scales
    tensors = {"fc.weight": weight, "fc.weight_scale_inv": scales}
    source = folder(tmp_path / "in", tensors, config, torch_dtype="bfloat16")
    run(source, tmp_path / "out")
    check_plain(tmp_path / "out", (weight.float() * factors).to(torch.bfloat16))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"quant_method": "hqq"}, "quant_method 'hqq' is not understood"),
        ({"quant_method": "compressed-tensors", "format": "mxfp6-pack-quantized"}, "format 'mxfp6-pack-quantized'"),
        ({"quant_method": "modelopt", "quant_algo": "FP8"}, 'quant_algo "FP8"'),
        ({"quant_method": "modelopt"}, "quant_algo '' of ModelOpt"),
        ({"quant_method": "awq", "version": "gemv"}, "version 'gemv'"),
        ({"quant_method": "gptq", "bits": 7}, "7 bits"),
        ({"quant_method": "gptq", "bits": 4, "checkpoint_format": "marlin"}, "checkpoint_format 'marlin'"),
        (
            {
                "quant_method": "compressed-tensors",
                "format": "pack-quantized",
                "sparsity_config": {"format": "sparse-24-bitmask"},
            },
            "sparse-24-bitmask",
        ),
        ({}, "quant_method '' is not understood"),
        (None, "no quantization_config says how"),
    ],
)
def test_what_is_not_understood(tmp_path: Path, config: Any, message: str) -> None:
    sample = Sample(4, 32, 64, 32)
    source = gptq(tmp_path / "in", sample, 4)
    tensors = {"fc.qweight": torch.tensor(in_bits(sample.codes.T, 4)), "fc.weight": torch.ones(2, 2)}
    folder(source, tensors, config)
    assert message in run(source, tmp_path / "out", ok=False).stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("tensors", "scale"),
    [
        ({"fc.weight": torch.zeros(64, 32).byte(), "fc.weight_scale": torch.ones(64, 2)}, "fc.weight_scale"),
        ({"fc.weight": torch.zeros(64, 64).char(), "fc.weight_scale": torch.ones(64)}, "fc.weight_scale"),
        ({"up_blocks": torch.zeros(4, 2, 16).byte(), "up_scales": torch.zeros(4, 2).byte()}, "up_scales"),
    ],
)
def test_codes_with_scales_that_no_config_explains(tmp_path: Path, tensors: Any, scale: str) -> None:
    text = run(folder(tmp_path / "in", tensors, None), tmp_path / "out", ok=False).stderr
    assert f"with scales ({scale}), a quantized format that is not known" in text


@pytest.mark.parametrize("method", ["gptq", "compressed-tensors"])
@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_act_order(tmp_path: Path, bits: int, method: str) -> None:
    """Every input names its group: no quantized matrix of MLX, but plain numbers, which may be quantized anew."""
    sample = Sample(bits, 64, 160, 32)
    order = torch.randperm(160, dtype=torch.int32) // 32
    if method == "gptq":
        tensors = {
            "fc.qweight": torch.tensor(in_bits(sample.codes.T, bits)),
            "fc.qzeros": torch.tensor(in_bits(sample.zeros - 1, bits).T),
            "fc.scales": sample.scales.T,
            "fc.g_idx": order,
        }
    else:
        tensors = {
            "fc.weight_packed": torch.tensor(in_bits(sample.codes.T, bits)).T,
            "fc.weight_scale": sample.scales,
            "fc.weight_zero_point": torch.tensor(in_bits(sample.zeros, bits)),
            "fc.weight_shape": torch.tensor([64, 160]),
            "fc.weight_g_idx": order,
        }
    source = folder(tmp_path / "in", tensors, {"quant_method": method, "bits": bits, "format": "pack-quantized"})
    message = run(source, tmp_path / "out", ok=False).stderr
    assert "not grouped in turn" in message
    assert "-d makes it plain" in message
    groups = order.numpy()
    numbers = torch.tensor(sample.codes - sample.zeros[:, groups]).to(torch.float16) * sample.scales[:, groups]
    run(source, tmp_path / "plain", "-d")
    check_plain(tmp_path / "plain", numbers)
    run(source, tmp_path / "anew", "-q", "--q-group-size", "32")
    words, *_ = mx.quantize(mx.array(numbers.numpy()), group_size=32, bits=4)
    assert mx.array_equal(mx.load(str(tmp_path / "anew/model.safetensors"))["fc.weight"], words)


@pytest.mark.parametrize(("value", "words"), [(5, "g_idx does not fit"), (-2, "g_idx does not fit"), (-1, "")])
def test_groups_that_are_not_there(tmp_path: Path, value: int, words: str) -> None:
    sample = Sample(4, 32, 160, 32)
    index = torch.arange(160, dtype=torch.int32) // 32
    index[7] = value  # -1: compressed-tensors does not use it
    tensors = {
        "fc.qweight": torch.tensor(in_bits(sample.codes.T, 4)),
        "fc.qzeros": torch.tensor(in_bits(sample.zeros - 1, 4).T),
        "fc.scales": sample.scales.T,
        "fc.g_idx": index,
    }
    source = folder(tmp_path / "in", tensors, {"quant_method": "gptq", "bits": 4})
    assert words in run(source, tmp_path / "out", "-d", ok=not words).stderr


def test_zero_points_of_rows_that_fill_no_word(tmp_path: Path) -> None:
    sample = Sample(4, 44, 64, 32)
    padded = np.pad(sample.zeros, ((0, 4), (0, 0)))
    tensors = {
        "fc.weight_packed": torch.tensor(in_bits(sample.codes.T, 4)).T,
        "fc.weight_scale": sample.scales,
        "fc.weight_zero_point": torch.tensor(in_bits(np.pad(padded, ((0, 16), (0, 0))), 4))[:6],
        "fc.weight_shape": torch.tensor([44, 64]),
    }
    source = folder(tmp_path / "in", tensors, {"quant_method": "compressed-tensors", "format": "pack-quantized"})
    run(source, tmp_path / "q")
    check_affine(tmp_path / "q", sample.numbers(), 4)
    run(source, tmp_path / "plain", "-d")
    check_plain(tmp_path / "plain", sample.numbers())


def test_blocks_of_compressed_tensors(tmp_path: Path) -> None:
    weight = torch.randn(200, 320).to(torch.float8_e4m3fn)
    scales = torch.rand(2, 3) + 0.1
    factors = scales.repeat_interleave(128, 0)[:200].repeat_interleave(128, 1)[:, :320]
    group = {"weights": {"num_bits": 8, "type": "float", "strategy": "block", "block_structure": [128, 128]}}
    config = {"quant_method": "compressed-tensors", "format": "float-quantized", "config_groups": {"group_0": group}}
    source = folder(tmp_path / "in", {"fc.weight": weight, "fc.weight_scale": scales}, config, dtype="bfloat16")
    run(source, tmp_path / "out")
    check_plain(tmp_path / "out", (weight.float() * factors).to(torch.bfloat16))


def test_shapes_that_do_not_fit(tmp_path: Path) -> None:
    for cut in ["fc.qweight", "fc.qzeros", "fc.scales", "fc.g_idx"]:
        sample = Sample(4, 32, 64, 32)
        tensors = {
            "fc.qweight": torch.tensor(in_bits(sample.codes.T, 4)),
            "fc.qzeros": torch.tensor(in_bits(sample.zeros - 1, 4).T),
            "fc.scales": sample.scales.T,
            "fc.g_idx": torch.arange(64, dtype=torch.int32) // 32,
        }
        tensors[cut] = tensors[cut][: len(tensors[cut]) // 2]
        source = folder(tmp_path / "in", tensors, {"quant_method": "gptq", "bits": 4})
        assert "fc.qweight: GPTQ" in run(source, tmp_path / "out", ok=False).stderr, cut


@pytest.mark.parametrize(
    ("tensors", "file", "words"),
    [
        ({"fc.weight": torch.int8, "fc.weight_scale": torch.float16}, None, "with scales (fc.weight_scale)"),
        (
            {"fc.weight": torch.uint8, "fc.weight_scale": torch.float8_e4m3fn},
            "hf_quant_config.json",
            "ModelOpt, without",
        ),
        ({"fc.weight._data": torch.int8, "fc.weight._scale": torch.float32}, None, "quantized by quanto"),
        ({"fc.weight_packed": torch.int32}, None, "quantized by compressed-tensors"),
    ],
)
def test_bytes_with_scales_are_no_plain_numbers(tmp_path: Path, tensors: Any, file: str | None, words: str) -> None:
    source = folder(tmp_path / "in", {name: torch.ones(32, 32).to(dtype) for name, dtype in tensors.items()}, None)
    if file:
        (source / file).write_text(json.dumps({"quantization": {"quant_algo": "NVFP4"}}))
    assert words in run(source, tmp_path / "out", ok=False).stderr


def test_words_without_scales(tmp_path: Path) -> None:
    tensors = {"fc.weight_packed": torch.ones(8, 8, dtype=torch.int32), "fc.weight_shape": torch.tensor([8, 64])}
    source = folder(tmp_path / "in", tensors, {"quant_method": "compressed-tensors", "format": "pack-quantized"})
    assert "without words and scales" in run(source, tmp_path / "out", ok=False).stderr


def test_early_words_that_are_not_full(tmp_path: Path) -> None:
    """4 codes of 7 bits a word, as compressed-tensors had them once: as many words as 8 bits need."""
    tensors = {
        "fc.weight_packed": torch.ones(8, 16, dtype=torch.int32),
        "fc.weight_scale": torch.ones(8, 1),
        "fc.weight_shape": torch.tensor([8, 64]),
    }
    config: dict[str, Any] = {"quant_method": "compressed-tensors", "format": "pack-quantized"}
    run(folder(tmp_path / "in", tensors, config), tmp_path / "out")
    config["config_groups"] = {"group_0": {"weights": {"num_bits": 7}}}
    source = folder(tmp_path / "in", tensors, config)
    assert "does not fit its words" in run(source, tmp_path / "no", ok=False).stderr


class TestMlx:
    """Folders that are MLX's already."""

    @pytest.fixture
    def made(self, tmp_path: Path) -> Path:
        torch.manual_seed(1)
        source = tmp_path / "torch"
        source.mkdir()
        tensors = {
            "conv.weight": torch.randn(8, 4, 3, 5),
            "fc.weight": torch.randn(64, 128),
            "norm.weight": torch.ones(7),
        }
        torch.save(tensors, source / "pytorch_model.bin")
        run(source, tmp_path / "mlx", "--layer-type", "conv=Conv2d")
        return tmp_path / "mlx"

    def test_refused_where_nothing_changes(self, made: Path, tmp_path: Path) -> None:
        message = run(made, tmp_path / "out", ok=False).stderr
        assert "is in MLX's layout already" in message
        assert "restore" in message

    def test_recast(self, made: Path, tmp_path: Path) -> None:
        run(made, tmp_path / "out", "--dtype", "bfloat16", "--dtype", "norm*=float32")
        before, after = (mx.load(str(path / "model.safetensors")) for path in (made, tmp_path / "out"))
        assert after["norm.weight"].dtype == mx.float32
        for name in ("conv.weight", "fc.weight"):
            assert mx.array_equal(after[name], before[name].astype(mx.bfloat16))
        run("restore", tmp_path / "out", tmp_path / "back.safetensors")
        back = mx.load(str(tmp_path / "back.safetensors"))
        assert back["conv.weight"].shape == (8, 4, 3, 5)
        assert back["conv.weight"].dtype == mx.float32

    def test_quantized_again_and_plain(self, made: Path, tmp_path: Path) -> None:
        plain = mx.load(str(made / "model.safetensors"))
        run(made, tmp_path / "q8", "-q", "--q-bits", "8")
        run(tmp_path / "q8", tmp_path / "q4", "-q", "--q-group-size", "32")
        eight = mx.dequantize(*mx.quantize(plain["fc.weight"], bits=8, group_size=64), bits=8, group_size=64)
        wanted = mx.quantize(eight, bits=4, group_size=32)
        got = mx.load(str(tmp_path / "q4" / "model.safetensors"))
        for end, array in zip(("weight", "scales", "biases"), wanted, strict=True):
            assert mx.array_equal(got[f"fc.{end}"], array)
        run(tmp_path / "q8", tmp_path / "d", "-d")
        again = mx.load(str(tmp_path / "d" / "model.safetensors"))
        assert sorted(again) == sorted(plain)
        assert mx.array_equal(again["fc.weight"], eight)
        assert "quantization" not in json.loads((tmp_path / "d" / "config.json").read_text())
        for folder_of, fc in (("q4", mx.dequantize(*wanted, bits=4, group_size=32)), ("d", eight)):
            run("restore", tmp_path / folder_of, tmp_path / f"{folder_of}.safetensors")
            back = mx.load(str(tmp_path / f"{folder_of}.safetensors"))
            assert mx.array_equal(back["fc.weight"], fc)
            assert mx.array_equal(back["conv.weight"], plain["conv.weight"].transpose(0, 3, 1, 2))

    @pytest.mark.parametrize("mode", ["affine", "mxfp4", "mxfp8", "nvfp4"])
    def test_mlx_lm_folders(self, tmp_path: Path, mode: str) -> None:
        """Written by MLX alone: no record, the config says how, single modules differ."""
        weight = mx.random.normal((64, 256), key=mx.random.key(5)).astype(mx.bfloat16)
        head = mx.random.normal((32, 128), key=mx.random.key(6)).astype(mx.bfloat16)
        first, second = mx.quantize(weight, mode=mode), mx.quantize(head, bits=6, group_size=32)
        arrays = {f"fc.{end}": array for end, array in zip(("weight", "scales", "biases"), first, strict=False)}
        arrays |= {f"head.{end}": array for end, array in zip(("weight", "scales", "biases"), second, strict=True)}
        source = tmp_path / "in"
        source.mkdir()
        mx.save_safetensors(str(source / "model.safetensors"), arrays, {"format": "mlx"})
        entry: dict[str, Any] = {"mode": mode, "head": {"bits": 6, "group_size": 32, "mode": "affine"}}
        if mode == "affine":
            entry |= {"bits": 4, "group_size": 64}
        (source / "config.json").write_text(json.dumps({"quantization": entry, "torch_dtype": "bfloat16"}))
        run(source, tmp_path / "out", "-d")
        got = mx.load(str(tmp_path / "out" / "model.safetensors"))
        given: dict[str, Any] = {} if mode == "affine" else {"dtype": mx.bfloat16}
        assert mx.array_equal(got["fc.weight"], mx.dequantize(*first, mode=mode, **given))
        assert mx.array_equal(got["head.weight"], mx.dequantize(*second, bits=6, group_size=32))
        message = run("restore", tmp_path / "out", tmp_path / "x.pt", ok=False).stderr
        assert "no record" in message

    @pytest.mark.parametrize("mode", ["affine", "mxfp4", "mxfp8", "nvfp4"])
    def test_stacked_experts(self, tmp_path: Path, mode: str) -> None:
        """mlx-lm's SwitchLinear: [experts, out, in], quantized as matrices are."""
        weight = mx.random.normal((3, 32, 128), key=mx.random.key(7)).astype(mx.bfloat16)
        conv = mx.random.normal((32, 3, 128), key=mx.random.key(8)).astype(mx.bfloat16)
        packed = mx.quantize(weight, mode=mode)
        path = "mlp.switch_mlp.up_proj"
        arrays = {f"{path}.{end}": a for end, a in zip(("weight", "scales", "biases"), packed, strict=False)}
        source = tmp_path / "in"
        source.mkdir()
        mx.save_safetensors(str(source / "model.safetensors"), arrays | {"conv.weight": conv}, {"format": "mlx"})
        entry: dict[str, Any] = {"mode": mode} | ({"bits": 4, "group_size": 64} if mode == "affine" else {})
        (source / "config.json").write_text(json.dumps({"quantization": entry, "torch_dtype": "bfloat16"}))
        given: dict[str, Any] = {} if mode == "affine" else {"dtype": mx.bfloat16}
        plain = mx.dequantize(*packed, mode=mode, **given)
        run(source, tmp_path / "d", "-d")
        got = mx.load(str(tmp_path / "d/model.safetensors"))
        assert mx.array_equal(got[f"{path}.weight"], plain)
        run(source, tmp_path / "q", "-q", "--q-group-size", "32")
        assert "named by" not in run(tmp_path / "d", tmp_path / "left", "-q").stdout
        left = mx.load(str(tmp_path / "left/model.safetensors"))
        assert left.keys() == got.keys()
        run(tmp_path / "d", tmp_path / "named", "-q", "--q-group-size", "32", "--quant-predicate", "switch_mlp.*=4")
        wanted = mx.quantize(plain, bits=4, group_size=32)
        for made in ("q", "named"):
            again = mx.load(str(tmp_path / made / "model.safetensors"))
            assert mx.array_equal(again["conv.weight"], conv)
            for end, array in zip(("weight", "scales", "biases"), wanted, strict=True):
                assert mx.array_equal(again[f"{path}.{end}"], array)
        run(source, tmp_path / "cast", "--dtype", "float16")
        kept = mx.load(str(tmp_path / "cast/model.safetensors"))
        assert mx.array_equal(kept[f"{path}.weight"], packed[0])
        assert kept[f"{path}.scales"].shape == packed[1].shape

    def test_wrong_config(self, tmp_path: Path) -> None:
        made = mx.quantize(mx.ones((8, 256)), bits=4)
        arrays = {f"fc.{end}": array for end, array in zip(("weight", "scales", "biases"), made, strict=True)}
        mx.save_safetensors(str(tmp_path / "model.safetensors"), arrays, {"format": "mlx"})
        assert "neither config.json nor the file says how" in run(tmp_path, tmp_path / "o", "-d", ok=False).stderr
        (tmp_path / "config.json").write_text(json.dumps({"quantization": {"bits": 8, "group_size": 64}}))
        assert "do not fit" in run(tmp_path, tmp_path / "o", "-d", ok=False).stderr
        (tmp_path / "config.json").write_text(json.dumps({"quantization": {"bits": 4, "mode": "int4"}}))
        assert "mode 'int4'" in run(tmp_path, tmp_path / "o", "-d", ok=False).stderr


def test_transposed_and_quantized_comes_back(tmp_path: Path) -> None:
    """transformers' Conv1D holds [in, out]: turned for nn.Linear, then quantized; restore turns it back."""
    torch.manual_seed(2)
    save_file({"c_attn.weight": torch.randn(64, 192)}, tmp_path / "in.safetensors")
    run(tmp_path / "in.safetensors", tmp_path / "q", "-q", "--layer-type", "c_attn=transformers.pytorch_utils.Conv1D")
    got = mx.load(str(tmp_path / "q" / "model.safetensors"))
    assert got["c_attn.weight"].shape == (192, 8)
    run("restore", tmp_path / "q", tmp_path / "back.safetensors")
    back = mx.load(str(tmp_path / "back.safetensors"))["c_attn.weight"]
    wanted = mx.dequantize(got["c_attn.weight"], got["c_attn.scales"], got["c_attn.biases"])
    assert mx.array_equal(back, wanted.T)


def test_python(tmp_path: Path) -> None:
    sample = Sample(4, 64, 256, 64)
    source = gptq(tmp_path / "in", sample, 4)
    out = torch2mlx.convert(
        source, tmp_path / "a.safetensors", dequantize=True, dtype={"*": "float32", "*bias": "float16"}
    )
    weights = mx.load(str(out))
    assert np.array_equal(np.array(weights["fc.weight"]), sample.numbers().float().numpy())
    assert weights["fc.bias"].dtype == mx.float16
    with pytest.raises(torch2mlx.InputError, match="not both"):
        torch2mlx.convert(source, tmp_path / "b.safetensors", dequantize=True, quantize=True)
    with pytest.raises(torch2mlx.InputError, match="matches no tensor"):
        torch2mlx.convert(source, tmp_path / "b.safetensors", dtype={"nrm*": "float16"})
