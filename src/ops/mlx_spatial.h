// MLX ops over one and three spatial axes, and what resizes or adds up windows. Channels last.
#pragma once

#include "ops/mlx_nn.h"

namespace torch2mlx::ops {

inline std::tuple<int, int, int> triple(Ints values) { return {values.at(0), values.at(1), values.at(2)}; }
// weight: (out, b's size, a's size), as mlx.nn.Bilinear has it: y[o] = b . weight[o] . a
mx::array bilinear(A a, A b, A weight, OptA bias);
// a[indices] += values, over axis 0; indices that occur more than once add up.
mx::array add_at(A a, A indices, A values);

inline constexpr std::tuple spatial_rows{
    op<[](A x, Ints kernel_size, Ints stride, Ints padding) { return max_pool(x, kernel_size, stride, padding); }>(
        "max_pool1d", "x kernel_size stride padding", Axes::fixed,
        "nn.MaxPool1d({*kernel_size}, {*stride}, {*padding})({x})"),
    op<[](A x, Ints kernel_size, Ints stride, Ints padding) { return max_pool(x, kernel_size, stride, padding); }>(
        "max_pool3d", "x kernel_size stride padding", Axes::fixed,
        "nn.MaxPool3d({kernel_size}, {stride}, {padding})({x})"),
    op<[](A x, Ints kernel_size, Ints stride, Ints padding) { return avg_pool(x, kernel_size, stride, padding); }>(
        "avg_pool1d", "x kernel_size stride padding", Axes::fixed,
        "nn.AvgPool1d({*kernel_size}, {*stride}, {*padding})({x})"),
    op<[](A x, Ints kernel_size, Ints stride, Ints padding) { return avg_pool(x, kernel_size, stride, padding); }>(
        "avg_pool3d", "x kernel_size stride padding", Axes::fixed,
        "nn.AvgPool3d({kernel_size}, {stride}, {padding})({x})"),
    op<[](A x, A w, OptA b, Ints stride, Ints padding, Ints dilation, Ints output_padding, Int groups) {
      return biased(
          mx::conv_transpose3d(x, w, triple(stride), triple(padding), triple(dilation), triple(output_padding), groups),
          b);
    }>("conv_transpose3d", "x weight bias stride padding dilation output_padding groups", Axes::fixed,
       "mx.conv_transpose3d({x}, {weight}, {stride}, {padding}, {dilation}, {output_padding}, {groups}) + {bias}\n"
       "mx.conv_transpose3d({x}, {weight}, {stride}, {padding}, {dilation}, {output_padding}, {groups})"),
    op<[](A a, A indices, A values) { return add_at(a, indices, values); }>("add_at", "a indices values", Axes::fixed,
                                                                            "{}.at[{}].add({})"),
    op<[](A x, Int num_groups, OptA weight, OptA bias, Number eps) {
      return group_norm(x, num_groups, weight, bias, eps);
    }>("group_norm", "x num_groups weight bias eps", Axes::fixed,
       "nn.GroupNorm({num_groups}, {num_groups}, {eps}, False, True)({x}) * {weight} + {bias}\n"
       "nn.GroupNorm({num_groups}, {num_groups}, {eps}, False, True)({x}) * {weight}\n"
       "nn.GroupNorm({num_groups}, {num_groups}, {eps}, False, True)({x}) + {bias}\n"
       "nn.GroupNorm({num_groups}, {num_groups}, {eps}, False, True)({x})"),
    op<[](A x, OptA weight, OptA bias, Number eps) { return group_norm(x, x.shape(-1), weight, bias, eps); }>(
        "instance_norm", "x weight bias eps", Axes::fixed,
        "nn.InstanceNorm(1, {eps})({x}) * {weight} + {bias}\n"
        "nn.InstanceNorm(1, {eps})({x}) * {weight}\n"
        "nn.InstanceNorm(1, {eps})({x}) + {bias}\n"
        "nn.InstanceNorm(1, {eps})({x})"),
    op<[](A a, A b, A weight, OptA bias) { return bilinear(a, b, weight, bias); }>(
        "bilinear", "a b weight bias", Axes::fixed,
        "nn.Bilinear(1, 1, 1).update(dict(weight={weight}, bias={bias}))({a}, {b})\n"
        "nn.Bilinear(1, 1, 1, False).update(dict(weight={weight}))({a}, {b})"),
};

}  // namespace torch2mlx::ops
