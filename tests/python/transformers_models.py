"""The architectures of transformers that must come out exactly: tiny, with fixed random weights, and their inputs."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

Call = tuple[tuple[Any, ...], dict[str, Any]]


@dataclasses.dataclass(frozen=True)
class Architecture:
    """A model class of transformers by name, the settings of its configuration, what it is traced with first and other
    inputs that the same code must take."""

    cls: str
    settings: dict[str, Any]
    calls: Sequence[Call]
    limit: float = 1e-5  # max|PyTorch - MLX| / max(1, max|PyTorch|); the cause where it is larger stands beside it
    part: str = ""  # path of the module that is meant, where the whole is no graph
    called: bool = False  # once before, where the first call changes parameters

    def build(self) -> nn.Module:
        import transformers

        cls = getattr(transformers, self.cls)
        torch.manual_seed(0)
        model = cls(cls.config_class(**self.settings)).eval()
        _spread(model)
        if self.called:
            model(*self.calls[0][0], **self.calls[0][1])
        return model.get_submodule(self.part)


def _spread(model: nn.Module) -> None:
    """Weights that matter: norms and biases start as ones and zeros, and tiny matrices make every block an identity."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if not parameter.is_floating_point():
                continue
            if parameter.dim() < 2:
                noise = torch.randn(parameter.shape, generator=generator)
                parameter.add_(noise, alpha=0.1)
            elif name.endswith("weight") and parameter.std() < 0.05:
                parameter.mul_(4)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.normal_(generator=generator)
            elif name.endswith("running_var"):
                buffer.uniform_(0.5, 2, generator=generator)
            elif name.endswith(("codebook.embed", "codebook.embed_sum")):  # of zeros, every code is the first
                buffer.normal_(std=0.1, generator=generator)


def call(**kwargs: Any) -> Call:
    return (), kwargs


def _ids(batch: int, length: int, below: int = 99) -> torch.Tensor:
    generator = torch.Generator().manual_seed(batch * 1000 + length)
    return torch.randint(5, below, (batch, length), generator=generator)


def _mask(batch: int, length: int, padded: int, left: bool = False) -> torch.Tensor:
    mask = torch.ones(batch, length, dtype=torch.int64)
    if padded:
        (mask[0, :padded] if left else mask[0, -padded:]).zero_()
    return mask


def tokens(batch: int, length: int, padded: int = 0, left: bool = False, **more: Any) -> Call:
    return call(input_ids=_ids(batch, length), attention_mask=_mask(batch, length, padded, left), **more)


TEXT = (tokens(2, 9), tokens(1, 5), tokens(3, 14, 6), tokens(2, 1))
CAUSAL = (tokens(2, 9), tokens(1, 5), tokens(3, 14, 6), tokens(3, 11, 4, left=True))


def translation(batch: int, length: int, target: int, padded: int = 0) -> Call:
    return tokens(batch, length, padded, decoder_input_ids=_ids(batch, target))


TRANSLATION = (translation(2, 9, 7), translation(1, 5, 3), translation(3, 14, 6, 6))


def image(batch: int, *size: int) -> Call:
    generator = torch.Generator().manual_seed(batch + sum(size))
    return call(pixel_values=torch.randn(batch, 3, *(size * 2)[:2], generator=generator))


def images(*sizes: int) -> tuple[Call, ...]:
    return tuple(image(batch, size) for batch, size in zip((2, 1, 3), sizes * 3, strict=False))


def pair(batch: int, length: int, padded: int = 0) -> Call:
    return (), {**tokens(batch, length, padded)[1], **image(batch, 32)[1]}


def sound(batch: int, length: int, padded: int = 0) -> Call:
    generator = torch.Generator().manual_seed(batch + length)
    mask = {"attention_mask": _mask(batch, length, padded)} if padded else {}
    return call(input_values=torch.randn(batch, length, generator=generator), **mask)


def waves(batch: int, length: int) -> Call:
    """Sound of one channel."""
    generator = torch.Generator().manual_seed(batch + length)
    return call(input_values=torch.randn(batch, 1, length, generator=generator))


