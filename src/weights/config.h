// What MLX's loaders read of config.json about weights.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "torch2mlx/convert.h"

namespace torch2mlx::weights {

// `config` (JSON text, may be empty) with "quantization" and, the same, "quantization_config", as mlx-lm writes them:
// the defaults, which are those of `options` or what most modules have, and by module path what differs; a recipe
// states every module. Without quantized modules the text loses both entries. It also says under the names of old,
// which mlx-lm's models read, what transformers 5 has new ones for. Where nothing changes, the text is as it was.
// Throws Error(input), place "config.json", for text that is no JSON object.
std::string converted_config(std::string_view config, const Options& options,
                             std::span<const QuantizedMatrix> quantized);

}  // namespace torch2mlx::weights
