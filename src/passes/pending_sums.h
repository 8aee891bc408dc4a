// Where parameters that MLX holds as one sum go in a graph that adds them to other things first:
//   (x @ w + b_ih) + (h @ v + b_hh), through slices, splits and reshapes that keep the last axis in its order
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "passes/rewrite.h"

namespace torch2mlx::passes {

// Summands: value of a parameter, which of its equal parts; sorted.
using Part = std::vector<std::pair<std::uint32_t, int>>;
// Along one axis, in equal pieces.
using Parts = std::vector<Part>;

// Values that hold, along their last axis, summands whose sum is not complete yet.
class PendingSums {
 public:
  // `parts`: of the parameters, by value id; `whole`: the sums that there are in the end.
  PendingSums(const Graph& graph, std::map<std::uint32_t, Parts> parts, std::set<Part> whole);

  // Takes the graph's next node. No: it uses a summand for anything but its sum.
  bool follow(const Node& node);
  bool pending(Ref ref) const { return held_.contains(ref.id); }
  // A parameter that a pending value holds.
  std::uint32_t summand(Ref ref) const;

 private:
  std::optional<std::vector<Parts>> results(const Node& node) const;
  std::optional<Parts> sum(const Node& node) const;
  std::optional<std::vector<Parts>> split(const Node& node, int axis, const Parts& held) const;
  std::optional<Parts> sliced(const Node& node, const Parts& held) const;
  bool keeps_last_axis(const Node& node, Ref from) const;
  bool is_complete(const Part& part) const { return part.empty() || whole_.contains(part); }

  const Graph& graph_;
  std::map<std::uint32_t, Parts> held_;
  std::set<Part> whole_;
};

}  // namespace torch2mlx::passes
