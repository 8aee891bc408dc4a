// The families of table 3, one file each; layers.cpp joins them.
#pragma once

#include <algorithm>

#include "layers/layers.h"

namespace torch2mlx::layers {

std::span<const Row> linear_rows();
std::span<const Row> embedding_rows();
std::span<const Row> conv_rows();
std::span<const Row> norm_rows();
std::span<const Row> activation_rows();
std::span<const Row> dropout_rows();
std::span<const Row> pooling_rows();
std::span<const Row> attention_rows();
std::span<const Row> recurrent_rows();
std::span<const Row> function_rows();
std::span<const Row> package_rows();  // layers of other packages: transformers, timm, torchvision

// For static_assert: every permutation holds each axis once.
consteval bool permutations_are_valid(std::span<const Row> table) {
  for (const Row& row : table)
    for (const Parameter& parameter : row.parameters)
      for (int axis = 0; axis < static_cast<int>(parameter.permute.size()); ++axis)
        if (std::ranges::count(parameter.permute, axis) != 1) return false;
  return true;
}

}  // namespace torch2mlx::layers
