"""Training goes on in MLX where it stopped in PyTorch: both take the same further steps."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.optimizers
import numpy as np
import pytest
import torch
from mlx.utils import tree_unflatten
from torch import nn

import cli_program
import torch2mlx
from torch2mlx import _core

STEPS = 5
Make = Callable[[list[Any]], torch.optim.Optimizer]


@dataclass(frozen=True)
class Case:
    torch_class: str
    settings: dict[str, Any] = field(default_factory=dict)

    def make(self, parameters: Any) -> torch.optim.Optimizer:
        return getattr(torch.optim, self.torch_class)(parameters, **{"lr": 0.01, **self.settings})


CASES = [
    Case("Adam"),
    Case("Adam", {"betas": (0.8, 0.95), "eps": 1e-6}),
    Case("AdamW", {"weight_decay": 0.1}),
    Case("AdamW", {"weight_decay": 0.0}),
    Case("SGD"),
    Case("SGD", {"momentum": 0.9}),
    Case("SGD", {"momentum": 0.9, "nesterov": True}),
    Case("SGD", {"momentum": 0.9, "dampening": 0.3}),
    Case("SGD", {"momentum": 0.9, "weight_decay": 0.1}),
    Case("RMSprop"),
    Case("RMSprop", {"alpha": 0.9, "eps": 1e-6}),
    Case("Adagrad"),
    Case("Adagrad", {"lr": 0.1, "lr_decay": 0.3, "initial_accumulator_value": 0.1}),
    Case("Adadelta", {"lr": 1.0}),
    Case("Adamax"),
    Case("Adamax", {"lr": torch.tensor(0.02)}),
]
REFUSED = [
    (Case("Adam", {"weight_decay": 0.1}), "weight_decay is 0.1"),
    (Case("Adam", {"amsgrad": True}), "amsgrad is True"),
    (Case("AdamW", {"maximize": True}), "maximize is True"),
    (Case("SGD", {"maximize": True}), "maximize is True"),
    (Case("RMSprop", {"momentum": 0.9}), "momentum is 0.9"),
    (Case("RMSprop", {"centered": True}), "centered is True"),
    (Case("RMSprop", {"weight_decay": 0.1}), "weight_decay is 0.1"),
    (Case("Adagrad", {"weight_decay": 0.1}), "weight_decay is 0.1"),
    (Case("Adadelta", {"weight_decay": 0.1}), "weight_decay is 0.1"),
    (Case("Adamax", {"weight_decay": 0.1}), "weight_decay is 0.1"),
    *((Case(name), f"torch.optim.{name} has no counterpart") for name in
      ("NAdam", "RAdam", "ASGD", "Rprop", "LBFGS", "Muon", "Adafactor")),
]  # fmt: skip


class Training:
    """A model of two layers and its data; a step is one update on all of it."""

    def __init__(self, matrices_only: bool = False) -> None:
        torch.manual_seed(0)
        self.model = nn.Sequential(nn.Linear(4, 8, bias=not matrices_only), nn.Linear(8, 3, bias=not matrices_only))
        self.x, self.y = torch.randn(32, 4), torch.randn(32, 3)

    def step(self, optimizer: torch.optim.Optimizer) -> None:
        def loss() -> torch.Tensor:
            optimizer.zero_grad()
            value = ((self.model(self.x) - self.y) ** 2).mean()
            value.backward()
            return value

        optimizer.step(loss)

    def shapes(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(name, tuple(p.shape)) for name, p in self.model.named_parameters()]

    def weights(self) -> dict[str, mx.array]:
        return {name: mx.array(p.detach().numpy()) for name, p in self.model.named_parameters()}

    def loss(self, tree: Any) -> mx.array:
        x = mx.array(self.x.numpy())
        for layer in tree:
            x = x @ layer["weight"].T + layer["bias"]
        return ((x - mx.array(self.y.numpy())) ** 2).mean()


def read(path: Path, training: Training, **options: str) -> tuple[list[dict[str, Any]], list[str]]:
    return _core.optimizer(path, training.shapes(), **options)


def build(made: dict[str, Any]) -> Any:
    """The optimizer that the text makes, with its state."""
    optimizer = eval(made["constructor"], vars(mlx.optimizers))
    state = [
        (f"{name}.{slot}", mx.array(np.frombuffer(data, dtype).reshape(shape)))
        for slot, tensors in made["slots"].items()
        for name, dtype, shape, data in tensors
    ]
    # Layers are a list in MLX's tree of a Sequential, and so in the state.
    tree = {"layers": tree_unflatten(state)} if state else {}
    optimizer.state = {"step": mx.array(made["step"], mx.uint64),
                       "learning_rate": mx.array(made["learning_rate"]), **tree}  # fmt: skip
    return optimizer


def continue_both(training: Training, theirs: torch.optim.Optimizer, ours: Any) -> float:
    """The largest difference of a parameter after further steps."""
    weights = {"layers": tree_unflatten(list(training.weights().items()))}
    gradient = mx.grad(lambda tree: training.loss(tree["layers"]))
    for _ in range(STEPS):
        training.step(theirs)
        weights = ours.apply_gradients(gradient(weights), weights)
    expected = tree_unflatten(list(training.weights().items()))
    return max(
        float(mx.abs(mine[name] - other[name]).max())
        for mine, other in zip(weights["layers"], expected, strict=True)
        for name in other
    )


def label(case: Case) -> str:
    return re.sub(r"[^\w.=,]", "", f"{case.torch_class} {case.settings}".replace(": ", "="))


@pytest.mark.parametrize("case", CASES, ids=label)
def test_training_goes_on(case: Case, tmp_path: Path) -> None:
    training = Training()
    optimizer = case.make(training.model.parameters())
    for _ in range(STEPS):
        training.step(optimizer)
    torch.save({"model": training.model.state_dict(), "optimizer": optimizer.state_dict()}, tmp_path / "c.pt")
    [made], _ = read(tmp_path / "c.pt", training)
    assert dict(_core.optimizers())[case.torch_class] == made["class"]
    assert continue_both(training, optimizer, build(made)) < 1e-6


@pytest.mark.parametrize("case", CASES, ids=label)
def test_files_load_as_optimizers(case: Case, tmp_path: Path) -> None:
    training = Training()
    optimizer = case.make(training.model.parameters())
    for _ in range(STEPS):
        training.step(optimizer)
    target = torch2mlx.convert_optimizer(optimizer, tmp_path / "o.safetensors", model=training.model)
    ours = torch2mlx.load_optimizer(target)
    ours.state = {name: value for name, value in ours.state.items() if not name.isdigit()} | {
        "layers": [ours.state[str(i)] for i in range(2)] if "0" in ours.state else [{}, {}]
    }
    assert continue_both(training, optimizer, ours) < 1e-6


@pytest.mark.parametrize(
    "rate",
    ["lambda step: __import__('os')", "lambda step: other", "lambda: 1", "lambda step: 9 ** 9 ** 9", "print(1)"],
)
def test_nothing_of_a_file_is_run(rate: str, tmp_path: Path) -> None:
    entry = [{"constructor": f"SGD(learning_rate={rate})", "parameters": []}]
    mx.save_safetensors(str(tmp_path / "o.safetensors"), {"step": mx.array(1)}, {"optimizer": json.dumps(entry)})
    with pytest.raises(torch2mlx.InputError, match="makes no optimizer"):
        torch2mlx.load_optimizer(tmp_path / "o.safetensors")


def test_every_row_is_tried() -> None:
    refused = {case.torch_class for case, words in REFUSED if "no counterpart" in words}
    for name, counterpart in _core.optimizers():
        assert name in ({case.torch_class for case in CASES} if counterpart else refused)


@pytest.mark.parametrize(("case", "words"), REFUSED, ids=lambda value: label(value) if isinstance(value, Case) else "")
def test_what_has_no_equal_is_refused(case: Case, words: str, tmp_path: Path) -> None:
    training = Training(matrices_only=True)  # Muon takes no others
    optimizer = case.make(training.model.parameters())
    training.step(optimizer)
    torch.save(optimizer.state_dict(), tmp_path / "o.pt")
    with pytest.raises(torch2mlx.UnsupportedError, match=re.escape(words)):
        read(tmp_path / "o.pt", training)


def test_groups_become_a_multi_optimizer(tmp_path: Path) -> None:
    training = Training()
    matrices = [p for p in training.model.parameters() if p.ndim == 2]
    vectors = [p for p in training.model.parameters() if p.ndim == 1]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=0.01)
    for _ in range(STEPS):
        training.step(optimizer)
    torch.save({"optimizer_states": [optimizer.state_dict()]}, tmp_path / "c.ckpt")
    made, _ = read(tmp_path / "c.ckpt", training)
    assert [one["parameters"] for one in made] == [["0.weight", "1.weight"], ["0.bias", "1.bias"]]
    parts = [build(one) for one in made]
    ours = mlx.optimizers.MultiOptimizer(parts, [lambda path, _: path.endswith("weight")])
    # A MultiOptimizer begins every part anew unless it is told of its state.
    ours.state = {"states": [part.state for part in parts]}
    assert continue_both(training, optimizer, ours) < 1e-6


def test_equal_groups_are_one(tmp_path: Path) -> None:
    training = Training()
    named = list(training.model.named_parameters())
    optimizer = torch.optim.SGD([{"params": named[2:]}, {"params": named[:2]}], lr=0.01, momentum=0.9)
    for _ in range(STEPS):
        training.step(optimizer)
    torch.save(optimizer.state_dict(), tmp_path / "o.pt")
    [made], _ = read(tmp_path / "o.pt", training)
    assert continue_both(training, optimizer, build(made)) < 1e-6


def test_older_files_do_not_tell_adam_from_adamw(tmp_path: Path) -> None:
    training = Training()
    optimizer = torch.optim.AdamW(training.model.parameters(), lr=0.01)
    for _ in range(STEPS):
        training.step(optimizer)
    state = copy.deepcopy(optimizer.state_dict())
    for group in state["param_groups"]:
        del group["decoupled_weight_decay"]
    for slots in state["state"].values():
        slots["step"] = int(slots["step"])
    torch.save(state, tmp_path / "o.pt")
    with pytest.raises(torch2mlx.UnsupportedError, match="do not tell Adam from AdamW"):
        read(tmp_path / "o.pt", training)
    [made], _ = read(tmp_path / "o.pt", training, torch_class="AdamW")
    assert continue_both(training, optimizer, build(made)) < 1e-6
    with pytest.raises(torch2mlx.InputError, match=r"no torch\.optim\.RMSprop"):
        read(tmp_path / "o.pt", training, torch_class="RMSprop")


def test_parameters_at_different_steps(tmp_path: Path) -> None:
    training = Training()
    optimizer = torch.optim.Adam(training.model.parameters())
    training.step(optimizer)
    state = optimizer.state_dict()
    state["state"][1]["step"] += 2
    torch.save(state, tmp_path / "o.pt")
    with pytest.raises(torch2mlx.UnsupportedError, match="at steps 1 to 3"):
        read(tmp_path / "o.pt", training)


def test_a_frozen_parameter_is_noted(tmp_path: Path) -> None:
    training = Training()
    training.model[0].weight.requires_grad_(False)
    optimizer = torch.optim.Adam(training.model.parameters())
    training.step(optimizer)
    torch.save(optimizer.state_dict(), tmp_path / "o.pt")
    [made], notes = read(tmp_path / "o.pt", training)
    assert [name for name, *_ in made["slots"]["m"]] == ["0.bias", "1.weight", "1.bias"]
    assert notes == ["1 parameters have no state yet: MLX begins them at zero"]


def test_no_optimizer_no_state(tmp_path: Path) -> None:
    training = Training()
    torch.save(training.model.state_dict(), tmp_path / "w.pt")
    assert read(tmp_path / "w.pt", training) is None
    torch.save(torch.optim.Adam(training.model.parameters()).state_dict(), tmp_path / "o.pt")
    with pytest.raises(torch2mlx.UnsupportedError, match="no step was taken"):
        read(tmp_path / "o.pt", training)


class Small(nn.Module):
    """A convolution, packed attention, tied weights, a buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(6, 8, 3)
        self.norm = nn.BatchNorm1d(8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.first = nn.Linear(8, 8, bias=False)
        self.second = nn.Linear(8, 8, bias=False)
        self.second.weight = self.first.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.norm(self.conv(x)).transpose(1, 2)
        return self.second(self.first(h + self.attention(h, h, h, need_weights=False)[0]))


def trained(groups: Callable[[Small], Any]) -> tuple[Small, torch.optim.Optimizer]:
    torch.manual_seed(4)
    model = Small()
    optimizer = torch.optim.AdamW(groups(model), lr=0.01)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(4, 6, 9)).square().mean().backward()
        optimizer.step()
    return model, optimizer


