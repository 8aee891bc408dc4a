#include "passes/joined_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/error.h"
#include "ops/mlx.h"

namespace torch2mlx::passes {

void JoinedParameters::join(const graph::Input& input, std::span<const layers::Target> targets,
                            const std::string& prefix, std::vector<graph::Input>& inputs) {
  const std::uint32_t id = input.value.id;
  const int count = targets.front().of;
  const Type type = graph_.type(input.value);
  names_.emplace(id, input.target);
  for (int i = 0; i < count; ++i) parts_[id].push_back({{id, i}});
  for (const layers::Target& target : targets) {
    const std::string name = prefix + std::string(target.name);
    auto [it, added] = joined_.try_emplace(name);
    if (added) {
      it->second = graph_.add_value(target.name, type);
      graph::Input whole = input;
      whole.target = name;
      whole.value = it->second;
      inputs.push_back(std::move(whole));
    }
    Parts& parts = made_of_[it->second.id];
    parts.resize(std::max(parts.size(), static_cast<std::size_t>(target.at + target.to - target.from)));
    for (int i = target.from; i < target.to; ++i) parts[target.at + i - target.from].emplace_back(id, i);
    for (Part& part : parts) std::ranges::sort(part);
    graph_[it->second].type.shape[0] = *type.shape[0].constant() / count * static_cast<std::int64_t>(parts.size());
  }
}

std::optional<Parts> JoinedParameters::sliced(const Node& node) const {
  const auto it = parts_.find(node.operand(0).id);
  const auto size = graph_.type(node.operand(0)).shape.at(0).constant();
  const auto from = integer(node.find("start")).value_or(0), to = integer(node.find("stop")).value_or(size.value_or(0));
  if (it == parts_.end() || !size || integer(node.find("axis")) != 0 || node.find("step")) return std::nullopt;
  const std::int64_t each = *size / static_cast<std::int64_t>(it->second.size());
  if (each == 0 || from % each != 0 || to % each != 0 || from < 0 || to > *size || from > to) return std::nullopt;
  return Parts(it->second.begin() + from / each, it->second.begin() + to / each);
}

// The parts that a node's result has; nothing if it is made of anything else.
std::optional<Parts> JoinedParameters::result(const Node& node) const {
  if (node.op == "slice") return sliced(node);
  if (node.op != "add" && (node.op != "concatenate" || integer(node.find("axis")) != 0)) return std::nullopt;
  std::optional<Parts> all;
  bool known = true;
  for (const Argument& argument : node.args)
    graph::for_each_ref(argument.value, [&](const Ref& ref) {
      const auto it = parts_.find(ref.id);
      known = known && it != parts_.end() && (!all || node.op != "add" || all->size() == it->second.size());
      if (!known) return;
      if (!all) {
        all = it->second;
      } else if (node.op == "concatenate") {
        all->insert(all->end(), it->second.begin(), it->second.end());
      } else {
        for (std::size_t i = 0; i < all->size(); ++i) {
          (*all)[i].insert((*all)[i].end(), it->second[i].begin(), it->second[i].end());
          std::ranges::sort((*all)[i]);
        }
      }
    });
  return known ? all : std::nullopt;
}

// Whether the node is nothing but a step towards a joined parameter.
bool JoinedParameters::follow(const Node& node) {
  if (node.results.size() != 1) return false;
  auto parts = result(node);
  if (!parts) return false;
  for (const auto& [id, whole] : made_of_)
    if (whole == *parts) aliases_[node.result().id] = Ref{id};
  parts_[node.result().id] = *std::move(parts);
  return true;
}

void JoinedParameters::rewrite() {
  if (joined_.empty()) return;
  std::erase_if(graph_.nodes, [&](const Node& node) { return follow(node); });
  const auto rename = [&](Ref& ref) {
    if (const auto it = aliases_.find(ref.id); it != aliases_.end()) ref = it->second;
  };
  bool apart = false;
  const auto look = [&](const Ref& ref) { apart = apart || parts_.contains(ref.id); };
  for (Node& node : graph_.nodes)
    for (Argument& argument : node.args) {
      graph::for_each_ref(argument.value, rename);
      graph::for_each_ref(argument.value, look);
    }
  for (graph::Output& output : graph_.outputs) {
    graph::for_each_ref(output.value, rename);
    graph::for_each_ref(output.value, look);
  }
  if (!apart) return;
  require_sums();
  substitute();
}

// Throws where a part is used but in the sum that MLX holds.
void JoinedParameters::require_sums() const {
  std::map<std::uint32_t, Parts> given;
  for (const auto& [id, name] : names_) given.emplace(id, parts_.at(id));
  std::set<Part> whole;
  for (const auto& [id, parts] : made_of_) whole.insert(parts.begin(), parts.end());
  PendingSums sums(graph_, std::move(given), std::move(whole));
  const auto look = [&](const Arg& arg, bool summed, const std::string& place) {
    graph::for_each_ref(arg, [&](const Ref& ref) {
      const bool derived = parts_.contains(ref.id) && !names_.contains(ref.id);
      if (!derived && (summed || !sums.pending(ref))) return;
      const std::uint32_t id = derived ? parts_.at(ref.id).front().front().first : sums.summand(ref);
      throw Error(ErrorKind::unsupported, place,
                  fmt::format("uses '{}' by itself, which MLX holds as a part of another parameter", names_.at(id)));
    });
  };
  for (const Node& node : graph_.nodes) {
    const bool summed = sums.follow(node);
    for (const Argument& argument : node.args) look(argument.value, summed, graph::place_of(graph_, node));
  }
  for (const graph::Output& output : graph_.outputs) look(output.value, false, {});
}

// The first summand of every sum stands for all of it, the others for nothing.
void JoinedParameters::substitute() {
  std::vector<Node> defining;
  const ops::Inference inference(graph_.symbols);
  ops::Mlx mx(graph_, defining, inference);
  std::map<std::uint32_t, Ref> values;
  std::set<std::uint32_t> zeros;
  for (const auto& [id, name] : names_) {
    mx.scope = scope_of_use({id});
    const auto value = stand_in(mx, id);
    values.emplace(id, value.first);
    if (value.second) zeros.insert(id);
  }
  const auto rename = [&](Ref& ref) {
    for (auto it = values.find(ref.id); it != values.end(); it = values.find(ref.id)) ref = it->second;
  };
  const auto is_zero = [&](const Arg& arg) { return arg.is<Ref>() && zeros.contains(arg.as<Ref>().id); };
  std::erase_if(graph_.nodes, [&](Node& node) {
    if (node.op == "linear")
      std::erase_if(node.args, [&](const Argument& argument) { return is_zero(argument.value); });
    for (std::size_t i = 0; node.op == "add" && i < 2; ++i) {
      const auto* other = node.args[1 - i].value.get_if<Ref>();
      if (!is_zero(node.args[i].value) || !other || !(graph_.type(*other) == graph_.type(node.result()))) continue;
      values.emplace(node.result().id, *other);
      return true;
    }
    for (Argument& argument : node.args) graph::for_each_ref(argument.value, rename);
    return false;
  });
  for (graph::Output& output : graph_.outputs) graph::for_each_ref(output.value, rename);
  graph_.nodes.insert(graph_.nodes.begin(), std::make_move_iterator(defining.begin()),
                      std::make_move_iterator(defining.end()));
}

// Of the first node that uses it.
std::uint32_t JoinedParameters::scope_of_use(Ref ref) const {
  for (const Node& node : graph_.nodes)
    for (const Argument& argument : node.args)
      if (argument.value == Arg(ref)) return node.scope;
  return 0;
}

// What a parameter is where sums have taken its parts: a whole joined parameter, or pieces of some and zeros; and
// whether it is nothing but zeros.
std::pair<Ref, bool> JoinedParameters::stand_in(ops::Mlx& mx, std::uint32_t id) const {
  const std::int64_t each = *graph_.type({id}).shape.at(0).constant() / static_cast<std::int64_t>(parts_.at(id).size());
  std::vector<std::pair<std::optional<std::uint32_t>, int>> pieces;
  for (int i = 0; i < static_cast<int>(parts_.at(id).size()); ++i)
    for (const auto& [whole, parts] : made_of_)
      for (int at = 0; at < static_cast<int>(parts.size()); ++at)
        if (std::ranges::find(parts[at], std::pair(id, i)) != parts[at].end())
          pieces.emplace_back(parts[at].front() == std::pair(id, i) ? std::optional(whole) : std::nullopt, at);
  const bool zero = std::ranges::all_of(pieces, [](const auto& piece) { return !piece.first; });
  const auto whole = pieces.front().first;
  bool in_order = whole && made_of_.at(*whole).size() == pieces.size();
  for (int i = 0; i < static_cast<int>(pieces.size()); ++i)
    in_order = in_order && pieces[i].first == whole && pieces[i].second == i;
  if (in_order) return {{*whole}, false};
  std::vector<ops::Value> values;
  for (std::size_t i = 0; i < pieces.size();) {
    std::size_t end = i + 1;
    while (end < pieces.size() && pieces[end].first == pieces[i].first &&
           (!pieces[i].first || pieces[end].second == pieces[end - 1].second + 1))
      ++end;
    const auto count = static_cast<std::int64_t>(end - i), from = std::int64_t{pieces[i].second};
    if (!pieces[i].first)
      values.push_back(mx("full", ops::Sizes{count * each}, 0, graph_.type({id}).dtype));
    else if (const Ref of{*pieces[i].first}; count == static_cast<std::int64_t>(made_of_.at(of.id).size()))
      values.push_back({of});
    else
      values.push_back(
          mx("slice", ops::Value{of}, 0, ops::Size(from * each), ops::Size((from + count) * each), std::nullopt));
    i = end;
  }
  return {values.size() == 1 ? values[0].ref : mx("concatenate", values, 0).ref, zero};
}

}  // namespace torch2mlx::passes
