// Places among sorted numbers, classes as ones and zeros, grids, histograms.
#include "ops/aten_families.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

// torch takes the later of equal places if `right` or side="right".
bool from_right(bool right, const std::optional<std::string>& side) { return side ? *side == "right" : right; }

// How many numbers of the last axis stand before each value, and nan behind all of them. `sorted` has the leading axes
// of the values.
Value places_by_counting(Mlx& mx, Value sorted, Value values, bool right) {
  const Value edges = expanded(mx, sorted, mx.rank(sorted) - 1), each = expanded(mx, values, mx.rank(values));
  const Value behind = mx.unchecked(right ? "greater" : "greater_equal", edges, each);
  const Value before = mx.cast(mx("logical_not", behind), Dtype::int32);
  return mx("sum", before, std::vector<int>{mx.rank(before) - 1}, std::nullopt);
}

Value searchsorted(Mlx& mx, Value sorted, Value values, bool, bool right, std::optional<std::string> side,
                   OptValue sorter) {
  if (sorter) sorted = mx("take_along_axis", sorted, *sorter, mx.rank(sorted) - 1);
  const bool last = from_right(right, side);
  Operand a = sorted, b = values;
  promote(mx, a, b);
  if (mx.rank(sorted) == 1) return mx("searchsorted", *a.value(), *b.value(), last ? "right" : "left");
  return places_by_counting(mx, *a.value(), *b.value(), last);
}

Value number_like(Mlx& mx, Value x, const Scalar& value) {
  if (value.is_floating() && !is_floating(mx.dtype(x))) return mx("full", Sizes{}, value, Dtype::float32);
  return mx("full", Sizes{}, value, mx.dtype(x));
}

Value searchsorted_number(Mlx& mx, Value sorted, Scalar value, bool out_int32, bool right,
                          std::optional<std::string> side, OptValue sorter) {
  return searchsorted(mx, sorted, number_like(mx, sorted, value), out_int32, right, side, sorter);
}
Value bucketize(Mlx& mx, Value x, Value boundaries, bool out_int32, bool right) {
  return searchsorted(mx, boundaries, x, out_int32, right, {}, {});
}
Value bucketize_number(Mlx& mx, Scalar value, Value boundaries, bool out_int32, bool right) {
  return searchsorted_number(mx, boundaries, value, out_int32, right, {}, {});
}

Value one_hot(Mlx& mx, Value x, std::int64_t classes) {
  if (classes < 0) mx.refuse("a number of classes that depends on data", "give num_classes");
  return mx("equal", expanded(mx, x, mx.rank(x)), counting(mx, classes, 0, 1));
}

std::vector<Value> meshgrid_as(Mlx& mx, std::vector<Value> tensors, std::string indexing) {
  for (Value& tensor : tensors)
    if (mx.rank(tensor) == 0) tensor = expanded(mx, tensor, 0);
  return tensors.size() == 1 ? tensors : mx.several("meshgrid", tensors, indexing);
}
std::vector<Value> meshgrid(Mlx& mx, std::vector<Value> tensors) { return meshgrid_as(mx, tensors, "ij"); }

Value cartesian_prod(Mlx& mx, std::vector<Value> tensors) {
  if (tensors.size() == 1) return tensors[0];
  std::vector<Value> columns;
  for (const Value grid : meshgrid(mx, tensors)) columns.push_back(mx("reshape", grid, std::vector<int>{-1}));
  return mx("stack", columns, 1);
}

// Equal bounds stand for the least and the largest element, and one more to both sides if these are equal too.
struct Bounds {
  Operand low, high, width;
};
Bounds histogram_bounds(Mlx& mx, Value x, double min, double max) {
  if (min != max) return {Scalar(min), Scalar(max), Scalar(max - min)};
  const Value low = mx("min", x, std::nullopt, std::nullopt), high = mx("max", x, std::nullopt, std::nullopt);
  const Value margin = mx("where", mx("equal", low, high), 1, 0);
  const Value from = mx("subtract", low, margin), to = mx("add", high, margin);
  return {from, to, mx("subtract", to, from)};
}

// Elements outside the bounds count nowhere; the last bin holds its upper bound.
Value histc(Mlx& mx, Value x, std::int64_t bins, Scalar min, Scalar max) {
  if (!min.constant() || !max.constant()) mx.refuse("bounds that are not constant");
  if (is_empty(mx, x)) return mx("full", Sizes{bins}, 0, mx.dtype(x));
  const Value flat = mx("reshape", x, std::vector<int>{-1});
  const auto [low, high, width] = histogram_bounds(mx, flat, *min.constant(), *max.constant());
  // In this order and dtype, as torch does: what lies on a border of bins depends on it.
  const Value scaled = mx("divide", mx("multiply", mx("subtract", flat, low), bins), width);
  const Value place = mx("minimum", mx.cast(mx("floor", scaled), Dtype::float32), bins - 1);
  const Value inside = mx("logical_and", mx("greater_equal", flat, low), mx("less_equal", flat, high));
  const Value counted = mx("where", inside, place, -1);
  const Value hits = mx("equal", expanded(mx, counted, 1), counting(mx, bins, 0, 1));
  return mx("sum", hits, std::vector<int>{0}, std::nullopt);
}

constexpr Lowering rows[] = {
    lower<searchsorted,
          "searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, bool out_int32=False, bool right=False, str? "
          "side=None, Tensor? sorter=None) -> Tensor">,
    lower<searchsorted_number,
          "searchsorted.Scalar(Tensor sorted_sequence, Scalar self, *, bool out_int32=False, bool right=False, str? "
          "side=None, Tensor? sorter=None) -> Tensor">,
    lower<bucketize,
          "bucketize.Tensor(Tensor self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor">,
    lower<bucketize_number,
          "bucketize.Scalar(Scalar self, Tensor boundaries, *, bool out_int32=False, bool right=False) -> Tensor">,
    lower<one_hot, "one_hot(Tensor self, int num_classes=-1) -> Tensor">,
    lower<meshgrid, "meshgrid(Tensor[] tensors) -> Tensor[]">,
    lower<meshgrid_as, "meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]">,
    lower<cartesian_prod, "cartesian_prod(Tensor[] tensors) -> Tensor">,
    lower<histc, "histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor">,
};

}  // namespace

std::span<const Lowering> search_lowerings() { return rows; }

}  // namespace torch2mlx::ops
