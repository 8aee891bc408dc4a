// MLX ops that work element by element, with broadcasting.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

inline constexpr std::tuple elementwise_rows{
    op<[](A a, A b) { return mx::add(a, b); }>("add", "a b", Axes::elementwise, "{} + {}"),
    op<[](A a, A b) { return mx::subtract(a, b); }>("subtract", "a b", Axes::elementwise, "{} - {}"),
    op<[](A a, A b) { return mx::multiply(a, b); }>("multiply", "a b", Axes::elementwise, "{} * {}"),
    op<[](A a, A b) { return mx::divide(a, b); }>("divide", "a b", Axes::elementwise, "{} / {}"),
    op<[](A a, A b) { return mx::floor_divide(a, b); }>("floor_divide", "a b", Axes::elementwise, "{} // {}"),
    op<[](A a, A b) { return mx::remainder(a, b); }>("remainder", "a b", Axes::elementwise, "{} % {}"),
    op<[](A a, A b) { return mx::power(a, b); }>("power", "a b", Axes::elementwise, "{} ** {}"),
    op<[](A a, A b) { return mx::maximum(a, b); }>("maximum", "a b", Axes::elementwise),
    op<[](A a, A b) { return mx::minimum(a, b); }>("minimum", "a b", Axes::elementwise),
    op<[](A a) { return mx::negative(a); }>("negative", "a", Axes::elementwise, "-{}"),
    op<[](A a) { return mx::abs(a); }>("abs", "a", Axes::elementwise),
    op<[](A a) { return mx::exp(a); }>("exp", "a", Axes::elementwise),
    op<[](A a) { return mx::expm1(a); }>("expm1", "a", Axes::elementwise),
    op<[](A a) { return mx::log(a); }>("log", "a", Axes::elementwise),
    op<[](A a) { return mx::log1p(a); }>("log1p", "a", Axes::elementwise),
    op<[](A a, A b) { return mx::logaddexp(a, b); }>("logaddexp", "a b", Axes::elementwise),
    op<[](A a) { return mx::sqrt(a); }>("sqrt", "a", Axes::elementwise),
    op<[](A a) { return mx::rsqrt(a); }>("rsqrt", "a", Axes::elementwise),
    op<[](A a) { return mx::square(a); }>("square", "a", Axes::elementwise),
    op<[](A a) { return mx::reciprocal(a); }>("reciprocal", "a", Axes::elementwise),
    op<[](A a) { return mx::sin(a); }>("sin", "a", Axes::elementwise),
    op<[](A a) { return mx::cos(a); }>("cos", "a", Axes::elementwise),
    op<[](A a) { return mx::tan(a); }>("tan", "a", Axes::elementwise),
    op<[](A a) { return mx::tanh(a); }>("tanh", "a", Axes::elementwise),
    op<[](A a) { return mx::sign(a); }>("sign", "a", Axes::elementwise),
    op<[](A a) { return mx::isnan(a); }>("isnan", "a", Axes::elementwise),
    op<[](A a) { return mx::isinf(a); }>("isinf", "a", Axes::elementwise),
    op<[](A a) { return mx::sigmoid(a); }>("sigmoid", "a", Axes::elementwise),
    op<[](A a) { return mx::erf(a); }>("erf", "a", Axes::elementwise),
    op<[](A a) { return mx::floor(a); }>("floor", "a", Axes::elementwise),
    op<[](A a) { return mx::ceil(a); }>("ceil", "a", Axes::elementwise),
    op<[](A a) { return mx::round(a); }>("round", "a", Axes::elementwise),
    op<[](A a, A b) { return mx::equal(a, b); }>("equal", "a b", Axes::elementwise, "{} == {}"),
    op<[](A a, A b) { return mx::not_equal(a, b); }>("not_equal", "a b", Axes::elementwise, "{} != {}"),
    op<[](A a, A b) { return mx::less(a, b); }>("less", "a b", Axes::elementwise, "{} < {}"),
    op<[](A a, A b) { return mx::less_equal(a, b); }>("less_equal", "a b", Axes::elementwise, "{} <= {}"),
    op<[](A a, A b) { return mx::greater(a, b); }>("greater", "a b", Axes::elementwise, "{} > {}"),
    op<[](A a, A b) { return mx::greater_equal(a, b); }>("greater_equal", "a b", Axes::elementwise, "{} >= {}"),
    op<[](A a, A b) { return mx::logical_and(a, b); }>("logical_and", "a b", Axes::elementwise, "{} & {}"),
    op<[](A a, A b) { return mx::logical_or(a, b); }>("logical_or", "a b", Axes::elementwise, "{} | {}"),
    op<[](A a) { return mx::logical_not(a); }>("logical_not", "a", Axes::elementwise),
    op<[](A a, A b) { return mx::bitwise_and(a, b); }>("bitwise_and", "a b", Axes::elementwise, "{} & {}"),
    op<[](A a, A b) { return mx::bitwise_or(a, b); }>("bitwise_or", "a b", Axes::elementwise, "{} | {}"),
    op<[](A a, A b) { return mx::bitwise_xor(a, b); }>("bitwise_xor", "a b", Axes::elementwise, "{} ^ {}"),
    op<[](A a) { return mx::bitwise_invert(a); }>("bitwise_invert", "a", Axes::elementwise, "~{}"),
    op<[](A condition, A a, A b) { return mx::where(condition, a, b); }>("where", "condition a b", Axes::elementwise),
};

}  // namespace torch2mlx::ops
