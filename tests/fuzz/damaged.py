"""Damaged files through a program that the sanitizers watch.

python tests/fuzz/damaged.py PROGRAM CORPUS [COUNT [SEED]]: every wrong file of the tests, then COUNT sound ones of the
corpus with bytes changed, cut off, put in, moved or repeated. The program may convert a file or refuse it; what
else it does is printed, the file kept beside the corpus, and the exit status is 1.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))
import wrong_files

# By target of the corpus; the others are parts of files.
SUFFIXES = dict.fromkeys(("safetensors", "restore"), ".safetensors") | dict.fromkeys(
    ("torch_zip", "torch_stream", "torch_tar", "optimizer"), ".pt"
)
NUMBERS = (b"\0" * 4, b"\xff" * 4, b"\xff" * 8, b"\0\0\0\x80", b"\x7f" + b"\xff" * 7, b"\1\0\0\0")
MOST_TEXT = 2000


def changed(data: bytes, rng: random.Random) -> bytes:
    """One to four changes of all kinds."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(out) + 1)
        length = min(rng.choice((1, 2, 4, 8, 64, 512)), len(out) - at)
        span = bytes(out[at : at + length])
        kind = rng.randrange(7)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            number = rng.choice(NUMBERS)
            out[at : at + len(number)] = number
        elif kind == 2:
            del out[at:]
        elif kind == 3:
            del out[at : at + length]
        elif kind == 4:
            out[at:at] = span * rng.choice((1, 2, 100))
        elif kind == 5:
            where = rng.randrange(len(out) + 1)
            out[where : where + length] = span
        else:
            out[at:at] = rng.randbytes(length)
    return bytes(out)


def damaged(corpus: Path, count: int, rng: random.Random, folder: Path) -> Iterator[tuple[str, Path]]:
    seeds = [path for target in SUFFIXES for path in sorted((corpus / target).iterdir())]
    for number in range(count):
        seed = rng.choice(seeds)
        path = folder / f"damaged{SUFFIXES[seed.parent.name]}"
        path.write_bytes(changed(seed.read_bytes(), rng))
        yield f"{seed.parent.name}/{seed.name} #{number}", path


def wrong(folder: Path) -> Iterator[tuple[str, Path]]:
    lists = ("SAFETENSORS", "TORCH", "OLD", "FOLDERS", "GRAPHS", "OTHERS")
    for number, case in enumerate(case for name in lists for case in getattr(wrong_files, name)):
        (folder / str(number)).mkdir()
        yield case.name, case.make(folder / str(number))


def fault(program: str, source: Path, output: Path) -> tuple[str, str]:
    """What became of it, and what is wrong with that."""
    command = [program, str(source), str(output), "--force", "--quiet", "--no-sync"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        return "hung", "took more than a minute"
    if done.returncode not in (0, 1):
        return "crashed", f"exit status {done.returncode}: {done.stderr.decode(errors='replace')[-4000:]}"
    if done.returncode == 0:
        return "converted", ""
    error = done.stderr.decode(errors="replace")
    sound = error.startswith("torch2mlx: ") and error.count("\n") == 1 and len(error) <= MOST_TEXT
    if not sound or any(ord(c) < 0x20 and c != "\n" for c in error) or "internal" in error:
        return "unclear", repr(error)
    left = [path.name for path in output.parent.iterdir()]
    return "refused", f"left behind: {left}" if left else ""


def main() -> int:
    program, corpus = sys.argv[1], Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    found: Counter[str] = Counter()
    status = 0
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        rng = random.Random(seed)
        for name in ("wrong", "damaged", "out"):
            (folder / name).mkdir()
        for source in (wrong(folder / "wrong"), damaged(corpus, count, rng, folder / "damaged")):
            for name, path in source:
                what, problem = fault(program, path, folder / "out" / "model")
                found[what] += 1
                if problem:
                    status = 1
                    print(f"{name}: {what}: {problem}", flush=True)
                    if path.is_file():
                        kept = corpus.parent / "findings" / f"damaged-{sum(found.values())}{path.suffix}"
                        kept.parent.mkdir(exist_ok=True)
                        kept.write_bytes(path.read_bytes())
                if what == "converted":
                    shutil.rmtree(folder / "out")
                    (folder / "out").mkdir()
    print(", ".join(f"{number} {what}" for what, number in sorted(found.items())))
    return status


if __name__ == "__main__":
    sys.exit(main())
