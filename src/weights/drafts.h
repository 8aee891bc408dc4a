// Output tensors while their sources come in: shares of several sources may make one.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weights/plan.h"

namespace torch2mlx::weights {

class Drafts {
 public:
  // The share in pieces, each of which meets what other sources have put there whole or not at all.
  std::vector<Share> cut(const Share& share) const;

  // `part` holds the elements of one share, `shape` is what they fill (axis 0: the share's rows). True if another
  // source has put something there before, to which these are added.
  bool add(const Share& share, Part part, std::vector<std::int64_t> shape, Dtype dtype);

  bool contains(const std::string& name) const { return by_name_.contains(name); }

  // In order of first appearance. Shapes that do not fit each other go to `problems`.
  std::vector<Planned> finish(std::vector<std::string>& problems);

 private:
  struct Contribution {
    int at, units;
    Part part;
  };
  struct Draft {
    std::string name;
    Dtype dtype;
    std::vector<std::int64_t> shape;  // of the first contribution
    std::vector<Contribution> contributions;
  };
  static bool in_turn(const Draft& draft, Planned& planned);
  static std::string assemble(const Draft& draft, Planned& planned);

  std::deque<Draft> drafts_;  // whose names are keys
  std::unordered_map<std::string_view, Draft*> by_name_;
};

}  // namespace torch2mlx::weights
