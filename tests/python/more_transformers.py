"""Architectures of transformers beyond those of transformers_models.py, and heads for tasks: `make transformers`."""

from __future__ import annotations

from typing import Any

import torch

from transformers_models import (
    ARCHITECTURES,
    CAUSAL,
    DECODER,
    DEEP,
    PATCHES,
    SMALL,
    TEXT,
    Architecture,
    Call,
    call,
    images,
    tokens,
    waves,
)


def points(batch: int, count: int) -> Call:
    """Images and `count` points in each."""
    generator = torch.Generator().manual_seed(batch)
    return call(
        pixel_values=torch.randn(batch, 3, 32, 32, generator=generator),
        input_points=32 * torch.rand(batch, 1, count, 2, generator=generator),
        input_labels=torch.ones(batch, 1, count, dtype=torch.int64),
    )


def letters(batch: int, length: int, padded: int = 0) -> Call:
    (_, kwargs) = tokens(batch, length, padded)
    return call(**kwargs, padding_mask=kwargs["attention_mask"][..., None].float())


def frames(batch: int, length: int, name: str, **more: Any) -> Call:
    """Hidden states over time; the last two frames of the first are padding."""
    generator = torch.Generator().manual_seed(batch + length)
    mask = torch.ones(batch, 1, length)
    mask[0, :, -2:] = 0
    states = torch.randn(batch, 16, length, generator=generator)
    return call(**{name: states}, **({} if name == "spectrogram" else {"padding_mask": mask}), **more)


RESNET = {"model_type": "resnet", "embedding_size": 8, "hidden_sizes": [16, 24, 32, 40], "depths": [1, 1, 1, 1]}
GROUPED = {**DECODER, "num_key_value_heads": 2}
LOCAL = {**GROUPED, "sliding_window": 4}
EXPERTS = {**GROUPED, "num_local_experts": 4, "num_experts_per_tok": 2}
STATES = {"vocab_size": 99, "hidden_size": 32, "num_hidden_layers": 2, "state_size": 4}
SEQUENCES = (tokens(2, 6), tokens(1, 5), tokens(3, 14, 6), tokens(2, 40))

# Its durations, which data decides, make the length of what it says: no graph as a whole.
VITS = {
    "vocab_size": 99, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "ffn_dim": 24,
    "flow_size": 16, "spectrogram_bins": 17, "upsample_initial_channel": 16, "upsample_rates": [4, 4],
    "upsample_kernel_sizes": [8, 8], "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 3]],
    "prior_encoder_num_wavenet_layers": 2, "posterior_encoder_num_wavenet_layers": 2,
    "duration_predictor_filter_channels": 16, "use_stochastic_duration_prediction": False,
}  # fmt: skip

