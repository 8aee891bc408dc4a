"""Differences that are no faults pass and say why; faults beside them do not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

import torch2mlx
from torch2mlx import VerificationError, judgement


class Wild(nn.Module):
    """Angles so large that float32 tells the sine to three places."""

    def __init__(self, factor: float = 1e3, width: int = 64) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.a, self.b, self.factor = nn.Linear(64, 4096), nn.Linear(4096, width), factor

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sin(self.b(self.a(x).tanh()) * self.factor)


class Ties(nn.Module):
    """Of two equal scores, added up in two orders, the larger one is taken; what it stands for is not equal."""

    def __init__(self, pick: Callable[[torch.Tensor], torch.Tensor], scale: float = 1.0) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.weight, self.pick, self.scale = nn.Parameter(torch.randn(4096)), pick, scale

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        turned = x.roll(1, -1) @ self.weight.roll(1)
        scores = torch.stack([x @ self.weight, turned, (x.flip(-1) * self.weight.flip(-1)).sum(-1)], -1)
        values = torch.stack([x[:, 0], 7 * x[:, 1], x[:, 2] - 5], -1)
        return values.gather(-1, self.pick(scores)) * self.scale


PICKS: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "topk": lambda scores: scores.topk(2, -1).indices,
    "topk, smallest": lambda scores: scores.topk(1, -1, largest=False).indices,
    "sort": lambda scores: scores.sort(-1).indices,
    "stable sort": lambda scores: torch.sort(scores, dim=-1, descending=True, stable=True).indices,
    "argsort": lambda scores: scores.argsort(-1, descending=True),
    "argmax": lambda scores: scores.argmax(-1, keepdim=True),
    "argmin": lambda scores: scores.argmin(-1)[:, None],
    "max": lambda scores: scores.max(-1, keepdim=True).indices,
    "min": lambda scores: scores.min(-1).indices[:, None],
}


def example(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("seed", range(12))
def test_a_lucky_rounding_of_pytorch_is_no_measure(seed: int) -> None:
    """Of two numbers PyTorch's may be right by chance; of inputs next to them they are as far off as MLX's."""
    x = torch.randn(1, 64, generator=torch.Generator().manual_seed(seed))
    torch2mlx.generate(Wild(4e3, 2), (x,), dynamic_shapes=None)


def changed(old: str, new: str) -> Callable[[Any], Any]:
    def process(code: Any) -> Any:
        assert old in code.source, code.source
        code.source = code.source.replace(old, new)
        return code

    return process


def test_as_near_to_float64_as_pytorch_is() -> None:
    check = torch2mlx.verify(Wild(), (example(8, 64),))
    assert check.passed
    assert check.max_rel_diff > check.tolerance
    (distance,) = check.float64
    assert distance.passed
    assert distance.mlx <= 2 * distance.torch
    assert "as near to float64" in str(check)
    assert check.explanation in json.dumps(dataclasses.asdict(check))
    assert torch2mlx.generate(Wild(), (example(8, 64),)).verified


def test_a_tolerance_that_was_asked_for_is_kept() -> None:
    check = torch2mlx.verify(Wild(), (example(8, 64),), tol=1e-4)
    assert not check.passed
    assert "as near to float64" in check.explanation


# A wrong factor, a wrong bias and a function that is almost the right one, each within reach of PyTorch's own rounding
# or beyond it.
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("1000.0)", "1000.1)"),
        ("self.b(", "1.000003 * self.b("),
        ("mx.sin(", "0.998 * mx.sin("),
        ("mx.sin(", "0.001 + mx.sin("),
        ("mx.sin(", "mx.negative(mx.sin("),
    ],
)
def test_a_wrong_number_beside_wild_ones_fails(old: str, new: str) -> None:
    closing = changed("1000.0)", "1000.0))") if "negative" in new else changed("", "")
    with pytest.raises(VerificationError, match="farther from float64"):
        torch2mlx.generate(Wild(), (example(8, 64),), post_processors=[changed(old, new), closing])


def test_where_pytorch_s_numbers_are_chance_nothing_is_proved() -> None:
    check = torch2mlx.verify(Wild(1e7), (example(8, 64),))
    assert check.float64[0].torch > 0.1
    assert not check.passed


@pytest.mark.parametrize("pick", PICKS)
def test_ties(pick: str) -> None:
    model, x = Ties(PICKS[pick]), example(256, 4096)
    check = torch2mlx.verify(model, (x,))
    assert check.max_rel_diff > 0.1, "no tie was broken otherwise"
    assert check.passed
    assert check.choices
    assert all(choice.gap < 1e-4 for choice in check.choices)
    assert "tie with PyTorch's" in str(check)
    wrong = changed("return ", "return 1.001 * ")
    with pytest.raises(VerificationError):
        torch2mlx.generate(model, (x,), post_processors=[wrong])


def test_ties_whose_numbers_are_wild_too() -> None:
    class Both(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.ties, self.wild = Ties(PICKS["topk"]), Wild()

        def forward(self, x: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return self.ties(x), self.wild(y)

    check = torch2mlx.verify(Both(), (example(256, 4096), example(8, 64)))
    assert check.passed, str(check)
    assert "picks" in check.explanation
    assert "float64" in check.explanation


@pytest.mark.parametrize("op", ["topk", "argmax"])
def test_picks_that_are_not_the_best_prove_nothing(op: str) -> None:
    scores = torch.tensor([[1.0, 1.0 + 1e-6, 0.5]])
    target, args = (torch.ops.aten.topk.default, (1,)) if op == "topk" else (torch.ops.aten.argmax.default, (-1, True))
    result = target(scores, *args)
    for ours, good in ((torch.tensor([[1.0 + 1e-6, 1.0, 0.5]]), True), (scores, False), (scores + 0.1, False)):
        pick = judgement._Pick(ours, torch.tensor([[0]]))
        choices: list[judgement.Choice] = []
        settle = judgement._settler(target, "op", pick, 1e-4, choices)
        if good:
            settled = settle(result, scores, *args)
            assert (settled[1] if op == "topk" else settled).tolist() == [[0]]
            assert [choice.picked for choice in choices] == [1]
        else:
            with pytest.raises(judgement._NoTieError):
                settle(result, scores, *args)


def test_files_of_exported_programs(tmp_path: Path) -> None:
    for model, x in ((Wild(), example(8, 64)), (Ties(PICKS["topk"]), example(256, 4096))):
        path = tmp_path / "in.pt2"
        torch.export.save(torch.export.export(model, (x,)), path)
        check = torch2mlx.verify(path, (x,), trust_code=True)
        assert check.passed, str(check)
        assert check.explanation


@pytest.mark.parametrize(("dtype", "factor"), [(torch.float16, 64.0), (torch.bfloat16, 8.0)])
def test_half_precision(dtype: torch.dtype, factor: float) -> None:
    model, x = Wild(factor).to(dtype), example(8, 64).to(dtype)
    check = torch2mlx.verify(model, (x,))
    assert check.passed, str(check)
    assert bool(check.explanation) == (check.max_rel_diff > check.tolerance) == (dtype == torch.float16)
    wrong = changed("mx.sin(", "0.8 * mx.sin(")
    with pytest.raises(VerificationError):
        torch2mlx.generate(model, (x,), post_processors=[wrong])


def test_a_type_that_the_model_rounds_to_is_kept() -> None:
    """A cast to half in a model of floats is no rounding of ours: leaving it out is a wrong number."""

    class Rounds(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.l = nn.Linear(8, 8)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.l(x).bfloat16().float() * 2

    wrong = changed(".astype(mx.bfloat16)", "")
    with pytest.raises(VerificationError):
        torch2mlx.generate(Rounds(), (example(4, 8),), post_processors=[wrong])
