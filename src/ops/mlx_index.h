// MLX ops that write into arrays by index (giving a new array), and those that read windows, diagonals and places.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

enum class Combine { add, multiply, maximum, minimum };
// a.at[i0, i1].add(values) on adjacent axes; the indices' shape takes the place of the axes, as in gather.
mx::array scatter(A a, A values, Arrays indices, Ints axes, Combine combine);
// `on_cpu`: Metal cannot scatter elements of eight bytes.
mx::array put_along_axis(A a, A indices, A values, Int axis, OptInt on_cpu);

inline constexpr std::tuple index_rows{
    op<[](A a, Ints axis) { return mx::flip(a, axis); }>("flip", "a axis", Axes::fixed, "mx.flip({}, axis={*axis})"),
    op<[](A a, Int repeats, Int axis) { return mx::repeat(a, repeats, axis); }>(
        "repeat", "a repeats axis", Axes::fixed, "mx.repeat({a}, {repeats}, axis={axis})"),
    op<[](A a, OptInt offset, Int axis1, Int axis2) { return mx::diagonal(a, offset.value_or(0), axis1, axis2); }>(
        "diagonal", "a offset axis1 axis2", Axes::fixed),
    op<[](A a, Ints shape, Ints strides, OptInt offset) {
      return mx::as_strided(a, shape_of(shape), mx::Strides(strides.begin(), strides.end()), offset.value_or(0));
    }>("as_strided", "a shape strides offset", Axes::fixed,
       "mx.as_strided({a}, {shape}, {strides}, {offset})\n"
       "mx.as_strided({a}, {shape}, {strides})"),
    op<[](A a, DType dtype) { return mx::view(a, dtype); }>("view", "a dtype", Axes::fixed, "{}.view({})"),
    op<[](A a, A indices, A values, Int axis, OptInt on_cpu) {
      return put_along_axis(a, indices, values, axis, on_cpu);
    }>("put_along_axis", "a indices values axis on_cpu", Axes::fixed,
       "mx.put_along_axis({a}, {indices}, {values}, axis={axis}, stream=mx.cpu){on_cpu=1}\n"
       "mx.put_along_axis({a}, {indices}, {values}, axis={axis})"),
    op<[](A a, A values, Arrays indices, Ints axes) { return scatter(a, values, indices, axes, Combine::add); }>(
        "scatter_add", "a values indices axes", Axes::fixed),
    op<[](A a, A values, Arrays indices, Ints axes) { return scatter(a, values, indices, axes, Combine::multiply); }>(
        "scatter_multiply", "a values indices axes", Axes::fixed),
    op<[](A a, A values, Arrays indices, Ints axes) { return scatter(a, values, indices, axes, Combine::maximum); }>(
        "scatter_maximum", "a values indices axes", Axes::fixed),
    op<[](A a, A values, Arrays indices, Ints axes) { return scatter(a, values, indices, axes, Combine::minimum); }>(
        "scatter_minimum", "a values indices axes", Axes::fixed),
    op<[](A a, A values, Text side) { return mx::searchsorted(a, values, side); }>(
        "searchsorted", "a values side", Axes::fixed, "mx.searchsorted({a}, {values}, side={side})"),
    op<[](Arrays arrays, Text indexing) { return mx::meshgrid(arrays, false, indexing); }>(
        "meshgrid", "arrays indexing", Axes::fixed, "mx.meshgrid({*arrays}, indexing={indexing})"),
    op<[](Int n, OptInt m, DType dtype) { return mx::eye(n, m.value_or(n), 0, dtype); }>(
        "eye", "n m dtype", Axes::fixed, "mx.eye({n}, {m}, dtype={dtype})\nmx.eye({n}, dtype={dtype})"),
    op<[](Number start, Number stop, Int num, DType dtype) { return mx::linspace(start, stop, num, dtype); }>(
        "linspace", "start stop num dtype", Axes::fixed, "mx.linspace({start}, {stop}, {num}, dtype={dtype})"),
};

}  // namespace torch2mlx::ops
