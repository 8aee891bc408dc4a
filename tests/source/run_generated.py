"""Runs a generated module against recorded results: python run_generated.py FOLDER CLASS.

FOLDER holds model.py, model.safetensors and case0.safetensors ... with arrays in0, in1, ... and out0, out1, ...
"""

import runpy
import subprocess
import sys
from pathlib import Path

import mlx.core as mx
from mlx.utils import tree_flatten

folder, class_name = Path(sys.argv[1]), sys.argv[2]


def check_layout(source: Path) -> None:
    """The text is as ruff lays it out."""
    ruff = Path(sys.executable).with_name("ruff")
    arguments = ["format", "--isolated", "--diff", "--line-length", "100", str(source)]
    subprocess.run([str(ruff), *arguments], check=True)
    subprocess.run([str(ruff), "check", "--isolated", "--select", "F,E,B", "--line-length", "100", str(source)], check=True)


model = runpy.run_path(str(folder / "model.py"))[class_name]()
model.load_weights(str(folder / "model.safetensors"), strict=True)
model.eval()
for path in sorted(folder.glob("case*.safetensors")):
    arrays = mx.load(str(path))
    inputs = [arrays[f"in{i}"] for i in range(len(arrays)) if f"in{i}" in arrays]
    results = [array for _, array in tree_flatten(model(*inputs))]
    expected = [arrays[f"out{i}"] for i in range(len(arrays)) if f"out{i}" in arrays]
    assert len(results) == len(expected), (len(results), len(expected))
    for result, wanted in zip(results, expected):
        assert result.shape == wanted.shape and result.dtype == wanted.dtype, (result.shape, wanted.shape)
        difference = mx.abs(result.astype(mx.float32) - wanted.astype(mx.float32)).max().item()
        assert difference <= 1e-6, f"{path.name}: {difference}"
check_layout(folder / "model.py")
