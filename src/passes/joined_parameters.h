// Torch parameters that MLX holds as one: the two biases of a recurrent layer.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "layers/layers.h"
#include "ops/mlx.h"
#include "passes/pending_sums.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {

// add(b_ih, b_hh)  ->  bias, whatever slices and concatenations the parts go through on the way
// add(add(x, b_ih), add(h, b_hh))  ->  add(add(x, bias), h), as decomposed programs have it
class JoinedParameters {
 public:
  explicit JoinedParameters(Graph& graph) : graph_(graph) {}

  // `input` stands for equal parts of itself; `prefix` is put before the targets' names. New inputs go to `inputs`.
  void join(const graph::Input& input, std::span<const layers::Target> targets, const std::string& prefix,
            std::vector<graph::Input>& inputs);
  // Replaces what the joined parameters are made of. Throws Error(unsupported) where a part is used by itself: where
  // the graph does not add up what MLX holds added up.
  void rewrite();

 private:
  bool follow(const Node& node);
  std::optional<Parts> result(const Node& node) const;
  std::optional<Parts> sliced(const Node& node) const;
  void require_sums() const;
  void substitute();
  std::uint32_t scope_of_use(Ref ref) const;
  std::pair<Ref, bool> stand_in(ops::Mlx& mx, std::uint32_t id) const;

  Graph& graph_;
  std::map<std::uint32_t, Parts> parts_;        // by value id, along axis 0
  std::map<std::string, Ref> joined_;           // by key
  std::map<std::uint32_t, Parts> made_of_;      // what a joined parameter is, by value id
  std::map<std::uint32_t, Ref> aliases_;        // value id -> the joined parameter it is
  std::map<std::uint32_t, std::string> names_;  // torch keys, for messages
};

}  // namespace torch2mlx::passes
