// MLX's further functions of numbers and bits, element by element, and scans along an axis.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

inline constexpr std::tuple math_rows{
    op<[](A a) { return mx::arcsin(a); }>("arcsin", "a", Axes::elementwise),
    op<[](A a) { return mx::arccos(a); }>("arccos", "a", Axes::elementwise),
    op<[](A a) { return mx::arctan(a); }>("arctan", "a", Axes::elementwise),
    op<[](A a, A b) { return mx::arctan2(a, b); }>("arctan2", "a b", Axes::elementwise),
    op<[](A a) { return mx::sinh(a); }>("sinh", "a", Axes::elementwise),
    op<[](A a) { return mx::cosh(a); }>("cosh", "a", Axes::elementwise),
    op<[](A a) { return mx::arcsinh(a); }>("arcsinh", "a", Axes::elementwise),
    op<[](A a) { return mx::arccosh(a); }>("arccosh", "a", Axes::elementwise),
    op<[](A a) { return mx::arctanh(a); }>("arctanh", "a", Axes::elementwise),
    op<[](A a) { return mx::log2(a); }>("log2", "a", Axes::elementwise),
    op<[](A a) { return mx::log10(a); }>("log10", "a", Axes::elementwise),
    op<[](A a) { return mx::erfinv(a); }>("erfinv", "a", Axes::elementwise),
    op<[](A a) { return mx::isfinite(a); }>("isfinite", "a", Axes::elementwise),
    op<[](A a, A b) { return mx::left_shift(a, b); }>("left_shift", "a b", Axes::elementwise, "{} << {}"),
    op<[](A a, A b) { return mx::right_shift(a, b); }>("right_shift", "a b", Axes::elementwise, "{} >> {}"),
    // The same bits as another type of the same size.
    op<[](A a, DType dtype) { return mx::view(a, dtype); }>("bits", "a dtype", Axes::elementwise, "{}.view({})"),
    op<[](A a, Int axis) { return mx::cumprod(a, axis); }>("cumprod", "a axis", Axes::remap),
    op<[](A a, Int axis) { return mx::cummax(a, axis); }>("cummax", "a axis", Axes::remap),
    op<[](A a, Int axis) { return mx::cummin(a, axis); }>("cummin", "a axis", Axes::remap),
    op<[](A a, Int axis) { return mx::logcumsumexp(a, axis); }>("logcumsumexp", "a axis", Axes::remap),
};

}  // namespace torch2mlx::ops
