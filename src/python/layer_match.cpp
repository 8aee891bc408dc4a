#include "python/layer_match.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/error.h"
#include "layers/layers.h"
#include "ops/table.h"
#include "python/expression.h"
#include "python/names.h"

namespace torch2mlx::python {
namespace {

using graph::Arg;
using graph::Graph;
using graph::Input;
using graph::Node;
using graph::Ref;

// The node's arguments by parameter name, in the row's order.
struct Named {
  std::string_view name;
  const Arg* value;
  bool array;
};

std::vector<Named> named_arguments(const ops::Info& info, const Node& node) {
  std::vector<Named> out;
  for (std::size_t i = 0; i < info.count; ++i) {
    const ops::Parameter& parameter = info.parameters[i];
    const Arg* value = node.find(parameter.name);
    if (!value && i < info.operands && i < node.args.size() && node.args[i].name.empty()) value = &node.args[i].value;
    if (!value || value->is<std::monostate>()) continue;
    out.push_back({parameter.name, value, parameter.kind <= ops::Kind::optional_array});
  }
  return out;
}

const Input* input_of(const Graph& graph, const Arg& arg) {
  const Ref* ref = arg.get_if<Ref>();
  const Input* input = ref ? graph.input(*ref) : nullptr;
  return input && input->kind != graph::InputKind::user && !is_global(*input) ? input : nullptr;
}

// Python text of a module attribute of the live model; nothing for what is no plain fact.
std::optional<std::string> text_of(const Attribute& value) {
  graph::Arg arg;
  if (const bool* b = std::get_if<bool>(&value))
    arg = *b;
  else if (const auto* i = std::get_if<std::int64_t>(&value))
    arg = *i;
  else if (const double* d = std::get_if<double>(&value))
    arg = *d;
  else if (const auto* s = std::get_if<std::string>(&value))
    arg = *s;
  else if (const auto* list = std::get_if<std::vector<std::int64_t>>(&value))
    arg = graph::List(list->begin(), list->end());
  else
    return std::nullopt;
  return literal(arg).text;
}

class Matcher {
 public:
  Matcher(const Graph& graph, const std::set<std::size_t>& live, ModuleTree& tree) : graph_(graph), tree_(tree) {
    for (std::size_t i : live) {
      ++nodes_in_scope_[graph.nodes[i].scope];
      for (const graph::Argument& arg : graph.nodes[i].args)
        graph::for_each_ref(arg.value, [&](const Ref& ref) { used_.insert(ref); });
    }
  }

  std::optional<LayerCall> match(const Node& node) {
    const ops::Info* info = ops::find(node.op);
    if (!info || node.results.empty()) return std::nullopt;
    const std::vector<Named> args = named_arguments(*info, node);
    ModuleNode* owner = owner_of(node, args);
    const layers::Row* row = owner ? row_for(node, *info, args, *owner) : nullptr;
    if (!row || !satisfies(row->needs, args)) return std::nullopt;
    LayerCall call{owner->path, {}};
    for (const Named& arg : args) {
      if (layers::holds(*row, arg.name)) continue;
      if (arg.array)
        call.args.push_back(*arg.value);
      else if (!literal_only(*arg.value))
        return std::nullopt;
    }
    const std::optional<std::string> made = constructor(*row, args, *owner);
    if (!made || (owner->role == Role::layer && owner->constructor != *made)) return std::nullopt;
    owner->role = Role::layer;
    owner->constructor = *made;
    return call;
  }

  // A layer that the graph never calls is declared all the same, as its parameters are in the checkpoint.
  void declare_unused(ModuleNode& node) {
    for (const auto& child : node.children) declare_unused(*child);
    const layers::Row* row = node.class_name.empty() ? nullptr : layers::find(node.class_name);
    if (!row || row->mlx.empty() || !row->needs.empty() || node.role != Role::block) return;
    if (node.leaves.empty() || !node.children.empty() || node.path.empty()) return;
    const auto plain = [&](const Input* leaf) {
      return leaf->persistent && layers::holds(*row, last_part(leaf->target)) && !used_.contains(leaf->value);
    };
    if (!std::ranges::all_of(node.leaves, plain)) return;
    if (auto made = constructor(*row, {}, node)) node.role = Role::layer, node.constructor = *made;
  }

 private:
  // The module of the node's parameters; of its scope if it has none.
  ModuleNode* owner_of(const Node& node, const std::vector<Named>& args) const {
    ModuleNode* owner = nullptr;
    for (const Named& arg : args)
      if (const Input* input = arg.array ? input_of(graph_, *arg.value) : nullptr)
        if (last_part(input->target) == arg.name) owner = tree_.owner(*input);
    if (!owner) owner = tree_.find(graph_.scopes[node.scope].path);
    return owner && !owner->path.empty() && owner->children.empty() ? owner : nullptr;
  }

