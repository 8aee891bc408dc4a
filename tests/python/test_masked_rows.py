"""Rows that a boolean mask picks, made anew one by one, and written back: y[mask] = f(x[mask])."""

from __future__ import annotations

from typing import Any

import mlx.core as mx
import pytest
import torch
from torch import nn

import torch2mlx
from models import LIMIT, distance


def call(batch: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.randn(batch, length, 8), torch.rand(batch, length) > 0.4


class Rows(nn.Module):
    """Parameters first, so that nobody takes the width for open."""

    def __init__(self) -> None:
        super().__init__()
        self.inner, self.norm, self.outer = nn.Linear(8, 8), nn.LayerNorm(8), nn.Linear(8, 8)

    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        raise AssertionError

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = self.inner(x)
        y = x.clone()
        y[mask] = self.rows(x[mask])
        return y


class Adapter(Rows):
    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        return self.outer(torch.relu(self.norm(rows))) + rows


class Heads(Rows):
    """Rows as the first of three axes; what is within a row may mix."""

    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        heads = rows.view(-1, 2, 4).transpose(1, 2)
        return ((heads @ heads.transpose(1, 2)).softmax(-1) @ heads).transpose(1, 2).reshape(-1, 8)


class Looked(Rows):
    """Chooses, pads, cuts, joins and selects within rows."""

    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        wide = torch.cat([nn.functional.pad(rows, (1, 0)), rows[:, ::2]], -1).sort(-1).values
        best = rows.argmax(-1, keepdim=True)
        return (
            wide[:, 1:9] * rows.gather(-1, best) + self.outer.weight[best[:, 0]] - rows.mean(-1)[:, None] + rows[:, :1]
        )


class Filled(Rows):
    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        return torch.zeros(rows.shape[0], 8) + rows.masked_fill(rows < 0, 3.0) + rows.new_ones(rows.shape[0], 1)


@pytest.mark.parametrize("kind", [Adapter, Heads, Looked, Filled])
def test_rows_by_themselves_are_computed_for_every_place(kind: type[Rows]) -> None:
    model = kind().eval()
    code = torch2mlx.generate(model, call(2, 5))
    assert code.checks == []
    ours = code.load()
    for sizes in ((2, 5), (3, 7), (1, 4)):
        given = call(*sizes)
        assert distance(model(*given), ours(*(mx.array(x.numpy()) for x in given))) <= LIMIT
    x, _ = call(2, 5)
    for mask in (torch.zeros(2, 5, dtype=torch.bool), torch.ones(2, 5, dtype=torch.bool)):
        assert distance(model(x, mask), ours(mx.array(x.numpy()), mx.array(mask.numpy()))) <= LIMIT


def test_places_that_are_left_out_are_not_looked_up() -> None:
    """Padding is no index; MLX reads whatever lies there."""

    class Embedded(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Embedding(7, 8)

        def forward(self, ids: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
            mask = ids >= 1000
            y = x.clone()
            y[mask] = self.table(ids[mask] - 1000) + x[mask].gather(-1, ids[mask][:, None] - 1000)
            return y

    model = Embedded().eval()
    ours = torch2mlx.generate(model, (torch.randint(1000, 1007, (2, 5)), torch.randn(2, 5, 8))).load()
    ids = torch.tensor([[1001, -(2**30), 900, 1006, 3]])
    x = torch.randn(1, 5, 8)
    assert distance(model(ids, x), ours(mx.array(ids.numpy()), mx.array(x.numpy()))) <= LIMIT


class Accumulated(nn.Module):
    """One mask as two expressions, one as its negation, added to what is there."""

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        y = x.clone()
        y[mask.view(mask.shape)] = x.exp()[mask.view(mask.shape)] * 2
        y[~mask] += x[~mask] - 1
        return y


class Behind(nn.Module):
    """The mask stands for later axes."""

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = x.permute(2, 0, 1)
        y = torch.zeros_like(x)
        y[:, mask] = x[:, mask].sin()
        return y


class Scattered(nn.Module):
    """Two kinds of places, written by `masked_scatter`."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.other = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        y = x.masked_scatter(mask.unsqueeze(-1), self.one(x[mask]))
        return y.masked_scatter(~mask.unsqueeze(-1), self.other(y[~mask]))


@pytest.mark.parametrize("kind", [Accumulated, Behind, Scattered])
def test_masks_are_told_by_what_they_are_made_of(kind: type[nn.Module]) -> None:
    model = kind().eval()
    ours = torch2mlx.generate(model, call(2, 5)).load()
    given = call(3, 7)
    assert distance(model(*given), ours(*(mx.array(x.numpy()) for x in given))) <= LIMIT


class Mean(Rows):
    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        return rows - rows.mean(0)


class Counted(Rows):
    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        return rows * torch.arange(rows.shape[0])[:, None]


class Quotient(Rows):
    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        return rows / rows.shape[0]


class Before(Rows):
    """Each with the one before it."""

    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        return rows + rows.roll(1, 0)


class Between(Rows):
    def rows(self, rows: torch.Tensor) -> torch.Tensor:
        return (rows @ rows.t()).softmax(-1) @ rows


class Elsewhere(Rows):
    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        y = x.clone()
        y[mask.flip(1)] = self.inner(x)[mask]
        return y


class Given(Rows):
    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return self.inner(x)[mask]


@pytest.mark.parametrize("kind", [Mean, Counted, Quotient, Before, Between, Elsewhere, Given])
def test_what_depends_on_several_rows_is_refused_or_checked(kind: type[Rows]) -> None:
    model = kind().eval()
    x, mask = call(2, 5)
    mask[:] = torch.tensor([True, True, False, True, False])
    try:
        ours: Any = torch2mlx.generate(model, (x, mask)).load()
    except torch2mlx.UnsupportedError:
        return
    assert distance(model(x, mask), ours(mx.array(x.numpy()), mx.array(mask.numpy()))) <= LIMIT
    mask[0, 0] = False
    with pytest.raises(ValueError, match="this model was traced with"):
        ours(mx.array(x.numpy()), mx.array(mask.numpy()))
