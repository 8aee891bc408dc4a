#include "weights/folds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "read/check.h"
#include "weights/elements.h"

namespace torch2mlx::weights {
namespace {

using Index = std::unordered_map<std::string_view, const Tensor*>;

// Elements of a small tensor, or any piece of a large one, as doubles.
class Doubles {
 public:
  explicit Doubles(const Tensor& tensor) : part_{Combine::copy, {tensor}}, elements_(part_, Dtype::float64) {}

  // Calls fn(first, values) for consecutive pieces.
  template <class F>
  void for_each_piece(F fn) {
    Scratch scratch;
    const std::int64_t step = std::min<std::int64_t>(elements_.step(), 8192);
    std::vector<double> values(static_cast<std::size_t>(step));
    for (std::int64_t first = 0; first < elements_.size(); first += step) {
      const auto count = std::min(step, elements_.size() - first);
      elements_.read(first, count, reinterpret_cast<std::byte*>(values.data()), scratch);
      fn(first, std::span<const double>(values.data(), static_cast<std::size_t>(count)));
    }
  }

  std::vector<double> all() {
    std::vector<double> result;
    for_each_piece(
        [&](std::int64_t, std::span<const double> piece) { result.insert(result.end(), piece.begin(), piece.end()); });
    return result;
  }

