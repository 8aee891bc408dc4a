"""Wrong files and arguments: the right class of error, its place, a way out; nothing written, nothing lost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import torch2mlx
from torch2mlx import InputError, UnsupportedError, _native
from torch2mlx.cli import Hooks
from wrong_files import FOLDERS, GRAPHS, OLD, OTHERS, PARTS, SAFETENSORS, TORCH, Wrong, exported, saved

FILES = [*SAFETENSORS, *TORCH, *OLD, *FOLDERS, *PARTS, *OTHERS]
GOOD = torch.ones(4, 2)
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")  # torch's, of tensors that are rare
MINE = b"written by the user"


def refused(error: type[Exception], words: tuple[str, ...], call: Callable[[], Any]) -> None:
    """`call` raises exactly `error`, whose message holds every one of `words`."""
    assert words
    with pytest.raises(torch2mlx.Torch2MLXError) as caught:
        call()
    assert type(caught.value) is error
    for word in words:
        assert word in str(caught.value)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    (tmp_path / "inputs").mkdir()
    return tmp_path / "inputs"


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """An output folder that holds files already."""
    (tmp_path / "mine").mkdir()
    for name in ("model.safetensors", "model.py"):
        (tmp_path / "mine" / name).write_bytes(MINE)
    return tmp_path / "mine"


def untouched(folder: Path) -> bool:
    return {path.name: path.read_bytes() for path in folder.iterdir()} == {"model.safetensors": MINE, "model.py": MINE}


def by_name(value: Any) -> str | None:
    return value.name if isinstance(value, Wrong) else None


@pytest.mark.parametrize("wrong", FILES, ids=by_name)
def test_files(wrong: Wrong, inputs: Path, mine: Path) -> None:
    path = wrong.make(inputs)
    refused(wrong.error, wrong.words, lambda: torch2mlx.convert(path, mine / "model.safetensors"))
    refused(wrong.error, wrong.words, lambda: torch2mlx.analyze(path))
    refused(wrong.error, wrong.words, lambda: torch2mlx.generate(path))
    refused(wrong.error, wrong.words, lambda: torch2mlx.load_converted(path))
    assert untouched(mine)


@pytest.mark.parametrize("wrong", FILES, ids=by_name)
def test_files_on_the_command_line(wrong: Wrong, inputs: Path, mine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path, fresh = wrong.make(inputs), inputs.parent / "fresh"
    for arguments in ([fresh], [mine, "--force"], ["--analyze-only"]):
        assert _native.core().run([str(argument) for argument in (path, *arguments)], Hooks()) == 1
        printed = capfd.readouterr()
        assert printed.out == ""
        assert len(printed.err.splitlines()) == 1
        assert printed.err.startswith("torch2mlx: ")
        assert all(word in printed.err for word in wrong.words), printed.err
    assert not fresh.exists()
    assert untouched(mine)


@pytest.mark.parametrize("wrong", GRAPHS, ids=by_name)
def test_exported_graphs(wrong: Wrong, inputs: Path, mine: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path, fresh = wrong.make(inputs), inputs.parent / "fresh"
    refused(wrong.error, wrong.words, lambda: torch2mlx.generate(path))
    for folder, options in ((fresh, []), (mine, ["--force"])):
        assert _native.core().run([str(path), str(folder), "--codegen", *options], Hooks()) == 1
        error = capfd.readouterr().err
        assert error.startswith("torch2mlx: ")
        assert all(word in error for word in wrong.words), error
    assert not fresh.exists()
    assert untouched(mine)


class _Hollow(torch.Tensor):
    """As the quantized tensors of other packages are: a shape and a type, but no storage."""

    @staticmethod
    def __new__(cls) -> _Hollow:
        return torch.Tensor._make_wrapper_subclass(cls, (2,), dtype=torch.float32)

    @classmethod
    def __torch_dispatch__(cls, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return args[0]


TENSORS: dict[str, tuple[Callable[[], Any], type[Exception], tuple[str, ...]]] = {
    "no tensor": (lambda: {"a": 1, "b": None}, InputError, ("a: int is no tensor", "b: NoneType is no tensor")),
    "nested dict": (lambda: {"a": {"b": torch.ones(1)}}, InputError, ("a: dict is no tensor",)),
    "key no string": (lambda: {1: torch.ones(1)}, InputError, ("key 1",)),
    "key no text": (lambda: {"\ud800": torch.ones(1)}, InputError, ("key '\\ud800'", "UTF-8")),
    "meta": (lambda: {"a": torch.ones(2, device="meta")}, InputError, ("a: ", "meta device")),
    "lazy": (lambda: nn.LazyLinear(3), InputError, ("weight: is not initialized", "hint")),
    "sparse": (
        lambda: {"a": torch.sparse_coo_tensor([[0], [0]], [1.0], (1 << 20, 1 << 20))},
        UnsupportedError,
        ("a: ", "1 GiB"),
    ),
    "nested tensor": (
        lambda: {"a": torch.nested.nested_tensor([torch.ones(1), torch.ones(2)])},
        UnsupportedError,
        ("a: ", "nested"),
    ),
    "hollow": (lambda: {"a": _Hollow()}, UnsupportedError, ("a: ", "_Hollow has no elements")),
    "float8 with scales": (
        lambda: {"a": torch.ones(2).to(torch.float8_e4m3fn), "a_scale": torch.ones(1)},
        UnsupportedError,
        ("a [2]", "float8_e4m3fn with scales (a_scale)"),
    ),
    "objects": (lambda: {"a": np.array([None])}, UnsupportedError, ("a: ", "object")),
    "text": (lambda: {"a": np.array(["x"])}, UnsupportedError, ("a: ", "str")),
    "layout unknown": (
        lambda: {"a.weight": torch.ones(2, 2, 1, 1), "b.weight": torch.ones(2, 2, 1, 1)},
        UnsupportedError,
        ("a.weight [2, 2, 1, 1]", "b.weight [2, 2, 1, 1]", "--layer-type"),
    ),
}


@pytest.mark.parametrize("name", TENSORS)
def test_tensors(name: str, mine: Path) -> None:
    make, error, words = TENSORS[name]
    refused(error, words, lambda: torch2mlx.convert(make(), mine / "model.safetensors"))
    assert untouched(mine)


def raises(*_: int) -> None:
    raise KeyError("of the caller")


CONVERT: dict[str, tuple[Mapping[str, Any], type[Exception], tuple[str, ...]]] = {
    "model": ({"model": None}, InputError, ("model: NoneType is no model", "hint")),
    "model class": ({"model": nn.Linear}, InputError, ("model: type is no model",)),
    "path": ({"path": None}, InputError, ("path: NoneType is no path",)),
    "dtype": ({"dtype": "int8"}, InputError, ("dtype: int8", "hint: float32, float16 or bfloat16")),
    "dtype number": ({"dtype": 3}, InputError, ("dtype: 3",)),
    "quantize": ({"quantize": 4}, InputError, ("quantize: ", "hint")),
    "key": ({"key": "model"}, InputError, ("key='model'", "the input is live")),
    "layer class": ({"layer_types": {"*": "Zonk"}}, InputError, ("*=Zonk", "no such class", "hint")),
    "layer pattern": ({"layer_types": {"zz*": "Linear"}}, InputError, ("zz*", "matches no tensor", "hint")),
    "layer types": ({"layer_types": ["*"]}, InputError, ("layer_types: ", "hint")),
    "layer value": ({"layer_types": {"*": 3}}, InputError, ("layer_types: ('*', 3)",)),
    "progress": ({"progress": 3}, InputError, ("progress=3", "hint")),
}


@pytest.mark.parametrize("name", CONVERT)
def test_convert(name: str, mine: Path) -> None:
    arguments, error, words = CONVERT[name]
    everything = {"model": {"fc.weight": torch.ones(2, 2)}, "path": mine / "model.safetensors", **arguments}
    refused(error, words, lambda: torch2mlx.convert(**everything))
    assert untouched(mine)


def test_convert_to_places_that_are_none(mine: Path) -> None:
    model = nn.Linear(2, 3)
    refused(InputError, (str(mine), "is a folder", "hint"), lambda: torch2mlx.convert(model, mine))
    for place in (mine / "no/such/folder/model.safetensors", mine / "model.py/model.safetensors"):
        refused(InputError, (str(place), "cannot create"), lambda place=place: torch2mlx.convert(model, place))
    assert untouched(mine)


def test_a_callers_exception_ends_the_conversion(mine: Path) -> None:
    with pytest.raises(KeyError, match="of the caller"):
        torch2mlx.convert(nn.Linear(2, 3), mine / "model.safetensors", progress=raises)
    assert untouched(mine)


def test_a_key_that_the_file_has_not(inputs: Path, mine: Path) -> None:
    path = saved(inputs, {"model": {"a": torch.ones(1)}, "ema": {"a": torch.ones(1)}})
    words = ("sound.pt", "no entry 'zzz'", "model, ema")
    refused(InputError, words, lambda: torch2mlx.convert(path, mine / "model.safetensors", key="zzz"))
    assert untouched(mine)


def test_load_converted(inputs: Path) -> None:
    refused(InputError, ("path: int is no path",), lambda: torch2mlx.load_converted(3))
    refused(InputError, ("sound.pt", "not in MLX's layout", "hint"), lambda: torch2mlx.load_converted(saved(inputs)))
    whole = torch2mlx.convert(nn.Linear(2, 3), inputs / "whole.safetensors")
    cut = inputs / "cut.safetensors"
    cut.write_bytes(whole.read_bytes()[:-4])
    refused(InputError, ("cut.safetensors: header, tensor",), lambda: torch2mlx.load_converted(cut))


def test_keys_that_do_not_nest(inputs: Path) -> None:
    both = torch2mlx.convert({"a": torch.ones(1), "a.b": torch.ones(1)}, inputs / "both.safetensors")
    refused(InputError, ("a", "of others below it", "hint: flat=True"), lambda: torch2mlx.load_converted(both))
    assert set(torch2mlx.load_converted(both, flat=True)) == {"a", "a.b"}
    tensors = {"far.99999999999": torch.ones(1), "zeros.01": torch.ones(1), "zeros.1": torch.ones(1)}
    loaded = torch2mlx.load_converted(torch2mlx.convert(tensors, inputs / "names.safetensors"))
    assert {name: set(below) for name, below in loaded.items()} == {"far": {"99999999999_"}, "zeros": {"01_", "1"}}


class Two(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return self.fc(x) + y


class Leaving(Two):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(x) + torch.from_numpy(x.numpy()).sum()


class Counting(Two):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.poisson(self.fc(x).abs()) + torch.bincount(torch.flatten(x).long()).sum()


FITS = "hint: args and kwargs are those of a call of the model"
CALLS: dict[str, tuple[tuple[Any, ...], type[Exception], tuple[str, ...]]] = {
    "no model": ((None,), InputError, ("model: NoneType is no model", "hint")),
    "class": ((nn.Linear,), InputError, ("model: type is no model", "hint")),
    "args number": ((nn.Linear(2, 3), 3), InputError, ("args: int",)),
    "args text": ((nn.Linear(2, 3), "abc"), InputError, ("args: str",)),
    "kwargs list": ((nn.Linear(2, 3), (), [1]), InputError, ("kwargs: list",)),
    "too many": ((nn.Linear(2, 3), (GOOD, GOOD)), InputError, ("args: ", "Linear.forward: too many", FITS)),
    "unknown name": ((nn.Linear(2, 3), (GOOD,), {"zz": GOOD}), InputError, ("args: ", "'zz'", FITS)),
    "shape": ((nn.Linear(2, 3), (torch.ones(1, 5),)), InputError, ("args: Linear itself fails", "1x5 and 2x3", FITS)),
    "numpy": ((nn.Linear(2, 3), (np.ones((1, 2)),)), InputError, ("args: Linear itself fails", "numpy.ndarray", FITS)),
    "meta": ((nn.Linear(2, 3, device="meta"), (GOOD,)), InputError, ("args: Linear itself fails", "meta")),
    "leaving": ((Leaving(), (GOOD,)), UnsupportedError, ("Leaving: torch.export cannot trace", "hint")),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("function", ["analyze", "generate", "verify"])
def test_calls(function: str, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    arguments, error, words = CALLS[name]
    refused(error, words, lambda: getattr(torch2mlx, function)(*arguments))
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")


@pytest.mark.parametrize("function", ["generate", "verify"])
def test_models_that_do_not_port(function: str) -> None:
    call = getattr(torch2mlx, function)
    words = ("poisson", "test_wrong_input.py:", "bincount")  # all of them at once
    refused(UnsupportedError, words, lambda: call(Counting(), (GOOD,)))
    refused(InputError, ("args: example inputs cannot be made up for Two", "hint"), lambda: call(Two()))
    refused(InputError, ("model: dict is no model",), lambda: call({"a": torch.ones(1)}))
    whole = (nn.Linear(2, 3), (torch.ones(1, 2, dtype=torch.int64),))
    refused(InputError, ("args: Linear itself fails", "dtype"), lambda: call(*whole))


def test_analyze_tells_what_stands_in_the_way() -> None:
    found = torch2mlx.analyze(Counting(), (GOOD,))
    assert [name for name in ("poisson", "bincount") if name in str(found)] == ["poisson", "bincount"]
    assert all("test_wrong_input.py:" in blocker for blocker in found.blockers)
    (blocker,) = torch2mlx.analyze(Two()).blockers
    assert "example inputs cannot be made up for Two" in blocker


def returns_nothing(_code: torch2mlx.GeneratedCode) -> None:
    return None


GENERATE: dict[str, tuple[Mapping[str, Any], type[Exception], tuple[str, ...]]] = {
    "class_name": ({"class_name": 3}, InputError, ("class_name=3",)),
    "post_processors": ({"post_processors": 3}, InputError, ("post_processors: 3", "hint")),
    "post_processor": ({"post_processors": [3]}, InputError, ("post_processors: 3", "hint")),
    "post_processor's result": (
        {"post_processors": [returns_nothing]},
        InputError,
        ("post_processors: 'returns_nothing' returned NoneType",),
    ),
    "dynamic_shapes": ({"dynamic_shapes": "all"}, UnsupportedError, ("Linear: torch.export", "dynamic_shapes")),
}


@pytest.mark.parametrize("name", GENERATE)
def test_generate(name: str) -> None:
    arguments, error, words = GENERATE[name]
    refused(error, words, lambda: torch2mlx.generate(nn.Linear(2, 3), (GOOD,), **arguments))


LAYERS: dict[str, tuple[tuple[Any, ...], tuple[str, ...]]] = {
    "no name": ((3,), ("register_layer(3)", "hint")),
    "short name": (("Conv",), ("Conv: is no full name", "hint: my.pkg.Conv")),
    "known": ((nn.Linear, "nn.Linear"), ("torch.nn.modules.linear.Linear: has a row", "hint: override=True")),
    "no class of mlx": (("a.B", "nn.Zonk"), ("a.B: the table of layers has no 'nn.Zonk'", "hint")),
    "mlx no name": (("a.B", nn.Linear), ("register_layer('a.B')", "hint")),
    "no mapping": (("a.B", "", (0, 1)), ("permute: (0, 1) is no mapping", "hint")),
    "no axes": (("a.B", "", {"weight": ("x",)}), ("permute: 'weight': ('x',)",)),
    "no iterable": (("a.B", "", {"weight": 3}), ("permute: 'weight': 3",)),
    "no permutation": (("a.B", "", {"weight": (0, 2)}), ("a.B: permute: the axes of 'weight' are no permutation",)),
    "rank": (("a.B", "nn.Conv2d", {"weight": (1, 0)}), ("a.B: permute: 'weight' has 4 axes in nn.Conv2d",)),
    "in parts": (("a.B", "nn.LSTM", {"weight_ih_l#": (1, 0)}), ("a.B: permute: 'weight_ih_l#' is taken apart",)),
}


@pytest.mark.parametrize("name", LAYERS)
def test_register_layer(name: str) -> None:
    arguments, words = LAYERS[name]
    refused(InputError, words, lambda: torch2mlx.register_layer(*arguments))


def takes_one(_mx: Any) -> None:
    return None


LOWERINGS: dict[str, tuple[tuple[Any, ...], tuple[str, ...]]] = {
    "no name": ((3, takes_one), ("register_lowering(3)", "hint")),
    "no namespace": (("relu", takes_one), ("register_lowering('relu')", "hint")),
    "unknown": (("mine::zonk", takes_one), ("mine::zonk: torch knows no such operator", "hint")),
    "unknown overload": (("aten::add.Zonk", takes_one), ("aten::add.Zonk: torch knows no such operator",)),
    "known": (("aten::relu", lambda mx, x: x), ("aten.relu.default: has a lowering already", "hint: override=True")),
    "no callable": (("aten::histc", 3), ("3 is no callable",)),
    "parameters": (("aten::histc", takes_one), ("takes_one cannot be called with (mx, self, bins, min, max)",)),
    "writes": (("aten::relu_", lambda mx, x: x), ("aten::relu_: writes to its arguments", "hint")),
}


@pytest.mark.parametrize("name", LOWERINGS)
def test_register_lowering(name: str) -> None:
    arguments, words = LOWERINGS[name]
    refused(InputError, words, lambda: torch2mlx.register_lowering(*arguments))


def test_generate_wants_a_graph(inputs: Path) -> None:
    path = saved(inputs)
    refused(InputError, (str(path), "no graph", "hint"), lambda: torch2mlx.generate(path))


@pytest.mark.parametrize("tol", [-1, float("nan"), "small"])
def test_verify_tolerance(tol: Any) -> None:
    refused(InputError, (f"tol={tol!r}",), lambda: torch2mlx.verify(nn.Linear(2, 3), (GOOD,), tol=tol))


def test_verify_wants_a_model(inputs: Path) -> None:
    path = exported(inputs)
    refused(UnsupportedError, (str(path), "cannot load a .pt2 file inertly", "hint"), lambda: torch2mlx.verify(path))


def test_save_and_load(mine: Path) -> None:
    code = torch2mlx.generate(nn.Linear(2, 3), (GOOD,), verify=False)
    refused(InputError, ("folder: NoneType is no path",), lambda: code.save(None))
    for place in (mine / "model.py", mine / "model.py/below"):
        refused(InputError, (str(place), "cannot be made a folder"), lambda place=place: code.save(place))
    broken = dataclasses.replace(code, source="def (")
    refused(InputError, ("Linear: the source does not run", "SyntaxError"), broken.load)
    other = dataclasses.replace(code, class_name="Zonk")
    refused(InputError, ("Zonk: the source does not run",), other.load)
    assert untouched(mine)


def test_weights_that_cannot_be_written_leave_no_code(mine: Path) -> None:
    code = torch2mlx.generate(nn.Linear(2, 3), (GOOD,), verify=False)
    bad = {"weight": torch.ones(2).to(torch.float8_e4m3fn), "weight_scale": torch.ones(1)}
    code = dataclasses.replace(code, weights=torch2mlx.weights.checkpoint(bad))
    refused(UnsupportedError, ("weight [2]",), lambda: code.save(mine))
    assert untouched(mine)


def test_lazy_layers_without_sizes_are_named() -> None:
    model = torch.nn.Sequential(torch.nn.LazyLinear(3), torch.nn.LazyConv1d(2, 1)).eval()
    with pytest.raises(torch2mlx.InputError, match="call the model once") as caught:
        torch2mlx.generate(model, (torch.randn(2, 4),))
    assert caught.value.details == ["0.weight", "0.bias", "1.weight", "1.bias"]
    assert torch.nn.parameter.is_lazy(model[0].weight)
