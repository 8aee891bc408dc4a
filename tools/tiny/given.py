"""Inputs that no rule makes: what single types take, as their forwards say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

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


# type -> its arguments
GIVEN: dict[str, Callable[[Facts], dict[str, Any]]] = {
    "blip-2": lambda f: {"pixel_values": f.pixels(), "input_ids": with_images(f, 4)},
    "blt_local_decoder": lambda f: {
        "inputs_embeds": states(f),
        "patch_embeds": f.floats(f.batch, 4, f.find("hidden_size_global")),
    },
    "blt_local_encoder": lambda f: {"input_ids": f.ids(), "num_patches": 4, "patch_ids": patched(f)},
    "clap": lambda f: {"input_ids": f.ids(), "input_features": f.floats(f.batch, 1, 1024, 64)},
    "clap_audio_model": lambda f: {"input_features": f.floats(f.batch, 1, 1024, 64)},
    "depth_pro": lambda f: {"pixel_values": f.floats(f.batch, 3, 128, 128)},
    "dia_decoder": lambda f: {
        "input_ids": f.ints(90, f.batch, f.length, f.find("num_channels")),
        "encoder_hidden_states": f.floats(f.batch, 5, f.find("cross_hidden_size")),
    },
    "florence_vision": lambda f: {"hidden_states": f.floats(f.batch, 3, 64, 64)},
    "fun_asr_nano_encoder": lambda f: {
        "input_features": f.floats(f.batch, 20, f.find("num_mel_bins") * f.find("num_stacked_frames")),
        "input_features_mask": f.ones(f.batch, 20),
    },
    "granite_speech_encoder": lambda f: {"hidden_states": f.floats(f.batch, 20, f.find("input_dim"))},
    "granite_speech_plus_encoder": lambda f: {"hidden_states": f.floats(f.batch, 20, f.find("input_dim"))},
    "idefics": lambda f: {
        "pixel_values": f.floats(f.batch, 1, 3, f.find("image_size"), f.find("image_size")),
        "input_ids": f.ids(),
        "attention_mask": f.ones(f.batch, f.length),
        "image_attention_mask": f.ones(f.batch, f.length, 1),
    },
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
    "neucodec": lambda f: {"input_values": f.floats(f.batch, 1, 3200), "input_features": f.floats(f.batch, 10, 160)},
    "oneformer": lambda f: {
        "pixel_values": f.floats(f.batch, 3, 64, 64),
        "task_inputs": f.ints(90, f.batch, f.find("task_seq_len")),
    },
    "sam3_detr_decoder": detr_decoder,
    "sam3_detr_encoder": detr_encoder,
    "sam3_geometry_encoder": geometry_encoder,
    "sam3_lite_text_detr_decoder": detr_decoder,
    "sam3_lite_text_detr_encoder": detr_encoder,
    "sam3_lite_text_geometry_encoder": geometry_encoder,
    "sam3_lite_text_mask_decoder": mask_decoder,
    "sam3_mask_decoder": mask_decoder,
    "vitpose": lambda f: {"pixel_values": f.floats(f.batch, 3, 256, 192)},
    "xcodec2": lambda f: {"input_values": f.floats(f.batch, 1, 3200), "input_features": f.floats(f.batch, 10, 160)},
}
