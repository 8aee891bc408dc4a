#!/usr/bin/env python3
"""PyTorch's own operator suite (`op_db`) against MLX: every entry's sample inputs, exported, lowered and run.

A sample is one call of the entry's function in a module of its own. It is captured as any model is, then run three
times: the graph as lowered, the graph after the passes, and the generated Python. An entry is

  match         every captured sample gives eager PyTorch's result
  refused       a sample is refused, by name and with a cause
  differs       a result is another, silently: always a fault
  error         anything else that goes wrong on our side, crashes and timeouts too
  not captured  torch.export cannot trace any of its samples

whichever of its samples is worst. Entries run in processes of their own, a chunk at a time; time is that of computing.
"""

from __future__ import annotations

import argparse
import dataclasses
import fnmatch
import itertools
import json
import multiprocessing
import os
import re
import resource
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "python"))

DTYPES = ("float32", "float16", "bfloat16", "int64", "int32", "bool")
# |torch - mlx| <= tolerance * max(1, |torch|), element by element, or else of the largest element: sums of products
# are rounded in another order, and cancel.
TOLERANCES = {"float32": 1e-5, "complex64": 1e-5, "float16": 4e-3, "bfloat16": 3e-2}
RANK = ("differs", "error", "refused", "match", "not captured")  # worst first
CHUNK, ENTRY_SECONDS, MEMORY = 40, 60, 12 << 30

# Entries whose numbers PyTorch leaves open: shape and dtype are compared.
UNDEFINED = {"empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided"}
# Entries with results that are unique but for signs or phases: compared through the function that the suite itself
# applies before it compares anything (a sample's output_process_fn_grad).
UP_TO_PHASES = ("linalg.svd", "svd", "linalg.eigh", "linalg.eig", "symeig")

# Entries that pick any of equal elements, if they are not called with `stable`: what their indices pick is compared.
# Where `dim` is among the arguments.
PICKING = {"kthvalue": 1, "mode": 0, "topk": 1, "sort": 0, "argsort": 0}
# Tolerances of entries' own. MLX's fallback for CPUs rounds an attention's scores to halves, PyTorch does not.
LOOSE = {"nn.functional.scaled_dot_product_attention": {"float16": 1e-2, "bfloat16": 6e-2}}


@dataclasses.dataclass
class Result:
    """What became of one entry at one dtype."""

    entry: str
    outcome: str
    samples: dict[str, int] = dataclasses.field(default_factory=dict)  # outcome -> number
    cause: str = ""  # of the worst sample
    details: str = ""
    difference: float = 0.0  # the largest, over max(1, max|torch|)
    by_scale: bool = False  # some element is off by more than the tolerance times itself


@dataclasses.dataclass
class Sample:
    outcome: str
    cause: str = ""
    details: str = ""
    difference: float = 0.0
    by_scale: bool = False


def name_of(op: Any) -> str:
    return op.name + (f".{op.variant_test_name}" if op.variant_test_name else "")


def entries(dtype: str) -> dict[str, Any]:
    """{name: OpInfo} of the suite's entries that take this dtype on the CPU."""
    import torch
    from torch.testing._internal.common_methods_invocations import op_db

    return {name_of(op): op for op in op_db if getattr(torch, dtype) in op.dtypes}


def samples_of(op: Any, dtype: str, limit: int) -> list[Any]:
    """At most `limit` of the entry's samples, spread over the first hundred."""
    import torch

    torch.manual_seed(0)
    found = list(itertools.islice(op.sample_inputs("cpu", getattr(torch, dtype), requires_grad=False), 100))
    step = max(1.0, len(found) / limit)
    return [found[int(i * step)] for i in range(min(limit, len(found)))]


def module_of(op: Any, sample: Any) -> tuple[Any, tuple[Any, ...]]:
    """(module that makes the sample's call, its tensors)."""
    import torch
    from torch.utils import _pytree as pytree

    leaves, tree = pytree.tree_flatten((sample.input, sample.args, sample.kwargs))

    class Op(torch.nn.Module):
        def forward(self, *tensors: Any) -> Any:
            given = iter(tensors)
            held = [next(given) if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves]
            first, args, kwargs = pytree.tree_unflatten(held, tree)
            # Named results (torch.return_types) have no serialized form of their own.
            results = pytree.tree_leaves(op.op(first, *args, **kwargs))
            return results[0] if len(results) == 1 else tuple(results)

    return Op(), tuple(leaf.detach().clone() for leaf in leaves if isinstance(leaf, torch.Tensor))


def run_sample(op: Any, sample: Any) -> Sample:
    import torch

    from torch2mlx.capture import capture
    from torch2mlx.errors import Torch2MLXError
    from torch2mlx.verification import tensor_leaves

    module, tensors = module_of(op, sample)
    try:
        with torch.no_grad():
            wanted = tensor_leaves(module(*(tensor.clone() for tensor in tensors)))
    except Exception as error:
        return Sample("not captured", f"eager PyTorch refuses it: {error}"[:200])
    try:
        captured = capture(module, tuple(tensor.clone() for tensor in tensors), {}, None)
        return compared(op, sample, wanted, results(captured, tensors))
    except Torch2MLXError as error:
        if "torch.export cannot trace" in error.message:
            return Sample("not captured", (error.details or [""])[0][:200])
        return Sample("refused", cause_of(error), str(error))
    except Exception as error:
        return Sample(
            "error",
            f"{type(error).__name__}: {str(error).strip().splitlines()[0][:150]}"
            if str(error)
            else type(error).__name__,
            traceback.format_exc()[-3000:],
        )


