"""Live decoders of 6 to 96 layers to source (`verify=False`): against torch.export + run_decompositions alone, and the
C++ stages by themselves, whose time must grow as the number of nodes.

Prints for each depth: nodes of the graph, seconds of export + decompositions alone, of generate and their ratio (target
<= 1.3 at 24 layers), and for 20,000 nodes the seconds of lower, passes and source (of CPU time; target <= 0.3 for all):
the first time and the best of five.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable
from typing import Any

import torch
import transformers
from torch.export import Dim

import torch2mlx
from torch2mlx.generation import example_capture


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


def stages(graph: Any) -> list[float]:
    """Seconds of CPU time of lower, passes and source."""
    marks = [time.process_time()]
    lowered = graph.lower()
    marks.append(time.process_time())
    optimized = lowered.optimized()
    marks.append(time.process_time())
    optimized.source("", "Decoder", [], [])
    marks.append(time.process_time())
    return [after - before for before, after in itertools.pairwise(marks)]


def report(layers: int, ids: torch.Tensor) -> str:
    model, inputs = decoder(layers), {"input_ids": ids}
    shapes = {"input_ids": {0: Dim("batch"), 1: Dim("length")}}
    export, _ = seconds(lambda: torch.export.export(model, (), inputs, dynamic_shapes=shapes).run_decompositions({}))
    generate, _ = seconds(lambda: torch2mlx.generate(model, kwargs=inputs, verify=False))
    graph = example_capture(model, None, inputs).graph
    nodes = sum(" = " in line for line in str(graph).splitlines())
    runs = [stages(graph) for _ in range(5)]
    first, best = sum(runs[0]), [min(times) for times in zip(*runs, strict=True)]
    lower, passes, source = (time / nodes * 20000 for time in best)
    return (
        f"{layers:3} layers, {nodes:6} nodes: export + decompositions {export:6.2f} s, generate {generate:6.2f} s, "
        f"ratio {generate / export:.2f}   C++ stages for 20,000 nodes: first {first / nodes * 20000:.3f} s, best "
        f"{sum(best) / nodes * 20000:.3f} s (lower {lower:.3f}, passes {passes:.3f}, source {source:.3f})"
    )


def main() -> None:
    ids = torch.randint(0, 99, (2, 9))
    for layers in [int(text) for text in sys.argv[1:]] or [2, 6, 24, 96]:
        print(report(layers, ids), flush=True)


if __name__ == "__main__":
    main()
