"""Golden copies of generated sources. After a change: TORCH2MLX_UPDATE=1 pytest tests/python/test_source.py, then read
the difference."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import torch2mlx
from models import CASES, ROOT, generated
from more_transformers import MORE
from transformers_models import ARCHITECTURES, tokens

GOLDEN = ROOT / "tests" / "source"
FAMILIES = ("gpt2", "llama", "t5", "vit", "convnext", "whisper")
# Those that have a port by hand, as it is commonly called: with tokens alone.
PORTS = ("gpt2", "gpt_neox", "llama", "qwen2", "phi3")


@functools.cache
def family(name: str) -> str:
    """Source of a tiny model of transformers; language models take tokens alone and keep no cache."""
    architecture = {**ARCHITECTURES, **MORE}[name.replace("_", "-")]
    model = architecture.build()
    args, kwargs = architecture.calls[0]
    if name in PORTS:
        model.config.use_cache = False
        kwargs = {"input_ids": tokens(2, 9)[1]["input_ids"]}
    return torch2mlx.generate(model, args, kwargs, verify=False).source


@pytest.mark.parametrize("name", [*CASES, *FAMILIES])
def test_source_is_the_golden_copy(name: str) -> None:
    path = GOLDEN / f"{name}.py"
    source = generated(name).source if name in CASES else family(name)
    if os.environ.get("TORCH2MLX_UPDATE"):
        path.write_text(source)
    assert source == path.read_text()


def test_every_golden_copy_is_of_a_model() -> None:
    # run_generated.py is a program of the C++ tests.
    assert {path.stem for path in GOLDEN.glob("*.py")} - {"run_generated"} == {*CASES, *FAMILIES}


def test_golden_copies_are_formatted_and_clean() -> None:
    ruff = Path(sys.executable).with_name("ruff")
    paths = [str(GOLDEN / f"{name}.py") for name in (*CASES, *FAMILIES)]
    for arguments in (["format", "--diff"], ["check", "--select", "F,E,W,B,C4,SIM", "--ignore", "C408,B905"]):
        command = [str(ruff), arguments[0], "--isolated", "--line-length", "100", *arguments[1:], *paths]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        assert run.returncode == 0, run.stdout + run.stderr


def test_bert_reads_like_one_written_by_hand() -> None:
    source = generated("minilm").source
    assert len(source.splitlines()) <= 150
    assert re.findall(r"class (\w+)\(nn\.Module\)", source) == [
        "BertEmbeddings",
        "BertSelfAttention",
        "BertSelfOutput",
        "BertAttention",
        "BertIntermediate",
        "BertOutput",
        "BertLayer",
        "BertEncoder",
        "BertPooler",
        "BertModel",
    ]
    assert "[BertLayer() for _ in range(6)]" in source
    assert "for layer in self.layer:" in source
    assert "mx.fast.scaled_dot_product_attention(" in source
    for layer in ("nn.Linear(384, 1536)", "nn.LayerNorm(384, eps=1e-12)", "nn.Embedding(30522, 384)"):
        assert layer in source
    for leftover in ("expand", "broadcast", "view", "clone", "assert", "where", "contiguous", "stop_gradient"):
        assert leftover not in source


@pytest.mark.parametrize("name", PORTS)
def test_decoders_are_as_short_as_ports_by_hand(name: str) -> None:
    """Of mlx-lm, whose files hold settings and caches beside the model."""
    source = family(name)
    spec = importlib.util.find_spec(f"mlx_lm.models.{name}")
    assert spec
    assert spec.origin
    by_hand = len(Path(spec.origin).read_text().splitlines())
    assert len(source.splitlines()) <= by_hand
    assert 'mask="causal"' in source
    assert ("mx.fast.rope(" in source) == (name != "gpt2")
    for leftover in ("mx.arange(", "mx.cos(", "mx.where(", "mx.concatenate("):
        assert leftover not in source or (name, leftover) == ("gpt2", "mx.arange(")


@pytest.mark.parametrize(("name", "transposes"), [("mnist", 2), ("resnet", 1)])
def test_convolutions_run_channels_last(name: str, transposes: int) -> None:
    """One transpose in; where the features are flattened, one for PyTorch's order of them; none between layers."""
    source = generated(name).source
    assert source.count(".transpose(0, 2, 3, 1)") == 1
    assert source.count("transpose") == transposes
