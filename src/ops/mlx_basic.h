// MLX ops that make, read and rearrange arrays, and arithmetic of sizes.
#pragma once

#include <algorithm>

#include "ops/row.h"

namespace torch2mlx::ops {

// Python's slicing of one axis: absent or negative bounds, clamped.
mx::array slice_axis(A a, Int axis, OptInt start, OptInt stop, OptInt step);
// x[i0, i1] on adjacent axes: index arrays broadcast together and their shape takes the place of the axes.
mx::array gather(A a, Arrays indices, Ints axes);
// Fills with a constant; widths are pairs (low, high), one an axis.
mx::array pad(A a, Items widths, A value);
// x[...]: ":" | absent (a new axis) | an integer | (start, stop, step) with absent parts, one an axis.
mx::array index_items(A a, Items items);
// A copy of a with x[items] = update; update is broadcast and cast as for an assignment.
mx::array index_update(A a, A update, Items items);
mx::array arange(OptInt start, Int stop, OptInt step, DType dtype);

constexpr std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - ((a % b != 0) && ((a < 0) != (b < 0)));
}

inline constexpr std::tuple basic_rows{
    op<[](A a, Ints shape) { return mx::reshape(a, shape_of(shape)); }>("reshape", "a shape", Axes::fixed,
                                                                        "{}.reshape({*})"),
    op<[](A a, Ints axes) { return mx::transpose(a, axes); }>("transpose", "a axes", Axes::fixed, "{}.transpose({*})"),
    op<[](A a, Int axis) { return mx::expand_dims(a, axis); }>("expand_dims", "a axis", Axes::fixed),
    op<[](A a, Int axis) { return mx::squeeze(a, axis); }>("squeeze", "a axis", Axes::fixed, "{}.squeeze({})"),
    op<[](A a, Ints shape) { return mx::broadcast_to(a, shape_of(shape)); }>("broadcast_to", "a shape", Axes::fixed),
    op<[](A a, DType dtype) { return mx::astype(a, dtype); }>("astype", "a dtype", Axes::elementwise, "{}.astype({})"),
    op<[](A a, Int axis, OptInt start, OptInt stop, OptInt step) { return slice_axis(a, axis, start, stop, step); }>(
        "slice", "a axis start stop step", Axes::fixed),
    op<[](A a, Int axis, Int index) {
      return mx::squeeze(slice_axis(a, axis, index, index == -1 ? OptInt() : OptInt(index + 1), 1), axis);
    }>("select", "a axis index", Axes::fixed),
    op<[](A a, Items items) { return index_items(a, items); }>("index", "a items", Axes::fixed),
    op<[](A a, A update, Items items) { return index_update(a, update, items); }>("index_update", "a update items",
                                                                                  Axes::fixed),
    op<[](A a, A indices, Int axis) { return mx::take(a, indices, axis); }>("take", "a indices axis", Axes::fixed,
                                                                            "mx.take(...)"),
    op<[](A a, A indices, Int axis) { return mx::take_along_axis(a, indices, axis); }>(
        "take_along_axis", "a indices axis", Axes::fixed, "mx.take_along_axis(...)"),
    op<[](A a, Arrays indices, Ints axes) { return gather(a, indices, axes); }>("gather", "a indices axes",
                                                                                Axes::fixed),
    op<[](A a, Ints reps) { return mx::tile(a, reps); }>("tile", "a reps", Axes::fixed, "mx.tile({}, {})"),
    op<[](A a, Int shift, Int axis) { return mx::roll(a, shift, axis); }>("roll", "a shift axis", Axes::fixed),
    op<[](A a, Int k) { return mx::tril(a, k); }>("tril", "a k", Axes::fixed),
    op<[](A a, Int k) { return mx::triu(a, k); }>("triu", "a k", Axes::fixed),
    op<[](Arrays arrays, Int axis) { return mx::concatenate(arrays, axis); }>("concatenate", "arrays axis",
                                                                              Axes::remap),
    op<[](Arrays arrays, Int axis) { return mx::stack(arrays, axis); }>("stack", "arrays axis", Axes::fixed),
    op<[](A a, Ints indices, Int axis) { return mx::split(a, shape_of(indices), axis); }>(
        "split", "a indices axis", Axes::remap, "mx.split({a}, {indices}, axis={axis})"),
    op<[](A a, Items widths, A value) { return pad(a, widths, value); }>(
        "pad", "a widths value", Axes::fixed, "mx.pad({a}, {widths}, constant_values={value})"),
    op<[](OptInt start, Int stop, OptInt step, DType dtype) { return arange(start, stop, step, dtype); }>(
        "arange", "start stop step dtype", Axes::fixed,
        "mx.arange({start}, {stop}, {step}, dtype={dtype})\n"
        "mx.arange({start}, {stop}, dtype={dtype})\n"
        "mx.arange({stop}, dtype={dtype})"),
    op<[](Int rows, OptInt columns, OptInt k, DType dtype) {
      return mx::tri(rows, columns.value_or(rows), k.value_or(0), dtype);
    }>("tri", "rows columns k dtype", Axes::fixed,
       "mx.tri({rows}, {columns}, {k}, dtype={dtype})\n"
       "mx.tri({rows}, {columns}, dtype={dtype})\n"
       "mx.tri({rows}, k={k}, dtype={dtype})\n"
       "mx.tri({rows}, dtype={dtype})"),
    op<[](Ints shape, A value, DType dtype) { return mx::full(shape_of(shape), value, dtype); }>(
        "full", "shape value dtype", Axes::fixed,
        "mx.zeros({shape}, dtype={dtype}){value=0}\n"
        "mx.ones({shape}, dtype={dtype}){value=1}\n"
        "mx.full({shape}, {value}, dtype={dtype})"),
    op<[](A a, Int axis) { return Integer{a.shape(axis)}; }>("shape", "a axis", Axes::fixed, "{}.shape[{}]"),
    op<[](Int a, Int b) { return Integer{std::int64_t{a} + b}; }>("int_add", "a b", Axes::fixed, "{} + {}"),
    op<[](Int a, Int b) { return Integer{std::int64_t{a} - b}; }>("int_sub", "a b", Axes::fixed, "{} - {}"),
    op<[](Int a, Int b) { return Integer{std::int64_t{a} * b}; }>("int_mul", "a b", Axes::fixed, "{} * {}"),
    op<[](Int a, Int b) { return Integer{floor_divide(a, b)}; }>("int_floordiv", "a b", Axes::fixed, "{} // {}"),
    op<[](Int a, Int b) { return Integer{a - floor_divide(a, b) * b}; }>("int_mod", "a b", Axes::fixed, "{} % {}"),
    op<[](Int a) { return Integer{-std::int64_t{a}}; }>("int_neg", "a", Axes::fixed, "-{}"),
    op<[](Int a, Int b) { return Integer{std::max(a, b)}; }>("int_max", "a b", Axes::fixed, "max({}, {})"),
    op<[](Int a, Int b) { return Integer{std::min(a, b)}; }>("int_min", "a b", Axes::fixed, "min({}, {})"),
};

}  // namespace torch2mlx::ops
