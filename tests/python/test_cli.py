"""What the command line promises: exit statuses, one line of error, all or nothing."""

from __future__ import annotations

import functools
import json
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from cli_program import NATIVE, PYTHON
from cli_program import run as run_program

Run = Callable[..., Any]


@pytest.fixture(params=[NATIVE, PYTHON], ids=["native", "python"])
def run(request: pytest.FixtureRequest) -> Run:
    """Both doors keep the same promises."""
    return functools.partial(run_program, program=request.param)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.safetensors"
    save_file({"fc.weight": np.arange(6, dtype=np.float32).reshape(2, 3)}, path)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def one_line(stderr: str) -> str:
    lines = stderr.splitlines()
    assert len(lines) == 1, stderr
    assert lines[0].startswith("torch2mlx: ")
    assert len(lines[0].encode()) <= 2000
    return lines[0]


def test_help_and_version(run: Run) -> None:
    assert "OUTPUT_DIR" in run("--help").stdout
    assert run("--version").stdout.startswith("torch2mlx ")
    for command in ("inspect", "ops"):
        assert command in run(command, "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [[], ["in.safetensors"], ["in", "out", "--no-such-option"], ["in", "out", "--dtype", "int8"],
     ["in", "out", "--layer-type", "nonsense"], ["in", "out", "more"], ["inspect"], ["ops", "--layers", "--dtypes"],
     ["in", "out", "--threads", "many"]],
)  # fmt: skip
def test_usage_errors(run: Run, arguments: list[str], tmp_path: Path) -> None:
    one_line(run(*arguments, check=2, cwd=tmp_path).stderr)
    assert names(tmp_path) == []


def test_output_folder(run: Run, source: Path, tmp_path: Path) -> None:
    done = run(source, tmp_path / "deep/out")
    assert names(tmp_path / "deep/out") == ["model.safetensors", "report.json"]
    assert names(tmp_path) == ["deep", "in.safetensors"]
    assert "1 tensors" in done.stdout
    report = json.loads((tmp_path / "deep/out/report.json").read_text())
    assert report["tensors"][0]["name"] == "fc.weight"
    assert report["problems"] == []


