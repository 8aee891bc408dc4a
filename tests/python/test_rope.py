"""Rotary embeddings as people write them: each becomes mx.fast.rope, and gives PyTorch's numbers at other lengths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

import torch2mlx
from torch2mlx.verification import differences, run_mlx, run_torch

D = 16


def frequencies(dims: int, base: float = 10000.0) -> torch.Tensor:
    return 1.0 / base ** (torch.arange(0, dims, 2, dtype=torch.float32) / dims)


def angles(x: torch.Tensor, inverse: torch.Tensor, start: int = 0) -> torch.Tensor:
    return torch.outer(torch.arange(start, start + x.shape[-2], device=x.device).float(), inverse)


def rotate_half(x: torch.Tensor) -> torch.Tensor:
    low, high = x.chunk(2, dim=-1)
    return torch.cat((-high, low), dim=-1)


def halves(x: torch.Tensor, inverse: torch.Tensor, start: int = 0) -> torch.Tensor:
    theta = torch.cat([angles(x, inverse, start)] * 2, dim=-1)
    return x * theta.cos() + rotate_half(x) * theta.sin()


def pairs(x: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    theta = angles(x, inverse).repeat_interleave(2, dim=-1)
    swapped = torch.stack((-x[..., 1::2], x[..., ::2]), dim=-1).flatten(-2)
    return x * theta.cos() + swapped * theta.sin()


def pairs_by_component(x: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    theta = angles(x, inverse)
    even, odd = x[..., 0::2], x[..., 1::2]
    cos, sin = theta.cos(), theta.sin()
    return torch.stack((even * cos - odd * sin, odd * cos + even * sin), dim=-1).flatten(-2)


def halves_by_component(x: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    theta = angles(x, inverse)
    low, high = x.split(x.shape[-1] // 2, dim=-1)
    return torch.cat((low * theta.cos() - high * theta.sin(), high * theta.cos() + low * theta.sin()), dim=-1)


def partly(x: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    return torch.cat((halves(x[..., : D // 2], inverse[: D // 4]), x[..., D // 2 :]), dim=-1)


def length_first(x: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    moved = x.transpose(1, 2)  # (B, L, H, D)
    theta = torch.cat([angles(x, inverse)] * 2, dim=-1)[None, :, None]
    return (moved * theta.cos() + rotate_half(moved) * theta.sin()).transpose(1, 2)


def by_einsum(x: torch.Tensor, inverse: torch.Tensor) -> torch.Tensor:
    theta = torch.einsum("i,j->ij", torch.arange(x.shape[-2]).float(), inverse)
    theta = torch.cat((theta, theta), dim=-1)[None, None]
    return x * theta.cos() + rotate_half(x) * theta.sin()


# PyTorch's function, frequencies, what the generated call says of it.
ROTATIONS: dict[str, tuple[Callable[..., torch.Tensor], torch.Tensor, str]] = {
    "halves": (halves, frequencies(D), "traditional=False, base=None, scale=1.0, offset=0"),
    "base 500000": (halves, frequencies(D, 500000.0), "traditional=False, base=None, scale=1.0, offset=0"),
    "positions scaled": (halves, frequencies(D) / 4, "traditional=False, base=None, scale=1.0, offset=0"),
    "from position 5": (lambda x, inverse: halves(x, inverse, 5), frequencies(D), "base=None, scale=1.0, offset=5"),
    "low frequencies changed": (halves, frequencies(D) * torch.tensor([1, 1, 1, 0.5, 1, 0.3, 0.3, 0.3]), "freqs="),
    "pairs": (pairs, frequencies(D), "traditional=True, base=None, scale=1.0, offset=0"),
    "pairs by component": (pairs_by_component, frequencies(D), "traditional=True"),
    "halves by component": (halves_by_component, frequencies(D), "traditional=False"),
    "by einsum": (by_einsum, frequencies(D), "traditional=False"),
    "half of the elements": (partly, frequencies(D // 2), f", {D // 2}, traditional=False"),
    "length before heads": (length_first, frequencies(D), "traditional=False"),
}  # fmt: skip


class Rotated(torch.nn.Module):
    def __init__(self, rotation: Callable[..., torch.Tensor], inverse: torch.Tensor) -> None:
        super().__init__()
        self.rotation = rotation
        self.proj = torch.nn.Linear(D, D)
        self.register_buffer("inverse", inverse, persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.rotation(self.proj(x), self.inverse)


def assert_equal(model: torch.nn.Module, code: torch2mlx.GeneratedCode, length: int, *more: torch.Tensor) -> None:
    torch.manual_seed(length)
    args = (torch.randn(2, 3, length, D), *more)
    wanted, _ = run_torch(model, args, {})
    found = differences(["y"], wanted, run_mlx(code.load(), args, {}), 1e-5)
    assert all(difference.passed for difference in found), found


@pytest.mark.parametrize("name", ROTATIONS)
def test_rotation_is_fused(name: str) -> None:
    rotation, inverse, said = ROTATIONS[name]
    torch.manual_seed(0)
    model = Rotated(rotation, inverse).eval()
    code = torch2mlx.generate(model, (torch.randn(2, 3, 7, D),))
    call = " ".join(code.source.split())
    assert call.count("mx.fast.rope(") == 1
    assert said in call
    assert "mx.cos" not in call
    for length in (7, 1, 40, 5000):  # where MLX's own frequencies for a base are 1e-4 off
        assert_equal(model, code, length)


def test_frequencies_that_no_reciprocal_gives_are_written_out() -> None:
    inverse = 0.96 * frequencies(D)
    code = torch2mlx.generate(Rotated(halves, inverse).eval(), (torch.randn(2, 3, 7, D),))
    assert "rope" not in code.source


class Given(torch.nn.Module):
    """Positions are an argument: MLX's function counts them itself."""

    def forward(self, x: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        theta = torch.cat([positions.float()[:, None] * frequencies(D)] * 2, dim=-1)
        return x * theta.cos() + rotate_half(x) * theta.sin()


class Mirrored(torch.nn.Module):
    """Turns the other way."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        theta = torch.cat([angles(x, frequencies(D))] * 2, dim=-1)
        return x * theta.cos() - rotate_half(x) * theta.sin()


def test_other_positions_are_written_out() -> None:
    positions = torch.tensor([3, 1, 4, 1, 5])
    code = torch2mlx.generate(Given(), (torch.randn(2, 3, 5, D), positions))
    assert "rope" not in code.source
    assert_equal(Given(), code, 4, positions[:4])


def test_the_other_direction_is_written_out() -> None:
    code = torch2mlx.generate(Mirrored(), (torch.randn(2, 3, 5, D),))
    assert "rope" not in code.source
    assert_equal(Mirrored(), code, 9)
