"""The .pt that restore writes: torch.load in both of its ways, Python's zipfile and our own reader accept it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import torch

from cli_program import run

DTYPES = [torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32,
          torch.uint64, torch.float16, torch.bfloat16, torch.float32, torch.complex64]  # fmt: skip


def restored(folder: Path, tensors: dict[str, torch.Tensor]) -> Path:
    torch.save(tensors, folder / "a.pt")
    run(folder / "a.pt", folder / "w.safetensors", "--layer-type=*=Parameter", "--quiet")
    run("restore", folder / "w.safetensors", folder / "ü.pt", "--quiet")
    return folder / "ü.pt"


def assert_reads_as(path: Path, tensors: dict[str, torch.Tensor]) -> None:
    for mmap in (False, True):
        loaded = torch.load(path, weights_only=True, mmap=mmap)
        assert loaded.keys() == tensors.keys()
        for name, tensor in tensors.items():
            assert loaded[name].dtype == tensor.dtype, name
            assert loaded[name].shape == tensor.shape, name
            assert (
                loaded[name].view(torch.uint8).equal(tensor.view(torch.uint8))
                if tensor.ndim
                else (loaded[name].equal(tensor))
            ), name
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in archive.infolist())
    run(path, path.parent / "again.safetensors", "--layer-type=*=Parameter", "--quiet")  # compares every checksum
    damaged = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        last = max((e for e in archive.infolist() if e.file_size), key=lambda e: (e.file_size, e.header_offset))
        at = last.header_offset
    at += 30 + sum(int.from_bytes(damaged[at + i : at + i + 2], "little") for i in (26, 28))
    damaged[at] ^= 1
    (path.parent / "damaged.pt").write_bytes(damaged)
    refused = run(path.parent / "damaged.pt", path.parent / "not.safetensors", check=1)
    assert "checksum differs" in refused.stderr


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_type_and_shape(dtype: torch.dtype, tmp_path: Path) -> None:
    tensors = {
        "vector": torch.arange(7).to(dtype),
        "scalar": torch.tensor(1).to(dtype),
        "empty": torch.zeros(0, 4).to(dtype),
        "größe.层.🙂": torch.arange(300).reshape(4, 75).to(dtype),
    }
    assert_reads_as(restored(tmp_path, tensors), tensors)


def test_tied_tensors_are_one_storage(tmp_path: Path) -> None:
    weight = torch.randn(5, 3)
    path = restored(tmp_path, {"first": weight, "other": torch.randn(2), "second": weight})
    loaded = torch.load(path, weights_only=True)
    assert loaded["first"].equal(weight)
    assert loaded["first"].data_ptr() == loaded["second"].data_ptr()
    assert loaded["other"].data_ptr() != loaded["first"].data_ptr()


def test_data_is_aligned(tmp_path: Path) -> None:
    path = restored(tmp_path, {f"{'n' * i}": torch.full((i,), float(i)) for i in range(1, 70)})
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            at = entry.header_offset
            name, extra = (int.from_bytes(raw[at + i : at + i + 2], "little") for i in (26, 28))
            assert (at + 30 + name + extra) % 64 == 0, entry.filename


def test_more_entries_than_sixteen_bits_count(tmp_path: Path) -> None:
    tensors = {f"w{i}": torch.tensor([i]) for i in range(66_000)}
    assert_reads_as(restored(tmp_path, tensors), tensors)
