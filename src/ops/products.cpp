#include "ops/products.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

// One label an axis; axes of one label run together.
using Labels = std::vector<int>;

bool has_kernel(Mlx& mx, Value x) { return is_floating(mx.dtype(x)) || mx.dtype(x) == Dtype::complex64; }

// x with its axes in the order of `all`, those that it lacks of size 1.
Value spread(Mlx& mx, Value x, const Labels& labels, const Labels& all) {
  const auto place = [&](int axis) { return std::ranges::find(all, labels[axis]) - all.begin(); };
  std::vector<int> axes = axes_up_to(static_cast<int>(labels.size()));
  std::ranges::sort(axes, {}, place);
  if (!std::ranges::is_sorted(axes)) x = mx("transpose", x, axes);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (std::ranges::find(labels, all[i]) == labels.end()) x = mx("expand_dims", x, static_cast<int>(i));
  return x;
}

// The products of all elements, added up over the labels that `out` lacks.
Value multiplied_out(Mlx& mx, const std::vector<Value>& values, const std::vector<Labels>& labels, const Labels& out) {
  Labels all = out;
  for (const Labels& of : labels)
    for (const int label : of) {
      if (std::ranges::count(of, label) > 1) mx.refuse("a diagonal in a product of integers");
      if (std::ranges::find(all, label) == all.end()) all.push_back(label);
    }
  std::optional<Value> product;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value factor = spread(mx, values[i], labels[i], all);
    product = product ? mx("multiply", *product, factor) : factor;
  }
  if (all.size() == out.size()) return *product;
  if (is_empty(mx, *product)) {
    Sizes sizes = mx.dims(*product);
    sizes.resize(out.size());
    return mx("full", sizes, 0, mx.dtype(*product));
  }
  std::vector<int> summed(all.size() - out.size());
  std::iota(summed.begin(), summed.end(), static_cast<int>(out.size()));
  return mx("sum", *product, summed, std::nullopt);
}

Labels counted(int from, int count) {
  Labels labels(count);
  std::iota(labels.begin(), labels.end(), from);
  return labels;
}

// Labels of one operand; an ellipsis stands for the axes that are left, counted from behind.
Labels labels_of(Mlx& mx, std::string_view text, int rank) {
  Labels labels;
  const auto dots = text.find("...");
  const int left = rank - static_cast<int>(text.size()) + (dots == text.npos ? 0 : 3);
  if (left < 0 || (dots == text.npos && left != 0)) mx.refuse("an equation that does not fit its operands");
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != dots) {
      labels.push_back(text[i]);
      continue;
    }
    for (int axis = left; axis > 0; --axis) labels.push_back(-axis);
    i += 2;
  }
  return labels;
}

Value sum_of_integers(Mlx& mx, std::string_view equation, const std::vector<Value>& tensors) {
  const auto arrow = equation.find("->");
  std::string_view left = equation.substr(0, arrow);
  std::vector<Labels> labels;
  for (const Value tensor : tensors) {
    const auto comma = std::min(left.find(','), left.size());
    labels.push_back(labels_of(mx, left.substr(0, comma), mx.rank(tensor)));
    left.remove_prefix(std::min(comma + 1, left.size()));
  }
  int dots = 0;
  std::map<int, int> uses;
  for (const Labels& of : labels)
    for (const int label : of) ++uses[label], dots = std::max(dots, -label);
  Labels out;
  if (arrow != equation.npos) {
    const std::string_view right = equation.substr(arrow + 2);
    const bool ellipsis = right.find("...") != right.npos;
    out = labels_of(mx, right, static_cast<int>(right.size()) + (ellipsis ? dots - 3 : 0));
  } else {
    for (const auto& [label, count] : uses)  // the ellipsis, then letters in their order that stand once
      if (label < 0 || count == 1) out.push_back(label);
  }
  return multiplied_out(mx, tensors, labels, out);
}

}  // namespace

Value product_of_matrices(Mlx& mx, Value a, Value b) {
  if (has_kernel(mx, a)) return mx("matmul", a, b);
  const int left = mx.rank(a), right = mx.rank(b), batch = std::max({left - 2, right - 2, 0});
  const auto batched = [&](int rank) { return counted(batch - std::max(rank - 2, 0), std::max(rank - 2, 0)); };
  const int row = batch, column = batch + 1, inner = batch + 2;
  Labels of_a = batched(left), of_b = batched(right), out = counted(0, batch);
  if (left > 1) of_a.push_back(row), out.push_back(row);
  of_a.push_back(inner);
  of_b.push_back(inner);
  if (right > 1) of_b.push_back(column), out.push_back(column);
  return multiplied_out(mx, {a, b}, {of_a, of_b}, out);
}

Value einstein_sum(Mlx& mx, std::string equation, const std::vector<Value>& tensors) {
  std::erase(equation, ' ');
  return has_kernel(mx, tensors.at(0)) ? mx("einsum", tensors, equation) : sum_of_integers(mx, equation, tensors);
}

Value product_over(Mlx& mx, Value a, Value b, const std::vector<int>& axes_a, const std::vector<int>& axes_b) {
  if (has_kernel(mx, a)) return mx("tensordot", a, b, axes_a, axes_b);
  Labels of_a = counted(0, mx.rank(a)), of_b = counted(mx.rank(a), mx.rank(b)), out;
  for (std::size_t i = 0; i < axes_a.size(); ++i) of_b[axes_b[i]] = of_a[axes_a[i]];
  for (const int label : of_a)
    if (std::ranges::find(of_b, label) == of_b.end()) out.push_back(label);
  for (const int label : of_b)
    if (std::ranges::find(of_a, label) == of_a.end()) out.push_back(label);
  return multiplied_out(mx, {a, b}, {of_a, of_b}, out);
}

}  // namespace torch2mlx::ops
