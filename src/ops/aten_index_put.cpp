// Writing by index tensors and by masks, as x[i, j] = values does.
#include <algorithm>

#include "ops/aten_families.h"
#include "ops/indexing.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

// x[mask] = values, where the values are one number for all places, repeat along them, or come from them.
Value put_by_mask(Mlx& mx, Value x, Value mask, int axis, Value values, bool accumulate) {
  const int behind = mx.rank(x) - axis - mx.rank(mask), place = mx.rank(values) - behind - 1;
  if (mx.rows && mx.rows->find(values.ref)) {
    const MaskedRows::Rows rows = *mx.rows->find(values.ref);
    if (rows.axis != place || rows.mask != mx.rows->known(mx.graph(), mask.ref))
      mx.refuse("writing by a mask what another mask picked");
    values = at_their_places(mx, values);
  } else if (place >= 0) {
    if (mx.shape(values)[place] != Dim(1))
      mx.refuse("as many values as the mask has places: their number depends on data");
    for (int i = 1; i < mx.rank(mask); ++i) values = expanded(mx, values, place);
    if (mx.rank(mask) == 0) values = mx("squeeze", values, place);
  }
  for (int i = 0; i < behind; ++i) mask = expanded(mx, mask, mx.rank(mask));
  return mx("where", mask, accumulate ? mx("add", x, values) : values, x);
}

// The indexed axes as one: i0 * d1 + i1, where only i0 may count from the end.
Value as_one_index(Mlx& mx, Value x, const Indexed& by) {
  Value flat = by.arrays[0];
  for (std::size_t i = 1; i < by.arrays.size(); ++i) {
    const Size size = mx.dim(x, by.axes[i]);
    flat = mx("add", mx("multiply", flat, size), mx("remainder", by.arrays[i], size));
  }
  return flat;
}

// Adjacent axes are written as one: `write` takes x with one axis for them, a vector of places and values for these.
template <class F>
Value with_one_axis(Mlx& mx, Value x, const Indexed& by, Value values, F&& write) {
  const int first = by.axes.front(), count = static_cast<int>(by.axes.size());
  const Sizes sizes = mx.dims(x), places = common_sizes(mx, by.arrays);
  Value flat = as_one_index(mx, x, by);
  Value whole = x;
  Sizes merged = sizes, given(sizes.begin(), sizes.begin() + first);
  merged.erase(merged.begin() + first, merged.begin() + first + count);
  given.insert(given.end(), places.begin(), places.end());
  given.insert(given.end(), sizes.begin() + first + count, sizes.end());
  values = broadcast(mx, values, given);
  if (places.size() != 1) {
    Sizes spread = merged;
    spread.insert(spread.begin() + first, product(mx, places));
    values = mx("reshape", values, spread);
    flat = mx("reshape", flat, std::vector<int>{-1});
  }
  if (count > 1) {
    merged.insert(merged.begin() + first, product(mx, Sizes(sizes.begin() + first, sizes.begin() + first + count)));
    whole = mx("reshape", x, merged);
  }
  whole = write(whole, along(mx, flat, first, mx.rank(whole)), values, first);
  return count > 1 ? mx("reshape", whole, sizes) : whole;
}

Value index_put(Mlx& mx, Value x, std::vector<OptValue> indices, Value values, bool accumulate) {
  Indexed by = indexed(indices);
  values = mx.cast(values, mx.dtype(x));
  if (by.arrays.empty()) {
    const Value given = broadcast(mx, values, mx.dims(x));
    return accumulate ? mx("add", x, given) : given;
  }
  if (std::ranges::any_of(by.arrays, [&](Value array) { return is_mask(mx, array); })) {
    if (by.arrays.size() > 1) mx.refuse("writing by a mask together with other indices");
    const Value mask = mx.cast(by.arrays[0], Dtype::boolean);
    return put_by_mask(mx, x, mask, by.axes[0], values, accumulate);
  }
  if (std::ranges::any_of(by.arrays, [&](Value array) { return is_empty(mx, array); })) return x;
  if (!by.adjacent()) {
    const std::vector<int> order = with_first(mx, x, by.axes);
    std::vector<int> back(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) back[order[i]] = static_cast<int>(i);
    const std::vector<OptValue> leading(by.arrays.begin(), by.arrays.end());
    return mx("transpose", index_put(mx, mx("transpose", x, order), leading, values, accumulate), back);
  }
  if (!accumulate)
    return with_one_axis(mx, x, by, values,
                         [&](Value to, Value at, Value from, int axis) { return put_along(mx, to, at, from, axis); });
  if (!is_wide(mx, x)) return mx("scatter_add", x, values, by.arrays, by.axes);
  return with_one_axis(mx, x, by, values, [&](Value to, Value at, Value from, int axis) {
    return combined_wide(mx, to, mx("remainder", at, mx.dim(to, axis)), from, axis, Reduce::sum);
  });
}

// As if x had one axis.
Value put_flat(Mlx& mx, Value x, Value indices, Value source, bool accumulate) {
  const std::vector<int> flat{-1};
  const Value written =
      index_put(mx, mx("reshape", x, flat), {mx("reshape", indices, flat)}, mx("reshape", source, flat), accumulate);
  return mx("reshape", written, mx.dims(x));
}

Value masked_index_put(Mlx& mx, Value x, Value mask, std::vector<OptValue> indices, Value values) {
  for (OptValue& array : indices)
    if (array) array = mx("where", mask, *array, 0);
  return index_put(mx, x, indices, mx("where", mask, values, 0), true);
}

constexpr Lowering rows[] = {
    lower<index_put, "index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor">,
    lower<index_put,
          "_unsafe_index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor">,
    lower<masked_index_put,
          "_unsafe_masked_index_put_accumulate(Tensor self, Tensor mask, Tensor?[] indices, Tensor values) -> Tensor">,
    lower<put_flat, "put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor">,
};

}  // namespace

std::span<const Lowering> index_put_lowerings() { return rows; }

}  // namespace torch2mlx::ops