 private:
  Part part_;
  Elements elements_;
};

// The axes of `tensor` with `axis` first.
Tensor with_first(const Tensor& tensor, std::size_t axis) {
  Tensor view = tensor;
  std::rotate(view.shape.begin(), view.shape.begin() + axis, view.shape.begin() + axis + 1);
  std::rotate(view.strides.begin(), view.strides.begin() + axis, view.strides.begin() + axis + 1);
  return view;
}

// A factor for every index along `axis`, spread over the others; one for all where there is no axis.
struct Factors {
  std::shared_ptr<std::vector<double>> values;
  Tensor tensor;
};

Factors make_factors(const Tensor& weight, std::optional<std::size_t> axis) {
  Factors factors;
  const auto count = axis ? static_cast<std::size_t>(weight.shape[*axis]) : 1;
  factors.values = std::make_shared<std::vector<double>>(count);
  auto storage = std::make_shared<Storage>();
  storage->bytes = std::as_bytes(std::span(*factors.values));
  storage->owner = factors.values;
  factors.tensor = {weight.name + " factors", Dtype::float64, weight.shape, {}, 0, std::move(storage)};
  factors.tensor.strides.assign(weight.shape.size(), 0);
  if (axis) factors.tensor.strides[*axis] = 1;
  return factors;
}

void norm_factors(const Tensor& g, const Tensor& v, std::optional<std::size_t> axis, std::vector<double>& out) {
  const Tensor rows = axis ? with_first(v, *axis) : v;
  const auto width =
      static_cast<std::int64_t>(static_cast<std::size_t>(v.elements()) / std::max<std::size_t>(1, out.size()));
  std::vector<double> squares(out.size(), 0);
  Doubles(rows).for_each_piece([&](std::int64_t first, std::span<const double> piece) {
    for (std::size_t i = 0; i < piece.size(); ++i)
      squares[static_cast<std::size_t>((first + static_cast<std::int64_t>(i)) / width)] += piece[i] * piece[i];
  });
  const auto lengths = Doubles(g).all();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = lengths[i] / std::sqrt(squares[i]);
}

// 1 / (u' W v)
void spectral_factor(const Tensor& weight, const Tensor& u, const Tensor& v, std::size_t axis,
                     std::vector<double>& out) {
  const auto left = Doubles(u).all(), right = Doubles(v).all();
  double sigma = 0;
  Doubles(with_first(weight, axis)).for_each_piece([&](std::int64_t first, std::span<const double> piece) {
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const auto at = static_cast<std::size_t>(first) + i;
      sigma += left[at / right.size()] * piece[i] * right[at % right.size()];
    }
  });
  out[0] = 1 / sigma;
}

const Tensor* get(const Index& index, const std::string& name) {
  const auto it = index.find(name);
  return it == index.end() ? nullptr : it->second;
}

// The axis whose lengths g holds: all of its others are 1. Nothing: one length for the whole weight.
bool fits(const Tensor& g, const Tensor& v, std::optional<std::size_t>& axis) {
  if (g.elements() == 1) return true;
  if (g.shape.size() != v.shape.size()) return false;
  for (std::size_t i = 0; i < g.shape.size(); ++i) {
    if (g.shape[i] == 1) continue;
    if (axis || g.shape[i] != v.shape[i]) return false;
    axis = i;
  }
  return true;
}

std::optional<Fold> weight_norm(const std::string& name, const Tensor* g, const Tensor* v) {
  std::optional<std::size_t> axis;
  if (!g || !v || !is_floating(v->dtype) || v->elements() == 0 || !fits(*g, *v, axis)) return std::nullopt;
  Factors factors = make_factors(*v, axis);
  Fold fold{
      name, "weight_norm folded", {v->name, g->name}, v->shape, v->dtype, {Combine::multiply, {*v, factors.tensor}}, {},
      {}};
  fold.prepare = [g = *g, v = *v, axis, values = factors.values](std::size_t) { norm_factors(g, v, axis, *values); };
  return fold;
}

std::optional<Fold> spectral_norm(const std::string& name, const Tensor* weight, const Tensor* u, const Tensor* v) {
  if (!weight || !u || !v || !is_floating(weight->dtype) || u->shape.size() != 1 || v->shape.size() != 1 ||
      u->elements() * v->elements() != weight->elements() || weight->elements() == 0)
    return std::nullopt;
  Factors factors = make_factors(*weight, std::nullopt);
  Fold fold{name,
            "spectral_norm folded",
            {weight->name, u->name, v->name},
            weight->shape,
            weight->dtype,
            {Combine::multiply, {*weight, factors.tensor}},
            {},
            {}};
  for (std::size_t axis = 0; axis < weight->shape.size(); ++axis)
    if (weight->shape[axis] == u->shape[0]) fold.axes.push_back(axis);
  if (fold.axes.empty()) return std::nullopt;
  fold.prepare = [weight = *weight, u = *u, v = *v, values = factors.values](std::size_t axis) {
    spectral_factor(weight, u, v, axis, *values);
  };
  return fold;
}

// "conv.weight" of "conv.weight_g" and of "conv.parametrizations.weight.original0"; empty if it has no such end.
std::string stem(const std::string& name, std::string_view end) {
  return name.ends_with(end) ? name.substr(0, name.size() - end.size()) : std::string();
}

std::string parametrized(const std::string& name, std::string_view end) {
  constexpr std::string_view middle = "parametrizations.";
  std::string path = stem(name, end);
  const auto at = path.rfind(middle);
  if (path.empty() || at == std::string::npos || (at > 0 && path[at - 1] != '.') ||
      path.find('.', at + middle.size()) != std::string::npos)
    return {};
  return path.erase(at, middle.size());
}

std::optional<Fold> fold_of(const std::string& name, const Index& index) {
  if (const auto plain = stem(name, "_g"); !plain.empty() && !index.contains(plain))
    return weight_norm(plain, get(index, name), get(index, plain + "_v"));
  if (const auto plain = stem(name, "_orig"); !plain.empty() && !index.contains(plain))
    return spectral_norm(plain, get(index, name), get(index, plain + "_u"), get(index, plain + "_v"));
  if (const auto plain = parametrized(name, ".original0"); !plain.empty()) {
    const auto base = stem(name, "0");
    return weight_norm(plain, get(index, name), get(index, base + "1"));
  }
  if (const auto plain = parametrized(name, ".original"); !plain.empty()) {
    const auto base = stem(name, "original");
    return spectral_norm(plain, get(index, name), get(index, base + "0._u"), get(index, base + "0._v"));
  }
  return std::nullopt;
}

}  // namespace

std::vector<Fold> find_folds(const Checkpoint& checkpoint) {
  Index index;
  for (const Tensor& tensor : checkpoint.tensors) index.emplace(tensor.name, &tensor);
  std::vector<Fold> folds;
  for (const Tensor& tensor : checkpoint.tensors)
    if (auto fold = fold_of(tensor.name, index)) folds.push_back(std::move(*fold));
  return folds;
}

}  // namespace torch2mlx::weights
