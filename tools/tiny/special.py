"""What small sizes of a configuration must agree in: rules for all types, and a table of what single types need."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

ROPE = {"rope_type": "default", "rope_theta": 10000.0}
BOTH = {"full_attention": ROPE, "sliding_attention": ROPE}
SECTIONS = {**ROPE, "mrope_section": [2, 1, 1]}
CODEC = {"codec_config.upsample_groups": 32, "codec_config.codebook_size": 64}
SERIES = {
    "prediction_length": 4,
    "context_length": 16,
    "lags_sequence": [1, 2],
    "num_time_features": 1,
    "d_model": 32,
    "feature_size": 2 + 1 + 2,  # lags, times, and where a series is and how wide
}
# A decoder that attends to an encoder as small as itself.
CROSS = {"cross_num_attention_heads": 4, "cross_head_dim": 8, "cross_num_key_value_heads": 4, "cross_hidden_size": 32}
IMAGE = 5  # the token that stands for an image in texts
# Kernels, strides and paddings that detectors of text have no defaults for.
OCR = {
    "kernel_list": [3, 2, 2],
    "scale_factor_list": [1, 2, 4, 8],
    "intraclass_block_config": {
        "reduce_channel": [1, 1, 0],
        "return_channel": [1, 1, 0],
        **{
            f"{name}_{ratio}ratio": [kernel, 1, [size // 2 for size in kernel]]
            for ratio, length in (("long", 7), ("mid", 5), ("short", 3))
            for name, kernel in (
                ("vertical_long_to_small_conv", [length, 1]),
                ("horizontal_small_to_long_conv", [1, length]),
                ("symmetric_conv_long", [length, length]),
            )
        },
    },
}
HALVING = [  # stages of which each has half the height and width of that before it
    [[3, 96, 96, 1, True]],
    [[3, 96, 96, 2, False]],
    [[3, 96, 192, 2, False]],
    [[3, 192, 384, 2, True]],
]
# An indexer of keys has all of these fields or does not work.
QSA = {
    "indexer_n_heads": 4,
    "indexer_kv_heads": 1,
    "indexer_head_dim": 8,
    "indexer_budget": 8,
    "indexer_compress_ratio": 4,
    "hc_lowrank": 16,
    "ngram_vocab_size_base": 99,
}
# The smallest of the vision towers that timm has under this name, for small images.
PERCEPTION = {"architecture": "vit_pe_core_tiny_patch16_384", "model_args": {"img_size": 64}}
EXPERTS = {"num_experts": 4, "top_k_experts": 2, "moe_intermediate_size": 48}
GEMMA3N = {
    "intermediate_size": [48, 48],
    "activation_sparsity_pattern": [0.95, 0.0],
    "num_kv_shared_layers": 0,
    "hidden_size_per_layer_input": 16,
    "laurel_rank": 8,
}

PAST_AND_FUTURE = ("past_values", "past_time_features", "past_observed_mask", "future_values", "future_time_features")

# type -> {field: value}; "text_config.head_dim" is a field of a configuration within.
SPECIAL: dict[str, dict[str, Any]] = {
    "autoformer": {**SERIES, "label_length": 4},
    "axk1": {"n_group": 1, "topk_group": 1},
    "bamba": {"mamba_d_head": 16, "attn_layer_indices": [1]},
    "bark": {"codec_config.codebook_size": 64},
    "blip-2": {"num_query_tokens": 4, "image_token_index": IMAGE, "qformer_config.encoder_hidden_size": 32},
    "blt": {
        "use_cache": False,
        "encoder_hash_byte_group_vocab": 50,
        "global_config.encoder_cross_output_size": 64,
        "decoder_config.hidden_size_global": 32,
    },
    "chameleon": {"vocabulary_map": {"<image>": IMAGE}},
    "clap": {"audio_config.hidden_size": 64, "audio_config.patch_embeds_hidden_size": 8, "projection_dim": 32},
    "clap_audio_model": {"hidden_size": 64, "patch_embeds_hidden_size": 8},
    "clvp": {"projection_dim": 64, "text_config.projection_dim": 64, "speech_config.projection_dim": 64},
    "codegen": {"rotary_dim": 4},
    "cohere_compass": {
        "text_config.layer_types": ["sliding_attention", "full_attention"],
        "text_config.rope_parameters": dict.fromkeys(BOTH, SECTIONS),
    },
    "cohere_compass_text": {
        "layer_types": ["sliding_attention", "full_attention"],
        "rope_parameters": dict.fromkeys(BOTH, SECTIONS),
    },
    "csm": {**CODEC, "depth_decoder_config.backbone_hidden_size": 32},
    "csm_depth_decoder_model": {"backbone_hidden_size": 32},
    "dbrx": {"attn_config.rope_theta": 10000.0, "attn_config.clip_qkv": 8.0},
    "deepseek_ocr2": {
        "text_config.mlp_layer_types": ["dense", "sparse"],
        "text_config.num_experts_per_tok": 2,
        "vision_config.sam_config.downsample_channels": [32, 32],
    },
    "deepseek_ocr2_text": {"mlp_layer_types": ["dense", "sparse"], "num_experts_per_tok": 2},
    "deepseek_ocr2_vision": {"sam_config.downsample_channels": [32, 32]},
    "deepseek_v2": {"num_experts_per_tok": 2, "n_group": 1, "topk_group": 1},
    "deepseek_v32": {"n_group": 1, "topk_group": 1, "index_head_dim": 16, "index_topk": 4},
    "depth_pro": {"intermediate_hook_ids": (1, 0), "patch_size": 32},
    "dia": {f"decoder_config.{name}": value for name, value in CROSS.items()},
    "dia_decoder": CROSS,
    "diffusion_gemma": {f"text_config.{name}": value for name, value in EXPERTS.items()},
    "diffusion_gemma_text": EXPERTS,
    "dots1": {"n_routed_experts": 4, "n_shared_experts": 1, "num_experts_per_tok": 2},
    "emu3": {
        "vocabulary_map": {"<image>": IMAGE, "<|extra_200|>": 6},
        "vq_config.base_channels": 32,
        "vq_config.hidden_size": 128,
    },
    "emu3_vqgan": {"base_channels": 32, "hidden_size": 128},
    "esm": {"vocab_size": 33, "pad_token_id": 1, "mask_token_id": 32},
    "esmc": {"num_key_value_heads": 4},
    "falcon_h1": {"mamba_d_ssm": 64, "mamba_d_head": 16},
    "fast_vlm": {"vision_config.architecture": "fastvit_t8", "vision_config.hidden_size": 768},
    "gemma3n": {
        "vision_config.architecture": "mobilenetv5_base",
        **{f"text_config.{name}": value for name, value in GEMMA3N.items()},
    },
    "gemma3n_text": GEMMA3N,
    "gemma3n_vision": {"architecture": "mobilenetv5_base"},
    "gemma4_assistant": {"text_config.vocab_size_per_layer_input": 0},
    "glm46v": {"text_config.rope_parameters": SECTIONS},
    "glm4v": {"text_config.rope_parameters": SECTIONS},
    "glm4v_moe_text": {"rope_parameters": SECTIONS},
    "glm4v_text": {"rope_parameters": SECTIONS},
    "glm_image": {"text_config.rope_parameters": SECTIONS},
    "glm_image_text": {"rope_parameters": SECTIONS},
    "glm_ocr": {"text_config.rope_parameters": SECTIONS},
    "glmga": {"text_config.rope_parameters": SECTIONS},
    "granite4_vision": {
        "deepstack_layer_map": [[-1, 0]],
        "downsample_rate": "1/2",
        "vision_config.image_size": 32,
        "qformer_config.encoder_hidden_size": 32,
    },
    "granitemoehybrid": {"layer_types": ["linear_attention", "full_attention"], "mamba_d_head": 16},
    "grounding-dino": {"num_queries": 10},
    "hrm_text": {"num_layers_per_stack": 1, "use_cache": False},
    "hunyuan_v1_dense": {"head_dim": 8},
    "hunyuan_v1_moe": {"head_dim": 8, "num_experts": 4, "moe_topk": [2, 2], "moe_intermediate_size": [48, 48]},
    "hunyuan_vl": {"text_config.head_dim": 8, "text_config.rope_parameters": {**ROPE, "mrope_section": [1, 1, 1, 1]}},
    "hunyuan_vl_text": {"head_dim": 8, "rope_parameters": {**ROPE, "mrope_section": [1, 1, 1, 1]}},
    "idefics": {"vision_config.embed_dim": 32},
    "informer": SERIES,
    "inkling_mm_model": {"text_config.swa_num_key_value_heads": 2, "text_config.swa_head_dim": 8},
    "inkling_text": {"swa_num_key_value_heads": 2, "swa_head_dim": 8},
    "instructblip": {"num_query_tokens": 4, "image_token_index": IMAGE, "qformer_config.encoder_hidden_size": 32},
    "instructblipvideo": {
        "num_query_tokens": 4,
        "video_token_index": IMAGE,
        "image_token_index": IMAGE,
        "qformer_config.encoder_hidden_size": 32,
    },
    "janus_vqgan": {"num_patches": 4},
    "kimi_linear": {"num_experts_per_token": 2, "linear_head_dim": 8},
    "kosmos-2": {"latent_query_num": 4},
    "kyutai_speech_to_text": {**CODEC, "audio_pad_token_id": 3, "pad_token_id": 3},
    "lfm2_moe": {"layer_types": ["conv", "full_attention"]},
    "llama4_vision_model": {"intermediate_size": 128, "projector_input_dim": 32, "projector_output_dim": 32},
    "longcat_flash": {"zero_expert_num": 2},
    "mamba2": {"head_dim": 16, "n_groups": 1, "state_size": 16},
    "ministral": {"head_dim": 8},
    "mistral4": {"head_dim": 16, "num_key_value_heads": 4},
    "mllama_vision_model": {"intermediate_layers_indices": [0, 1]},
    "mm-grounding-dino": {"num_queries": 10},
    "moonshine_streaming": {"num_key_value_heads": 4, "encoder_config.sliding_windows": [[16, 4], [16, 0]]},
    "musicgen": {"audio_encoder.codebook_size": 64},
    "musicgen_melody": {"audio_encoder.codebook_size": 64},
    "nemotron": {"num_key_value_heads": 4},
    "nemotron_h": {"mamba_head_dim": 16, "n_groups": 1},
    "nemotron_h_omni": {"text_config.mamba_head_dim": 16, "text_config.n_groups": 1},
    "neucodec": {"quantization_dim": 64, "num_key_value_heads": 4},
    "omdet-turbo": {"timm_kwargs": {"img_size": 64, "always_partition": True}, "num_queries": 10},
    "pe_audio_video": {
        f"audio_video_config.video_config.vision_config.{name}": value for name, value in PERCEPTION.items()
    },
    "pe_audio_video_encoder": {f"video_config.vision_config.{name}": value for name, value in PERCEPTION.items()},
    "pe_video": {f"video_config.vision_config.{name}": value for name, value in PERCEPTION.items()},
    "pe_video_encoder": {f"vision_config.{name}": value for name, value in PERCEPTION.items()},
    "perceiver": {
        "d_latents": 32,
        "d_model": 32,
        "num_latents": 8,
        "num_self_attends_per_block": 2,
        "num_self_attention_heads": 2,
        "num_cross_attention_heads": 2,
    },
    "perception_lm": {
        "vision_config.architecture": "vit_pe_core_tiny_patch16_384",
        "vision_config.model_args": {"img_size": 64, "embed_dim": 192},
    },
    "phi4_multimodal_audio": {
        "input_size": 80,
        "ext_pw_out_channel": 32,
        "depthwise_separable_out_channel": 32,
        "nemo_conv_channels": 32,
    },
    "pi0": {"vlm_config.image_token_index": IMAGE, "vlm_config.image_token_id": IMAGE},
    "pix2struct_text_model": {"initializer_range": 0.02},
    "pp_formulanet": {"vision_config.decoder_hidden_size": 32},
    "pp_ocrv5_server_det": OCR,
    "pp_ocrv6_medium_det": {
        **OCR,
        "backbone_config.out_indices": [1, 2, 3, 4],
        "backbone_config.block_configs": HALVING,
    },
    "pp_ocrv6_small_det": {
        "layer_list_out_channels": (96, 96, 192, 384),
        "backbone_config.out_indices": [1, 2, 3, 4],
        "backbone_config.block_configs": HALVING,
    },
    "qwen2_5_omni_bigvgan": {"upsample_initial_channel": 128},
    "qwen2_5_omni_talker": {"rope_parameters": SECTIONS, "embedding_size": 32},
    "qwen3_omni_moe_talker_text": {"shared_expert_intermediate_size": 48},
    "qwen4_exp": {f"text_config.{name}": value for name, value in QSA.items()},
    "qwen4_exp_text": QSA,
    "rwkv": {"attention_hidden_size": 32},
    "sam3_tracker": {
        "vision_config.fpn_hidden_size": 32,
        "vision_config.backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]],
    },
    "seggpt": {
        "image_size": (64, 32),
        "pretrain_image_size": 32,
        "merge_index": 0,
        "intermediate_hidden_state_indices": (0, 1),
        "mlp_dim": 48,
    },
    "shieldgemma2": {"yes_token_index": 10, "no_token_index": 11},
    "step3p5": {"sliding_window": 4},
    "step3p7": {"text_config.sliding_window": 4},
    "t5_gemma_module": {"dropout_rate": 0.0},
    "t5gemma": {"decoder.cross_attention_hidden_size": 32},
    "t5gemma2_decoder": {"dropout_rate": 0.0},
    "t5gemma2_encoder": {"text_config.dropout_rate": 0.0},
    "t5gemma2_text": {"dropout_rate": 0.0},
    "time_series_transformer": SERIES,
    "timm_backbone": {"backbone": "test_resnet"},
    "timm_wrapper": {"architecture": "test_resnet"},
    "tvp": {"max_img_size": 128, "visual_prompt_size": 8, "num_frames": 2},
    "uvdoc": {"backbone_config.out_indices": [1, 2, 3, 4, 5, 6]},
    "vibevoice_acoustic_tokenizer_decoder": {"num_filters": 4},
    "vibevoice_acoustic_tokenizer_encoder": {"num_filters": 4},
    "videoprism_vision_model": {"tubelet_size": (1, 8, 8), "num_frames": 4},
    "vitmatte": {
        "hidden_size": 32,
        "fusion_hidden_sizes": [64, 32, 16, 8],
        "convstream_hidden_sizes": [16, 16, 16],
        "backbone_config.patch_size": 16,
        "backbone_config.num_channels": 4,
    },
    "xcodec2": {"quantization_dim": 64, "num_key_value_heads": 4},
    "xlstm": {"embedding_dim": 32},
    "xmod": {"default_language": "en_XX"},
    "zamba": {
        "attention_hidden_size": 64,
        "attention_head_dim": 16,
        "mamba_dt_rank": 4,
        "num_hidden_layers": 4,
        "layers_block_type": ["linear_attention", "hybrid", "linear_attention", "hybrid"],
    },
    "zamba2": {"mamba_headdim": 8, "attention_hidden_size": 64, "attention_head_dim": 16, "hybrid_layer_ids": [1]},
}

# type -> arguments of its forward, where those without defaults are not enough.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "autoformer": PAST_AND_FUTURE,
    "bros": ("input_ids", "bbox"),
    "clap": ("input_ids", "input_features"),
    "clvp": ("input_ids", "input_features"),
    "decision_transformer": ("states", "actions", "rewards", "returns_to_go", "timesteps", "attention_mask"),
    "grounding-dino": ("pixel_values", "input_ids"),
    "informer": PAST_AND_FUTURE,
    "instructblip": ("pixel_values", "qformer_input_ids", "input_ids"),
    "kosmos_2_5_vision_model": ("flattened_patches",),
    "layoutlmv2": ("input_ids", "bbox", "image"),
    "lxmert": ("input_ids", "visual_feats", "visual_pos"),
    "mllama_vision_model": ("pixel_values", "aspect_ratio_ids", "aspect_ratio_mask"),
    "mm-grounding-dino": ("pixel_values", "input_ids"),
    "oneformer": ("pixel_values", "task_inputs"),
    "perceiver": ("inputs",),
    "pix2struct": ("flattened_patches", "decoder_input_ids"),
    "pix2struct_vision_model": ("flattened_patches",),
    "sam3": ("pixel_values", "input_ids"),
    "sam3_lite_text": ("pixel_values", "input_ids"),
    "siglip2": ("input_ids", "pixel_values", "pixel_attention_mask", "spatial_shapes"),
    "siglip2_vision_model": ("pixel_values", "pixel_attention_mask", "spatial_shapes"),
    "time_series_transformer": PAST_AND_FUTURE,
    "udop": ("input_ids", "bbox", "decoder_input_ids"),
    "xclip": ("input_ids", "pixel_values"),
}


def make_config(model_type: str) -> Any:
    """The default configuration of a type; of one that holds others without defaults, small usual ones."""
    import transformers as tf
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    if model_type in ("encoder-decoder", "vision-encoder-decoder", "speech-encoder-decoder"):
        first = {"e": tf.BertConfig, "v": tf.ViTConfig, "s": tf.Wav2Vec2Config}[model_type[0]]
        return CONFIG_MAPPING[model_type].from_encoder_decoder_configs(first(), tf.BertConfig())
    if model_type == "vision-text-dual-encoder":
        return tf.VisionTextDualEncoderConfig.from_vision_text_configs(tf.ViTConfig(), tf.BertConfig())
    if model_type in ("musicgen", "musicgen_melody"):
        decoder = CONFIG_MAPPING[f"{model_type}_decoder"]
        parts = {"text_encoder": tf.T5Config(), "audio_encoder": tf.EncodecConfig(), "decoder": decoder()}
        return CONFIG_MAPPING[model_type](**{name: part.to_dict() for name, part in parts.items()})
    if model_type == "diffusion_gemma":
        return CONFIG_MAPPING[model_type](vision_config=CONFIG_MAPPING["gemma4_vision"]().to_dict())
    if model_type == "granite4_vision":
        return CONFIG_MAPPING[model_type](text_config=CONFIG_MAPPING["granite4_vision_text"]().to_dict())
    if model_type == "rag":
        return tf.RagConfig.from_question_encoder_generator_configs(tf.DPRConfig(), tf.T5Config())
    if model_type == "lw_detr":
        return CONFIG_MAPPING[model_type](projector_scale_factors=[1.0])
    return CONFIG_MAPPING[model_type]()


def fit(model_type: str, config: Any) -> Any:
    """Applies rules and table to a shrunk configuration."""
    for part in parts(config):
        agree(part)
    for path, value in SPECIAL.get(model_type, {}).items():
        *outer, name = path.split(".")
        holder = config
        for part in outer:
            holder = getattr(holder, part)
        with contextlib.suppress(AttributeError):  # a field that is computed
            setattr(holder, name, value)
    return config


def parts(config: Any) -> Iterator[Any]:
    """A configuration and all that it holds."""
    yield config
    for value in list(vars(config).values()):
        if hasattr(value, "model_type"):
            yield from parts(value)


def agree(config: Any) -> None:
    """Head sizes that are sums of others; groups of experts, of which few are left."""
    rope, plain = (getattr(config, f"qk_{name}_head_dim", None) for name in ("rope", "nope"))
    if isinstance(rope, int) and isinstance(plain, int) and hasattr(config, "qk_head_dim"):
        config.qk_head_dim = rope + plain
    width, heads = getattr(config, "embed_dim", None), getattr(config, "num_heads", None)
    if isinstance(width, int) and isinstance(heads, list | tuple) and width % heads[0]:
        config.num_heads = [2 << stage for stage in range(len(heads))]
    groups, experts = getattr(config, "n_group", None), getattr(config, "n_routed_experts", None)
    if isinstance(groups, int) and isinstance(experts, int) and experts < 2 * groups:
        config.n_group, config.topk_group = 1, 1
    rope = getattr(config, "rope_parameters", None)
    if isinstance(rope, dict) and rope.get("mrope_section"):
        config.rope_parameters = {**rope, "mrope_section": sections(config, rope)}
    stages(config)


def stages(config: Any) -> None:
    """A backbone of equal layers gives as many of them as it was asked for, of those that are left."""
    names, wanted = (getattr(config, name, None) for name in ("stage_names", "out_indices"))
    layers = getattr(config, "num_hidden_layers", None)
    if not names or not wanted or not isinstance(layers, int) or len(names) - 1 <= layers:
        return
    config.num_hidden_layers = layers = max(layers, len(wanted))
    config.stage_names = names[: layers + 1]
    config._out_indices = list(range(layers + 1 - len(wanted), layers + 1))
    config._out_features = [config.stage_names[index] for index in config._out_indices]


def sections(config: Any, rope: dict[str, Any]) -> list[int]:
    """The parts of a head that turn by time, height and width; all of them are half of what turns."""
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    half = int(head * rope.get("partial_rotary_factor", 1.0)) // 2
    given: list[int] = rope["mrope_section"]
    third = half // 3
    return given if sum(given) == half or len(given) != 3 else [half - 2 * third, third, third]
