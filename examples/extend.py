"""A layer and an operator of one's own, added to torch2mlx's tables: `register_layer`, `register_lowering`.

PYTHONPATH=python .venv/bin/python examples/extend.py [folder]
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

import torch2mlx
from validate import main


@torch.library.custom_op("extend::gated_pool", mutates_args=())
def gated_pool(x: torch.Tensor, sharpness: float = 1.0) -> torch.Tensor:
    """Means over height and width in which large values count for more: (N, C, H, W) -> (N, C)."""
    weights = torch.softmax(sharpness * x.flatten(2), dim=-1)
    return (weights * x.flatten(2)).sum(-1)


@gated_pool.register_fake
def _(x: torch.Tensor, sharpness: float = 1.0) -> torch.Tensor:
    return x.new_empty(x.shape[:2])


def gated_pool_in_mlx(mx: Any, x: Any, sharpness: float) -> Any:
    """What the operator means in MLX's words: the generated code, the executor and the report follow from it."""
    n, c, h, w = x.shape  # sizes that vary are values
    pixels = mx("reshape", x, (n, c, h * w))
    return mx("sum", mx("softmax", pixels * sharpness, axis=-1) * pixels, axis=-1)


class SameConv(nn.Conv2d):
    """A convolution whose result is as large as its input: borders are added for it, whatever its stride."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        height, width = self.kernel_size
        borders = ((width - 1) // 2, width // 2, (height - 1) // 2, height // 2)
        return F.conv2d(F.pad(x, borders), self.weight, self.bias, self.stride)


class Encoder(nn.Module):
    """Features of images (batch, 3, height, width)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = SameConv(3, 16, 4)
        self.conv2 = SameConv(16, 32, 3, stride=2)
        self.project = nn.Linear(32, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.conv2(F.relu(self.conv1(x))))
        return self.project(torch.ops.extend.gated_pool(x, 2.0))


# PyTorch's OIHW weight becomes MLX's OHWI, and the convolution itself `nn.Conv2d`; borders stay code of the caller.
torch2mlx.register_layer(SameConv, mlx="nn.Conv2d", permute={"weight": (0, 2, 3, 1)})
torch2mlx.register_lowering("extend::gated_pool.default", gated_pool_in_mlx)

if __name__ == "__main__":
    torch.manual_seed(0)
    main(
        Encoder(),
        [torch.randn(batch, 3, *size) for batch, *size in ((2, 32, 32), (1, 32, 32), (4, 20, 28), (3, 9, 17))],
    )
