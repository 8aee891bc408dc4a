"""ViT written by hand for MLX. Keys are those of Hugging Face's ViTModel; images are (B, H, W, C)."""

from __future__ import annotations

import mlx.core as mx
import mlx.nn as nn


class Attention(nn.Module):
    def __init__(self, dims: int, heads: int):
        super().__init__()
        self.heads = heads
        self.scale = (dims // heads) ** -0.5
        self.q_proj = nn.Linear(dims, dims)
        self.k_proj = nn.Linear(dims, dims)
        self.v_proj = nn.Linear(dims, dims)
        self.o_proj = nn.Linear(dims, dims)

    def __call__(self, x: mx.array) -> mx.array:
        B, L, _ = x.shape
        queries, keys, values = (
            proj(x).reshape(B, L, self.heads, -1).transpose(0, 2, 1, 3)
            for proj in (self.q_proj, self.k_proj, self.v_proj)
        )
        y = mx.fast.scaled_dot_product_attention(queries, keys, values, scale=self.scale)
        return self.o_proj(y.transpose(0, 2, 1, 3).reshape(B, L, -1))


class MLP(nn.Module):
    def __init__(self, dims: int, hidden: int):
        super().__init__()
        self.fc1 = nn.Linear(dims, hidden)
        self.fc2 = nn.Linear(hidden, dims)

    def __call__(self, x: mx.array) -> mx.array:
        return self.fc2(nn.gelu(self.fc1(x)))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        dims = config.hidden_size
        self.attention = Attention(dims, config.num_attention_heads)
        self.mlp = MLP(dims, config.intermediate_size)
        self.layernorm_before = nn.LayerNorm(dims, eps=config.layer_norm_eps)
        self.layernorm_after = nn.LayerNorm(dims, eps=config.layer_norm_eps)

    def __call__(self, x: mx.array) -> mx.array:
        x = x + self.attention(self.layernorm_before(x))
        return x + self.mlp(self.layernorm_after(x))


class PatchEmbeddings(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.projection = nn.Conv2d(3, config.hidden_size, config.patch_size, config.patch_size)

    def __call__(self, images: mx.array) -> mx.array:
        return self.projection(images).flatten(1, 2)


class Embeddings(nn.Module):
    def __init__(self, config):
        super().__init__()
        patches = (config.image_size // config.patch_size) ** 2
        self.cls_token = mx.zeros((1, 1, config.hidden_size))
        self.position_embeddings = mx.zeros((1, patches + 1, config.hidden_size))
        self.patch_embeddings = PatchEmbeddings(config)

    def __call__(self, images: mx.array) -> mx.array:
        patches = self.patch_embeddings(images)
        first = mx.broadcast_to(self.cls_token, (images.shape[0], 1, patches.shape[-1]))
        return mx.concatenate([first, patches], axis=1) + self.position_embeddings


class Pooler(nn.Module):
    def __init__(self, dims: int):
        super().__init__()
        self.dense = nn.Linear(dims, dims)

    def __call__(self, x: mx.array) -> mx.array:
        return mx.tanh(self.dense(x[:, 0]))


class ViT(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.layers = [Layer(config) for _ in range(config.num_hidden_layers)]
        self.layernorm = nn.LayerNorm(config.hidden_size, eps=config.layer_norm_eps)
        self.pooler = Pooler(config.hidden_size)

    def __call__(self, images: mx.array) -> mx.array:
        x = self.embeddings(images)
        for layer in self.layers:
            x = layer(x)
        return self.pooler(self.layernorm(x))
