// Which matrices are quantized, and how: defaults, recipes by layer, rules by pattern.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weights/quantize.h"

namespace torch2mlx {

struct QuantizeOptions {
  Quantization defaults;
  std::string recipe;  // "mixed_2_6", "mixed_3_4", "mixed_3_6", "mixed_4_6" as mlx_lm.convert has them; empty: none
  // Pattern of a module path -> how, or not at all. The last one that matches wins, before recipe and defaults.
  std::vector<std::pair<std::string, std::optional<Quantization>>> rules;
};

namespace weights {

// The names of the recipes.
std::vector<std::string> quant_recipes();

class QuantRules {
 public:
  // `paths`: of all modules that own a matrix, from which the recipe learns where layers are counted and how many there
  // are. `model_type` of a model of mlx-lm, which has rules of its own; empty: none. Throws Error(input) for a recipe
  // that is unknown, not affine or that finds no down_proj, for sizes MLX does not take.
  QuantRules(const QuantizeOptions& options, std::span<const std::string_view> paths, std::string_view model_type = {});

  // True where a rule by pattern says how the module is quantized.
  bool name(std::string_view path) const;

  // Nothing: the module stays as it is. mlx-lm's rule: rows that the default group does not divide are left.
  std::optional<Quantization> find(std::string_view path, std::int64_t columns) const;

 private:
  std::optional<Quantization> by_recipe(std::string_view path) const;
  const QuantizeOptions& options_;
  std::string model_type_;
  std::size_t layer_part_ = 0;  // which part of a path counts the layers
  int layers_ = 0, low_bits_ = 0, high_bits_ = 0;
};

}  // namespace weights
}  // namespace torch2mlx
