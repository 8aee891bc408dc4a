"""diffusers: UNets, VAEs, transformers and control nets, each in a tiny configuration."""

from __future__ import annotations

from .diffusers_common import HEADS, TIME, latents, net, text
from .diffusers_transformers import transformers
from .nets import Net, floats, ints

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
