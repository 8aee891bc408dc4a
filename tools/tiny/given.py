"""Inputs that no rule makes: what single types take, as their forwards say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

from .required import Facts
from .special import IMAGE

SIZES = ({"batch": 2, "length": 9}, {"batch": 3, "length": 14})


def given(model: Any) -> Iterator[list[dict[str, Any]]]:
    """The calls of the type's row."""
    if make := GIVEN.get(model.config.model_type):
        yield [make(Facts(model, sizes)) for sizes in SIZES]


def states(f: Facts, length: int = 0) -> Any:
    """What a part takes that comes after an embedding."""
    return f.floats(f.batch, length or f.length, f.width())


def maps(f: Facts, *sides: int) -> list[Any]:
    """Features of an image, finest first."""
    return [f.floats(f.batch, f.width(), side, side) for side in sides]


def detr_encoder(f: Facts) -> dict[str, Any]:
    return {"vision_features": maps(f, 8), "text_features": states(f), "vision_pos_embeds": maps(f, 8)}


def detr_decoder(f: Facts) -> dict[str, Any]:
    return {
        "vision_features": states(f, 64),
        "text_features": states(f),
        "vision_pos_encoding": states(f, 64),
        "spatial_shapes": f.ones(1, 2) * 8,
    }


def geometry_encoder(f: Facts) -> dict[str, Any]:
    return {
        "box_embeddings": f.floats(f.batch, 3, 4).sigmoid(),
        "box_mask": f.ones(f.batch, 3).bool(),
        "box_labels": f.ones(f.batch, 3),
        "img_feats": maps(f, 8),
    }


def mask_decoder(f: Facts) -> dict[str, Any]:
    return {
        "decoder_queries": states(f),
        "backbone_features": maps(f, 32, 16, 8),
        "encoder_hidden_states": states(f, 64),
        "prompt_features": states(f, 5),
    }


def patched(f: Facts) -> Any:
    """Which of four patches each byte is in."""
    return f.ones(f.batch, f.length).cumsum(-1).sub(1).clamp(max=3)


def with_images(f: Facts, count: int) -> Any:
    """Texts that begin with as many tokens of images as these take."""
    ids = f.ids().clamp(min=IMAGE + 1)
    ids[:, :count] = IMAGE
    return ids


def packed_row(f: Facts) -> dict[str, Any]:
    """Images of the same size, as their patches side by side."""
    patch = f.find("patch_size")
    return {
        "pixel_values": f.floats(1, 3, patch, 16 * patch * f.batch),
        "target_sizes": f.ones(f.batch, 2) * 4,
    }


def places(f: Facts, side: int) -> Any:
    """Columns and rows of the patches of a square image."""
    columns = f.ones(f.batch, side, side).cumsum(-1) - 1
    return torch.stack([columns, columns.transpose(1, 2)], -1).flatten(1, 2)


def packed_sound(f: Facts) -> dict[str, Any]:
    """Spectrograms side by side."""
    return {
        "input_features": f.floats(f.find("num_mel_bins"), 200 * f.batch),
        "feature_lens": f.ones(f.batch) * 200,
        "aftercnn_lens": f.ones(f.batch) * 100,
    }


