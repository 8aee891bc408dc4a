// Repetition, reversal, triangles, padding by what is there.
#include <fmt/format.h>

#include "ops/aten_families.h"
#include "ops/lowering_table.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;

Value repeat(Mlx& mx, Value x, Sizes repeats) { return mx("tile", x, repeats); }

Value reversed(Mlx& mx, Value x, const std::vector<int>& axes) {
  if (mx.rank(x) == 0) return x;
  for (const int axis : axes) x = mx("flip", x, std::vector<int>{axis});
  return x;
}

Value flip(Mlx& mx, Value x, Ints64 dims) {
  std::vector<int> axes;
  for (const std::int64_t dim : dims) axes.push_back(mx.axis(x, dim));
  return reversed(mx, x, axes);
}
Value flip_rows(Mlx& mx, Value x) { return reversed(mx, x, {0}); }
Value flip_columns(Mlx& mx, Value x) { return reversed(mx, x, {1}); }

// Quarter turns from the first axis towards the second.
Value rotated(Mlx& mx, Value x, std::int64_t k, Ints64 dims) {
  const int from = mx.axis(x, dims.at(0)), to = mx.axis(x, dims.at(1));
  const std::int64_t turns = (k % 4 + 4) % 4;
  if (turns == 0) return x;
  if (turns == 2) return reversed(mx, x, {from, to});
  std::vector<int> order = axes_up_to(mx.rank(x));
  std::swap(order[from], order[to]);
  return mx("transpose", reversed(mx, x, {turns == 1 ? to : from}), order);
}

Value repeat_interleave(Mlx& mx, Value x, Size repeats, std::optional<std::int64_t> dim, std::optional<Size>) {
  if (!dim) return mx("repeat", mx("reshape", x, std::vector<int>{-1}), repeats, 0);
  if (mx.rank(x) == 0) x = expanded(mx, x, 0);
  return mx("repeat", x, repeats, mx.axis(x, *dim));
}

// Which element stands at each of `count` places, if element i is repeated repeats[i] times.
Value repeated_places(Mlx& mx, Value repeats, const Dim& declared, std::optional<Size> output_size) {
  const auto count = declared.constant();
  if (!count && !output_size) mx.refuse("repeats that are a tensor give a shape that depends on data");
  if (mx.rank(repeats) != 1) mx.refuse("one number of repeats that is a tensor");
  const Value places = counting(mx, count ? Size(*count) : *output_size, 0, 1);
  return mx("searchsorted", mx("cumsum", repeats, 0), mx.cast(places, mx.dtype(repeats)), "right");
}
Value repeat_interleave_places(Mlx& mx, Value repeats, std::optional<Size> output_size) {
  if (mx.declared.empty()) mx.refuse("repeats that are a tensor give a shape that depends on data");
  return repeated_places(mx, repeats, mx.declared[0].shape.at(0), output_size);
}
Value repeat_interleave_tensor(Mlx& mx, Value x, Value repeats, std::optional<std::int64_t> dim,
                               std::optional<Size> output_size) {
  if (!dim) x = mx("reshape", x, std::vector<int>{-1});
  const int axis = mx.axis(x, dim.value_or(0));
  if (mx.declared.empty() || mx.rank(x) == 0 || mx.shape(x)[axis] != mx.shape(repeats).at(0))
    mx.refuse("one number of repeats that is a tensor");
  return mx("take", x, repeated_places(mx, repeats, mx.declared[0].shape.at(axis), output_size), axis);
}

Value diff(Mlx& mx, Value x, std::int64_t n, std::int64_t dim, OptValue prepend, OptValue append) {
  const int axis = mx.axis(x, dim);
  std::vector<Value> parts{x};
  if (prepend) parts.insert(parts.begin(), *prepend);
  if (append) parts.push_back(*append);
  for (Value& part : parts) part = mx.cast(part, mx.declared_dtype());
  x = concatenated(mx, parts, axis);
  for (std::int64_t i = 0; i < n && mx.shape(x)[axis] != Dim(0); ++i) {
    const Value later = cut(mx, x, axis, 1, std::nullopt), earlier = cut(mx, x, axis, std::nullopt, -1);
    x = mx.unchecked(mx.dtype(x) == Dtype::boolean ? "not_equal" : "subtract", later, earlier);
  }
  return x;
}

Value roll(Mlx& mx, Value x, Sizes shifts, Ints64 dims) {
  if (dims.empty()) {
    const Sizes sizes = mx.dims(x);
    const Value flat = mx("reshape", x, std::vector<int>{-1});
    return mx("reshape", mx("roll", flat, shifts.at(0), 0), sizes);
  }
  for (std::size_t i = 0; i < dims.size(); ++i) x = mx("roll", x, shifts.at(i), mx.axis(x, dims[i]));
  return x;
}

Value lower_triangle(Mlx& mx, Value x, std::int64_t diagonal) { return mx("tril", x, diagonal); }
Value upper_triangle(Mlx& mx, Value x, std::int64_t diagonal) { return mx("triu", x, diagonal); }

Value edge(Mlx& mx, Value x, int axis, bool last, const Size& width) {
  const Value line = mx("slice", x, axis, last ? std::optional<Size>(-1) : std::nullopt,
                        last ? std::nullopt : std::optional<Size>(1), std::nullopt);
  Sizes sizes = mx.dims(line);
  sizes[axis] = width;
  return mx("broadcast_to", line, sizes);
}

// Without the edge itself: abc, width 2 in front -> cb | abc.
Value mirrored(Mlx& mx, Value x, int axis, bool last, const Size& width) {
  const Value part = last ? cut(mx, x, axis, mx.sub(-1, width), -1) : cut(mx, x, axis, 1, mx.add(width, 1));
  return reversed(mx, part, {axis});
}

