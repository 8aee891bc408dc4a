"""Live decoders of 6 to 96 layers to source (`verify=False`): against torch.export + run_decompositions alone, and the
C++ stages by themselves, whose time must grow as the number of nodes.

Prints for each depth: nodes of the graph, seconds of export + decompositions alone, of generate and their ratio (target
<= 1.3 at 24 layers), seconds of lower + passes + source and those for 20,000 nodes (target <= 0.3).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import torch
import transformers
from torch.export import Dim

import torch2mlx
from torch2mlx import _native


def decoder(layers: int) -> torch.nn.Module:
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=99,
        use_cache=False,
    )
    return transformers.LlamaModel(config).eval()


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def main() -> None:
    ids = torch.randint(0, 99, (2, 9))
    for layers in [int(text) for text in sys.argv[1:]] or [2, 6, 24, 96]:
        model = decoder(layers)
        shapes = {"input_ids": {0: Dim("batch"), 1: Dim("length")}}

        def alone(model=model, shapes=shapes) -> Any:
            return torch.export.export(model, (), {"input_ids": ids}, dynamic_shapes=shapes).run_decompositions({})

        def whole(model=model) -> Any:
            return torch2mlx.generate(model, kwargs={"input_ids": ids}, verify=False)

        export, _ = seconds(alone)
        generate, _ = seconds(whole)
        from torch2mlx.generation import example_capture

        capture = example_capture(model, None, {"input_ids": ids})
        nodes = sum(" = " in line for line in str(capture.graph).splitlines())
        stages, _ = seconds(lambda: capture.graph.lower().optimized().source("", "Decoder", [], []))
        print(
            f"{layers:3} layers, {nodes:6} nodes: export + decompositions {export:6.2f} s, generate {generate:6.2f} s, "
            f"ratio {generate / export:.2f}   C++ stages {stages:6.3f} s, {stages / nodes * 20000:.3f} s for 20,000 nodes",
            flush=True,
        )


if __name__ == "__main__":
    _native.graph()
    main()
