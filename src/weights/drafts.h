// Output tensors while their sources come in: shares of several sources may make one.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/by_name.h"
#include "weights/plan.h"

namespace torch2mlx::weights {

class Drafts {
 public:
  // `expected`: about how many there will be.
  explicit Drafts(std::size_t expected) { outputs_.reserve(expected); }

  // The share in pieces, each of which meets what other sources have put there whole or not at all.
  std::vector<Share> cut(const Share& share) const;

  // `part` holds the elements of one share, `shape` is what they fill (axis 0: the share's rows). True if another
  // source has put something there before, to which these are added.
  bool add(const Share& share, Part part, Sizes shape, Dtype dtype);

  bool contains(std::string_view name) const { return by_name_.contains(name); }

  // In order of first appearance. Shapes that do not fit each other go to `problems`.
  std::vector<Planned> finish(std::vector<std::string>& problems) &&;

 private:
  // Where a part stands in its output, counted as shares count.
  struct Place {
    int at = 0, units = 1;
  };
  const std::vector<Place>& places_of(const Planned& output) const;
  static bool in_turn(const std::vector<Place>& places, Planned& planned);
  static std::string assemble(const std::vector<Place>& places, Planned& planned);

  std::vector<Planned> outputs_;  // with the parts as they came, and the shape of the first
  ByName<std::vector<Planned>> by_name_{outputs_};
  std::unordered_map<std::size_t, std::vector<Place>> places_;  // of the parts of an output, unless it is one at {0, 1}
};

}  // namespace torch2mlx::weights
