// MLX ops along axes.
#pragma once

#include "ops/row.h"

namespace torch2mlx::ops {

namespace detail {
// Absent axes: all of them.
template <class F>
mx::array reduce(A a, OptInts axis, OptBool keepdims, F&& f) {
  std::vector<int> axes;
  if (axis)
    axes = *axis;
  else
    for (int i = 0; i < static_cast<int>(a.ndim()); ++i) axes.push_back(i);
  return f(a, axes, keepdims.value_or(false));
}
}  // namespace detail

// The lambda of a reduction over several axes, spelled once.
#define TORCH2MLX_REDUCTION(f)                                                                            \
  [](A a, OptInts axis, OptBool keepdims) {                                                               \
    return detail::reduce(a, axis, keepdims,                                                              \
                          [](A x, const std::vector<int>& axes, bool keep) { return f(x, axes, keep); }); \
  }

inline constexpr std::tuple reduce_rows{
    op<TORCH2MLX_REDUCTION(mx::sum)>("sum", "a axis keepdims", Axes::remap),
    op<TORCH2MLX_REDUCTION(mx::mean)>("mean", "a axis keepdims", Axes::remap),
    op<TORCH2MLX_REDUCTION(mx::prod)>("prod", "a axis keepdims", Axes::remap),
    op<TORCH2MLX_REDUCTION(mx::max)>("max", "a axis keepdims", Axes::remap),
    op<TORCH2MLX_REDUCTION(mx::min)>("min", "a axis keepdims", Axes::remap),
    op<TORCH2MLX_REDUCTION(mx::any)>("any", "a axis keepdims", Axes::remap),
    op<TORCH2MLX_REDUCTION(mx::all)>("all", "a axis keepdims", Axes::remap),
    op<[](A a, OptInts axis, OptInt ddof, OptBool keepdims) {
      return detail::reduce(a, axis, keepdims, [&](A x, const std::vector<int>& axes, bool keep) {
        return mx::var(x, axes, keep, ddof.value_or(0));
      });
    }>("var", "a axis ddof keepdims", Axes::remap),
    op<[](A a, Int axis, OptBool keepdims) { return mx::argmax(a, axis, keepdims.value_or(false)); }>(
        "argmax", "a axis keepdims", Axes::remap),
    op<[](A a, Int axis, OptBool keepdims) { return mx::argmin(a, axis, keepdims.value_or(false)); }>(
        "argmin", "a axis keepdims", Axes::remap),
    op<[](A a, Int axis) { return mx::argsort(a, axis); }>("argsort", "a axis", Axes::remap),
    op<[](A a, Int axis) { return mx::softmax(a, axis); }>("softmax", "a axis", Axes::remap),
    op<[](A a, Int axis) { return mx::logsumexp(a, axis, true); }>("logsumexp", "a axis", Axes::remap,
                                                                   "mx.logsumexp({}, axis={axis}, keepdims=True)"),
    op<[](A a, Int axis) { return mx::cumsum(a, axis); }>("cumsum", "a axis", Axes::remap),
};

#undef TORCH2MLX_REDUCTION

}  // namespace torch2mlx::ops
