"""Ways of calling a model: arguments through *rest and **rest, structures with fields, batches of one."""

from __future__ import annotations

import dataclasses
from typing import Any, NamedTuple

import mlx.core as mx
import pytest
import torch
from torch import nn

import torch2mlx
from models import LIMIT, distance
from torch2mlx._tensors import map_leaves, to_mlx


class Inner(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, x: torch.Tensor, double: bool = True, *, mask: torch.Tensor | None = None) -> torch.Tensor:
        y = self.linear(x)
        y = y if mask is None else y * mask
        return y * 2 if double else y


class Wrapper(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.inner = Inner()

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.inner(*args, **kwargs)


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclasses.dataclass
class Fields:
    a: Any
    b: Any = None
    c: Any = None


class TakesFields(nn.Module):
    def forward(self, pair: Any) -> torch.Tensor:
        return pair.a + pair.b * 2


class GivesFields(nn.Module):
    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def forward(self, x: torch.Tensor) -> Any:
        return self.kind(x + 1, x * 2)


class Options(nn.Module):
    def forward(self, x: torch.Tensor, options: Any, size: Any = (2, 2)) -> torch.Tensor:
        y = x * 2 if not options else x + options["a"]
        return y.reshape(-1, *size)


def same(model: nn.Module, ours: Any, *args: Any, **kwargs: Any) -> None:
    given, named = map_leaves((args, kwargs), to_mlx)
    assert distance(model(*args, **kwargs), ours(*given, **named)) <= LIMIT


def test_arguments_through_rest_keep_their_sizes_open() -> None:
    model = Wrapper().eval()
    ours = torch2mlx.generate(model, (torch.randn(2, 4),), {"mask": torch.randn(2, 4)}).load()
    same(model, ours, torch.randn(5, 4), mask=torch.randn(5, 4))


@pytest.mark.parametrize("named", [False, True])
def test_flags_through_rest_are_checked(named: bool) -> None:
    model = Wrapper().eval()
    args, kwargs = ((torch.randn(2, 4),), {"double": False}) if named else ((torch.randn(2, 4), False), {})
    ours = torch2mlx.generate(model, args, kwargs).load()
    same(model, ours, torch.randn(5, 4), *args[1:], **kwargs)
    with pytest.raises(TypeError, match=r"this model was traced with .*False"):
        ours(mx.zeros((2, 4)), **({"double": True} if named else {}), **{} if named else {"args_1": True})


def test_forward_is_what_it_was_afterwards() -> None:
    model = Wrapper().eval()
    torch2mlx.generate(model, (torch.randn(2, 4),), {"mask": torch.randn(2, 4)}, verify=False)
    assert "forward" not in vars(model)


def test_arguments_without_tensors_stay_in_the_signature() -> None:
    model = Options()
    ours = torch2mlx.generate(model, (torch.randn(2, 4), {}, (2, 2))).load()
    same(model, ours, torch.randn(6, 4), {}, (2, 2))
    with pytest.raises(TypeError, match="this model was traced with"):
        ours(mx.zeros((2, 4)), {"a": mx.ones(4)}, (2, 2))
    with pytest.raises(TypeError, match="this model was traced with"):
        ours(mx.zeros((2, 4)), {}, (4, 1))


def test_an_argument_that_is_given_as_none_stays_in_the_signature() -> None:
    class Two(nn.Module):
        def forward(self, x: torch.Tensor, mask: Any, y: torch.Tensor) -> torch.Tensor:
            return x + y if mask is None else x * mask + y

    ours = torch2mlx.generate(Two(), (torch.randn(2, 4), None, torch.randn(2, 4))).load()
    same(Two(), ours, torch.randn(3, 4), None, y=torch.randn(3, 4))


@pytest.mark.parametrize("kind", [Pair, Fields])
def test_fields(kind: Any) -> None:
    ours = torch2mlx.generate(TakesFields(), (kind(torch.randn(2, 4), torch.randn(2, 4)),)).load()
    same(TakesFields(), ours, kind(torch.randn(5, 4), torch.randn(5, 4)))
    model = GivesFields(kind)
    code = torch2mlx.generate(model, (torch.randn(2, 4),))
    x = torch.randn(5, 4)
    wanted, given = model(x), code.load()(mx.array(x.numpy()))
    assert distance(wanted.a, given.a) <= LIMIT
    assert distance(wanted.b, given.b) <= LIMIT


class Timed(nn.Module):
    """A batch in several inputs, one of which has a single axis, beside one without."""

    def forward(self, x: torch.Tensor, t: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
        return x * t[:, None] * scale


class Stateful(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, batch_first=True)

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
        return self.gru(x, h)[0]


class Flat(nn.Module):
    """Runs on one example alone."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.view(4) * 2


def test_batches_of_one_in_several_inputs_stay_open() -> None:
    ours = torch2mlx.generate(Timed(), (torch.randn(1, 4), torch.randn(1), torch.randn(4))).load()
    same(Timed(), ours, torch.randn(5, 4), torch.randn(5), torch.randn(4))
    model = Stateful().eval()
    ours = torch2mlx.generate(model, (torch.randn(1, 6, 3), torch.randn(1, 1, 4))).load()
    same(model, ours, torch.randn(5, 7, 3), torch.randn(1, 5, 4))


def test_a_batch_of_one_that_cannot_be_two_is_said() -> None:
    code = torch2mlx.generate(Flat(), (torch.randn(1, 4),))
    assert any("a batch of 2" in str(text) for text in code.assumptions)
    assert code.call_confidence == "needs_review"


@pytest.mark.parametrize("dynamic_shapes", [None, "auto"])
def test_frozen_sizes_are_refused_by_name(dynamic_shapes: Any) -> None:
    class Anchors(nn.Module):
        """Makes them anew where sizes change, as heads of YOLO do; here once and for all."""

        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv1d(3, 2, 3)
            self.anchors: Any = None

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            y = self.conv(x)
            size = len(range(y.shape[2]))
            if self.anchors is None or len(range(self.anchors.shape[0])) != size:
                self.anchors = torch.tensor([float(i) for i in range(size)])
            return y + self.anchors

    model = Anchors().eval()
    ours = torch2mlx.generate(model, (torch.randn(2, 3, 8),), dynamic_shapes=dynamic_shapes).load()
    same(model, ours, torch.randn(2, 3, 8))
    with pytest.raises(ValueError, match="this model was traced with"):
        ours(mx.zeros((2, 3, 9)))
