// Comparisons of two counts, of which masks of order are made.
#pragma once

#include "passes/facts.h"

namespace torch2mlx::passes {

// True where column <= row + k, in the last two axes; or, where it is `above` that, everywhere else.
struct Triangle {
  bool above = false;
  std::int64_t k = 0;
};

// What arange(C)[None, :] <= arange(R)[:, None] and its like give: counts by one that fill both axes.
std::optional<Triangle> triangle_of(const Rewriter& rewriter, const Facts& facts, const Node& node);

}  // namespace torch2mlx::passes
