"""Inputs that are known and are no model that is read: each is named, with the way out."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from cli_program import run


def refused(path: Path, *words: str) -> None:
    out = path.parent / "refused"
    done = run(path, out, check=1)
    assert all(word in done.stderr for word in words), done.stderr
    assert "hint: " in done.stderr
    assert done.stdout == ""
    assert not out.exists()


ONNX = b"\x08\x08\x12\x07pytorch\x1a\x052.1.0:\x00"
FILES = {
    "gguf": ("a.gguf", b"GGUF\x03\x00\x00\x00", "a GGUF file"),
    "gguf by content": ("a.bin", b"GGUF\x03\x00\x00\x00", "a GGUF file"),
    "onnx": ("a.onnx", ONNX, "an ONNX file"),
    "onnx by content": ("model.bin", ONNX, "an ONNX file"),
    "keras": ("a.h5", b"\x89HDF\r\n\x1a\n", "Keras or TensorFlow"),
    "numpy": ("a.npy", b"\x93NUMPY\x01\x00", "a NumPy file"),
    "tflite": ("a.tflite", b"\x1c\x00\x00\x00TFL3", "TensorFlow Lite"),
    "executorch": ("a.pte", b"\x1c\x00\x00\x00ET12", "ExecuTorch"),
    "flax": ("flax_model.msgpack", b"\x81\xa1a\xc0", "Flax"),
    "gzip": ("a.nemo", b"\x1f\x8b\x08\x00", "a compressed file"),
    "zstd": ("a.pt", b"\x28\xb5\x2f\xfd\x00", "a compressed file"),
}


@pytest.mark.parametrize("what", FILES)
def test_files_of_other_formats(what: str, tmp_path: Path) -> None:
    name, data, word = FILES[what]
    (tmp_path / name).write_bytes(data)
    refused(tmp_path / name, name, word)


def test_archives_of_others(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", a=np.ones(3))
    refused(tmp_path / "a.npz", "a.npz", ".npz")
    for member, word in (("MAR-INF/MANIFEST.json", "TorchServe"), ("model.weights.h5", "Keras")):
        with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
            archive.writestr(member, b"{}")
        refused(tmp_path / "b.zip", "b.zip", word)
    with zipfile.ZipFile(tmp_path / "c.pt", "w") as archive:
        archive.writestr("c/.data/extern_modules", b"torch")
    refused(tmp_path / "c.pt", "torch.package")


FOLDERS = {
    "gguf": (["model-q4.gguf"], ("model-q4.gguf", "GGUF")),
    "tensorflow": (["tf_model.h5", "config.json"], ("tf_model.h5", "from_tf=True")),
    "flax": (["flax_model.msgpack"], ("flax_model.msgpack", "from_flax=True")),
    "saved model": (["saved_model.pb"], ("SavedModel",)),
    "pipeline": (["model_index.json", "unet/diffusion_pytorch_model.safetensors"], ("diffusers", "FOLDER/unet")),
    "no index": (["model-00001-of-00002.safetensors"], ("one of 2 shards", "index is missing")),
    "several": (["a.safetensors", "b.safetensors"], ("give a file of it: a.safetensors, b.safetensors",)),
    "single": (["best.pt"], ("give a file of it: best.pt",)),
    "within": (["pytorch_model_fsdp_0/.metadata", "x.txt"], ("give one of the folders in it: pytorch_model_fsdp_0",)),
    "transformer within": (["modules.json", "0_Transformer/model.safetensors"], ("sentence-transformers",)),
    "empty": ([], ("model.safetensors.index.json",)),
}


@pytest.mark.parametrize("what", FOLDERS)
def test_folders_without_weights(what: str, tmp_path: Path) -> None:
    names, words = FOLDERS[what]
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"{}")
    refused(folder, "folder", "no weights in the folder", *words)


# Files of torch.export -----------------------------------------------------------------------------------------------


class Constants(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.l = nn.Linear(2, 3)
        self.register_buffer("kept", torch.ones(3))
        self.register_buffer("dropped", torch.ones(3), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.l(x) + self.kept * self.dropped + torch.tensor([1.0, 2.0, 3.0])


def exported(path: Path, without: str = "", keep: object = None) -> Path:
    """A .pt2 file; of the record whose name ends in `without` what `keep` leaves of its config."""
    torch.export.save(torch.export.export(Constants().eval(), (torch.ones(4, 2),)), path.with_suffix(".whole"))
    with zipfile.ZipFile(path.with_suffix(".whole")) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if without and name.endswith(without):
                if keep is None:
                    continue
                config = json.loads(data)
                config["config"] = {k: v for k, v in config["config"].items() if k == keep}
                data = json.dumps(config).encode()
            new.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("without", "keep", "words"),
    [
        ("weights_config.json", None, ("3 tensors", "'l.weight'", "'l.bias'", "'kept'")),
        ("weights_config.json", "l.weight", ("2 tensors", "'l.bias'", "'kept'")),
        ("constants_config.json", None, ("2 tensors", "'dropped'")),
        ("constants_config.json", "dropped", ("the archive holds no constant",)),
    ],
)
def test_programs_whose_tensors_no_file_holds(
    without: str, keep: str | None, words: tuple[str, ...], tmp_path: Path
) -> None:
    path = exported(tmp_path / "m.pt2", without, keep)
    refused(path, "m.pt2", "model.json", *words)


def test_whole_programs(tmp_path: Path) -> None:
    run(exported(tmp_path / "m.pt2"), tmp_path / "out")
    assert load_file(tmp_path / "out/model.safetensors").keys() >= {"l.weight", "l.bias", "kept"}


# Files in MLX's layout that do not say so ----------------------------------------------------------------------------


def test_convolutions_in_mlx_layout(tmp_path: Path) -> None:
    torch.manual_seed(0)
    state = {
        "a.weight": torch.randn(8, 3, 3, 8),
        "a.bias": torch.randn(8),
        "b.weight": torch.randn(16, 1, 1, 8),
        "b.bias": torch.randn(16),
        "fc.weight": torch.randn(4, 16),
    }
    path = tmp_path / "m.safetensors"
    save_file(state, path)
    done = run(path, tmp_path / "refused", check=1)
    assert "a.weight [8, 3, 3, 8]" in done.stderr
    assert "MLX's layout already" in done.stderr
    run(path, tmp_path / "kept", "--layer-type", "*=Parameter")
    assert load_file(tmp_path / "kept/model.safetensors")["a.weight"].shape == (8, 3, 3, 8)
    run(path, tmp_path / "told", "--layer-type", "a=Conv2d", "--layer-type", "b=Conv2d")
    assert load_file(tmp_path / "told/model.safetensors")["a.weight"].shape == (8, 3, 8, 3)


@pytest.mark.parametrize(
    "shapes",
    [
        [(8, 3, 3, 3)],  # neither
        [(8, 3, 3, 5), (8, 8, 3, 3)],  # one kernel that is not square
        [(8, 1, 1, 7)],
        [(16, 16, 5, 5)],
    ],
)
def test_convolutions_in_torch_layout(shapes: list[tuple[int, ...]], tmp_path: Path) -> None:
    state = {f"c{i}.weight": torch.randn(shape) for i, shape in enumerate(shapes)}
    state |= {f"c{i}.bias": torch.randn(shape[0]) for i, shape in enumerate(shapes)}
    save_file(state, tmp_path / "m.safetensors")
    run(tmp_path / "m.safetensors", tmp_path / "out", "--layer-type", "*=Conv2d")
    out = load_file(tmp_path / "out/model.safetensors")
    for name, value in state.items():
        assert torch.equal(out[name], value.permute(0, 2, 3, 1) if value.ndim == 4 else value)


# Patterns ------------------------------------------------------------------------------------------------------------


def test_a_pattern_fills_what_is_undecided(tmp_path: Path) -> None:
    state = {
        "conv.weight": torch.randn(4, 3, 1, 1),
        "up.weight": torch.randn(3, 5, 2, 2),
        "up.bias": torch.randn(5),
        "fc.weight": torch.randn(4, 3),
        "table": torch.randn(2, 3),
    }
    save_file(state, tmp_path / "m.safetensors")
    run(tmp_path / "m.safetensors", tmp_path / "out", "--layer-type", "*=Conv2d")
    out = load_file(tmp_path / "out/model.safetensors")
    assert torch.equal(out["conv.weight"], state["conv.weight"].permute(0, 2, 3, 1))
    assert torch.equal(out["up.weight"], state["up.weight"].permute(1, 2, 3, 0))  # its bias proves it
    assert torch.equal(out["fc.weight"], state["fc.weight"])
    assert torch.equal(out["table"], state["table"])
    done = run(tmp_path / "m.safetensors", tmp_path / "no", "--layer-type", "fc=Conv2d", check=1)
    assert "fc.weight [4, 3]" in done.stderr  # named outright, it is told what is wrong


def test_only_and_skip(tmp_path: Path) -> None:
    state = {
        f"{part}.{name}": torch.randn(2, 2) for part in ("model", "model_ema") for name in ("a.weight", "b.weight")
    }
    save_file(state, tmp_path / "m.safetensors")

    def keys(*options: str) -> set[str]:
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        run(tmp_path / "m.safetensors", tmp_path / "out", *options)
        report = json.loads((tmp_path / "out/report.json").read_text())
        written = set(load_file(tmp_path / "out/model.safetensors"))
        dropped = {entry["name"] for entry in report["dropped"]}
        assert written | dropped == set(state)  # nothing goes without a word
        assert not written & dropped
        return written

    assert keys("--skip", "model_ema.*") == {"model.a.weight", "model.b.weight"}
    assert keys("--only", "model.*") == {"model.a.weight", "model.b.weight"}
    assert keys("--only", "*.a") == {"model.a.weight", "model_ema.a.weight"}
    assert keys("--only", "a", "--skip", "model_ema.*") == {"model.a.weight"}
    assert keys("--only", "model.a", "--only", "model_ema.b.weight") == {"model.a.weight", "model_ema.b.weight"}
    for options, words in (
        (("--skip", "nothing.*"), ("--skip nothing.*", "matches no tensor")),
        (("--only", "nothing.*"), ("--only nothing.*", "matches no tensor")),
        (("--skip", "*"), ("no tensor is left",)),
    ):
        done = run(tmp_path / "m.safetensors", tmp_path / "none", *options, check=1)
        assert all(word in done.stderr for word in words), done.stderr
        assert not (tmp_path / "none").exists()


def test_what_is_left_out_may_be_unknown(tmp_path: Path) -> None:
    save_file({"a.weight": torch.ones(2, 2), "odd.weight": torch.ones(2, 2, 2, 2)}, tmp_path / "m.safetensors")
    run(tmp_path / "m.safetensors", tmp_path / "no", check=1)
    run(tmp_path / "m.safetensors", tmp_path / "out", "--skip", "odd")
    assert load_file(tmp_path / "out/model.safetensors").keys() == {"a.weight"}


# sentence-transformers -----------------------------------------------------------------------------------------------

POOLING = {"word_embedding_dimension": 4, "pooling_mode_cls_token": True}
MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"},
    {"idx": 3, "name": "3", "path": "3_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def embedder(folder: Path, dense: str = "model.safetensors") -> dict[str, torch.Tensor]:
    folder.mkdir()
    (folder / "modules.json").write_text(json.dumps(MODULES))
    (folder / "config.json").write_text("{}")
    save_file({"emb.weight": torch.randn(3, 4)}, folder / "model.safetensors")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling/config.json").write_text(json.dumps(POOLING))
    (folder / "2_Dense").mkdir()
    (folder / "2_Dense/config.json").write_text('{"in_features": 4}')
    state = {"linear.weight": torch.randn(2, 4), "linear.bias": torch.randn(2)}
    (save_file if dense.endswith("safetensors") else torch.save)(state, folder / "2_Dense" / dense)
    return state


@pytest.mark.parametrize("dense", ["model.safetensors", "pytorch_model.bin"])
def test_modules_of_sentence_transformers(dense: str, tmp_path: Path) -> None:
    state = embedder(tmp_path / "in", dense)
    for options in ((), ("--force",)):  # anew and over what is there
        run(tmp_path / "in", tmp_path / "out", *options)
        assert json.loads((tmp_path / "out/modules.json").read_text()) == MODULES
        assert json.loads((tmp_path / "out/1_Pooling/config.json").read_text()) == POOLING
        assert (tmp_path / "out/2_Dense/config.json").exists()
        got = load_file(tmp_path / "out/2_Dense/model.safetensors")
        assert all(torch.equal(got[name], value) for name, value in state.items())
    run(tmp_path / "in", tmp_path / "half", "--dtype", "float16")
    assert load_file(tmp_path / "half/2_Dense/model.safetensors")["linear.weight"].dtype == torch.float16
    done = run(tmp_path / "in", tmp_path / "out", check=1)
    assert "--force" in done.stderr


def test_modules_that_are_wrong(tmp_path: Path) -> None:
    embedder(tmp_path / "in")
    shutil.rmtree(tmp_path / "in/1_Pooling")
    refused(tmp_path / "in", "modules.json", "no folder '1_Pooling'")
    (tmp_path / "in/1_Pooling").symlink_to("/tmp")
    refused(tmp_path / "in", "modules.json", "no folder '1_Pooling'")
    (tmp_path / "in/modules.json").write_text(json.dumps([{"path": "../x", "type": "a.B"}]))
    assert "bad folder name '../x'" in run(tmp_path / "in", tmp_path / "no", check=1).stderr
    shutil.rmtree(tmp_path / "in")
    embedder(tmp_path / "in")
    (tmp_path / "in/2_Dense/config.json").unlink()
    (tmp_path / "in/2_Dense/config.json").symlink_to("/etc/hostname")
    assert "leaves the folder" in run(tmp_path / "in", tmp_path / "no", check=1).stderr
    assert not (tmp_path / "no").exists()


# mlx-lm --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "kept"),
    [
        ({"model_type": "lfm2"}, False),
        ({"model_type": "lfm2", "tie_word_embeddings": True}, False),
        ({"model_type": "llama", "tie_word_embeddings": True}, False),
        ({"model_type": "llama", "tie_word_embeddings": False}, True),
        ({"model_type": "x", "text_config": {"tie_word_embeddings": True}}, False),
    ],
)
def test_tied_heads(config: dict[str, object], kept: bool, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    weight = torch.randn(4, 4)
    save_file({"model.embed_tokens.weight": weight, "lm_head.weight": weight.clone()}, folder / "model.safetensors")
    run(folder, tmp_path / "out", "--layout", "mlx-lm")
    assert ("lm_head.weight" in load_file(tmp_path / "out/model.safetensors")) == kept
    dropped = json.loads((tmp_path / "out/report.json").read_text())["dropped"]
    assert bool(dropped) != kept
