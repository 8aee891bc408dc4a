"""The committed type stubs are those of the extensions as they are built."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from nanobind import stubgen

import torch2mlx


@pytest.mark.parametrize("name", ["_core", "_graph"])
def test_stubs_are_current(name: str) -> None:
    module = importlib.import_module(f"torch2mlx.{name}")
    stub = stubgen.StubGen(module, quiet=True)
    stub.put(module)
    committed = Path(torch2mlx.__file__).with_name(f"{name}.pyi").read_text()
    assert stub.get().rstrip() == committed.rstrip(), "run `make stubs`"
