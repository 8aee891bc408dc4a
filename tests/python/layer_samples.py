"""One sample for each layer class with parameters: how torch makes it, what it is fed, and the same in MLX.

The MLX side is what a user would write by hand: an mlx.nn layer that loads the converted weights with `strict=True`, or
the mx function for what mlx.nn lacks. It gets the weights by name, the constructor's arguments and the torch input.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import mlx.core as mx
import mlx.nn as nn
import torch
import transformers.pytorch_utils
from hypothesis import strategies as st
from mlx.utils import tree_flatten, tree_unflatten

Weights = dict[str, mx.array]
size = st.integers(1, 5)
flag = st.booleans()


class Sample(NamedTuple):
    module: Callable[..., torch.nn.Module]
    options: dict[str, st.SearchStrategy[Any]]  # arguments of `module`
    inputs: Callable[..., tuple[torch.Tensor, ...]]  # of the options: what torch's forward takes
    mlx: Callable[..., mx.array]  # (weights, *inputs, **options)


def array(x: torch.Tensor) -> mx.array:
    return mx.array(x.detach().numpy())


def layer(made: nn.Module, weights: Weights) -> nn.Module:
    made.load_weights([(name, value.astype(mx.float32)) for name, value in weights.items()], strict=True)
    return made.eval()


def channels_last(x: torch.Tensor) -> mx.array:
    return array(x.movedim(1, -1).contiguous()) if x.ndim > 2 else array(x)


def channels_first(x: mx.array) -> mx.array:
    return mx.moveaxis(x, -1, 1) if x.ndim > 2 else x


def linear(weights: Weights, x: torch.Tensor, in_features: int, out_features: int, bias: bool = True) -> mx.array:
    return layer(nn.Linear(in_features, out_features, bias=bias), weights)(array(x))


def conv(rank: int) -> Sample:
    def module(groups: int, i: int, o: int, kernel: int, stride: int, bias: bool) -> torch.nn.Module:
        made = getattr(torch.nn, f"Conv{rank}d")
        return made(groups * i, groups * o, kernel, stride=stride, padding=1, groups=groups, bias=bias)

    def run(w: Weights, x: torch.Tensor, groups: int, i: int, o: int, kernel: int, stride: int, bias: bool) -> mx.array:
        more = {"groups": groups} if rank < 3 else {}
        made = getattr(nn, f"Conv{rank}d")(groups * i, groups * o, kernel, stride=stride, padding=1, bias=bias, **more)
        return channels_first(layer(made, w)(channels_last(x)))

    groups = st.integers(1, 3) if rank < 3 else st.just(1)
    options = {"groups": groups, "i": size, "o": size, "kernel": st.integers(1, 3), "stride": size, "bias": flag}
    return Sample(module, options, lambda groups, i, **_: (torch.randn(2, groups * i, *[6] * rank),), run)


def conv_transpose(rank: int) -> Sample:
    def module(groups: int, i: int, o: int, kernel: int, stride: int, bias: bool) -> torch.nn.Module:
        made = getattr(torch.nn, f"ConvTranspose{rank}d")
        return made(groups * i, groups * o, kernel, stride=stride, groups=groups, bias=bias)

    def run(w: Weights, x: torch.Tensor, groups: int, i: int, o: int, kernel: int, stride: int, bias: bool) -> mx.array:
        if groups == 1:
            made = getattr(nn, f"ConvTranspose{rank}d")(i, o, kernel, stride=stride, bias=bias)
            return channels_first(layer(made, w)(channels_last(x)))
        if rank == 3:  # MLX has no groups here: a convolution each
            parts = zip(mx.split(channels_last(x), groups, -1), mx.split(w["weight"], groups, 0), strict=True)
            y = mx.concatenate([mx.conv_transpose3d(a, b, stride=stride) for a, b in parts], -1)
        else:
            function = getattr(mx, f"conv_transpose{rank}d")
            y = function(channels_last(x), w["weight"].astype(mx.float32), stride=stride, groups=groups)
        return channels_first(y + w["bias"] if bias else y)

    options = {"groups": st.integers(1, 3), "i": size, "o": size, "kernel": size, "stride": st.integers(1, 2)}
    return Sample(
        module, options | {"bias": flag}, lambda groups, i, **_: (torch.randn(2, groups * i, *[4] * rank),), run
    )


def normalized(made: nn.Module, x: torch.Tensor) -> mx.array:
    """nn.BatchNorm takes at most two spatial axes."""
    last = channels_last(x)
    flat = made(last.reshape(last.shape[0], -1, last.shape[-1]))
    return channels_first(flat.reshape(last.shape))


def batch_norm(rank: int, name: str = "") -> Sample:
    def module(features: int, affine: bool) -> torch.nn.Module:
        made = getattr(torch.nn, name or f"BatchNorm{rank}d")(features, affine=affine)
        made.running_mean += torch.randn(features)
        made.running_var += torch.rand(features)
        return made

    def run(w: Weights, x: torch.Tensor, features: int, affine: bool) -> mx.array:
        return normalized(layer(nn.BatchNorm(features, affine=affine), w), x)

    return Sample(
        module, {"features": size, "affine": flag}, lambda features, **_: (torch.randn(3, features, *[4] * rank),), run
    )


def instance_norm(rank: int) -> Sample:
    def module(features: int, affine: bool, track: bool) -> torch.nn.Module:
        made = getattr(torch.nn, f"InstanceNorm{rank}d")(features, affine=affine, track_running_stats=track)
        if track:
            made.running_mean += torch.randn(features)
        return made

    def run(w: Weights, x: torch.Tensor, features: int, affine: bool, track: bool) -> mx.array:
        if track:  # in eval mode a batch norm
            return normalized(layer(nn.BatchNorm(features, affine=affine), w), x)
        return channels_first(layer(nn.InstanceNorm(features, affine=affine), w)(channels_last(x)))

    options = {"features": size, "affine": flag, "track": flag}
    return Sample(module, options, lambda features, **_: (torch.randn(2, features, *[4] * rank),), run)


def recurrent(name: str) -> Sample:
    def module(i: int, h: int, layers: int, both: bool, bias: bool, proj: int = 0) -> torch.nn.Module:
        more = {"proj_size": proj} if name == "LSTM" and 0 < proj < h else {}
        return getattr(torch.nn, name)(i, h, layers, bias=bias, bidirectional=both, batch_first=True, **more)

    def run(
        w: Weights, x: torch.Tensor, i: int, h: int, layers: int, both: bool, bias: bool, proj: int = 0
    ) -> mx.array:
        ways = 1 + both
        tree = [w] if layers * ways == 1 else tree_unflatten(list(w.items()))
        y = array(x)
        for k in range(layers):
            outputs = []
            for d in range(ways):
                cell = dict(tree_flatten(tree[k * ways + d])) if layers * ways > 1 else tree[0]
                line = y[:, ::-1] if d else y
                out = projected(cell, line) if "Wr" in cell else run_cell(name, cell, line, bias)
                outputs.append(out[:, ::-1] if d else out)
            y = mx.concatenate(outputs, -1)
        return y

    options = {"i": size, "h": size, "layers": st.integers(1, 3), "both": flag, "bias": flag}
    if name == "LSTM":
        options["proj"] = st.integers(0, 3)
    return Sample(module, options, lambda i, **_: (torch.randn(2, 4, i),), run)


def run_cell(name: str, weights: Weights, x: mx.array, bias: bool) -> mx.array:
    hidden = weights["Wxh" if name == "RNN" else "Wx"].shape[0] // {"RNN": 1, "LSTM": 4, "GRU": 3}[name]
    out = layer(getattr(nn, name)(x.shape[-1], hidden, bias=bias), weights)(x)
    return out[0] if name == "LSTM" else out


def projected(weights: Weights, x: mx.array) -> mx.array:
    """An LSTM whose hidden state is projected, which mlx.nn lacks."""
    w = {key: value.astype(mx.float32) for key, value in weights.items()}
    h, c = mx.zeros((x.shape[0], w["Wr"].shape[0])), mx.zeros((x.shape[0], w["Wr"].shape[1]))
    steps = []
    for t in range(x.shape[1]):
        gates = x[:, t] @ w["Wx"].T + h @ w["Wh"].T + w.get("bias", mx.array(0.0))
        i, f, g, o = mx.split(gates, 4, -1)
        c = mx.sigmoid(f) * c + mx.sigmoid(i) * mx.tanh(g)
        h = (mx.sigmoid(o) * mx.tanh(c)) @ w["Wr"].T
        steps.append(h)
    return mx.stack(steps, 1)


def cell(name: str) -> Sample:
    def run(w: Weights, x: torch.Tensor, i: int, h: int, bias: bool) -> mx.array:
        return run_cell(name, w, array(x)[:, None], bias)[:, 0]

    made = getattr(torch.nn, f"{name}Cell")
    options = {"i": size, "h": size, "bias": flag}
    return Sample(lambda i, h, bias: made(i, h, bias=bias), options, lambda i, **_: (torch.randn(3, i),), run)


def attention_module(heads: int, width: int, bias: bool, kdim: int, vdim: int, extra: bool) -> torch.nn.Module:
    return torch.nn.MultiheadAttention(
        heads * width, heads, bias=bias, kdim=kdim or None, vdim=vdim or None, add_bias_kv=extra, batch_first=True
    )


def attention(
    w: Weights, q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, heads: int, width: int, bias: bool, kdim: int,
    vdim: int, extra: bool,
) -> mx.array:  # fmt: skip
    dims = heads * width
    plain = {key: value for key, value in w.items() if key not in ("bias_k", "bias_v")}
    more = {"key_input_dims": kdim or dims, "value_input_dims": vdim or dims, "value_dims": dims}
    made = layer(nn.MultiHeadAttention(dims, heads, bias=bias, **more), plain)
    if not extra:
        return made(array(q), array(k), array(v))
    split = lambda x: x.reshape(*x.shape[:2], heads, width).transpose(0, 2, 1, 3)  # noqa: E731
    batch = q.shape[0]
    keys, values = made.key_proj(array(k)), made.value_proj(array(v))
    keys = mx.concatenate([keys, mx.broadcast_to(w["bias_k"], (batch, 1, dims))], 1)
    values = mx.concatenate([values, mx.broadcast_to(w["bias_v"], (batch, 1, dims))], 1)
    out = mx.fast.scaled_dot_product_attention(
        split(made.query_proj(array(q))), split(keys), split(values), scale=width**-0.5
    )
    return made.out_proj(out.transpose(0, 2, 1, 3).reshape(batch, -1, dims))


def attention_inputs(heads: int, width: int, kdim: int, vdim: int, **_: Any) -> tuple[torch.Tensor, ...]:
    dims = heads * width
    return torch.randn(2, 3, dims), torch.randn(2, 4, kdim or dims), torch.randn(2, 4, vdim or dims)


def embed(w: Weights, x: torch.Tensor, count: int, width: int) -> mx.array:
    return layer(nn.Embedding(count, width), w)(array(x))


def group_norm(w: Weights, x: torch.Tensor, groups: int, each: int, affine: bool) -> mx.array:
    made = nn.GroupNorm(groups, groups * each, affine=affine, pytorch_compatible=True)
    return channels_first(layer(made, w)(channels_last(x)))


SAMPLES = {
    "torch.nn.modules.linear.Linear": Sample(
        torch.nn.Linear,
        {"in_features": size, "out_features": size, "bias": flag},
        lambda in_features, **_: (torch.randn(3, in_features),),
        linear,
    ),
    "torch.nn.modules.linear.NonDynamicallyQuantizableLinear": Sample(
        torch.nn.modules.linear.NonDynamicallyQuantizableLinear,
        {"in_features": size, "out_features": size},
        lambda in_features, **_: (torch.randn(3, in_features),),
        linear,
    ),
    "torch.nn.modules.linear.Bilinear": Sample(
        torch.nn.Bilinear,
        {"in1_features": size, "in2_features": size, "out_features": size, "bias": flag},
        lambda in1_features, in2_features, **_: (torch.randn(3, in1_features), torch.randn(3, in2_features)),
        lambda w, x, y, in1_features, in2_features, out_features, bias: layer(
            nn.Bilinear(in1_features, in2_features, out_features, bias=bias), w
        )(array(x), array(y)),
    ),
    "torch.nn.modules.sparse.Embedding": Sample(
        torch.nn.Embedding,
        {"num_embeddings": size, "embedding_dim": size},
        lambda num_embeddings, **_: (torch.randint(num_embeddings, (2, 3)),),
        lambda w, x, num_embeddings, embedding_dim: embed(w, x, num_embeddings, embedding_dim),
    ),
    "torch.nn.modules.sparse.EmbeddingBag": Sample(
        torch.nn.EmbeddingBag,
        {"num_embeddings": size, "embedding_dim": size},
        lambda num_embeddings, **_: (torch.randint(num_embeddings, (2, 3)),),
        lambda w, x, num_embeddings, embedding_dim: mx.mean(embed(w, x, num_embeddings, embedding_dim), 1),
    ),
    "torch.nn.modules.normalization.LayerNorm": Sample(
        torch.nn.LayerNorm,
        {"normalized_shape": size, "elementwise_affine": flag, "bias": flag},
        lambda normalized_shape, **_: (torch.randn(3, normalized_shape),),
        lambda w, x, normalized_shape, elementwise_affine, bias: layer(
            nn.LayerNorm(normalized_shape, affine=elementwise_affine, bias=bias), w
        )(array(x)),
    ),
    "torch.nn.modules.normalization.RMSNorm": Sample(
        torch.nn.RMSNorm,
        {"normalized_shape": size, "eps": st.just(1e-5)},
        lambda normalized_shape, **_: (torch.randn(3, normalized_shape),),
        lambda w, x, normalized_shape, eps: layer(nn.RMSNorm(normalized_shape, eps), w)(array(x)),
    ),
    "torch.nn.modules.normalization.GroupNorm": Sample(
        lambda groups, each, affine: torch.nn.GroupNorm(groups, groups * each, affine=affine),
        {"groups": st.integers(1, 3), "each": size, "affine": flag},
        lambda groups, each, **_: (torch.randn(2, groups * each, 4, 4),),
        group_norm,
    ),
    "torch.nn.modules.activation.PReLU": Sample(
        torch.nn.PReLU,
        {"num_parameters": size},
        lambda num_parameters: (torch.randn(3, num_parameters),),
        lambda w, x, num_parameters: layer(nn.PReLU(num_parameters), w)(array(x)),
    ),
    "torch.nn.modules.activation.MultiheadAttention": Sample(
        attention_module,
        {
            "heads": st.integers(1, 3),
            "width": size,
            "bias": flag,
            "kdim": st.integers(0, 5),
            "vdim": st.integers(0, 5),
            "extra": flag,
        },
        attention_inputs,
        attention,
    ),
    "transformers.pytorch_utils.Conv1D": Sample(
        transformers.pytorch_utils.Conv1D,
        {"nf": size, "nx": size},
        lambda nx, **_: (torch.randn(3, nx),),
        lambda w, x, nf, nx: linear(w, x, nx, nf),
    ),
    "torch.nn.modules.batchnorm.SyncBatchNorm": batch_norm(2, "SyncBatchNorm"),
}
for _rank in (1, 2, 3):
    SAMPLES[f"torch.nn.modules.conv.Conv{_rank}d"] = conv(_rank)
    SAMPLES[f"torch.nn.modules.conv.ConvTranspose{_rank}d"] = conv_transpose(_rank)
    SAMPLES[f"torch.nn.modules.batchnorm.BatchNorm{_rank}d"] = batch_norm(_rank)
    SAMPLES[f"torch.nn.modules.instancenorm.InstanceNorm{_rank}d"] = instance_norm(_rank)
for _name in ("RNN", "LSTM", "GRU"):
    SAMPLES[f"torch.nn.modules.rnn.{_name}"] = recurrent(_name)
    SAMPLES[f"torch.nn.modules.rnn.{_name}Cell"] = cell(_name)
