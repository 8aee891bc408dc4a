"""Small configurations of a type of transformers: fields are shrunk by their names."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from typing import Any

HEAD_SIZES = r"head_dim|kv_channels|attention_head_size|d_kv|d_head|v_head_dim|qk_rope_head_dim|qk_nope_head_dim"
WIDTHS = r"hidden_size|d_model|n_embd|embed_dim|hidden_dim|dim|word_embed_proj_dim|dim_model|embedding_size|emb_dim"
LAYERS = r"num_hidden_layers|n_layers?|num_layers|(.*_)?(encoder|decoder)_layers|depth|num_blocks|num_block"
BLOCKS = "depths"  # of each stage, as a list

# Field of a configuration -> its small value; the first pattern that fits a name counts. Lists keep their length, or
# are cut to the number of layers.
Rows = tuple[tuple[str, int], ...]
SHRUNK: Rows = (
    (r"(.*_)?vocab_size(_.*)?|n_vocab|n_tokens|num_embeddings|codebook_size", 99),
    (r"num_key_value_heads|num_kv_heads|n_kv_heads|multi_query_group_num", 2),
    (r"(.*_)?(num_(attention_)?heads|n_heads?|attention_heads|num_heads)", 4),
    (LAYERS, 2),
    (r"num_(local_|routed_)?experts|n_routed_experts|moe_num_experts", 4),
    (r"num_experts_per_tok|moe_k|moe_topk|num_selected_experts|top_k_experts", 2),
    (HEAD_SIZES, 8),
    (r"kv_lora_rank|q_lora_rank", 16),
    (r"(.*_)?(intermediate_size|ffn_dim|d_ff|ffn_hidden_size|d_inner|n_inner|dim_feedforward|ffn_embed_dim)", 48),
    (WIDTHS, 32),
    (r"max_position_embeddings|n_positions|n_ctx|max_seq_len|seq_length|max_sequence_length|max_target_positions", 64),
    (r"image_size|img_size|input_size", 32),
    (r"patch_size", 8),
)
# Before those of SHRUNK, for types whose heads have a size of their own, or parts of a size; and for layers of several
# kinds.
LARGER: tuple[Rows, ...] = (
    ((HEAD_SIZES, 1 << 20), (WIDTHS, 128), (LAYERS, 6)),
    ((HEAD_SIZES, 1 << 20), (WIDTHS, 256), (r"(.*_)?(num_(attention_)?heads|n_heads?|attention_heads|num_heads)", 2)),
)
# And for types that are too large by names that other types do not have.
ALL: Rows = (
    (r".*(vocab_size|_vocab).*", 99),
    (r"num_filters|n_filters", 4),
    (r".*(intermediate_size|ffn_dim|dim_feedforward).*", 48),
    (r"(?!.*_per_)(?!num_).*(hidden_size|hidden_dim|_channels|projection_dim|embed_dim|hidden_state_size).*", 32),
    (r"num_.*layers|.*_num_layers|.*_n_layers", 2),
)


def shrink(config: Any, rows: Rows = SHRUNK, seen: set[int] | None = None) -> Any:
    """Sets the fields of `config` and of the configurations it holds to their small values."""
    from transformers import PretrainedConfig

    seen = seen if seen is not None else set()
    if id(config) in seen:
        return config
    seen.add(id(config))
    for name, value in list(vars(config).items()):
        if isinstance(value, PretrainedConfig):
            shrink(value, rows, seen)
        for pattern, small in rows:
            if isinstance(value, int) and not isinstance(value, bool) and re.fullmatch(pattern, name) and value > small:
                with contextlib.suppress(Exception):
                    setattr(config, name, small)
                break
        if name == BLOCKS and isinstance(value, list):
            with contextlib.suppress(Exception):
                setattr(config, name, [min(count, 2) for count in value])
    layers = getattr(config, "num_hidden_layers", None)
    for name in ("layer_types", "layers_block_type", "mlp_layer_types", "sliding_window_pattern"):
        kinds = getattr(config, name, None)
        if isinstance(kinds, list) and isinstance(layers, int):
            with contextlib.suppress(Exception):
                setattr(config, name, cut(kinds, layers))
    for name in ("pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id", "sep_token_id"):
        value = getattr(config, name, None)
        if isinstance(value, int) and value >= (getattr(config, "vocab_size", None) or 99):
            with contextlib.suppress(Exception):
                setattr(config, name, {"pad_token_id": 0, "bos_token_id": 1}.get(name, 2))
    return config


def cut(kinds: list[str], count: int) -> list[str]:
    """`count` of them in which every kind is left, if there is room."""
    different = list(dict.fromkeys(kinds))
    return (different + kinds)[:count]


def shrinkings(make: Callable[[], Any]) -> Iterator[Any]:
    """Small configurations of a type, smallest first; many need their widths to fit each other."""
    yield shrink(make())
    for larger in LARGER:
        yield shrink(make(), larger + SHRUNK)
    from make_architectures import small

    config = small(make())
    for part in [config, *(v for v in vars(config).values() if hasattr(v, "model_type"))]:
        for name, size in (("vocab_size", 99), ("num_hidden_layers", 2), ("image_size", 64)):
            value = getattr(part, name, None)
            if isinstance(value, int) and not isinstance(value, bool) and value > size:
                with contextlib.suppress(Exception):
                    setattr(part, name, size)
    yield config
    yield small(make())
    yield shrink(make(), SHRUNK + ALL)
