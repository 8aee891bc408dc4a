"""Models that draw random numbers: with a key of mx.random, an argument that PyTorch's model does not have."""

from __future__ import annotations

from pathlib import Path

import mlx.core as mx
import numpy as np
import pytest
import torch
from torch import nn

import torch2mlx


class Autoencoder(nn.Module):
    """The reparametrization of a variational autoencoder."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Linear(6, 8)
        self.decoder = nn.Linear(4, 6)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mean, log_variance = self.encoder(x).chunk(2, dim=-1)
        noise = torch.randn_like(mean)
        return self.decoder(mean + noise * torch.exp(0.5 * log_variance)), mean


class Noisy(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(5, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x) + torch.rand_like(x)


class Stack(nn.Module):
    """Layers that draw, each its own numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Noisy() for _ in range(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x)
        return x


class Keyed(nn.Module):
    def forward(self, query: torch.Tensor, key: torch.Tensor) -> torch.Tensor:
        return query @ key.mT + torch.randn(())


def test_what_is_random_depends_on_the_key_alone() -> None:
    torch.manual_seed(0)
    model, x = Autoencoder().eval(), torch.randn(3, 6)
    code = torch2mlx.generate(model, (x,))
    assert "def __call__(self, x, key):" in code.source
    assert "noise = mx.random.normal((B, 4), key=key)" in code.source
    assert any("random numbers are MLX's" in text for text in code.assumptions)
    assert code.verification is not None
    drawn, mean = code.verification.outputs
    assert "random" in drawn.place
    assert "random" not in mean.place
    assert mean.max_rel_diff < 1e-5

    generated, given = code.load(), mx.array(x.numpy())
    first, second = (generated(given, mx.random.key(seed)) for seed in (1, 2))
    again, _ = generated(given, mx.random.key(1))
    assert mx.array_equal(first[0], again)
    assert mx.abs(first[0] - second[0]).max().item() > 0.01
    assert mx.array_equal(first[1], second[1])


def test_its_distribution_is_pytorchs() -> None:
    torch.manual_seed(0)
    model, x = Autoencoder().eval(), torch.randn(1, 6)
    generated = torch2mlx.generate(model, (x,)).load()
    many = x.expand(20_000, 6)
    with torch.no_grad():
        wanted = model(many)[0].numpy()
    given = np.array(generated(mx.array(many.numpy()), mx.random.key(0))[0])
    assert np.abs(wanted.mean(0) - given.mean(0)).max() < 0.05
    assert np.abs(np.cov(wanted.T) - np.cov(given.T)).max() < 0.05


def test_layers_draw_numbers_of_their_own() -> None:
    torch.manual_seed(0)
    model = Stack().eval()
    with torch.no_grad():
        for layer in model.layers:
            layer.linear.weight.zero_()
            layer.linear.bias.zero_()
    code = torch2mlx.generate(model, (torch.zeros(400, 5),))
    assert "mx.random.split(key, 3)" in code.source
    generated = code.load()
    seen = []
    for layer in generated.layers:
        layer.linear.bias = mx.zeros(5)
    for keep in range(3):  # what one layer draws, the others' numbers taken away by later weights of 0
        for i, layer in enumerate(generated.layers):
            layer.linear.weight = mx.eye(5) if i > keep else mx.zeros((5, 5))
        seen.append(np.array(generated(mx.zeros((400, 5)), mx.random.key(0))).ravel())
    draws = [seen[2], seen[1] - seen[2], seen[0] - seen[1]]
    correlations = np.corrcoef(draws)
    assert np.abs(correlations - np.eye(3)).max() < 0.1


def test_a_model_may_have_an_argument_of_that_name() -> None:
    code = torch2mlx.generate(Keyed().eval(), (torch.randn(2, 3), torch.randn(4, 3)))
    assert "def __call__(self, query, key, random_key):" in code.source


def test_functions_in_files_take_the_key(tmp_path: Path) -> None:
    torch.manual_seed(0)
    x = torch.randn(3, 6)
    code = torch2mlx.generate(Autoencoder().eval(), (x,))
    metadata = code.export_mlxfn(tmp_path / "model.mlxfn")
    assert [entry["name"] for entry in metadata["inputs"]] == ["x", "key"]
    function = mx.import_function(str(tmp_path / "model.mlxfn"))
    given, key = mx.array(x.numpy()), mx.random.key(7)
    for ours, theirs in zip(function(given, key), code.load()(given, key), strict=True):
        assert mx.allclose(ours, theirs, atol=1e-6)


def test_exported_programs_draw_too(tmp_path: Path) -> None:
    torch.manual_seed(0)
    program = torch.export.export(Autoencoder().eval(), (torch.randn(3, 6),))
    torch.export.save(program, tmp_path / "model.pt2")
    code = torch2mlx.generate(tmp_path / "model.pt2", trust_code=True)
    assert code.verified


def test_distributions_that_mlx_does_not_have_are_refused() -> None:
    class Poisson(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.poisson(x.exp())

    with pytest.raises(torch2mlx.UnsupportedError, match="no numbers of this distribution"):
        torch2mlx.generate(Poisson().eval(), (torch.randn(3),))