MORE: dict[str, Architecture] = {
    "llama": Architecture("LlamaModel", GROUPED, CAUSAL),
    "mistral": Architecture("MistralModel", LOCAL, CAUSAL),
    "gemma2": Architecture(
        "Gemma2Model", {**LOCAL, "head_dim": 8, "query_pre_attn_scalar": 8, "num_hidden_layers": 2}, CAUSAL
    ),
    "gemma3": Architecture(
        "Gemma3TextModel",
        {
            **LOCAL, "head_dim": 8, "query_pre_attn_scalar": 8, "num_hidden_layers": 2,
            "layer_types": ["sliding_attention", "full_attention"],
        },
        CAUSAL,
    ),
    "phi3": Architecture("Phi3Model", GROUPED, CAUSAL),
    "qwen3": Architecture("Qwen3Model", {**GROUPED, "head_dim": 8}, CAUSAL),
    "mixtral": Architecture("MixtralModel", EXPERTS, CAUSAL),
    "qwen2-moe": Architecture(
        "Qwen2MoeModel",
        {
            **GROUPED, "num_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 24,
            "shared_expert_intermediate_size": 40,
        },
        CAUSAL,
    ),
    "modernbert": Architecture(
        "ModernBertModel",
        {
            **DEEP, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "cls_token_id": 1, "sep_token_id": 2,
            "local_attention": 4, "global_attn_every_n_layers": 2,
        },
        TEXT,
    ),
    "mamba": Architecture("MambaModel", STATES, SEQUENCES),
    "falcon-mamba": Architecture("FalconMambaModel", STATES, SEQUENCES),
    "jamba": Architecture(
        "JambaModel",
        {
            **EXPERTS, "num_hidden_layers": 2, "attn_layer_period": 2, "attn_layer_offset": 1, "expert_layer_period": 2,
            "num_experts": 4, "mamba_d_state": 4, "mamba_dt_rank": 4, "use_mamba_kernels": False,
        },
        SEQUENCES,
    ),
    "zamba": Architecture(
        "ZambaModel",
        {
            **SMALL, "num_key_value_heads": 4, "intermediate_size": 48, "num_hidden_layers": 5, "attn_layer_period": 2,
            "attn_layer_offset": 1, "n_mamba_heads": 2, "mamba_d_state": 4, "mamba_dt_rank": 4,
            "use_mamba_kernels": False,
        },
        SEQUENCES,
    ),
    "detr": Architecture(
        "DetrModel",
        {
            "use_timm_backbone": False, "backbone_config": {**RESNET, "out_features": ["stage4"]}, "d_model": 32,
            "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4, "decoder_attention_heads": 4,
            "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "num_queries": 7,
        },
        images(64, 96),
    ),
    "sam": Architecture(
        "SamModel",
        {
            "vision_config": {
                **PATCHES, "num_hidden_layers": 2, "output_channels": 16, "image_size": 32, "patch_size": 4,
                "window_size": 3, "global_attn_indexes": [1], "mlp_dim": 48, "num_pos_feats": 8,
            },
            "prompt_encoder_config": {"hidden_size": 16, "image_size": 32, "patch_size": 4, "mask_input_channels": 8},
            "mask_decoder_config": {
                "hidden_size": 16, "mlp_dim": 24, "num_hidden_layers": 2, "num_attention_heads": 2,
                "iou_head_hidden_dim": 16,
            },
        },
        (points(2, 3), points(1, 2)),
    ),
    "encodec": Architecture(
        "EncodecModel",
        {
            "num_filters": 4, "upsampling_ratios": [4, 2], "codebook_size": 16, "codebook_dim": 16, "hidden_size": 16,
            "num_lstm_layers": 1, "target_bandwidths": [24.0], "sampling_rate": 16000,
        },
        (waves(2, 323), waves(1, 400), waves(1, 258)),
    ),
    "mimi": Architecture(
        "MimiModel",
        {
            **GROUPED, "num_filters": 4, "upsampling_ratios": [4, 2], "codebook_size": 16, "codebook_dim": 16,
            "hidden_size": 16, "vector_quantization_hidden_dimension": 16, "num_quantizers": 4, "head_dim": 8,
            "num_semantic_quantizers": 1, "num_attention_heads": 2, "num_hidden_layers": 2, "sliding_window": 8,
            "upsample_groups": 16,
        },
        (waves(2, 323), waves(1, 400), waves(1, 258)),
    ),
    "vits-text": Architecture(
        "VitsModel", VITS, (letters(2, 9), letters(1, 5), letters(3, 14, 6)), part="text_encoder"
    ),
    "vits-durations": Architecture(
        "VitsModel", VITS, (frames(2, 9, "inputs"), frames(1, 5, "inputs")), part="duration_predictor"
    ),
    "vits-flow": Architecture(
        "VitsModel",
        VITS,
        (frames(2, 9, "inputs", reverse=True), frames(1, 5, "inputs", reverse=True)),
        part="flow",
    ),
    "vits-decoder": Architecture(
        "VitsModel", VITS, (frames(2, 9, "spectrogram"), frames(1, 5, "spectrogram")), part="decoder"
    ),
    "rwkv": Architecture(
        "RwkvModel",
        {
            "vocab_size": 99, "hidden_size": 32, "attention_hidden_size": 32, "num_hidden_layers": 3,
            "intermediate_size": 48, "context_length": 64, "rescale_every": 2,
        },
        (tokens(2, 6), tokens(1, 5), tokens(3, 40)),
        called=True,
    ),
}  # fmt: skip

# One a task, upon the architectures of transformers_models.py.
HEADS: dict[str, Architecture] = {
    task: Architecture(cls, {**ARCHITECTURES[base].settings, **settings}, ARCHITECTURES[base].calls[:2])
    for task, cls, base, settings in (
        ("masked-lm", "BertForMaskedLM", "bert", {}),
        ("causal-lm", "GPT2LMHeadModel", "gpt2", {}),
        ("translation", "T5ForConditionalGeneration", "t5", {}),
        ("sequence-classification", "RobertaForSequenceClassification", "roberta", {"num_labels": 5}),
        ("token-classification", "DistilBertForTokenClassification", "distilbert", {"num_labels": 5}),
        ("question-answering", "ElectraForQuestionAnswering", "electra", {}),
        ("ctc", "Wav2Vec2ForCTC", "wav2vec2", {"vocab_size": 20}),
        ("image-classification", "ViTForImageClassification", "vit", {"num_labels": 5}),
        ("segmentation", "SegformerForSemanticSegmentation", "segformer", {"num_labels": 5}),
    )
}
