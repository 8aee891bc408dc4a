"""Models as people write them by hand: segmentation, generation, video, speech, sequences."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F

from models import Call, call


@dataclasses.dataclass(frozen=True)
class Research:
    """`transposes`: how many the generated code may hold, those of the model's own inputs and outputs included."""

    build: Callable[[], nn.Module]
    calls: tuple[Call, ...]  # the first is traced
    transposes: int
    holds: tuple[str, ...] = ()  # texts that the source must have


def normal(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def inputs(*shapes: tuple[int, ...]) -> tuple[Call, ...]:
    return tuple(call(normal(*shape)) for shape in shapes)


class Block(nn.Module):
    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(outside)
        self.conv2 = nn.Conv2d(outside, outside, 3, padding=1)
        self.norm2 = nn.GroupNorm(2, outside)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.norm1(self.conv1(x)))
        return F.silu(self.norm2(self.conv2(x)))


class UNet(nn.Module):
    """One step up by interpolation, one by a transposed convolution."""

    def __init__(self, mode: str = "bilinear") -> None:
        super().__init__()
        self.mode = mode
        self.down1, self.down2, self.middle = Block(3, 8), Block(8, 16), Block(16, 32)
        self.pool = nn.MaxPool2d(2)
        self.up2 = nn.ConvTranspose2d(32, 16, 2, stride=2)
        self.merge2, self.merge1 = Block(32, 16), Block(24, 8)
        self.head = nn.Conv2d(8, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.down1(x)
        second = self.down2(self.pool(first))
        middle = self.middle(self.pool(second))
        x = self.merge2(torch.cat([self.up2(middle), second], dim=1))
        corners = None if self.mode == "nearest" else False
        x = F.interpolate(x, scale_factor=2, mode=self.mode, align_corners=corners)
        return self.head(self.merge1(torch.cat([x, first], dim=1)))


class Generator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(10, 32 * 4 * 4)
        self.layers = nn.Sequential(
            nn.BatchNorm2d(32), nn.ReLU(True), nn.ConvTranspose2d(32, 16, 4, 2, 1, bias=False),
            nn.BatchNorm2d(16), nn.ReLU(True), nn.ConvTranspose2d(16, 8, 4, 2, 1, bias=False, groups=2),
            nn.Upsample(scale_factor=2), nn.Conv2d(8, 3, 3, padding=1, padding_mode="reflect"), nn.Tanh(),
        )  # fmt: skip

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return self.layers(self.project(z).view(-1, 32, 4, 4))


def discriminator() -> nn.Module:
    norm = nn.utils.parametrizations.spectral_norm
    return nn.Sequential(
        norm(nn.Conv2d(3, 8, 4, 2, 1)), nn.LeakyReLU(0.2), nn.Dropout2d(0.3),
        norm(nn.Conv2d(8, 16, 4, 2, 1, bias=False)), nn.InstanceNorm2d(16, affine=True), nn.LeakyReLU(0.2),
        nn.AdaptiveAvgPool2d((3, 2)), nn.Flatten(), nn.Linear(96, 1),
    )  # fmt: skip


class Tagger(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(50, 12, padding_idx=0)
        self.lstm = nn.LSTM(12, 10, num_layers=2, bidirectional=True, batch_first=True, dropout=0.2)
        self.out = nn.Linear(20, 5)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        states, _ = self.lstm(self.embed(tokens))
        return self.out(states)


class Translator(nn.Module):
    """The encoder's last state is the decoder's first; torch's own order of axes."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(6, 10)
        self.decoder = nn.GRU(4, 10)
        self.out = nn.Linear(10, 7)

    def forward(self, source: torch.Tensor, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        _, hidden = self.encoder(source)
        states, hidden = self.decoder(target, hidden)
        return self.out(states), hidden


class Stepwise(nn.Module):
    """Cells, step by step: a fixed number of steps from one state."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.gru, self.rnn = nn.LSTMCell(6, 8), nn.GRUCell(8, 8), nn.RNNCell(8, 4, nonlinearity="relu")

    def forward(self, x: torch.Tensor, hidden: torch.Tensor, cell: torch.Tensor) -> torch.Tensor:
        other = torch.zeros_like(hidden)
        for _ in range(3):
            hidden, cell = self.lstm(x, (hidden, cell))
            other = self.gru(hidden, other)
        return self.rnn(other)


class Recurrent(nn.Module):
    """What else recurrent layers can be: projected, without biases, relu, with a first state that is given."""

    def __init__(self) -> None:
        super().__init__()
        self.projected = nn.LSTM(5, 8, proj_size=3, batch_first=True)
        self.plain = nn.RNN(3, 6, nonlinearity="relu", bias=False, batch_first=True)
        self.both = nn.GRU(6, 4, bidirectional=True, bias=False, batch_first=True)

    def forward(self, x: torch.Tensor, first: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        x, (hidden, cell) = self.projected(x)
        x, _ = self.plain(x)
        x, last = self.both(x, first)
        return x, last, torch.cat([hidden, cell], dim=-1)


class Video(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv3d(3, 8, (3, 5, 5), stride=(1, 2, 2), padding=(1, 2, 2)), nn.BatchNorm3d(8), nn.ReLU(),
            nn.MaxPool3d((1, 2, 2)), nn.Conv3d(8, 8, 3, padding=1, groups=2), nn.ReLU(),
            nn.Upsample(scale_factor=(1, 2, 2), mode="trilinear"), nn.AvgPool3d(2),
        )  # fmt: skip
        self.pool = nn.AdaptiveAvgPool3d(1)
        self.head = nn.Linear(8, 4)

    def forward(self, clip: torch.Tensor) -> torch.Tensor:
        return self.head(self.pool(self.features(clip)).flatten(1))


class Speech(nn.Module):
    """Strided convolutions over a waveform, a weight-normed one in groups for positions, pooled."""

    def __init__(self) -> None:
        super().__init__()
        self.convs = nn.Sequential(
            nn.Conv1d(1, 8, 10, 5), nn.GroupNorm(8, 8), nn.GELU(), nn.Conv1d(8, 16, 3, 2), nn.GELU()
        )
        self.positions = nn.utils.parametrizations.weight_norm(nn.Conv1d(16, 16, 8, padding=4, groups=4), dim=2)
        self.norm = nn.LayerNorm(16)
        self.up = nn.ConvTranspose1d(16, 4, 4, 2, 1)
        self.pool = nn.AvgPool1d(2)

    def forward(self, wave: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.convs(wave[:, None])
        x = x + F.gelu(self.positions(x)[:, :, :-1])
        return self.norm(x.transpose(1, 2)), self.pool(self.up(x))


class Warp(nn.Module):
    """A spatial transformer."""

    def __init__(self) -> None:
        super().__init__()
        self.localize = nn.Sequential(nn.Conv2d(1, 4, 5, 2), nn.ReLU(), nn.AdaptiveMaxPool2d(3))
        self.theta = nn.Linear(36, 6)
        self.conv = nn.Conv2d(1, 4, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        theta = self.theta(self.localize(x).flatten(1)).view(-1, 2, 3)
        grid = F.affine_grid(theta, list(x.shape), align_corners=False)
        return self.conv(F.grid_sample(x, grid, align_corners=False))


class Pyramid(nn.Module):
    """Features pooled to several grids and brought back to the size of what they came from."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.pools = nn.ModuleList(nn.Sequential(nn.AdaptiveAvgPool2d(n), nn.Conv2d(8, 4, 1)) for n in (1, 2, 3))
        self.head = nn.Conv2d(20, 5, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        features = F.avg_pool2d(self.stem(x), 3, 1, 1, count_include_pad=False)
        scales = [F.interpolate(pool(features), features.shape[2:], mode="bilinear") for pool in self.pools]
        out = self.head(torch.cat([features, *scales], dim=1))
        return F.interpolate(out, x.shape[2:], mode="bicubic", align_corners=True)


class Patches(nn.Module):
    """Overlapping patches, each changed by itself, and added up again."""

    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Linear(27, 27)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        columns = F.unfold(x, 3, padding=1, stride=2)
        columns = self.mix(columns.transpose(1, 2)).transpose(1, 2)
        return F.fold(columns, (12, 16), 3, padding=1, stride=2)


class SegNet(nn.Module):
    """Pools that tell where the largest elements were, so that they can be put back there."""

    def __init__(self) -> None:
        super().__init__()
        self.down, self.up = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(6, 2, 3, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x, places = F.max_pool2d(F.relu(self.down(x)), 2, return_indices=True)
        return self.up(F.max_unpool2d(x, places, 2))


class Bags(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.words = nn.EmbeddingBag(40, 8, mode="mean", padding_idx=0)
        self.letters = nn.EmbeddingBag(20, 8, mode="sum")
        self.pair = nn.Bilinear(8, 8, 5)

    def forward(self, words: torch.Tensor, letters: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
        return self.pair(self.words(words), self.letters(letters, offsets))


class Attention(nn.Module):
    """Keys and values of other widths, padding, weights returned; learned and zero keys; torch's own order of axes."""

    def __init__(self) -> None:
        super().__init__()
        self.cross = nn.MultiheadAttention(16, 4, kdim=6, vdim=10, batch_first=True)
        self.extra = nn.MultiheadAttention(16, 2, add_bias_kv=True, add_zero_attn=True)
        self.plain = nn.MultiheadAttention(16, 2, bias=False, batch_first=True)

    def forward(
        self, x: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, hidden: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        y, weights = self.cross(x, keys, values, key_padding_mask=hidden)
        x = self.extra(y.transpose(0, 1), x.transpose(0, 1), x.transpose(0, 1), need_weights=False)[0].transpose(0, 1)
        causal = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
        return self.plain(x, x, x, attn_mask=causal, is_causal=True, need_weights=False)[0], weights


def attended(batch: int, length: int, keys: int) -> Call:
    hidden = torch.zeros(batch, keys, dtype=torch.bool)
    hidden[0, keys // 2 :] = True
    return call(normal(batch, length, 16), normal(batch, keys, 6), normal(batch, keys, 10), hidden)


def tokens(*shape: int, below: int = 50) -> torch.Tensor:
    return torch.randint(0, below, shape, generator=torch.Generator().manual_seed(sum(shape)))


IMAGES = inputs((2, 3, 16, 24), (1, 3, 32, 16), (3, 3, 8, 40))
# In and out; what stays between them is named where it is allowed.
MODELS = {
    "unet": Research(UNet, IMAGES, 2, ("nn.ConvTranspose2d(32, 16, kernel_size=2, stride=2)",)),
    "unet_nearest": Research(lambda: UNet("nearest"), IMAGES, 2, ("mx.repeat(",)),
    "generator": Research(Generator, inputs((2, 10), (5, 10)), 4),  # two around the reflection
    "discriminator": Research(discriminator, inputs((2, 3, 24, 32), (1, 3, 32, 24)), 2),
    "tagger": Research(
        Tagger, tuple(call(tokens(*s)) for s in ((2, 7), (1, 4), (5, 1))), 0, ("nn.LSTM(12, 10)", "nn.LSTM(20, 10)")
    ),
    "translator": Research(
        Translator,
        tuple(call(normal(a, n, 6), normal(b, n, 4)) for a, b, n in ((7, 2, 5), (3, 1, 9))),
        4,
        ("nn.GRU(6, 10)",),
    ),
    "stepwise": Research(
        Stepwise,
        tuple(call(normal(n, 6), normal(n, 8), normal(n, 8)) for n in (2, 5)),
        0,
        ("nn.LSTM(6, 8)", "nonlinearity=nn.relu"),
    ),
    "recurrent": Research(
        Recurrent,
        tuple(call(normal(n, length, 5), normal(2, n, 4)) for n, length in ((2, 6), (1, 3), (4, 1))),
        0,
        ("nn.GRU(6, 4, bias=False)",),
    ),
    "video": Research(Video, inputs((2, 3, 4, 16, 24), (1, 3, 6, 32, 16)), 1, ("nn.MaxPool3d",)),
    "speech": Research(Speech, inputs((2, 400), (1, 333), (3, 640)), 1, ("wave[:, :, None]",)),
    "warp": Research(Warp, inputs((2, 1, 20, 24), (1, 1, 20, 24)), 4),
    "pyramid": Research(Pyramid, inputs((2, 3, 24, 32), (1, 3, 36, 28)), 2),
    "segnet": Research(SegNet, inputs((2, 3, 12, 16), (1, 3, 8, 6)), 3),
    "patches": Research(Patches, inputs((2, 3, 12, 16), (1, 3, 12, 16)), 6),
    "attention": Research(Attention, (attended(2, 5, 7), attended(3, 9, 4)), 30),
    "encoder_decoder": Research(
        lambda: nn.Transformer(16, 2, 1, 1, 32, batch_first=True),
        tuple(call(normal(n, a, 16), normal(n, b, 16)) for n, a, b in ((2, 5, 7), (3, 4, 2))),
        30,
    ),
    "bags": Research(
        Bags,
        tuple(call(tokens(n, 6, below=40), tokens(9, below=20), torch.arange(n) * 2) for n in (2, 4)),
        0,
        ("nn.Bilinear(8, 8, 5)",),
    ),
}
