"""What a row of the zoo's tables is: a net, the call it is traced with, and the same call at another batch and size."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

Size = int | str  # a number, "B", the batch, or a name of the net's sizes; "2*S" is twice that


@dataclasses.dataclass(frozen=True)
class Floats:
    """Normal random numbers."""

    shape: tuple[Size, ...]
    positive: bool = False  # uniform from 0 to 1


@dataclasses.dataclass(frozen=True)
class Ints:
    """Whole random numbers from 0 to below `below`."""

    below: int
    shape: tuple[Size, ...]


@dataclasses.dataclass(frozen=True)
class Ones:
    """Masks that leave nothing out, and lengths."""

    shape: tuple[Size, ...]
    value: int | bool = 1


@dataclasses.dataclass(frozen=True)
class Net:
    """A net of a package, its call, and {size: (as traced, another)}.

    `make` builds it with random weights. Specs of the call (Floats, Ints, Ones) become tensors, anything else stays.
    """

    name: str
    make: Callable[[], Any]
    args: tuple[Any, ...]
    sizes: Mapping[str, tuple[int, int]] = dataclasses.field(default_factory=dict)
    kwargs: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    batches: tuple[int, int] = (2, 3)


@dataclasses.dataclass(frozen=True)
class Call:
    """Arguments of a model's forward. `kind` says in what they differ from those traced: "", "batch" or "size"."""

    kind: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def floats(*shape: Size) -> Floats:
    return Floats(shape)


def uniform(*shape: Size) -> Floats:
    return Floats(shape, positive=True)


def ints(below: int, *shape: Size) -> Ints:
    return Ints(below, shape)


def ones(*shape: Size, value: int = 1) -> Ones:
    return Ones(shape, value)


def bools(*shape: Size) -> Ones:
    """A mask that leaves everything in."""
    return Ones(shape, False)


def image(name: str, make: Callable[[], Any], traced: int = 64, other: int = 0, channels: int = 3) -> Net:
    """A net that takes square images; `other` is 0 where it takes one size alone."""
    sizes = {"S": (traced, other)} if other else {}
    side: Size = "S" if other else traced
    return Net(name, make, (floats("B", channels, side, side),), sizes)


def calls(net: Net) -> list[Call]:
    """As traced, at another batch, and at other sizes and the traced batch, each with numbers of its own."""
    traced = {"B": net.batches[0], **{name: pair[0] for name, pair in net.sizes.items()}}
    made = [("", traced), ("batch", {**traced, "B": net.batches[1]})]
    if net.sizes:
        made.append(("size", {**traced, **{name: pair[1] for name, pair in net.sizes.items()}}))
    drawn = []
    for seed, (kind, sizes) in enumerate(made):
        draw = Draw(sizes, 100 + seed)
        drawn.append(Call(kind, draw(net.args), draw(dict(net.kwargs))))
    return drawn


class Draw:
    """Turns specs into tensors, one after another of one seed."""

    def __init__(self, sizes: Mapping[str, int], seed: int) -> None:
        import torch

        self.sizes = sizes
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, spec: Any) -> Any:
        import torch

        if isinstance(spec, Floats):
            make = torch.rand if spec.positive else torch.randn
            return make(self.shape(spec.shape), generator=self.generator)
        if isinstance(spec, Ints):
            return torch.randint(0, spec.below, self.shape(spec.shape), generator=self.generator)
        if isinstance(spec, Ones):
            return torch.full(self.shape(spec.shape), spec.value)
        if isinstance(spec, dict):
            return {key: self(value) for key, value in spec.items()}
        if isinstance(spec, list | tuple):
            return type(spec)(self(value) for value in spec)
        return spec

    def shape(self, sizes: tuple[Size, ...]) -> list[int]:
        return [size if isinstance(size, int) else self.number(size) for size in sizes]

    def number(self, text: str) -> int:
        times, _, name = text.rpartition("*")
        return int(times or 1) * self.sizes[name]
