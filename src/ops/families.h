// All rows of table 1, visible while compiling: `mx("sigmoid", x)` is checked against them.
#pragma once

#include <array>

#include "ops/mlx_basic.h"
#include "ops/mlx_elementwise.h"
#include "ops/mlx_fourier.h"
#include "ops/mlx_index.h"
#include "ops/mlx_linalg.h"
#include "ops/mlx_math.h"
#include "ops/mlx_nn.h"
#include "ops/mlx_random.h"
#include "ops/mlx_recurrent.h"
#include "ops/mlx_reduce.h"
#include "ops/mlx_sizes.h"
#include "ops/mlx_spatial.h"
#include "ops/mlx_values.h"

namespace torch2mlx::ops {

namespace detail {
inline constexpr auto all_rows =
    std::tie(basic_rows, elementwise_rows, math_rows, reduce_rows, nn_rows, spatial_rows, recurrent_rows, index_rows,
             linalg_rows, fourier_rows, random_rows, size_rows, value_rows);

// Calls f(row) on every row of every family.
template <class F>
constexpr void for_each_row(F&& f) {
  std::apply([&](const auto&... family) { (std::apply([&](const auto&... rows) { (f(rows), ...); }, family), ...); },
             all_rows);
}

consteval std::size_t count_rows() {
  std::size_t n = 0;
  for_each_row([&](const auto&) { ++n; });
  return n;
}

consteval auto collect() {
  std::array<Info, count_rows()> infos{};
  std::size_t n = 0;
  for_each_row([&](const auto& row) { infos[n++] = row.info; });
  return infos;
}
}  // namespace detail

inline constexpr auto infos = detail::collect();

consteval const Info& info_of(std::string_view name) {
  for (const Info& info : infos)
    if (info.name == name) return info;
  throw "no MLX op has this name";
}

}  // namespace torch2mlx::ops
