"""ResNet written by hand for MLX. Keys are those of Hugging Face's ResNetModel; images are (B, H, W, C)."""

from __future__ import annotations

import mlx.core as mx
import mlx.nn as nn


class Conv(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False)
        self.normalization = nn.BatchNorm(outputs)

    def __call__(self, x: mx.array) -> mx.array:
        return self.normalization(self.convolution(x))


class Bottleneck(nn.Module):
    def __init__(self, inputs: int, outputs: int, stride: int):
        super().__init__()
        if inputs != outputs or stride != 1:
            self.shortcut = Conv(inputs, outputs, 1, stride)
        inner = outputs // 4
        self.layer = [Conv(inputs, inner, 1), Conv(inner, inner, 3, stride), Conv(inner, outputs, 1)]

    def __call__(self, x: mx.array) -> mx.array:
        y = nn.relu(self.layer[0](x))
        y = nn.relu(self.layer[1](y))
        y = self.layer[2](y)
        return nn.relu(y + (self.shortcut(x) if "shortcut" in self else x))


class Stage(nn.Module):
    def __init__(self, inputs: int, outputs: int, depth: int, stride: int):
        super().__init__()
        self.layers = [Bottleneck(inputs, outputs, stride)]
        self.layers += [Bottleneck(outputs, outputs, 1) for _ in range(depth - 1)]

    def __call__(self, x: mx.array) -> mx.array:
        for layer in self.layers:
            x = layer(x)
        return x


class Embedder(nn.Module):
    def __init__(self, outputs: int):
        super().__init__()
        self.embedder = Conv(3, outputs, 7, 2)

    def __call__(self, x: mx.array) -> mx.array:
        x = mx.pad(nn.relu(self.embedder(x)), [(0, 0), (1, 1), (1, 1), (0, 0)], constant_values=-float("inf"))
        return nn.MaxPool2d(3, 2)(x)


class Encoder(nn.Module):
    def __init__(self, config):
        super().__init__()
        sizes = [config.embedding_size, *config.hidden_sizes]
        self.stages = [
            Stage(sizes[i], sizes[i + 1], depth, 1 if i == 0 else 2) for i, depth in enumerate(config.depths)
        ]

    def __call__(self, x: mx.array) -> mx.array:
        for stage in self.stages:
            x = stage(x)
        return x


class ResNet(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.embedder = Embedder(config.embedding_size)
        self.encoder = Encoder(config)

    def __call__(self, images: mx.array) -> mx.array:
        return self.encoder(self.embedder(images)).mean((1, 2))
