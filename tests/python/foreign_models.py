"""Modules that write in place, as torch.export.save keeps them: what each does, its inputs, and what is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

Forward = Callable[..., Any]


class Calls(nn.Module):
    """A module whose forward is a function of it and the inputs; `buffers` are its state, `_names` not persistent."""

    def __init__(self, forward: Forward, **buffers: Tensor) -> None:
        super().__init__()
        self.body = forward
        for name, value in buffers.items():
            self.register_buffer(name, value.clone(), persistent=not name.startswith("_"))

    def forward(self, *inputs: Tensor) -> Any:
        return self.body(self, *inputs)


@dataclasses.dataclass(frozen=True)
class Foreign:
    """`sizes` of the inputs; `dynamic`: first axes are symbols. `refused`: what the error says."""

    forward: Forward
    sizes: tuple[tuple[int, ...], ...] = ((4, 6),)
    buffers: dict[str, Tensor] = dataclasses.field(default_factory=dict)
    dynamic: bool = False
    refused: str = ""

    def build(self) -> nn.Module:
        return Calls(self.forward, **self.buffers).eval()

    def inputs(self, seed: int, batch: int | None = None) -> tuple[Tensor, ...]:
        generator = torch.Generator().manual_seed(seed)
        sizes = [(batch, *size[1:]) if batch and size else size for size in self.sizes]
        return tuple(torch.randn(size, generator=generator) for size in sizes)


FOREIGN: dict[str, Foreign] = {}


def foreign(
    *sizes: tuple[int, ...], dynamic: bool = False, refused: str = "", **buffers: Tensor
) -> Callable[[Forward], Forward]:
    def add(forward: Forward) -> Forward:
        name = forward.__name__
        FOREIGN[name] = Foreign(forward, sizes or ((4, 6),), buffers, dynamic, refused)
        return forward

    return add


@foreign()
def chain(m: nn.Module, x: Tensor) -> Tensor:
    return x.sin().add_(1).mul_(2).relu_().sub_(x).clamp_(-1, 1)


@foreign()
def slices(m: nn.Module, x: Tensor) -> Any:
    x = x.clone()
    head, tail = x[:, :2], x[:, -3:]
    head.mul_(2)
    tail[1:] += head[1:, :1]
    x[::2, 1] = 0
    x[0] = x[1]
    return x, head, tail


@foreign((5, 4, 6))
def views_of_views(m: nn.Module, x: Tensor) -> Any:
    x = x.clone()
    v = x.transpose(0, 2)[1:4].unsqueeze(0)[..., 2, :]
    v.copy_(v.flip(-1) * 3)
    w = x.permute(2, 0, 1)[-1].view(20)[3:17]
    w += 5
    return x, v, w


@foreign()
def transposed(m: nn.Module, x: Tensor) -> Any:
    x = x.cos()
    x.t()[2].fill_(7)
    x.T[0:2].zero_()
    x.mT[3, 1] = -1
    x.swapaxes(0, 1)[4].neg_()
    x.movedim(0, 1)[5].exp_()
    return x


@foreign((5, 5), (3, 4, 5))
def diagonals(m: nn.Module, x: Tensor, y: Tensor) -> Any:
    x, y = x.clone(), y.clone()
    x.diagonal().fill_(1)
    x.diagonal(1).mul_(2)
    y.diagonal(-1, 0, 2).add_(3)
    torch.diagonal(y, 0, 1, 2).copy_(torch.zeros(4))
    return x, y


@foreign((4, 6))
def pieces(m: nn.Module, x: Tensor) -> Any:
    x = x.clone()
    a, b, c = x.split(2, -1)
    a.add_(b)
    d, e = x.chunk(2, 0)
    e.copy_(d)
    rows = x.unbind(0)
    rows[1].mul_(rows[2])
    left, right = x.split([1, 5], dim=1)
    right[:, 0] = left[:, 0]
    first, *_ = x.tensor_split(4, dim=1)
    first.sub_(1)
    return x, a, c, e, rows[0], right


@foreign((4, 6))
def reshapes(m: nn.Module, x: Tensor) -> Any:
    x = x.clone()
    x.view(2, 12)[0, :3] = 1
    x.reshape(-1)[5:9] *= 2
    x.flatten()[0] = 9
    x.unflatten(1, (2, 3))[:, 1, 0] = 4
    turned = x.t().reshape(-1)  # a copy
    turned.add_(1)
    same = x.contiguous()
    same[3] = 0
    other = x.t().contiguous()  # a copy
    other[0] = 5
    return x, turned, other


@foreign((1, 4, 1, 3))
def squeezed(m: nn.Module, x: Tensor) -> Any:
    x = x.clone()
    x.squeeze()[1] = 2
    x.squeeze(0)[0].add_(1)
    x.squeeze((0, 2))[:, 2] -= 1
    x.unsqueeze(-1)[:, 3].mul_(3)
    y = x.sin()
    y.squeeze_(0).unsqueeze_(-1)
    y.add_(1)
    return x, y


@foreign()
def conversions(m: nn.Module, x: Tensor) -> Any:
    a = x.sin()
    a.to(torch.float32).add_(1)  # the tensor itself
    b = a.to(torch.float16)  # a copy
    b.add_(1)
    a.detach().mul_(2)
    c = a.type_as(x)
    c.sub_(0.5)
    functional.dropout(a, 0.3, False).add_(1)
    d = a.double()
    d += 1
    return a, b, d


@foreign((4, 6), (4, 6))
def promotion(m: nn.Module, x: Tensor, y: Tensor) -> Any:
    a = x.half()
    a.add_(y)
    b = (x * 10).to(torch.int64)
    b.mul_(3).add_(True)
    c = x.clone()
    c.gt_(0)
    d = x.bfloat16()
    d[1:].sub_(y[1:], alpha=2)
    e = x > 0
    e[0] = y[0] > 0
    e.logical_not_()
    f = x.clone()
    f[:2] = torch.arange(6)
    f.div_(3)
    return a, b, c, d, e, f


@foreign((4, 6), (6,))
def outputs(m: nn.Module, x: Tensor, y: Tensor) -> Any:
    a = torch.empty_like(x)
    torch.add(x, y, alpha=2, out=a)
    b = torch.zeros(2, 4, 6)
    torch.mul(x, x, out=b[1])
    torch.sin(x, out=x.new_zeros(4, 6))
    values, indices = torch.zeros(4), torch.zeros(4, dtype=torch.int64)
    torch.max(x, 1, out=(values, indices))
    return a, b, values, indices


@foreign((4, 6), (2, 3))
def masks(m: nn.Module, x: Tensor, y: Tensor) -> Any:
    a = x.clone()
    a.masked_fill_(a > 0, -1)
    a[1:, :3].masked_fill_(x[1:, :3] < 0, 2)
    a.tril_()
    a[:, 1:].triu_(1)
    return a


@foreign((4, 6))
def loop(m: nn.Module, x: Tensor) -> Tensor:
    out = torch.zeros(4, 6)
    for i in range(4):
        out[i] = x[i] + (out[i - 1] if i else 0)
    return out


@foreign((4, 6))
def list_of_rows(m: nn.Module, x: Tensor) -> Tensor:
    grid = torch.zeros(3, 4, 6)
    for i, row in enumerate(grid):
        row[1:3] = x[1:3] * i
        row[..., 0] += 1
    return grid.sum(0)


@foreign((4, 6), dynamic=True)
def symbols(m: nn.Module, x: Tensor) -> Any:
    x = x.clone()
    n = x.shape[0]
    x[1:n] *= 2
    x[: n - 1, 0] = 3
    x[2:].add_(1)
    x[-1] = 0
    x.view(n * 6)[:n] -= 1
    x.narrow(0, 1, n - 1).neg_()
    return x, x.reshape(-1)


@foreign((4, 6))
def no_gradients(m: nn.Module, x: Tensor) -> Any:
    a = x.sin()
    with torch.no_grad():
        a[0] = 1
        b = a.mul_(2)
    with torch.enable_grad():
        c = b + a
    with torch.autocast("cpu", enabled=False):
        d = c @ c.t()
    a.add_(1)
    return a, b, c, d


@foreign((4, 6))
def checkpoints(m: nn.Module, x: Tensor) -> Any:
    from torch.utils.checkpoint import checkpoint

    return checkpoint(lambda a: a.sin().add_(1), x.clone(), use_reentrant=False)


@foreign((4, 6), (4, 6))
def condition(m: nn.Module, x: Tensor, y: Tensor) -> Any:
    def yes(a: Tensor, b: Tensor) -> Any:
        c = a + b
        c[0].add_(1)
        return c, a.log()  # nan where the other branch is taken

    def no(a: Tensor, b: Tensor) -> Any:
        return a - b, b * 2

    p, q = torch.cond(x.sum() > 0, yes, no, (x, y))
    p.mul_(2)
    return p, q


@foreign((5, 3), (3,))
def scanned(m: nn.Module, x: Tensor, y: Tensor) -> Any:
    from torch._higher_order_ops.scan import scan

    def step(carry: Tensor, item: Tensor) -> Any:
        new = carry * 0.5
        new.add_(item)
        return new, new.sin() * y

    return scan(step, y.clone(), x)


@foreign((), steps=torch.tensor(3), _hidden=torch.full((3,), 0.5))
def counters(m: nn.Module, x: Tensor) -> Any:
    m.steps += 1
    m._hidden.mul_(0.5).add_(x)
    return x * m.steps, m._hidden.sum()


@foreign((1, 2, 3), cache=torch.zeros(1, 4, 3), at=torch.tensor(0))
def shifted_cache(m: nn.Module, x: Tensor) -> Any:
    m.cache[:, :-2] = m.cache[:, 2:].clone()
    m.cache[:, -2:].copy_(x)
    m.at.add_(2)
    return m.cache.mean(1) + m.at


@foreign((3,), a=torch.ones(3), b=torch.zeros(3))
def swapped_state(m: nn.Module, x: Tensor) -> Any:
    old = m.a.clone()
    m.a.copy_(m.b)
    m.b.copy_(old + x)
    return old, m.a + x


@foreign((3,), state=torch.ones(3))
def returned_state(m: nn.Module, x: Tensor) -> Any:
    before = m.state.clone()
    m.state.copy_(x)
    return before, m.state


@foreign((3,), _state=torch.ones(3))
def overwritten_state(m: nn.Module, x: Tensor) -> Any:
    m._state.copy_(x * 2)
    return x + 1


@foreign((4, 6), (6,))
def written_inputs(m: nn.Module, x: Tensor, y: Tensor) -> Any:
    before = x.clone()
    x[:, 1:3].mul_(2)
    y += 1
    return before, x + y


@foreign((4, 6), (4, 6))
def written_input_returned(m: nn.Module, x: Tensor, y: Tensor) -> Any:
    return x.add_(y), y.t()


@foreign((3,), refused="aten.expand.default")
def expanded(m: nn.Module, x: Tensor) -> Any:
    y = x.sin().unsqueeze(1).expand(3, 1).expand(3, 4)
    z = y[:, 0]
    z.add_(1)
    return y


@foreign((6,), refused="aten.as_strided.default")
def strided(m: nn.Module, x: Tensor) -> Any:
    y = x.sin()
    y.as_strided((2, 2), (3, 1)).add_(1)
    return y


@foreign((6,), refused="aten.unfold.default")
def unfolded(m: nn.Module, x: Tensor) -> Any:
    y = x.sin()
    y.unfold(0, 2, 2).mul_(2)
    return y


@foreign((6,), refused="while_loop")
def looping(m: nn.Module, x: Tensor) -> Any:
    return torch.while_loop(lambda i, a: i < 5, lambda i, a: (i + 1, a * 2), (torch.tensor(0), x))


@foreign((6, 6), refused="autocast")
def autocast(m: nn.Module, x: Tensor) -> Any:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return x @ x


@foreign((6,), refused="aten.poisson")
def random(m: nn.Module, x: Tensor) -> Any:
    return x + torch.poisson(x.abs())


class Recurrent(nn.Module):
    """State across calls in a submodule, one of them shared and called twice."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.Linear(6, 3)
        self.memory = Memory()

    def forward(self, x: Tensor) -> Tensor:
        return self.memory(self.cell(x)) + self.memory(x[:, :3])


class Memory(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kept", torch.zeros(3))

    def forward(self, x: Tensor) -> Tensor:
        self.kept.mul_(0.9).add_(x.mean(0))
        return x * self.kept