def cause_of(error: Any) -> str:
    """The operator and why, without the place."""
    text = error.details[0] if error.details else error.message
    found = re.search(r"\b\w+\.\w+\.\w+(?:: | has no).*", text)
    return (found[0] if found else text)[:200]


Run = tuple[str, list[Any], list[bool]]  # how it was run, leaves of the output, which of them are random


def results(captured: Any, tensors: Sequence[Any]) -> Iterator[Run]:
    """Three runs."""
    import mlx.core as mx
    from mlx.utils import tree_flatten

    from torch2mlx import _native
    from torch2mlx._tensors import to_mlx

    lowered = captured.graph.lower()
    optimized = lowered.optimized()
    random = lowered.random_results or [False]
    keys = {lowered.key: mx.random.key(0)} if lowered.key else {}

    def inputs() -> list[Any]:  # anew for every run, which may write to them
        return [to_mlx(tensor) for tensor in tensors]

    for graph, place in ((lowered, "as lowered"), (optimized, "after the passes")):
        outputs = _native.graph().Executor(graph).run({}, [*inputs(), *keys.values()])[0][len(graph.written) :]
        yield f"{place}:\n{graph}", [leaf for leaf in outputs if leaf is not None], random
    source = optimized.source("Op", "Op", [], captured.parameters)
    namespace: dict[str, Any] = {"__name__": "model"}
    exec(compile(source.text, "model.py", "exec"), namespace)
    output = namespace["Op"]()(*inputs(), **keys)
    yield (
        source.text,
        [leaf for _, leaf in tree_flatten(output) if leaf is not None] if output is not None else [],
        random,
    )


def compared(op: Any, sample: Any, wanted: list[Any], runs: Iterator[Run]) -> Sample:
    from torch2mlx._tensors import to_torch

    name, match = name_of(op), Sample("match")
    tolerances = {**TOLERANCES, **LOOSE.get(name, {})}
    for place, arrays, random in runs:
        given = [to_torch(as_array(leaf)) for leaf in arrays]
        if len(given) != len(wanted):
            return Sample("differs", f"{len(given)} results, torch {len(wanted)}", place)
        for reference, result in zip(canonical(name, sample, wanted), canonical(name, sample, given), strict=True):
            held = tolerances if not (name in UNDEFINED or any(random)) else None
            reason, difference, by_scale = differs(reference, result, held)
            if reason:
                return Sample("differs", reason, f"{result}\ntorch {reference}\n{place}"[:4000], difference)
            match.difference = max(match.difference, difference)
            match.by_scale |= by_scale
    return match


def as_array(leaf: Any) -> Any:
    import mlx.core as mx

    if isinstance(leaf, int) and not isinstance(leaf, bool):
        return mx.array(leaf, dtype=mx.int64)
    return leaf if isinstance(leaf, mx.array) else mx.array(leaf)


def canonical(name: str, sample: Any, leaves: list[Any]) -> list[Any]:
    """What of an entry's results is unique."""
    if name in UP_TO_PHASES:
        return process(sample, leaves)
    free = name in PICKING and not sample.kwargs.get("stable")
    return picked(sample, leaves, PICKING[name]) if free else leaves


def picked(sample: Any, leaves: list[Any], place: int) -> list[Any]:
    import torch

    *values, indices = leaves
    x, dim = torch.atleast_1d(sample.input), sample.kwargs.get("dim", [*sample.args[place:], -1][0])
    at = indices if indices.dim() == x.dim() else indices.unsqueeze(dim)
    return [*values, torch.take_along_dim(x, at, dim), torch.zeros_like(indices)]


def process(sample: Any, leaves: list[Any]) -> list[Any]:
    from torch2mlx.verification import tensor_leaves

    return tensor_leaves(sample.output_process_fn_grad(tuple(leaves) if len(leaves) > 1 else leaves[0]))


def differs(wanted: Any, given: Any, tolerances: dict[str, float] | None) -> tuple[str, float, bool]:
    """(what is wrong or "", largest difference by scale, whether only the scale allows for it). Without tolerances,
    values are not compared."""
    import numpy as np
    import torch

    from torch2mlx.verification import numpy

    held = {torch.float64: torch.float32, torch.complex128: torch.complex64}.get(wanted.dtype, wanted.dtype)
    if given.dtype != held:
        return f"dtype {given.dtype}, torch {wanted.dtype}", 0.0, False
    if given.shape != wanted.shape:
        return f"shape {tuple(given.shape)}, torch {tuple(wanted.shape)}", 0.0, False
    if tolerances is None or not wanted.numel():
        return "", 0.0, False
    if not held.is_floating_point and not held.is_complex:
        return "" if torch.equal(given, wanted) else "other numbers", 0.0, False
    a, b = numpy(given), numpy(wanted)
    with np.errstate(invalid="ignore", over="ignore"):
        off = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0.0, np.abs(a - b))
    if not np.isfinite(off).all():
        return "other infinities or nan", float("inf"), False
    size = np.abs(b, where=np.isfinite(b), out=np.zeros(b.shape))
    tolerance = tolerances[str(held).removeprefix("torch.")]
    scaled = float(off.max() / max(1.0, float(size.max())))
    by_scale = bool((off > tolerance * np.maximum(1.0, size)).any())
    return (f"other numbers, by {scaled:.2g}" if scaled > tolerance else ""), scaled, by_scale


