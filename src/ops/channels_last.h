// torch is channels first (N, C, *spatial), MLX channels last (N, *spatial, C).
#pragma once

#include <cstdint>
#include <vector>

#include "ops/mlx.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {

using Ints64 = std::vector<std::int64_t>;

// Axes of a transpose there and back.
std::vector<int> channels_last(int rank);
std::vector<int> channels_first(int rank);

// One number stands for every spatial axis.
Ints64 filled(Ints64 list, std::size_t count);

// An input of a spatial op; without a batch axis one is added, and taken away from the results.
class ChannelsLast {
 public:
  ChannelsLast(Mlx& mx, Value x, int spatial);
  Value in() const { return in_; }
  Value out(Value y) const;

 private:
  Mlx& mx_;
  bool batched_;
  Value in_;
};

// Runs `op` on x moved to channels last.
template <class F>
Value in_channels_last(Mlx& mx, Value x, int spatial, F&& op) {
  const ChannelsLast moved(mx, x, spatial);
  return moved.out(op(moved.in()));
}

// 0, 1 ... size - 1 in int32.
inline Value counting(Mlx& mx, Size size, Dtype dtype = Dtype::int32) {
  return mx("arange", std::nullopt, size, std::nullopt, dtype);
}

// x with its axes put at `axis` of `rank`: (L,) -> (1, L, 1, 1).
Value shaped_along(Mlx& mx, Value x, int axis, int rank);

}  // namespace torch2mlx::ops
