// Views of a tensor in the order in which MLX stores it: a share of its rows, its axes permuted, its groups moved.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "read/checkpoint.h"

namespace torch2mlx::weights {

// Rows begin .. end of axis 0; the same storage. The caller has checked that they exist.
Tensor rows_of(const Tensor& tensor, std::int64_t begin, std::int64_t end);

Sizes with_rows(const Sizes& shape, std::int64_t rows);

// Torch axes in MLX order (empty: unchanged). `groups` > 1 splits axis 0 into (groups, rest) first and puts the groups
// before the axis that becomes the first: (g I/g) O/g H W by (1, 2, 3, 0) -> g O/g H W I/g, five axes.
Tensor arranged(const Tensor& tensor, std::span<const int> permute, std::int64_t groups = 1);

// The shape that `arranged` gives, groups merged with the axis behind them.
std::vector<std::int64_t> arranged_shape(std::span<const std::int64_t> shape, std::span<const int> permute,
                                         std::int64_t groups = 1);

// What is wrong with the two for a tensor of this shape; empty: nothing.
std::string arrangement_problem(std::span<const std::int64_t> shape, std::span<const int> permute, std::int64_t groups);

// The view that undoes `arranged` on a tensor of the arranged shape: torch's axes, with groups (g, I/g, ...) as two.
Tensor restored(const Tensor& stored, std::span<const int> permute, std::int64_t groups = 1);

}  // namespace torch2mlx::weights
