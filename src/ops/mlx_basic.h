// MLX ops that make and rearrange arrays.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

mx::array slice_axis(A a, Int axis, OptInt start, OptInt stop, OptInt step);
mx::array index_items(A a, Ints items);

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - ((a % b != 0) && ((a < 0) != (b < 0))); }

inline constexpr std::tuple basic_rows{
    op<[](A a, Ints shape) { return mx::reshape(a, shape_of(shape)); }>("reshape", "a shape", Axes::fixed,
                                                                        "{}.reshape({*})"),
    op<[](A a, Ints axes) { return mx::transpose(a, axes); }>("transpose", "a axes", Axes::fixed, "{}.transpose({*})"),
    op<[](A a, Int axis) { return mx::expand_dims(a, axis); }>("expand_dims", "a axis", Axes::fixed),
    op<[](A a, Int axis) { return mx::squeeze(a, axis); }>("squeeze", "a axis", Axes::fixed, "{}.squeeze({})"),
    op<[](A a, DType dtype) { return mx::astype(a, dtype); }>("astype", "a dtype", Axes::elementwise, "{}.astype({})"),
    op<[](A a, Int axis) { return Integer{a.shape(axis)}; }>("shape", "a axis", Axes::fixed, "{}.shape[{}]"),
    op<[](Int a, Int b) { return Integer{std::int64_t{a} + b}; }>("int_add", "a b", Axes::fixed, "{} + {}"),
    op<[](Int a, Int b) { return Integer{std::int64_t{a} - b}; }>("int_sub", "a b", Axes::fixed, "{} - {}"),
    op<[](Int a, Int b) { return Integer{std::int64_t{a} * b}; }>("int_mul", "a b", Axes::fixed, "{} * {}"),
    op<[](Int a, Int b) { return Integer{floor_divide(a, b)}; }>("int_floordiv", "a b", Axes::fixed, "{} // {}"),
};

}  // namespace torch2mlx::ops
