#include "python/tree.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "layers/layers.h"
#include "layers/names.h"
#include "python/expression.h"
#include "python/names.h"

namespace torch2mlx::python {
namespace {

std::string parent_path(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return std::string(dot == std::string_view::npos ? std::string_view() : path.substr(0, dot));
}

// MLX makes lists of all modules whose names are numbers alone, as long as the largest says.
bool is_list(const ModuleNode& node) {
  const bool children =
      std::ranges::all_of(node.children, [](const auto& child) { return list_index(child->name).has_value(); });
  const bool leaves = std::ranges::all_of(
      node.leaves, [](const auto* leaf) { return leaf->persistent && list_index(last_part(leaf->target)); });
  return children && leaves && !(node.children.empty() && node.leaves.empty());
}

// Of what mlx.nn finds in a plain dict nothing is hidden.
bool is_dict(const ModuleNode& node) {
  return (node.class_name.ends_with("ModuleDict") || node.class_name.ends_with("ParameterDict")) &&
         std::ranges::all_of(node.leaves, &graph::Input::persistent);
}

bool has_weights(const ModuleNode& node) {
  return std::ranges::any_of(node.leaves, &graph::Input::persistent) ||
         std::ranges::any_of(node.children, [](const auto& child) { return has_weights(*child); });
}

// Are the names of all members with weights places in a list?
bool has_indexed_weights(const ModuleNode& node) {
  const bool children = std::ranges::all_of(
      node.children, [](const auto& child) { return list_index(child->name) || !has_weights(*child); });
  const bool leaves = std::ranges::all_of(
      node.leaves, [](const auto* leaf) { return list_index(last_part(leaf->target)) || !leaf->persistent; });
  return children && leaves && has_weights(node);
}

bool keep(ModuleNode& node) {
  std::erase_if(node.children, [&](const auto& child) { return !keep(*child); });
  return !node.children.empty() || !node.leaves.empty() || node.role == Role::layer || node.called || node.path.empty();
}

// What mlx.nn does not hold: num_batches_tracked.
void drop_leaves(ModuleNode& node) {
  const layers::Row* row = node.class_name.empty() ? nullptr : layers::find(node.class_name);
  if (!row) return;
  std::erase_if(node.leaves, [&](const graph::Input* leaf) {
    return std::ranges::find(row->dropped, last_part(leaf->target)) != row->dropped.end();
  });
}

}  // namespace

const graph::Input* ModuleNode::leaf(std::string_view leaf_name) const {
  const auto it =
      std::ranges::find_if(leaves, [&](const auto* input) { return last_part(input->target) == leaf_name; });
  return it == leaves.end() ? nullptr : *it;
}

ModuleTree::ModuleTree(const graph::Graph& graph) : root_(std::make_unique<ModuleNode>()) {
  by_path_[""] = root_.get();
  for (const Module& module : graph.modules) ensure(module.path).class_name = module.class_name;
  for (const graph::Input& input : graph.inputs)
    if (input.kind != graph::InputKind::user && !is_global(input))
      ensure(parent_path(input.target)).leaves.push_back(&input);
  for (const graph::Scope& scope : graph.scopes) {
    ModuleNode& node = ensure(scope.path);
    if (node.class_name.empty()) node.class_name = scope.class_name;
  }
  for (const auto& [path, node] : by_path_) drop_leaves(*node);
  assign_roles(*root_);
}

ModuleNode& ModuleTree::ensure(const std::string& path) {
  if (ModuleNode* known = find(path)) return *known;
  ModuleNode& parent = ensure(parent_path(path));
  auto& node = parent.children.emplace_back(std::make_unique<ModuleNode>());
  node->path = path;
  node->name = last_part(path);
  by_path_[path] = node.get();
  return *node;
}

void ModuleTree::assign_roles(ModuleNode& node) {
  const bool root = node.path.empty();
  if (is_list(node) && (!root || node.leaves.empty()))
    node.role = Role::list;
  else if (!root && is_dict(node) && !has_indexed_weights(node))
    node.role = Role::dict;
  node.indexed = (root && node.role == Role::list) || (node.role == Role::block && has_indexed_weights(node));
  if (node.role == Role::list)
    std::ranges::stable_sort(node.children, {}, [](const auto& child) { return list_index(child->name); });
  for (const auto& child : node.children) assign_roles(*child);
}

ModuleNode* ModuleTree::find(std::string_view path) const {
  const auto it = by_path_.find(path);
  return it == by_path_.end() ? nullptr : it->second;
}

ModuleNode* ModuleTree::owner(const graph::Input& input) const { return find(parent_path(input.target)); }

std::string ModuleTree::access(std::string_view from, std::string_view path) const {
  const std::string_view rest = from.empty() ? path : path.substr(std::min(from.size() + 1, path.size()));
  const ModuleNode* node = find(from);
  std::string text = "self";
  for (const std::string& part : parts(rest)) {
    if (node && node->role == Role::list)
      text += "[" + part + "]";
    else if (node && node->role == Role::dict)
      text += "[" + string_literal(layers::mlx_name(part)) + "]";
    else
      text = attribute(text, layers::mlx_name(part));
    const ModuleNode* next = nullptr;
    if (node)
      for (const auto& child : node->children)
        if (child->name == part) next = child.get();
    node = next;
  }
  return text;
}

void ModuleTree::prune() {
  keep(*root_);
  by_path_.clear();
  const auto visit = [&](auto& self, ModuleNode& node) -> void {
    by_path_[node.path] = &node;
    for (const auto& child : node.children) self(self, *child);
  };
  visit(visit, *root_);
}

std::string attribute_name(const ModuleNode& child) { return layers::mlx_name(child.name); }

std::string leaf_attribute(const graph::Input& input) {
  return (input.persistent ? "" : "_") + layers::mlx_name(last_part(input.target));
}

// What every nn.Module, a dict, answers to by itself: items of these names are no attributes.
static bool is_of_module(std::string_view name) {
  constexpr std::array<std::string_view, 36> taken{"_no_grad",
                                                   "_training",
                                                   "apply",
                                                   "apply_to_modules",
                                                   "children",
                                                   "clear",
                                                   "copy",
                                                   "eval",
                                                   "filter_and_map",
                                                   "freeze",
                                                   "fromkeys",
                                                   "get",
                                                   "is_module",
                                                   "items",
                                                   "keys",
                                                   "leaf_modules",
                                                   "load_weights",
                                                   "modules",
                                                   "named_modules",
                                                   "parameters",
                                                   "pop",
                                                   "popitem",
                                                   "save_weights",
                                                   "set_dtype",
                                                   "setdefault",
                                                   "state",
                                                   "train",
                                                   "trainable_parameter_filter",
                                                   "trainable_parameters",
                                                   "training",
                                                   "unfreeze",
                                                   "update",
                                                   "update_modules",
                                                   "valid_child_filter",
                                                   "valid_parameter_filter",
                                                   "values"};
  return std::ranges::find(taken, name) != taken.end();
}

std::string attribute(std::string_view base, std::string_view name) {
  return is_identifier(name) && !is_of_module(name) ? std::string(base) + "." + std::string(name)
                                                    : std::string(base) + "[" + string_literal(name) + "]";
}

bool is_global(const graph::Input& input) { return input.kind == graph::InputKind::constant; }

}  // namespace torch2mlx::python
