"""Seeds for the fuzz targets, written by torch and by the program: python tests/fuzz/seeds.py PROGRAM FOLDER."""

from __future__ import annotations

import io
import json
import pickle
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import torch
import torch.distributed.checkpoint as dcp
from safetensors.torch import save_file
from torch import nn

sys.path.insert(0, str(Path(__file__).parents[1] / "python"))
import old_files

CONFIGS: dict[str, dict[str, Any]] = {
    "llama": {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "torch_dtype": "bfloat16"},
    "mlx": {"model_type": "gpt2", "quantization": {"bits": 4, "group_size": 64, "a": {"bits": 8, "group_size": 32}}},
    "gptq": {"quantization_config": {"quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": False}},
    "fp8": {"quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128], "fmt": "e4m3"}},
    "compressed": {
        "quantization_config": {
            "quant_method": "compressed-tensors",
            "format": "pack-quantized",
            "config_groups": {"group_0": {"targets": ["Linear"], "weights": {"num_bits": 4, "group_size": 32}}},
            "ignore": ["lm_head"],
        }
    },
    "floats": {"quantization_config": {"quant_method": "compressed-tensors", "format": "nvfp4-pack-quantized"}},
    "modelopt": {"quantization_config": {"quant_method": "modelopt", "quant_algo": "NVFP4"}},
    "bitsandbytes": {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}},
}
INDEX = {
    "metadata": {"total_size": 12},
    "weight_map": dict.fromkeys(("a.weight", "b"), "model-00001-of-00001.safetensors"),
}


def models() -> dict[str, Any]:
    """Small objects that torch.save takes, one of every kind that is read differently."""
    torch.manual_seed(0)
    linear, base = nn.Linear(3, 2), torch.randn(4, 3)
    layers = nn.Sequential(nn.Conv2d(2, 3, 2), nn.BatchNorm2d(3), nn.Linear(3, 2))
    return {
        "state": layers.state_dict(),
        "module": layers,
        "nested": {"state_dict": linear.state_dict(), "epoch": 3, "optimizer": optimizer("Adam")},
        "views": {"t": base.t(), "slice": base[1:, :2], "wide": base[:1].expand(5, 3), "none": torch.zeros(0, 2)},
        "types": {
            str(dtype): torch.ones(3).to(dtype)
            for dtype in (torch.bfloat16, torch.float64, torch.int8, torch.bool, torch.complex64, torch.float8_e4m3fn)
        },
        "sparse": {"coo": torch.eye(3).to_sparse(), "csr": torch.eye(3).to_sparse_csr()},
        "quantized": {"q": torch.quantize_per_tensor(torch.ones(4), 0.5, 1, torch.qint8)},
        "wrapped": {f"module.{name}": value for name, value in linear.state_dict().items()},
    }


def optimizer(name: str, **settings: Any) -> dict[str, Any]:
    model = nn.Linear(3, 2)
    made = getattr(torch.optim, name)(model.parameters(), lr=0.1, **settings)
    model(torch.ones(1, 3)).sum().backward()
    made.step()
    state: dict[str, Any] = made.state_dict()
    return state


def saved(value: Any, **options: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def pickled(value: bytes) -> bytes:
    """data.pkl of a zip archive."""
    with zipfile.ZipFile(io.BytesIO(value)) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith("data.pkl")))


def tars(objects: dict[str, Any]) -> dict[str, bytes]:
    """Of what PyTorch 0.1 had; once more with views."""
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("state", "module", "views"):
            for views in (False, True):
                parts = old_files.members(objects[name], views=views)
                files[f"{name}{views:d}"] = old_files.tar(Path(folder, "tar"), parts).read_bytes()
    return files


def exported() -> bytes:
    buffer = io.BytesIO()
    torch.export.save(torch.export.export(nn.Linear(3, 2), (torch.ones(1, 3),)), buffer)
    return buffer.getvalue()


def distributed() -> dict[str, bytes]:
    """Folders of torch.distributed.checkpoint: length of the metadata, the metadata, the items."""
    files = {}
    for name, value in {"state": {"a.weight": torch.ones(3, 2)}, "nested": {"model": {"a": torch.ones(2)}}}.items():
        with tempfile.TemporaryDirectory() as folder:
            dcp.save(value, checkpoint_id=folder)
            metadata = Path(folder, ".metadata").read_bytes()
            files[name] = struct.pack("<I", len(metadata)) + metadata + Path(folder, "__0_0.distcp").read_bytes()
    return files


def mlx_files(program: str) -> dict[str, bytes]:
    """What the program writes, with its record; several ways."""
    tensors = {"c.weight": torch.randn(4, 2, 3, 3), "l.weight": torch.randn(4, 64), "n": torch.tensor([1, 2])}
    ways = {
        "plain": [],
        "quantized": ["-q"],
        "half": ["--dtype", "float16"],
        "transposed": ["--layer-type", "c=ConvTranspose2d"],
    }
    files = {}
    with tempfile.TemporaryDirectory() as folder:
        save_file(tensors, Path(folder, "in.safetensors"))
        for name, options in ways.items():
            types = [] if "--layer-type" in options else ["--layer-type", "c=Conv2d"]
            command = [program, Path(folder, "in.safetensors"), Path(folder, name), *options, *types, "--quiet"]
            subprocess.run(command, check=True)
            files[name] = Path(folder, name, "model.safetensors").read_bytes()
    return files


def record_of(file: bytes) -> bytes:
    length = int.from_bytes(file[:8], "little")
    text: str = json.loads(file[8 : 8 + length])["__metadata__"]["torch2mlx"]
    return text.encode()


def seeds(program: str) -> dict[str, dict[str, bytes]]:
    """Target -> name -> bytes."""
    objects, files = models(), mlx_files(program)
    pickles = {name: pickled(saved(value)) for name, value in objects.items()}
    torch.serialization.set_crc32_options(False)  # else every mutation of a record would end at its checksum
    optimizers = {
        "sgd": optimizer("SGD", momentum=0.9),
        "adam": optimizer("Adam"),
        "adamw": optimizer("AdamW", amsgrad=True),
        "rmsprop": optimizer("RMSprop", centered=True),
        "adafactor": optimizer("Adafactor"),
    }
    zips = {name: saved(value) for name, value in objects.items()}
    streams = {name: saved(value, _use_new_zipfile_serialization=False) for name, value in objects.items()}
    texts = {name: json.dumps(value).encode() for name, value in CONFIGS.items()}
    protocols = {
        f"protocol{protocol}": pickle.dumps({"a": [1, -2.5, "b", b"c", (True, None), {3}], "n": 2**80}, protocol)
        for protocol in range(6)
    }
    return {
        "safetensors": files,
        "restore": files,
        "torch_zip": zips | {"export": exported()},
        "torch_stream": streams,
        "torch_tar": tars(objects),
        "pickle": pickles | protocols,
        "json": {name: record_of(file) for name, file in files.items()} | texts,
        "distributed": distributed(),
        "folder": {"index": json.dumps(INDEX).encode()} | texts,
        "optimizer": {name: saved(value, _use_new_zipfile_serialization=False) for name, value in optimizers.items()},
    }


def main() -> None:
    program, folder = sys.argv[1], Path(sys.argv[2])
    for target, files in seeds(program).items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (folder / target / name).write_bytes(data)


if __name__ == "__main__":
    main()