  const layers::Row* row_for(const Node& node, const ops::Info& info, const std::vector<Named>& args,
                             const ModuleNode& owner) const {
    const layers::Row* row = owner.class_name.empty() ? nullptr : layers::find(owner.class_name);
    if (row)
      return row->op == node.op && !row->mlx.empty() && fits(*row, args, owner) && wanted(info, owner) ? row : nullptr;
    // A class of the user's own that is nothing but this op, or one that the graph never names.
    const graph::Scope& scope = graph_.scopes[node.scope];
    const bool alone = scope.path == owner.path && nodes_in_scope_.at(node.scope) == 1;
    if (owner.leaves.empty() || (!alone && !owner.class_name.empty())) return nullptr;
    for (const layers::Row& candidate : layers::rows())
      if (candidate.op == node.op && !candidate.mlx.empty() && fits(candidate, args, owner) &&
          same_layout(candidate, owner))
        return &candidate;
    return nullptr;
  }

  // The parameters of the module are exactly the operands of the node.
  bool fits(const layers::Row& row, const std::vector<Named>& args, const ModuleNode& owner) const {
    std::size_t used = 0;
    for (const Named& arg : args) {
      if (!layers::holds(row, arg.name)) continue;
      const Input* input = input_of(graph_, *arg.value);
      if (!input || input->target != join(owner.path, arg.name) || !input->persistent) return false;
      ++used;
    }
    return used == owner.leaves.size();
  }

  static bool same_layout(const layers::Row& row, const ModuleNode& owner) {
    return std::ranges::all_of(owner.leaves, [&](const Input* leaf) {
      return std::ranges::equal(layers::permutation(row, last_part(leaf->target)), leaf->permute);
    });
  }

  // Functions without parameters stay functions, but for members of lists and what mlx.nn has as a class alone.
  bool wanted(const ops::Info& info, const ModuleNode& owner) const {
    if (!owner.leaves.empty()) return true;
    const std::size_t dot = owner.path.rfind('.');
    const ModuleNode* parent =
        tree_.find(dot == std::string::npos ? std::string_view() : std::string_view(owner.path).substr(0, dot));
    if (parent && parent->role == Role::list) return true;
    return info.python.starts_with("nn.") && info.python.size() > 3 &&
           std::isupper(static_cast<unsigned char>(info.python[3]));
  }

  static bool literal_only(const Arg& arg) {
    bool literal = true;
    graph::for_each_ref(arg, [&](const Ref&) { literal = false; });
    return literal;
  }

  // "groups=1": met by that value and by its absence.
  static bool satisfies(std::string_view needs, const std::vector<Named>& args) {
    if (needs.empty()) return true;
    const std::size_t equal = needs.find('=');
    for (const Named& arg : args)
      if (arg.name == needs.substr(0, equal)) return literal(*arg.value).text == needs.substr(equal + 1);
    return true;
  }

  std::optional<std::string> constructor(const layers::Row& row, const std::vector<Named>& args,
                                         const ModuleNode& owner) const {
    // mlx.nn divides by sizes to choose its first numbers.
    const auto empty = [&](const Input* leaf) {
      return std::ranges::any_of(graph_.type(leaf->value).shape, [](const graph::Dim& dim) { return dim == 0; });
    };
    if (std::ranges::any_of(owner.leaves, empty)) return std::nullopt;
    layers::ConstructorFacts facts;
    facts.shape = [&](std::string_view name) -> std::optional<std::vector<std::int64_t>> {
      const Input* leaf = owner.leaf(name);
      if (!leaf) return std::nullopt;
      std::vector<std::int64_t> shape;
      for (const graph::Dim& dim : graph_.type(leaf->value).shape) shape.push_back(dim.constant().value_or(0));
      const auto permutation = layers::permutation(row, name);
      const bool as_in_torch = leaf->permute.empty() && !used_.contains(leaf->value);
      if (!as_in_torch || permutation.size() != shape.size()) return shape;
      std::vector<std::int64_t> permuted;
      for (int axis : permutation) permuted.push_back(shape[static_cast<std::size_t>(axis)]);
      return permuted;
    };
    facts.attribute = [&](std::string_view name) -> std::optional<std::string> {
      for (const Named& arg : args)
        if (arg.name == name && !arg.array) return literal(*arg.value).text;
      const Module* module = graph_.module(owner.path);
      const auto it = module ? module->attributes.find(std::string(name)) : decltype(module->attributes.end())();
      return module && it != module->attributes.end() ? text_of(it->second) : std::nullopt;
    };
    try {
      return layers::constructor(row, facts, true);
    } catch (const Error&) {
      return std::nullopt;  // a fact is missing: the op stays an op
    }
  }

  const Graph& graph_;
  ModuleTree& tree_;
  std::map<std::uint32_t, std::size_t> nodes_in_scope_;
  std::set<Ref> used_;
};

}  // namespace

std::map<std::size_t, LayerCall> match_layers(const Graph& graph, const std::set<std::size_t>& live, ModuleTree& tree) {
  Matcher matcher(graph, live, tree);
  std::map<std::size_t, LayerCall> calls;
  for (std::size_t i : live)
    if (auto call = matcher.match(graph.nodes[i])) calls.emplace(i, std::move(*call));
  matcher.declare_unused(tree.root());
  return calls;
}

}  // namespace torch2mlx::python
