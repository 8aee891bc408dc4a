"""Checkpoints whose codes stand for floats: MX's formats and NVFP4 of three libraries, bitsandbytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch

from packed_files import E2M1, check_plain, folder, in_nibbles, run

COMPRESSED = {"quant_method": "compressed-tensors"}


def loaded(made: Path) -> dict[str, mx.array]:
    return dict(mx.load(str(made / "model.safetensors")))


def raw(tensor: torch.Tensor) -> np.ndarray:
    return tensor.contiguous().view(torch.uint8).numpy()


class Matrix:
    """4-bit codes, and a scale for each of the groups, in bytes."""

    def __init__(self, group: int, rows: int = 48, columns: int = 192) -> None:
        self.codes = torch.randint(0, 16, (rows, columns))
        self.exponents = torch.randint(0, 255, (rows, columns // group), dtype=torch.uint8)
        self.scales = (torch.rand(rows, columns // group) * 440).to(torch.float8_e4m3fn)
        self.group = group

    def numbers(self, scales: torch.Tensor, table: torch.Tensor = E2M1) -> torch.Tensor:
        return table[self.codes] * scales.repeat_interleave(self.group, 1)


def nvfp4(path: Path, matrix: Matrix, factor: torch.Tensor, **config: Any) -> Path:
    tensors = {
        "fc.weight_packed": in_nibbles(matrix.codes),
        "fc.weight_scale": matrix.scales,
        "fc.weight_global_scale": factor,
        "fc.input_global_scale": torch.ones(1),
        "fc.bias": torch.ones(48),
    }
    return folder(path, tensors, COMPRESSED | {"format": "nvfp4-pack-quantized"}, **config)


def check_kept(made: Path, codes: torch.Tensor, scales: torch.Tensor, mode: str, numbers: torch.Tensor) -> None:
    """The bytes of the file, which MLX reads as the same numbers."""
    config = json.loads((made / "config.json").read_text())["quantization"]
    weights = loaded(made)
    assert config["mode"] == mode
    assert np.array(weights["fc.weight"].view(mx.uint8)).tobytes() == raw(codes).tobytes()
    assert np.array(weights["fc.scales"]).tobytes() == raw(scales).tobytes()
    back = mx.dequantize(
        weights["fc.weight"],
        weights["fc.scales"],
        group_size=config["group_size"],
        bits=config["bits"],
        mode=mode,
        dtype=mx.float32,
    )
    assert np.array_equal(np.array(back), numbers.float().numpy(), equal_nan=True)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float8_e8m0fnu])
def test_mxfp4_of_compressed_tensors(tmp_path: Path, dtype: torch.dtype) -> None:
    matrix = Matrix(32)
    packed = in_nibbles(matrix.codes)
    tensors = {"fc.weight_packed": packed, "fc.weight_scale": matrix.exponents.view(dtype)}
    source = folder(tmp_path / "in", tensors, COMPRESSED | {"format": "mxfp4-pack-quantized"}, dtype="bfloat16")
    numbers = matrix.numbers(torch.exp2(matrix.exponents.float() - 127))
    run(source, tmp_path / "q")
    check_kept(tmp_path / "q", packed, matrix.exponents, "mxfp4", numbers)
    run(source, tmp_path / "plain", "-d")
    check_plain(tmp_path / "plain", numbers.to(torch.bfloat16))


def test_mxfp8_of_compressed_tensors(tmp_path: Path) -> None:
    weight = (torch.randn(48, 192) * 50).to(torch.float8_e4m3fn)
    exponents = torch.randint(90, 140, (48, 6), dtype=torch.uint8)
    tensors = {"fc.weight": weight, "fc.weight_scale": exponents, "other.weight": torch.ones(4, 4)}
    source = folder(tmp_path / "in", tensors, COMPRESSED | {"format": "mxfp8-quantized"}, dtype="bfloat16")
    numbers = weight.float() * torch.exp2(exponents.float() - 127).repeat_interleave(32, 1)
    run(source, tmp_path / "q")
    check_kept(tmp_path / "q", weight, exponents, "mxfp8", numbers)
    run(source, tmp_path / "plain", "-d")
    check_plain(tmp_path / "plain", numbers.to(torch.bfloat16))


def test_nvfp4_of_one_scale(tmp_path: Path) -> None:
    matrix = Matrix(16)
    source = nvfp4(tmp_path / "in", matrix, torch.ones(1))
    done = run(source, tmp_path / "q")
    assert "1 dropped" in done.stdout
    check_kept(tmp_path / "q", in_nibbles(matrix.codes), matrix.scales, "nvfp4", matrix.numbers(matrix.scales.float()))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
@pytest.mark.parametrize("library", ["compressed-tensors", "ModelOpt", "hf_quant_config"])
def test_nvfp4(tmp_path: Path, library: str, dtype: torch.dtype) -> None:
    """A factor of the whole matrix, which MLX's layers do not have: plain, or quantized anew."""
    matrix, name = Matrix(16), str(dtype).removeprefix("torch.")
    factor = torch.rand(1) * 3000 + 100
    if library == "compressed-tensors":
        source = nvfp4(tmp_path / "in", matrix, factor, dtype=name)
        numbers = matrix.numbers(matrix.scales.float() / factor)
    else:
        factor = 1 / factor[0]
        tensors = {
            "fc.weight": in_nibbles(matrix.codes),
            "fc.weight_scale": matrix.scales,
            "fc.weight_scale_2": factor,
            "fc.input_scale": torch.tensor(1.0),
        }
        config = None if library == "hf_quant_config" else {"quant_method": "modelopt", "quant_algo": "NVFP4"}
        source = folder(tmp_path / "in", tensors, config, dtype=name)
        if config is None:
            own = {"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "NVFP4", "group_size": 16}}
            (source / "hf_quant_config.json").write_text(json.dumps(own))
        numbers = matrix.numbers(matrix.scales.float() * factor, E2M1 + 0.0)  # whose table has one zero
    numbers = numbers.to(dtype)
    done = run(source, tmp_path / "plain")
    assert "1 tensor computed from several" in done.stdout
    if dtype == torch.float32:
        assert np.array_equal(np.array(loaded(tmp_path / "plain")["fc.weight"]), numbers.numpy())
    else:
        check_plain(tmp_path / "plain", numbers)
    run(source, tmp_path / "anew", "-q", "--q-mode", "nvfp4")
    wanted = mx.quantize(loaded(tmp_path / "plain")["fc.weight"], mode="nvfp4")
    anew = loaded(tmp_path / "anew")
    assert mx.array_equal(anew["fc.weight"], wanted[0])
    assert mx.array_equal(anew["fc.scales"], wanted[1])


def test_mxfp4_of_transformers(tmp_path: Path) -> None:
    """gpt-oss: matrices of experts, stacked."""
    codes = torch.randint(0, 16, (3, 20, 4, 32))
    exponents = torch.randint(100, 140, (3, 20, 4), dtype=torch.uint8)
    packed = in_nibbles(codes)
    path = "model.layers.0.mlp.experts.gate_up_proj"
    tensors = {f"{path}_blocks": packed, f"{path}_scales": exponents, f"{path}_bias": torch.ones(3, 20)}
    source = folder(tmp_path / "in", tensors, {"quant_method": "mxfp4"}, model_type="gpt_oss", dtype="bfloat16")
    numbers = (E2M1[codes] * torch.exp2(exponents.float() - 127)[..., None]).reshape(3, 20, 128).to(torch.bfloat16)
    run(source, tmp_path / "q")
    kept = loaded(tmp_path / "q")
    assert kept.keys() == {f"{path}.weight", f"{path}.scales", f"{path}_bias"}
    back = mx.dequantize(kept[f"{path}.weight"], kept[f"{path}.scales"], mode="mxfp4", dtype=mx.bfloat16)
    assert np.array_equal(np.array(back.view(mx.uint16)), numbers.view(torch.uint16).numpy())
    assert np.array_equal(np.array(kept[f"{path}.scales"]), exponents.numpy())
    run(source, tmp_path / "plain", "-d")
    assert mx.array_equal(loaded(tmp_path / "plain")[f"{path}.weight"], back)
    run(source, tmp_path / "anew", "-q", "--q-group-size", "32")
    wanted = mx.quantize(back, bits=4, group_size=32)
    assert mx.array_equal(loaded(tmp_path / "anew")[f"{path}.weight"], wanted[0])


def gpt_oss(path: Path) -> Path:
    """Two layers with four experts each, as transformers saves them."""
    hidden, inner, experts = 64, 96, 4
    config: dict[str, Any] = {"num_hidden_layers": 2, "num_local_experts": experts, "num_experts_per_tok": 2}
    config |= {"vocab_size": 128, "hidden_size": hidden, "intermediate_size": inner, "head_dim": 16}
    config |= {"num_attention_heads": 4, "num_key_value_heads": 2, "sliding_window": 8}
    config |= {"layer_types": ["sliding_attention", "full_attention"], "model_type": "gpt_oss", "dtype": "bfloat16"}

    def some(*shape: int) -> torch.Tensor:
        return (torch.randn(*shape) * 0.1).bfloat16()

    tensors = {f"{name}.weight": some(128, hidden) for name in ("model.embed_tokens", "lm_head")}
    tensors["model.norm.weight"] = some(hidden)
    for layer in ("model.layers.0", "model.layers.1"):
        for name in ("input_layernorm", "post_attention_layernorm"):
            tensors[f"{layer}.{name}.weight"] = 1 + some(hidden)
        tensors[f"{layer}.self_attn.sinks"] = some(4)
        names = {"q_proj": (64, hidden), "k_proj": (32, hidden), "v_proj": (32, hidden), "o_proj": (hidden, 64)}
        linear = {f"{layer}.self_attn.{name}": shape for name, shape in names.items()}
        for name, shape in (linear | {f"{layer}.mlp.router": (experts, hidden)}).items():
            tensors |= {f"{name}.weight": some(*shape), f"{name}.bias": some(shape[0])}
        for name, out, columns in [("gate_up_proj", 2 * inner, hidden), ("down_proj", hidden, inner)]:
            key, groups = f"{layer}.mlp.experts.{name}", columns // 32
            tensors[f"{key}_blocks"] = in_nibbles(torch.randint(0, 16, (experts, out, groups, 32)))
            tensors[f"{key}_scales"] = torch.randint(118, 122, (experts, out, groups), dtype=torch.uint8)
            tensors[f"{key}_bias"] = some(experts, out)
    return folder(path, tensors, {"quant_method": "mxfp4"}, **config)


@pytest.mark.parametrize("options", [[], ["--layout", "mlx-lm"]])
def test_gpt_oss_in_mlx_lm(tmp_path: Path, options: list[str]) -> None:
    """mlx-lm reads transformers' folder itself: the same logits."""
    from mlx_lm.utils import load_model

    source = gpt_oss(tmp_path / "in")
    run(source, tmp_path / "q", *options)
    tokens = mx.array([[3, 5, 7, 11, 100, 2, 9, 1, 4]])
    wanted, got = (load_model(path)[0](tokens) for path in (source, tmp_path / "q"))
    assert mx.array_equal(got, wanted)


def nf4_tensors(kind: str, dtype: torch.dtype, block: int, nested: bool, storage: torch.dtype) -> Any:
    """What bitsandbytes stores, and (table[code] * absmax) as it computes it."""
    normal = [-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635]
    normal += [-0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725]
    normal += [0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1]
    halves = torch.tensor([0, 0.0625, 8, 12, 4, 6, 2, 3]) / 12
    table = torch.tensor(normal) if kind == "nf4" else torch.cat([halves, 0 - halves])
    rows, columns = 24, 160
    codes = torch.randint(0, 16, (rows * columns,))
    blocks = -(-rows * columns // block)
    state: dict[str, Any] = {"quant_type": kind, "blocksize": block, "dtype": str(dtype).removeprefix("torch.")}
    state["shape"] = [rows, columns]
    tensors = {"fc.weight": in_nibbles(codes, high_first=True).view(storage)[:, None], "fc.weight.quant_map": table}
    absmax = torch.rand(blocks) + 0.01
    if nested:
        coded = torch.randint(0, 256, (blocks,), dtype=torch.uint8)
        steps, factors, offset = torch.linspace(-1, 1, 256), torch.rand(-(-blocks // 256)), 0.72318
        absmax = steps[coded.long()] * factors.repeat_interleave(256)[:blocks] + torch.tensor(offset)
        tensors |= {"fc.weight.absmax": coded, "fc.weight.nested_absmax": factors, "fc.weight.nested_quant_map": steps}
        state |= {"nested_blocksize": 256, "nested_dtype": "float32", "nested_offset": offset}
    else:
        tensors["fc.weight.absmax"] = absmax
    told = torch.tensor(list(json.dumps(state).encode()), dtype=torch.uint8)
    tensors[f"fc.weight.quant_state.bitsandbytes__{kind}"] = told
    numbers = (table[codes] * absmax.repeat_interleave(block)[: rows * columns]).reshape(rows, columns).to(dtype)
    return tensors, numbers


@pytest.mark.parametrize("kind", ["nf4", "fp4"])
@pytest.mark.parametrize(
    ("block", "nested", "storage"),
    [(64, False, torch.uint8), (64, True, torch.uint8), (32, True, torch.bfloat16), (4096, False, torch.float32)],
)
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_4_bits_of_bitsandbytes(
    tmp_path: Path, kind: str, block: int, nested: bool, storage: torch.dtype, dtype: torch.dtype
) -> None:
    tensors, numbers = nf4_tensors(kind, dtype, block, nested, storage)
    tensors["norm.weight"] = torch.ones(8)
    source = folder(tmp_path / "in", tensors, {"quant_method": "bitsandbytes", "load_in_4bit": True})
    done = run(source, tmp_path / "plain")
    assert "1 tensor computed from several" in done.stdout
    check_plain(tmp_path / "plain", numbers)
    assert loaded(tmp_path / "plain").keys() == {"fc.weight", "norm.weight"}
    run("restore", tmp_path / "plain", tmp_path / "back.pt")
    assert torch.equal(torch.load(tmp_path / "back.pt")["fc.weight"], numbers)


def test_8_bits_of_bitsandbytes(tmp_path: Path) -> None:
    codes = torch.randint(-127, 128, (24, 160), dtype=torch.int8)
    rows = torch.rand(24) * 5
    tensors = {"fc.weight": codes, "fc.SCB": rows, "fc.weight_format": torch.tensor(0, dtype=torch.uint8)}
    config = {"quant_method": "bitsandbytes", "load_in_8bit": True}
    run(folder(tmp_path / "in", tensors, config, dtype="float16"), tmp_path / "plain")
    check_plain(tmp_path / "plain", (codes * rows.view(-1, 1) * 7.874015718698502e-3).to(torch.float16))
    tensors["fc.weight_format"] += 2
    text = run(folder(tmp_path / "in", tensors, config), tmp_path / "out", ok=False).stderr
    assert "weight_format is not row by row" in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fc.weight_scale": torch.ones(48, 12)}, "codes and scales do not fit each other"),
        ({"fc.weight_scale": torch.ones(48, 6).to(torch.float8_e4m3fn)}, "codes and scales do not fit each other"),
        ({"fc.weight_packed": torch.ones(48, 96)}, "codes and scales do not fit each other"),
        ({"fc.weight_packed": torch.ones(96).byte()}, "codes and scales do not fit each other"),
        ({"fc.weight_packed": torch.ones(0, 96).byte()}, "codes and scales do not fit each other"),
        ({"fc.weight_scale": None}, "codes and scales do not fit each other"),
        ({"fc.weight_global_scale": torch.zeros(1)}, "global scale is none of the format"),
        ({"fc.weight_global_scale": torch.tensor([float("nan")])}, "global scale is none of the format"),
        ({"fc.weight_global_scale": torch.ones(2)}, "global scale is none of the format"),
        ({"fc.weight_zero_point": torch.ones(48, 12)}, "zero points"),
    ],
)
def test_floats_that_do_not_fit(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    matrix = Matrix(16)
    tensors = {
        "fc.weight_packed": in_nibbles(matrix.codes),
        "fc.weight_scale": matrix.scales,
        "fc.weight_global_scale": torch.ones(1),
    }
    tensors = {name: tensor for name, tensor in (tensors | change).items() if tensor is not None}
    source = folder(tmp_path / "in", tensors, COMPRESSED | {"format": "nvfp4-pack-quantized"})
    for options in ([], ["-d"]):
        assert message in run(source, tmp_path / "out", *options, ok=False).stderr


@pytest.mark.parametrize("cut", ["weight", "weight.absmax", "weight.nested_absmax", "weight.nested_quant_map"])
def test_bitsandbytes_that_does_not_fit(tmp_path: Path, cut: str) -> None:
    for change in (lambda tensor: tensor[:-1], lambda tensor: tensor.to(torch.float16), lambda tensor: None):
        tensors, _ = nf4_tensors("nf4", torch.bfloat16, 64, True, torch.uint8)
        changed = change(tensors.pop(f"fc.{cut}"))
        if changed is not None:
            tensors[f"fc.{cut}"] = changed
        source = folder(tmp_path / "in", tensors, {"quant_method": "bitsandbytes", "load_in_4bit": True})
        text = run(source, tmp_path / "out", ok=False).stderr
        assert "do not fit its quant_state" in text or "quant_state is not understood" in text


@pytest.mark.parametrize("block", [0, -64, 16, 48, 8192, 2**62])
def test_blocks_that_bitsandbytes_does_not_have(tmp_path: Path, block: int) -> None:
    tensors, _ = nf4_tensors("nf4", torch.bfloat16, 64, False, torch.uint8)
    key = "fc.weight.quant_state.bitsandbytes__nf4"
    state = json.loads(bytes(tensors[key].tolist())) | {"blocksize": block}
    tensors[key] = torch.tensor(list(json.dumps(state).encode()), dtype=torch.uint8)
    source = folder(tmp_path / "in", tensors, {"quant_method": "bitsandbytes", "load_in_4bit": True})
    assert "quant_state is not understood" in run(source, tmp_path / "out", ok=False).stderr


def huge(path: Path, key: str, dtype: str, shape: list[int], others: dict[str, str], config: Any) -> Path:
    """A tensor without elements, whose other sizes are as large as they get."""
    folder(path, {"x": torch.ones(2)}, config)
    header: dict[str, Any] = {
        name: {"dtype": kind, "shape": [0], "data_offsets": [0, 0]} for name, kind in others.items()
    }
    header[key] = {"dtype": dtype, "shape": shape, "data_offsets": [0, 0]}
    text = json.dumps(header).encode()
    (path / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text)
    return path


def test_sizes_that_nothing_limits(tmp_path: Path) -> None:
    """Codes without elements: refused before any size is multiplied."""
    scales = {"fc.weight_scale": "F8_E4M3", "fc.weight_scale_2": "F32", "fc.scales": "F16", "fc.qzeros": "I32"}
    cases: list[tuple[str, str, list[int], Any]] = [
        ("fc.weight_packed", "U8", [0, 2**62], {**COMPRESSED, "format": "nvfp4-pack-quantized"}),
        ("fc.weight_packed", "I32", [0, 2**60], {**COMPRESSED, "format": "pack-quantized"}),
        ("fc.weight", "U8", [0, 2**62], {"quant_method": "modelopt", "quant_algo": "NVFP4"}),
        ("fc_blocks", "U8", [1, 0, 2**57, 16], {"quant_method": "mxfp4"}),
        ("fc.qweight", "I32", [2**60, 0], {"quant_method": "gptq", "bits": 4}),
    ]
    for key, dtype, shape, config in cases:
        text = run(huge(tmp_path / "in", key, dtype, shape, scales, config), tmp_path / "out", ok=False).stderr
        assert f"{key}: " in text or "in the file has elements" in text


def test_rotations_are_refused(tmp_path: Path) -> None:
    config = COMPRESSED | {"format": "nvfp4-pack-quantized", "transform_config": {"config_groups": {"R4": {}}}}
    source = folder(tmp_path / "in", {"fc.weight": torch.ones(2, 2)}, config)
    assert "transform_config of compressed-tensors" in run(source, tmp_path / "out", ok=False).stderr
