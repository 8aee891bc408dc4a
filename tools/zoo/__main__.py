"""Nets of PyPI's packages, from the live model to generated code that runs.

Each net of the tables in this folder is built with fixed random weights and converted as its package calls it; the code
must match PyTorch as traced, at another batch and at other sizes. A net ends as one of
    match    every call matches, or sizes (not the batch) other than those traced are refused by name
    refused  by name: an operator, what torch.export cannot trace, another batch
    differs  generate itself found that the numbers part, and said so
    silent   the code gave other numbers than PyTorch and nothing said so
    crashed  the process ended, or torch2mlx raised what it does not raise on purpose
    slow     more than SECONDS of CPU time
    not run  PyTorch does not build or run it: a fault of the table

    python -m zoo [NET...] [--jobs 2] [--json results.json] [--resume] [--build-only]

NET is "family/net" or a family. tools/zoo.json is what runs with these versions have found so far; tools/make_docs.py
writes it into docs/support.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from children import PATHS, SERVER, in_a_process

from . import record, work
from .building import FAMILIES, table
from .preloaded import FAMILY

SECONDS = 120  # of computing that a net may take
WALL = 1800  # and of a clock, on a machine that does other things too


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nets", nargs="*")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path, help="where the results go; those of other nets stay there")
    parser.add_argument("--resume", action="store_true", help="leave out the nets that the results have")
    parser.add_argument("--build-only", action="store_true", help="only let PyTorch build and run them")
    args = parser.parse_args()
    results = record.read(args.json) if args.json and (args.nets or args.resume) else {}
    families = {family: chosen(family, args.nets, results if args.resume else {}) for family in FAMILIES}
    families = {family: names for family, names in families.items() if names}
    if len(families) > 1:  # each has a process that loads its packages
        options = [f"--jobs={args.jobs}", *([f"--json={args.json}"] if args.json else [])]
        options += ["--build-only"] if args.build_only else []
        codes = [
            subprocess.run([sys.executable, "-m", "zoo", *names, *options]).returncode for names in families.values()
        ]
        print("\n" + record.summary(record.read(args.json)) if args.json else "")
        return max(codes)
    for family, names in families.items():
        run(family, names, args.jobs, args.json, args.build_only, results)
    print("\n" + record.summary(results))
    return 1 if any(result["outcome"] in ("silent", "crashed") for result in results.values()) else 0


def chosen(family: str, nets: list[str], left_out: record.Results) -> list[str]:
    names = [name for name in table(family) if name not in left_out]
    return [name for name in names if not nets or name in nets or family in nets]


def run(family: str, names: list[str], jobs: int, path: Path | None, build_only: bool, results: record.Results) -> None:
    os.environ[FAMILY] = family
    SERVER.set_forkserver_preload(["torch.export", "torch2mlx.capture", "zoo.work", "zoo.preloaded"])
    job = work.build if build_only else work.convert
    with ThreadPoolExecutor(jobs) as pool:
        running = {pool.submit(in_a_process, job, name, SECONDS, WALL): name for name in names}
        for done in as_completed(running):
            name, result = running[done], work.in_words_of_the_zoo(done.result())
            results[name] = result
            diff = f"{result['diff']:.1e}" if "diff" in result else ""
            why = " ".join(str(result.get("why", "")).split())[:400]
            print(f"{name:<40} {result['outcome']:<8} {result.get('seconds', ''):>6} {diff:<8} {why}", flush=True)
            if path and not build_only:
                record.write(path, results)


if __name__ == "__main__":
    sys.path[:0] = [path for path in PATHS if path not in sys.path]
    sys.exit(main())
