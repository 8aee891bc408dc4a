"""What goes wrong around a run: full disks, files that vanish or change, kills and signals. Errors are one clear line,
the old output stays or the new one is complete, and nothing half-written is left."""

from __future__ import annotations

import ctypes
import json
import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from cli_program import NATIVE, run
from seeds import SEED

LIBC = ctypes.CDLL(None)
SHARDS = ("--shard-size", "4MB")


def arrays(count: int, value: float) -> dict[str, np.ndarray]:
    """`count` megabytes and a tensor that is transposed."""
    made = {f"{i}.weight": np.full((512, 512), value + i, np.float32) for i in range(count)}
    made["conv.weight"] = np.full((16, 8, 3, 3), value, np.float32)
    return made


def one_line(text: str) -> str:
    assert text.count("\n") == 1, text
    assert text.startswith("torch2mlx: "), text
    return text


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".*"))


def weights(path: Path) -> dict[str, np.ndarray]:
    """Of a file that either side wrote, or of a folder by its index."""
    if path.is_dir():
        index = path / "model.safetensors.index.json"
        files = {"model.safetensors"}
        if index.exists():
            files = set(json.loads(index.read_text())["weight_map"].values())
        return {name: array for file in files for name, array in load_file(path / file).items()}
    if path.suffix == ".pt":
        return {name: tensor.numpy() for name, tensor in torch.load(path, weights_only=True).items()}
    return load_file(path)


def equal(path: Path, expected: dict[str, np.ndarray], converted: bool) -> bool:
    got = weights(path)
    for name, array in expected.items():
        wanted = array.transpose(0, 2, 3, 1) if converted and array.ndim == 4 else array
        if name not in got or not np.array_equal(got[name], wanted):
            return False
    return got.keys() == expected.keys()


