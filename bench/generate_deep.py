"""Live decoders of 6 to 96 layers to source (`verify=False`): against torch.export + run_decompositions alone, and the
C++ stages by themselves, whose time must grow as the number of nodes.

Prints for each depth: nodes of the graph, seconds of export + decompositions alone, of generate and their ratio (target
<= 1.3 at 24 layers), and for 20,000 nodes the seconds of lower, passes and source (of CPU time; target <= 0.3 for all):
the first time and the best of five. Then the same stages for a loop over time in a single function.

    python bench/generate_deep.py [LAYERS...]
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


class Loop(torch.nn.Module):
    """A running mean, a step at a time: eight nodes each."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.steps = steps

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean, count, means = x[:, 0], x[:, 1], []
        for step in range(self.steps):
            now = x[:, step % x.shape[1]]
            mean = torch.where(count > step, mean + (now - mean) / torch.where(count == 0, 1.0, count), mean)
            count = count + now.abs()
            means.append(mean)
        return torch.stack(means, 1)


def nodes_of(graph: Any) -> int:
    return sum(" = " in line for line in str(graph).splitlines())


def stages_report(graph: Any) -> str:
    runs = [stages(graph) for _ in range(5)]
    scale = 20000 / nodes_of(graph)
    first, best = sum(runs[0]) * scale, [min(times) * scale for times in zip(*runs, strict=True)]
    return (
        f"C++ stages for 20,000 nodes: first {first:.3f} s, best {sum(best):.3f} s "
        f"(lower {best[0]:.3f}, passes {best[1]:.3f}, source {best[2]:.3f})"
    )


def report(layers: int, ids: torch.Tensor) -> str:
    model, inputs = decoder(layers), {"input_ids": ids}
    shapes = {"input_ids": {0: Dim("batch"), 1: Dim("length")}}
    export, _ = seconds(lambda: torch.export.export(model, (), inputs, dynamic_shapes=shapes).run_decompositions({}))
    generate, _ = seconds(lambda: torch2mlx.generate(model, kwargs=inputs, verify=False))
    graph = example_capture(model, None, inputs).graph
    return (
        f"{layers:3} layers, {nodes_of(graph):6} nodes: export + decompositions {export:6.2f} s, "
        f"generate {generate:6.2f} s, ratio {generate / export:.2f}   {stages_report(graph)}"
    )


def main() -> None:
    ids = torch.randint(0, 99, (2, 9))
    for layers in [int(text) for text in sys.argv[1:]] or [2, 6, 24, 96]:
        print(report(layers, ids), flush=True)
    for steps in (100, 400):
        graph = example_capture(Loop(steps), (torch.randn(3, 9),), None).graph
        print(f"{steps} steps in one function, {nodes_of(graph)} nodes: {stages_report(graph)}", flush=True)


if __name__ == "__main__":
    main()
