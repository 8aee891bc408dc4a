// Quantization of planned matrices.
#pragma once

#include "weights/plan.h"

namespace torch2mlx::weights {

// Matrices of linear and embedding layers become words, scales and biases, as `options` choose. Where nothing tells a
// class, every matrix called weight counts as one.
void pack_matrices(Plan& plan, const QuantizeOptions& options);

}  // namespace torch2mlx::weights
