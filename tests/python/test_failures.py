"""Whatever happens while something is written: the old output stays as it was, or the new one is complete."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
from safetensors.numpy import save_file

from cli_program import run
from seeds import SEED

TENSORS = 24
RUNS = 25


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def checkpoint(path: Path, value: float, side: int = 700) -> Path:
    save_file({f"layers.{i}.weight": np.full((side, side), value + i, np.float32) for i in range(TENSORS)}, path)
    return path


def values_of(folder: Path) -> set[float]:
    """What every tensor of a folder holds above its number; fails unless index, shards and report fit each other."""
    index = folder / "model.safetensors.index.json"
    files = names(folder)
    if index.exists():
        shards = set(json.loads(index.read_text())["weight_map"].values())
        assert {name for name in files if name.endswith(".safetensors")} == shards
    else:
        shards = {"model.safetensors"}
    arrays: dict[str, mx.array] = {}
    for shard in shards:
        arrays |= mx.load(str(folder / shard))
    assert len(arrays) == TENSORS
    found = set()
    for i in range(TENSORS):
        array = np.array(arrays[f"layers.{i}.weight"])
        assert (array == array.flat[0]).all()
        found.add(float(array.flat[0]) - i)
    return found


@pytest.mark.random
@pytest.mark.parametrize("shards", [False, True])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_stopped_at_random_moments(how: signal.Signals, shards: bool, tmp_path: Path) -> None:
    rng = np.random.default_rng(SEED)
    inputs = [checkpoint(tmp_path / f"{value}.safetensors", value) for value in (100, 200)]
    out = tmp_path / "out"
    options = ["--force", "--no-sync", "--quiet", *(["--shard-size", "10MB"] if shards else [])]
    began = time.monotonic()
    run(inputs[0], out, *options)
    (out / "notes.txt").write_text("the user's own")
    length = time.monotonic() - began
    current = 100.0
    for i in range(RUNS):
        process = run(inputs[(i + 1) % 2], out, *options, start=True)
        time.sleep(rng.uniform(0, 1.2 * length))
        process.send_signal(how)
        status = process.wait()
        [found] = values_of(out)
        wanted = (200.0, 100.0)[i % 2]
        assert found in (current, wanted)
        if status == 0:
            assert found == wanted
        current = found
        if how == signal.SIGTERM:
            assert not list(tmp_path.glob(".torch2mlx*"))
    assert (out / "notes.txt").read_text() == "the user's own"
    run(inputs[0], out, *options)
    assert values_of(out) == {100.0}
    assert names(tmp_path) == ["100.safetensors", "200.safetensors", "out"]
    assert not [name for name in names(out) if name.startswith(".")]


def test_a_restore_that_was_killed_leaves_nothing(tmp_path: Path) -> None:
    run(checkpoint(tmp_path / "in.safetensors", 1), tmp_path / "mlx", "--no-sync")
    target = tmp_path / "back.pt"
    run("restore", tmp_path / "mlx", target, "--no-sync")
    before = target.read_bytes()
    for i in range(8):
        process = run("restore", tmp_path / "mlx", target, "--force", "--no-sync", start=True)
        time.sleep(0.01 * i)
        process.kill()
        process.wait()
        assert target.read_bytes() == before
    run("restore", tmp_path / "mlx", target, "--force", "--no-sync")
    assert names(tmp_path) == ["back.pt", "in.safetensors", "mlx"]


def test_folders_within_the_output_stay(tmp_path: Path) -> None:
    source = checkpoint(tmp_path / "in.safetensors", 1)
    run(source, tmp_path / "out")
    (tmp_path / "out/1_Pooling").mkdir()
    (tmp_path / "out/1_Pooling/config.json").write_text("{}")
    run(checkpoint(source, 2), tmp_path / "out", "--force")
    assert values_of(tmp_path / "out") == {2.0}
    assert (tmp_path / "out/1_Pooling/config.json").read_text() == "{}"
    assert names(tmp_path) == ["in.safetensors", "out"]


def test_a_linked_output_folder_stays_linked(tmp_path: Path) -> None:
    source = checkpoint(tmp_path / "in.safetensors", 1)
    (tmp_path / "real").mkdir(mode=0o750)
    (tmp_path / "out").symlink_to("real")
    run(source, tmp_path / "out")
    assert (tmp_path / "out").is_symlink()
    assert values_of(tmp_path / "real") == {1.0}
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o750


def as_nobody() -> None:
    os.setgid(65534)
    os.setuid(65534)


def test_an_unreadable_input(tmp_path: Path) -> None:
    source = checkpoint(tmp_path / "in.safetensors", 1)
    source.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    become: Callable[[], None] | None = as_nobody if os.geteuid() == 0 else None
    done = run(source, tmp_path / "out", check=1, preexec_fn=become, cwd="/")
    assert "in.safetensors" in done.stderr
    assert "ermission denied" in done.stderr
    assert names(tmp_path) == ["in.safetensors"]


@pytest.mark.parametrize("what", ["file", "shard", "dangling link", "folder"])
def test_a_vanished_input(what: str, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    checkpoint(source / "a.safetensors", 1, 8)
    target = source
    if what == "file":
        target = source / "b.safetensors"
    elif what == "shard":
        (source / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"x": "gone.safetensors"}}))
    elif what == "dangling link":
        (source / "a.safetensors").unlink()
        (source / "model.safetensors").symlink_to("nowhere")
    else:
        target = tmp_path / "nothing"
    done = run(target, tmp_path / "out", check=1)
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_input_that_becomes_shorter(tmp_path: Path) -> None:
    """It is read by mapping: the pages that are gone must not look like a crash."""
    source = checkpoint(tmp_path / "in.safetensors", 1, 2500)
    process = run(source, tmp_path / "out", "--dtype", "bfloat16", "--threads", "1", start=True, stderr=-1, text=True)
    while process.poll() is None and not list(tmp_path.glob(".torch2mlx*/.model*")):
        time.sleep(0.0005)
    os.truncate(source, 4096)
    _, message = process.communicate()
    assert process.returncode in (0, 1)
    if process.returncode == 1:
        assert "in.safetensors: was changed while it was read" in message
        assert names(tmp_path) == ["in.safetensors"]
    assert not (tmp_path / "out").exists() or process.returncode == 0
