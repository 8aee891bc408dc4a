// Views and rearrangements.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "layers/layers.h"
#include "ops/aten_families.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;
constexpr std::int64_t to_end = INT64_MAX;  // torch's x[a:]

Value view(Mlx& mx, Value x, Sizes sizes) { return reshaped(mx, x, std::move(sizes)); }

Value flatten(Mlx& mx, Value x, std::int64_t start_dim, std::int64_t end_dim) {
  if (mx.rank(x) == 0) return mx("reshape", x, std::vector<int>{1});
  const int start = mx.axis(x, start_dim), end = mx.axis(x, end_dim);
  Sizes sizes = mx.dims(x);
  Size merged = 1;
  for (int i = start; i <= end; ++i) merged = mx.mul(merged, sizes[i]);
  sizes.erase(sizes.begin() + start, sizes.begin() + end + 1);
  sizes.insert(sizes.begin() + start, merged);
  return mx("reshape", x, sizes);
}

Value expand(Mlx& mx, Value x, Sizes sizes, [[maybe_unused]] bool implicit) {
  const int added = static_cast<int>(sizes.size()) - mx.rank(x);
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i].constant() == -1) sizes[i] = mx.dim(x, static_cast<int>(i) - added);
  return mx("broadcast_to", x, sizes);
}

Value permute(Mlx& mx, Value x, Ints64 dims) {
  std::vector<int> axes;
  for (const std::int64_t dim : dims) axes.push_back(mx.axis(x, dim));
  return mx("transpose", x, axes);
}

Value swap(Mlx& mx, Value x, std::int64_t a, std::int64_t b) {
  if (mx.rank(x) == 0) return x;
  std::vector<int> axes(mx.rank(x));
  std::iota(axes.begin(), axes.end(), 0);
  std::swap(axes[mx.axis(x, a)], axes[mx.axis(x, b)]);
  return mx("transpose", x, axes);
}

Value matrix_transpose(Mlx& mx, Value x) { return mx.rank(x) < 2 ? x : swap(mx, x, 0, 1); }

Value unsqueeze(Mlx& mx, Value x, std::int64_t dim) {
  return mx("expand_dims", x, static_cast<int>(dim < 0 ? dim + mx.rank(x) + 1 : dim));
}

Value squeeze_dims(Mlx& mx, Value x, Ints64 dims) {
  std::vector<int> axes;
  for (const std::int64_t dim : dims)
    if (mx.rank(x) > 0 && mx.shape(x)[mx.axis(x, dim)] == Dim(1)) axes.push_back(mx.axis(x, dim));
  std::ranges::sort(axes, std::greater());
  for (const int axis : axes) x = mx("squeeze", x, axis);
  return x;
}
Value squeeze_dim(Mlx& mx, Value x, std::int64_t dim) { return squeeze_dims(mx, x, {dim}); }
Value squeeze(Mlx& mx, Value x) {
  Ints64 dims(mx.rank(x));
  std::iota(dims.begin(), dims.end(), 0);
  return squeeze_dims(mx, x, dims);
}

Value slice(Mlx& mx, Value x, std::int64_t dim, std::optional<Size> start, std::optional<Size> end, std::int64_t step) {
  const bool from_first = !start || start->constant() == 0;
  const bool to_last = !end || end->constant() == to_end;
  if (from_first && to_last && step == 1) return x;
  return mx("slice", x, mx.axis(x, dim), from_first ? std::nullopt : start, to_last ? std::nullopt : end,
            step == 1 ? std::optional<std::int64_t>() : step);
}

Value select(Mlx& mx, Value x, std::int64_t dim, Size index) { return mx("select", x, mx.axis(x, dim), index); }

// A width that depends on sizes is taken to be what padding is for; MLX refuses a negative one when it runs.
Value constant_pad(Mlx& mx, Value x, Sizes pad, Scalar value) {
  const int rank = mx.rank(x);
  graph::List widths(rank, graph::List{0, 0});
  bool grows = false;
  for (std::size_t i = 0; i + 1 < pad.size(); i += 2) {
    // torch lists the last axis first. Negative widths cut off.
    const int axis = rank - 1 - static_cast<int>(i / 2);
    const auto low = pad[i].constant(), high = pad[i + 1].constant();
    if (low.value_or(0) < 0 || high.value_or(0) < 0)
      x = mx("slice", x, axis, low.value_or(0) < 0 ? std::optional(-low.value_or(0)) : std::nullopt,
             high.value_or(0) < 0 ? high : std::nullopt, std::nullopt);
    widths[axis] = graph::List{low.value_or(0) < 0 ? graph::Arg(0) : to_arg(pad[i]),
                               high.value_or(0) < 0 ? graph::Arg(0) : to_arg(pad[i + 1])};
    grows = grows || low.value_or(1) > 0 || high.value_or(1) > 0;
  }
  return grows ? mx("pad", x, widths, stored_as(value, mx.dtype(x))) : x;
}

