"""Samples for layers of packages that the tests do not install: classes of the same name, parameters and arithmetic,
as the packages' documentation states them."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import mlx.nn as nn
import torch
from hypothesis import strategies as st

from layer_samples import Sample, Weights, channels_first, channels_last, flag, layer, linear, size


def of_package(name: str, *bases: type, **members: Any) -> type:
    module, _, short = name.rpartition(".")
    return type(short, bases, {"__module__": module, "__qualname__": short, **members})


def standardized(weight: torch.Tensor, eps: float = 1e-6) -> torch.Tensor:
    flat = weight.flatten(1)
    mean, var = flat.mean(1, keepdim=True), flat.var(1, unbiased=False, keepdim=True)
    return ((flat - mean) / torch.sqrt(var + eps)).view_as(weight)


def mlx_standardized(weight: mx.array, eps: float = 1e-6) -> mx.array:
    axes = (1, 2, 3)
    mean, var = mx.mean(weight, axes, keepdims=True), mx.var(weight, axes, keepdims=True)
    return (weight - mean) / mx.sqrt(var + eps)


def plain_forward(self: Any, x: torch.Tensor) -> torch.Tensor:
    return torch.nn.Conv2d.forward(self, x)


def std_forward(self: Any, x: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.conv2d(x, standardized(self.weight), self.bias)


def scaled_init(self: Any, *args: Any, **kwargs: Any) -> None:
    torch.nn.Conv2d.__init__(self, *args, **kwargs)
    self.gain = torch.nn.Parameter(torch.ones(self.out_channels, 1, 1, 1))


def scaled_forward(self: Any, x: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.conv2d(x, standardized(self.weight) * self.gain, self.bias)


def conv_sample(name: str, kind: str) -> Sample:
    members = {
        "plain": {"forward": plain_forward},
        "std": {"forward": std_forward},
        "scaled": {"__init__": scaled_init, "forward": scaled_forward},
    }[kind]
    made = of_package(name, torch.nn.Conv2d, **members)

    def run(w: Weights, x: torch.Tensor, i: int, o: int, bias: bool) -> mx.array:
        weight = w["weight"] if kind == "plain" else mlx_standardized(w["weight"])
        y = mx.conv2d(channels_last(x), weight * w["gain"] if kind == "scaled" else weight)
        return channels_first(y + w["bias"] if bias else y)

    return Sample(
        lambda i, o, bias: made(i, o, 3, bias=bias),
        {"i": size, "o": size, "bias": flag},
        lambda i, **_: (torch.randn(2, i, 5, 5),),
        run,
    )


def norm_sample(name: str, act: bool) -> Sample:
    def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
        args = (self.running_mean, self.running_var, self.weight, self.bias)
        y = torch.nn.functional.batch_norm(x, *args, False, 0.0, self.eps)
        return torch.relu(y) if act else y

    made = of_package(name, torch.nn.BatchNorm2d, forward=forward)

    def run(w: Weights, x: torch.Tensor, features: int) -> mx.array:
        y = channels_first(layer(nn.BatchNorm(features), w)(channels_last(x)))
        return nn.relu(y) if act else y

    return Sample(made_as(made), {"features": size}, lambda features: (torch.randn(2, features, 4, 4),), run)


def made_as(made: type) -> Any:
    return lambda features: made(features)


def deform_module(i: int, o: int) -> torch.nn.Module:
    def init(self: Any) -> None:
        torch.nn.Module.__init__(self)
        self.kernel_size, self.padding_mode = (3, 3), "zeros"
        self.weight = torch.nn.Parameter(torch.empty(o, i, 3, 3))
        self.bias = torch.nn.Parameter(torch.empty(o))

    def forward(self: Any, x: torch.Tensor) -> torch.Tensor:  # offsets of 0
        return torch.nn.functional.conv2d(x, self.weight, self.bias)

    made = of_package("torchvision.ops.deform_conv.DeformConv2d", torch.nn.Module, __init__=init, forward=forward)
    return made()


def deform(w: Weights, x: torch.Tensor, i: int, o: int) -> mx.array:
    # torch's layout: there is no layer of MLX's to fit it to
    return channels_first(mx.conv2d(channels_last(x), w["weight"].transpose(0, 2, 3, 1)) + w["bias"])


def conv3d_sample(name: str, kernel: tuple[int, int, int]) -> Sample:
    made = of_package(name, torch.nn.Conv3d)
    return Sample(
        lambda i, o: made(i, o, kernel, bias=False),
        {"i": size, "o": size},
        lambda i, **_: (torch.randn(2, i, 4, 4, 4),),
        lambda w, x, i, o: channels_first(mx.conv3d(channels_last(x), w["weight"])),
    )


def affine_sample(name: str, kind: str, rank: int, act: bool = False) -> Sample:
    """A norm over the channels, which come first in `rank` > 1 dimensions; of `kind` "Group" over all else, too."""
    base = {"Layer": torch.nn.LayerNorm, "Group": torch.nn.GroupNorm, "RMS": torch.nn.RMSNorm}[kind]

    def init(self: Any, features: int) -> None:
        base.__init__(self, *((1, features) if kind == "Group" else (features,)), eps=1e-5)

    def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
        y = base.forward(self, x) if kind == "Group" else base.forward(self, x.movedim(1, -1)).movedim(-1, 1)
        return torch.relu(y) if act else y

    made = of_package(name, base, __init__=init, forward=forward)

    def run(w: Weights, x: torch.Tensor, features: int) -> mx.array:
        norm = {"Layer": nn.LayerNorm, "RMS": nn.RMSNorm}.get(
            kind, lambda n: nn.GroupNorm(1, n, pytorch_compatible=True)
        )
        y = channels_first(layer(norm(features), w)(channels_last(x)))
        return nn.relu(y) if act else y

    return Sample(made_as(made), {"features": size}, lambda features: (torch.randn(2, features, *[4] * rank),), run)


def scale_sample(name: str) -> Sample:
    def init(self: Any, features: int) -> None:
        torch.nn.Module.__init__(self)
        self.gamma = torch.nn.Parameter(torch.empty(features))

    def forward(self: Any, x: torch.Tensor) -> torch.Tensor:
        return x * self.gamma.view(1, -1, *[1] * (x.ndim - 2))

    made = of_package(name, torch.nn.Module, __init__=init, forward=forward)
    rank = 2 if name.endswith("2d") else 0
    return Sample(
        made_as(made),
        {"features": size},
        lambda features: (torch.randn(2, features, *[4] * rank),),
        lambda w, x, features: channels_first(channels_last(x) * w["gamma"]),
    )


PACKAGES = {
    "timm.layers.linear.Linear": Sample(
        of_package("timm.layers.linear.Linear", torch.nn.Linear),
        {"in_features": size, "out_features": size, "bias": st.booleans()},
        lambda in_features, **_: (torch.randn(3, in_features),),
        linear,
    ),
    "torchvision.ops.deform_conv.DeformConv2d": Sample(
        deform_module, {"i": size, "o": size}, lambda i, **_: (torch.randn(2, i, 5, 5),), deform
    ),
    "torchvision.ops.misc.FrozenBatchNorm2d": norm_sample("torchvision.ops.misc.FrozenBatchNorm2d", act=False),
}
for _name, _kind in {
    "conv2d_same.Conv2dSame": "plain",
    "conv2d_same.Conv2dSameExport": "plain",
    "std_conv.StdConv2d": "std",
    "std_conv.StdConv2dSame": "std",
    "std_conv.ScaledStdConv2d": "scaled",
    "std_conv.ScaledStdConv2dSame": "scaled",
}.items():
    PACKAGES[f"timm.layers.{_name}"] = conv_sample(f"timm.layers.{_name}", _kind)
for _name, _affine in {
    "timm.layers.norm.LayerNorm": ("Layer", 0),
    "timm.layers.norm.LayerNorm2d": ("Layer", 2),
    "timm.layers.norm.GroupNorm": ("Group", 2),
    "timm.layers.norm.GroupNorm1": ("Group", 2),
    "timm.layers.norm.RmsNorm": ("RMS", 0),
    "timm.layers.norm.RmsNorm2d": ("RMS", 2),
    "timm.layers.norm_act.GroupNormAct": ("Group", 2, True),
    "timm.layers.norm_act.LayerNormAct": ("Layer", 0, True),
    "timm.layers.norm_act.LayerNormAct2d": ("Layer", 2, True),
    "torchvision.models.convnext.LayerNorm2d": ("Layer", 2),
}.items():
    PACKAGES[_name] = affine_sample(_name, *_affine)
for _name in ("LayerScale", "LayerScale2d"):
    PACKAGES[f"timm.layers.layer_scale.{_name}"] = scale_sample(f"timm.layers.layer_scale.{_name}")
for _name, _kernel in {"Conv3DSimple": (3, 3, 3), "Conv3DNoTemporal": (1, 3, 3)}.items():
    PACKAGES[f"torchvision.models.video.resnet.{_name}"] = conv3d_sample(
        f"torchvision.models.video.resnet.{_name}", _kernel
    )
for _name in ("BatchNormAct2d", "SyncBatchNormAct", "FrozenBatchNormAct2d"):
    PACKAGES[f"timm.layers.norm_act.{_name}"] = norm_sample(f"timm.layers.norm_act.{_name}", act=True)
