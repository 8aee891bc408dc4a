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
std::span<const Lowering> pool_lowerings();
std::span<const Lowering> adaptive_lowerings();
std::span<const Lowering> resize_lowerings();
std::span<const Lowering> fold_lowerings();
std::span<const Lowering> recurrent_lowerings();
std::span<const Lowering> grid_lowerings();
std::span<const Lowering> bag_lowerings();
std::span<const Lowering> join_lowerings();
std::span<const Lowering> search_lowerings();
std::span<const Lowering> fill_lowerings();
std::span<const Lowering> view_lowerings();
std::span<const Lowering> scatter_lowerings();
std::span<const Lowering> index_put_lowerings();
std::span<const Lowering> size_lowerings();
std::span<const Lowering> linalg_lowerings();
std::span<const Lowering> solve_lowerings();
std::span<const Lowering> fourier_lowerings();
std::span<const Lowering> complex_lowerings();
std::span<const Lowering> math_lowerings();
std::span<const Lowering> bits_lowerings();
std::span<const Lowering> scan_lowerings();
std::span<const Lowering> bessel_lowerings();
std::span<const Lowering> random_lowerings();
std::span<const Lowering> polynomial_lowerings();
std::span<const Lowering> loss_lowerings();

inline constexpr std::span<const Lowering> (*aten_families[])() = {
    elementwise_lowerings, compare_lowerings, reduce_lowerings,    shape_lowerings,      create_lowerings,
    nn_lowerings,          conv_lowerings,    index_lowerings,     activation_lowerings, arrange_lowerings,
    norm_lowerings,        order_lowerings,   update_lowerings,    pool_lowerings,       adaptive_lowerings,
    resize_lowerings,      fold_lowerings,    recurrent_lowerings, grid_lowerings,       bag_lowerings,
    join_lowerings,        search_lowerings,  fill_lowerings,      view_lowerings,       scatter_lowerings,
    index_put_lowerings,   size_lowerings,    linalg_lowerings,    solve_lowerings,      fourier_lowerings,
    complex_lowerings,     math_lowerings,    bits_lowerings,      scan_lowerings,       bessel_lowerings,
    polynomial_lowerings,  random_lowerings,  loss_lowerings,
};

}  // namespace torch2mlx::ops
