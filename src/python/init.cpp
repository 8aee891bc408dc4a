#include "python/init.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "python/names.h"

namespace torch2mlx::python {
namespace {

class Writer {
 public:
  Writer(const Context& context, Constants& constants, const BlockText& block)
      : context_(context), constants_(constants), block_(block) {}

  std::vector<std::string> lines(const ModuleNode& module) {
    std::vector<std::string> out;
    std::map<std::size_t, std::string> numbered;
    const auto add = [&](const std::string& name, const std::string& made) {
      const auto index = module.indexed ? list_index(name) : std::nullopt;
      if (index)
        numbered.emplace(*index, made);
      else
        out.push_back(attribute("self", name) + " = " + made);
    };
    for (const graph::Input* leaf : module.leaves) add(leaf_attribute(*leaf), leaf_text(*leaf));
    for (const auto& child : module.children) add(attribute_name(*child), text(*child));
    for (const std::string& line : numbered_lines(numbered)) out.push_back(line);
    return out;
  }

 private:
  // Members that hold nothing keep their index, as weights arrive as a list.
  static std::vector<std::string> numbered_lines(const std::map<std::size_t, std::string>& members) {
    std::vector<std::string> out;
    const auto set = [&](const std::string& made) {
      out.push_back(fmt::format("self[\"{}\"] = {}", out.size(), made));
    };
    for (const auto& [index, made] : members) {
      while (out.size() < index) set("nn.Identity()");
      set(made);
    }
    return out;
  }

  std::string leaf_text(const graph::Input& leaf) {
    if (!leaf.persistent) {
      std::string value = constants_.make(leaf);
      return value.find('\n') == std::string::npos ? value : constants_.use(leaf).text;
    }
    const graph::Type& type = context_.graph.type(leaf.value);
    const Dtype dtype = row(type.dtype).as_mlx;
    graph::List shape;
    for (const graph::Dim& dim : type.shape) shape.push_back(dim.constant().value_or(0));
    const std::string suffix = dtype == Dtype::float32 ? "" : fmt::format(", dtype=mx.{}", row(dtype).mlx);
    return "mx.zeros(" + literal(shape).text + suffix + ")";
  }

  std::string text(const ModuleNode& node) {
    if (node.role == Role::layer) return node.constructor;
    if (node.role == Role::block) return block_(node);
    std::vector<std::pair<std::string, std::string>> items;
    for (const graph::Input* leaf : node.leaves) items.emplace_back(leaf_attribute(*leaf), leaf_text(*leaf));
    for (const auto& child : node.children) items.emplace_back(attribute_name(*child), text(*child));
    return node.role == Role::dict ? dict(items) : list(items);
  }

  // Members that hold nothing and do nothing keep their index.
  static std::string list(const std::vector<std::pair<std::string, std::string>>& items) {
    std::vector<std::string> texts;
    for (const auto& [index, item] : items) {
      texts.resize(std::max(texts.size(), list_index(index).value()), "nn.Identity()");
      texts.push_back(item);
    }
    const bool same = std::ranges::all_of(texts, [&](const auto& item) { return item == texts[0]; });
    if (same && texts.size() > 1) return fmt::format("[{} for _ in range({})]", texts[0], texts.size());
    std::string inside;
    for (auto at = texts.begin(); at != texts.end();) {
      const auto end = std::find_if(at, texts.end(), [&](const auto& item) { return item != *at; });
      inside += inside.empty() ? "" : ", ";
      inside += end - at == 1 ? *at : fmt::format("*[{} for _ in range({})]", *at, end - at);
      at = end;
    }
    return "[" + inside + "]";
  }

  static std::string dict(const std::vector<std::pair<std::string, std::string>>& items) {
    std::string inside;
    for (const auto& [key, item] : items) inside += (inside.empty() ? "" : ", ") + string_literal(key) + ": " + item;
    return "{" + inside + "}";
  }

  const Context& context_;
  Constants& constants_;
  const BlockText& block_;
};

}  // namespace

std::vector<std::string> init_lines(const Context& context, const ModuleNode& module, Constants& constants,
                                    const BlockText& block) {
  return Writer(context, constants, block).lines(module);
}

}  // namespace torch2mlx::python
