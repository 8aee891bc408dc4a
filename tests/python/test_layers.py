"""Every row of the layers table: converted weights in the MLX layer give torch's output, and come back bit for bit."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

import torch2mlx
from cli_program import PROGRAM
from layer_samples import SAMPLES
from package_layers import PACKAGES

SAMPLES |= PACKAGES
DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)
FORMATS = ("live", "module", "state dict", "bare state dict", "safetensors")


def rows() -> list[dict[str, Any]]:
    return json.loads(subprocess.run([PROGRAM, "ops", "--layers", "--json"], capture_output=True, check=True).stdout)


def test_every_row_with_parameters_has_a_sample() -> None:
    assert {row["torch"] for row in rows() if row["parameters"]} == set(SAMPLES)


def test_every_parameterised_class_of_torch_nn_has_a_row() -> None:
    known = {row["torch"].rpartition(".")[2] for row in rows()}
    plain = set()
    for name, value in vars(torch.nn).items():
        if isinstance(value, type) and issubclass(value, torch.nn.Module) and not name.startswith("Lazy"):
            source = Path(__import__(value.__module__, fromlist=["x"]).__file__ or "").read_text()
            body = source.partition(f"class {name}(")[2].partition("\nclass ")[0]
            if "Parameter(" in body or "register_buffer" in body:
                plain.add(name)
    containers = {"ParameterDict", "ParameterList"}  # keep names and layouts
    bases = {"RNNBase", "RNNCellBase"}
    given = {
        "BCEWithLogitsLoss",
        "FractionalMaxPool2d",
        "FractionalMaxPool3d",
    }  # buffers are the caller's own arguments
    assert plain - known <= containers | bases | given


def source_of(form: str, folder: Path, model: torch.nn.Module, name: str, groups: int) -> tuple[Any, dict[str, str]]:
    if form == "live":
        return model, {}
    path = folder / ("source.safetensors" if form == "safetensors" else "source.pt")
    if form == "module":
        torch.save(model, path)
        return path, {}
    if form == "safetensors":
        save_file({key: value.contiguous() for key, value in model.state_dict().items()}, path)
    else:
        torch.save(model.state_dict(), path)
    if form == "bare state dict" and (".rnn." in name or name.endswith("MultiheadAttention")):
        return path, {}  # names and shapes tell
    # A pattern per module: what lies below an attention layer is a layer of its own.
    types = {"layer": name, "layer.out_proj": "Linear"} if name.endswith("MultiheadAttention") else {"layer": name}
    if "ConvTranspose" in name and "layer.bias" not in model.state_dict():
        types = {"layer": f"{name},groups={groups}"}
    return path, types


@pytest.mark.random
@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data())
def test_converted_weights_give_torchs_output(name: str, data: st.DataObject) -> None:
    sample = SAMPLES[name]
    options = {key: data.draw(strategy, label=key) for key, strategy in sample.options.items()}
    form = data.draw(st.sampled_from(FORMATS), label="format")
    dtype = data.draw(st.sampled_from(DTYPES), label="dtype")
    torch.manual_seed(data.draw(st.integers(0, 99), label="seed"))
    module = sample.module(**options).eval()
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter)
    model = torch.nn.Sequential(OrderedDict(layer=module)).to(dtype)
    inputs = sample.inputs(**options)
    if form == "module" and name in PACKAGES:  # classes that cannot be imported
        form = "live"
    if not model.state_dict():  # files without tensors are refused
        form = "live"
    with tempfile.TemporaryDirectory() as folder:
        source, types = source_of(form, Path(folder), model, name, options.get("groups", 1))
        path = torch2mlx.convert(source, Path(folder) / "w.safetensors", layer_types=types)
        weights = torch2mlx.load_converted(path, flat=True)
        relative = {key.removeprefix("layer."): value.astype(mx.float32) for key, value in weights.items()}
        with torch.no_grad():
            expected = model.float()[0](*inputs)
        expected = expected[0] if isinstance(expected, tuple) else expected
        got = np.array(sample.mlx(relative, *inputs, **options))
        scale = max(1.0, float(expected.abs().max()))
        assert got.shape == tuple(expected.shape)
        # Sums of two biases are rounded to the type that holds them.
        rounded = ".rnn." in name and dtype in (torch.float16, torch.bfloat16)
        limit = 20 * torch.finfo(dtype).eps if rounded else 2e-5
        assert float(np.abs(got - expected.numpy()).max()) <= limit * scale


@pytest.mark.random
@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(data=st.data())
def test_what_was_converted_comes_back(name: str, data: st.DataObject) -> None:
    """Bit for bit, but for the biases of recurrent layers, of which MLX holds the sum."""
    sample = SAMPLES[name]
    options = {key: data.draw(strategy, label=key) for key, strategy in sample.options.items()}
    dtype = data.draw(st.sampled_from([torch.float32, torch.float16, torch.bfloat16]), label="dtype")
    form = data.draw(st.sampled_from(FORMATS), label="format")
    end = data.draw(st.sampled_from(["safetensors", "pt"]), label="restored to")
    model = torch.nn.Sequential(OrderedDict(layer=sample.module(**options).to(dtype)))
    for parameter in model.parameters():  # some classes leave memory as they found it, nans included
        torch.nn.init.normal_(parameter)
    state = model.state_dict()
    if not state or (form == "module" and name in PACKAGES):
        form = "live"
    with tempfile.TemporaryDirectory() as folder:
        source, types = source_of(form, Path(folder), model, name, options.get("groups", 1))
        path = torch2mlx.convert(source, Path(folder) / "w.safetensors", layer_types=types)
        made = torch2mlx.restore(path, Path(folder) / f"back.{end}")
        back = load_file(made) if end == "safetensors" else torch.load(made, weights_only=True)
    assert back.keys() == state.keys()
    for key, value in state.items():
        assert back[key].dtype == value.dtype
        assert back[key].shape == value.shape
        if "bias_hh" not in key and "bias_ih" not in key:
            assert back[key].equal(value), key
    for key in state:
        if "bias_ih" in key:
            twin = key.replace("bias_ih", "bias_hh")
            assert torch.allclose(back[key].float() + back[twin].float(), (state[key] + state[twin]).float(), atol=1e-2)