def spectrogram(batch: int, target: int) -> Call:
    generator = torch.Generator().manual_seed(batch + target)
    return call(
        input_features=torch.randn(batch, 20, 60, generator=generator), decoder_input_ids=_ids(batch, target, 90)
    )


SMALL = {"vocab_size": 99, "hidden_size": 32, "num_attention_heads": 4}
DEEP = {**SMALL, "num_hidden_layers": 3, "intermediate_size": 48, "max_position_embeddings": 64}
BERT = DEEP
DECODER = {**DEEP, "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 2}
SPEECH = {
    **{k: v for k, v in DEEP.items() if k != "max_position_embeddings"},
    "conv_dim": (16, 16, 16),
    "conv_stride": (4, 2, 2),
    "conv_kernel": (8, 3, 3),
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
    "mask_time_prob": 0.0,
}
VISION = {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 48}
PATCHES = {**VISION, "image_size": 32, "patch_size": 8}

ARCHITECTURES: dict[str, Architecture] = {
    "bert": Architecture("BertModel", BERT, TEXT),
    "roberta": Architecture("RobertaModel", {**BERT, "pad_token_id": 1}, TEXT),
    "distilbert": Architecture(
        "DistilBertModel",
        {"vocab_size": 99, "dim": 32, "n_heads": 4, "n_layers": 3, "hidden_dim": 48, "max_position_embeddings": 64},
        TEXT,
    ),
    "albert": Architecture("AlbertModel", {**BERT, "embedding_size": 16}, TEXT),
    "deberta": Architecture(
        "DebertaModel",
        {**BERT, "relative_attention": True, "pos_att_type": ["c2p", "p2c"], "position_biased_input": False},
        TEXT,
    ),
    "deberta-v2": Architecture(
        "DebertaV2Model",
        {
            **BERT, "relative_attention": True, "position_buckets": 8, "pos_att_type": ["p2c", "c2p"],
            "share_att_key": True, "norm_rel_ebd": "layer_norm", "position_biased_input": False,
        },
        TEXT,
    ),
    "electra": Architecture("ElectraModel", {**BERT, "embedding_size": 16}, TEXT),
    "mpnet": Architecture("MPNetModel", {**BERT, "pad_token_id": 1}, TEXT),
    "funnel": Architecture(
        "FunnelModel",
        {
            "vocab_size": 99, "block_sizes": [1, 2], "num_decoder_layers": 1, "d_model": 32, "n_head": 4, "d_head": 8,
            "d_inner": 48,
        },
        TEXT[:3],
    ),
    "longformer": Architecture(
        "LongformerModel",
        {**BERT, "num_hidden_layers": 1, "attention_window": [4], "pad_token_id": 1},
        (tokens(2, 13), tokens(1, 8), tokens(3, 14, 6), tokens(2, 1)),
    ),
    "camembert": Architecture("CamembertModel", {**BERT, "pad_token_id": 1}, TEXT),
    "data2vec-text": Architecture("Data2VecTextModel", {**BERT, "pad_token_id": 1}, TEXT),
    "gpt2": Architecture(
        "GPT2Model", {"vocab_size": 99, "n_embd": 32, "n_head": 4, "n_layer": 3, "n_positions": 64}, CAUSAL
    ),
    "gpt-neo": Architecture(
        "GPTNeoModel",
        {
            "vocab_size": 99, "hidden_size": 32, "num_heads": 4, "num_layers": 4, "max_position_embeddings": 64,
            "attention_types": [[["global", "local"], 2]], "window_size": 4, "intermediate_size": 48,
        },
        CAUSAL,
    ),
    "opt": Architecture(
        "OPTModel",
        {**SMALL, "num_hidden_layers": 3, "ffn_dim": 48, "max_position_embeddings": 64, "word_embed_proj_dim": 32},
        CAUSAL,
    ),
    "bloom": Architecture("BloomModel", {"vocab_size": 99, "hidden_size": 32, "n_head": 4, "n_layer": 3}, CAUSAL),
    "qwen2": Architecture("Qwen2Model", {**DECODER, "num_key_value_heads": 2}, CAUSAL),
    "gpt-neox": Architecture("GPTNeoXModel", DECODER, CAUSAL),
    "codegen": Architecture(
        "CodeGenModel",
        {"vocab_size": 99, "n_embd": 32, "n_head": 4, "n_layer": 3, "n_positions": 64, "n_ctx": 64, "rotary_dim": 4},
        CAUSAL,
    ),
    "falcon": Architecture("FalconModel", {**SMALL, "num_hidden_layers": 3}, CAUSAL),
    "t5": Architecture(
        "T5Model",
        {"vocab_size": 99, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4},
        TRANSLATION,
    ),
    "bart": Architecture(
        "BartModel",
        {
            "vocab_size": 99, "d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4,
            "decoder_attention_heads": 4, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "max_position_embeddings": 64,
        },
        TRANSLATION,
    ),
    "pegasus": Architecture(
        "PegasusModel",
        {
            "vocab_size": 99, "d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4,
            "decoder_attention_heads": 4, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "max_position_embeddings": 64,
        },
        TRANSLATION,
    ),
    "vit": Architecture("ViTModel", PATCHES, images(32)),
    "clip": Architecture(
        "CLIPModel",
        {
            "text_config": {**DEEP, "eos_token_id": 98, "projection_dim": 16},
            "vision_config": {**PATCHES, "projection_dim": 16},
            "projection_dim": 16,
        },
        (pair(2, 9), pair(1, 5), pair(3, 14, 6)),
    ),
    "swin": Architecture(
        "SwinModel",
        {"image_size": 32, "patch_size": 2, "embed_dim": 16, "depths": [2, 1], "num_heads": [2, 4], "window_size": 4},
        images(32),
    ),
    "convnext": Architecture(
        "ConvNextModel", {"hidden_sizes": [8, 16, 24, 32], "depths": [1, 1, 2, 1], "num_stages": 4}, images(64, 96)
    ),
    "beit": Architecture("BeitModel", {**PATCHES, "use_relative_position_bias": True}, images(32)),
    "dinov2": Architecture("Dinov2Model", {**PATCHES, "mlp_ratio": 2}, images(32)),
    "segformer": Architecture(
        "SegformerModel",
        {
            "depths": [1, 1, 2, 1], "hidden_sizes": [8, 16, 24, 32], "num_attention_heads": [1, 2, 3, 4],
            "decoder_hidden_size": 32,
        },
        images(64, 96),
    ),
    "mobilenet-v2": Architecture(
        "MobileNetV2Model", {"depth_multiplier": 0.25, "image_size": 64, "last_hidden_dim": 32}, images(64)
    ),
    "resnet": Architecture(
        "ResNetModel", {"embedding_size": 8, "hidden_sizes": [16, 24, 32, 40], "depths": [1, 1, 2, 1]}, images(64, 96)
    ),
    "whisper": Architecture(
        "WhisperModel",
        {
            "vocab_size": 99, "num_mel_bins": 20, "d_model": 32, "encoder_layers": 2, "decoder_layers": 2,
            "encoder_attention_heads": 4, "decoder_attention_heads": 4, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48,
            "max_source_positions": 30, "max_target_positions": 40, "pad_token_id": 0, "bos_token_id": 1,
            "eos_token_id": 2, "decoder_start_token_id": 1, "suppress_tokens": None,
        },
        (spectrogram(2, 7), spectrogram(1, 3), spectrogram(3, 12)),
    ),
    "wav2vec2": Architecture("Wav2Vec2Model", SPEECH, (sound(2, 800), sound(1, 640))),
    "hubert": Architecture("HubertModel", SPEECH, (sound(2, 800), sound(1, 640))),
    "xlnet": Architecture(
        "XLNetModel", {"vocab_size": 99, "d_model": 32, "n_layer": 3, "n_head": 4, "d_inner": 48}, TEXT
    ),
}  # fmt: skip


@functools.cache
def model(name: str) -> nn.Module:
    return ARCHITECTURES[name].build()