Value wrapped(Mlx& mx, Value x, int axis, bool last, const Size& width) {
  return last ? cut(mx, x, axis, std::nullopt, width) : cut(mx, x, axis, mx.sub(0, width), std::nullopt);
}

// Where the elements come from, of places that count on beyond both ends of an axis.
Value mirrored_places(Mlx& mx, Value places, const Size& length) {
  const Size last = mx.sub(length, 1);
  return mx("subtract", last, mx("abs", mx("subtract", last, mx("abs", places))));
}
Value edge_places(Mlx& mx, Value places, const Size& length) {
  return mx("minimum", mx("maximum", places, 0), mx.sub(length, 1));
}
Value wrapped_places(Mlx& mx, Value places, const Size& length) { return mx("remainder", places, length); }

struct Mode {
  Value (*border)(Mlx&, Value, int axis, bool last, const Size& width);
  Value (*places)(Mlx&, Value places, const Size& length);
};
constexpr Mode reflect{mirrored, mirrored_places}, replicate{edge, edge_places}, circular{wrapped, wrapped_places};

// By index: what is not constant may be nothing, or less.
Value with_any_borders(Mlx& mx, Value x, int axis, const Size& low, const Size& high, const Mode& mode) {
  const Size length = mx.dim(x, axis);
  const Value places = mx("arange", mx.sub(0, low), mx.add(length, high), std::nullopt, Dtype::int32);
  return mx("take", x, mode.places(mx, places, length), axis);
}

Value with_borders(Mlx& mx, Value x, const Sizes& pad, const Mode& mode) {
  for (std::size_t i = 0; i + 1 < pad.size(); i += 2) {
    const int axis = mx.rank(x) - 1 - static_cast<int>(i / 2);
    const auto low = pad[i].constant(), high = pad[i + 1].constant();
    const bool less = (low && *low < 0) || (high && *high < 0);
    if (!low || !high || (less && mode.places != circular.places)) {
      x = with_any_borders(mx, x, axis, pad[i], pad[i + 1], mode);
      continue;
    }
    // torch wraps around what is left.
    if (*low < 0) x = cut(mx, x, axis, -*low, std::nullopt);
    if (*high < 0) x = cut(mx, x, axis, std::nullopt, *high);
    std::vector<Value> parts{x};
    for (const bool last : {false, true}) {
      const Size& width = pad[last ? i + 1 : i];
      if (*width.constant() <= 0) continue;
      parts.insert(last ? parts.end() : parts.begin(), mode.border(mx, x, axis, last, width));
    }
    if (parts.size() > 1) x = mx("concatenate", parts, axis);
  }
  return x;
}

template <const Mode& mode>
Value bordered(Mlx& mx, Value x, Sizes pad) {
  return with_borders(mx, x, pad, mode);
}

Value pad(Mlx& mx, Value x, Sizes pad, std::string mode, std::optional<double> value) {
  if (mode == "constant") {
    const TableRow* constant = find_lowering("aten.constant_pad_nd.default");
    const std::vector<graph::Arg> results = constant->run(mx, {to_arg(x), to_arg(pad), to_arg(value.value_or(0))});
    return {results.at(0).as<Ref>()};
  }
  if (mode == "reflect") return with_borders(mx, x, pad, reflect);
  if (mode == "replicate") return with_borders(mx, x, pad, replicate);
  if (mode == "circular") return with_borders(mx, x, pad, circular);
  mx.refuse(fmt::format("padding mode '{}'", mode));
}

constexpr Lowering rows[] = {
    lower<repeat, "repeat(Tensor self, SymInt[] repeats) -> Tensor">,
    lower<repeat, "tile(Tensor self, SymInt[] dims) -> Tensor">,
    lower<repeat_interleave,
          "repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim=None, *, SymInt? output_size=None) -> "
          "Tensor">,
    lower<repeat_interleave_tensor,
          "repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, SymInt? output_size=None) -> "
          "Tensor">,
    lower<repeat_interleave_places, "repeat_interleave.Tensor(Tensor repeats, *, SymInt? output_size=None) -> Tensor">,
    lower<diff, "diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor">,
    lower<flip, "flip(Tensor self, int[] dims) -> Tensor">,
    lower<flip_rows, "flipud(Tensor self) -> Tensor">,
    lower<flip_columns, "fliplr(Tensor self) -> Tensor">,
    lower<rotated, "rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor">,
    lower<roll, "roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor">,
    lower<lower_triangle, "tril(Tensor self, SymInt diagonal=0) -> Tensor">,
    lower<upper_triangle, "triu(Tensor self, SymInt diagonal=0) -> Tensor">,
    lower<pad, "pad(Tensor self, SymInt[] pad, str mode=\"constant\", float? value=None) -> Tensor">,
    lower<bordered<reflect>, "reflection_pad1d(Tensor self, SymInt[2] padding) -> Tensor">,
    lower<bordered<reflect>, "reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor">,
    lower<bordered<reflect>, "reflection_pad3d(Tensor self, SymInt[6] padding) -> Tensor">,
    lower<bordered<replicate>, "replication_pad1d(Tensor self, SymInt[2] padding) -> Tensor">,
    lower<bordered<replicate>, "replication_pad2d(Tensor self, SymInt[4] padding) -> Tensor">,
    lower<bordered<replicate>, "replication_pad3d(Tensor self, SymInt[6] padding) -> Tensor">,
};

}  // namespace

std::span<const Lowering> arrange_lowerings() { return rows; }

}  // namespace torch2mlx::ops
