#include "passes/pending_sums.h"

#include <algorithm>

namespace torch2mlx::passes {
namespace {

std::optional<std::int64_t> last_size(const Graph& graph, Ref ref) {
  const Type& type = graph.type(ref);
  return type.kind == ValueKind::tensor && !type.shape.empty() ? type.shape.back().constant() : std::nullopt;
}

// Pieces `from` to `to` of an axis of `size`; nothing if these are no borders of parts.
std::optional<Parts> between(const Parts& held, std::int64_t size, std::int64_t from, std::int64_t to) {
  const std::int64_t each = size / static_cast<std::int64_t>(held.size());
  if (each == 0 || from % each != 0 || to % each != 0 || from < 0 || to > size || from >= to) return std::nullopt;
  return Parts(held.begin() + from / each, held.begin() + to / each);
}

}  // namespace

PendingSums::PendingSums(const Graph& graph, std::map<std::uint32_t, Parts> parts, std::set<Part> whole)
    : graph_(graph), held_(std::move(parts)), whole_(std::move(whole)) {
  std::erase_if(held_, [&](const auto& entry) {
    return std::ranges::all_of(entry.second, [&](const Part& part) { return is_complete(part); });
  });
}

bool PendingSums::follow(const Node& node) {
  bool any = false;
  for (const Argument& argument : node.args)
    graph::for_each_ref(argument.value, [&](const Ref& ref) { any = any || pending(ref); });
  if (!any) return true;
  auto found = results(node);
  if (!found || found->size() != node.results.size()) return false;
  for (std::size_t i = 0; i < found->size(); ++i)
    if (!std::ranges::all_of((*found)[i], [&](const Part& part) { return is_complete(part); }))
      held_[node.results[i].id] = std::move((*found)[i]);
  return true;
}

std::uint32_t PendingSums::summand(Ref ref) const {
  for (const Part& part : held_.at(ref.id))
    if (!is_complete(part)) return part.front().first;
  return held_.at(ref.id).front().front().first;
}

std::optional<std::vector<Parts>> PendingSums::results(const Node& node) const {
  const auto one = [](std::optional<Parts> parts) {
    return parts ? std::optional(std::vector<Parts>(1, *std::move(parts))) : std::nullopt;
  };
  if (node.op == "add" || node.op == "linear") return one(sum(node));
  if (node.args.empty() || !node.args[0].value.is<Ref>()) return std::nullopt;
  const auto it = held_.find(node.operand(0).id);
  if (it == held_.end()) return std::nullopt;
  const int rank = static_cast<int>(graph_.type(node.operand(0)).shape.size());
  const auto axis = axis_of(node, rank);
  if (node.op == "split") return axis ? split(node, *axis, it->second) : std::nullopt;
  if (node.op == "slice" && axis == rank - 1) return one(sliced(node, it->second));
  if (node.op == "slice") return one(it->second);
  return keeps_last_axis(node, node.operand(0)) ? one(it->second) : std::nullopt;
}

// All operands hold as many parts of an axis of one size, or none.
std::optional<Parts> PendingSums::sum(const Node& node) const {
  const auto size = last_size(graph_, node.result());
  Parts all;
  bool fits = size.has_value();
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    const auto* ref = node.args[i].value.get_if<Ref>();
    const auto it = ref ? held_.find(ref->id) : held_.end();
    if (it == held_.end()) continue;
    if (node.op == "linear" && node.args[i].name != "bias") return std::nullopt;
    if (all.empty()) all.resize(it->second.size());
    fits = fits && last_size(graph_, *ref) == size && all.size() == it->second.size();
    for (std::size_t part = 0; fits && part < all.size(); ++part) {
      for (const auto& summand : it->second[part]) {
        fits = fits && std::ranges::find(all[part], summand) == all[part].end();
        all[part].push_back(summand);
      }
      std::ranges::sort(all[part]);
    }
  }
  return fits ? std::optional(std::move(all)) : std::nullopt;
}

std::optional<std::vector<Parts>> PendingSums::split(const Node& node, int axis, const Parts& held) const {
  std::vector<Parts> found;
  const bool last = axis + 1 == static_cast<int>(graph_.type(node.operand(0)).shape.size());
  std::int64_t from = 0;
  for (const Ref ref : node.results) {
    const auto whole = last_size(graph_, node.operand(0)), piece = last_size(graph_, ref);
    if (!whole || !piece) return std::nullopt;
    auto parts = last ? between(held, *whole, from, from + *piece) : held;
    if (!parts) return std::nullopt;
    found.push_back(*std::move(parts));
    from += *piece;
  }
  return found;
}

std::optional<Parts> PendingSums::sliced(const Node& node, const Parts& held) const {
  const auto size = last_size(graph_, node.operand(0));
  if (!size || node.find("step")) return std::nullopt;
  const auto start = node.find("start") ? integer(node.find("start")) : std::optional<std::int64_t>(0);
  const auto stop = node.find("stop") ? integer(node.find("stop")) : size;
  if (!start || !stop) return std::nullopt;
  const auto from_front = [&](std::int64_t at) { return std::min(at < 0 ? at + *size : at, *size); };
  return between(held, *size, from_front(*start), from_front(*stop));
}

// Ops that move rows, of which each stays as it is.
bool PendingSums::keeps_last_axis(const Node& node, Ref from) const {
  const int rank = static_cast<int>(graph_.type(from).shape.size());
  if (node.results.size() != 1 || last_size(graph_, from) != last_size(graph_, node.result())) return false;
  if (node.op == "reshape" || node.op == "broadcast_to") return last_size(graph_, from).has_value();
  if (node.op == "flip") {
    const auto flipped = integers(node.find("axis"));
    return flipped && std::ranges::none_of(*flipped, [&](int axis) { return axis == -1 || axis + 1 == rank; });
  }
  const auto axis = axis_of(node, rank);
  if (node.op == "select" || node.op == "squeeze") return axis && *axis + 1 < rank;
  if (node.op == "expand_dims") return axis_of(node, rank + 1).value_or(rank) < rank;
  if (node.op != "transpose") return false;
  const auto axes = integers(node.find("axes"));
  return axes && !axes->empty() && axes->back() + 1 == rank;
}

}  // namespace torch2mlx::passes
