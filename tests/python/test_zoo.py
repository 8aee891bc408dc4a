"""A fixed twentieth of `make zoo`: nets of packages, converted as their packages call them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-zoo/bin/python"  # tools/setup makes it, of requirements/zoo-test.txt
NETS = (
    "others/efficientnet-b0",
    "quantizers/LatentQuantize",
    "quantizers/ResidualFSQ",
    "quantizers/ResidualVQ",
    "quantizers/VectorQuantize",
    "timm/eva02_tiny_patch14_224",
    "timm/test_byobnet",
    "timm/test_convnext",
    "timm/test_mambaout",
    "timm/test_resnet",
    "timm/test_vit",
    "vit_pytorch/simple_vit_1d.SimpleViT",
    "vit_pytorch/vit.ViT",
    "x_transformers/continuous",
    "x_transformers/decoder-dynamic-position",
    "x_transformers/decoder-gated-residual",
    "x_transformers/decoder-plain",
    "x_transformers/decoder-talking-heads",
    "x_transformers/encoder",
)


def zoo(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'python'}{os.pathsep}{ROOT / 'tools'}", "OMP_NUM_THREADS": "1"}
    return subprocess.run([str(PYTHON), "-m", "zoo", *arguments], capture_output=True, text=True, check=False, env=env)


def test_a_twentieth_matches(tmp_path: Path) -> None:
    pytest.importorskip("mlx.core")
    done = zoo(*NETS, f"--json={tmp_path / 'zoo.json'}", "--jobs=2")
    assert (tmp_path / "zoo.json").exists(), done.stderr
    results = json.loads((tmp_path / "zoo.json").read_text())["nets"]
    assert {name: results.get(name, {}).get("outcome") for name in NETS} == dict.fromkeys(NETS, "match"), done.stdout


def test_results_are_told_in_few_words() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from zoo.record import BATCH, cause, causes, summary
        from zoo.work import in_words_of_the_zoo
    finally:
        sys.path.remove(str(ROOT / "tools"))
    traced = {"outcome": "traced", "why": "x [3, 8]: this model was traced with x.shape[0] == 2"}
    batch = in_words_of_the_zoo({**traced, "refuses": ["batch", "size"]})
    assert batch["outcome"] == "refused"  # PyTorch took that batch
    assert in_words_of_the_zoo({**traced, "refuses": ["size"]})["outcome"] == "match"
    assert in_words_of_the_zoo({"outcome": "error", "why": ""})["outcome"] == "crashed"
    operator = {"outcome": "refused", "why": "2 places: node 3 'a': aten.histc.default has no MLX lowering"}
    assert (cause(batch), cause(operator)) == (BATCH, "aten.histc.default")
    results = {"a/x": batch, "a/y": batch, "b/z": operator, "b/w": {"outcome": "match"}}
    assert causes(results)[0] == ("refused", BATCH, ["a/x", "a/y"])
    assert "1 of 4 nets match (25.0 %)" in summary(results)
