"""The command line's conversions, bit for bit against NumPy (and torch for bfloat16)."""

from __future__ import annotations

import fnmatch
import json
import subprocess
from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
import torch
from safetensors.numpy import load_file as load_numpy
from safetensors.numpy import save_file as save_numpy
from safetensors.torch import load_file, save_file

from cli_program import run
from seeds import SEED

PERMUTATIONS = {
    "Conv1d": (0, 2, 1),
    "Conv2d": (0, 2, 3, 1),
    "Conv3d": (0, 2, 3, 4, 1),
    "ConvTranspose1d": (1, 2, 0),
    "ConvTranspose2d": (1, 2, 3, 0),
    "ConvTranspose3d": (1, 2, 3, 4, 0),
}
# Of a transposed convolution with one output channel and no bias, nothing but this tells whether it is depthwise.
GROUPS = {name: ",groups=1" if "Transpose" in name else "" for name in PERMUTATIONS}
LAYER_TYPES = [f"--layer-type=*.{name.lower()}={name}{GROUPS[name]}" for name in PERMUTATIONS]
DTYPES = ["bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32",
          "float64", "complex64"]  # fmt: skip


def random_array(rng: np.random.Generator, dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    """Every bit pattern: NaNs, infinities and subnormals included."""
    raw = rng.integers(0, 256, size=(*shape, np.dtype(dtype).itemsize), dtype=np.uint8)
    if dtype == "bool":
        raw &= 1
    return raw.view(dtype).reshape(shape)


def model(rng: np.random.Generator, dtype: str) -> dict[str, np.ndarray]:
    """Low ranks of many sizes, and one weight for each kind of convolution."""
    shapes: dict[str, tuple[int, ...]] = {"scalar": (), "empty": (0, 4), "vector": (7,), "matrix": (33, 65)}
    for name, axes in PERMUTATIONS.items():
        for i in range(3):
            channels = [int(n) for n in rng.integers(1, 70, 2)]
            kernel = [int(n) for n in rng.integers(1, 6, len(axes) - 2)]
            shapes[f"block{i}.{name.lower()}.weight"] = (*channels, *kernel)
    names = list(shapes)
    rng.shuffle(names)
    return {name: random_array(rng, dtype, shapes[name]) for name in names}


def expected(name: str, array: np.ndarray) -> np.ndarray:
    for layer, axes in PERMUTATIONS.items():
        if fnmatch.fnmatch(name, f"*.{layer.lower()}.weight"):
            return np.ascontiguousarray(array.transpose(axes))
    return array


def same_bytes(ours: np.ndarray, reference: np.ndarray) -> bool:
    return ours.dtype == reference.dtype and ours.shape == reference.shape and ours.tobytes() == reference.tobytes()


def same_numbers(ours: torch.Tensor, reference: torch.Tensor) -> bool:
    """Equal bits, where any NaN is as good as another."""
    nan = reference.isnan()
    bits = {2: torch.int16, 4: torch.int32}[reference.element_size()]
    return (
        ours.dtype == reference.dtype
        and torch.equal(ours.isnan(), nan)
        and torch.equal(ours.view(bits)[~nan], reference.view(bits)[~nan])
    )


@pytest.mark.random
@pytest.mark.parametrize("dtype", DTYPES)
def test_layouts_bit_for_bit(dtype: str, tmp_path: Path) -> None:
    arrays = model(np.random.default_rng(SEED), dtype)
    save_numpy(arrays, tmp_path / "in.safetensors", {"format": "pt"})
    run(tmp_path / "in.safetensors", tmp_path / "out", *LAYER_TYPES)
    converted = load_numpy(tmp_path / "out/model.safetensors")
    assert converted.keys() == arrays.keys()
    for name, array in arrays.items():
        reference = expected(name, array)
        if dtype == "float64":
            ours, theirs = torch.from_numpy(converted[name]), torch.from_numpy(reference).float()
            assert same_numbers(ours, theirs), name
        else:
            assert same_bytes(converted[name], reference), name


def test_transposed_convolutions_that_may_be_depthwise(tmp_path: Path) -> None:
    weight = np.arange(24, dtype=np.float32).reshape(6, 1, 2, 2)
    save_numpy({"up.weight": weight}, tmp_path / "in.safetensors")
    refused = run(tmp_path / "in.safetensors", tmp_path / "out", "--layer-type=up=ConvTranspose2d", check=None)
    assert refused.returncode != 0
    assert "its groups may be 1 or 6: say ConvTranspose2d,groups=N" in refused.stderr
    for groups, wanted in ((1, weight.transpose(1, 2, 3, 0)), (6, weight.transpose(0, 2, 3, 1))):
        target = tmp_path / f"groups{groups}"
        run(tmp_path / "in.safetensors", target, f"--layer-type=up=ConvTranspose2d,groups={groups}")
        assert np.array_equal(load_numpy(target / "model.safetensors")["up.weight"], wanted)


@pytest.mark.random
@pytest.mark.parametrize("source", ["float64", "float32", "float16", "bfloat16"])
@pytest.mark.parametrize("target", ["float32", "float16", "bfloat16"])
def test_casts_round_as_torch_and_numpy(source: str, target: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(SEED)
    special = [np.inf, -np.inf, np.nan, 0.0, -0.0, 65504, 65519.99, 65520]
    spread = rng.standard_normal(4096) * 10.0 ** rng.integers(-46, 40, 4096)
    wide = np.concatenate([spread, np.arange(4096) * 2.0**-26, special])
    tensor = torch.from_numpy(wide).to(getattr(torch, source)).reshape(-1, 50, 2, 2)
    save_file({"a.conv2d.weight": tensor, "step": torch.tensor([3])}, tmp_path / "in.safetensors")
    run(tmp_path / "in.safetensors", tmp_path / "out", "--dtype", target, "--layer-type=*.conv2d=Conv2d")
    converted = load_file(tmp_path / "out/model.safetensors")
    reference = tensor.permute(0, 2, 3, 1).contiguous()
    if (source, target) == ("float64", "float16"):  # torch rounds twice, by way of float32
        with np.errstate(over="ignore"):
            reference = torch.from_numpy(reference.numpy().astype(np.float16))
    elif (source, target) == ("float64", "bfloat16"):
        reference = rounded_once_to_bfloat16(reference)
    assert same_numbers(converted["a.conv2d.weight"], reference.to(getattr(torch, target)))
    assert converted["step"].dtype == torch.int64


def rounded_once_to_bfloat16(values: torch.Tensor) -> torch.Tensor:
    """To a multiple of the last of 8 bits, ties to even; scaling by a power of two is exact."""
    array = values.numpy()
    _, exponent = np.frexp(array)
    scale = np.maximum(exponent - 8, -133)
    with np.errstate(invalid="ignore"):
        rounded = np.ldexp(np.rint(np.ldexp(array, -scale)), scale)
    return torch.from_numpy(np.where(np.isfinite(array), rounded, array)).to(torch.bfloat16)


@pytest.mark.random
def test_strided_views_of_a_torch_file(tmp_path: Path) -> None:
    torch.manual_seed(SEED)
    base = torch.randn(64, 48)
    nhwc = torch.randn(8, 6, 5, 5).to(memory_format=torch.channels_last)
    state = {"transposed": base.t(), "slice": base[3:40, 5:17], "expanded": base[:1].expand(10, 48), "whole": base,
             "c.conv2d.weight": nhwc}  # fmt: skip
    torch.save(state, tmp_path / "in.pt")
    run(tmp_path / "in.pt", tmp_path / "out", "--layer-type=*.conv2d=Conv2d")
    converted = load_file(tmp_path / "out/model.safetensors")
    for name, tensor in state.items():
        reference = tensor.permute(0, 2, 3, 1) if name.startswith("c.") else tensor
        assert torch.equal(converted[name], reference), name


def test_number_of_threads_does_not_show(tmp_path: Path) -> None:
    save_numpy(model(np.random.default_rng(1), "float32"), tmp_path / "in.safetensors")
    for threads in ("1", "2", "16"):
        run(tmp_path / "in.safetensors", tmp_path / threads, *LAYER_TYPES, "--threads", threads)
    first = (tmp_path / "1/model.safetensors").read_bytes()
    assert all((tmp_path / n / "model.safetensors").read_bytes() == first for n in ("2", "16"))


def test_large_tensors_cross_many_blocks(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    arrays = {
        "wide": rng.standard_normal((3, 700_001), dtype=np.float32),
        "a.conv2d.weight": rng.standard_normal((5, 90_001, 3, 1), dtype=np.float32),
        "b.convtranspose2d.weight": rng.standard_normal((2000, 130, 2, 2), dtype=np.float32),
    }
    save_numpy(arrays, tmp_path / "in.safetensors")
    run(tmp_path / "in.safetensors", tmp_path / "out",
        *(option for option in LAYER_TYPES if "conv2d" in option or "convtranspose2d" in option))  # fmt: skip
    converted = load_numpy(tmp_path / "out/model.safetensors")
    for name, array in arrays.items():
        assert same_bytes(converted[name], expected(name, array)), name


def test_metadata_tells_how_to_go_back(tmp_path: Path) -> None:
    arrays = model(np.random.default_rng(3), "float32")
    arrays["bn.num_batches_tracked"] = np.array(5, dtype=np.int64)
    save_numpy(arrays, tmp_path / "in.safetensors")
    run(tmp_path / "in.safetensors", tmp_path / "out", *LAYER_TYPES)
    raw = (tmp_path / "out/model.safetensors").read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    assert length % 8 == 0
    assert header["__metadata__"]["format"] == "mlx"
    conversion = json.loads(header["__metadata__"]["torch2mlx"])
    assert conversion["dropped"] == {"bn.num_batches_tracked": 5}
    converted = load_numpy(tmp_path / "out/model.safetensors")
    permuted = {name: source["permute"] for name, source in conversion["sources"].items()}
    assert set(permuted) == {name for name, value in arrays.items() if value.ndim > 2}
    for name, axes in permuted.items():
        back = converted[name].transpose(np.argsort(axes))
        assert np.ascontiguousarray(back).tobytes() == arrays[name].tobytes()


def test_mlx_loads_the_result(tmp_path: Path) -> None:
    arrays = model(np.random.default_rng(4), "float32")
    save_numpy(arrays, tmp_path / "in.safetensors")
    run(tmp_path / "in.safetensors", tmp_path / "out", *LAYER_TYPES)
    loaded, metadata = mx.load(str(tmp_path / "out/model.safetensors"), return_metadata=True)
    assert metadata["format"] == "mlx"
    assert {name: tuple(a.shape) for name, a in loaded.items()} == {n: expected(n, a).shape for n, a in arrays.items()}


def peak_anonymous(*arguments: object) -> int:
    """KiB that the program takes at its peak, mapped files apart."""
    writing = () if arguments[0] == "inspect" or "--dry-run" in arguments else ("--no-sync", "--force")
    command = run(*arguments, *writing, start=True, stdout=subprocess.DEVNULL)
    assert isinstance(command, subprocess.Popen)
    peak = 0
    while command.poll() is None:
        status = Path(f"/proc/{command.pid}/status")
        try:
            lines = [line for line in status.read_text().splitlines() if line.startswith("RssAnon:")]
        except (FileNotFoundError, ProcessLookupError):
            break
        peak = max([peak, *(int(line.split()[1]) for line in lines)])
    assert command.wait() == 0
    assert peak, "the program was never seen while it ran"
    return peak


def test_memory_does_not_grow_with_the_model(tmp_path: Path) -> None:
    path = tmp_path / "in.safetensors"
    save_numpy({"a.conv2d.weight": np.zeros((4096, 2048, 3, 3), dtype=np.float32)}, path)
    assert peak_anonymous(path, tmp_path / "out", "--layer-type=*.conv2d=Conv2d") <= 64 * 1024


# 200,000 of them are to leave room for the threads in 80 MiB.
BYTES_EACH = 400


@pytest.mark.parametrize(
    ("ending", "shape", "options", "each"),
    [
        ("safetensors", (32,), (), BYTES_EACH),
        ("safetensors", (32,), ("--dtype", "bfloat16"), BYTES_EACH),
        ("safetensors", (32,), ("--shard-size", "200kB"), BYTES_EACH),
        ("safetensors", (4, 2, 3, 3), ("--layer-type=*=Conv2d",), BYTES_EACH),
        ("safetensors", (1, 64), ("-q",), 420),  # three outputs each
        ("pt", (32,), (), BYTES_EACH),
        ("pt", (4, 2, 3, 3), ("--layer-type=*=Conv2d",), BYTES_EACH),
        ("pt", (1, 64), ("-q",), 460),
        ("safetensors", (32,), ("--dry-run", "--json"), BYTES_EACH),
    ],
    ids=[
        "as they are",
        "cast",
        "sharded",
        "permuted",
        "quantized",
        "pickled",
        "pickled and permuted",
        "pickled and quantized",
        "planned",
    ],
)
def test_many_small_tensors_take_little_memory(
    tmp_path: Path, ending: str, shape: tuple[int, ...], options: tuple[str, ...], each: int
) -> None:
    few, many = 10_000, 50_000
    peaks = []
    for count in (few, many):
        path = tmp_path / f"{count}.{ending}"
        many_small(path, shape, count)
        peaks.append(1024 * peak_anonymous(path, tmp_path / "out", "--quiet", *options))
    assert peaks[1] - peaks[0] <= each * (many - few)


@pytest.mark.parametrize(
    ("shape", "options"),
    [((32,), ()), ((32,), ("--dtype", "bfloat16")), ((4, 2, 3, 3), ("--layer-type=*=Conv2d",)), ((1, 64), ("-q",))],
    ids=["as they are", "cast", "permuted", "quantized"],
)
@pytest.mark.parametrize("ending", ["safetensors", "pt"])
def test_many_small_tensors_are_restored_in_little_memory(
    tmp_path: Path, shape: tuple[int, ...], options: tuple[str, ...], ending: str
) -> None:
    few, many = 10_000, 50_000
    peaks = []
    for count in (few, many):
        many_small(tmp_path / "in.safetensors", shape, count)
        run(tmp_path / "in.safetensors", tmp_path / "out", "--force", "--no-sync", *options)
        made = tmp_path / "out/model.safetensors"
        peaks.append(1024 * peak_anonymous("restore", made, tmp_path / f"back.{ending}"))
    each = 3 if "-q" in options else 1  # tensors
    assert peaks[1] - peaks[0] <= each * BYTES_EACH * (many - few)


def test_many_small_tensors_are_inspected_in_little_memory(tmp_path: Path) -> None:
    few, many = 10_000, 50_000
    peaks = []
    for count in (few, many):
        many_small(tmp_path / "in.safetensors", (32,), count)
        peaks.append(1024 * peak_anonymous("inspect", tmp_path / "in.safetensors", "--json"))
    assert peaks[1] - peaks[0] <= BYTES_EACH * (many - few)


def many_small(path: Path, shape: tuple[int, ...], count: int) -> None:
    if path.suffix == ".pt":
        torch.save({f"model.layers.{i}.weight": torch.zeros(shape) for i in range(count)}, path)
    else:
        value = np.zeros(shape, dtype=np.float32)
        save_numpy({f"model.layers.{i}.weight": value for i in range(count)}, path)
