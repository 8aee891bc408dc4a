#include "passes/axes.h"

#include <algorithm>
#include <span>

#include "ops/table.h"

namespace torch2mlx::passes {
namespace {

using graph::Dim;

Dim product(std::span<const Dim> dims) {
  Dim all(1);
  for (const Dim& dim : dims) all = all * dim;
  return all;
}

// The fewest leading axes of both that hold the same number of elements.
std::optional<AxisGroup> leading(std::span<const Dim> from, std::span<const Dim> to) {
  for (std::size_t both = 2; both <= from.size() + to.size(); ++both)
    for (std::size_t a = 1; a < both && a <= from.size(); ++a)
      if (const std::size_t b = both - a; b <= to.size() && product(from.first(a)) == product(to.first(b)))
        return AxisGroup{a, b};
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<AxisGroup>> axis_groups(const graph::Shape& from, const graph::Shape& to) {
  std::span<const Dim> a = from, b = to;
  std::vector<AxisGroup> groups;
  while (!a.empty() && !b.empty()) {
    const auto group = leading(a, b);
    if (!group) return std::nullopt;
    groups.push_back(*group);
    a = a.subspan(group->from);
    b = b.subspan(group->to);
  }
  // What is left has one element each.
  if (groups.empty() || !(product(a) == Dim(1)) || !(product(b) == Dim(1))) return std::nullopt;
  groups.back().from += a.size();
  groups.back().to += b.size();
  return groups;
}

bool is_reduction(std::string_view op) {
  const ops::Info* info = ops::find(op);
  const auto has = [&](std::string_view name, ops::Kind kind) {
    return std::ranges::any_of(info->params(), [&](const auto& p) { return p.name == name && p.kind == kind; });
  };
  return info && has("axis", ops::Kind::optional_integers) && has("keepdims", ops::Kind::optional_boolean);
}

}  // namespace torch2mlx::passes
