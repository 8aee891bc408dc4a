// Bags of embeddings, and embeddings of bounded length.
#include <algorithm>
#include <limits>

#include "ops/aten_families.h"
#include "ops/channels_last.h"
#include "ops/lower.h"

namespace torch2mlx::ops {
namespace {

enum Mode : std::int64_t { sum, mean, max };

constexpr double lowest = -std::numeric_limits<double>::infinity();

const Node* definition(Mlx& mx, Value x, std::string_view op) {
  const auto& nodes = mx.graph().nodes;
  const auto it = std::ranges::find_if(nodes, [&](const Node& node) { return node.results.front() == x.ref; });
  return it != nodes.end() && it->op == op ? &*it : nullptr;
}

// (B, L) of indices whose bags all have L elements, as the module itself makes them of a matrix.
OptValue matrix(Mlx& mx, Value indices, Value offsets) {
  const Node *flat = definition(mx, indices, "reshape"), *range = definition(mx, offsets, "arange");
  if (!flat || !range) return std::nullopt;
  const Value x{flat->operand(0)};
  const graph::Arg *start = range->find("start"), *step = range->find("step");
  if (start && !(*start == graph::Arg(0))) return std::nullopt;
  const Dim length = !step             ? Dim(1)
                     : step->is<Ref>() ? mx.graph().type(step->as<Ref>()).size.value_or(Dim(0))
                                       : Dim(step->as<std::int64_t>());
  const bool fits = mx.rank(x) == 2 && mx.shape(x)[1] == length && mx.shape(x)[0] == mx.shape(offsets)[0];
  return fits ? OptValue(x) : std::nullopt;
}

// Elements of one bag after the other, as they add up.
struct Bags {
  Value elements;   // (B, L, D), or (n, D)
  OptValue counts;  // (B, L) or (n,): false for padding; absent: all count
};

Bags gathered(Mlx& mx, Value weight, Value indices, OptValue weights, std::optional<std::int64_t> padding_idx) {
  Bags bags{mx("embedding", weight, indices), std::nullopt};
  if (weights) {
    const Value factors = mx("expand_dims", mx("reshape", *weights, mx.dims(indices)), -1);
    bags.elements = mx("multiply", bags.elements, factors);
  }
  if (padding_idx) bags.counts = mx("not_equal", indices, *padding_idx);
  return bags;
}

Value counted(Mlx& mx, const Bags& bags, double otherwise) {
  if (!bags.counts) return bags.elements;
  return mx("where", mx("expand_dims", *bags.counts, -1), bags.elements, otherwise);
}

// A bag without elements gives zeros.
Value of_equal_bags(Mlx& mx, const Bags& bags, std::int64_t mode) {
  const std::vector<int> axis{1};
  if (!bags.counts && mode == mean) return mx("mean", bags.elements, axis, std::nullopt);
  if (mode == max) {
    const Value y = mx("max", counted(mx, bags, lowest), axis, std::nullopt);
    if (!bags.counts) return y;
    return mx("where", mx("any", *bags.counts, axis, true), y, 0);
  }
  const Value y = mx("sum", counted(mx, bags, 0), axis, std::nullopt);
  if (mode == sum) return y;
  const Value count = mx("sum", mx.cast(*bags.counts, mx.dtype(y)), axis, true);
  return mx("divide", y, mx("maximum", count, 1));
}

Value of_any_bags(Mlx& mx, const Bags& bags, Value offsets, std::int64_t mode) {
  const Size elements = mx.dim(bags.elements, 0), count = mx.dim(offsets, 0), width = mx.dim(bags.elements, 1);
  const Value started = mx("greater_equal", mx("expand_dims", counting(mx, elements), 1), offsets);
  const Value bag = mx("subtract", mx("sum", started, std::vector<int>{1}, std::nullopt), 1);
  if (mode == max) {
    Value member = mx("equal", mx("expand_dims", counting(mx, count), 1), bag);  // (B, n)
    if (bags.counts) member = mx("logical_and", member, *bags.counts);
    const Value spread = mx("where", mx("expand_dims", member, -1), bags.elements, lowest);
    const Value y = mx("max", spread, std::vector<int>{1}, std::nullopt);
    return mx("where", mx("any", member, std::vector<int>{1}, true), y, 0);
  }
  const Dtype dtype = mx.dtype(bags.elements);
  const Value y = mx("add_at", mx("full", Sizes{count, width}, 0, dtype), bag, counted(mx, bags, 0));
  if (mode == sum) return y;
  const Value ones = bags.counts ? mx.cast(*bags.counts, dtype) : mx("full", Sizes{elements}, 1, dtype);
  const Value sizes = mx("add_at", mx("full", Sizes{count}, 0, dtype), bag, ones);
  return mx("divide", y, mx("expand_dims", mx("maximum", sizes, 1), 1));
}

using Four = std::tuple<Value, Value, Value, Value>;

Four embedding_bag(Mlx& mx, Value weight, Value indices, Value offsets, [[maybe_unused]] bool scale_grad_by_freq,
                   std::int64_t mode, [[maybe_unused]] bool sparse, OptValue per_sample_weights,
                   bool include_last_offset, std::optional<std::int64_t> padding_idx) {
  if (padding_idx && *padding_idx < 0) {
    const auto rows = mx.shape(weight).at(0).constant();
    if (!rows) mx.refuse("a padding_idx counted from the end of a table whose size is not constant");
    *padding_idx += *rows;
  }
  const auto result = [&](Value y) { return Four{y, unavailable, unavailable, unavailable}; };
  if (const auto x = include_last_offset ? OptValue() : matrix(mx, indices, offsets))
    return result(of_equal_bags(mx, gathered(mx, weight, *x, per_sample_weights, padding_idx), mode));
  if (include_last_offset) offsets = mx("slice", offsets, 0, std::nullopt, Size(-1), std::nullopt);
  const Bags bags = gathered(mx, weight, indices, per_sample_weights, padding_idx);
  return result(of_any_bags(mx, bags, offsets, mode));
}

Four plain_bag(Mlx& mx, Value weight, Value indices, Value offsets, bool scale, std::int64_t mode, bool sparse,
               OptValue weights, bool last) {
  return embedding_bag(mx, weight, indices, offsets, scale, mode, sparse, weights, last, std::nullopt);
}

// Here -1 stands for no padding.
Four inner_bag(Mlx& mx, Value weight, Value indices, Value offsets, bool scale, std::int64_t mode, bool sparse,
               OptValue weights, bool last, std::int64_t padding_idx) {
  const auto padding = padding_idx < 0 ? std::nullopt : std::optional(padding_idx);
  return embedding_bag(mx, weight, indices, offsets, scale, mode, sparse, weights, last, padding);
}

// The table with the rows that are looked up shortened to max_norm.
Value embedding_renorm(Mlx& mx, Value weight, Value indices, double max_norm, double norm_type) {
  const std::vector<int> axis{1};
  const Value size = mx("abs", weight);
  Value norm{};
  if (norm_type == std::numeric_limits<double>::infinity())
    norm = mx("max", size, axis, true);
  else if (norm_type == 1)
    norm = mx("sum", size, axis, true);
  else if (norm_type == 2)
    norm = mx("sqrt", mx("sum", mx("square", weight), axis, true));
  else
    norm = mx("power", mx("sum", mx("power", size, norm_type), axis, true), 1 / norm_type);
  const Value flat = mx("reshape", indices, std::vector<int>{-1});
  const Value zeros = mx("full", Sizes{mx.dim(weight, 0), 1}, 0, Dtype::int32);
  const Value ones = mx("full", Sizes{mx.dim(flat, 0), 1}, 1, Dtype::int32);
  const Value used = mx("greater", mx("add_at", zeros, flat, ones), 0);
  const Value longer = mx("logical_and", used, mx("greater", norm, max_norm));
  return mx("where", longer, mx("multiply", weight, mx("divide", max_norm, mx("add", norm, 1e-7))), weight);
}

// torch (out, in1, in2) -> MLX (out, in2, in1)
Value bilinear(Mlx& mx, Value a, Value b, Value weight, OptValue bias) {
  return mx("bilinear", a, b, mx("transpose", weight, std::vector<int>{0, 2, 1}), bias);
}

constexpr Lowering table[] = {
    lower<plain_bag,
          "embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, "
          "bool sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False) -> (Tensor, Tensor, "
          "Tensor, Tensor)">,
    lower<embedding_bag,
          "embedding_bag.padding_idx(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq, int mode, "
          "bool sparse, Tensor? per_sample_weights, bool include_last_offset, int? padding_idx) -> (Tensor, Tensor, "
          "Tensor, Tensor)">,
    lower<inner_bag,
          "_embedding_bag(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, int mode=0, "
          "bool sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False, int padding_idx=-1) -> "
          "(Tensor, Tensor, Tensor, Tensor)">,
    lower<inner_bag,
          "_embedding_bag_forward_only(Tensor weight, Tensor indices, Tensor offsets, bool scale_grad_by_freq=False, "
          "int mode=0, bool sparse=False, Tensor? per_sample_weights=None, bool include_last_offset=False, int "
          "padding_idx=-1) -> (Tensor, Tensor, Tensor, Tensor)">,
    lower<embedding_renorm, "embedding_renorm(Tensor self, Tensor indices, float max_norm, float norm_type) -> Tensor">,
    lower<bilinear, "bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> bag_lowerings() { return table; }

}  // namespace torch2mlx::ops
