// w: f32[8,3,5,5] = parameter of a Conv2d; use(w)  ->  w: f32[8,5,5,3]; use(transpose(w, axes=(0,3,1,2)))
// w: f32[12,4] = "in_proj_weight" of attention; use(w)  ->  q, k, v: f32[4,4]; use(concatenate([q, k, v], axis=0))
// b: f32[8] = "bias_ih_l0", c: f32[8] = "bias_hh_l0" of an LSTM; use(add(b, c))  ->  bias: f32[8]; use(bias)
#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "ops/owners.h"
#include "passes/joined_parameters.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

std::string module_of(const std::string& key) {
  const std::size_t dot = key.rfind('.');
  return dot == std::string::npos ? std::string() : key.substr(0, dot);
}

// Inputs as the table stores them, and for each that changed how its torch value is made of them.
class Layouts {
 public:
  explicit Layouts(Graph& graph) : graph_(graph), owners_(graph), joined_(graph) {
    keys_.insert(graph.state_keys.begin(), graph.state_keys.end());
    for (const graph::Input& input : graph.inputs)
      if (input.kind == graph::InputKind::parameter) keys_.insert(input.target);
    for (const std::string& key : keys_)
      for (const std::string& name : targets(key)) ++sources_[name];
  }

  void run() {
    std::vector<graph::Input> inputs = std::exchange(graph_.inputs, {});
    for (graph::Input& input : inputs) store(std::move(input));
    for (std::string& key : std::exchange(graph_.state_keys, {})) {
      auto names = targets(key);
      if (names.empty()) names.push_back(std::move(key));
      for (std::string& name : names)
        if (std::ranges::find(graph_.state_keys, name) == graph_.state_keys.end())
          graph_.state_keys.push_back(std::move(name));
    }
    joined_.rewrite();
    if (!moved_.empty() || !split_.empty()) rewrite();
  }

 private:
  // Its `cell` is a part of `key`.
  layers::Slot slot(const std::string& key, std::size_t rank = 0) const {
    const layers::Row* row = owners_.row(key, rank);
    return row ? layers::find(*row, std::string_view(key).substr(key.rfind('.') + 1)) : layers::Slot();
  }

  std::string prefix(const std::string& key) const {
    const auto exists = [&](const std::string& other) { return keys_.contains(other); };
    return key.substr(0, key.rfind('.') + 1) + layers::cell_prefix(slot(key), key, exists);
  }

  // Keys that a parameter goes to whole or in equal parts; none where it keeps its own.
  std::vector<std::string> targets(const std::string& key) const {
    std::vector<std::string> names;
    const layers::Parameter* row = slot(key).parameter;
    if (!row || row->targets.empty()) return names;
    for (const layers::Target& target : row->targets) names.push_back(prefix(key) + std::string(target.name));
    return names;
  }

  void store(graph::Input input) {
    Type& type = graph_[input.value].type;
    const bool plain = input.kind == graph::InputKind::parameter && input.permute.empty();
    const auto* row = plain ? slot(input.target, type.shape.size()).parameter : nullptr;
    const auto names = row ? targets(input.target) : std::vector<std::string>();
    if (std::ranges::any_of(names, [&](const std::string& name) { return sources_.at(name) > 1; }))
      return joined_.join(input, row->targets, prefix(input.target), graph_.inputs);
    if (names.size() > 1) return split(input, names);
    if (names.size() == 1) input.target = names.front();
    if (row && !row->permute.empty() && row->permute.size() == type.shape.size()) {
      const std::int64_t groups = row->grouped ? groups_of(input) : 1;
      if (groups != 1) grouped_.emplace(input.value.id, std::pair(groups, type));
      input.permute.assign(row->permute.begin(), row->permute.end());
      type.shape = permuted(type.shape, input.permute);
      if (groups != 1) {
        type.shape.front() = type.shape.front() * Dim(groups);
        type.shape.back() = Dim(*type.shape.back().constant() / groups);
      }
      moved_.emplace(input.value.id, layers::inverse(row->permute));
    }
    graph_.inputs.push_back(std::move(input));
  }

  // The module says it, else the reshape that takes the groups apart.
  std::int64_t groups_of(const graph::Input& input) const {
    const Module* module = graph_.module(module_of(input.target));
    if (module)
      if (const auto it = module->attributes.find("groups"); it != module->attributes.end())
        if (const auto* groups = std::get_if<std::int64_t>(&it->second)) return *groups;
    for (const Node& node : graph_.nodes) {
      if (node.op != "reshape" || !(node.args[0].value == Arg(input.value))) continue;
      const auto sizes = integers(node.find("shape"));
      if (sizes && sizes->size() == graph_.type(input.value).shape.size() + 1) return sizes->front();
    }
    return 1;
  }

