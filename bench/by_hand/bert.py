"""BERT written by hand for MLX: what the generated MiniLM is measured against. Keys are Hugging Face's."""

from __future__ import annotations

import mlx.core as mx
import mlx.nn as nn


class Embeddings(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        dims = config["hidden_size"]
        self.word_embeddings = nn.Embedding(config["vocab_size"], dims)
        self.position_embeddings = nn.Embedding(config["max_position_embeddings"], dims)
        self.token_type_embeddings = nn.Embedding(config["type_vocab_size"], dims)
        self.LayerNorm = nn.LayerNorm(dims, eps=config["layer_norm_eps"])

    def __call__(self, input_ids: mx.array) -> mx.array:
        positions = mx.arange(input_ids.shape[1])
        x = self.word_embeddings(input_ids) + self.position_embeddings(positions)
        return self.LayerNorm(x + self.token_type_embeddings(mx.zeros_like(input_ids)))


class SelfAttention(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        dims = config["hidden_size"]
        self.heads = config["num_attention_heads"]
        self.scale = (dims // self.heads) ** -0.5
        self.query = nn.Linear(dims, dims)
        self.key = nn.Linear(dims, dims)
        self.value = nn.Linear(dims, dims)

    def __call__(self, x: mx.array, mask: mx.array) -> mx.array:
        B, L, _ = x.shape
        q, k, v = (
            proj(x).reshape(B, L, self.heads, -1).transpose(0, 2, 1, 3) for proj in (self.query, self.key, self.value)
        )
        y = mx.fast.scaled_dot_product_attention(q, k, v, scale=self.scale, mask=mask)
        return y.transpose(0, 2, 1, 3).reshape(B, L, -1)


class Output(nn.Module):
    def __init__(self, input_dims: int, config: dict):
        super().__init__()
        self.dense = nn.Linear(input_dims, config["hidden_size"])
        self.LayerNorm = nn.LayerNorm(config["hidden_size"], eps=config["layer_norm_eps"])

    def __call__(self, x: mx.array, residual: mx.array) -> mx.array:
        return self.LayerNorm(self.dense(x) + residual)


class Attention(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.self = SelfAttention(config)
        self.output = Output(config["hidden_size"], config)

    def __call__(self, x: mx.array, mask: mx.array) -> mx.array:
        return self.output(self.self(x, mask), x)


class Intermediate(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.dense = nn.Linear(config["hidden_size"], config["intermediate_size"])

    def __call__(self, x: mx.array) -> mx.array:
        return nn.gelu(self.dense(x))


class Layer(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.attention = Attention(config)
        self.intermediate = Intermediate(config)
        self.output = Output(config["intermediate_size"], config)

    def __call__(self, x: mx.array, mask: mx.array) -> mx.array:
        x = self.attention(x, mask)
        return self.output(self.intermediate(x), x)


class Encoder(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.layer = [Layer(config) for _ in range(config["num_hidden_layers"])]

    def __call__(self, x: mx.array, mask: mx.array) -> mx.array:
        for layer in self.layer:
            x = layer(x, mask)
        return x


class Pooler(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.dense = nn.Linear(config["hidden_size"], config["hidden_size"])

    def __call__(self, x: mx.array) -> mx.array:
        return mx.tanh(self.dense(x[:, 0]))


class Bert(nn.Module):
    def __init__(self, config: dict):
        super().__init__()
        self.embeddings = Embeddings(config)
        self.encoder = Encoder(config)
        self.pooler = Pooler(config)

    def __call__(self, input_ids: mx.array, attention_mask: mx.array) -> tuple[mx.array, mx.array]:
        mask = attention_mask[:, None, None, :].astype(mx.bool_)
        x = self.encoder(self.embeddings(input_ids), mask)
        return x, self.pooler(x)
