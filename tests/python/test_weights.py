"""Whole conversions and back: ties, shards, quantization, parametrizations, wrapped and nested checkpoints."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as mlx_nn
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils import parametrizations, parametrize
from torch.nn.utils import spectral_norm as old_spectral_norm
from torch.nn.utils import weight_norm as old_weight_norm

import torch2mlx
from cli_program import run


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(12, 64)
        self.inner = nn.Linear(64, 64)
        self.head = nn.Linear(64, 12, bias=False)
        self.head.weight = self.embed.weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.head(torch.relu(self.inner(self.embed(ids))))


def zoo() -> nn.Module:
    """Layers of every kind of layout, and buffers of odd types and shapes."""
    torch.manual_seed(0)
    model = nn.ModuleDict(
        {
            "tied": Tied(),
            "conv": nn.Conv2d(3, 4, 3),
            "up": nn.ConvTranspose1d(4, 6, 3, groups=2),
            "norm": nn.BatchNorm2d(4),
            "attention": nn.MultiheadAttention(8, 2),
        }
    )
    model.register_buffer("empty", torch.zeros(0, 3))
    model.register_buffer("number", torch.tensor(3.5))
    model.register_buffer("unsigned", torch.arange(4).to(torch.uint16))
    model.register_buffer("complex", torch.randn(3, dtype=torch.complex64))
    model.register_buffer("flags", torch.tensor([True, False]))
    return model


def test_restored_archive_is_torchs(tmp_path: Path) -> None:
    model = zoo()
    torch2mlx.convert(model, tmp_path / "w.safetensors")
    back = torch2mlx.restore(tmp_path / "w.safetensors", tmp_path / "back.pt")
    assert zipfile.ZipFile(back).testzip() is None
    for mapped in (False, True):
        state = torch.load(back, weights_only=True, mmap=mapped)
        assert state.keys() == model.state_dict().keys()
        for key, value in model.state_dict().items():
            assert state[key].dtype == value.dtype
            assert state[key].equal(value), key
        assert state["tied.head.weight"].data_ptr() == state["tied.embed.weight"].data_ptr()
    again = torch2mlx.convert(back, tmp_path / "again.safetensors", layer_types={"conv": "Conv2d", "up": "Parameter"})
    assert again.is_file()


def test_restore_from_many_shards(tmp_path: Path) -> None:
    torch.save(zoo().state_dict(), tmp_path / "in.pt")
    types = ["--layer-type", "conv=Conv2d", "--layer-type", "up=ConvTranspose1d"]
    run(tmp_path / "in.pt", tmp_path / "out", "--shard-size", "2KB", *types)
    index = json.loads((tmp_path / "out/model.safetensors.index.json").read_text())
    shards = sorted(path.name for path in (tmp_path / "out").glob("model-*.safetensors"))
    assert len(shards) > 2
    assert set(index["weight_map"].values()) == set(shards)
    assert mx.load(str(tmp_path / "out" / shards[0]))
    run("restore", tmp_path / "out", tmp_path / "back.safetensors")
    back = load_file(tmp_path / "back.safetensors")
    for key, value in zoo().state_dict().items():
        assert back[key].equal(value), key
    # A smaller set of shards leaves none of the old ones behind.
    run(tmp_path / "in.pt", tmp_path / "out", *types, check=1)
    run(tmp_path / "in.pt", tmp_path / "out", "--force", *types)
    assert [path.name for path in (tmp_path / "out").glob("model*")] == ["model.safetensors"]


def test_restore_of_weights_that_mlx_saved(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Linear(4, 5))
    torch2mlx.convert(model, tmp_path / "w.safetensors")
    mx.save_safetensors(str(tmp_path / "trained.safetensors"), dict(mx.load(str(tmp_path / "w.safetensors"))))
    with pytest.raises(torch2mlx.InputError, match="no record"):
        torch2mlx.restore(tmp_path / "trained.safetensors", tmp_path / "back.pt")
    torch2mlx.restore(tmp_path / "trained.safetensors", tmp_path / "back.pt", like=model)
    state = torch.load(tmp_path / "back.pt", weights_only=True)
    assert all(state[key].equal(value) for key, value in model.state_dict().items())
    save_file(model.state_dict(), tmp_path / "original.safetensors")
    message = run("restore", tmp_path / "trained.safetensors", tmp_path / "x.pt", check=1).stderr
    assert "--like" in message


def test_restore_names_what_is_missing(tmp_path: Path) -> None:
    torch2mlx.convert(nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)), tmp_path / "w.safetensors")
    arrays, metadata = mx.load(str(tmp_path / "w.safetensors"), return_metadata=True)
    del arrays["0.weight"]
    mx.save_safetensors(str(tmp_path / "less.safetensors"), arrays, metadata)
    with pytest.raises(torch2mlx.UnsupportedError, match=r"0\.weight: is missing"):
        torch2mlx.restore(tmp_path / "less.safetensors", tmp_path / "back.pt")
    assert not (tmp_path / "back.pt").exists()


def test_tied_weights_are_written_once_and_run(tmp_path: Path) -> None:
    model = Tied().eval()
    torch2mlx.convert(model, tmp_path / "w.safetensors")
    assert "head.weight" not in torch2mlx.load_converted(tmp_path / "w.safetensors", flat=True)
    code = torch2mlx.generate(model, (torch.arange(6)[None],))
    made = code.load()
    made.load_weights(str(tmp_path / "w.safetensors"), strict=True)
    ids = torch.tensor([[1, 5, 7]])
    assert np.allclose(np.array(made(mx.array(ids.numpy()))), model(ids).detach().numpy(), atol=1e-5)


NORMS: dict[str, Any] = {
    "weight_norm": parametrizations.weight_norm,
    "weight_norm, dim=2": lambda m: parametrizations.weight_norm(m, dim=2),
    "weight_norm, whole": lambda m: parametrizations.weight_norm(m, dim=None),
    "weight_norm, old": old_weight_norm,
    "spectral_norm": parametrizations.spectral_norm,
    "spectral_norm, old": old_spectral_norm,
}
LAYERS: dict[str, Any] = {
    "conv": lambda: nn.Conv1d(4, 4, 3),
    "transposed": lambda: nn.ConvTranspose1d(4, 4, 3),
    "conv3d": lambda: nn.Conv3d(2, 3, 3),
}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("form", ["live", "state dict"])
def test_parametrizations_are_folded(norm: str, layer: str, form: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    module = NORMS[norm](LAYERS[layer]())
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(1.5).add_(0.1)
    model = nn.ModuleDict({"c": module}).eval()
    source: Any = model
    if form == "state dict":
        source = tmp_path / "in.pt"
        torch.save(model.state_dict(), source)
    if "old" in norm:
        for hook in module._forward_pre_hooks.values():
            hook(module, None)
    expected = module.weight.detach()
    kind = type(LAYERS[layer]()).__name__
    torch2mlx.convert(source, tmp_path / "w.safetensors", layer_types={"c": kind} if form == "state dict" else None)
    arrays = torch2mlx.load_converted(tmp_path / "w.safetensors", flat=True)
    assert set(arrays) == {"c.weight", "c.bias"}
    order = (1, 2, 0) if layer == "transposed" else (0, *range(2, expected.ndim), 1)
    got = np.array(arrays["c.weight"])
    assert np.abs(got - expected.permute(order).numpy()).max() <= 2e-6
    back = load_file(torch2mlx.restore(tmp_path / "w.safetensors", tmp_path / "back.safetensors"))
    assert np.allclose(back["c.weight"].numpy(), expected.numpy(), atol=2e-6)
    assert parametrize.is_parametrized(module) == ("old" not in norm)


def test_spectral_norm_of_another_axis(tmp_path: Path) -> None:
    """Where both axes are as long, a state dict does not tell which; a live module does."""
    torch.manual_seed(3)
    for make in (parametrizations.spectral_norm, old_spectral_norm):
        module = make(nn.Linear(6, 6), dim=1)
        for _ in range(30):  # power iterations
            module(torch.zeros(1, 6))
        module.eval()(torch.zeros(1, 6))
        path = torch2mlx.convert(nn.ModuleDict({"c": module}), tmp_path / "w.safetensors")
        got = torch2mlx.load_converted(path, flat=True)["c.weight"]
        assert np.abs(np.array(got) - module.weight.detach().numpy()).max() <= 2e-6
        torch.save(module.state_dict(), tmp_path / "in.pt")
        with pytest.raises(torch2mlx.UnsupportedError, match="spectral norm is that of axis 1, not 0"):
            torch2mlx.convert(tmp_path / "in.pt", path)


def test_norms_of_recurrent_layers(tmp_path: Path) -> None:
    """Every weight of a layer may have one; the state dict alone is enough."""
    for make in (parametrizations.weight_norm, old_weight_norm):
        module = nn.LSTM(3, 5)
        for name in ("weight_ih_l0", "weight_hh_l0"):
            make(module, name)
            with torch.no_grad():
                next(p for key, p in module.named_parameters() if key.endswith(("_g", "original0"))).mul_(1.7)
        module(torch.zeros(1, 3))
        torch.save(module.state_dict(), tmp_path / "in.pt")
        for source in (module, tmp_path / "in.pt"):
            path = torch2mlx.convert(source, tmp_path / "w.safetensors")
            got = torch2mlx.load_converted(path, flat=True)
            assert got.keys() == {"Wx", "Wh", "bias"}
            assert np.allclose(np.array(got["Wx"]), module.weight_ih_l0.detach().numpy(), atol=1e-6)
            assert np.allclose(np.array(got["Wh"]), module.weight_hh_l0.detach().numpy(), atol=1e-6)


@pytest.mark.parametrize("norm", NORMS)
def test_code_of_parametrized_modules_loads_what_convert_writes(norm: str, tmp_path: Path) -> None:
    torch.manual_seed(2)
    model = nn.Sequential(NORMS[norm](nn.Conv1d(4, 4, 3)), nn.ReLU(), nn.Conv1d(4, 2, 1)).eval()
    keys = set(model.state_dict())
    x = torch.randn(2, 4, 9)
    code = torch2mlx.generate(model, (x,))
    assert code.verified
    assert set(model.state_dict()) == keys
    made = code.load()
    made.load_weights(str(torch2mlx.convert(model, tmp_path / "w.safetensors")), strict=True)
    with torch.no_grad():
        assert np.allclose(np.array(made(mx.array(x.numpy()))), model(x).numpy(), atol=1e-5)


@pytest.mark.parametrize("mode", ["affine", "mxfp4", "mxfp8", "nvfp4"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_quantized_as_mlx_quantizes(mode: str, dtype: torch.dtype, tmp_path: Path) -> None:
    torch.manual_seed(2)
    model = nn.Sequential(nn.Embedding(100, 128), nn.Linear(128, 256), nn.LayerNorm(256), nn.Linear(256, 100)).to(dtype)
    plain = torch2mlx.load_converted(torch2mlx.convert(model, tmp_path / "plain.safetensors"))
    path = torch2mlx.convert(model, tmp_path / "w.safetensors", quantize={"mode": mode})
    wanted = mlx_nn.Sequential(
        mlx_nn.Embedding(100, 128), mlx_nn.Linear(128, 256), mlx_nn.LayerNorm(256), mlx_nn.Linear(256, 100)
    )
    wanted.update({"layers": plain if isinstance(plain, list) else list(plain.values())})
    mlx_nn.quantize(wanted, mode=mode)
    got = torch2mlx.load_converted(path, flat=True)
    from mlx.utils import tree_flatten

    parameters = {key.removeprefix("layers."): value for key, value in tree_flatten(wanted.parameters())}
    assert got.keys() == parameters.keys()
    for key, value in parameters.items():
        assert got[key].dtype == value.dtype, key
        assert mx.array_equal(got[key], value), key
    back = load_file(torch2mlx.restore(path, tmp_path / "back.safetensors"))
    more = {} if mode == "affine" else {"dtype": plain_dtype(dtype)}
    for i in (0, 1, 3):
        packed = [got[f"{i}.{part}"] for part in ("weight", "scales", "biases") if f"{i}.{part}" in got]
        numbers = mx.dequantize(*packed, mode=mode, **more).astype(mx.float32)
        assert np.array_equal(back[f"{i}.weight"].float().numpy(), np.array(numbers))
        assert back[f"{i}.weight"].dtype == dtype


def plain_dtype(dtype: torch.dtype) -> mx.Dtype:
    return {torch.float32: mx.float32, torch.bfloat16: mx.bfloat16}[dtype]


def test_quantization_flags_rules_and_config(tmp_path: Path) -> None:
    layers = {}
    for i in range(8):
        for name in ("q_proj", "v_proj", "down_proj"):
            layers[f"model.layers.{i}.{name}.weight"] = torch.randn(64, 64)
    layers |= {"lm_head.weight": torch.randn(70, 64), "odd.weight": torch.randn(4, 50)}
    (tmp_path / "in").mkdir()
    save_file(layers, tmp_path / "in/model.safetensors")
    (tmp_path / "in/config.json").write_text('{"z": 1, "a": 2}')
    run("--hf-path", tmp_path / "in", "--mlx-path", tmp_path / "out", "-q", "--quant-predicate", "mixed_4_6",
        "--quant-predicate", "model.layers.3.q_proj=no", "--dtype", "bfloat16")  # fmt: skip
    config = json.loads((tmp_path / "out/config.json").read_text())
    assert list(config) == ["a", "quantization", "quantization_config", "z"]
    quantization = config["quantization"]
    assert quantization == config["quantization_config"]
    bits = {path: how["bits"] for path, how in quantization.items() if isinstance(how, dict)}
    more = {i for i in range(8) if i < 1 or i >= 7 or (i - 1) % 3 == 2}
    for i in range(8):
        assert bits[f"model.layers.{i}.v_proj"] == bits[f"model.layers.{i}.down_proj"] == (6 if i in more else 4)
    assert bits["lm_head"] == 6
    assert "model.layers.3.q_proj" not in bits
    assert "odd" not in bits
    arrays = mx.load(str(tmp_path / "out/model.safetensors"))
    for path, count in bits.items():
        assert mx.array_equal(
            arrays[f"{path}.weight"],
            mx.quantize(mx.array(layers[f"{path}.weight"].numpy()).astype(mx.bfloat16), bits=count)[0],
        )
    assert arrays["odd.weight"].dtype == mx.bfloat16
    text = run(tmp_path / "in", "--dry-run", "-q").stdout
    assert "lm_head.scales  [70, 1] float32  280 bytes" in text
    run(tmp_path / "in", tmp_path / "no", "-q", "--q-bits", "7", check=1)
    run(tmp_path / "in", tmp_path / "no", "--q-bits", "4", check=2)
    for predicate, words in (("nothing*=4", "matches no module"), ("mixed_9_9", "no such recipe")):
        done = run(tmp_path / "in", tmp_path / "no", "-q", "--quant-predicate", predicate, check=1)
        assert words in done.stderr
    mixed = ["-q", "--q-mode", "mxfp4", "--quant-predicate", "mixed_4_6"]
    assert "recipes are affine" in run(tmp_path / "in", tmp_path / "no", *mixed, check=1).stderr
    run(tmp_path / "in", tmp_path / "sharded", "-q", "--shard-size", "10KB")
    index = json.loads((tmp_path / "sharded/model.safetensors.index.json").read_text())
    assert index["metadata"]["total_parameters"] == sum(tensor.numel() for tensor in layers.values())
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    "wrapper",
    ["module.", "_orig_mod.", "module._orig_mod.", "module.module.", "module._fsdp_wrapped_module."],
)
def test_wrapped_names(wrapper: str, tmp_path: Path) -> None:
    state = nn.Sequential(nn.Linear(3, 2), nn.Linear(2, 2)).state_dict()
    torch.save({wrapper + key: value for key, value in state.items()}, tmp_path / "in.pt")
    torch2mlx.convert(tmp_path / "in.pt", tmp_path / "w.safetensors")
    assert torch2mlx.load_converted(tmp_path / "w.safetensors", flat=True).keys() == state.keys()
    for part in wrapper.strip(".").split("."):
        assert part in run("inspect", tmp_path / "in.pt").stdout
    torch.save({**state, "_orig_mod.0.weight": torch.zeros(1)}, tmp_path / "clash.pt")
    assert "which there is already" in run("inspect", tmp_path / "clash.pt", check=1).stderr


def test_whole_wrapped_modules(tmp_path: Path) -> None:
    torch.save(nn.DataParallel(nn.Sequential(nn.Conv2d(3, 4, 3))), tmp_path / "in.pt")
    torch2mlx.convert(tmp_path / "in.pt", tmp_path / "w.safetensors")
    assert torch2mlx.load_converted(tmp_path / "w.safetensors", flat=True)["0.weight"].shape == (4, 3, 3, 3)


def test_nested_checkpoints_list_what_else_they_hold(tmp_path: Path) -> None:
    model = nn.Linear(3, 2)
    optimizer = torch.optim.Adam(model.parameters())
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    shadow = {key: value + 1 for key, value in model.state_dict().items()}
    whole = {
        "state_dict": model.state_dict(),
        "ema": {"decay": 0.5, "shadow": shadow},
        "optimizer_states": [optimizer.state_dict()],
        "epoch": 3,
        "hyper_parameters": {"name": "x"},
    }
    torch.save(whole, tmp_path / "in.ckpt")
    facts = json.loads(run("inspect", tmp_path / "in.ckpt", "--json").stdout)
    assert facts["extras"] == {
        "ema": "dict of 2, 2 tensors",
        "optimizer_states": "list of 1, 6 tensors",
        "epoch": "int 3",
        "hyper_parameters": "dict of 1",
    }
    torch2mlx.convert(tmp_path / "in.ckpt", tmp_path / "w.safetensors", key="ema.shadow")
    got = torch2mlx.load_converted(tmp_path / "w.safetensors", flat=True)
    assert np.array_equal(np.array(got["weight"]), shadow["weight"].numpy())


def test_overflow_is_reported_by_tensor(tmp_path: Path) -> None:
    tensors = {"a": torch.tensor([1e5, 1.0, -7e4, float("inf")]), "b": torch.ones(3)}
    save_file(tensors, tmp_path / "in.safetensors")
    text = run(tmp_path / "in.safetensors", tmp_path / "out", "--dtype", "float16").stdout
    assert "a: 2 values beyond float16 became infinite" in text
    assert "b:" not in text


@pytest.mark.parametrize("dtype", ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"])
def test_every_float8_is_widened_exactly(dtype: str, tmp_path: Path) -> None:
    codes = torch.arange(256).to(torch.uint8).view(getattr(torch, dtype))
    torch.save({"a": codes}, tmp_path / "in.pt")
    torch2mlx.convert(tmp_path / "in.pt", tmp_path / "w.safetensors")
    got = np.array(torch2mlx.load_converted(tmp_path / "w.safetensors", flat=True)["a"].astype(mx.float32))
    assert np.array_equal(got, codes.float().numpy(), equal_nan=True)
    back = torch.load(torch2mlx.restore(tmp_path / "w.safetensors", tmp_path / "back.pt"), weights_only=True)["a"]
    assert back.dtype == codes.dtype
    finite = codes.float().isfinite()
    assert back.view(torch.uint8)[finite].equal(codes.view(torch.uint8)[finite])
