"""Stand-ins for packages that the nets' packages import and do not compute with: readers of images and sound, trainers,
spell checkers. Any name of them is a class whose use fails; what a net does compute with is written out below."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn

ABSENT = (
    "dora",
    "huggingface_sb3",
    "lameenc",
    "matplotlib",
    "misaki",
    "openunmix",
    "optuna",
    "pb_bss_eval",
    "polars",
    "ray",
    "soundfile",
    "sentencepiece",
    "torch_optimizer",
    "torch_stoi",
    "torchaudio",
    "torchvision",
)
VERSION = "0.28.0"


class _Absent(type):
    """Type of stand-ins: their attributes are stand-ins, and so they do as base classes, decorators and annotations."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return stand_in(name)

    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__

    def __getitem__(cls, item: Any) -> Any:
        return cls


def stand_in(name: str) -> Any:
    return _Absent(name, (), {"__init__": lambda self, *args, **kwargs: None, "__call__": returned})


def returned(self: Any, *args: Any, **kwargs: Any) -> Any:
    """What decorators give, the function they are put on; of decorators with arguments, the decorator."""
    return args[0] if len(args) == 1 and callable(args[0]) else self


class FrozenBatchNorm2d(nn.Module):
    """torchvision.ops.misc.FrozenBatchNorm2d as its documentation states it: a batch norm of buffers."""

    def __init__(self, num_features: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        for name, value in (("weight", 1.0), ("bias", 0.0), ("running_mean", 0.0), ("running_var", 1.0)):
            self.register_buffer(name, torch.full((num_features,), value))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        weight, bias, mean, var = (
            getattr(self, n).view(1, -1, 1, 1) for n in ("weight", "bias", "running_mean", "running_var")
        )
        scale = weight * (var + self.eps).rsqrt()
        return x * scale + (bias - mean * scale)


class InterpolationMode:
    """Names of torchvision.transforms.InterpolationMode."""

    NEAREST, NEAREST_EXACT, BILINEAR, BICUBIC = "nearest", "nearest-exact", "bilinear", "bicubic"
    BOX, HAMMING, LANCZOS = "box", "hamming", "lanczos"


PRESENT: dict[str, dict[str, Any]] = {
    "torchvision": {"__version__": VERSION},
    "torchvision.ops.misc": {"FrozenBatchNorm2d": FrozenBatchNorm2d},
    "torchvision.ops": {"FrozenBatchNorm2d": FrozenBatchNorm2d},
    "torchvision.transforms": {"InterpolationMode": InterpolationMode},
    "torchvision.transforms.functional": {"InterpolationMode": InterpolationMode},
    "torchaudio": {"__version__": VERSION},
}


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports what ABSENT names, and all modules below, as empty modules of stand-ins."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> Any:
        if name.partition(".")[0] not in ABSENT:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def find_distributions(self, context: Any = None) -> list[importlib.metadata.Distribution]:
        return [_Distribution()] if getattr(context, "name", None) == "torchvision" else []

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__file__ = f"<{module.__name__}: {__file__}>"
        vars(module).update(PRESENT.get(module.__name__, {}))


class _Distribution(importlib.metadata.Distribution):
    """Whoever asks for torchvision's version gets one."""

    def read_text(self, filename: str) -> str | None:
        return f"Name: torchvision\nVersion: {VERSION}\n" if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        return Path(__file__).parent / path


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        full = f"{self.__name__}.{name}"
        if full in PRESENT or name.islower():
            return importlib.import_module(full)
        return stand_in(name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # a function whose name is all lower case
        return returned(self, *args, **kwargs)


def install() -> None:
    """Makes the packages of ABSENT importable in this process, where the real ones are not."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())
