// Quantization of planned matrices.
#pragma once

#include <string_view>

#include "weights/plan.h"

namespace torch2mlx::weights {

// Matrices of linear and embedding layers become words, scales and biases, as `options` choose. Where nothing tells a
// class, every matrix called weight counts as one. `model_type` of a model of mlx-lm, empty for all others.
void pack_matrices(Plan& plan, const QuantizeOptions& options, std::string_view model_type);

}  // namespace torch2mlx::weights