class Job:
    """One way to run the program: its input, its output as it was before, and what it is to become."""

    def __init__(self, folder: Path, kind: str, megabytes: int) -> None:
        self.new, self.old = arrays(megabytes, 1), arrays(megabytes // 2 or 1, 100)
        self.folder, self.converts = folder, kind.startswith("convert")
        name = {"convert": "out", "convert shards": "out", "restore": "out.safetensors", "restore pt": "out.pt"}[kind]
        self.output = folder / name
        (folder / "in").mkdir()
        self.options = SHARDS if kind == "convert shards" else ()
        for which, made in (("old", self.old), ("new", self.new)):
            source = folder / "in" / f"{which}.safetensors"
            save_file(made, source, {"format": "pt"})
            if not self.converts:
                run(*self._convert(source, folder / "in" / which), "--no-sync")
        self.source = self.input_of("new")

    def _convert(self, source: Path, output: Path, *options: object) -> list[object]:
        return [source, output, "--layer-type", "conv=Conv2d", *options]

    def input_of(self, which: str) -> Path:
        return self.folder / "in" / (f"{which}.safetensors" if self.converts else which)

    def arguments(self, *options: object, source: Path | None = None) -> list[object]:
        source = source or self.source
        if self.converts:
            return self._convert(source, self.output, "--quiet", *self.options, *options)
        return ["restore", source, self.output, "--quiet", *options]

    def run(self, *options: object, **more: Any) -> Any:
        return run(*self.arguments(*options), **more)

    def write_old(self) -> None:
        run(*self.arguments("--force", "--no-sync", source=self.input_of("old")))

    def first_file(self) -> Path:
        """One that the job reads for its tensors."""
        return self.source if self.converts else self.source / "model.safetensors"

    def is_old(self) -> bool:
        return equal(self.output, self.old, self.converts)

    def is_new(self) -> bool:
        return equal(self.output, self.new, self.converts)

    def clean(self) -> bool:
        """No file but those of one run."""
        if self.converts and self.output.exists():
            count = len(list(self.output.glob("model*.safetensors")))
            assert all(f"-of-{count:05}" in path.name for path in self.output.glob("model-*.safetensors"))
        outside = {path.name for path in self.folder.iterdir()} - {"in", self.output.name}
        return not hidden(self.folder) and not outside


KINDS = ["convert", "convert shards", "restore", "restore pt"]


@pytest.fixture(params=KINDS)
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Job:
    return Job(tmp_path, request.param, 8)


@pytest.fixture(params=KINDS)
def large(request: pytest.FixtureRequest, tmp_path: Path) -> Job:
    return Job(tmp_path, request.param, 32)


def refused(job: Job, *words: str, **options: Any) -> None:
    """With and without an old output: one line with `words`, the old output as it was, nothing besides."""
    for with_old in (False, True):
        if with_old:
            job.write_old()
        before = tree(job.folder)
        error = one_line(job.run("--force", check=1, **options).stderr)
        assert all(word in error for word in words), error
        assert tree(job.folder) == before
        assert job.clean()


def limited_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def test_files_beyond_the_limit(small: Job) -> None:
    # SIGXFSZ has its default here, which ends a process.
    refused(small, small.output.name, "File too large", "hint: ", "ulimit", preexec_fn=limited_files)


FULL_DISK = """
set -e; disk="$1" after="$2"; shift 2
mount -t tmpfs -o size=6m none "$disk"; cp -r "$after/." "$disk"; status=0; "$@" || status=$?
rm -r "$after"; cp -r "$disk" "$after"; exit $status
"""


def mounts() -> bool:
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("with_old", [False, True])
def test_a_full_disk(with_old: bool, small: Job) -> None:
    """A disk of 6 MB in a mount namespace of its own; where none may be made, the limit of a file stands for it."""
    if not mounts():
        refused(small, "File too large", preexec_fn=limited_files)
        return
    disk, after = small.folder / "disk", small.folder / "after"
    disk.mkdir()
    after.mkdir()
    small.output = after / small.output.name
    if with_old:
        small.write_old()
    before = tree(after)
    small.output = disk / small.output.name
    program = [*NATIVE, *map(str, small.arguments("--force"))]
    command = ["unshare", "-rm", "sh", "-c", FULL_DISK, "sh", str(disk), str(after), *program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    error = one_line(done.stderr)
    assert error.startswith(f"torch2mlx: {small.output}")
    assert "No space left on device (hint: free some space" in error
    assert tree(after) == before
    assert not hidden(after)


# Stands before the C library: the call that the environment names fails as on a disk that is broken.
BROKEN_DISK = """
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#define OR_EIO(name, call) \\
  const char* broken = getenv("BROKEN_CALL"); \\
  if (broken && strcmp(broken, name) == 0) { errno = EIO; return -1; } \\
  return call;
ssize_t pwrite(int f, const void* p, size_t n, off_t at) { OR_EIO("pwrite", syscall(SYS_pwrite64, f, p, n, at)) }
ssize_t pwrite64(int f, const void* p, size_t n, off_t at) { OR_EIO("pwrite", syscall(SYS_pwrite64, f, p, n, at)) }
int fallocate(int f, int m, off_t at, off_t n) { OR_EIO("fallocate", syscall(SYS_fallocate, f, m, at, n)) }
int fallocate64(int f, int m, off_t at, off_t n) { OR_EIO("fallocate", syscall(SYS_fallocate, f, m, at, n)) }
int fsync(int f) { OR_EIO("fsync", syscall(SYS_fsync, f)) }
int rename(const char* a, const char* b) { OR_EIO("rename", syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 0)) }
int renameat2(int d, const char* a, int e, const char* b, unsigned how) {
  OR_EIO("rename", syscall(SYS_renameat2, d, a, e, b, how))
}
int link(const char* a, const char* b) { OR_EIO("rename", syscall(SYS_linkat, AT_FDCWD, a, AT_FDCWD, b, 0)) }
"""


@pytest.fixture(scope="session")
def broken_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("broken")
    (folder / "broken.c").write_text(BROKEN_DISK)
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", folder / "broken.c", "-o", folder / "broken.so"], check=True)
    return folder / "broken.so"


@pytest.mark.parametrize("call", ["pwrite", "fallocate", "fsync", "rename"])
def test_a_disk_that_is_broken(call: str, broken_disk: Path, small: Job) -> None:
    env = {**os.environ, "LD_PRELOAD": str(broken_disk), "BROKEN_CALL": call}
    refused(small, small.output.name, "Input/output error", env=env)


def without_privileges() -> None:
    """Root, too, is to be refused what modes forbid: exec leaves it no capability to pass them over."""
    if os.geteuid() == 0:
        drop, override, read = 24, 1, 2  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        for capability in (override, read):
            LIBC.prctl(drop, capability, 0, 0, 0)


def test_an_unreadable_input(small: Job) -> None:
    small.write_old()
    before = tree(small.folder)
    small.first_file().chmod(0)
    error = one_line(small.run("--force", check=1, preexec_fn=without_privileges).stderr)
    small.first_file().chmod(0o600)
    assert f"{small.first_file().name}: cannot open: Permission denied" in error
    assert tree(small.folder) == before
    assert small.clean()


@pytest.mark.parametrize("below", [False, True])
def test_a_folder_that_may_not_be_written_to(below: bool, small: Job) -> None:
    locked = small.folder / "locked"
    locked.mkdir()
    if below and small.converts:
        locked = small.folder / "locked" / "deeper"
        locked.mkdir()
    small.output = locked / small.output.name
    locked.chmod(0o500)
    error = one_line(small.run(check=1, preexec_fn=without_privileges).stderr)
    locked.chmod(0o700)
    assert error.startswith(f"torch2mlx: {small.output}: cannot create")
    assert "Permission denied (hint: name a folder that you may write to)" in error
    assert list(locked.iterdir()) == []


def test_a_folder_that_may_not_be_looked_into(small: Job) -> None:
    locked = small.folder / "locked"
    locked.mkdir()
    small.output = locked / "below" / small.output.name
    locked.chmod(0)
    error = one_line(small.run(check=1, preexec_fn=without_privileges).stderr)
    locked.chmod(0o700)
    assert error.startswith(f"torch2mlx: {small.output}: cannot ")
    assert "Permission denied" in error


def test_inputs_that_are_not_there(small: Job) -> None:
    file = small.first_file()
    kept = file.rename(small.folder / "in" / "elsewhere")
    refused(small, small.source.name)
    file.symlink_to(small.folder / "nowhere")
    refused(small, small.source.name)
    file.unlink()
    os.mkfifo(file)
    refused(small, "is not a regular file")
    file.unlink()
    kept.rename(file)
    small.run("--force")
    assert small.is_new()


@pytest.mark.parametrize("link", [False, True])
def test_a_shard_that_is_missing(link: bool, tmp_path: Path) -> None:
    job = Job(tmp_path, "convert shards", 8)
    job.run()
    shard = job.output / "model-00002-of-00003.safetensors"
    shard.unlink()
    if link:
        shard.symlink_to("nowhere")
    for arguments in (["restore", job.output, tmp_path / "back.pt"], [job.output, tmp_path / "again"]):
        assert shard.name in one_line(run(*arguments, check=1).stderr)
    assert {path.name for path in tmp_path.iterdir()} == {"in", "out"}


def test_a_folder_above_that_does_not_exist(small: Job) -> None:
    small.output = small.folder / "a" / "b" / small.output.name
    if small.converts:
        small.run()
        assert small.is_new()
        assert {path.name for path in small.folder.iterdir()} == {"in", "a"}
        return
    error = one_line(small.run(check=1).stderr)
    assert f"{small.output}: cannot create it: No such file or directory (hint: its folder must exist)" in error
    assert not small.output.parent.parent.exists()


@pytest.mark.parametrize("kind", ["file", "folder", "fifo", "device"])
def test_outputs_of_another_kind(kind: str, small: Job) -> None:
    target = small.output
    if kind == "folder" and small.converts:
        target = small.output / "model.safetensors"  # a folder where a file is to stand
        if small.options:
            target = small.output / "model-00002-of-00003.safetensors"
    {
        "file": lambda: target.write_text("mine") if small.converts else (target.parent / "x").write_text("mine"),
        "folder": lambda: (target / "deeper").mkdir(parents=True),
        "fifo": lambda: os.mkfifo(target),
        "device": lambda: target.symlink_to("/dev/null"),
    }[kind]()
    if kind == "file" and not small.converts:
        small.output = small.folder / "x" / small.output.name  # below a file
    before = sorted(small.folder.rglob("*"))
    for options in ([], ["--force"]):
        error = one_line(small.run(*options, check=1).stderr)
        assert str(target if kind != "file" else target.parent) in error
        assert sorted(small.folder.rglob("*")) == before
    assert Path("/dev/null").is_char_device()


def start(job: Job, *options: object) -> subprocess.Popen[str]:
    """With the signals' usual handlers, whatever shell the tests were started from."""

    def defaults() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process: subprocess.Popen[str] = job.run("--force", *options, start=True, preexec_fn=defaults, **pipes)
    return process


def moments(job: Job, count: int) -> Iterator[float]:
    """Seconds into a run, from its start to a little beyond its end."""
    job.write_old()
    begin = time.monotonic()
    job.run("--force")
    length = time.monotonic() - begin
    draw = random.Random(SEED)
    for _ in range(count):
        if not job.is_old():
            job.write_old()
        yield draw.uniform(0, 1.1 * length)


@pytest.mark.random
def test_killed_at_any_moment(large: Job) -> None:
    for delay in moments(large, 7):
        process = start(large)
        time.sleep(delay)
        process.kill()
        process.communicate()
        assert large.is_old() or large.is_new(), delay
    large.run("--force")
    assert large.is_new()
    assert large.clean()


def test_killed_before_there_was_any_output(small: Job) -> None:
    """The hidden folder stands beside the output then."""
    for _ in range(4):
        process = start(small)
        while process.poll() is None and not hidden(small.folder):
            pass
        process.kill()
        process.communicate()
        assert not small.output.exists() or small.is_new()
    small.run("--force")
    assert small.is_new()
    assert small.clean()


@pytest.mark.random
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_signals_at_any_moment(number: signal.Signals, large: Job) -> None:
    for delay in moments(large, 3):
        process = start(large)
        time.sleep(delay)
        process.send_signal(number)
        _, error = process.communicate()
        assert process.returncode in (0, -number), error
        assert large.is_new() if process.returncode == 0 else large.is_old(), delay
        assert large.clean()
        assert error in ("", "torch2mlx: output: interrupted; nothing was changed\n")


def test_ignored_signals_stay_ignored(small: Job) -> None:
    process = small.run(start=True, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    while process.poll() is None:
        process.send_signal(signal.SIGHUP)
    assert process.returncode == 0
    assert small.is_new()


def cut(file: Path) -> None:
    os.truncate(file, 5000)


def overwrite(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(-8, os.SEEK_END)
        opened.write(b"01234567")


@pytest.mark.parametrize("change", [cut, overwrite])
def test_an_input_that_changes_meanwhile(change: Callable[[Path], None], large: Job) -> None:
    """Found in the midst of a run: when the first hidden file is there."""
    large.write_old()
    process = start(large)
    while process.poll() is None and not hidden(large.folder):
        pass
    process.send_signal(signal.SIGSTOP)
    change(large.first_file())
    process.send_signal(signal.SIGCONT)
    _, error = process.communicate()
    if process.returncode == 0:  # it was done by then
        assert large.is_new()
    else:
        assert process.returncode == 1
        assert f"{large.first_file()}: was changed while it was read" in one_line(error)
        assert large.is_old()
    assert large.clean()


def test_an_input_that_is_replaced_meanwhile(large: Job) -> None:
    """The run goes on with the file that it has opened."""
    large.write_old()
    process = start(large)
    while process.poll() is None and not hidden(large.folder):
        pass
    other = large.folder / "in" / "other"
    other.write_bytes(b"another")
    other.replace(large.first_file())
    assert process.wait() == 0
    assert large.is_new()


def test_runs_at_once_leave_each_other_alone(large: Job) -> None:
    for process in [start(large) for _ in range(3)]:
        _, error = process.communicate()
        assert process.returncode == 0, error
    assert large.is_new()
    assert large.clean()
