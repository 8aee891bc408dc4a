"""Every class of torch.nn with a call of it: the module, and the inputs. Some classes have several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

Made = Callable[[], tuple[nn.Module, tuple[Any, ...]]]

# What is no layer: bases, containers, classes that become another at the first call, settings.
NO_LAYERS = {
    "Container", "Module", "ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "RNNBase", "RNNCellBase",
    "LinearCrossEntropyOptions",
}  # fmt: skip


def draw(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.randn(shape).to(dtype)


def below(count: int, *shape: int) -> torch.Tensor:
    return torch.randint(count, shape)


def signs(*shape: int) -> torch.Tensor:
    return torch.randint(2, shape).float() * 2 - 1


LAYERS: dict[str, list[Made]] = {}


def add(make: Callable[[], nn.Module], *inputs: Callable[[], Any], name: str = "") -> None:
    """Modules and inputs are made when a test wants them, after its seed is set."""
    LAYERS.setdefault(name or type(make()).__name__, []).append(lambda: (make(), tuple(given() for given in inputs)))


def vectors() -> torch.Tensor:
    return draw(3, 6)


def images() -> torch.Tensor:
    return draw(2, 4, 6, 6)


def spatial(rank: int, channels: int = 4, size: int = 6) -> Callable[[], torch.Tensor]:
    return lambda: draw(2, channels, *[size] * rank)


for plain in (
    nn.Identity, nn.ReLU, nn.ReLU6, nn.GELU, nn.Tanh, nn.Sigmoid, nn.SiLU, nn.Mish, nn.SELU, nn.ELU, nn.CELU,
    nn.LeakyReLU, nn.Hardswish, nn.Hardsigmoid, nn.Hardtanh, nn.Hardshrink, nn.Softsign, nn.Softshrink, nn.Softplus,
    nn.LogSigmoid, nn.Tanhshrink, nn.RReLU, nn.Dropout, nn.AlphaDropout, nn.FeatureAlphaDropout, nn.Flatten, nn.PReLU,
    nn.Dropout1d, nn.GLU,
):  # fmt: skip
    add(plain, vectors)
add(lambda: nn.GELU(approximate="tanh"), vectors)
add(lambda: nn.Sequential(nn.Linear(6, 4), nn.ReLU(inplace=True)), vectors, name="ReLU")
add(lambda: nn.Threshold(0.1, 2.0), vectors)
for along in (nn.Softmax, nn.LogSoftmax, nn.Softmin):
    add(lambda along=along: along(1), vectors)
add(nn.Softmax2d, images)
add(nn.Dropout2d, images)
add(nn.Dropout3d, spatial(3))
add(lambda: nn.Unflatten(1, (2, 3)), vectors)
add(lambda: nn.ChannelShuffle(2), images)
add(lambda: nn.PixelShuffle(2), images)
add(lambda: nn.PixelUnshuffle(2), images)
add(lambda: nn.Unfold(3, padding=1, stride=2), images)
add(lambda: nn.Fold((4, 4), 2, stride=2), lambda: draw(2, 12, 4))
add(lambda: nn.LocalResponseNorm(3), images)
add(lambda: nn.CrossMapLRN2d(3), images)
add(lambda: nn.Sequential(nn.Linear(6, 4), nn.ReLU()), vectors)
add(lambda: nn.Linear(6, 4), vectors)
add(lambda: nn.Linear(6, 4, bias=False), lambda: draw(2, 3, 6))
add(lambda: nn.LazyLinear(4), vectors, name="LazyLinear")
add(lambda: nn.Bilinear(3, 4, 5), lambda: draw(2, 3), lambda: draw(2, 4))
add(lambda: nn.Embedding(9, 4, padding_idx=0), lambda: below(9, 2, 3))
for mode in ("mean", "sum", "max"):
    add(lambda mode=mode: nn.EmbeddingBag(9, 4, mode=mode), lambda: below(9, 2, 3))
add(lambda: nn.LayerNorm(6), vectors)
add(lambda: nn.RMSNorm(6), vectors)
add(lambda: nn.GroupNorm(2, 4), images)
add(lambda: nn.SyncBatchNorm(4), images)
add(lambda: nn.CosineSimilarity(), vectors, vectors)
add(lambda: nn.PairwiseDistance(), vectors, vectors)
add(lambda: nn.UpsamplingNearest2d(scale_factor=2), images)
add(lambda: nn.UpsamplingBilinear2d(scale_factor=2), images)
for mode, rank in (("nearest", 1), ("nearest", 2), ("nearest", 3), ("linear", 1), ("bilinear", 2), ("bicubic", 2),
                   ("trilinear", 3)):  # fmt: skip
    add(lambda mode=mode: nn.Upsample(scale_factor=2, mode=mode), spatial(rank))
add(lambda: nn.Upsample(size=(9, 5), mode="bilinear", align_corners=True), images)
for rank in (1, 2, 3):

    def of(name: str, *args: Any, rank: int = rank, **options: Any) -> Callable[[], nn.Module]:
        return lambda: getattr(nn, f"{name}{rank}d")(*args, **options)

    x = spatial(rank)
    add(of("Conv", 4, 6, 3, padding=1), x)
    add(of("Conv", 4, 6, 3, stride=2, dilation=2, padding=2, bias=False, padding_mode="circular"), x)
    add(of("ConvTranspose", 4, 6, 3, stride=2, output_padding=1), x)
    add(of("BatchNorm", 4), x)
    add(of("BatchNorm", 4, track_running_stats=False), x)
    add(of("InstanceNorm", 4), x)
    add(of("InstanceNorm", 4, affine=True, track_running_stats=True), x)
    add(of("MaxPool", 2), x)
    add(of("MaxPool", 3, stride=1, padding=1, return_indices=True), x)
    add(of("AvgPool", 3, stride=2, padding=1, count_include_pad=False), x)
    add(of("AdaptiveAvgPool", 3), x)
    add(of("AdaptiveAvgPool", 4), x)
    add(of("AdaptiveMaxPool", 4), x)
    add(of("LPPool", 2, 2), x)
    add(of("MaxUnpool", 2), lambda x=x: x() * 0 + 1, lambda rank=rank: unpooled(rank))
    for border in ("Constant", "Zero", "Reflection", "Replication", "Circular"):
        add(of(f"{border}Pad", 1, *[0.5] * (border == "Constant")), x)
    for lazy, args in (("Conv", (6, 3)), ("ConvTranspose", (6, 3)), ("BatchNorm", ()), ("InstanceNorm", ())):
        add(of(f"Lazy{lazy}", *args), x, name=f"Lazy{lazy}{rank}d")


def unpooled(rank: int) -> torch.Tensor:
    """Where each of 6 ** rank elements of two images of four channels goes in one of twice the size."""
    flat = torch.stack([torch.randperm(12**rank)[: 6**rank] for _ in range(8)])
    return flat.reshape(2, 4, *[6] * rank)


for rank in (2, 3):
    add(
        lambda rank=rank: getattr(nn, f"FractionalMaxPool{rank}d")(
            2, output_size=3, _random_samples=torch.rand(2, 4, rank)
        ),
        spatial(rank),
    )
for recurrent in (nn.RNN, nn.LSTM, nn.GRU):
    for options in ({}, {"num_layers": 2, "bidirectional": True, "batch_first": True}, {"bias": False}):
        add(lambda made=recurrent, options=options: made(6, 5, **options), lambda: draw(4, 3, 6))
add(lambda: nn.RNN(6, 5, nonlinearity="relu"), lambda: draw(4, 3, 6))
add(lambda: nn.LSTM(6, 5, proj_size=3), lambda: draw(4, 3, 6))
add(lambda: nn.LSTM(6, 5), lambda: draw(4, 3, 6), lambda: (draw(1, 3, 5), draw(1, 3, 5)))
add(lambda: nn.GRU(6, 5), lambda: draw(4, 3, 6), lambda: draw(1, 3, 5))
for name in ("RNNCell", "GRUCell"):
    add(lambda name=name: getattr(nn, name)(6, 5), vectors)
    add(lambda name=name: getattr(nn, name)(6, 5), vectors, lambda: draw(3, 5))
add(lambda: nn.LSTMCell(6, 5), vectors)
add(lambda: nn.LSTMCell(6, 5), vectors, lambda: (draw(3, 5), draw(3, 5)))
for options in ({}, {"add_bias_kv": True, "batch_first": True}, {"add_zero_attn": True, "bias": False}):
    add(lambda options=options: nn.MultiheadAttention(8, 2, **options), *[lambda: draw(3, 3, 8)] * 3)
add(lambda: nn.TransformerEncoderLayer(8, 2, 16), lambda: draw(5, 3, 8))
add(lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, 16), 2, enable_nested_tensor=False),
    lambda: draw(5, 3, 8))  # fmt: skip
add(lambda: nn.TransformerDecoderLayer(8, 2, 16), lambda: draw(5, 3, 8), lambda: draw(4, 3, 8))
add(lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16), 2),
    lambda: draw(5, 3, 8), lambda: draw(4, 3, 8))  # fmt: skip
add(lambda: nn.Transformer(8, 2, 1, 1, 16), lambda: draw(5, 3, 8), lambda: draw(4, 3, 8))

for loss in (nn.L1Loss, nn.MSELoss, nn.SmoothL1Loss, nn.HuberLoss, nn.PoissonNLLLoss):
    add(loss, vectors, vectors)
add(lambda: nn.KLDivLoss(reduction="batchmean"), vectors, lambda: draw(3, 6).softmax(1))
add(nn.BCELoss, lambda: torch.rand(3, 6), lambda: torch.rand(3, 6))
add(nn.BCEWithLogitsLoss, vectors, lambda: torch.rand(3, 6))
for loss in (nn.HingeEmbeddingLoss, nn.SoftMarginLoss):
    add(loss, vectors, lambda: signs(3, 6))
add(nn.CrossEntropyLoss, vectors, lambda: below(6, 3))
add(lambda: nn.CrossEntropyLoss(label_smoothing=0.1), vectors, lambda: draw(3, 6).softmax(1))
add(nn.NLLLoss, vectors, lambda: below(6, 3))
add(nn.NLLLoss2d, images, lambda: below(4, 2, 6, 6), name="NLLLoss2d")
add(nn.CTCLoss, lambda: draw(7, 2, 5).log_softmax(2), lambda: below(4, 2, 3) + 1,
    lambda: torch.tensor([7, 7]), lambda: torch.tensor([3, 2]))  # fmt: skip
add(nn.GaussianNLLLoss, vectors, vectors, lambda: torch.rand(3, 6) + 0.1)
add(nn.MultiLabelMarginLoss, vectors,
    lambda: torch.tensor([[1, 3, -1, 0, 0, 0], [0, 2, 4, -1, 0, 0], [5, -1, 0, 0, 0, 0]]))  # fmt: skip
add(nn.MultiLabelSoftMarginLoss, vectors, lambda: torch.rand(3, 6).round())
add(nn.MultiMarginLoss, vectors, lambda: below(6, 3))
add(nn.MarginRankingLoss, lambda: draw(5), lambda: draw(5), lambda: signs(5))
add(nn.CosineEmbeddingLoss, vectors, vectors, lambda: signs(3))
for loss in (nn.TripletMarginLoss, nn.TripletMarginWithDistanceLoss):
    add(loss, vectors, vectors, vectors)
add(lambda: nn.AdaptiveLogSoftmaxWithLoss(6, 9, [3, 6]), vectors, lambda: below(9, 3))
add(lambda: nn.LinearCrossEntropyLoss(6, 9), vectors, lambda: below(9, 3))