  void split(const graph::Input& input, const std::vector<std::string>& names) {
    const Type whole = graph_.type(input.value);
    Type type = whole;
    type.shape[0] = *whole.shape[0].constant() / static_cast<std::int64_t>(names.size());
    List parts;
    for (const std::string& name : names) {
      graph::Input part = input;
      part.target = name;
      part.value = graph_.add_value(
          name.substr(0, name.rfind('.')).substr(name.substr(0, name.rfind('.')).rfind('.') + 1), type);
      parts.emplace_back(part.value);
      graph_.inputs.push_back(std::move(part));
    }
    split_.emplace(input.value.id, std::pair(std::move(parts), whole));
  }

  // The node that gives torch's value of a stored parameter.
  std::optional<std::tuple<std::string_view, std::vector<Argument>, Type>> torch_value(Ref ref) const {
    if (const auto it = split_.find(ref.id); it != split_.end())
      return std::tuple("concatenate", std::vector<Argument>{{"", it->second.first}, {"axis", 0}}, it->second.second);
    const auto it = moved_.find(ref.id);
    if (it == moved_.end()) return std::nullopt;
    Type type = graph_.type(ref);
    type.shape = permuted(type.shape, it->second);
    return std::tuple("transpose", std::vector<Argument>{{"", ref}, {"axes", to_list(it->second)}}, std::move(type));
  }

  // MLX (g O/g) *kernel I/g -> torch (g I/g) O/g *kernel
  Ref ungrouped(Rewriter& rewriter, Ref ref) const {
    const auto& [groups, whole] = grouped_.at(ref.id);
    const auto shape_list = [](const Shape& shape) {
      List list;
      for (const Dim& dim : shape) list.emplace_back(*dim.constant());
      return list;
    };
    Shape split = graph_.type(ref).shape;
    split.front() = whole.shape.at(1);
    split.insert(split.begin(), Dim(groups));
    std::vector<int> axes{0, static_cast<int>(split.size()) - 1};
    for (int i = 1; i + 1 < static_cast<int>(split.size()); ++i) axes.push_back(i);
    const Ref apart = rewriter.emit("reshape", {{"", ref}, {"shape", shape_list(split)}});
    const Ref moved = rewriter.emit("transpose", {{"", apart}, {"axes", to_list(axes)}});
    return rewriter.emit("reshape", {{"", moved}, {"shape", shape_list(whole.shape)}});
  }

  void rewrite() {
    Rewriter rewriter(graph_);
    rewriter.run([&](Node& node) -> std::optional<Arg> {
      for (Argument& argument : node.args)
        graph::for_each_ref(argument.value, [&](Ref& ref) {
          if (grouped_.contains(ref.id))
            ref = ungrouped(rewriter, ref);
          else if (auto made = torch_value(ref))
            ref = std::apply([&](auto... parts) { return rewriter.emit(std::move(parts)...); }, std::move(*made));
        });
      return std::nullopt;
    });
    // A parameter that is returned as it is.
    for (graph::Output& output : graph_.outputs)
      graph::for_each_ref(output.value, [&](Ref& ref) {
        if (grouped_.contains(ref.id))
          throw Error(ErrorKind::unsupported, {}, "returns the weight of a transposed convolution in groups as it is");
        auto made = torch_value(ref);
        if (!made) return;
        auto& [op, args, type] = *made;
        const Ref torch = graph_.add_value(op, std::move(type));
        graph_.nodes.push_back({std::string(op), std::move(args), {torch}, 0, {}});
        ref = torch;
      });
  }

  Graph& graph_;
  ops::Owners owners_;
  std::set<std::string> keys_;          // of parameters
  std::map<std::string, int> sources_;  // MLX key -> how many torch parameters go there
  JoinedParameters joined_;
  std::unordered_map<std::uint32_t, std::vector<int>> moved_;  // value id -> axes that give the torch layout back
  std::unordered_map<std::uint32_t, std::pair<std::int64_t, Type>> grouped_;  // value id -> groups, torch's type
  std::unordered_map<std::uint32_t, std::pair<List, Type>> split_;            // value id -> its parts, torch's type
};

}  // namespace

void parameter_layouts(Graph& graph) { Layouts(graph).run(); }

}  // namespace torch2mlx::passes
