// Numbers and comparisons made of sizes, in Python's own arithmetic.
#pragma once

#include <cmath>

#include "ops/row.h"

namespace torch2mlx::ops {

inline constexpr std::tuple size_rows{
    op<[](Number a, Number b) { return Real{a + b}; }>("float_add", "a b", Axes::fixed, "{} + {}"),
    op<[](Number a, Number b) { return Real{a - b}; }>("float_sub", "a b", Axes::fixed, "{} - {}"),
    op<[](Number a, Number b) { return Real{a * b}; }>("float_mul", "a b", Axes::fixed, "{} * {}"),
    op<[](Number a, Number b) { return Real{a / b}; }>("float_div", "a b", Axes::fixed, "{} / {}"),
    op<[](Number a, Number b) { return Real{std::pow(a, b)}; }>("float_pow", "a b", Axes::fixed, "{} ** {}"),
    op<[](Number a) { return Real{-a}; }>("float_neg", "a", Axes::fixed, "-{}"),
    op<[](Number a) { return Real{a}; }>("float_of", "a", Axes::fixed, "float({})"),
    op<[](Number a, Number b) { return Truth{a == b}; }>("number_eq", "a b", Axes::fixed, "{} == {}"),
    op<[](Number a, Number b) { return Truth{a != b}; }>("number_ne", "a b", Axes::fixed, "{} != {}"),
    op<[](Number a, Number b) { return Truth{a < b}; }>("number_lt", "a b", Axes::fixed, "{} < {}"),
    op<[](Number a, Number b) { return Truth{a <= b}; }>("number_le", "a b", Axes::fixed, "{} <= {}"),
    op<[](Number a, Number b) { return Truth{(a > b)}; }>("number_gt", "a b", Axes::fixed, "{} > {}"),
    op<[](Number a, Number b) { return Truth{a >= b}; }>("number_ge", "a b", Axes::fixed, "{} >= {}"),
};

}  // namespace torch2mlx::ops
