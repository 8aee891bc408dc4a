// Parametrizations that PyTorch computes anew in every forward pass, folded into the weight that they stand for.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/by_name.h"
#include "weights/plan.h"

namespace torch2mlx::weights {

using Index = ByName<const std::vector<Tensor>>;

// A tensor under its plain name ("conv.weight"), with torch's axes, of terms that are combined.
struct Fold {
  std::string name;
  std::string kind;               // "weight_norm folded"
  std::vector<std::string> from;  // keys; the first is the one with the weight's shape
  std::vector<std::int64_t> shape;
  Dtype dtype;
  Part part;  // weight and a factor for each row, column ... (stride 0 elsewhere)
  // Computes the factors, where there are any; `axis` is the one that comes first where the weight is seen as a matrix.
  // Throws Error(unsupported) where the numbers say that it is another of `axes`.
  std::function<void(std::size_t axis)> prepare;
  std::vector<std::size_t> axes;  // those that it can be; empty: it does not matter
};

// weight_norm (weight_g and weight_v, or parametrizations.weight.original0 and 1): g * v / |v|, the norm over all axes
// but the one that g has. spectral_norm (weight_orig, weight_u, weight_v; parametrizations.weight.original, .0._u,
// .0._v): weight / (u' W v), as torch has it in eval mode, `weight` seen as a matrix with the axis of u's length first.
// Keys of other parametrizations, and of several behind each other, are left as they are. `modules` is the tree of a
// live model, for checkpoints that tell none.
std::vector<Fold> find_folds(const Checkpoint& checkpoint, std::span<const Module> modules = {});

}  // namespace torch2mlx::weights
