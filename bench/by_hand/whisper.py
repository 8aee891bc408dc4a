"""Whisper's encoder written by hand for MLX. Keys are those of Hugging Face's WhisperEncoder; spectra are (B, T, C)."""

from __future__ import annotations

import mlx.core as mx
import mlx.nn as nn


class Attention(nn.Module):
    def __init__(self, dims: int, heads: int):
        super().__init__()
        self.heads = heads
        self.scale = (dims // heads) ** -0.5
        self.q_proj = nn.Linear(dims, dims)
        self.k_proj = nn.Linear(dims, dims, bias=False)
        self.v_proj = nn.Linear(dims, dims)
        self.out_proj = nn.Linear(dims, dims)

    def __call__(self, x: mx.array) -> mx.array:
        B, L, _ = x.shape
        queries, keys, values = (
            proj(x).reshape(B, L, self.heads, -1).transpose(0, 2, 1, 3)
            for proj in (self.q_proj, self.k_proj, self.v_proj)
        )
        y = mx.fast.scaled_dot_product_attention(queries, keys, values, scale=self.scale)
        return self.out_proj(y.transpose(0, 2, 1, 3).reshape(B, L, -1))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        dims = config.d_model
        self.self_attn = Attention(dims, config.encoder_attention_heads)
        self.self_attn_layer_norm = nn.LayerNorm(dims)
        self.fc1 = nn.Linear(dims, config.encoder_ffn_dim)
        self.fc2 = nn.Linear(config.encoder_ffn_dim, dims)
        self.final_layer_norm = nn.LayerNorm(dims)

    def __call__(self, x: mx.array) -> mx.array:
        x = x + self.self_attn(self.self_attn_layer_norm(x))
        return x + self.fc2(nn.gelu(self.fc1(self.final_layer_norm(x))))


class WhisperEncoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        dims = config.d_model
        self.conv1 = nn.Conv1d(config.num_mel_bins, dims, 3, padding=1)
        self.conv2 = nn.Conv1d(dims, dims, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(config.max_source_positions, dims)
        self.layers = [Layer(config) for _ in range(config.encoder_layers)]
        self.layer_norm = nn.LayerNorm(dims)

    def __call__(self, spectra: mx.array) -> mx.array:
        x = nn.gelu(self.conv2(nn.gelu(self.conv1(spectra)))) + self.embed_positions.weight
        for layer in self.layers:
            x = layer(x)
        return self.layer_norm(x)
