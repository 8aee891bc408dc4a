"""diffusers: UNets, VAEs, transformer families and control nets, each in a tiny configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .nets import Floats, Net, Size, floats, ints, ones

TIME = ints(1000, "B")
SIDES = {"S": (16, 24)}
SMALL_UNET = {
    "block_out_channels": (32, 64),
    "layers_per_block": 1,
    "norm_num_groups": 8,
}
CONDITION = {**SMALL_UNET, "cross_attention_dim": 32, "attention_head_dim": 8, "sample_size": 16}
DOWN_UP = {
    "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
}
SMALL_VAE = {"block_out_channels": (32, 64), "norm_num_groups": 8, "latent_channels": 4}
VAE_BLOCKS = {"down_block_types": ("DownEncoderBlock2D",) * 2, "up_block_types": ("UpDecoderBlock2D",) * 2}
HEADS = {"num_attention_heads": 2, "attention_head_dim": 16}


def latents(channels: int, *leading: Size) -> Floats:
    return floats("B", channels, *leading, "S", "S")


def text(width: int = 32, length: int = 7) -> Floats:
    return floats("B", length, width)


def net(name: str, cls: str, config: dict[str, Any], args: tuple[Any, ...], sizes: Any = SIDES, **kwargs: Any) -> Net:
    return Net(name, maker(cls, config), args, sizes, kwargs)


def maker(cls: str, config: dict[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        import diffusers

        return getattr(diffusers, cls)(**config)

    return make


def unets() -> list[Net]:
    video = {**SMALL_UNET, "cross_attention_dim": 32, "attention_head_dim": 8, "sample_size": 16}
    return [
        net(
            "unet-2d",
            "UNet2DModel",
            {
                **SMALL_UNET,
                "sample_size": 16,
                "down_block_types": ("DownBlock2D", "AttnDownBlock2D"),
                "up_block_types": ("AttnUpBlock2D", "UpBlock2D"),
            },
            (latents(3), TIME),
        ),
        net("unet-2d-condition", "UNet2DConditionModel", {**CONDITION, **DOWN_UP}, (latents(4), TIME, text())),
        net(
            "unet-2d-condition-xl",
            "UNet2DConditionModel",
            {
                **CONDITION,
                "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
                "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
                "transformer_layers_per_block": (1, 2),
                "use_linear_projection": True,
                "addition_embed_type": "text_time",
                "addition_time_embed_dim": 8,
                "projection_class_embeddings_input_dim": 80,
            },
            (latents(4), TIME, text()),
            added_cond_kwargs={"text_embeds": floats("B", 32), "time_ids": floats("B", 6)},
        ),
        net(
            "unet-1d",
            "UNet1DModel",
            {
                "block_out_channels": (16, 32, 64),
                "sample_size": 256,
                "extra_in_channels": 32,
                "in_channels": 2,
                "out_channels": 2,
            },
            (floats("B", 2, "L"), TIME),
            {"L": (256, 512)},
        ),
        net(
            "unet-3d-condition",
            "UNet3DConditionModel",
            {
                **video,
                "down_block_types": ("CrossAttnDownBlock3D", "DownBlock3D"),
                "up_block_types": ("UpBlock3D", "CrossAttnUpBlock3D"),
            },
            (latents(4, 4), TIME, text()),
        ),
        net(
            "unet-spatio-temporal",
            "UNetSpatioTemporalConditionModel",
            {
                "block_out_channels": (32, 64),
                "layers_per_block": 1,
                "sample_size": 16,
                "cross_attention_dim": 32,
                "num_attention_heads": 2,
                "addition_time_embed_dim": 32,
                "projection_class_embeddings_input_dim": 96,
                "down_block_types": ("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
                "up_block_types": ("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
            },
            (floats("B", 2, 8, "S", "S"), TIME, text(length=1), floats("B", 3)),
        ),
        net(
            "uvit-2d",
            "UVit2DModel",
            {
                "hidden_size": 32,
                "cond_embed_dim": 32,
                "encoder_hidden_size": 32,
                "block_out_channels": 32,
                "num_attention_heads": 2,
                "num_hidden_layers": 2,
                "intermediate_size": 64,
                "codebook_size": 32,
                "vocab_size": 33,
                "micro_cond_encode_dim": 8,
                "micro_cond_embed_dim": 40,
                "sample_size": 16,
            },
            (ints(33, "B", "S", "S"), text(), floats("B", 32), floats("B", 5)),
        ),
        net(
            "unet-stable-cascade",
            "StableCascadeUNet",
            {
                "in_channels": 4,
                "out_channels": 4,
                "conditioning_dim": 32,
                "block_out_channels": (32, 64),
                "num_attention_heads": (0, 2),
                "down_num_layers_per_block": (1, 1),
                "up_num_layers_per_block": (1, 1),
                "down_blocks_repeat_mappers": (1, 1),
                "up_blocks_repeat_mappers": (1, 1),
                "block_types_per_layer": (
                    ("SDCascadeResBlock", "SDCascadeTimestepBlock"),
                    ("SDCascadeResBlock", "SDCascadeTimestepBlock", "SDCascadeAttnBlock"),
                ),
                "clip_text_pooled_in_channels": 32,
                "timestep_ratio_embedding_dim": 16,
                "patch_size": 1,
                "switch_level": (False,),
            },
            (latents(4), floats("B")),
            clip_text_pooled=floats("B", 1, 32),
        ),
    ]


def vaes() -> list[Net]:
    image = (latents(3),)
    return [
        net("vae-kl", "AutoencoderKL", {**SMALL_VAE, **VAE_BLOCKS}, image),
        net(
            "vae-asymmetric",
            "AsymmetricAutoencoderKL",
            {
                "down_block_types": ("DownEncoderBlock2D",) * 2,
                "down_block_out_channels": (32, 64),
                "up_block_types": ("UpDecoderBlock2D",) * 2,
                "up_block_out_channels": (32, 64),
                "norm_num_groups": 8,
            },
            image,
        ),
        net(
            "vae-tiny",
            "AutoencoderTiny",
            {
                "encoder_block_out_channels": (16, 16),
                "decoder_block_out_channels": (16, 16),
                "num_encoder_blocks": (1, 1),
                "num_decoder_blocks": (1, 1),
            },
            image,
        ),
        net(
            "vae-vq",
            "VQModel",
            {"block_out_channels": (32, 64), "norm_num_groups": 8, "num_vq_embeddings": 32, **VAE_BLOCKS},
            image,
        ),
        net(
            "vae-dc",
            "AutoencoderDC",
            {
                "encoder_block_out_channels": (16, 32),
                "decoder_block_out_channels": (16, 32),
                "latent_channels": 4,
                "attention_head_dim": 8,
                "encoder_layers_per_block": (1, 1),
                "decoder_layers_per_block": (1, 1),
                "encoder_block_types": ("ResBlock", "EfficientViTBlock"),
                "decoder_block_types": ("ResBlock", "EfficientViTBlock"),
                "encoder_qkv_multiscales": ((), (5,)),
                "decoder_qkv_multiscales": ((), (5,)),
                "decoder_norm_types": ("rms_norm", "rms_norm"),
                "decoder_act_fns": ("silu", "silu"),
            },
            image,
        ),
        net(
            "vae-temporal-decoder",
            "AutoencoderKLTemporalDecoder",
            {"block_out_channels": (32, 64), "latent_channels": 4, "down_block_types": ("DownEncoderBlock2D",) * 2},
            (latents(3),),
            num_frames=1,
        ),
        net(
            "vae-cogvideox",
            "AutoencoderKLCogVideoX",
            {
                "block_out_channels": (16, 16),
                "norm_num_groups": 4,
                "layers_per_block": 1,
                "latent_channels": 4,
                "temporal_compression_ratio": 2,
                "down_block_types": ("CogVideoXDownBlock3D",) * 2,
                "up_block_types": ("CogVideoXUpBlock3D",) * 2,
            },
            (latents(3, 5),),
        ),
        net(
            "vae-wan",
            "AutoencoderKLWan",
            {
                "base_dim": 8,
                "z_dim": 4,
                "dim_mult": [1, 2],
                "num_res_blocks": 1,
                "temperal_downsample": [False],
                "latents_mean": [0.0] * 4,
                "latents_std": [1.0] * 4,
            },
            (latents(3, 1),),
        ),
        net(
            "vae-ltx",
            "AutoencoderKLLTXVideo",
            {
                "block_out_channels": (16, 32),
                "decoder_block_out_channels": (16, 32),
                "latent_channels": 4,
                "layers_per_block": (1, 1, 1),
                "decoder_layers_per_block": (1, 1, 1),
                "down_block_types": ("LTXVideoDownBlock3D",) * 2,
                "spatio_temporal_scaling": (True, False),
                "decoder_spatio_temporal_scaling": (True, False),
                "decoder_inject_noise": (False,) * 3,
                "upsample_residual": (False,) * 2,
                "upsample_factor": (1, 1),
                "patch_size": 4,
            },
            (latents(3, 9),),
        ),
        net(
            "vae-oobleck",
            "AutoencoderOobleck",
            {
                "encoder_hidden_size": 8,
                "downsampling_ratios": [2, 4],
                "channel_multiples": [1, 2],
                "decoder_channels": 8,
                "decoder_input_channels": 4,
            },
            (floats("B", 2, "L"),),
            {"L": (128, 256)},
        ),
    ]


def transformers() -> list[Net]:
    layers = {"num_layers": 2, **HEADS}
    return [
        net(
            "dit",
            "DiTTransformer2DModel",
            {**layers, "sample_size": 16, "in_channels": 4, "num_embeds_ada_norm": 1000, "norm_num_groups": 4},
            (latents(4), TIME),
            class_labels=ints(1000, "B"),
        ),
        net(
            "pixart",
            "PixArtTransformer2DModel",
            {
                **layers,
                "sample_size": 16,
                "caption_channels": 32,
                "cross_attention_dim": 32,
                "use_additional_conditions": False,
            },
            (latents(4), text(), TIME),
        ),
        net(
            "sd3",
            "SD3Transformer2DModel",
            {
                **layers,
                "sample_size": 16,
                "in_channels": 4,
                "out_channels": 4,
                "joint_attention_dim": 32,
                "caption_projection_dim": 32,
                "pooled_projection_dim": 64,
                "pos_embed_max_size": 24,
            },
            (latents(4), text(), floats("B", 64), TIME),
        ),
        net(
            "flux",
            "FluxTransformer2DModel",
            {
                "num_layers": 1,
                "num_single_layers": 1,
                "in_channels": 4,
                "joint_attention_dim": 32,
                "pooled_projection_dim": 32,
                "axes_dims_rope": (4, 4, 8),
                **HEADS,
                "guidance_embeds": True,
            },
            (floats("B", "S", 4),),
            {"S": (16, 25)},
            encoder_hidden_states=text(),
            pooled_projections=floats("B", 32),
            timestep=floats("B"),
            img_ids=floats("S", 3),
            txt_ids=floats(7, 3),
            guidance=floats("B"),
        ),
        net(
            "auraflow",
            "AuraFlowTransformer2DModel",
            {
                "sample_size": 16,
                "num_mmdit_layers": 1,
                "num_single_dit_layers": 1,
                "joint_attention_dim": 32,
                "caption_projection_dim": 32,
                "pos_embed_max_size": 144,
                **HEADS,
            },
            (latents(4), text(), TIME),
        ),
        net(
            "cogvideox",
            "CogVideoXTransformer3DModel",
            {
                **layers,
                "in_channels": 4,
                "out_channels": 4,
                "time_embed_dim": 16,
                "text_embed_dim": 32,
                "sample_width": 16,
                "sample_height": 16,
                "sample_frames": 9,
                "max_text_seq_length": 7,
            },
            (floats("B", 3, 4, 16, 16), text(), TIME),
            {},
        ),
        net(
            "cogview3plus",
            "CogView3PlusTransformer2DModel",
            {
                **layers,
                "in_channels": 4,
                "out_channels": 4,
                "text_embed_dim": 32,
                "time_embed_dim": 16,
                "condition_dim": 8,
                "pos_embed_max_size": 24,
                "sample_size": 16,
            },
            (latents(4), text(), TIME, floats("B", 2), floats("B", 2), floats("B", 2)),
        ),
        net(
            "cogview4",
            "CogView4Transformer2DModel",
            {
                **layers,
                "in_channels": 4,
                "out_channels": 4,
                "text_embed_dim": 32,
                "time_embed_dim": 16,
                "condition_dim": 8,
                "rope_axes_dim": (16, 16),
                "sample_size": 16,
            },
            (latents(4), text(), TIME, floats("B", 2), floats("B", 2), floats("B", 2)),
        ),
        net(
            "sana",
            "SanaTransformer2DModel",
            {
                **layers,
                "in_channels": 4,
                "out_channels": 4,
                "num_cross_attention_heads": 2,
                "cross_attention_head_dim": 16,
                "cross_attention_dim": 32,
                "caption_channels": 32,
                "sample_size": 16,
            },
            (latents(4), text(), TIME),
        ),
        net(
            "lumina2",
            "Lumina2Transformer2DModel",
            {
                "sample_size": 16,
                "in_channels": 4,
                "hidden_size": 48,
                "num_layers": 2,
                "num_refiner_layers": 1,
                "num_attention_heads": 3,
                "num_kv_heads": 1,
                "multiple_of": 2,
                "axes_dim_rope": (4, 4, 8),
                "axes_lens": (32, 32, 32),
                "cap_feat_dim": 32,
            },
            (latents(4), floats("B"), text(), ones("B", 7)),
            {"S": (16, 24)},
        ),
        net(
            "hunyuan-dit",
            "HunyuanDiT2DModel",
            {
                "num_layers": 2,
                **HEADS,
                "sample_size": 16,
                "in_channels": 4,
                "hidden_size": 32,
                "patch_size": 2,
                "cross_attention_dim": 32,
                "cross_attention_dim_t5": 32,
                "pooled_projection_dim": 16,
                "text_len": 7,
                "text_len_t5": 7,
            },
            (floats("B", 4, 16, 16), floats("B")),
            {},
            encoder_hidden_states=text(),
            text_embedding_mask=ones("B", 7),
            encoder_hidden_states_t5=text(),
            text_embedding_mask_t5=ones("B", 7),
            image_meta_size=floats("B", 6),
            style=ints(1, "B"),
            image_rotary_emb=(floats(64, 16), floats(64, 16)),
        ),
        net(
            "stable-audio",
            "StableAudioDiTModel",
            {
                "sample_size": 64,
                "in_channels": 4,
                "num_layers": 2,
                "attention_head_dim": 16,
                "num_attention_heads": 2,
                "num_key_value_attention_heads": 1,
                "out_channels": 4,
                "cross_attention_dim": 32,
                "time_proj_dim": 16,
                "global_states_input_dim": 32,
                "cross_attention_input_dim": 32,
            },
            (floats("B", 4, "L"), floats("B"), text(), floats("B", 1, 32)),
            {"L": (32, 48)},
            rotary_embedding=(floats(33, 8), floats(33, 8)),
        ),
        net(
            "latte",
            "LatteTransformer3DModel",
            {
                **layers,
                "in_channels": 4,
                "out_channels": 8,
                "sample_size": 16,
                "patch_size": 2,
                "cross_attention_dim": 32,
                "caption_channels": 32,
                "num_embeds_ada_norm": 1000,
                "video_length": 4,
                "norm_type": "ada_norm_single",
            },
            (latents(4, 4), TIME, text()),
        ),
        net(
            "transformer-2d",
            "Transformer2DModel",
            {
                "num_attention_heads": 2,
                "attention_head_dim": 16,
                "in_channels": 32,
                "norm_num_groups": 8,
                "cross_attention_dim": 32,
            },
            (latents(32), text()),
        ),
        net(
            "prior",
            "PriorTransformer",
            {
                "num_attention_heads": 2,
                "attention_head_dim": 16,
                "num_layers": 2,
                "embedding_dim": 32,
                "num_embeddings": 7,
                "additional_embeddings": 4,
            },
            (floats("B", 32), TIME, floats("B", 32), text()),
            {},
        ),
        net(
            "mochi",
            "MochiTransformer3DModel",
            {
                "patch_size": 2,
                "num_attention_heads": 2,
                "attention_head_dim": 16,
                "num_layers": 2,
                "pooled_projection_dim": 16,
                "in_channels": 4,
                "text_embed_dim": 32,
                "time_embed_dim": 16,
            },
            (latents(4, 2), text(), TIME, ones("B", 7)),
        ),
        net(
            "ltx",
            "LTXVideoTransformer3DModel",
            {**layers, "in_channels": 4, "out_channels": 4, "cross_attention_dim": 32, "caption_channels": 32},
            (floats("B", 32, 4), text(), TIME, ones("B", 7)),
            {},
            num_frames=2,
            height=4,
            width=4,
        ),
        net(
            "wan",
            "WanTransformer3DModel",
            {
                **layers,
                "in_channels": 4,
                "out_channels": 4,
                "text_dim": 32,
                "freq_dim": 16,
                "ffn_dim": 32,
                "cross_attn_norm": True,
                "qk_norm": "rms_norm_across_heads",
                "rope_max_seq_len": 32,
            },
            (latents(4, 2), TIME, text()),
        ),
        net(
            "hunyuan-video",
            "HunyuanVideoTransformer3DModel",
            {
                "in_channels": 4,
                "out_channels": 4,
                **HEADS,
                "num_layers": 1,
                "num_single_layers": 1,
                "num_refiner_layers": 1,
                "patch_size": 2,
                "patch_size_t": 1,
                "text_embed_dim": 32,
                "pooled_projection_dim": 16,
                "rope_axes_dim": (4, 6, 6),
                "guidance_embeds": True,
            },
            (latents(4, 2), TIME, text(), ones("B", 7), floats("B", 16), floats("B")),
        ),
        net(
            "qwenimage",
            "QwenImageTransformer2DModel",
            {
                **layers,
                "patch_size": 2,
                "in_channels": 16,
                "out_channels": 4,
                "joint_attention_dim": 32,
                "axes_dims_rope": (4, 6, 6),
            },
            (floats("B", 16, 16), text(), ones("B", 7), floats("B")),
            {},
            img_shapes=[(1, 4, 4)] * 2,
        ),
        net(
            "chroma",
            "ChromaTransformer2DModel",
            {
                "num_layers": 1,
                "num_single_layers": 1,
                "in_channels": 4,
                "joint_attention_dim": 32,
                "axes_dims_rope": (4, 4, 8),
                "approximator_hidden_dim": 32,
                "approximator_layers": 1,
                "approximator_num_channels": 16,
                **HEADS,
            },
            (floats("B", "S", 4),),
            {"S": (16, 25)},
            encoder_hidden_states=text(),
            timestep=floats("B"),
            img_ids=floats("S", 3),
            txt_ids=floats(7, 3),
        ),
        net(
            "allegro",
            "AllegroTransformer3DModel",
            {
                **layers,
                "in_channels": 4,
                "out_channels": 4,
                "cross_attention_dim": 32,
                "sample_width": 16,
                "sample_height": 16,
                "sample_frames": 2,
                "caption_channels": 32,
            },
            (floats("B", 4, 2, 16, 16), text(), TIME),
            {},
        ),
    ]


def controls() -> list[Net]:
    return [
        net(
            "controlnet",
            "ControlNetModel",
            {
                "block_out_channels": (32, 64),
                "layers_per_block": 1,
                "norm_num_groups": 8,
                "cross_attention_dim": 32,
                "attention_head_dim": 8,
                "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
                "conditioning_embedding_out_channels": (16, 16),
            },
            (latents(4), TIME, text(), floats("B", 3, "2*S", "2*S")),
        ),
        net(
            "controlnet-sd3",
            "SD3ControlNetModel",
            {
                "num_layers": 2,
                **HEADS,
                "sample_size": 16,
                "in_channels": 4,
                "joint_attention_dim": 32,
                "caption_projection_dim": 32,
                "pooled_projection_dim": 64,
                "pos_embed_max_size": 24,
            },
            (latents(4), latents(4), 1.0, text(), floats("B", 64), TIME),
        ),
    ]


def nets() -> list[Net]:
    return [*unets(), *vaes(), *transformers(), *controls()]