def expected_slot(model: Small, optimizer: torch.optim.Optimizer, slot: str) -> dict[str, torch.Tensor]:
    """By MLX's names: the state laid out as the parameters are."""
    state = {name: optimizer.state[p][slot] for name, p in model.named_parameters()}
    weight, bias = state.pop("attention.in_proj_weight"), state.pop("attention.in_proj_bias")
    for part, w, b in zip(("query", "key", "value"), weight.chunk(3), bias.chunk(3), strict=True):
        state[f"attention.{part}_proj.weight"], state[f"attention.{part}_proj.bias"] = w, b
    state["conv.weight"] = state["conv.weight"].permute(0, 2, 1)
    return state


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("split", [False, True])
def test_state_is_laid_out_as_the_weights(tmp_path: Path, live: bool, split: bool) -> None:
    def groups(model: Small) -> Any:
        if not split:
            return model.parameters()
        high = [p for p in model.parameters() if p.ndim > 1]
        return [{"params": high}, {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0}]

    model, optimizer = trained(groups)
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, tmp_path / "c.pt")
    target = tmp_path / "optimizer.safetensors"
    torch2mlx.convert_optimizer(optimizer if live else tmp_path / "c.pt", target, model=model)
    made = torch2mlx.load_optimizer(target)
    arrays = mx.load(str(target))
    for torch_slot, slot in (("exp_avg", "m"), ("exp_avg_sq", "v")):
        for name, tensor in expected_slot(model, optimizer, torch_slot).items():
            prefix = f"states.{int(tensor.ndim < 2)}." if split else ""
            assert np.array_equal(np.array(arrays.pop(f"{prefix}{name}.{slot}")), tensor.numpy()), name
    assert sorted(name.rpartition(".")[2] for name in arrays) == sorted(["learning_rate", "step"] * (1 + split))
    one = made.optimizers[0] if split else made
    assert type(one) is mlx.optimizers.AdamW
    assert one.step.item() == 3


