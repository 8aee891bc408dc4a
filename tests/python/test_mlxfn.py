"""Models as .mlxfn files: read from Python and by the C++ program of examples/cpp, for this device and for a GPU."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch

import torch2mlx
from cli_program import PYTHON, ROOT, run
from models import mlp
from torch2mlx import _native
from torch2mlx._tensors import to_mlx
from torch2mlx.verification import differences, run_torch
from transformers_models import ARCHITECTURES
from transformers_models import model as tiny

PROGRAM = ROOT / "build/examples/cpp/run_mlxfn"
LIMIT = 1e-5


class Net(torch.nn.Module):
    """A convolution and statistics of fixed sizes, sizes that vary behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 8, 3, padding=1)
        self.norm = torch.nn.BatchNorm2d(8)
        self.out = torch.nn.Linear(8, 5)

    def forward(self, x: torch.Tensor) -> dict[str, torch.Tensor]:
        features = torch.relu(self.norm(self.conv(x)))
        return {"features": features, "logits": self.out(features.mean((2, 3)))}


class Counter(torch.nn.Module):
    """Keeps state."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("total", torch.zeros(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.total.add_(x.sum(0))
        return x + self.total


def close(wanted: list[torch.Tensor], given: list[Any]) -> None:
    assert len(given) == len(wanted)
    for found in differences([f"output {i}" for i in range(len(wanted))], wanted, given, LIMIT):
        assert found.passed, found


def inputs_for(metadata: dict[str, Any], kwargs: dict[str, torch.Tensor]) -> list[mx.array]:
    return [to_mlx(kwargs[entry["name"]]) for entry in metadata["inputs"]]


def save_numbered(path: Path, arrays: list[Any]) -> Path:
    mx.save_safetensors(str(path), {str(i): array for i, array in enumerate(arrays)})
    return path


def run_cpp(path: Path, given: list[mx.array], wanted: list[torch.Tensor], *weights: Path) -> str:
    """The example's output; it compares the results itself."""
    inputs = save_numbered(path.with_name("inputs.safetensors"), given)
    expected = save_numbered(path.with_name("expected.safetensors"), [to_mlx(tensor) for tensor in wanted])
    command = [PROGRAM, path, inputs, *weights, "--expect", expected]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ARCHITECTURES if os.environ.get("TORCH2MLX_EVERY_ARCHITECTURE") else ["bert", "vit"])
def test_both_ways_back(name: str, tmp_path: Path) -> None:
    """A function for every size that the architecture is compared at, in one file."""
    model, calls = tiny(name), [kwargs for _, kwargs in ARCHITECTURES[name].calls]
    code = torch2mlx.generate(model, kwargs=calls[0], verify=False)
    shapes = [{key: tuple(value.shape) for key, value in kwargs.items()} for kwargs in calls]
    metadata = code.export_mlxfn(tmp_path / "model.mlxfn", shapes=shapes, device="cpu")
    function = mx.import_function(str(tmp_path / "model.mlxfn"))
    for kwargs in calls:
        wanted, _ = run_torch(model, (), kwargs)
        given = inputs_for(metadata, kwargs)
        close(wanted, function(*given))
        run_cpp(tmp_path / "model.mlxfn", given, wanted)


def test_weights_as_inputs(tmp_path: Path) -> None:
    model, x = Net().eval(), torch.randn(2, 3, 8, 8)
    code = torch2mlx.generate(model, (x,), verify=False)
    code.save(tmp_path)
    metadata = code.export_mlxfn(tmp_path / "model.mlxfn", weights="inputs", device="cpu")
    inside = code.export_mlxfn(tmp_path / "inside.mlxfn", device="cpu")
    assert (metadata["weights"], inside["weights"]) == ("model.safetensors", "inside")
    assert metadata["outputs"] == ["features", "logits"]
    wanted, _ = run_torch(model, (x,), {})
    weights = mx.load(str(tmp_path / "model.safetensors"))
    close(wanted, mx.import_function(str(tmp_path / "model.mlxfn"))(to_mlx(x), **weights))
    run_cpp(tmp_path / "model.mlxfn", [to_mlx(x)], wanted, tmp_path / "model.safetensors")
    held = sum(array.nbytes for array in weights.values())
    assert (tmp_path / "model.mlxfn").stat().st_size < (tmp_path / "inside.mlxfn").stat().st_size - held // 2


