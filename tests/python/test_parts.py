"""Models that lie in several files: DeepSpeed's ZeRO, torch.distributed.checkpoint, Meta's parts, NeMo's archives."""

from __future__ import annotations

import json
import pickle
import shutil
import tarfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.distributed.checkpoint as dcp
from safetensors.torch import load_file
from torch import nn

from cli_program import run

State = dict[str, torch.Tensor]


def read(path: Path, *options: str) -> State:
    """In PyTorch's layouts again."""
    out = path.parent / "out"
    shutil.rmtree(out, ignore_errors=True)
    run(path, out, *options)
    run("restore", out, path.parent / "back.safetensors", "--force")
    return load_file(path.parent / "back.safetensors")


def same(ours: State, reference: State) -> bool:
    assert ours.keys() == reference.keys()
    for name, tensor in reference.items():
        assert torch.equal(ours[name], tensor), name
    return True


def refused(path: Path, *words: str) -> None:
    """One line that says what is wrong, and nothing is written."""
    out = path.parent / "refused"
    done = run(path, out, check=1)
    assert all(word in done.stderr for word in words), done.stderr
    assert done.stderr.startswith("torch2mlx: ")
    assert done.stdout == ""
    assert not out.exists()


# DeepSpeed -----------------------------------------------------------------------------------------------------------


def state() -> State:
    torch.manual_seed(0)
    return {
        "emb.weight": torch.randn(7, 3),
        "conv.weight": torch.randn(4, 3, 3, 3),
        "conv.bias": torch.randn(4),
        "fc.weight": torch.randn(5, 4),
        "fc.bias": torch.randn(5),
    }


