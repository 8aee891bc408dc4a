// Which permutation a tensor needs, and what told so.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "layers/layers.h"
#include "torch2mlx/convert.h"
#include "weights/folds.h"

namespace torch2mlx::weights {

struct Layout {
  std::vector<int> permute;  // torch axes in MLX order, empty: unchanged
  Evidence evidence = Evidence::rank;
  std::string layer;        // class that owns the tensor, where known
  std::string problem;      // why there is no layout
  bool ambiguous = false;   // --layer-type would settle the problem
  bool dropped = false;     // a buffer that MLX does not hold
  layers::Slot slot;        // the table's own parameter, where there is one
  std::int64_t groups = 1;  // of a parameter that is stored by groups
};

// Evidence in order: the caller's layouts (a graph), the module tree, --layer-type, the architecture that config.json
// names, names and shapes that only one layer has, and last the rank: torch.nn permutes no tensor of rank below 3, so
// such tensors need nothing; higher ranks are never guessed. Of several --layer-type the last that matches counts.
class Layouts {
 public:
  // `tensors`: those of the checkpoint. Throws Error(input) for a --layer-type class that the table does not know.
  Layouts(const Checkpoint& checkpoint, const Index& tensors, const Options& options, std::span<const Fold> folds);

  Layout find(const Tensor& tensor);

  // Adds a problem where the kernels of what was permuted say that the file is in MLX's layout already.
  void doubt_kernels(std::vector<std::string>& problems) const;

  // --layer-type patterns that matched nothing so far: most likely misspelt.
  std::vector<std::string> unmatched() const;

 private:
  struct Pattern {
    std::string text;
    const layers::Row* row;  // nullptr: "Parameter"
    std::int64_t groups;     // 0: not told
    bool exact;              // without wildcards: overrides what names and shapes tell
    bool matched;
  };
  void note_kernel(const Tensor& tensor, const Layout& layout);
  std::optional<Layout> by_other_name(const Tensor& tensor) const;
  std::optional<Layout> filled(const Tensor& tensor, const Pattern* declared) const;
  void note_turned(const Tensor& weight);
  const Tensor* named(std::string_view name) const;
  const Module* owner_of(const Tensor& tensor) const;
  const Tensor* bias_of(const Tensor& weight) const;
  std::int64_t declared_groups(const Tensor& tensor) const;
  void take_groups(const Tensor& tensor, std::int64_t told, Layout& layout) const;
  std::optional<Layout> by_architecture(const Tensor& tensor) const;
  std::optional<Layout> by_names(const Tensor& tensor) const;
  void doubt_matrix(const Tensor& tensor, Layout& layout) const;
  std::optional<Layout> by_shape(const Tensor& tensor) const;
  Layout decide(const Tensor& tensor, const Module* owner, const Pattern* declared) const;
  Pattern* match(std::string_view key);

  const Options& options_;
  const ModelConfig& config_;
  std::map<std::string_view, const Module*> modules_;
  std::vector<Tensor> folded_;  // names and shapes of what folds become
  Index folded_by_name_{folded_};
  const Index& tensors_;     // of the checkpoint
  std::string_view turned_;  // a matrix that cannot be nn.Linear's, and nothing but --layer-type tells what it is
  std::vector<Pattern> patterns_;
  std::string mlx_kernel_;     // a weight whose kernel is square in MLX's layout alone
  bool torch_kernel_ = false;  // some weight's is in PyTorch's alone
};

}  // namespace torch2mlx::weights
