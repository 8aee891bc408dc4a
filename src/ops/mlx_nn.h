// MLX ops of neural networks. Convolutions, pools and batch norm are channels last, as all of mlx.nn.
#pragma once

#include <string>

#include "ops/row.h"

namespace torch2mlx::ops {

// x: (N, *spatial, C_in), weight: (C_out, *kernel, C_in / groups) -> (N, *spatial, C_out).
mx::array convolve(A x, A weight, OptA bias, Ints stride, Ints padding, Ints dilation, Int groups);
// x: (N, *spatial, C). Windows of `kernel_size` every `stride`, the remainder dropped; padded by -inf or zeros, and an
// average divides by the whole window (torch's count_include_pad=True).
mx::array max_pool(A x, Ints kernel_size, Ints stride, Ints padding);
mx::array avg_pool(A x, Ints kernel_size, Ints stride, Ints padding);
// Over the last axis, with the running statistics, as mlx.nn.BatchNorm in eval mode.
mx::array batch_norm(A x, A running_mean, A running_var, OptA weight, OptA bias, Number eps);
// x: (N, *spatial, C), as mlx.nn.GroupNorm(pytorch_compatible=True).
mx::array group_norm(A x, Int num_groups, OptA weight, OptA bias, Number eps);
mx::array linear(A x, A weight, OptA bias);
mx::array gelu(A x);
mx::array gelu_tanh(A x);
inline mx::array biased(A y, OptA bias) { return bias ? mx::add(y, *bias) : y; }
inline std::pair<int, int> pair(Ints values) { return {values.at(0), values.at(1)}; }

inline constexpr std::tuple nn_rows{
    op<[](A a, A b) { return mx::matmul(a, b); }>("matmul", "a b", Axes::fixed, "{} @ {}"),
    op<[](A x, A weight, OptA bias) { return linear(x, weight, bias); }>("linear", "x weight bias", Axes::fixed,
                                                                         "mx.addmm({bias}, {x}, {weight}.T)\n"
                                                                         "{x} @ {weight}.T"),
    op<[](A weight, A indices) { return mx::take(weight, indices, 0); }>("embedding", "weight indices", Axes::fixed,
                                                                         "{}[{}]"),
    op<[](A x, OptA weight, OptA bias, Number eps) {
      return mx::fast::layer_norm(x, weight, bias, static_cast<float>(eps));
    }>("layer_norm", "x weight bias eps", Axes::fixed, "mx.fast.layer_norm({}, {weight|None}, {bias|None}, {eps})"),
    op<[](A x, OptA weight, Number eps) { return mx::fast::rms_norm(x, weight, static_cast<float>(eps)); }>(
        "rms_norm", "x weight eps", Axes::fixed, "mx.fast.rms_norm({}, {weight|None}, {eps})"),
    op<[](A x, A mean, A var, OptA weight, OptA bias, Number eps) {
      return batch_norm(x, mean, var, weight, bias, eps);
    }>("batch_norm", "x running_mean running_var weight bias eps", Axes::fixed,
       "({x} - {running_mean}) * mx.rsqrt({running_var} + {eps}) * {weight} + {bias}\n"
       "({x} - {running_mean}) * mx.rsqrt({running_var} + {eps}) * {weight}\n"
       "({x} - {running_mean}) * mx.rsqrt({running_var} + {eps}) + {bias}\n"
       "({x} - {running_mean}) * mx.rsqrt({running_var} + {eps})"),
    op<[](A x, Ints kernel_size, Ints stride, Ints padding) { return max_pool(x, kernel_size, stride, padding); }>(
        "max_pool2d", "x kernel_size stride padding", Axes::fixed,
        "nn.MaxPool2d({kernel_size}, {stride}, {padding})({x})"),
    op<[](A x, Ints kernel_size, Ints stride, Ints padding) { return avg_pool(x, kernel_size, stride, padding); }>(
        "avg_pool2d", "x kernel_size stride padding", Axes::fixed,
        "nn.AvgPool2d({kernel_size}, {stride}, {padding})({x})"),
    op<[](A x, A w, OptA b, Ints stride, Ints padding, Ints dilation, Int groups) {
      return convolve(x, w, b, stride, padding, dilation, groups);
    }>("conv1d", "x weight bias stride padding dilation groups", Axes::fixed,
       "mx.conv1d({x}, {weight}, {*stride}, {*padding}, {*dilation}, {groups}) + {bias}\n"
       "mx.conv1d({x}, {weight}, {*stride}, {*padding}, {*dilation}, {groups})"),
    op<[](A x, A w, OptA b, Ints stride, Ints padding, Ints dilation, Int groups) {
      return convolve(x, w, b, stride, padding, dilation, groups);
    }>("conv2d", "x weight bias stride padding dilation groups", Axes::fixed,
       "mx.conv2d({x}, {weight}, {stride}, {padding}, {dilation}, {groups}) + {bias}\n"
       "mx.conv2d({x}, {weight}, {stride}, {padding}, {dilation}, {groups})"),
    op<[](A x, A w, OptA b, Ints stride, Ints padding, Ints dilation, Int groups) {
      return convolve(x, w, b, stride, padding, dilation, groups);
    }>("conv3d", "x weight bias stride padding dilation groups", Axes::fixed,
       "mx.conv3d({x}, {weight}, {stride}, {padding}, {dilation}, {groups}) + {bias}\n"
       "mx.conv3d({x}, {weight}, {stride}, {padding}, {dilation}, {groups})"),
    op<[](A x, A w, OptA b, Ints stride, Ints padding, Ints dilation, Ints output_padding, Int groups) {
      return biased(mx::conv_transpose1d(x, w, stride[0], padding[0], dilation[0], output_padding[0], groups), b);
    }>("conv_transpose1d", "x weight bias stride padding dilation output_padding groups", Axes::fixed,
       "mx.conv_transpose1d({x}, {weight}, {*stride}, {*padding}, {*dilation}, {*output_padding}, {groups}) + {bias}\n"
       "mx.conv_transpose1d({x}, {weight}, {*stride}, {*padding}, {*dilation}, {*output_padding}, {groups})"),
    op<[](A x, A w, OptA b, Ints stride, Ints padding, Ints dilation, Ints output_padding, Int groups) {
      return biased(
          mx::conv_transpose2d(x, w, pair(stride), pair(padding), pair(dilation), pair(output_padding), groups), b);
    }>("conv_transpose2d", "x weight bias stride padding dilation output_padding groups", Axes::fixed,
       "mx.conv_transpose2d({x}, {weight}, {stride}, {padding}, {dilation}, {output_padding}, {groups}) + {bias}\n"
       "mx.conv_transpose2d({x}, {weight}, {stride}, {padding}, {dilation}, {output_padding}, {groups})"),
    op<[](A q, A k, A v, Number scale, OptA mask) {
      return mx::fast::scaled_dot_product_attention(q, k, v, static_cast<float>(scale), "", mask);
    }>("scaled_dot_product_attention", "queries keys values scale mask", Axes::fixed,
       "mx.fast.scaled_dot_product_attention(...)"),
    op<[](A q, A k, A v, Number scale) {
      return mx::fast::scaled_dot_product_attention(q, k, v, static_cast<float>(scale), "causal");
    }>("causal_attention", "queries keys values scale", Axes::fixed,
       "mx.fast.scaled_dot_product_attention({queries}, {keys}, {values}, scale={scale}, mask=\"causal\")"),
    op<[](A x, A freqs, Int dims, Bool traditional, Int offset) {
      return mx::fast::rope(x, dims, traditional, std::nullopt, 1.0f, offset, freqs);
    }>("rope", "x freqs dims traditional offset", Axes::fixed,
       "mx.fast.rope({x}, {dims}, traditional={traditional}, base=None, scale=1.0, offset={offset}, freqs={freqs})"),
    op<[](A x) { return mx::maximum(x, mx::array(0, x.dtype())); }>("relu", "x", Axes::elementwise, "nn.relu({})"),
    op<[](A x) { return gelu(x); }>("gelu", "x", Axes::elementwise, "nn.gelu({})"),
    op<[](A x) { return gelu_tanh(x); }>("gelu_approx", "x", Axes::elementwise, "nn.gelu_approx({})"),
    op<[](A x) { return mx::multiply(x, mx::sigmoid(x)); }>("silu", "x", Axes::elementwise, "nn.silu({})"),
    // Identity when not training; kept so that the generated module can be trained.
    op<[](A x, [[maybe_unused]] Number p) { return x; }>("dropout", "x p", Axes::elementwise, "nn.Dropout({p})({x})",
                                                         /*draws=*/true),
};

}  // namespace torch2mlx::ops
