"""One class of PyTorch that does different things in different places: what its generated classes are called."""

from __future__ import annotations

import re

import torch
from torch import nn

import torch2mlx


class NetBlock(nn.Module):
    def __init__(self, gated: bool = False, act: bool = False) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.gate = nn.Linear(4, 4) if gated else None
        self.act = act

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.linear(x)
        y = torch.relu(y) if self.act else y
        return y if self.gate is None else y * torch.sigmoid(self.gate(x))


class NetStack(nn.Module):
    def __init__(self, *blocks: NetBlock) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(blocks)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for block in self.blocks:
            x = block(x)
        return x


class NetModel(nn.Module):
    def __init__(self, **parts: nn.Module) -> None:
        super().__init__()
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for part in self.children():
            x = part(x)
        return x


def names(model: nn.Module) -> list[str]:
    source = torch2mlx.generate(model.eval(), (torch.randn(2, 4),)).source
    return re.findall(r"^class (\w+)", source, re.MULTILINE)


def test_by_the_attribute_that_holds_it() -> None:
    model = NetModel(self_attn=NetBlock(), cross=NetBlock(act=True))
    assert names(model) == ["NetSelfAttnBlock", "NetCrossBlock", "NetModel"]


def test_by_what_it_is_part_of() -> None:
    model = NetModel(encoder=NetStack(NetBlock(), NetBlock()), decoder=NetStack(NetBlock(act=True), NetBlock(act=True)))
    assert names(model) == ["NetEncoderBlock", "NetEncoderStack", "NetDecoderBlock", "NetDecoderStack", "NetModel"]


def test_the_first_of_a_list() -> None:
    model = NetModel(stack=NetStack(NetBlock(act=True), NetBlock(), NetBlock()))
    assert names(model) == ["NetFirstBlock", "NetBlock", "NetStack", "NetModel"]


def test_by_a_child_that_others_lack() -> None:
    model = NetModel(stack=NetStack(NetBlock(), NetBlock(gated=True), NetBlock(), NetBlock(gated=True)))
    assert names(model) == ["NetBlock", "NetBlockWithGate", "NetStack", "NetModel"]


def test_a_number_where_nothing_tells() -> None:
    blocks = [NetBlock(act=bool(i % 2)) for i in range(4)]
    assert names(NetModel(stack=NetStack(*blocks))) == ["NetBlock", "NetBlock2", "NetStack", "NetModel"]


def test_what_both_names_say_is_said_once() -> None:
    class NetAttention(NetBlock):
        pass

    model = NetModel(self_attn=NetAttention(), cross_attention=NetAttention(act=True))
    assert names(model) == ["NetSelfAttention", "NetCrossAttention", "NetModel"]
