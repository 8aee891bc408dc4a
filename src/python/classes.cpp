#include "python/classes.h"

#include <fmt/format.h>

#include <algorithm>

#include "python/constants.h"
#include "python/names.h"

namespace torch2mlx::python {
namespace {

using graph::Input;

class Builder {
 public:
  Builder(const Context& context, std::set<std::uint32_t>& inlined) : context_(context), inlined_(inlined) {}

  bool collect(const Function& f) {
    const std::string text = signature(context_, f);
    const auto [it, first] = functions_.emplace(f.path, std::pair(&f, text));
    if (!first && it->second.second != text) {
      inlined_.insert(f.scope);
      return false;
    }
    bool same = true;
    for (const Step& step : f.steps)
      if (step.call) same = collect(*step.call) && same;
    return same;
  }

  // The key of what `node` is in its parent's __init__; classes of blocks are made on the way.
  std::string visit(const ModuleNode& node) {
    std::string key;
    for (const Input* leaf : node.leaves) key += leaf_key(*leaf);
    for (const auto& child : node.children) key += child->name + "=" + visit(*child) + ";";
    if (node.role == Role::layer) return node.constructor;
    if (node.role == Role::list && !node.path.empty()) return "[" + key + "]";
    if (node.role == Role::dict) return "{" + key + "}";
    const auto it = functions_.find(node.path);
    if (it != functions_.end()) key += it->second.second;
    key = node.class_name + "|" + key;
    const auto [known, fresh] = by_key_.emplace(key, classes_->list.size());
    if (fresh) {
      Class& made = classes_->list.emplace_back();
      made.module = &node;
      made.function = it == functions_.end() ? nullptr : it->second.first;
      if (made.function)
        made.votes.resize(made.function->inputs.size() + made.function->sizes.size() + made.function->modules.size());
    }
    classes_->of_module[node.path] = {known->second, {}};
    return fmt::format("#{}", known->second);
  }

  std::unique_ptr<Classes> take() { return std::move(classes_); }

 private:
  std::string leaf_key(const Input& leaf) const {
    const graph::Type& type = context_.graph.type(leaf.value);
    std::string key = leaf_attribute(leaf) + std::string(row(type.dtype).text);
    for (const graph::Dim& dim : type.shape) key += "," + dim.str();
    return key + (leaf.persistent ? ";" : constant_key(context_.graph, leaf) + ";");
  }

  const Context& context_;
  std::set<std::uint32_t>& inlined_;
  std::map<std::string, std::pair<const Function*, std::string>> functions_;  // first call of each path
  std::map<std::string, std::size_t> by_key_;
  std::unique_ptr<Classes> classes_ = std::make_unique<Classes>();
};

}  // namespace

std::unique_ptr<Classes> make_classes(const Context& context, const Function& root, std::set<std::uint32_t>& inlined) {
  Builder builder(context, inlined);
  if (!builder.collect(root)) return nullptr;
  builder.visit(context.tree.root());
  return builder.take();
}

}  // namespace torch2mlx::python
