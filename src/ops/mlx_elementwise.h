// MLX ops that work element by element, with broadcasting.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

inline constexpr std::tuple elementwise_rows{
    op<[](A a, A b) { return mx::add(a, b); }>("add", "a b", Axes::elementwise, "{} + {}"),
    op<[](A a, A b) { return mx::subtract(a, b); }>("subtract", "a b", Axes::elementwise, "{} - {}"),
    op<[](A a, A b) { return mx::multiply(a, b); }>("multiply", "a b", Axes::elementwise, "{} * {}"),
    op<[](A a, A b) { return mx::divide(a, b); }>("divide", "a b", Axes::elementwise, "{} / {}"),
    op<[](A a) { return mx::sigmoid(a); }>("sigmoid", "a", Axes::elementwise),
};

}  // namespace torch2mlx::ops
