"""Code of one trace at other sizes and batches: PyTorch's numbers, or a refusal by name."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import pytest
import torch
from torch import nn

import torch2mlx
from models import LIMIT, distance
from torch2mlx import noted


def at_others(model: nn.Module, traced: tuple[int, ...], others: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Those of `others` that the code takes, with the right numbers; it refuses the rest by name."""
    code = torch2mlx.generate(model.eval(), (torch.randn(traced),))
    taken, ours = [], code.load()
    for shape in others:
        x = torch.randn(shape)
        if (given := given_by(ours, x)) is None:
            continue
        assert distance(model(x), given) <= LIMIT, shape
        taken.append(shape)
    return taken


def given_by(ours: Any, x: torch.Tensor) -> Any:
    """None where the code refuses by name."""
    try:
        return ours(mx.array(x.numpy()))
    except ValueError as error:
        if not str(error).startswith("this model was traced with"):
            raise
    return None


class Branches(nn.Module):
    """As HRNet: maps of several sizes, each made of all others. Sums need sides of whole blocks."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.down = nn.ModuleList(nn.Conv2d(channels, channels, 3, 2, 1) for _ in range(9))
        self.up = nn.Upsample(scale_factor=2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        half = self.down[1](self.down[0](x))
        quarter = self.down[2](half)
        eighth = self.down[3](quarter)
        half, quarter, eighth = (
            half + self.up(quarter) + self.up(self.up(eighth)),
            self.down[4](half) + quarter + self.up(eighth),
            self.down[6](self.down[5](half)) + self.down[7](quarter) + eighth,
        )
        return half + self.up(quarter) + self.up(self.up(eighth)) + self.up(self.up(self.up(self.down[8](eighth))))


@pytest.mark.parametrize("channels", [2, 4, 8, 16])
def test_sizes_alike_in_the_example_stay_apart(channels: int) -> None:
    """A condition that holds at sizes far from each other, not around the example's; other axes are as long."""
    others = [(2, channels, *sides) for sides in ((64, 64), (96, 64), (128, 192), (63, 96))]
    assert at_others(Branches(channels), others[0], others) == others


class Mirrored(nn.Module):
    """Borders that need more than nine rows, of sides made whole before."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.ModuleList(nn.Conv2d(3, 3, 3, 2, 1) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h, w = ((4 - n % 4) % 4 for n in x.shape[2:])
        x = nn.functional.pad(x, (0, w, 0, h), "reflect")
        for layer in self.down:
            x = layer(x)
        return nn.functional.pad(x, (9, 9, 9, 9), "reflect") * 2


def test_borders_are_learnt_where_the_model_has_them() -> None:
    others = [(2, 3, 64, 64), (1, 3, 49, 70), (3, 3, 41, 101)]
    assert at_others(Mirrored(), (2, 3, 64, 64), others) == others


class Joined(nn.Module):
    """As FLUX: positions of two inputs against what two others make."""

    def forward(self, x: torch.Tensor, text: torch.Tensor, ids: torch.Tensor, text_ids: torch.Tensor) -> torch.Tensor:
        return torch.cat([text, x], 1) * torch.cat([text_ids, ids])[None, :, None]


def test_sums_of_sizes_that_are_one() -> None:
    def call(batch: int, length: int, text: int) -> tuple[torch.Tensor, ...]:
        return torch.randn(batch, length, 4), torch.randn(batch, text, 4), torch.randn(length), torch.randn(text)

    code = torch2mlx.generate(Joined(), call(2, 16, 7))
    given = call(3, 9, 5)
    assert distance(Joined()(*given), code.load()(*(mx.array(x.numpy()) for x in given))) <= LIMIT


class Anchors(nn.Module):
    """As detectors: keeps places of the last map until its shape changes."""

    shape: Any = None
    places = torch.empty(0)

    def __init__(self, *, of_batch: bool) -> None:
        super().__init__()
        self.conv, self.of_batch = nn.Conv2d(3, 4, 3, 2, 1), of_batch

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.conv(x)
        shape = y.shape if self.of_batch else y.shape[2:]
        if self.shape != shape:
            self.places, self.shape = torch.arange(y.shape[2] * y.shape[3]) + 0.5, shape
        return y.flatten(2) * self.places


@pytest.mark.parametrize("of_batch", [True, False])
@pytest.mark.parametrize("called", [True, False])
def test_what_a_model_notes_of_its_last_call(of_batch: bool, called: bool) -> None:
    model = Anchors(of_batch=of_batch).eval()
    if called:
        model(torch.randn(2, 3, 16, 16))
    others = [(2, 3, 16, 16), (2, 3, 24, 16), (3, 3, 10, 40)]
    assert at_others(model, (2, 3, 16, 16), others) == others


def test_notes_stay_the_users() -> None:
    model = Anchors(of_batch=True).eval()
    model(torch.randn(2, 3, 8, 8))
    places = model.places
    torch2mlx.generate(model, (torch.randn(2, 3, 16, 16),), verify=False)
    assert model.shape == (2, 4, 4, 4)
    assert model.places is places


class Rescaled(nn.Module):
    """As RWKV: divides its own weights in its first call."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.linear, self.how, self.done = nn.Linear(4, 4), how, False

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.done:
            weight = self.linear.weight
            with torch.no_grad():
                if self.how == "in place":
                    weight.div_(2)
                elif self.how == "by data":
                    weight.data[1:].mul_(0.5)
                elif self.how == "out":
                    torch.add(weight.view(-1), 1, out=weight.view(-1))
                else:
                    weight.data = weight.data / 2
            self.done = True
        return self.linear(x)