def test_command_line(tmp_path: Path) -> None:
    model, optimizer = trained(lambda model: model.parameters())
    torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, tmp_path / "c.pt")
    layers = ["--layer-type", "conv=Conv1d", "--layer-type", "attention=MultiheadAttention"]
    source = tmp_path / "c.pt"
    done = cli_program.run(source, tmp_path / "out", "--optimizer", *layers)
    assert "mlx.optimizers.AdamW(learning_rate=0.01" in done.stdout
    arrays = mx.load(str(tmp_path / "out" / "optimizer.safetensors"))
    for name, tensor in expected_slot(model, optimizer, "exp_avg").items():
        assert np.array_equal(np.array(arrays[f"{name}.m"]), tensor.numpy()), name
    quantized = cli_program.run(source, tmp_path / "q", "--optimizer", "-q", *layers, check=None)
    assert quantized.returncode != 0
    assert "quantized weights are not trained on" in quantized.stderr
    torch.save(model.state_dict(), source)
    missing = cli_program.run(source, tmp_path / "w", "--optimizer", *layers, check=None)
    assert missing.returncode != 0
    assert "holds no state of an optimizer" in missing.stderr
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("kind", ["summed", "folded"])
def test_parameters_that_mlx_has_not_are_refused(tmp_path: Path, kind: str) -> None:
    model = nn.LSTM(4, 5) if kind == "summed" else nn.Sequential(nn.utils.weight_norm(nn.Linear(4, 5)))
    optimizer = torch.optim.Adam(model.parameters())
    out = model(torch.randn(3, 4))
    (out[0] if kind == "summed" else out).sum().backward()
    optimizer.step()
    words = "trained apart" if kind == "summed" else "no such parameter to train"
    with pytest.raises(torch2mlx.UnsupportedError, match=words):
        torch2mlx.convert_optimizer(optimizer, tmp_path / "o.safetensors", model=model)
    assert not list(tmp_path.iterdir())
