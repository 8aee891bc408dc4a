#!/usr/bin/env python3
"""Every model type of transformers, as small as it gets, from the live model to generated code that runs.

Each type's AutoModel, or the first class of its configuration where it has none, is built from its own configuration,
shrunk by the names of its fields, with fixed random weights; inputs are made from its signature (tools/tiny). Where
PyTorch runs it, torch2mlx.generate must give code that matches at the traced and at other sizes. A type ends as one of
    match     every output within the limit, at every size tried
    traced    matches at the traced sizes; other sizes are refused by name, as the code's assumptions say
    refused   unsupported, by name
    differs   generate itself found that the numbers part, and said so
    silent    the code gave other numbers than PyTorch where generate had found none
    error     anything else that went wrong in torch2mlx
    slow      more than SECONDS of CPU time
    not run   transformers could not build it, or run it on inputs made up for it
    not captured  torch.export could not trace it, or made a program of it that gives PyTorch other numbers

    python tools/sweep.py [TYPE...] [--jobs 2] [--json results.json] [--resume] [--heads] [--build-only]

A TYPE is "llama", or "llama:LlamaForCausalLM" for a class of it; --heads takes the other classes of types beside their
first. --build-only lets PyTorch alone build and run them, and counts.

tools/sweep.json is what runs with these versions have found so far; tools/make_docs.py writes it into docs/support.md.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.metadata
import json
import os
import re
import sys
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from children import PATHS, SERVER, in_a_process

SECONDS = 900  # of computing that a type may take
WALL = 3 * SECONDS  # and of a clock, on a machine that does other things too
BUILDING = 60  # seconds of computing, with PyTorch alone
OPERATOR = re.compile(r"\w+\.\w+\.\w+(?= has no MLX lowering|: )")
OUTCOMES = ("match", "traced", "refused", "differs", "silent", "error", "slow", "not captured", "not run")


@dataclasses.dataclass(frozen=True)
class Call:
    """Keyword arguments of a model's forward; `kind` is "" for those it is traced with."""

    kind: str
    kwargs: dict[str, Any]
    args: tuple[Any, ...] = ()


def sweep(name: str) -> dict[str, Any]:
    """{"outcome", "why", "diff"} of a type, or of a class of it."""
    from judging import judged

    model, calls, why = load(name)
    if model is None:
        return {"outcome": "not run", "why": why}
    return judged(model, [Call("size" if place else "", call) for place, call in enumerate(calls)])


def build(name: str) -> dict[str, Any]:
    """What PyTorch alone says to it."""
    model, calls, why = load(name)
    if model is None:
        return {"outcome": "not run", "why": why}
    return {"outcome": "runs", "class": type(model).__name__, "why": ", ".join(calls[0])}


def load(name: str) -> tuple[Any, list[dict[str, Any]], str]:
    import torch
    import transformers

    from tiny.building import prepared
    from zoo import absent

    absent.install()
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    try:
        return prepared(name)
    except Exception as error:  # a configuration that cannot be made, or wants a package or the network
        return None, [], f"{type(error).__name__}: {error}"


def causes(results: dict[str, dict[str, Any]]) -> Counter[str]:
    """Operators and other reasons of refusals, by how many types they stop."""
    counts: Counter[str] = Counter()
    for result in results.values():
        if result["outcome"] in ("refused", "not captured", "error", "differs", "silent"):
            operators = set(OPERATOR.findall(result["why"]))
            for cause in operators or {re.sub(r"\d+", "N", result["why"])[:100]}:
                counts[cause] += 1
    return counts


def versions() -> dict[str, str]:
    return {package: importlib.metadata.version(package) for package in ("torch", "transformers", "mlx")}


def recorded(path: Path) -> dict[str, dict[str, Any]]:
    """Results of an earlier run with the same packages."""
    if not path.exists():
        return {}
    record = json.loads(path.read_text())
    return record["types"] if record["versions"] == versions() else {}


def record(path: Path, results: dict[str, dict[str, Any]]) -> None:
    """Writes a type a line, without what a reader of the table has no use for."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    kept = {
        name: {key: short(value) for key, value in result.items() if key not in ("traceback", "assumptions", "refuses")}
        for name, result in sorted(results.items())
    }
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(result)}" for name, result in kept.items())
    head = f'{{"versions": {json.dumps(versions())},\n "of": {len(CONFIG_MAPPING_NAMES)},\n "types": '
    path.write_text(f"{head}{{\n{lines}\n}}}}\n")


def short(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.2g}")
    return " ".join(value.split())[:300] if isinstance(value, str) else value


def wanted(types: list[str], with_heads: bool) -> list[str]:
    """Those given, or every type; with the other classes of each too."""
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING_NAMES

    names = types or sorted(CONFIG_MAPPING_NAMES)
    if not with_heads:
        return names
    from tiny.classes import heads

    return [f"{name}:{cls.__name__}" for name in names for cls in heads(name)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("types", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--json", type=Path, help="where the results go; those of other types stay there")
    parser.add_argument("--resume", action="store_true", help="leave out the types that the results have")
    parser.add_argument("--heads", action="store_true", help="the other classes of the types")
    parser.add_argument("--build-only", action="store_true", help="let PyTorch build and run them, and no more")
    args = parser.parse_args()
    names = wanted(args.types, args.heads)
    results = recorded(args.json) if args.json and (args.types or args.resume or args.heads) else {}
    if args.resume:
        names = [name for name in names if name not in results]
    run(names, results, args)
    counts = Counter(result["outcome"] for result in results.values())
    if args.build_only:
        print(f"\n{counts['runs']} of {len(results)} run in PyTorch")
        return 0
    tried = sum(counts[name] for name in OUTCOMES if name not in ("not run", "not captured"))
    print("\n" + ", ".join(f"{counts[name]} {name}" for name in OUTCOMES if counts[name]))
    print(f"{counts['match']} of {tried} captured match ({100 * counts['match'] / max(1, tried):.1f} %)")
    for cause, count in causes(results).most_common(40):
        print(f"{count:4} {cause}")
    return 1 if counts["silent"] else 0


def run(names: list[str], results: dict[str, dict[str, Any]], args: argparse.Namespace) -> None:
    job, seconds = (build, BUILDING) if args.build_only else (sweep, SECONDS)
    SERVER.set_forkserver_preload(["torch", "torch.export", "transformers.modeling_utils", "torch2mlx.capture"])
    with ThreadPoolExecutor(args.jobs) as pool:
        running = {pool.submit(in_a_process, job, name, seconds, WALL): name for name in names}
        for done in as_completed(running):
            name, result = running[done], done.result()
            results[name] = result
            diff = f"{result['diff']:.1e}" if "diff" in result else ""
            print(f"{name:<32} {result['outcome']:<12} {diff:<8} {str(result.get('why', ''))[:300]}", flush=True)
            if args.json:
                record(args.json, results)


if __name__ == "__main__":
    sys.path[:0] = [path for path in PATHS if path not in sys.path]
    sys.exit(main())