@pytest.mark.parametrize("reads", [False, True])
@pytest.mark.parametrize("how", ["in place", "by data", "out", "replaced"])
def test_models_that_write_to_their_parameters_keep_them(how: str, reads: bool) -> None:
    class Model(Rescaled):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = super().forward(x)
            return y if not reads or y.shape[0] > int(x.abs().max()) - 100 else -y

    model = Model(how).eval()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with pytest.raises(torch2mlx.UnsupportedError):
        torch2mlx.generate(model, (torch.randn(2, 4),))
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert not model.done
    model(torch.randn(2, 4))
    assert at_others(model, (2, 4), [(3, 4)]) == [(3, 4)]


class Sparse(nn.Module):
    """Notes down, and makes and writes tensors that have no memory of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.linear, self.calls = nn.Linear(4, 4), 0
        self.held = nn.Parameter(torch.eye(4).to_sparse(), requires_grad=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        self.calls = x.shape[0]
        if not torch.compiler.is_exporting():
            torch.eye(4).to_sparse().mul_(2.0)
        return self.linear(x)


def test_models_with_sparse_tensors_run_while_they_are_guarded() -> None:
    model = Sparse().eval()
    with noted.untouched(model):
        model(torch.randn(2, 4))
    assert model.calls == 0


class Every(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x[:, ::8]
        return y * torch.arange(y.shape[1])


def test_sizes_that_mlx_would_refuse_are_refused_by_name() -> None:
    """Around the traced size the code would be right, elsewhere MLX would complain of shapes."""
    ours = torch2mlx.generate(Every(), (torch.randn(2, 64),), dynamic_shapes=None).load()
    for length in (64, 61, 57, 65, 128):
        x = torch.randn(3, length)
        given = given_by(ours, x)
        assert given is None or distance(Every()(x), given) <= LIMIT, length


class Behind(nn.Module):
    """An axis that is shorter than another by a number."""

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        x = x[:, 20:] + y
        return x.contiguous() if x.shape[1] < 30 else x.clone()


def test_sizes_made_of_others_are_none_below_zero() -> None:
    call = torch.randn(2, 24), torch.randn(2, 4)
    code = torch2mlx.generate(Behind(), call)
    given = torch.randn(3, 29), torch.randn(3, 9)
    assert distance(Behind()(*given), code.load()(*(mx.array(x.numpy()) for x in given))) <= LIMIT


@pytest.mark.parametrize("mask", [None, (2, 1, 3, 5, 7), (5, 7), (3, 5, 7)])
def test_attention_over_many_axes(mask: tuple[int, ...] | None) -> None:
    class Attention(nn.Module):
        def forward(self, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
            return nn.functional.scaled_dot_product_attention(q, k, v, bias)

    bias = None if mask is None else torch.randn(mask)
    call = torch.randn(2, 4, 3, 5, 8), torch.randn(2, 1, 3, 7, 8), torch.randn(2, 4, 3, 7, 8)
    code = torch2mlx.generate(Attention(), call)
    assert distance(Attention()(*call), code.load()(*(mx.array(x.numpy()) for x in call))) <= LIMIT
