// The module tree that the generated classes rebuild: its paths are the checkpoint's.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::python {

enum class Role {
  block,  // a class of its own
  layer,  // an instance of a class of mlx.nn
  list,   // a Python list: ModuleList, Sequential, ParameterList
  dict,   // a Python dict: ModuleDict, ParameterDict
};

struct ModuleNode {
  std::string path, name, class_name;  // PyTorch's
  Role role = Role::block;
  std::string constructor;                  // layers: "nn.Linear(384, 384)", complete with defaults (layers.h)
  std::vector<const graph::Input*> leaves;  // parameters and buffers of its own, in order
  std::vector<std::unique_ptr<ModuleNode>> children;
  bool called = false;   // some call of it stays a function
  bool indexed = false;  // no list in Python, but all that has weights is a number, so that they arrive as a list

  const graph::Input* leaf(std::string_view leaf_name) const;
};

class ModuleTree {
 public:
  explicit ModuleTree(const graph::Graph& graph);

  ModuleNode& root() const { return *root_; }
  ModuleNode* find(std::string_view path) const;
  // Paths of the module that holds a parameter: "encoder.layer.0.attention" and "weight".
  ModuleNode* owner(const graph::Input& input) const;
  // The attribute chain from module `from` to what lies under it: "self.layer[0].weight".
  std::string access(std::string_view from, std::string_view path) const;
  // Forgets modules that hold nothing, are no layers and are never called.
  void prune();

 private:
  ModuleNode& ensure(const std::string& path);
  void assign_roles(ModuleNode& node);

  std::unique_ptr<ModuleNode> root_;
  std::map<std::string, ModuleNode*, std::less<>> by_path_;
};

// What mlx.nn calls a child.
std::string attribute_name(const ModuleNode& child);
// The attribute that holds a parameter or buffer: "weight", "_mask" for a buffer outside the state dict.
std::string leaf_attribute(const graph::Input& input);
// "self.weight", "self[\"0\"]" where the name is no identifier.
std::string attribute(std::string_view base, std::string_view name);
// A buffer or constant that no module declares: it stays with the file.
bool is_global(const graph::Input& input);

}  // namespace torch2mlx::python
