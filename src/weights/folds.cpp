#include "weights/folds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "base/error.h"
#include "layers/layers.h"
#include "read/check.h"
#include "weights/arrange.h"
#include "weights/elements.h"

namespace torch2mlx::weights {
namespace {

// Elements of a small tensor, or any piece of a large one, as doubles.
class Doubles {
 public:
  explicit Doubles(const Tensor& tensor) : part_(Combine::copy, {tensor}), elements_(part_, Dtype::float64) {}

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
  std::vector<int> axes(tensor.shape.size());
  std::iota(axes.begin(), axes.end(), 0);
  std::rotate(axes.begin(), axes.begin() + axis, axes.begin() + axis + 1);
  return arranged(tensor, axes);
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
  std::vector<std::int64_t> strides(weight.shape.size(), 0);
  if (axis) strides[*axis] = 1;
  factors.tensor = {fmt::format("{} factors", std::string_view(weight.name)),
                    Dtype::float64,
                    weight.shape,
                    strides,
                    0,
                    std::move(storage)};
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

// u' W v, and how far W v points along u: 1 for what the power method ends with.
struct Spectrum {
  double sigma = 0, alignment = 0;
};

Spectrum spectrum(const Tensor& weight, std::span<const double> u, std::span<const double> v, std::size_t axis) {
  std::vector<double> image(u.size(), 0);  // W v
  Doubles(with_first(weight, axis)).for_each_piece([&](std::int64_t first, std::span<const double> piece) {
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const auto at = static_cast<std::size_t>(first) + i;
      image[at / v.size()] += piece[i] * v[at % v.size()];
    }
  });
  Spectrum result;
  double squares = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    result.sigma += u[i] * image[i];
    squares += image[i] * image[i];
  }
  result.alignment = squares > 0 ? std::abs(result.sigma) / std::sqrt(squares) : 0;
  return result;
}

// 1 / (u' W v), unless u and v are those of another axis.
void spectral_factor(const Tensor& weight, const Tensor& u, const Tensor& v, std::size_t axis,
                     std::span<const std::size_t> axes, std::vector<double>& out) {
  constexpr double aligned = 0.95;
  const auto left = Doubles(u).all(), right = Doubles(v).all();
  const Spectrum found = spectrum(weight, left, right, axis);
  for (const std::size_t other : axes)
    if (other != axis && found.alignment < aligned && spectrum(weight, left, right, other).alignment > aligned)
      throw Error(ErrorKind::unsupported, printable(weight.name),
                  fmt::format("its spectral norm is that of axis {}, not {} as its layer's is", other, axis),
                  "convert the live module, which tells the axis");
  out[0] = 1 / found.sigma;
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

// `told`: the axis that the module tree tells.
std::optional<Fold> spectral_norm(const std::string& name, const Tensor* weight, const Tensor* u, const Tensor* v,
                                  std::optional<std::int64_t> told) {
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
    if (weight->shape[axis] == u->shape[0] && (!told || *told == static_cast<std::int64_t>(axis)))
      fold.axes.push_back(axis);
  if (fold.axes.empty()) return std::nullopt;
  fold.prepare = [weight = *weight, u = *u, v = *v, axes = fold.axes, values = factors.values](std::size_t axis) {
    spectral_factor(weight, u, v, axis, axes, *values);
  };
  return fold;
}

// "conv.weight" of "conv.weight_g"; empty if it has no such end.
std::string stem(const std::string& name, std::string_view end) {
  return name.ends_with(end) ? name.substr(0, name.size() - end.size()) : std::string();
}

// "conv.parametrizations.weight" of "conv.parametrizations.weight.original" and of what else lies below it.
std::string_view chain_of(std::string_view name) {
  constexpr std::string_view middle = "parametrizations.";
  const auto at = name.rfind(middle);
  if (at == name.npos || (at > 0 && name[at - 1] != '.')) return {};
  const auto end = name.find('.', at + middle.size());
  return end == name.npos ? std::string_view() : name.substr(0, end);
}

// What a checkpoint tells of the parametrizations of a tensor.
struct Chain {
  int keys = 0, links = 0;
  const Module* first = nullptr;  // where the file or the live model tells the tree
};

class Finder {
 public:
  Finder(const Checkpoint& checkpoint, std::span<const Module> modules) : index_(checkpoint.tensors) {
    for (const Tensor& tensor : checkpoint.tensors) {
      if (const auto chain = chain_of(tensor.name); !chain.empty()) ++chains_[chain].keys;
    }
    for (const auto tree : {modules, std::span<const Module>(checkpoint.modules)})
      for (const Module& module : tree) {
        modules_.emplace(module.path, &module);
        const auto chain = chain_of(module.path);
        if (chain.empty() || module.path.find('.', chain.size() + 1) != std::string::npos) continue;
        ++chains_[chain].links;
        if (module.path.ends_with(".0")) chains_[chain].first = &module;
      }
  }

  std::optional<Fold> fold_of(const std::string& name) const {
    if (const auto plain = stem(name, "_g"); !plain.empty() && !index_.contains(plain))
      return weight_norm(plain, get(name), get(plain + "_v"));
    if (const auto plain = stem(name, "_orig"); !plain.empty() && !index_.contains(plain))
      return spectral_norm(plain, get(name), get(plain + "_u"), get(plain + "_v"), hook_axis(plain));
    const std::string chain(chain_of(name));
    if (chain.empty()) return std::nullopt;
    std::string plain = chain;
    plain.erase(plain.rfind("parametrizations."), std::string_view("parametrizations.").size());
    if (name == chain + ".original0" && alone(chain, 2, "_WeightNorm"))
      return weight_norm(plain, get(name), get(chain + ".original1"));
    if (name == chain + ".original" && alone(chain, 3, "_SpectralNorm"))
      return spectral_norm(plain, get(name), get(chain + ".0._u"), get(chain + ".0._v"),
                           axis_of(chains_.at(chain).first, "dim"));
    return std::nullopt;
  }

 private:
  const Tensor* get(const std::string& name) const { return index_.find(name); }

  // Whether no other parametrization stands before or behind the one of class `kind` with `keys` tensors.
  bool alone(std::string_view chain, int keys, std::string_view kind) const {
    const Chain& facts = chains_.at(chain);
    return facts.keys == keys && facts.links <= 1 &&
           (!facts.first || layers::short_name(facts.first->class_name) == kind);
  }

  static std::optional<std::int64_t> axis_of(const Module* module, const std::string& attribute) {
    if (!module) return std::nullopt;
    const auto it = module->attributes.find(attribute);
    const auto* axis = it == module->attributes.end() ? nullptr : std::get_if<std::int64_t>(&it->second);
    return axis ? std::optional(*axis) : std::nullopt;
  }

  // The old spelling's is an attribute of the hook, which a live module's description holds as "weight_dim".
  std::optional<std::int64_t> hook_axis(const std::string& plain) const {
    const auto dot = plain.rfind('.');
    const auto path = std::string_view(plain).substr(0, dot == std::string::npos ? 0 : dot);
    const auto it = modules_.find(path);
    return it == modules_.end() ? std::nullopt : axis_of(it->second, plain.substr(dot + 1) + "_dim");
  }

  const Index index_;
  std::unordered_map<std::string_view, const Module*> modules_;
  std::unordered_map<std::string_view, Chain> chains_;
};

}  // namespace

std::vector<Fold> find_folds(const Checkpoint& checkpoint, std::span<const Module> modules) {
  const Finder finder(checkpoint, modules);
  std::vector<Fold> folds;
  for (const Tensor& tensor : checkpoint.tensors)
    if (auto fold = finder.fold_of(tensor.name)) folds.push_back(std::move(*fold));
  return folds;
}

}  // namespace torch2mlx::weights
