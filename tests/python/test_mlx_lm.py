"""Folders of `--layout mlx-lm`: mlx-lm's own loader reads them, and its models give PyTorch's logits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
import transformers
from mlx.utils import tree_flatten
from mlx_lm.utils import load_model, quantize_model
from safetensors.torch import load_file, save_file

from cli_program import run
from packed_files import in_awq_words, in_bits

TINY = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 100,
    "max_position_embeddings": 64,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 0,
}
MOE = {
    "num_experts": 4,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 64,
    "norm_topk_prob": True,
}
CONFIGS: dict[str, Any] = {
    "llama": transformers.LlamaConfig(**TINY),
    "llama, rope": transformers.LlamaConfig(
        **TINY,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 700.0,
            "factor": 4.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 16,
        },
    ),
    "gpt_neox": transformers.GPTNeoXConfig(
        hidden_act="gelu_new",
        **TINY | {"intermediate_size": 256},
        rope_parameters={"rope_type": "default", "rope_theta": 900.0, "partial_rotary_factor": 0.5},
    ),
    "gemma3_text": transformers.Gemma3TextConfig(**TINY | {"num_hidden_layers": 6}, head_dim=16),
    "llama, tied": transformers.LlamaConfig(**TINY, tie_word_embeddings=True),
    "mistral": transformers.MistralConfig(**TINY),
    "mixtral": transformers.MixtralConfig(**TINY, num_local_experts=4),
    "qwen2": transformers.Qwen2Config(**TINY),
    "qwen3": transformers.Qwen3Config(**TINY, head_dim=16),
    "gemma2": transformers.Gemma2Config(**TINY, head_dim=16),
    "gpt2": transformers.GPT2Config(
        n_embd=64, n_layer=2, n_head=4, vocab_size=100, n_positions=64, bos_token_id=1, eos_token_id=2
    ),
    "phi3": transformers.Phi3Config(**TINY),
    "qwen3_moe": transformers.Qwen3MoeConfig(**TINY, head_dim=16, **MOE),
    "ernie4_5_moe": transformers.Ernie4_5_MoeConfig(**TINY, moe_num_experts=4, moe_k=2, moe_intermediate_size=64),
    "granite": transformers.GraniteConfig(**TINY),
    "olmoe": transformers.OlmoeConfig(**TINY, num_experts=4, num_experts_per_tok=2),
    "stablelm": transformers.StableLmConfig(**TINY),
    "starcoder2": transformers.Starcoder2Config(**TINY),
    "mamba": transformers.MambaConfig(vocab_size=100, hidden_size=64, num_hidden_layers=2, state_size=8),
}


def saved(name: str, folder: Path) -> Any:
    """A random model of the configuration, in a folder as the hub has them."""
    torch.manual_seed(0)
    model = transformers.AutoModelForCausalLM.from_config(CONFIGS[name]).eval()
    model.save_pretrained(folder)
    if name == "gpt2":  # as files of older versions: masks are among the weights
        weights = load_file(folder / "model.safetensors")
        weights |= {f"transformer.h.{i}.attn.bias": torch.ones(64, 64).tril()[None, None] for i in range(2)}
        save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return model


# Its router in mlx-lm computes otherwise than transformers': seen with PyTorch's own folder, too.
@pytest.mark.parametrize("name", [name for name in CONFIGS if name != "ernie4_5_moe"])
@pytest.mark.filterwarnings("ignore")
def test_loads_and_gives_pytorchs_logits(name: str, tmp_path: Path) -> None:
    model = saved(name, tmp_path / "in")
    ids = torch.randint(0, 100, (1, 12))
    with torch.no_grad():
        wanted = model(ids).logits.numpy()
    differences = []
    for options in ([], ["-q", "--q-bits", "8"]):
        run(tmp_path / "in", tmp_path / "out", "--layout", "mlx-lm", "--force", *options)
        loaded, _ = load_model(tmp_path / "out")
        got = np.array(loaded(mx.array(ids.numpy())).astype(mx.float32))
        differences.append(float(np.abs(got - wanted).max()) / max(1.0, float(np.abs(wanted).max())))
    assert differences[0] <= 1e-5
    assert differences[0] < differences[1] <= 0.05


# Its keys and matrices are others than those of mlx-lm's model.
REFUSED = {"gpt2"}


@pytest.mark.parametrize("name", [name for name in CONFIGS if name != "ernie4_5_moe"])
@pytest.mark.filterwarnings("ignore")
def test_the_usual_layout_gives_pytorchs_logits_or_is_refused(name: str, tmp_path: Path) -> None:
    model = saved(name, tmp_path / "in")
    run(tmp_path / "in", tmp_path / "out")
    if name in REFUSED:
        with pytest.raises(ValueError, match="not in model"):
            load_model(tmp_path / "out")
        return
    loaded, _ = load_model(tmp_path / "out")
    ids = torch.randint(0, 100, (1, 12))
    with torch.no_grad():
        wanted = model(ids).logits.numpy()
    got = np.array(loaded(mx.array(ids.numpy())).astype(mx.float32))
    assert float(np.abs(got - wanted).max()) <= 1e-5 * max(1.0, float(np.abs(wanted).max()))
    # transformers reads the same settings as before.
    before, after = (transformers.AutoConfig.from_pretrained(tmp_path / side).to_dict() for side in ("in", "out"))
    assert after.get("rope_parameters") == before.get("rope_parameters")


def test_settings_of_a_text_model_inside_are_said_as_before(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    save_file({"w": torch.ones(3)}, tmp_path / "in/model.safetensors", {"format": "pt"})
    rope = {"rope_type": "linear", "factor": 2.0, "rope_theta": 700.0}
    text = {"model_type": "mistral", "rope_parameters": rope}
    config = {"model_type": "mistral3", "text_config": text}
    (tmp_path / "in/config.json").write_text(json.dumps(config))
    run(tmp_path / "in", tmp_path / "out")
    made = json.loads((tmp_path / "out/config.json").read_text())["text_config"]
    assert made == {**text, "rope_theta": 700.0, "rope_scaling": rope}


@pytest.mark.parametrize("mode", ["affine", "mxfp4"])
@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.filterwarnings("ignore")
def test_quantized_as_mlx_lm_does(name: str, mode: str, tmp_path: Path) -> None:
    """Its own quantize_model on the same weights: the same modules, with the same bits."""
    saved(name, tmp_path / "in")
    run(tmp_path / "in", tmp_path / "plain", "--layout", "mlx-lm")
    run(tmp_path / "in", tmp_path / "q", "--layout", "mlx-lm", "-q", "--q-mode", mode)
    theirs, config = load_model(tmp_path / "plain")
    theirs, config = quantize_model(theirs, config, None, None, mode)
    ours, read = load_model(tmp_path / "q")
    wanted, got = dict(tree_flatten(theirs.parameters())), dict(tree_flatten(ours.parameters()))
    assert got.keys() == wanted.keys()
    assert [key for key in got if not mx.array_equal(got[key], wanted[key])] == []
    default = {key: value for key, value in config["quantization"].items() if not isinstance(value, dict)}
    assert default.items() <= read["quantization"].items()


def test_experts_come_back(tmp_path: Path) -> None:
    saved("qwen3_moe", tmp_path / "in")
    before = load_file(tmp_path / "in/model.safetensors")
    experts = [key for key in before if ".experts." in key]
    for name, options in (("plain", []), ("q", ["-q", "--q-bits", "8", "--q-group-size", "32"])):
        run(tmp_path / "in", tmp_path / name, "--layout", "mlx-lm", *options)
        made = mx.load(str(tmp_path / name / "model.safetensors"))
        assert made["model.layers.1.mlp.switch_mlp.up_proj.weight"].ndim == 3
        run("restore", tmp_path / name, tmp_path / f"{name}.safetensors")
        after = load_file(tmp_path / f"{name}.safetensors")
        assert after.keys() == before.keys()
        worst = max(float((after[key] - before[key]).abs().max()) for key in experts)
        assert worst == 0 if name == "plain" else 0 < worst < 1e-3


def test_models_that_take_no_quantized_weights(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    save_file({"fc.weight": torch.ones(64, 64)}, tmp_path / "in/model.safetensors")
    (tmp_path / "in/config.json").write_text('{"model_type": "qwen3_next"}')
    run(tmp_path / "in", tmp_path / "plain", "--layout", "mlx-lm")
    done = run(tmp_path / "in", tmp_path / "out", "--layout", "mlx-lm", "-q", check=1)
    assert "qwen3_next takes plain weights alone" in done.stderr


@pytest.mark.parametrize("method", ["gptq", "awq", "compressed-tensors"])
@pytest.mark.filterwarnings("ignore")
def test_quantized_checkpoints_load(method: str, tmp_path: Path) -> None:
    """Every matrix of a layer in the library's format; the reference computes with the numbers they stand for."""
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    model = transformers.LlamaForCausalLM(CONFIGS["llama"]).eval()
    weights = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for path, module in model.named_modules():
        if not isinstance(module, torch.nn.Linear) or path == "lm_head":
            continue
        rows, columns = module.weight.shape
        codes, zeros = rng.integers(0, 16, (rows, columns)), rng.integers(5, 11, (rows, columns // 32))
        scales = torch.tensor(rng.uniform(0.01, 0.03, zeros.shape), dtype=torch.float32)
        numbers = torch.tensor(codes - zeros.repeat(32, 1)) * scales.repeat_interleave(32, 1)
        module.weight.data = numbers
        del weights[f"{path}.weight"]
        if method == "gptq":
            packed = {"qweight": in_bits(codes.T, 4), "qzeros": in_bits(zeros - 1, 4).T, "scales": scales.T}
        elif method == "awq":
            packed = {"qweight": in_awq_words(codes.T), "qzeros": in_awq_words(zeros.T), "scales": scales.T}
        else:
            packed = {"weight_packed": in_bits(codes.T, 4).T, "weight_scale": scales,
                      "weight_zero_point": in_bits(zeros, 4), "weight_shape": np.array([rows, columns])}  # fmt: skip
        weights |= {f"{path}.{end}": torch.as_tensor(array).contiguous() for end, array in packed.items()}
    (tmp_path / "in").mkdir()
    save_file(weights, tmp_path / "in/model.safetensors", {"format": "pt"})
    config = model.config.to_dict() | {"quantization_config": {"quant_method": method, "format": "pack-quantized"}}
    config["architectures"] = ["LlamaForCausalLM"]
    (tmp_path / "in/config.json").write_text(json.dumps(config, default=str))
    run(tmp_path / "in", tmp_path / "out", "--layout", "mlx-lm")
    loaded, read = load_model(tmp_path / "out")
    assert read["quantization"] == {"group_size": 32, "bits": 4, "mode": "affine"}
    ids = torch.randint(0, 100, (1, 12))
    with torch.no_grad():
        wanted = model(ids).logits.numpy()
    got = np.array(loaded(mx.array(ids.numpy())).astype(mx.float32))
    assert float(np.abs(got - wanted).max()) <= 1e-5 * max(1.0, float(np.abs(wanted).max()))
