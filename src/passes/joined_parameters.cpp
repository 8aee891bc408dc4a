#include "passes/joined_parameters.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"

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

std::optional<JoinedParameters::Parts> JoinedParameters::sliced(const Node& node) const {
  const auto it = parts_.find(node.operand(0).id);
  const auto size = graph_.type(node.operand(0)).shape.at(0).constant();
  const auto from = integer(node.find("start")).value_or(0), to = integer(node.find("stop")).value_or(size.value_or(0));
  if (it == parts_.end() || !size || integer(node.find("axis")) != 0 || node.find("step")) return std::nullopt;
  const std::int64_t each = *size / static_cast<std::int64_t>(it->second.size());
  if (each == 0 || from % each != 0 || to % each != 0 || from < 0 || to > *size || from > to) return std::nullopt;
  return Parts(it->second.begin() + from / each, it->second.begin() + to / each);
}

// The parts that a node's result has; nothing if it is made of anything else.
std::optional<JoinedParameters::Parts> JoinedParameters::result(const Node& node) const {
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
  const auto replace = [&](const std::string& place) {
    return [&, place](Ref& ref) {
      if (const auto it = aliases_.find(ref.id); it != aliases_.end())
        ref = it->second;
      else if (const auto part = parts_.find(ref.id); part != parts_.end())
        throw Error(ErrorKind::unsupported, place,
                    fmt::format("uses '{}' by itself, which MLX holds as a part of another parameter",
                                names_.at(part->second.front().front().first)));
    };
  };
  for (Node& node : graph_.nodes)
    for (Argument& argument : node.args) graph::for_each_ref(argument.value, replace(graph::place_of(graph_, node)));
  for (graph::Output& output : graph_.outputs) graph::for_each_ref(output.value, replace({}));
}

}  // namespace torch2mlx::passes
