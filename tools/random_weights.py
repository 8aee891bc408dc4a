"""Weights that matter, for nets that are compared without being trained."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

LEAST = 0.5  # what a row of a matrix makes of unit numbers


def spread(model: Any) -> None:
    """Norms and biases start as ones and zeros, and small matrices make blocks identities: makes both random, and the
    statistics of batch norms too."""
    import torch

    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.is_floating_point() and parameter.dim() < 2:
                parameter.add_(torch.randn(parameter.shape, generator=generator), alpha=0.1)
            elif parameter.is_floating_point() and parameter.numel() > 1:
                enlarge(parameter, generator)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(generator=generator)
            elif name.endswith("running_var"):
                buffer.uniform_(0.5, 1.5, generator=generator)


def calibrate(model: Any, run: Callable[[], Any]) -> None:
    """Batch norms as after training, near the statistics of a `run` of the model: with others, nothing is left of the
    inputs after some layers."""
    import torch
    from torch.nn.modules.batchnorm import _BatchNorm

    norms = [module for module in model.modules() if isinstance(module, _BatchNorm) and module.track_running_stats]
    momenta = [norm.momentum for norm in norms]
    generator = torch.Generator().manual_seed(2)
    try:
        for norm in norms:
            norm.momentum = 1.0
            norm.train()
        with contextlib.suppress(Exception):  # one number a channel, which has no variance
            run()
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
            norm.eval()
    for norm in norms:
        if norm.running_mean is not None and norm.running_var is not None:
            norm.running_var.clamp_(min=1e-2)
            norm.running_mean += (
                0.1 * norm.running_var.sqrt() * torch.randn(norm.running_mean.shape, generator=generator)
            )
            norm.running_var *= torch.empty_like(norm.running_var).uniform_(0.8, 1.25, generator=generator)


def enlarge(matrix: Any, generator: Any) -> None:
    """Multiplies a matrix up to LEAST; one of zeros gets numbers, equal numbers part."""
    import torch

    fan_in = max(1, matrix[0].numel()) ** 0.5
    scale = float(matrix.square().mean().sqrt()) * fan_in
    if scale == 0:
        matrix.normal_(0, LEAST / fan_in, generator=generator)
    elif float(matrix.std()) == 0:
        matrix.mul_(1 + 0.1 * torch.randn(matrix.shape, generator=generator))
    elif scale < LEAST:
        matrix.mul_(LEAST / scale)
