// The families of table 2, one file each.
#pragma once

#include <span>

#include "ops/lowering.h"

namespace torch2mlx::ops {

std::span<const Lowering> elementwise_lowerings();
std::span<const Lowering> compare_lowerings();
std::span<const Lowering> reduce_lowerings();
std::span<const Lowering> shape_lowerings();
std::span<const Lowering> create_lowerings();
std::span<const Lowering> nn_lowerings();
std::span<const Lowering> conv_lowerings();
std::span<const Lowering> index_lowerings();
std::span<const Lowering> activation_lowerings();
std::span<const Lowering> arrange_lowerings();
std::span<const Lowering> norm_lowerings();
std::span<const Lowering> order_lowerings();
std::span<const Lowering> update_lowerings();

inline constexpr std::span<const Lowering> (*aten_families[])() = {
    elementwise_lowerings, compare_lowerings, reduce_lowerings, shape_lowerings,
    create_lowerings,      nn_lowerings,      conv_lowerings,   index_lowerings,
    activation_lowerings,  arrange_lowerings, norm_lowerings,   order_lowerings,
};

}  // namespace torch2mlx::ops
