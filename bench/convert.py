"""Whole-process conversion of a 1 GB checkpoint against `cp` of the same file, side by side in one run.

    python bench/convert.py [--program build/cli/torch2mlx] [--rounds 7] [--folder /tmp] [--gigabytes 1]

Prints the median times, their ratios, and the program's peak anonymous memory (RssAnon). The page cache is warm; a
tenth of the bytes are convolutions, declared with --layer-type.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

MEGABYTE = 1_000_000


def tensors(total: int) -> list[tuple[str, list[int], int]]:
    """Names, shapes and bytes of a made-up float32 model: blocks of linear layers, then convolutions."""
    result: list[tuple[str, list[int], int]] = []

    def add(name: str, *shape: int) -> int:
        size = 4
        for n in shape:
            size *= n
        result.append((name, list(shape), size))
        return size

    done, block = 0, 0
    while done < total * 9 // 10:
        prefix = f"layers.{block}"
        for name, rows in (("query", 768), ("key", 768), ("value", 768), ("out", 768), ("up", 3072)):
            done += add(f"{prefix}.{name}.weight", rows, 768) + add(f"{prefix}.{name}.bias", rows)
        done += add(f"{prefix}.norm.weight", 768) + add(f"{prefix}.norm.bias", 768)
        block += 1
    block = 0
    while done < total:
        channels = (64, 128, 256, 512)[block % 4]
        done += add(f"stem.{block}.conv.weight", channels, channels, 3, 3) + add(f"stem.{block}.conv.bias", channels)
        block += 1
    return result


def write_model(path: Path, total: int) -> None:
    """A safetensors file of `total` bytes or a little more."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, shape, size in tensors(total):
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    noise = random.Random(0).randbytes(16 * MEGABYTE)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        while offset > 0:
            file.write(noise[: min(offset, len(noise))])
            offset -= len(noise)


def timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def peak_anonymous(command: list[str]) -> float:
    """Megabytes of RssAnon at the highest of frequent samples."""
    process = subprocess.Popen(command)
    peak = 0

    def sample() -> None:
        nonlocal peak
        while process.poll() is None:
            try:
                for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
                    if line.startswith("RssAnon:"):
                        peak = max(peak, int(line.split()[1]))
            except (FileNotFoundError, ProcessLookupError):
                return
            time.sleep(0.0005)

    thread = threading.Thread(target=sample)
    thread.start()
    if process.wait() != 0:
        sys.exit("the conversion failed")
    thread.join()
    return peak / 1024


def settle() -> None:
    """Nothing of an earlier run is left to write back."""
    os.sync()


def compare(name: str, ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> None:
    mine: list[float] = []
    others: list[float] = []
    for turn in range(rounds + 1):
        # The order alternates, so that neither side always follows the other.
        for times, run in ((mine, ours), (others, theirs)) if turn % 2 else ((others, theirs), (mine, ours)):
            settle()
            times.append(run())
    a, b = statistics.median(mine[1:]), statistics.median(others[1:])  # the first round warms the cache
    print(f"{name:<28} torch2mlx {a:6.3f} s   cp {b:6.3f} s   ratio {a / b:5.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/cli/torch2mlx")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", default="/tmp")
    parser.add_argument("--gigabytes", type=float, default=1)
    arguments = parser.parse_args()
    folder = Path(arguments.folder) / "torch2mlx-bench-convert"
    folder.mkdir(exist_ok=True)
    source, output, copy = folder / "model.safetensors", folder / "out", folder / "copy.safetensors"
    try:
        write_model(source, int(arguments.gigabytes * 1000 * MEGABYTE))
        command = [arguments.program, str(source), str(output), "--layer-type", "*.conv=Conv2d", "--quiet"]

        def convert(*options: str) -> float:
            shutil.rmtree(output, ignore_errors=True)
            return timed([*command, *options])

        def duplicate(*, sync: bool) -> float:
            copy.unlink(missing_ok=True)
            seconds = timed(["cp", str(source), str(copy)])
            return seconds + timed(["sync", str(copy)]) if sync else seconds

        count = len(tensors(int(arguments.gigabytes * 1000 * MEGABYTE)))
        print(f"{source.stat().st_size / MEGABYTE:.0f} MB, {count} tensors")
        compare("--no-sync against cp", lambda: convert("--no-sync"), lambda: duplicate(sync=False), arguments.rounds)
        compare("against cp and sync", convert, lambda: duplicate(sync=True), arguments.rounds)
        shutil.rmtree(output, ignore_errors=True)
        print(f"peak anonymous memory        {peak_anonymous([*command, '--no-sync']):.1f} MiB")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