def run_entry(op: Any, dtype: str, limit: int) -> Result:
    try:
        samples = samples_of(op, dtype, limit)
    except Exception as error:  # of the suite itself
        return Result(name_of(op), "not captured", cause=f"no samples: {type(error).__name__}: {error}"[:200])
    found = [run_sample(op, sample) for sample in samples]
    if not found:
        return Result(name_of(op), "not captured", cause="no samples")
    worst = min(found, key=lambda sample: RANK.index(sample.outcome))
    return Result(
        name_of(op), worst.outcome, dict(Counter(sample.outcome for sample in found)), worst.cause, worst.details,
        max(sample.difference for sample in found), any(sample.by_scale for sample in found),
    )  # fmt: skip


def work(names: Sequence[str], dtype: str, limit: int, out: Connection) -> None:
    """Runs these entries in a process of its own and sends what became of each."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    known = entries(dtype)
    for name in names:
        signal.setitimer(signal.ITIMER_VIRTUAL, ENTRY_SECONDS)  # of computing; the signal ends the process
        out.send(run_entry(known[name], dtype, limit))


def sweep(names: Sequence[str], dtype: str, limit: int, jobs: int) -> Iterator[Result]:
    """The results as they come. Whatever ends a process costs the entry it was at alone."""
    import torch

    from torch2mlx import decompositions

    # What every process needs is loaded before they part; nothing is computed, for threads do not survive a fork.
    torch.set_num_threads(1)
    decompositions.fallback()
    entries(dtype)
    context = multiprocessing.get_context("fork")
    waiting = [list(names[start : start + CHUNK]) for start in range(0, len(names), CHUNK)]
    running: dict[Connection, tuple[Any, list[str]]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            left = waiting.pop(0)
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=work, args=(left, dtype, limit, sender))
            process.start()
            sender.close()
            running[receiver] = process, left
        wait([*running, *(process.sentinel for process, _ in running.values())])
        for receiver, (process, left) in list(running.items()):
            ended = process.exitcode is not None
            while receiver.poll():
                try:
                    yield receiver.recv()
                except EOFError:
                    break
                left.pop(0)
            if not ended:
                continue
            del running[receiver]
            if left:
                timer = process.exitcode == -signal.SIGVTALRM
                reason = f"takes over {ENTRY_SECONDS} s" if timer else f"ends the process with {process.exitcode}"
                yield Result(left.pop(0), "error", cause=reason)
                waiting[:0] = [left] if left else []


def print_totals(dtype: str, results: Sequence[Result]) -> None:
    counts = Counter(result.outcome for result in results)
    captured = len(results) - counts["not captured"]
    share = 100 * counts["match"] / max(1, captured)
    print(f"\n{dtype}: {len(results)} entries, {captured} captured by torch.export, {share:.1f}% of these match")
    print("  " + ", ".join(f"{counts[outcome]} {outcome}" for outcome in RANK if counts[outcome]))
    causes = Counter(result.cause for result in results if result.outcome == "refused")
    for cause, count in causes.most_common():
        print(f"  refused {count}x: {cause}")
    for result in results:
        if result.outcome == "differs":
            print(f"  DIFFERS {result.entry}: {result.cause}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", choices=(*DTYPES, "all"), default="float32")
    parser.add_argument("--only", action="append", default=[], metavar="PATTERN", help="entries, as shells match names")
    parser.add_argument("--samples", type=int, default=10, help="of an entry, at most (10)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", metavar="FILE", help="write every result there")
    args = parser.parse_args()
    everything = {}
    for dtype in DTYPES if args.dtype == "all" else (args.dtype,):
        names = [name for name in entries(dtype) if not args.only or any(fnmatch.fnmatch(name, p) for p in args.only)]
        found = []
        for result in sweep(names, dtype, args.samples, args.jobs):
            found.append(result)
            loose = " (by scale)" if result.by_scale else ""
            print(
                f"{result.outcome:<13} {result.entry:<50} {result.cause or f'{result.difference:.1e}'}{loose}",
                flush=True,
            )
        everything[dtype] = [dataclasses.asdict(result) for result in found]
        print_totals(dtype, sorted(found, key=lambda result: result.entry))
    if args.json:
        Path(args.json).write_text(json.dumps(everything, indent=1))
    wrong = [r for found in everything.values() for r in found if r["outcome"] in ("differs", "error")]
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