class Halves(torch.nn.Module):
    """Sizes in everything."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        length = x.shape[1]
        return x[:, length // 2 :] + torch.arange(length - length // 2, dtype=x.dtype)


def test_a_function_for_each_of_the_sizes_stated(tmp_path: Path) -> None:
    model = Halves()
    code = torch2mlx.generate(model, (torch.randn(2, 6),), verify=False)
    shapes = [{"x": (1, 4)}, {"x": (3, 9)}]
    metadata = code.export_mlxfn(tmp_path / "model.mlxfn", shapes=shapes, device="cpu")
    assert metadata["traces"] == [{"x": [1, 4]}, {"x": [3, 9]}]
    function = mx.import_function(str(tmp_path / "model.mlxfn"))
    for shape in ((1, 4), (3, 9)):
        x = torch.randn(shape)
        close(run_torch(model, (x,), {})[0], function(to_mlx(x)))
    with pytest.raises(ValueError, match="No imported function"):
        function(mx.zeros((2, 6)))


def test_state_is_an_input_and_a_result(tmp_path: Path) -> None:
    model, x = Counter(), torch.randn(3, 4)
    code = torch2mlx.generate(model, (x,), verify=False)
    total = model.total.clone()
    metadata = code.export_mlxfn(tmp_path / "model.mlxfn", device="cpu")
    assert metadata["updates"] == ["total"]
    function = mx.import_function(str(tmp_path / "model.mlxfn"))
    given, state = function(to_mlx(x), total=to_mlx(total))
    close([x + total + x.sum(0), total + x.sum(0)], [given, state])


def test_files_for_a_gpu(tmp_path: Path) -> None:
    """Written without one: every operation says so, and nothing else differs from the file for the CPU."""
    code = torch2mlx.generate(Net().eval(), (torch.randn(2, 3, 8, 8),), verify=False)
    for device in ("cpu", "gpu"):
        metadata = code.export_mlxfn(tmp_path / f"{device}.mlxfn", device=device)
        assert metadata["device"] == device
    devices = _native.graph().mlxfn_devices
    on_cpu, on_gpu = devices(tmp_path / "cpu.mlxfn"), devices(tmp_path / "gpu.mlxfn")
    assert {device for _, device in on_cpu} == {"cpu"}
    assert {device for _, device in on_gpu} == {"gpu"}
    assert [name for name, _ in on_cpu] == [name for name, _ in on_gpu]


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    code = torch2mlx.generate(mlp(), (torch.randn(3, 8),), verify=False)
    path = tmp_path / "model.mlxfn"
    code.export_mlxfn(path, device="cpu")
    whole = path.read_bytes()
    for cut in (4, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:cut])
        with pytest.raises(torch2mlx.InputError, match="ends in the midst"):
            _native.graph().mlxfn_devices(path)


def test_wrong_arguments(tmp_path: Path) -> None:
    code = torch2mlx.generate(mlp(), (torch.randn(3, 8),), verify=False)
    for options, words in (
        ({"weights": "outside"}, "none of inside, inputs"),
        ({"device": "tpu"}, "none of cpu, gpu"),
        ({"shapes": [{"y": (1, 8)}]}, "y: is no input of the model"),
        ({"shapes": [{"x": (1, 17)}]}, "axis 1 cannot be 17: it is always 8"),
        ({"shapes": [{"x": (1, 2, 8)}]}, "has 2 axes, not 3"),
    ):
        with pytest.raises(torch2mlx.InputError, match=words):
            code.export_mlxfn(tmp_path / "model.mlxfn", **options)
    assert list(tmp_path.iterdir()) == []


FACTORY = "import torch\ndef make():\n    torch.manual_seed(0)\n    return torch.nn.Linear(4, 3)\n"


def test_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "nets.py").write_text(FACTORY)
    environment = {"PYTHONPATH": f"{ROOT / 'python'}:{tmp_path}", "PATH": "/usr/bin:/bin"}
    arguments = ["nets:make", tmp_path / "out", "--mlxfn", "--input", "input=f32[2,4]", "--mlxfn-shape", "input=5x4"]
    done = run(*arguments, "--mlxfn-device", "cpu", program=PYTHON, env=environment)
    assert "model.mlxfn: on the cpu, weights inside" in done.stdout
    sys.path.insert(0, str(tmp_path))
    model = __import__("nets").make()
    x = torch.randn(5, 4)
    function = mx.import_function(str(tmp_path / "out/model.mlxfn"), return_metadata=True)
    assert json.loads(function[1])["inputs"] == [{"name": "input", "dtype": "float32"}]
    assert np.abs(np.array(function[0](to_mlx(x))[0]) - model(x).detach().numpy()).max() < LIMIT
    refused = run(*arguments, "-q", program=PYTHON, env=environment, check=2)
    assert "not with -q" in refused.stderr
