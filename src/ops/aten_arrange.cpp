// Repetition, reversal, triangles, padding by what is there.
#include <fmt/format.h>

#include "ops/aten_families.h"
#include "ops/lower.h"
#include "ops/promotion.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;

Value repeat(Mlx& mx, Value x, Sizes repeats) { return mx("tile", x, repeats); }

// The axis read backwards.
Value reversed(Mlx& mx, Value x, int axis) {
  const Value order = mx("arange", mx.sub(mx.dim(x, axis), 1), -1, -1, Dtype::int32);
  return mx("take", x, order, axis);
}

Value flip(Mlx& mx, Value x, Ints64 dims) {
  if (mx.rank(x) > 0)
    for (const std::int64_t dim : dims) x = reversed(mx, x, mx.axis(x, dim));
  return x;
}

Value roll(Mlx& mx, Value x, Ints64 shifts, Ints64 dims) {
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

Value edge(Mlx& mx, Value x, int axis, bool last, std::int64_t width) {
  const Value line = mx("slice", x, axis, last ? std::optional<Size>(-1) : std::nullopt,
                        last ? std::nullopt : std::optional<Size>(1), std::nullopt);
  Sizes sizes = mx.dims(line);
  sizes[axis] = width;
  return mx("broadcast_to", line, sizes);
}

// Without the edge itself: abc, width 2 in front -> cb | abc.
Value mirrored(Mlx& mx, Value x, int axis, bool last, std::int64_t width) {
  const Value part = last ? mx("slice", x, axis, std::optional<Size>(-width - 1), std::optional<Size>(-1), std::nullopt)
                          : mx("slice", x, axis, std::optional<Size>(1), std::optional<Size>(width + 1), std::nullopt);
  return reversed(mx, part, axis);
}

Value wrapped(Mlx& mx, Value x, int axis, bool last, std::int64_t width) {
  return last ? mx("slice", x, axis, std::nullopt, std::optional<Size>(width), std::nullopt)
              : mx("slice", x, axis, std::optional<Size>(-width), std::nullopt, std::nullopt);
}

using Border = Value (*)(Mlx&, Value, int axis, bool last, std::int64_t width);

Value with_borders(Mlx& mx, Value x, const Ints64& pad, Border border) {
  for (std::size_t i = 0; i + 1 < pad.size(); i += 2) {
    const int axis = mx.rank(x) - 1 - static_cast<int>(i / 2);
    if (pad[i] < 0 || pad[i + 1] < 0) mx.refuse("negative padding in this mode");
    std::vector<Value> parts;
    if (pad[i] > 0) parts.push_back(border(mx, x, axis, false, pad[i]));
    parts.push_back(x);
    if (pad[i + 1] > 0) parts.push_back(border(mx, x, axis, true, pad[i + 1]));
    if (parts.size() > 1) x = mx("concatenate", parts, axis);
  }
  return x;
}

template <Border border>
Value bordered(Mlx& mx, Value x, Ints64 pad) {
  return with_borders(mx, x, pad, border);
}

Value pad(Mlx& mx, Value x, Ints64 pad, std::string mode, std::optional<double> value) {
  if (mode == "constant") {
    const Lowering* constant = find_lowering("aten.constant_pad_nd.default");
    const std::vector<graph::Arg> results = constant->run(mx, {to_arg(x), to_arg(pad), to_arg(value.value_or(0))});
    return {results.at(0).as<Ref>()};
  }
  if (mode == "reflect") return with_borders(mx, x, pad, mirrored);
  if (mode == "replicate") return with_borders(mx, x, pad, edge);
  if (mode == "circular") return with_borders(mx, x, pad, wrapped);
  mx.refuse(fmt::format("padding mode '{}'", mode));
}

constexpr Lowering rows[] = {
    lower<repeat, "repeat(Tensor self, SymInt[] repeats) -> Tensor">,
    lower<flip, "flip(Tensor self, int[] dims) -> Tensor">,
    lower<roll, "roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor">,
    lower<lower_triangle, "tril(Tensor self, SymInt diagonal=0) -> Tensor">,
    lower<upper_triangle, "triu(Tensor self, SymInt diagonal=0) -> Tensor">,
    lower<pad, "pad(Tensor self, SymInt[] pad, str mode=\"constant\", float? value=None) -> Tensor">,
    lower<bordered<mirrored>, "reflection_pad1d(Tensor self, SymInt[2] padding) -> Tensor">,
    lower<bordered<mirrored>, "reflection_pad2d(Tensor self, SymInt[4] padding) -> Tensor">,
    lower<bordered<edge>, "replication_pad1d(Tensor self, SymInt[2] padding) -> Tensor">,
    lower<bordered<edge>, "replication_pad2d(Tensor self, SymInt[4] padding) -> Tensor">,
};

}  // namespace

std::span<const Lowering> arrange_lowerings() { return rows; }

}  // namespace torch2mlx::ops
