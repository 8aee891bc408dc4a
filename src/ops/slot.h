// A run-time argument or result of an op: what a graph argument becomes when its values are known.
#pragma once

#include <mlx/mlx.h>

#include <string>
#include <variant>
#include <vector>

#include "base/dtype.h"

namespace torch2mlx::ops {

namespace mx = mlx::core;

struct Slot;
using Slots = std::vector<Slot>;

struct Slot : std::variant<std::monostate, bool, std::int64_t, double, std::string, Dtype, mx::array, Slots> {
  using variant::variant;
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(static_cast<const variant*>(this));
  }
  bool absent() const { return std::holds_alternative<std::monostate>(*this); }
};

mx::Dtype to_mlx(Dtype dtype);  // float64 and other types MLX lacks: as the dtype table narrows them
Dtype from_mlx(mx::Dtype dtype);

}  // namespace torch2mlx::ops
