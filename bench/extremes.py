"""Conversions at the edges: a 16 GB file of holes, few and huge or many and small tensors, little memory.

    python bench/extremes.py [--program build/cli/torch2mlx] [--folder /tmp] [--gigabytes 16]

Prints time, rate and peak anonymous memory (RssAnon). With a writable memory controller (cgroup v1 or v2) the large
file is converted once more within 256 MiB, page cache included; and once under `ulimit -v` of its size and 512 MiB.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from convert import AS_PT, peak_anonymous


def write_holes(path: Path, shapes: dict[str, list[int]]) -> int:
    """A float32 safetensors file without data blocks; gives its bytes."""
    header, at = {}, 0
    for name, shape in shapes.items():
        size = 4
        for n in shape:
            size *= n
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + at)
    return at


def memory_group(limit: int) -> Path | None:
    """A group of `limit` bytes that processes can be moved to."""
    for root, name in (("memory", "memory.limit_in_bytes"), ("", "memory.max")):
        folder = Path("/sys/fs/cgroup") / root / "torch2mlx-bench"
        try:
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(str(limit))
        except OSError:
            continue
        return folder / "cgroup.procs"
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.environ.get("TORCH2MLX_CLI", "build/cli/torch2mlx"))
    parser.add_argument("--folder", default="/tmp")
    parser.add_argument("--gigabytes", type=int, default=16)
    args = parser.parse_args()
    folder = Path(args.folder) / "torch2mlx-extremes"
    folder.mkdir(exist_ok=True)
    source = folder / "in.safetensors"

    def measure(
        name: str, size: int, *options: str, file: Path = source, prepare: Callable[[], None] | None = None
    ) -> None:
        run(name, size, [str(file), str(folder / "out"), "--quiet", *options], prepare)

    def run(name: str, size: int, arguments: list[str], prepare: Callable[[], None] | None = None) -> None:
        command = [args.program, *arguments] + ([] if "--json" in arguments else ["--force", "--no-sync"])
        start = time.perf_counter()
        memory = peak_anonymous(command, prepare)
        seconds = time.perf_counter() - start
        print(f"{name:<44} {seconds:7.2f} s   {size / seconds / 1e9:6.2f} GB/s   {memory:7.1f} MiB", flush=True)

    total = args.gigabytes * 10**9
    huge = {f"layers.{i}.weight": [total // 32, 2] for i in range(4)}
    few = write_holes(source, huge)
    measure(f"{args.gigabytes} GB in 4 tensors", few)
    measure(f"{args.gigabytes} GB in 4 tensors to bfloat16", few, "--dtype", "bfloat16")

    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (few + (512 << 20),) * 2)

    measure("the same under ulimit -v size + 512 MiB", few, "--dtype", "bfloat16", prepare=little_space)
    group = memory_group(256 << 20)
    if group:

        def join() -> None:
            group.write_text(str(os.getpid()))

        measure("the same within 256 MiB", few, "--dtype", "bfloat16", prepare=join)
        measure("identity within 256 MiB", few, prepare=join)
        group.parent.rmdir()
    else:
        print("no memory controller to write to: 256 MiB not measured")
    for count in (50_000, 100_000, 200_000):
        small = write_holes(source, {f"model.layers.{i}.weight": [32] for i in range(count)})
        measure(f"{count} tensors of 128 bytes", small)
        measure(f"{count} tensors of 128 bytes to bfloat16", small, "--dtype", "bfloat16")
    measure("the same in shards of 1 MB", small, "--shard-size", "1MB")
    pickled = folder / "in.pt"
    subprocess.run([sys.executable, "-c", AS_PT, str(source), str(pickled)], check=True)
    measure("the same from a .pt", small, file=pickled)
    matrices = write_holes(source, {f"model.layers.{i}.weight": [1, 64] for i in range(count)})
    measure(f"{count} matrices of 256 bytes to 4 bits", matrices, "-q")
    subprocess.run([sys.executable, "-c", AS_PT, str(source), str(pickled)], check=True)
    measure("the same from a .pt", matrices, "-q", file=pickled)
    few = write_holes(source, {f"model.layers.{i}.weight": [1, 64] for i in range(count // 3)})
    measure(f"{count // 3} of them to 4 bits", few, "-q")
    back = ["restore", str(folder / "out" / "model.safetensors"), str(folder / "back.safetensors")]
    run(f"{count} tensors of those back", few, back)
    kernels = write_holes(source, {f"model.layers.{i}.weight": [4, 2, 2, 2] for i in range(count)})
    measure(f"{count} kernels of 128 bytes", kernels, "--layer-type", "*=Conv2d")
    for ending in (".safetensors", ".pt"):
        back = ["restore", str(folder / "out" / "model.safetensors"), str(folder / f"back{ending}")]
        run(f"the same back to {ending}", kernels, back)
    run("inspect --json", kernels, ["inspect", str(source), "--json"])
    run("--dry-run --json", kernels, [str(source), str(folder / "planned"), "--dry-run", "--json"])
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
