// What mlx-lm's models want of a checkpoint beyond PyTorch's names and layouts, which their `sanitize` takes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "read/model_config.h"
#include "weights/record.h"

namespace torch2mlx::weights {

// Models whose `sanitize` takes other files than transformers saves: they get MLX's layouts and `prefix` before each
// key that has none, in place of `torch_prefix`.
struct MlxLmRow {
  std::string_view model_type, torch_prefix, prefix;
  std::span<const std::string_view> dropped;  // patterns of keys that the model has no use for
};

// nullptr: the model rearranges what PyTorch has itself.
const MlxLmRow* mlx_lm_row(std::string_view model_type);

// Where the model holds the matrices of all experts as one and takes them quantized in no other form: the key of that
// one and the expert's place in it. Nothing: the matrix stays by itself.
std::optional<Share> mlx_lm_stack(std::string_view model_type, std::string_view key);

// True for models whose `sanitize` changes plain weights alone, so that quantized ones cannot be loaded.
bool mlx_lm_wants_plain(std::string_view model_type);

// Bits, in affine groups of 64, that the model asks for a module (its `quant_predicate`), 0: it stays as it is.
// Nothing: it is quantized as all are.
std::optional<int> mlx_lm_bits(std::string_view model_type, std::string_view path);

// True for tensors that the model wants in their own type whatever type the rest gets (its `cast_predicate`).
bool mlx_lm_keeps_type(std::string_view model_type, std::string_view key);

// True for the output layer's weight where the model takes the embedding's in its place.
bool mlx_lm_ties(const ModelConfig& config, std::string_view key);

std::string mlx_lm_name(const MlxLmRow& row, std::string_view key);

}  // namespace torch2mlx::weights
