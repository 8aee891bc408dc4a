// The families of table 2, one file each.
#pragma once

#include <span>

#include "ops/lowering.h"

namespace torch2mlx::ops {

std::span<const Lowering> elementwise_lowerings();

inline constexpr std::span<const Lowering> (*aten_families[])() = {
    elementwise_lowerings,
};

}  // namespace torch2mlx::ops
