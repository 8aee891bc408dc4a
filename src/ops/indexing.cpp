#include "ops/indexing.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "ops/rearrange.h"

namespace torch2mlx::ops {

std::vector<int> with_first(Mlx& mx, Value x, const std::vector<int>& axes) {
  std::vector<int> order = axes;
  for (int i = 0; i < mx.rank(x); ++i)
    if (std::ranges::find(axes, i) == axes.end()) order.push_back(i);
  return order;
}

bool is_mask(Mlx& mx, Value index) { return mx.dtype(index) == Dtype::boolean || mx.dtype(index) == Dtype::uint8; }

Indexed indexed(const std::vector<OptValue>& indices) {
  Indexed found;
  for (std::size_t i = 0; i < indices.size(); ++i)
    if (indices[i]) found.arrays.push_back(*indices[i]), found.axes.push_back(static_cast<int>(i));
  return found;
}

Value at_their_places(Mlx& mx, Value rows) {
  const MaskedRows::Rows picked = *mx.rows->find(rows.ref);
  Sizes sizes = mx.dims(rows);
  const Sizes places = mx.dims({picked.mask});
  sizes.insert(sizes.erase(sizes.begin() + picked.axis), places.begin(), places.end());
  MaskedRows* following = std::exchange(mx.rows, nullptr);  // these are rows no more
  rows = mx("reshape", rows, sizes);
  mx.rows = following;
  return rows;
}

bool is_wide(Mlx& mx, Value x) { return size_of(mx.dtype(x)) == 8; }

Value put_along(Mlx& mx, Value x, Value indices, Value values, int axis) {
  if (!is_wide(mx, x)) return mx("put_along_axis", x, indices, values, axis, std::nullopt);
  mx.note("elements of eight bytes are written by index on the CPU: Metal has no such kernel");
  return mx("put_along_axis", x, indices, values, axis, 1);
}

Combining combining(Reduce reduce) {
  switch (reduce) {
    case Reduce::prod:
      return {"scatter_multiply", "multiply", "prod"};
    case Reduce::amax:
      return {"scatter_maximum", "maximum", "max"};
    case Reduce::amin:
      return {"scatter_minimum", "minimum", "min"};
    default:
      return {"scatter_add", "add", "sum"};
  }
}

Scalar neutral(Mlx& mx, Dtype dtype, Reduce reduce) {
  if (reduce == Reduce::sum || reduce == Reduce::mean) return std::int64_t{0};
  if (reduce == Reduce::prod) return std::int64_t{1};
  const bool low = reduce == Reduce::amax;
  if (is_floating(dtype))
    return low ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  if (dtype == Dtype::boolean) return !low;
  switch (dtype) {
    case Dtype::uint8:
      return std::int64_t{low ? 0 : UINT8_MAX};
    case Dtype::int8:
      return std::int64_t{low ? INT8_MIN : INT8_MAX};
    case Dtype::int16:
      return std::int64_t{low ? INT16_MIN : INT16_MAX};
    case Dtype::int32:
      return std::int64_t{low ? INT32_MIN : INT32_MAX};
    case Dtype::int64:
      return low ? INT64_MIN : INT64_MAX;
    default:
      mx.refuse(fmt::format("extremes of {}", row(dtype).torch));
  }
}

Value combined_wide(Mlx& mx, Value x, Value indices, Value src, int axis, Reduce reduce) {
  const Combining how = combining(reduce);
  const Value places = counting(mx, mx.dim(x, axis), axis, mx.rank(x) + 1);
  const Value hit = mx("equal", expanded(mx, indices, axis), places);
  const Value picked = mx("where", hit, expanded(mx, src, axis), neutral(mx, mx.dtype(x), reduce));
  return mx.unchecked(how.pair, x, mx.unchecked(how.along, picked, std::vector<int>{axis + 1}, std::nullopt));
}

}  // namespace torch2mlx::ops
