// What single elements of a value are, written as sums of products:
//   (x * cos(t) + rotate_half(x) * sin(t))[b, l, 0]  is  x[b, l, 0] * cos(0.1 * l) - x[b, l, 4] * sin(0.1 * l)
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "passes/rewrite.h"

namespace torch2mlx::passes {

// Where along one axis: start + step * i for every index i of axis `along` of the value that is asked for, or the
// number `start` (along = -1).
struct Position {
  int along = -1;
  std::int64_t start = 0, step = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// factor, factor * at, cos(frequency * at) * factor or sin(frequency * at) * factor; times base[..., element].
struct Term {
  enum class Kind : std::uint8_t { number, position, cosine, sine } kind = Kind::number;
  double factor = 1, frequency = 0;
  Position at = {};
  int element = -1;  // -1: the base is no factor
  bool is_number() const { return kind == Kind::number && element < 0; }
};
using Terms = std::vector<Term>;

// Elements of sines and cosines that were found before: all layers ask for the same ones.
using Sines = std::map<std::pair<Ref, std::vector<Position>>, Terms>;

class Elements {
 public:
  // `base` is not looked into: of it, elements at the same place but for the last axis are known.
  Elements(const Rewriter& rewriter, Ref base, Sines& sines) : r_(rewriter), base_(base), sines_(sines) {}

  // The element of `value` at these positions, one an axis; nothing where it is something else than a few such terms.
  std::optional<Terms> of(const Arg& value, const std::vector<Position>& at) const;
  // The same of a result of a node that is just being rewritten.
  std::optional<Terms> of(const Node& node, Ref result, const std::vector<Position>& at) const;

 private:
  std::optional<Terms> of_sine(const Node& node, Ref result, const std::vector<Position>& at) const;
  std::optional<Terms> of_base(const std::vector<Position>& at) const;
  std::optional<Terms> outer_product(const Node& node, const std::vector<Position>& at) const;
  std::optional<Terms> of_input(Ref ref, const std::vector<Position>& at) const;

  const Rewriter& r_;
  Ref base_;
  Sines& sines_;
  mutable int depth_ = 0;
};

}  // namespace torch2mlx::passes
