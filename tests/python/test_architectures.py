"""Hugging Face folders convert by their config.json as the live models do; the table of architectures is current."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import mlx.core as mx
import pytest
import transformers
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

import torch2mlx
from cli_program import run

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools"))

import check_architectures  # noqa: E402
import make_architectures  # noqa: E402

TYPES = ["bert", "clip", "convnext", "dinov2", "dpt", "encodec", "gpt2", "mamba", "resnet", "swin", "vits", "wav2vec2"]


@pytest.fixture(scope="session")
def walked() -> dict[str, Any]:
    """In a process of its own: transformers' modules are not all fit to stay loaded."""
    return dict(make_architectures.over_types(make_architectures.__file__, TYPES, 1, make_architectures.walk))


@pytest.fixture(scope="session")
def checked() -> dict[str, Any]:
    return dict(make_architectures.over_types(check_architectures.__file__, TYPES, 1, check_architectures.check))


@pytest.mark.parametrize("model_type", TYPES)
def test_table_is_current(model_type: str, walked: dict[str, Any]) -> None:
    sections = make_architectures.TARGET.read_text().split("\n[")
    [written] = [lines for lines in map(str.splitlines, sections) if lines[0] == f"{model_type}]"]
    assert walked[model_type]["layers"], walked[model_type]["failed"]
    assert make_architectures.lines_of(walked[model_type]) == written[1:]


@pytest.mark.parametrize("model_type", TYPES)
def test_config_gives_what_the_module_tree_gives(model_type: str, checked: dict[str, Any]) -> None:
    results = [result for result in checked[model_type] if result[1] != "not built"]
    assert results
    assert [(name, details) for name, outcome, details in results if outcome != "same"] == []


SMALL: dict[str, Any] = {
    "whisper": {"d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "vocab_size": 50, "num_mel_bins": 8,
                "encoder_attention_heads": 2, "decoder_attention_heads": 2, "encoder_ffn_dim": 16,
                "decoder_ffn_dim": 16, "max_source_positions": 20, "max_target_positions": 20, "pad_token_id": 0,
                "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1},
    "wav2vec2": {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16,
                 "conv_dim": [8] * 7, "num_conv_pos_embeddings": 8, "num_conv_pos_embedding_groups": 2},
    "convnext": {"hidden_sizes": [8, 16, 24, 32], "depths": [1, 1, 1, 1]},
    "gpt2": {"n_embd": 16, "n_layer": 1, "n_head": 2, "vocab_size": 50, "n_positions": 20},
    "mamba": {"hidden_size": 16, "num_hidden_layers": 1, "vocab_size": 50, "state_size": 4},
    "resnet": {"embedding_size": 8, "hidden_sizes": [8, 16], "depths": [1, 1]},
    "encodec": {"num_filters": 4, "hidden_size": 16, "codebook_size": 16},
}  # fmt: skip


@pytest.mark.parametrize("model_type", SMALL)
@pytest.mark.filterwarnings("ignore")
def test_saved_folders(model_type: str, tmp_path: Path) -> None:
    """As save_pretrained names the keys: every tensor is the live module's, bit for bit."""
    model = transformers.AutoModel.from_config(CONFIG_MAPPING[model_type](**SMALL[model_type]))
    model.save_pretrained(tmp_path / "in")
    run(tmp_path / "in", tmp_path / "out")
    torch2mlx.convert(model, tmp_path / "live.safetensors")
    live = mx.load(str(tmp_path / "live.safetensors"))
    made = mx.load(str(tmp_path / "out" / "model.safetensors"))
    assert len(made) > 5
    assert set(made) == set(live)
    for name, array in made.items():
        assert mx.array_equal(array, live[name]), name


def test_numbers_that_only_python_writes(tmp_path: Path) -> None:
    """transformers saves Infinity in config.json; it is read, and kept where the file is written anew."""
    text = '{"model_type": "mamba2", "limits": [0.0, Infinity, -Infinity, NaN], "name": "a \\"Infinity\\" b"}'
    mx.save_safetensors(str(tmp_path / "model.safetensors"), {"a.weight": mx.ones((4, 64))})
    (tmp_path / "config.json").write_text(text)
    run(tmp_path, tmp_path / "out", "-q")
    written = json.loads((tmp_path / "out" / "config.json").read_text())
    assert str(written["limits"]) == "[0.0, inf, -inf, nan]"
    assert written["name"] == 'a "Infinity" b'
    assert written["quantization"]["bits"] == 4
