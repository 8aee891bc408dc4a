// What mlx-lm's models want of a checkpoint beyond PyTorch's names and layouts, which their `sanitize` takes.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace torch2mlx::weights {

// Models whose `sanitize` takes other files than transformers saves: they get MLX's layouts and `prefix` before each
// key that has none, in place of `torch_prefix`.
struct MlxLmRow {
  std::string_view model_type, torch_prefix, prefix;
  std::span<const std::string_view> dropped;  // patterns of keys that the model has no use for
};

// nullptr: the model rearranges what PyTorch has itself.
const MlxLmRow* mlx_lm_row(std::string_view model_type);

std::string mlx_lm_name(const MlxLmRow& row, std::string_view key);

}  // namespace torch2mlx::weights
