"""What torch.save writes of real training code: its modules, settings and odd tensors."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from cli_program import run


class Outer(nn.Module):
    """A class within, a function and a method among the attributes."""

    class Inner(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(2, 3, 3)
            self.act = torch.relu

    def __init__(self) -> None:
        super().__init__()
        self.inner = Outer.Inner()
        self.again = self.inner.forward


def saved(path: Path, value: Any, protocol: int = 2) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.save(value, path, pickle_protocol=protocol)
    return path


def read(path: Path) -> dict[str, torch.Tensor]:
    """In PyTorch's layouts again."""
    run(path, path.parent / "out", "--force")
    run("restore", path.parent / "out", path.parent / "back.safetensors", "--force")
    return load_file(path.parent / "back.safetensors")


def same(ours: dict[str, torch.Tensor], reference: dict[str, torch.Tensor]) -> bool:
    assert ours.keys() == reference.keys()
    return all(torch.equal(ours[name], tensor) for name, tensor in reference.items())


@pytest.mark.parametrize("protocol", [2, 4])
def test_whole_modules(protocol: int, tmp_path: Path) -> None:
    model = Outer()
    assert same(read(saved(tmp_path / "in.pt", model, protocol)), model.state_dict())


@pytest.mark.parametrize("where", ["whole", "entry", "child"])
@pytest.mark.parametrize("options", [{}, {"backend": "eager"}, {"fullgraph": True, "mode": "max-autotune"}])
def test_compiled_modules(where: str, options: dict[str, Any], tmp_path: Path) -> None:
    model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Linear(4, 4))
    state = model.state_dict()
    compiled = torch.compile(model, **options)
    values = {"whole": compiled, "entry": {"model": compiled, "epoch": 1}, "child": nn.ModuleDict({"m": compiled})}
    path = saved(tmp_path / "in.pt", values[where])
    assert same(read(path), {"m." * (where == "child") + key: tensor for key, tensor in state.items()})
    assert "1 modules without the wrapper of torch.compile" in run("inspect", path).stdout


def test_graph_modules(tmp_path: Path) -> None:
    model = torch.fx.symbolic_trace(nn.Sequential(nn.Conv2d(2, 3, 3), nn.Linear(4, 4)))
    assert same(read(saved(tmp_path / "in.pt", model)), model.state_dict())


@pytest.mark.parametrize("zipped", [True, False])
def test_protocol_0(zipped: bool, tmp_path: Path) -> None:
    state = nn.Conv2d(2, 3, 3).state_dict() | {"half": torch.ones(3).half()}
    torch.save({"state_dict": state}, tmp_path / "in.pt", pickle_protocol=0, _use_new_zipfile_serialization=zipped)
    run(tmp_path / "in.pt", tmp_path / "out", "--layer-type", "weight=Conv2d")
    run("restore", tmp_path / "out", tmp_path / "back.safetensors")
    assert same(load_file(tmp_path / "back.safetensors"), state)


def test_settings_beside_the_model(tmp_path: Path) -> None:
    state = {"a": torch.arange(3.0), "te._extra_state": io.BytesIO(b"x")}
    path = saved(tmp_path / "in.pt", {"state_dict": state, "hyper_parameters": {"rest": ..., "act": torch.tanh}})
    assert same(read(path), {"a": state["a"]})
    assert "te._extra_state" in run("inspect", path).stdout


@pytest.mark.parametrize("legacy", [False, True])
def test_lazy_conjugates_and_negatives(legacy: bool, tmp_path: Path) -> None:
    z = torch.tensor([[1 + 2j, 3 - 1j], [0.5j, -4 + 0j]])
    imag = z.clone().conj().imag
    views = {"conj": z.conj().t(), "neg": imag, "half": imag[1:], "both": torch._neg_view(z.conj())}
    assert views["neg"].is_neg()
    torch.save(views, tmp_path / "in.pt", _use_new_zipfile_serialization=not legacy)
    assert same(read(tmp_path / "in.pt"), {key: view.resolve_conj().resolve_neg() for key, view in views.items()})


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_numpy_arrays(protocol: int, tmp_path: Path) -> None:
    square = np.arange(6.0, dtype=np.float32).reshape(2, 3)
    arrays = {"c": square, "f": np.asfortranarray(square), "big": square.astype(">f4"), "scalar": np.array(7),
              "bytes": np.arange(256).astype(np.uint8), "empty": np.zeros((0, 3)).astype(np.complex64)}  # fmt: skip
    state = {key: torch.from_numpy(array.astype(array.dtype.newbyteorder("="))) for key, array in arrays.items()}
    assert same(read(saved(tmp_path / "all.pt", {"model": arrays, "epoch": np.arange(3)}, protocol)), state)
    mixed = {**arrays, "t": torch.ones(2)}
    assert same(read(saved(tmp_path / "mixed.pt", mixed, protocol)), {**state, "t": torch.ones(2)})
    beside = {"state_dict": {"t": torch.ones(2)}, "mean": square}
    assert same(read(saved(tmp_path / "beside.pt", beside, protocol)), {"t": torch.ones(2)})
    names = saved(tmp_path / "names.pt", {"t": torch.ones(2), "names": np.array(["a"])}, protocol)
    assert same(read(names), {"t": torch.ones(2)})
    assert "dropped, no tensors in them: 'names'" in run("inspect", names).stdout


def test_scripted_quantized_and_sparse_buffers(tmp_path: Path) -> None:
    class Buffers(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("sparse", torch.eye(2).to_sparse())
            self.register_buffer("rows", torch.eye(3).to_sparse_csr())
            self.register_buffer("coded", torch.quantize_per_tensor(torch.ones(3), 0.5, 1, torch.qint8))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.jit.save(torch.jit.script(Buffers()), tmp_path / "in.pt")
    expected = {"sparse": torch.eye(2), "rows": torch.eye(3), "coded": torch.ones(3)}
    assert same(read(tmp_path / "in.pt"), expected)


@pytest.mark.parametrize("dtype", [torch.complex128, torch.complex32])
def test_types_that_safetensors_has_not(dtype: torch.dtype, tmp_path: Path) -> None:
    state = {"a": torch.tensor([1 + 2j, 3.5j]).to(dtype)}
    run(saved(tmp_path / "in.pt", state), tmp_path / "out")
    text = run("restore", tmp_path / "out", tmp_path / "back.safetensors", check=1).stderr
    assert "safetensors has no" in text
    assert not (tmp_path / "back.safetensors").exists()
    run("restore", tmp_path / "out", tmp_path / "back.pt")
    back = torch.load(tmp_path / "back.pt", weights_only=True)["a"]
    assert back.dtype == dtype
    assert back.tolist() == state["a"].tolist()
