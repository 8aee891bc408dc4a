#include "weights/mlx_lm.h"

#include <algorithm>
#include <array>

namespace torch2mlx::weights {
namespace {

constexpr std::array<std::string_view, 2> gpt2_masks{"attn.bias", "attn.masked_bias"};

constexpr MlxLmRow rows[] = {
    // Its sanitize turns matrices of keys "h.0...", which quantized ones would not survive, and takes "model.h.0..." as
    // is.
    {"gpt2", "transformer.", "model.", gpt2_masks},
};

}  // namespace

const MlxLmRow* mlx_lm_row(std::string_view model_type) {
  const auto* row = std::ranges::find(rows, model_type, &MlxLmRow::model_type);
  return row == std::end(rows) ? nullptr : row;
}

std::string mlx_lm_name(const MlxLmRow& row, std::string_view key) {
  if (key.starts_with(row.prefix)) return std::string(key);
  if (key.starts_with(row.torch_prefix)) key.remove_prefix(row.torch_prefix.size());
  return std::string(row.prefix).append(key);
}

}  // namespace torch2mlx::weights
