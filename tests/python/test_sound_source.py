"""Source that is handed out compiles and makes an instance with the parameters that `convert` writes."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

import torch2mlx
from test_names import run
from torch2mlx import _native


class Spoilt:
    """The library's source, changed."""

    def __init__(self, source: Any, text: str) -> None:
        self._source, self.text = source, text

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)


SPOILS = {
    "syntax": ("def __call__(self, x):", "def __call__(self, x, self.a.b):", "SyntaxError"),
    "name": ("nn.Linear(4, 4)", "_Net__Linear(4, 4)", "_Net__Linear"),
    "late_name": ("return ", "return undefined_there + ", "name 'undefined_there' is not defined"),
    "division": ("nn.Linear(4, 4)", "nn.Linear(0, 4)", "ZeroDivisionError"),
    "missing": ("self.fc = nn.Linear(4, 4)", "self.fc = nn.Linear(4, 4, bias=False)", "fc.bias"),
    "shape": ("nn.Linear(4, 4)", "nn.Linear(4, 5)", "fc.weight"),
    "hidden": ("self.fc", "self._fc", "fc.weight"),
}


@pytest.mark.parametrize("verify", [False, True])
@pytest.mark.parametrize("kind", list(SPOILS))
def test_a_fault_of_ours_says_so(kind: str, verify: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(4, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.fc(x)

    old, new, said = SPOILS[kind]
    graph = _native.graph().Graph
    source = graph.source

    def spoilt(self: Any, *args: Any) -> Any:
        made = source(self, *args)
        assert old in made.text
        return Spoilt(made, made.text.replace(old, new))

    monkeypatch.setattr(graph, "source", spoilt)
    with pytest.raises(torch2mlx.InternalError, match=said) as raised:
        torch2mlx.generate(Net().eval(), (torch.randn(2, 4),), verify=verify)
    assert new in raised.value.source
    assert "report" in raised.value.hint
    assert isinstance(raised.value, torch2mlx.Torch2MLXError)


def test_what_fails_while_it_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = _native.graph().Graph
    source = graph.source

    def spoilt(self: Any, *args: Any) -> Any:
        made = source(self, *args)
        return Spoilt(made, made.text.replace("return ", "return 1.0 / 0.0 * "))

    monkeypatch.setattr(graph, "source", spoilt)
    with pytest.raises(torch2mlx.InternalError, match="float division by zero"):
        torch2mlx.generate(nn.Linear(4, 4).eval(), (torch.randn(2, 4),))


def test_layers_of_no_elements(tmp_path: Path) -> None:
    """mlx.nn divides by sizes where it makes its first numbers."""

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.empty, self.full = nn.Linear(0, 4), nn.Linear(4, 4)
            self.narrow, self.wide = nn.Linear(4, 0), nn.Linear(0, 4, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.full(x) + self.empty(x[..., :0]) + self.wide(self.narrow(x))

    run(Net().eval(), torch.randn(2, 4), tmp_path)


def test_an_attribute_called_parametrizations(tmp_path: Path) -> None:
    class Net(nn.Module):
        def __init__(self, held: Any) -> None:
            super().__init__()
            self.parametrizations = held
            self.fc = nn.Linear(4, 4)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.fc(x)

    for held in (["a", "b"], {"weight": 1}, 7, None, nn.ModuleList([nn.Linear(4, 4)]), nn.ModuleDict({"a": nn.ReLU()})):
        run(Net(held).eval(), torch.randn(2, 4), tmp_path)


def test_a_parametrization_of_ones_own(tmp_path: Path) -> None:
    class Symmetric(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.triu() + x.triu(1).mT

    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self._scale = nn.Parameter(torch.randn(4))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * self._scale

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self._fc = nn.Linear(4, 4)
            parametrize.register_parametrization(self._fc, "weight", Symmetric())
            parametrize.register_parametrization(self._fc, "weight", Scaled())
            self.norm = torch.nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self._fc(x)

    code = torch2mlx.generate(Net().eval(), (torch.randn(2, 4),))
    assert code.verified
    assert "fc_.parametrizations.weight.original" in code.keys


def test_names_that_python_mangles(tmp_path: Path) -> None:
    """In a class, what begins with two underscores is another name."""

    class Part(nn.Module):
        def __init__(self, size: int) -> None:
            super().__init__()
            self.fc, self.out = nn.Linear(4, size), nn.Linear(size, 4)
            self.register_buffer("__mask", torch.randn(4), persistent=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.out(self.fc(x).relu()) * self._buffers["__mask"]

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.__parts = nn.ModuleList([Part(4), Part(8)])
            self.register_buffer("__table", torch.randn(3, 4), persistent=False)
            self.register_buffer("__Table", torch.randn(3, 4), persistent=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for __part in self.__parts:
                x = __part(x)
            return x + self._buffers["__table"].sum(0) - self._buffers["__Table"].prod(0)

    Part.__name__ = Part.__qualname__ = "__1Conv"
    Net.__name__ = Net.__qualname__ = "__Net"
    run(Net().eval(), torch.randn(2, 4), tmp_path)


def test_results_of_a_class_that_python_mangles() -> None:
    made = namedtuple("__Result", ["first", "second"])

    class Net(nn.Module):
        def forward(self, x: torch.Tensor) -> Any:
            return made(x + 1, x * 2)

    try:
        code = torch2mlx.generate(Net().eval(), (torch.randn(2, 4),))
    except torch2mlx.InternalError:
        raise
    except torch2mlx.Torch2MLXError:
        return  # structures that torch cannot serialize are refused
    assert code.verified


def test_titles_do_not_end_docstrings(tmp_path: Path) -> None:
    plain, path = tmp_path / "a.pt2", tmp_path / 'a"""b\\.pt2'
    torch.export.save(torch.export.export(nn.Linear(4, 4).eval(), (torch.randn(2, 4),)), plain)
    plain.rename(path)
    assert torch2mlx.generate(path, verify=False).class_name