// A copy is the same value; in eval mode nn.Dropout leaves one behind, which is kept for training.
Value copy(Mlx& mx, Value x) {
  const graph::Scope& scope = mx.graph().scopes[mx.scope];
  const layers::Row* layer = layers::find(scope.class_name);
  if (!layer || layer->op != "dropout") return x;
  const Module* module = mx.graph().module(scope.path);
  const auto p = module ? module->attributes.find("p") : std::map<std::string, Attribute>::const_iterator();
  if (!module || p == module->attributes.end() || !std::holds_alternative<double>(p->second)) return x;
  return mx("dropout", x, std::get<double>(p->second));
}

Value dropout(Mlx& mx, Value x, double p, bool train) {
  if (train) mx.refuse("dropout is training; call model.eval() first");
  const layers::Row* layer = layers::find(mx.graph().scopes[mx.scope].class_name);
  return layer && layer->op == "dropout" ? mx("dropout", x, p) : x;
}

// What is kept and what is not: all of it, in eval mode.
std::pair<Value, Value> native_dropout(Mlx& mx, Value x, double p, std::optional<bool> train) {
  return {dropout(mx, x, p, train.value_or(true)), mx("full", mx.dims(x), true, Dtype::boolean)};
}

Value identity(Mlx&, Value x) { return x; }

Value to_copy(Mlx& mx, Value x, std::optional<Dtype>, [[maybe_unused]] bool non_blocking) {
  return mx.cast(x, mx.declared_dtype());
}

constexpr Lowering rows[] = {
    lower<view, "view(Tensor self, SymInt[] size) -> Tensor">,
    lower<view, "reshape(Tensor self, SymInt[] shape) -> Tensor">,
    lower<view, "_unsafe_view(Tensor self, SymInt[] size) -> Tensor">,
    lower<flatten, "flatten.using_ints(Tensor self, int start_dim=0, int end_dim=-1) -> Tensor">,
    lower<expand, "expand(Tensor self, SymInt[] size, *, bool implicit=False) -> Tensor">,
    lower<permute, "permute(Tensor self, int[] dims) -> Tensor">,
    lower<swap, "transpose.int(Tensor self, int dim0, int dim1) -> Tensor">,
    lower<matrix_transpose, "t(Tensor self) -> Tensor">,
    lower<unsqueeze, "unsqueeze(Tensor self, int dim) -> Tensor">,
    lower<squeeze, "squeeze(Tensor self) -> Tensor">,
    lower<squeeze_dim, "squeeze.dim(Tensor self, int dim) -> Tensor">,
    lower<squeeze_dims, "squeeze.dims(Tensor self, int[] dim) -> Tensor">,
    lower<slice, "slice.Tensor(Tensor self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) -> Tensor">,
    lower<select, "select.int(Tensor self, int dim, SymInt index) -> Tensor">,
    lower<constant_pad, "constant_pad_nd(Tensor self, SymInt[] pad, Scalar value=0) -> Tensor">,
    lower<copy, "clone(Tensor self, *, MemoryFormat? memory_format=None) -> Tensor">,
    lower<dropout, "dropout(Tensor input, float p, bool train) -> Tensor">,
    lower<native_dropout, "native_dropout(Tensor input, float p, bool? train) -> (Tensor, Tensor)">,
    lower<identity, "contiguous(Tensor self, *, MemoryFormat memory_format=contiguous_format) -> Tensor">,
    lower<identity, "alias(Tensor self) -> Tensor">,
    lower<identity, "detach(Tensor self) -> Tensor">,
    lower<identity, "lift_fresh_copy(Tensor self) -> Tensor">,
    lower<to_copy,
          "_to_copy(Tensor self, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None, bool non_blocking=False, MemoryFormat? memory_format=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> shape_lowerings() { return rows; }

}  // namespace torch2mlx::ops
