#include "passes/triangles.h"

#include <algorithm>
#include <array>

namespace torch2mlx::passes {
namespace {

struct Comparison {
  std::string_view op;
  bool columns_first;  // columns op rows
  bool above;
  std::int64_t beyond;  // the last column on this side of the bound, from the row's own place
};
constexpr std::array comparisons{
    Comparison{"less_equal", true, false, 0},     Comparison{"less", true, false, -1},
    Comparison{"greater_equal", false, false, 0}, Comparison{"greater", false, false, -1},
    Comparison{"greater", true, true, 0},         Comparison{"greater_equal", true, true, -1},
    Comparison{"less", false, true, 0},           Comparison{"less_equal", false, true, -1},
};

// Where a count by one along an axis of the result begins; the axis counts from the end.
std::optional<std::int64_t> counted(const Rewriter& r, const Facts& facts, const Arg& arg, const Shape& shape,
                                    std::size_t axis) {
  const Fact fact = facts.of(arg);
  if (!arg.is<Ref>() || !fact.is_ramp() || fact.step != 1) return std::nullopt;
  const Shape& own = r.shape(arg);
  const bool along = own.size() >= axis && static_cast<std::size_t>(fact.axis) == own.size() - axis;
  return along && own[own.size() - axis] == shape[shape.size() - axis] ? std::optional(fact.start) : std::nullopt;
}

}  // namespace

std::optional<Triangle> triangle_of(const Rewriter& rewriter, const Facts& facts, const Node& node) {
  for (const Comparison& row : comparisons) {
    if (node.op != row.op) continue;
    const Shape& shape = rewriter.graph().type(node.result()).shape;
    if (shape.size() < 2) return std::nullopt;
    const auto column = counted(rewriter, facts, node.args[row.columns_first ? 0 : 1].value, shape, 1);
    const auto line = counted(rewriter, facts, node.args[row.columns_first ? 1 : 0].value, shape, 2);
    // start of columns + column <= start of rows + row + beyond
    if (column && line) return Triangle{row.above, *line - *column + row.beyond};
  }
  return std::nullopt;
}

}  // namespace torch2mlx::passes
