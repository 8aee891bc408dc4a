"""Whole-process conversion of a 1 GB checkpoint against `cp` of the same file, side by side in one run.

    python bench/convert.py [--program build/cli/torch2mlx] [--rounds 5] [--folder /tmp] [--gigabytes 1]

Prints the median times, their ratios, and the program's peak anonymous memory (RssAnon). The page cache is warm; a
tenth of the bytes are transposed convolutions, declared with --layer-type. 4-bit quantization stands against
mx.quantize tensor by tensor and mx.save_safetensors, the whole against torch.load, NumPy and safetensors' save_file.
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
        done += add(f"stem.{block}.weight", channels, channels, 3, 3) + add(f"stem.{block}.bias", channels)
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
    noise = bytearray(random.Random(0).randbytes(16 * MEGABYTE))
    noise[3::4] = bytes(byte & 0xBF for byte in noise[3::4])  # below 2: no infinities, which quantization refuses
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        while offset > 0:
            file.write(noise[: min(offset, len(noise))])
            offset -= len(noise)


def timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def peak_anonymous(command: list[str], prepare: Callable[[], None] | None = None) -> float:
    """Megabytes of RssAnon at the highest of frequent samples; `prepare` runs in the process before the command."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, preexec_fn=prepare)
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


def compare(name: str, ours: Callable[[], float], other: str, theirs: Callable[[], float], rounds: int) -> None:
    mine: list[float] = []
    others: list[float] = []
    for turn in range(rounds + 1):
        # The order alternates, so that neither side always follows the other.
        for times, run in ((mine, ours), (others, theirs)) if turn % 2 else ((others, theirs), (mine, ours)):
            settle()
            times.append(run())
    a, b = statistics.median(mine[1:]), statistics.median(others[1:])  # the first round warms the cache
    print(f"{name:<28} torch2mlx {a:6.3f} s   {other} {b:6.3f} s   ratio {a / b:5.2f}", flush=True)


BY_MLX = """
import sys, mlx.core as mx
weights = mx.load(sys.argv[1])
out = {}
for name, value in weights.items():
    if name.endswith("weight") and value.ndim == 2:
        parts = mx.quantize(value)
        mx.eval(parts)
        stem = name.removesuffix("weight")
        out |= dict(zip((name, stem + "scales", stem + "biases"), parts))
    else:
        out[name] = value
mx.save_safetensors(sys.argv[2], out)
"""

AS_PT = """
import sys, torch
from safetensors.torch import load_file
torch.save(load_file(sys.argv[1]), sys.argv[2])
"""

THE_USUAL_WAY = """
import sys, numpy as np, torch
from safetensors.numpy import save_file
state = torch.load(sys.argv[1], map_location="cpu", weights_only=True)
out = {}
for name, value in state.items():
    array = value.numpy()
    out[name] = np.ascontiguousarray(array.transpose(1, 2, 3, 0)) if array.ndim == 4 else array
save_file(out, sys.argv[2])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/cli/torch2mlx")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", default="/tmp")
    parser.add_argument("--gigabytes", type=float, default=1)
    arguments = parser.parse_args()
    folder = Path(arguments.folder) / "torch2mlx-bench-convert"
    folder.mkdir(exist_ok=True)
    source, output, copy = folder / "model.safetensors", folder / "out", folder / "copy.safetensors"
    total = int(arguments.gigabytes * 1000 * MEGABYTE)

    def command(*options: str, file: Path = source) -> list[str]:
        return [arguments.program, str(file), str(output), "--shard-size", "0", "--quiet", *options]

    def convert(*options: str, file: Path = source) -> float:
        shutil.rmtree(output, ignore_errors=True)
        return timed(command(*options, file=file))

    def duplicate(*, sync: bool) -> float:
        copy.unlink(missing_ok=True)
        seconds = timed(["cp", str(source), str(copy)])
        return seconds + timed(["sync", str(copy)]) if sync else seconds

    def script(text: str, file: Path) -> float:
        copy.unlink(missing_ok=True)
        return timed([sys.executable, "-c", text, str(file), str(copy)])

    def against_cp(name: str, *options: str) -> None:
        compare(name, lambda: convert(*options, "--no-sync"), "cp", lambda: duplicate(sync=False), arguments.rounds)
        compare(
            f"{name}, durable", lambda: convert(*options), "cp+sync", lambda: duplicate(sync=True), arguments.rounds
        )

    try:
        write_model(source, total)
        print(f"{source.stat().st_size / MEGABYTE:.0f} MB, {len(tensors(total))} tensors")
        same, up = ("--layer-type", "stem*=Parameter"), ("--layer-type", "stem.*=ConvTranspose2d")
        against_cp("identity", *same)
        against_cp("a tenth transposed", *up)
        against_cp("to bfloat16", *same, "--dtype", "bfloat16")
        compare(
            "4 bits",
            lambda: convert(*same, "-q", "--no-sync"),
            "mx.quantize + save",
            lambda: script(BY_MLX, source),
            arguments.rounds,
        )
        checkpoint = folder / "model.pt"
        subprocess.run([sys.executable, "-c", AS_PT, str(source), str(checkpoint)], check=True)
        compare(
            "a .pt, the usual way",
            lambda: convert(*up, "--no-sync", file=checkpoint),
            "torch + NumPy + save",
            lambda: script(THE_USUAL_WAY, checkpoint),
            arguments.rounds,
        )
        for name, options in (("identity", same), ("transposed", up), ("4 bits", (*same, "-q"))):
            shutil.rmtree(output, ignore_errors=True)
            print(f"peak anonymous memory, {name:<12} {peak_anonymous(command(*options, '--no-sync')):.1f} MiB")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
