"""What modules hold and do that torch.export does not take as it is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import mlx.core as mx
import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

import torch2mlx
from models import LIMIT, distance
from torch2mlx.time_limit import OutOfTime, limited


class Casting(nn.Module):
    def __init__(self, dtype: torch.dtype) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.dtype = dtype

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear.to(self.dtype)(x.to(self.dtype)).float()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_casts_of_modules_while_they_run(dtype: torch.dtype) -> None:
    model = Casting(dtype).eval()
    ours = torch2mlx.generate(model, (torch.randn(2, 4),)).load()
    x = torch.randn(5, 4)
    assert distance(model(x), ours(mx.array(x.numpy()))) <= LIMIT
    assert isinstance(model.linear.weight, nn.Parameter)


def scripted(model: nn.Module) -> Any:
    return torch.jit.script(model)


@pytest.mark.parametrize("inside", [False, True])
def test_torchscript_is_refused_by_name(inside: bool) -> None:
    module = scripted(nn.Linear(4, 4))
    model = nn.Sequential(nn.ReLU(), module) if inside else module
    with pytest.raises(torch2mlx.UnsupportedError, match="TorchScript") as raised:
        torch2mlx.generate(model, (torch.randn(2, 4),))
    assert raised.value.details == ["1" if inside else "(root)"]
    traced = torch.jit.trace(nn.Linear(4, 4), torch.randn(2, 4))
    with pytest.raises(torch2mlx.UnsupportedError, match="TorchScript"):
        torch2mlx.generate(traced, (torch.randn(2, 4),))


def test_fake_tensors_are_refused(tmp_path: Path) -> None:
    with FakeTensorMode():
        model = nn.Linear(4, 4)
    with pytest.raises(torch2mlx.InputError, match="no elements"):
        torch2mlx.generate(model, (torch.randn(2, 4),))
    with pytest.raises(torch2mlx.InputError, match="weight: the tensor is fake and has no data"):
        torch2mlx.convert(model, tmp_path / "model.safetensors")
    with pytest.raises(torch2mlx.InputError, match="no data"):
        torch2mlx.analyze(model)


class Settings(nn.Module):
    """As neural operators note down what they were built with."""

    def __init__(self, extra: Any) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.extra = extra

    def state_dict(self, *args: Any, **kwargs: Any) -> Any:
        state = super().state_dict(*args, **kwargs)
        state["_metadata"] = self.extra
        return state

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x)


def test_settings_in_a_state_dict_are_no_weights(tmp_path: Path) -> None:
    model = Settings({"width": 4}).eval()
    code = torch2mlx.generate(model, (torch.randn(2, 4),))
    assert code.verified
    torch2mlx.convert(model, tmp_path / "model.safetensors")
    assert set(mx.load(str(tmp_path / "model.safetensors"))) == {"linear.weight", "linear.bias"}
    with pytest.raises(torch2mlx.InputError, match="holds more than tensors"):
        torch2mlx.convert(Settings({"w": torch.ones(2)}), tmp_path / "other.safetensors")


def test_a_limit_ends_what_computes_with_sizes() -> None:
    import sympy

    s = sympy.Symbol("s", integer=True, positive=True)
    begin = time.process_time()

    def endless() -> None:
        """Swallows what reaches it, as finalizers do."""
        size = s
        while True:
            try:
                size = size + s * s + 1
            except OutOfTime:
                if time.process_time() - begin > 1.5:
                    raise

    with pytest.raises(OutOfTime), limited(0.2):
        endless()
    assert time.process_time() - begin < 5


def test_a_limit_lets_the_rest_of_a_process_alone() -> None:
    import sympy

    before = vars(sympy.Add)["flatten"]
    with limited(100):
        assert vars(sympy.Add)["flatten"] is not before
    assert vars(sympy.Add)["flatten"] is before


class Encoder(nn.Module):
    """Halves its image five times, and doubles it again beside what was there."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList([nn.Conv2d(4, 4, 3, 2, 1) for _ in range(5)])
        self.up = nn.ModuleList([nn.Conv2d(8, 4, 3, 1, 1) for _ in range(5)])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kept = []
        for conv in self.down:
            kept.append(x)
            x = conv(x).relu()
        for conv, skip in zip(self.up, reversed(kept), strict=True):
            x = conv(torch.cat([nn.functional.interpolate(x, size=skip.shape[2:]), skip], 1)).relu()
        return x


def test_halved_images_are_traced_soon() -> None:
    model, begin = Encoder().eval(), time.process_time()
    code = torch2mlx.generate(model, (torch.randn(2, 4, 64, 64),))
    assert time.process_time() - begin < 60
    for shape in [(3, 4, 64, 96), (1, 4, 40, 50)]:
        x = torch.randn(shape)
        assert distance(model(x), code.load()(mx.array(x.numpy()))) <= LIMIT