def zero_stage_3(folder: Path, params: State, world: int, *, frozen: State | None = None) -> Path:
    """As DeepSpeed's engine and stage 3 save it: every rank's share of each parameter, behind each other."""
    folder.mkdir(parents=True)
    flat: list[list[torch.Tensor]] = [[] for _ in range(world)]
    for value in params.values():
        share = -(-value.numel() // world)
        whole = torch.zeros(share * world)
        whole[: value.numel()] = value.flatten()
        for rank in range(world):
            flat[rank].append(whole[rank * share : (rank + 1) * share])
    frozen = frozen or {}
    for rank in range(world):
        fragments = {}
        for name, value in frozen.items():
            share = -(-value.numel() // world)
            whole = torch.zeros(share * world, dtype=value.dtype)
            whole[: value.numel()] = value.flatten()
            fragments[name] = whole[rank * share : (rank + 1) * share].clone()
        names = [*params, *frozen]
        stubs: dict[str, torch.Tensor] = OrderedDict((name, torch.empty(0)) for name in names)
        stubs["norm.running_mean"] = torch.arange(4.0)
        model = {
            "module": stubs,
            "buffer_names": ["norm.running_mean"],
            "param_shapes": [OrderedDict((name, value.shape) for name, value in params.items())],
            "frozen_param_shapes": {name: value.shape for name, value in frozen.items()} or None,
            "frozen_param_fragments": fragments or None,
            "shared_params": {},
            "dp_world_size": world,
            "ds_config": {"zero_optimization": {"stage": 3}},
            "ds_version": "0.15.0",
        }
        torch.save(model, folder / f"zero_pp_rank_{rank}_mp_rank_00_model_states.pt")
        # Two groups of the optimizer behind each other, cut in the middle of a parameter.
        row = torch.cat(flat[rank])
        groups = [row[: len(row) // 2].clone(), row[len(row) // 2 :].clone()]
        optimizer = {"zero_stage": 3, "partition_count": world, "fp32_flat_groups": groups}
        torch.save(
            {"optimizer_state_dict": optimizer, "ds_version": "0.15.0"},
            folder / f"bf16_zero_pp_rank_{rank}_mp_rank_00_optim_states.pt",
        )
    return folder


def zero_stage_2(folder: Path, groups: list[State], world: int) -> Path:
    """As stages 1 and 2 save it: a group is one row of all its parameters, of which every rank has a piece."""
    folder.mkdir(parents=True)
    rows = []
    for group in groups:
        row = torch.cat([value.flatten() for value in group.values()])
        unit = 2 * world
        rows.append(torch.cat([row, torch.zeros(-len(row) % unit)]))
    module = OrderedDict((name, value.bfloat16()) for group in groups for name, value in group.items())
    module["norm.running_mean"] = torch.arange(4.0)
    module["tied.weight"] = module[next(iter(groups[0]))]
    torch.save(
        {
            "module": module,
            "buffer_names": ["norm.running_mean"],
            "param_shapes": [OrderedDict((name, value.shape) for name, value in group.items()) for group in groups],
            "shared_params": {"tied.weight": next(iter(groups[0]))},
            "ds_version": "0.15.0",
        },
        folder / "mp_rank_00_model_states.pt",
    )
    for rank in range(world):
        mine = [row.chunk(world)[rank].clone() for row in rows]
        optimizer = {
            "zero_stage": 2,
            "partition_count": [world] * len(rows),
            "single_partition_of_fp32_groups": mine,
            "base_optimizer_state": [{"exp_avg": torch.zeros(3)}],
        }
        torch.save({"optimizer_state_dict": optimizer}, folder / f"zero_pp_rank_{rank}_mp_rank_00_optim_states.pt")
    return folder


CONV = ("--layer-type", "conv=Conv2d")


@pytest.mark.parametrize("world", [1, 2, 3, 8])
def test_zero_3(world: int, tmp_path: Path) -> None:
    folder = zero_stage_3(tmp_path / "step", state(), world, frozen={"frozen.weight": torch.randn(3, 5).bfloat16()})
    got = read(folder, *CONV)
    torch.manual_seed(0)
    frozen = got.pop("frozen.weight")
    assert frozen.shape == (3, 5)
    assert frozen.dtype == torch.bfloat16
    assert same(got, state() | {"norm.running_mean": torch.arange(4.0)})


@pytest.mark.parametrize("world", [1, 2, 3, 11])
def test_zero_2(world: int, tmp_path: Path) -> None:
    params = state()
    groups = [{k: v for k, v in params.items() if "bias" not in k}, {k: v for k, v in params.items() if "bias" in k}]
    folder = zero_stage_2(tmp_path / "step", groups, world)
    wanted = params | {"norm.running_mean": torch.arange(4.0), "tied.weight": params["emb.weight"]}
    assert same(read(folder, *CONV), wanted)


def test_zero_by_latest(tmp_path: Path) -> None:
    zero_stage_3(tmp_path / "run" / "global_step7", state(), 2)
    (tmp_path / "run" / "latest").write_text("global_step7\n")
    assert "fc.weight" in read(tmp_path / "run", *CONV)
    (tmp_path / "run" / "latest").write_text("../elsewhere")
    refused(tmp_path / "run", "latest", "bad folder name")


def test_parts_of_zero_alone(tmp_path: Path) -> None:
    folder = zero_stage_3(tmp_path / "step", state(), 2)
    refused(folder / "zero_pp_rank_0_mp_rank_00_model_states.pt", "hint: give the folder")
    refused(folder / "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt", "hint: give the folder")
    for name in ("alone.pt", "model.bin"):  # by what they hold, whatever they are called
        shutil.copy(folder / "zero_pp_rank_0_mp_rank_00_model_states.pt", tmp_path / name)
        refused(tmp_path / name, name, "ZeRO-3", "'emb.weight' is [7, 3]", "hint: give the folder")
        shutil.copy(folder / "bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt", tmp_path / name)
        refused(tmp_path / name, name, "partition of DeepSpeed ZeRO", "hint: give the folder")


def changed(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    value = torch.load(path, weights_only=False)
    change(value)
    torch.save(value, path)


def _model(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    return lambda folder: changed(folder / "zero_pp_rank_0_mp_rank_00_model_states.pt", change)


def _rank(number: int, change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    name = f"bf16_zero_pp_rank_{number}_mp_rank_00_optim_states.pt"
    return lambda folder: changed(folder / name, lambda value: change(value["optimizer_state_dict"]))


def _shorten(optimizer: dict[str, Any]) -> None:
    optimizer["fp32_flat_groups"][1] = optimizer["fp32_flat_groups"][1][:-1].clone()


def _last_missing(folder: Path) -> None:
    (folder / OPTIM.format(2)).unlink()
    _model(lambda m: m.pop("dp_world_size"))(folder)


OPTIM = "bf16_zero_pp_rank_{}_mp_rank_00_optim_states.pt"
DAMAGED: dict[str, tuple[Callable[[Path], Any], tuple[str, ...]]] = {
    "rank missing": (lambda f: (f / OPTIM.format(1)).unlink(), ("of rank 1", "missing")),
    "last rank missing": (lambda f: (f / OPTIM.format(2)).unlink(), ("of 3 ranks", "files of 2")),
    "last partition missing": (_last_missing, ("one of 3 partitions",)),
    "other shape": (
        _model(lambda m: m["module"].update({"fc.bias": torch.ones(7)})),
        ("'fc.bias' is [7], param_shapes say [5]",),
    ),
    "no optimizer": (lambda f: [p.unlink() for p in f.glob("*optim*")], ("optim_states.pt", "missing")),
    "no model": (lambda f: [p.unlink() for p in f.glob("*model_states*")], ("model_states.pt", "missing")),
    "rank twice": (
        lambda f: shutil.copy(f / OPTIM.format(0), f / OPTIM.format(0).removeprefix("bf16_")),
        ("rank 0 has",),
    ),
    "no shapes": (_model(lambda m: m.pop("param_shapes")), ("no param_shapes",)),
    "one shape too few": (_model(lambda m: m["param_shapes"][0].popitem()), ("fc.bias", "in no partition")),
    "one shape too many": (
        _model(lambda m: m["param_shapes"][0].update(z=torch.Size([99]))),
        ("'z' takes", "are left"),
    ),
    "huge shape": (
        _model(lambda m: m["param_shapes"][0].update(z=torch.Size([1 << 40, 1 << 40]))),
        ("'z'", "too large"),
    ),
    "shape no shape": (_model(lambda m: m["param_shapes"][0].update(z="no")), ("'z' has no shape",)),
    "other sizes": (_rank(1, _shorten), ("elements, rank 0 has",)),
    "other stage": (_rank(1, lambda o: o.update(zero_stage=2)), ("zero_stage 2",)),
    "group no tensor": (_rank(1, lambda o: o.update(fp32_flat_groups=[1])), ("no tensor",)),
    "matrix": (_rank(1, lambda o: o.update(fp32_flat_groups=[torch.ones(2, 2)])), ("no row of floating numbers",)),
    "tensor parallel": (
        lambda f: [p.rename(f / p.name.replace("mp_rank_00", "mp_rank_01")) for p in f.glob("*rank_2*")],
        ("tensor parallelism",),
    ),
    "pipeline": (lambda f: torch.save({}, f / "layer_00-model_00-model_states.pt"), ("pipeline",)),
    "dangling tie": (_model(lambda m: m.update(shared_params={"x": "nowhere"})), ("'x' is 'nowhere'",)),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_damaged_zero(what: str, tmp_path: Path) -> None:
    folder = zero_stage_3(tmp_path / "step", state(), 3)
    damage, words = DAMAGED[what]
    damage(folder)
    refused(folder, *words)


def test_stages_below_3_keep_their_own_weights(tmp_path: Path) -> None:
    """Without partitions the model's file is all there is: whole, in the type that was trained in."""
    folder = zero_stage_2(tmp_path / "step", [state()], 2)
    for path in folder.glob("*optim*"):
        path.unlink()
    assert read(folder, *CONV)["fc.weight"].dtype == torch.bfloat16


@pytest.mark.parametrize("kept", [(), ("inv_freq",), ("fc.running_mean", "fc.bias")])
def test_no_elements(kept: tuple[str, ...], tmp_path: Path) -> None:
    value = {"fc.weight": torch.empty(0), "fc.bias": torch.empty(0)} | {name: torch.ones(2) for name in kept}
    torch.save(value, tmp_path / "a.pt")
    refused(tmp_path / "a.pt", "has elements", "ZeRO-3")


# torch.distributed.checkpoint ----------------------------------------------------------------------------------------


def distributed(folder: Path, value: dict[str, Any]) -> Path:
    dcp.save(value, checkpoint_id=folder)
    return folder


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.filterwarnings("ignore")
def test_distributed(nested: bool, tmp_path: Path) -> None:
    params = state() | {"steps": torch.tensor(3), "empty": torch.empty(0, 3), "half": torch.randn(3).half()}
    optimizer = {"state": {"fc.weight": {"exp_avg": torch.ones(5, 4)}}, "param_groups": [{"lr": 0.1}]}
    value = {"model": params, "optimizer": optimizer, "epoch": 3} if nested else params
    folder = distributed(tmp_path / "dcp", value)
    assert same(read(folder, *CONV), params)
    if nested:
        assert read(folder, "--key", "optimizer.state").keys() == {"fc.weight.exp_avg"}
        assert "no entry 'ema'" in run(folder, tmp_path / "x", "--key", "ema", check=1).stderr


class Spread:
    """A folder of two ranks, made from one by cutting tensors along an axis."""

    def __init__(self, folder: Path, params: State, cuts: dict[str, list[tuple[slice, ...]]]) -> None:
        self.folder = distributed(folder, {"model": params})
        self.metadata = pickle.loads((folder / ".metadata").read_bytes())
        data = bytearray((folder / "__0_0.distcp").read_bytes())
        storage, entries = self.metadata.storage_data, self.metadata.state_dict_metadata
        for name, boxes in cuts.items():
            fqn = f"model.{name}"
            index = next(key for key in storage if key.fqn == fqn)
            info = storage.pop(index)
            kind = type(entries[fqn].chunks[0])
            entries[fqn].chunks = []
            for box in boxes:
                piece = params[name][box].clone()
                offsets = torch.Size([part.start or 0 for part in box])
                torch.save(piece, folder / "piece")
                item = (folder / "piece").read_bytes()
                (folder / "piece").unlink()
                entries[fqn].chunks.append(kind(offsets, piece.shape))
                key = type(index)(fqn, offsets, 0)
                storage[key] = type(info)("__1_0.distcp", len(self.second), len(item))
                self.second += item
        del data
        self.write()

    second = b""

    def write(self) -> None:
        (self.folder / "__1_0.distcp").write_bytes(self.second)
        (self.folder / ".metadata").write_bytes(pickle.dumps(self.metadata))


S = slice
CUTS = {
    "fc.weight": [(S(0, 2), S(0, 4)), (S(2, 5), S(0, 4))],
    "emb.weight": [(S(0, 7), S(0, 1)), (S(0, 7), S(1, 3))],
    "conv.weight": [(S(0, 4), S(0, 1), S(0, 3), S(0, 3)), (S(0, 4), S(1, 3), S(0, 3), S(0, 3))],
    "fc.bias": [(S(4, 5),), (S(0, 4),)],
}


def test_chunks_along_any_axis(tmp_path: Path) -> None:
    spread = Spread(tmp_path / "dcp", state(), CUTS)
    assert same(read(spread.folder, *CONV), state())
    boxes = [(S(0, 3), S(0, 2)), (S(0, 3), S(2, 4)), (S(3, 5), S(0, 3)), (S(3, 5), S(3, 4))]
    other = Spread(tmp_path / "other", state(), {"fc.weight": boxes})
    assert same(read(other.folder, *CONV), state())


def _entries(spread: Spread, name: str) -> Any:
    return spread.metadata.state_dict_metadata[f"model.{name}"]


def _items(spread: Spread) -> Any:
    return {key: info for key, info in spread.metadata.storage_data.items() if info.relative_path == "__1_0.distcp"}


def _first(spread: Spread) -> Any:
    return next(iter(_items(spread).values()))


DAMAGED_DCP: dict[str, tuple[Callable[[Spread], Any], tuple[str, ...]]] = {
    "chunk missing": (lambda s: _entries(s, "fc.weight").chunks.pop(), ("'fc.weight'", "no part holds")),
    "item missing": (lambda s: s.metadata.storage_data.pop(next(iter(_items(s)))), ("no item holds",)),
    "overlap": (
        lambda s: _entries(s, "fc.weight").chunks.append(_entries(s, "fc.weight").chunks[0]),
        ("'fc.weight'", "two parts hold"),
    ),
    "larger whole": (
        lambda s: setattr(_entries(s, "fc.weight"), "size", torch.Size([6, 4])),
        ("'fc.weight'", "no part holds"),
    ),
    "smaller whole": (
        lambda s: setattr(_entries(s, "fc.weight"), "size", torch.Size([4, 4])),
        ("'fc.weight'", "leaves the whole"),
    ),
    "other type": (
        lambda s: setattr(_entries(s, "fc.weight").properties, "dtype", torch.float16),
        ("'fc.weight'", "float32", "float16"),
    ),
    "behind the file": (lambda s: setattr(_first(s), "offset", 1 << 40), ("__1_0.distcp",)),
    "negative": (lambda s: setattr(_first(s), "offset", -1), ("relative_path, offset and length",)),
    "elsewhere": (lambda s: setattr(_first(s), "relative_path", "../x"), ("bad file name '../x'",)),
    "no file": (lambda s: setattr(_first(s), "relative_path", "__9_0.distcp"), ("__9_0.distcp", "missing")),
    "compressed": (lambda s: setattr(_first(s), "transform_descriptors", ["zstd"]), ("compressed",)),
    "no metadata": (lambda s: setattr(s, "metadata", {"a": 1}), ("no Metadata",)),
}


@pytest.mark.parametrize("what", DAMAGED_DCP)
def test_damaged_distributed(what: str, tmp_path: Path) -> None:
    spread = Spread(tmp_path / "dcp", state(), CUTS)
    damage, words = DAMAGED_DCP[what]
    damage(spread)
    spread.write()
    refused(spread.folder, *words)


def test_distributed_runs_nothing(tmp_path: Path) -> None:
    folder = distributed(tmp_path / "dcp", {"a": torch.ones(2)})
    (folder / ".metadata").write_bytes(b"cos\nsystem\n(X\x04\x00\x00\x00truetR.")
    refused(folder, ".metadata", "'os.system'")
    refused(folder / "__0_0.distcp", "__0_0.distcp", "hint: give the folder")


# Meta ----------------------------------------------------------------------------------------------------------------

DIM, HIDDEN, VOCAB = 8, 16, 12
ROWS = ("wq", "wk", "wv", "w1", "w3", "output")
COLUMNS = ("wo", "w2")


def meta_state() -> State:
    torch.manual_seed(1)
    params = {"tok_embeddings.weight": torch.randn(VOCAB, DIM), "norm.weight": torch.randn(DIM)}
    params["output.weight"] = torch.randn(VOCAB, DIM)
    for layer in range(2):
        for name in ("wq", "wo"):
            params[f"layers.{layer}.attention.{name}.weight"] = torch.randn(DIM, DIM)
        for name in ("wk", "wv"):
            params[f"layers.{layer}.attention.{name}.weight"] = torch.randn(DIM // 2, DIM)
        params[f"layers.{layer}.feed_forward.w1.weight"] = torch.randn(HIDDEN, DIM)
        params[f"layers.{layer}.feed_forward.w3.weight"] = torch.randn(HIDDEN, DIM)
        params[f"layers.{layer}.feed_forward.w2.weight"] = torch.randn(DIM, HIDDEN)
        params[f"layers.{layer}.ffn_norm.weight"] = torch.randn(DIM)
    params["rope.freqs"] = torch.randn(2)
    return params


def meta(folder: Path, count: int, embedding_axis: int, params: bool = True) -> Path:
    folder.mkdir()
    whole = meta_state()
    for part in range(count):
        held = {}
        for name, value in whole.items():
            module = name.split(".")[-2]
            axis = 0 if module in ROWS else 1 if module in COLUMNS else None
            if module == "tok_embeddings":
                axis = embedding_axis
            held[name] = value if axis is None else value.chunk(count, axis)[part].clone()
        torch.save(held, folder / f"consolidated.{part:02}.pth")
    if params:
        (folder / "params.json").write_text(json.dumps({"dim": DIM, "n_layers": 2, "n_heads": 4, "vocab_size": -1}))
    return folder


@pytest.mark.parametrize("params", [True, False])
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_consolidated(count: int, axis: int, params: bool, tmp_path: Path) -> None:
    folder = meta(tmp_path / "meta", count, axis, params)
    assert same(read(folder), meta_state())
    assert (tmp_path / "out" / "params.json").exists() == params


@pytest.mark.parametrize("params", [True, False])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_part_by_itself(axis: int, params: bool, tmp_path: Path) -> None:
    folder = meta(tmp_path / "meta", 2, axis, params)
    refused(folder / "consolidated.00.pth", "one of 2 parts", "hint: give the folder")
    (folder / "consolidated.01.pth").rename(tmp_path / "consolidated.01.pth")
    refused(folder / "consolidated.00.pth", "one of several parts", "hint: put all parts")
    refused(tmp_path / "consolidated.01.pth", "one of several parts", "hint: put all parts")
    refused(folder, "parts are missing", "hint: put all parts")


def test_consolidated_parts_that_do_not_fit(tmp_path: Path) -> None:
    folder = meta(tmp_path / "meta", 4, 1)
    (folder / "consolidated.01.pth").rename(tmp_path / "kept")
    refused(folder, "consolidated.01.pth", "missing")
    value = torch.load(tmp_path / "kept")
    torch.save(value | {"norm.weight": value["norm.weight"] + 1}, folder / "consolidated.01.pth")
    refused(folder, "norm.weight")
    torch.save({k: v for k, v in value.items() if k != "output.weight"}, folder / "consolidated.01.pth")
    refused(folder, "output.weight", "part 1")
    torch.save(value | {"layers.0.attention.wq.weight": torch.ones(2, 3)}, folder / "consolidated.01.pth")
    refused(folder, "layers.0.attention.wq.weight")
    torch.save(value | {"layers.0.attention.wq.weight": torch.ones(2, 8).half()}, folder / "consolidated.01.pth")
    refused(folder, "layers.0.attention.wq.weight", "float16")
    for part in range(4):
        path = folder / f"consolidated.{part:02}.pth"
        torch.save((value if part == 1 else torch.load(path)) | {"odd.weight": torch.full((3, 3), float(part))}, path)
    refused(folder, "odd.weight [3, 3]", "which axis")


# Files that are one of several, by their names -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "other", "word"),
    [
        ("model-00001-of-00002.safetensors", None, "one of 2 shards"),
        ("pytorch_model-00002-of-00003.bin", None, "one of 3 shards"),
        ("model_rank0.pt", "model_rank1.pt", "'model_rank1.pt' is another"),
        ("rank-1.pth", "rank-0.pth", "'rank-0.pth' is another"),
        ("mp_rank_00/model_optim_rng.pt", "mp_rank_01/model_optim_rng.pt", "'mp_rank_01' has another"),
    ],
)
def test_one_of_several(name: str, other: str | None, word: str, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    for each in filter(None, (name, other)):
        (tmp_path / each).parent.mkdir(exist_ok=True)
        save = save_file if each.endswith(".safetensors") else torch.save
        save({"a.weight": torch.ones(2, 2)}, tmp_path / each)
    refused(tmp_path / name, Path(name).name, word, "hint: ")


def test_ranks_of_adapters_are_no_parts(tmp_path: Path) -> None:
    for rank in (8, 16):
        torch.save({"a.weight": torch.ones(2, 2)}, tmp_path / f"tuned_rank{rank}.pt")
    assert read(tmp_path / "tuned_rank8.pt").keys() == {"a.weight"}


# NeMo ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dots", [True, False])
@pytest.mark.parametrize("zipped", [True, False])
def test_nemo(dots: bool, zipped: bool, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    model = nn.Sequential(nn.Conv2d(2, 3, 3), nn.Linear(3, 2))
    torch.save(model.state_dict(), inside / "model_weights.ckpt", _use_new_zipfile_serialization=zipped)
    (inside / "model_config.yaml").write_text("target: x\n")
    path = tmp_path / ("m.nemo" if dots else "renamed.tar")
    with tarfile.open(path, "w:") as archive:
        if dots:
            archive.add(inside, arcname=".")
        else:
            for name in ("model_config.yaml", "model_weights.ckpt"):
                archive.add(inside / name, arcname=name)
    assert same(read(path, "--layer-type", "0=Conv2d"), model.state_dict())
    assert "NeMo, torch" in run("inspect", path).stdout


def test_nemo_without_weights(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with tarfile.open(tmp_path / "m.nemo", "w:") as archive:
        archive.add(tmp_path / "a", arcname="./model_config.yaml")
    refused(tmp_path / "m.nemo", "m.nemo", "without model_weights.ckpt")
    with tarfile.open(tmp_path / "m.nemo", "w:") as archive:
        archive.add(tmp_path / "a", arcname="./model_weights.ckpt")
    refused(tmp_path / "m.nemo", "model_weights.ckpt", "not a file of torch.save")
    with tarfile.open(tmp_path / "m.nemo", "w:") as archive:
        archive.add(tmp_path / "a", arcname="./model_weights/x.distcp")
    refused(tmp_path / "m.nemo", "model_weights", "hint: unpack")
