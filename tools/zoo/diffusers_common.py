"""What the rows of diffusers share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Floats, Net, Size, floats, ints

TIME = ints(1000, "B")
SIDES = {"S": (16, 24)}
HEADS = {"num_attention_heads": 2, "attention_head_dim": 16}


def latents(channels: int, *leading: Size) -> Floats:
    return floats("B", channels, *leading, "S", "S")


def text(width: int = 32, length: int = 7) -> Floats:
    return floats("B", length, width)


def net(name: str, cls: str, config: dict[str, Any], args: tuple[Any, ...], sizes: Any = SIDES, **kwargs: Any) -> Net:
    return Net(name, maker(cls, config), args, sizes, kwargs)


def maker(cls: str, config: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import diffusers

        return getattr(diffusers, cls)(**config)

    return make