def test_companions_are_carried_over(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "hf"
    folder.mkdir()
    save_file({"w": np.ones(3, dtype=np.float32)}, folder / "model.safetensors")
    (folder / "config.json").write_text('{"model_type": "bert"}')
    carried = ["config.json", "generation_config.json", "modeling_own.py", "qwen.tiktoken", "special.jinja"]
    carried += ["tiktoken.model", "tokenizer.json"]
    for name in [*carried[1:], ".hidden.py", "training_args.bin"]:
        (folder / name).write_text("{}")
    run(folder, tmp_path / "out")
    assert names(tmp_path / "out") == sorted([*carried, "model.safetensors", "report.json"])
    assert (tmp_path / "out/config.json").read_text() == '{"model_type": "bert"}'


def test_quiet_and_json(run: Run, source: Path, tmp_path: Path) -> None:
    assert run(source, tmp_path / "a", "--quiet").stdout == ""
    assert json.loads(run(source, tmp_path / "b", "--json").stdout)["tensors"]


@pytest.mark.parametrize("option", ["--dry-run", "--analyze-only"])
def test_nothing_is_written(run: Run, option: str, source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "out", option)
    assert names(tmp_path) == ["in.safetensors"]


def test_existing_files_stay_without_force(run: Run, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "model.safetensors").write_text("old")
    (out / "notes.txt").write_text("mine")
    assert "--force" in one_line(run(source, out, check=1).stderr)
    assert (out / "model.safetensors").read_text() == "old"
    assert names(out) == ["model.safetensors", "notes.txt"]
    run(source, out, "--force")
    assert load_file(out / "model.safetensors").keys() == {"fc.weight"}
    assert (out / "notes.txt").read_text() == "mine"
    assert names(out) == ["model.safetensors", "notes.txt", "report.json"]


def test_an_input_in_the_output_folder(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    save_file({"w": np.ones((2, 3), dtype=np.float64)}, out / "model.safetensors")
    run(out / "model.safetensors", out, "--force")
    assert load_file(out / "model.safetensors")["w"].dtype == np.float32


def test_ambiguous_layouts_are_listed_at_once(run: Run, tmp_path: Path) -> None:
    arrays = {f"c{i}.weight": np.ones((2, 3, 2, 2), dtype=np.float32) for i in range(3)}
    save_file(arrays, tmp_path / "in.safetensors")
    done = run(tmp_path / "in.safetensors", tmp_path / "out", check=1)
    first, *details = done.stderr.splitlines()
    assert "3 tensors cannot be converted" in first
    assert "--layer-type" in first
    assert len(details) == 3
    assert all(line.startswith("  c") and "layout unknown" in line for line in details)
    assert names(tmp_path) == ["in.safetensors"]


def test_mlx_files_are_refused(run: Run, tmp_path: Path) -> None:
    save_file({"w": np.ones(3, dtype=np.float32)}, tmp_path / "in.safetensors", {"format": "mlx"})
    assert "restore" in one_line(run(tmp_path / "in.safetensors", tmp_path / "out", check=1).stderr)


def test_missing_input(run: Run, tmp_path: Path) -> None:
    one_line(run(tmp_path / "nothing.safetensors", tmp_path / "out", check=1).stderr)
    assert names(tmp_path) == []


def test_output_is_a_file(run: Run, source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "is not a folder" in one_line(run(source, tmp_path / "file", check=1).stderr)
    assert "is not a folder" in one_line(run(source, tmp_path / "file/below", check=1).stderr)


def test_read_only_output(run: Run, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    # Root writes where the mode forbids it, but not into the kernel's tables.
    target = out if os.geteuid() else Path("/proc/self")
    one_line(run(source, target, check=1).stderr)
    assert names(out) == []
    assert names(tmp_path) == ["in.safetensors", "out"]


def small_files() -> None:
    """The disk seems full after 64 kB."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))


@pytest.mark.parametrize("force", [False, True])
def test_a_full_disk_leaves_the_old_output(run: Run, force: bool, tmp_path: Path) -> None:
    save_file({"w": np.ones((1000, 1000), dtype=np.float32)}, tmp_path / "in.safetensors")
    out = tmp_path / "out"
    if force:
        out.mkdir()
        (out / "model.safetensors").write_text("old")
    one_line(run(tmp_path / "in.safetensors", out, *["--force"] * force, check=1, preexec_fn=small_files).stderr)
    assert names(tmp_path) == ["in.safetensors", "out"] if force else ["in.safetensors"]
    if force:
        assert names(out) == ["model.safetensors"]
        assert (out / "model.safetensors").read_text() == "old"


def test_an_interrupt_leaves_nothing_behind(run: Run, tmp_path: Path) -> None:
    save_file({"c.weight": np.ones((4096, 2048, 3, 3), dtype=np.float32)}, tmp_path / "in.safetensors")
    process = run(tmp_path / "in.safetensors", tmp_path / "out", "--layer-type=c=Conv2d", start=True)
    while process.poll() is None and not list(tmp_path.glob(".torch2mlx-*")):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    status = process.wait()
    assert status in (0, -signal.SIGINT)
    assert names(tmp_path) == (["in.safetensors"] if status else ["in.safetensors", "out"])


def test_inspect(run: Run, source: Path) -> None:
    done = run("inspect", source)
    assert "fc.weight  [2, 3] float32" in done.stdout
    assert json.loads(run("inspect", source, "--json").stdout)["tensors"][0]["mlx"]["shape"] == [2, 3]


def test_ops_prints_the_tables(run: Run) -> None:
    assert "Conv2d" in run("ops", "--layers").stdout
    rows = json.loads(run("ops", "--layers", "--json").stdout)
    conv = next(row for row in rows if row["torch"].endswith("Conv2d"))
    assert conv["parameters"]["weight"] == [0, 2, 3, 1]
    dtypes = {row["torch"]: row["mlx"] for row in json.loads(run("ops", "--dtypes", "--json").stdout)}
    assert dtypes["float64"] == "float32"


@pytest.mark.parametrize("arguments", [["in.safetensors", "out", "--codegen"], ["verify", "a", "b"], ["ops"],
                                       ["torchvision.models:resnet18", "out"]])  # fmt: skip
def test_what_needs_the_graph_says_so(arguments: list[str], source: Path, tmp_path: Path) -> None:
    assert "python -m torch2mlx" in one_line(run_program(*arguments, check=1, cwd=tmp_path).stderr)
    assert names(tmp_path) == ["in.safetensors"]
