"""Where torch, MLX, NumPy or transformers is not installed, every entry point says what to install."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from torch import nn

import torch2mlx

ROOT = Path(__file__).parents[2]
# Run with some packages blocked: prints a line for each entry point that raised anything but Torch2MLXError.
PROGRAM = """
import sys

blocked = set(sys.argv[1].split(","))


class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Blocked())
import torch2mlx
from torch2mlx import Torch2MLXError

model = object()
if "torch" not in blocked:
    import torch

    model = torch.nn.Sequential(torch.nn.Linear(4, 3))
    example = (torch.ones(2, 4),)
else:
    example = None
state = {"w": [1.0]}
calls = {
    "analyze": lambda: torch2mlx.analyze(model),
    "convert": lambda: torch2mlx.convert(model, "w.safetensors"),
    "convert folder": lambda: torch2mlx.convert("hf", "w.safetensors"),
    "export": lambda: torch2mlx.export(model, "e.safetensors"),
    "restore": lambda: torch2mlx.restore("out/model.safetensors", "back.pt"),
    "load_converted": lambda: torch2mlx.load_converted("out/model.safetensors"),
    "generate": lambda: torch2mlx.generate(model, example),
    "generate unverified": lambda: torch2mlx.generate(model, example, verify=False),
    "generate.load": lambda: torch2mlx.generate(model, example, verify=False).load(),
    "generate folder": lambda: torch2mlx.generate("hf", example),
    "generate file": lambda: torch2mlx.generate("in.pt2", verify=True, trust_code=True),
    "verify": lambda: torch2mlx.verify(model, example),
    "verify file": lambda: torch2mlx.verify("in.pt2", example, trust_code=True),
    "verify folder": lambda: torch2mlx.verify(model, example, folder="out"),
    "register_layer": lambda: torch2mlx.register_layer("my.Conv", "nn.Conv2d"),
    "register_lowering": lambda: torch2mlx.register_lowering("aten::erf.default", lambda *a: a, override=True),
    "convert_optimizer": lambda: torch2mlx.convert_optimizer("optimizer.pt", "o.safetensors", model=model),
    "load_optimizer": lambda: torch2mlx.load_optimizer("o.safetensors"),
}
for name, call in calls.items():
    try:
        call()
        print("ran", name)
    except Torch2MLXError as error:
        print("told", name, "|", str(error).replace("\\n", " "))
    except BaseException as error:
        print("RAW", name, "|", type(error).__name__, str(error)[:300].replace("\\n", " "))
"""
COMMAND = (
    PROGRAM.partition("import torch2mlx")[0]
    + "sys.argv[1:2] = []\nfrom torch2mlx.__main__ import main\nsys.exit(main())\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("missing")
    model = nn.Sequential(nn.Linear(4, 3))
    torch2mlx.generate(model, (torch.ones(2, 4),)).save(path / "out")
    torch.save(model, path / "in.pt")
    torch.export.save(torch.export.export(model, (torch.ones(2, 4),)), path / "in.pt2")
    (path / "hf").mkdir()
    (path / "hf/config.json").write_text('{"model_type": "bert"}')
    save_file({"w": np.ones(3, np.float32)}, path / "hf/model.safetensors")
    return path


def python(program: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=env)


@pytest.mark.parametrize("blocked", ["torch", "numpy", "mlx", "transformers", "torch,numpy,mlx,transformers"])
def test_every_entry_point_says_what_to_install(blocked: str, folder: Path) -> None:
    done = python(PROGRAM, folder, blocked)
    lines = done.stdout.splitlines()
    assert len(lines) == 18, done.stderr[-2000:]
    assert [line for line in lines if line.startswith("RAW")] == []
    told = "\n".join(line for line in lines if line.startswith("told"))
    for name in blocked.split(","):
        if name in ("numpy", "transformers") and "," in blocked:
            continue  # never reached
        assert f"needs {name}" in told or f"needs {'PyTorch' if name == 'torch' else name}" in told or "MLX" in told
    ran = {line.removeprefix("ran ") for line in lines if line.startswith("ran")}
    assert {"convert folder", "restore", "register_layer"} <= ran  # which need no package


@pytest.mark.parametrize(
    ("blocked", "arguments", "words"),
    [
        ("torch", ["in.pt", "x", "--codegen"], "torch2mlx[torch]"),
        ("torch", ["verify", "in.pt", "out"], "torch2mlx[torch]"),
        ("torch", ["package:make", "x"], "torch2mlx[torch]"),
        ("torch", ["in.pt2", "x", "--verify", "--trust-code"], "torch2mlx[torch]"),
        ("mlx", ["in.pt", "x", "--codegen"], "mlx"),
        ("mlx", ["verify", "in.pt", "out"], "mlx"),
        ("mlx", ["ops"], "mlx"),
        ("numpy", ["in.pt", "x", "--verify"], "numpy"),
        ("numpy", ["verify", "in.pt", "out"], "numpy"),
        ("transformers", ["hf", "x", "--codegen"], "torch2mlx[hf]"),
    ],
)
def test_the_command_line_says_what_to_install(blocked: str, arguments: list[str], words: str, folder: Path) -> None:
    done = python(COMMAND, folder, blocked, *arguments)
    assert done.returncode == 1, done.stdout
    (line,) = done.stderr.splitlines()
    assert line.startswith("torch2mlx: ")
    assert words in line
    assert "ModuleNotFoundError" not in line
    assert not (folder / "x").exists()


@pytest.mark.parametrize("arguments", [["in.pt", "y", "--force"], ["in.pt", "--analyze-only"], ["inspect", "in.pt"]])
def test_weights_need_no_package(arguments: list[str], folder: Path) -> None:
    done = python(COMMAND, folder, "torch,numpy,mlx,transformers", *arguments)
    assert done.returncode == 0, done.stderr
