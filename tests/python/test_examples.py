"""The programs in examples/ do what the README says of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VALIDATIONS = ["validate_mnist", "validate_transformer", "validate_resnet", "extend"]


def run(*arguments: object, status: int = 0) -> str:
    """Runs Python on the checkout and gives what it printed."""
    paths = [str(ROOT / "python"), str(ROOT / "examples")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False, env=environment)
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", VALIDATIONS)
def test_validation(name: str, tmp_path: Path) -> None:
    output = run(ROOT / "examples" / f"{name}.py", tmp_path)
    rows = re.findall(r"^  [\dx]+( traced)? +(\d\.\de[+-]\d\d) +([\d.]+) +([\d.]+) +([\d.]+)$", output, re.MULTILINE)
    assert len(rows) == 4, output
    assert [bool(row[0]) for row in rows] == [True, False, False, False]
    assert all(float(row[1]) < 1e-5 for row in rows)
    assert re.search(r"^passed: largest difference \S+, limit 1e-05$", output, re.MULTILINE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.py", "model.safetensors"]
    assert "import torch2mlx" not in (tmp_path / "model.py").read_text()


def test_what_was_registered_is_in_the_code(tmp_path: Path) -> None:
    run(ROOT / "examples" / "extend.py", tmp_path)
    source = (tmp_path / "model.py").read_text()
    assert re.findall(r"self\.\w+ = (nn\.\w+)", source) == ["nn.Conv2d", "nn.Conv2d", "nn.Linear"]
    assert "mx.softmax(x * 2.0, axis=-1) * x" in source


def test_validation_fails_with_status_1(tmp_path: Path) -> None:
    script = "import runpy, validate; validate.LIMIT = 0; runpy.run_module('validate_mnist', run_name='__main__')"
    output = run("-c", script, tmp_path, status=1)
    assert "FAILED: largest difference" in output


def test_demo(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/model.py").write_text("left by an earlier run")
    output = run(ROOT / "examples" / "demo.py", tmp_path / "out")
    differences = re.findall(r"^  (.+?) +(\d\.\de[+-]\d\d)  ok$", output, re.MULTILINE)
    assert [name for name, _ in differences] == ["tokens, without padding", "sentence vectors", "similarities"]
    assert all(float(value) <= 1e-5 for _, value in differences)
    assert len(re.findall(r"^ +\d+( +-?\d+){12} +\d+( +-?\d+){12}$", output, re.MULTILINE)) == 12
    assert all(len(line) <= 120 for line in output.splitlines() if tmp_path.name not in line), output
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"model.py", "model.safetensors", "config.json", "tokenizer.json", "report.json"} <= written


@pytest.mark.parametrize("name", VALIDATIONS)
def test_examples_fit_a_screen_or_two(name: str) -> None:
    assert len((ROOT / "examples" / f"{name}.py").read_text().splitlines()) < 80