def dit(f: Facts) -> dict[str, Any]:
    frames = 4 * f.length
    return {
        "hidden_states": f.floats(f.batch, frames, f.find("mel_dim")),
        "condition_vector": f.floats(f.batch, frames, f.find("mel_dim")),
        "speaker_embedding": f.floats(f.batch, frames, f.find("enc_emb_dim")),
        "quantized_code": f.ints(90, f.batch, frames // f.find("repeats")),
        "time_step": f.floats(1).sigmoid()[0],
    }


# type -> its arguments
GIVEN: dict[str, Callable[[Facts], dict[str, Any]]] = {
    "blip-2": lambda f: {"pixel_values": f.pixels(), "input_ids": with_images(f, 4)},
    "blt_local_decoder": lambda f: {
        "inputs_embeds": states(f),
        "patch_embeds": f.floats(f.batch, 4, f.find("hidden_size_global")),
    },
    "blt_local_encoder": lambda f: {"input_ids": f.ids(), "num_patches": 4, "patch_ids": patched(f)},
    "chameleon_vqgan": lambda f: {"pixel_values": f.floats(f.batch, 3, 64, 64)},
    "clap": lambda f: {"input_ids": f.ids(), "input_features": f.floats(f.batch, 1, 1024, 64)},
    "clap_audio_model": lambda f: {"input_features": f.floats(f.batch, 1, 1024, 64)},
    "deepseek_ocr2_encoder": lambda f: {"inputs_embeds": states(f), "num_patches": 4},
    "depth_pro": lambda f: {"pixel_values": f.floats(f.batch, 3, 128, 128)},
    "dia_decoder": lambda f: {
        "input_ids": f.ints(90, f.batch, f.length, f.find("num_channels")),
        "encoder_hidden_states": f.floats(f.batch, 5, f.find("cross_hidden_size")),
    },
    "emu3_vqgan": lambda f: {
        name: f.floats(f.batch, 1, f.find("latent_channels"), 4, 4) for name in ("hidden_states", "quant_states")
    },
    "florence_vision": lambda f: {"hidden_states": f.floats(f.batch, 3, 64, 64)},
    "fun_asr_nano_encoder": lambda f: {
        "input_features": f.floats(f.batch, 20, f.find("num_mel_bins") * f.find("num_stacked_frames")),
        "input_features_mask": f.ones(f.batch, 20),
    },
    "gemma3n_audio": lambda f: {
        "audio_mel": f.floats(f.batch, 96, f.find("input_feat_size")),
        "audio_mel_mask": f.ones(f.batch, 96) < 1,
    },
    "gemma4_vision": lambda f: {
        "pixel_values": f.floats(f.batch, 36, 3 * f.find("patch_size") ** 2),
        "pixel_position_ids": places(f, 6),
    },
    "granite_speech_encoder": lambda f: {"hidden_states": f.floats(f.batch, 20, f.find("input_dim"))},
    "granite_speech_plus_encoder": lambda f: {"hidden_states": f.floats(f.batch, 20, f.find("input_dim"))},
    "idefics": lambda f: {
        "pixel_values": f.floats(f.batch, 1, 3, f.find("image_size"), f.find("image_size")),
        "input_ids": f.ids(),
        "attention_mask": f.ones(f.batch, f.length),
        "image_attention_mask": f.ones(f.batch, f.length, 1),
    },
    "idefics2_perceiver": lambda f: {"context": states(f), "attention_mask": f.ones(f.batch, f.length)},
    "inkling_audio": lambda f: {"audio_input_ids": f.ints(90, f.batch, f.length, f.find("n_mel_bins"))},
    "inkling_vision": lambda f: {
        "pixel_values": f.floats(f.batch, f.find("temporal_patch_size"), f.find("patch_size"), f.find("patch_size"), 3)
    },
    "instructblip": lambda f: {
        "pixel_values": f.pixels(),
        "qformer_input_ids": f.ids(),
        "input_ids": with_images(f, 4),
        "attention_mask": f.ones(f.batch, f.length),
    },
    "instructblipvideo": lambda f: {
        "pixel_values": f.floats(f.batch, 2, 3, f.find("image_size"), f.find("image_size")),
        "qformer_input_ids": f.ids(),
        "input_ids": with_images(f, 8),
        "attention_mask": f.ones(f.batch, f.length),
    },
    "janus_vqgan": lambda f: {"pixel_values": f.floats(f.batch, 3, 64, 64)},
    "kosmos-2": lambda f: {
        "pixel_values": f.pixels(),
        "input_ids": f.ids(),
        "image_embeds_position_mask": f.ones(f.batch, f.length).cumsum(-1).le(4),
    },
    "kyutai_speech_to_text": lambda f: {"input_ids": f.ints(90, f.batch, f.length, f.find("num_codebooks") + 1)},
    "minicpmv4_6_vision": packed_row,
    "minicpmv4_7_vision": packed_row,
    "mllama_vision_model": lambda f: {
        "pixel_values": f.floats(f.batch, 1, 4, 3, f.find("image_size"), f.find("image_size")),
        "aspect_ratio_ids": f.ones(f.batch, 1),
        "aspect_ratio_mask": f.ones(f.batch, 1, 4),
    },
    "moshi_depth": lambda f: {
        "input_ids": f.ints(90, f.batch, f.find("num_codebooks")),
        "last_hidden_state": f.floats(f.batch, 1, f.find("input_size")),
    },
    "muse_glimmer_assistant": lambda f: {
        "noise_embeds": states(f, 16),
        "context_hidden_states": f.floats(f.batch, f.length, f.width() * len(f.config.target_layer_ids)),
    },
    "musicgen": lambda f: {
        "input_ids": f.ids(),
        "attention_mask": f.ones(f.batch, f.length),
        "decoder_input_ids": f.ints(90, f.batch * f.config.decoder.num_codebooks, 5),
    },
    "musicgen_melody": lambda f: {
        "input_ids": f.ids(),
        "attention_mask": f.ones(f.batch, f.length),
        "decoder_input_ids": f.ints(90, f.batch * f.config.decoder.num_codebooks, 5),
    },
    "neucodec": lambda f: {"input_values": f.floats(f.batch, 1, 3200), "input_features": f.floats(f.batch, 10, 160)},
    "omdet-turbo": lambda f: {
        "pixel_values": f.floats(f.batch, 3, 64, 64),
        "classes_input_ids": f.ints(90, 2 * f.batch, 5),
        "classes_attention_mask": f.ones(2 * f.batch, 5),
        "tasks_input_ids": f.ids(),
        "tasks_attention_mask": f.ones(f.batch, f.length),
        "classes_structure": f.ones(f.batch) * 2,
    },
    "oneformer": lambda f: {
        "pixel_values": f.floats(f.batch, 3, 64, 64),
        "task_inputs": f.ints(90, f.batch, f.find("task_seq_len")),
    },
    "pe_audio": lambda f: {"input_ids": f.ids(), "input_values": f.floats(f.batch, 1, 1920 * f.length)},
    "pe_audio_video": lambda f: {
        "input_ids": f.ids(),
        "input_values": f.floats(f.batch, 1, 1920 * f.length),
        "pixel_values_videos": f.floats(f.batch, 4, 3, 64, 64),
    },
    "pe_audio_video_encoder": lambda f: {
        "input_values": f.floats(f.batch, 1, 1920 * f.length),
        "pixel_values_videos": f.floats(f.batch, 4, 3, 64, 64),
    },
    "phi4_multimodal_audio": lambda f: {
        "hidden_states": f.floats(f.batch, 64, f.find("input_size")),
        "mask": f.ones(f.batch, 64).bool(),
    },
    "pi0": lambda f: {
        "action_embeds": f.floats(f.batch, f.length, f.config.dit_config.hidden_size),
        "input_ids": torch.cat([f.ones(f.batch, 16) * IMAGE, f.ids().clamp(min=IMAGE + 1)], 1),
        "pixel_values": f.floats(f.batch, 1, 3, 32, 32),
        "attention_mask": f.ones(f.batch, 16 + f.length),
        "pixel_attention_mask": f.ones(f.batch, 1).bool(),
    },
    "pop2piano": lambda f: {"input_features": states(f), "decoder_input_ids": f.ids()[:, :7]},
    "pp_formulanet": lambda f: {
        "pixel_values": f.floats(f.batch, 3, f.find("image_size"), f.find("image_size")),
        "decoder_input_ids": f.ids(),
    },
    "pp_ocrv5_mobile_det": lambda f: {"hidden_states": f.floats(f.batch, 3, 64, 64)},
    "qwen2_5_omni_audio_encoder": packed_sound,
    "qwen2_5_omni_bigvgan": lambda f: {"mel_spectrogram": f.floats(f.batch, f.find("mel_dim"), 3 * f.length)},
    "qwen2_5_omni_dit": dit,
    "qwen3_asr_encoder": lambda f: {
        "input_features": f.floats(f.batch, f.find("num_mel_bins"), 200),
        "input_features_mask": f.ones(f.batch, 200),
    },
    "qwen3_omni_moe_audio_encoder": packed_sound,
    "rag": lambda f: {
        "input_ids": f.ids(),
        "attention_mask": f.ones(f.batch, f.length),
        "decoder_input_ids": f.ids()[:, :7],
        "context_input_ids": f.ints(90, 2 * f.batch, f.length),
        "context_attention_mask": f.ones(2 * f.batch, f.length),
        "doc_scores": f.floats(f.batch, 2),
        "n_docs": 2,
    },
    "sam3_detr_decoder": detr_decoder,
    "sam3_detr_encoder": detr_encoder,
    "sam3_geometry_encoder": geometry_encoder,
    "sam3_lite_text_detr_decoder": detr_decoder,
    "sam3_lite_text_detr_encoder": detr_encoder,
    "sam3_lite_text_geometry_encoder": geometry_encoder,
    "sam3_lite_text_mask_decoder": mask_decoder,
    "sam3_mask_decoder": mask_decoder,
    "seggpt": lambda f: {
        name: f.floats(f.batch, 3, 32, 32) for name in ("pixel_values", "prompt_pixel_values", "prompt_masks")
    },
    "slanet": lambda f: {"hidden_states": f.floats(f.batch, 3, 64, 64)},
    "slanext": lambda f: {"hidden_states": f.floats(f.batch, 3, f.find("image_size"), f.find("image_size"))},
    "speecht5": lambda f: {"input_values": states(f), "decoder_input_values": states(f, 7)},
    "tvp": lambda f: {  # its columns are for one video at a time
        "input_ids": f.ids()[:1],
        "pixel_values": f.floats(1, 2, 3, 128, 128),
        "attention_mask": f.ones(1, f.length),
    },
    "udop": lambda f: {
        "input_ids": f.ids(),
        "bbox": f.boxes() / 1000,
        "attention_mask": f.ones(f.batch, f.length),
        "decoder_input_ids": f.ids()[:, :7],
    },
    "vibevoice_acoustic_tokenizer_decoder": lambda f: {"hidden_states": f.floats(f.batch, f.find("hidden_size"), 4)},
    "vibevoice_acoustic_tokenizer_encoder": lambda f: {"hidden_states": f.floats(f.batch, 1, 3200 * f.batch)},
    "videomt": lambda f: {"pixel_values_videos": f.floats(f.batch, 2, 3, f.find("image_size"), f.find("image_size"))},
    "videoprism_vision_model": lambda f: {
        "pixel_values_videos": f.floats(f.batch, f.find("num_frames"), 3, f.find("image_size"), f.find("image_size"))
    },
    "vitmatte": lambda f: {"pixel_values": f.floats(f.batch, 4, 64, 64)},
    "vitpose": lambda f: {"pixel_values": f.floats(f.batch, 3, 256, 192)},
    "voxtral_realtime": lambda f: {
        "input_ids": f.ids(),
        "input_features": f.floats(f.batch, f.find("num_mel_bins"), 8 * f.length),
    },
    "voxtral_realtime_text": lambda f: {"input_ids": f.ids(), "t_cond": f.floats(1, 1, f.width())},
    "xcodec2": lambda f: {"input_values": f.floats(f.batch, 1, 3200), "input_features": f.floats(f.batch, 10, 160)},
}
