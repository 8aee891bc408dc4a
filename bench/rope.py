"""How far mx.fast.rope is from PyTorch's rotation: with the frequencies MLX computes for a base, and with PyTorch's.

The largest difference over the largest number of the result; beside it, PyTorch's own distance from float64.
"""

from __future__ import annotations

import mlx.core as mx
import numpy as np
import torch

LENGTHS = (64, 512, 2048, 8192)


def rotated(x: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    theta = torch.outer(torch.arange(x.shape[-2], dtype=inverse.dtype), inverse)
    theta = torch.cat((theta, theta), dim=-1)
    low, high = x.chunk(2, dim=-1)
    return x * theta.cos() + torch.cat((-high, low), dim=-1) * theta.sin()


def frequencies(dims: int, base: float, dtype: torch.dtype) -> torch.Tensor:
    return 1.0 / base ** (torch.arange(0, dims, 2, dtype=dtype) / dims)


def main() -> None:
    for dims, base in ((64, 1e4), (128, 5e5), (128, 1e6)):
        inverse = frequencies(dims, base, torch.float32)
        for length in LENGTHS:
            x = torch.randn(1, 1, length, dims, generator=torch.Generator().manual_seed(0))
            wanted = rotated(x, inverse).numpy()
            exact = rotated(x.double(), frequencies(dims, base, torch.float64)).numpy()
            given, periods = mx.array(x.numpy()), mx.array((1 / inverse).numpy())
            by_base = mx.fast.rope(given, dims, traditional=False, base=base, scale=1.0, offset=0)
            by_freqs = mx.fast.rope(given, dims, traditional=False, base=None, scale=1.0, offset=0, freqs=periods)
            off = [float(np.abs(np.array(y) - wanted).max() / np.abs(wanted).max()) for y in (by_base, by_freqs, exact)]
            print(
                f"{dims} dims, base {base:9.0f}, length {length:5}: by base {off[0]:.1e}, by PyTorch's frequencies "
                f"{off[1]:.1e}; PyTorch from float64 {off[2]:.1e}"
            )


if __name__ == "__main__":
    main()
