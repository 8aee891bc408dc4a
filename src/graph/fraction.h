// Factors of sizes that floating point holds exactly.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

namespace torch2mlx::graph {

// 1.5 -> (3, 2): numerator and denominator of a factor by which every size is multiplied without rounding; nothing for
// 0.7, which is no such number.
inline std::optional<std::pair<std::int64_t, std::int64_t>> as_fraction(double factor) {
  constexpr std::int64_t limit = 1 << 20;
  std::int64_t denominator = 1;
  for (; factor != std::floor(factor) && denominator < limit; denominator *= 2) factor *= 2;
  if (factor != std::floor(factor) || factor < 0 || factor > static_cast<double>(limit)) return std::nullopt;
  return std::pair(static_cast<std::int64_t>(factor), denominator);
}

}  // namespace torch2mlx::graph
