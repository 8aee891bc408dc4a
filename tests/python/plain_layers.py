"""Modules of torch.nn without parameters, and calls of them."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import nn


class Call(NamedTuple):
    module: nn.Module
    args: tuple[torch.Tensor, ...]


def x(*shape: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=generator)


def ints(below: int, *shape: int) -> torch.Tensor:
    return torch.randint(below, shape, generator=torch.Generator().manual_seed(sum(shape)))


def on(args: tuple[torch.Tensor, ...], *modules: nn.Module) -> list[Call]:
    return [Call(module, args) for module in modules]


IMAGES, TWO, SIGNS = (x(2, 6, 6, 6),), (x(4, 5), x(4, 5) * 0.5), x(4, 5).sign()
PLAIN: dict[str, list[Call]] = {
    "linear.Identity": on(IMAGES, nn.Identity()),
    "activation.ReLU": on(IMAGES, nn.ReLU(), nn.ReLU(inplace=True)),
    "activation.ReLU6": on(IMAGES, nn.ReLU6()),
    "activation.GELU": on(IMAGES, nn.GELU(), nn.GELU(approximate="tanh")),
    "activation.Tanh": on(IMAGES, nn.Tanh()),
    "activation.Sigmoid": on(IMAGES, nn.Sigmoid()),
    "activation.SiLU": on(IMAGES, nn.SiLU()),
    "activation.Mish": on(IMAGES, nn.Mish()),
    "activation.SELU": on(IMAGES, nn.SELU()),
    "activation.ELU": on(IMAGES, nn.ELU(), nn.ELU(0.5)),
    "activation.CELU": on(IMAGES, nn.CELU(), nn.CELU(2.0)),
    "activation.LeakyReLU": on(IMAGES, nn.LeakyReLU(), nn.LeakyReLU(0.2)),
    "activation.Hardswish": on(IMAGES, nn.Hardswish()),
    "activation.Hardsigmoid": on(IMAGES, nn.Hardsigmoid()),
    "activation.Hardtanh": on(IMAGES, nn.Hardtanh(), nn.Hardtanh(-0.5, 2.0)),
    "activation.Hardshrink": on(IMAGES, nn.Hardshrink(), nn.Hardshrink(0.1)),
    "activation.Softsign": on(IMAGES, nn.Softsign()),
    "activation.Softplus": on(IMAGES, nn.Softplus(), nn.Softplus(2.0, 5.0)),
    "activation.Softshrink": on(IMAGES, nn.Softshrink(), nn.Softshrink(0.1)),
    "activation.Softmax": on(IMAGES, nn.Softmax(-1), nn.Softmax(1)),
    "activation.Softmax2d": on(IMAGES, nn.Softmax2d()),
    "activation.Softmin": on(IMAGES, nn.Softmin(-1)),
    "activation.LogSoftmax": on(IMAGES, nn.LogSoftmax(-1), nn.LogSoftmax(1)),
    "activation.LogSigmoid": on(IMAGES, nn.LogSigmoid()),
    "activation.RReLU": on(IMAGES, nn.RReLU()),
    "activation.Tanhshrink": on(IMAGES, nn.Tanhshrink()),
    "activation.Threshold": on(IMAGES, nn.Threshold(0.1, 20.0)),
    "activation.GLU": on(IMAGES, nn.GLU(), nn.GLU(1)),
    "channelshuffle.ChannelShuffle": on(IMAGES, nn.ChannelShuffle(2)),
    "distance.CosineSimilarity": on(TWO, nn.CosineSimilarity(), nn.CosineSimilarity(0)),
    "distance.PairwiseDistance": on(TWO, nn.PairwiseDistance(), nn.PairwiseDistance(1.0, keepdim=True)),
    "dropout.Dropout": on(IMAGES, nn.Dropout(0.3)),
    "dropout.Dropout1d": on((x(2, 6, 6),), nn.Dropout1d(0.3)),
    "dropout.Dropout2d": on(IMAGES, nn.Dropout2d(0.3)),
    "dropout.Dropout3d": on((x(2, 6, 6, 6, 6),), nn.Dropout3d(0.3)),
    "dropout.AlphaDropout": on(IMAGES, nn.AlphaDropout(0.3)),
    "dropout.FeatureAlphaDropout": on(IMAGES, nn.FeatureAlphaDropout(0.3)),
    "flatten.Flatten": on(IMAGES, nn.Flatten(), nn.Flatten(0, 1)),
    "flatten.Unflatten": on(IMAGES, nn.Unflatten(1, (2, 3))),
    "fold.Fold": on((x(2, 8, 9),), nn.Fold((4, 4), 2)),
    "fold.Unfold": on(IMAGES, nn.Unfold(2), nn.Unfold(3, padding=1, stride=2)),
    "normalization.LocalResponseNorm": on(IMAGES, nn.LocalResponseNorm(3), nn.LocalResponseNorm(2, 0.01, 0.5, 2.0)),
    "pixelshuffle.PixelShuffle": on((x(2, 8, 3, 3),), nn.PixelShuffle(2)),
    "pixelshuffle.PixelUnshuffle": on(IMAGES, nn.PixelUnshuffle(2)),
    "upsampling.Upsample": on(IMAGES, nn.Upsample(scale_factor=2), nn.Upsample(size=(9, 9), mode="bilinear")),
    "upsampling.UpsamplingNearest2d": on(IMAGES, nn.UpsamplingNearest2d(scale_factor=2)),
    "upsampling.UpsamplingBilinear2d": on(IMAGES, nn.UpsamplingBilinear2d(scale_factor=2)),
    "loss.BCELoss": on((x(4, 5).sigmoid(), TWO[1].sigmoid()), nn.BCELoss()),
    "loss.BCEWithLogitsLoss": on((TWO[0], TWO[1].sigmoid()), nn.BCEWithLogitsLoss(), nn.BCEWithLogitsLoss(x(5).abs())),
    "loss.CTCLoss": on((x(7, 2, 5).log_softmax(-1), 1 + ints(4, 2, 3), torch.tensor([7, 7]), torch.tensor([3, 3])),
                       nn.CTCLoss()),
    "loss.CosineEmbeddingLoss": on((*TWO, SIGNS[:, 0]), nn.CosineEmbeddingLoss()),
    "loss.CrossEntropyLoss": on((x(4, 5), ints(5, 4)), nn.CrossEntropyLoss(), nn.CrossEntropyLoss(label_smoothing=0.1)),
    "loss.GaussianNLLLoss": on((*TWO, x(4, 5).abs() + 1), nn.GaussianNLLLoss()),
    "loss.HingeEmbeddingLoss": on((TWO[0], SIGNS), nn.HingeEmbeddingLoss()),
    "loss.HuberLoss": on(TWO, nn.HuberLoss()),
    "loss.KLDivLoss": on((TWO[0].log_softmax(-1), TWO[1].softmax(-1)), nn.KLDivLoss(reduction="batchmean")),
    "loss.L1Loss": on(TWO, nn.L1Loss(), nn.L1Loss(reduction="none")),
    "loss.MSELoss": on(TWO, nn.MSELoss(), nn.MSELoss(reduction="sum")),
    "loss.MarginRankingLoss": on((*TWO, SIGNS), nn.MarginRankingLoss()),
    "loss.MultiLabelMarginLoss": on((x(4, 5), torch.tensor([[3, 0, -1, 2, 1]] * 4)), nn.MultiLabelMarginLoss()),
    "loss.MultiLabelSoftMarginLoss": on((TWO[0], (SIGNS + 1) / 2), nn.MultiLabelSoftMarginLoss()),
    "loss.MultiMarginLoss": on((x(4, 5), ints(5, 4)), nn.MultiMarginLoss()),
    "loss.NLLLoss": on((x(4, 5).log_softmax(-1), ints(5, 4)), nn.NLLLoss()),
    "loss.NLLLoss2d": on((x(2, 5, 3, 3).log_softmax(1), ints(5, 2, 3, 3)), nn.NLLLoss2d()),
    "loss.PoissonNLLLoss": on((TWO[0], TWO[1].abs()), nn.PoissonNLLLoss()),
    "loss.SmoothL1Loss": on(TWO, nn.SmoothL1Loss()),
    "loss.SoftMarginLoss": on((TWO[0], SIGNS), nn.SoftMarginLoss()),
    "loss.TripletMarginLoss": on((*TWO, TWO[0] + 1), nn.TripletMarginLoss()),
    "loss.TripletMarginWithDistanceLoss": on((*TWO, TWO[0] + 1), nn.TripletMarginWithDistanceLoss()),
}  # fmt: skip
for _rank in (1, 2, 3):
    _maps, _more = (x(2, 6, *[6] * _rank),), ["1d", "2d", "3d"][_rank - 1]
    for _kind in ("MaxPool", "AvgPool"):
        _made = getattr(nn, _kind + _more)
        PLAIN[f"pooling.{_kind}{_more}"] = on(_maps, _made(2), _made(3, stride=1, padding=1), _made(2, stride=3))
    PLAIN[f"pooling.LPPool{_more}"] = on(_maps, getattr(nn, f"LPPool{_more}")(2, 2))
    for _kind in ("AdaptiveAvgPool", "AdaptiveMaxPool"):
        _made = getattr(nn, _kind + _more)
        PLAIN[f"pooling.{_kind}{_more}"] = on(_maps, _made(1), _made(3), _made(4))
    _where = getattr(nn.functional, f"max_pool{_more}")(_maps[0], 2, return_indices=True)
    PLAIN[f"pooling.MaxUnpool{_more}"] = on(_where, getattr(nn, f"MaxUnpool{_more}")(2))
    if _rank > 1:
        PLAIN[f"pooling.FractionalMaxPool{_more}"] = on(_maps, getattr(nn, f"FractionalMaxPool{_more}")(2, 3))
    for _kind in ("ZeroPad", "ReflectionPad", "ReplicationPad", "CircularPad"):
        PLAIN[f"padding.{_kind}{_more}"] = on(_maps, getattr(nn, _kind + _more)(1))
    PLAIN[f"padding.ConstantPad{_more}"] = on(_maps, getattr(nn, f"ConstantPad{_more}")(1, 3.5))
