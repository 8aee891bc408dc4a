// Module calls and source lines, from the metadata of exported nodes.
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "graph/import_json.h"

namespace torch2mlx::graph::import {

class Scopes {
 public:
  explicit Scopes(Graph& graph) : graph_(graph) {}

  // Index of the scope that `nn_module_stack` names, made with its parents if it is new.
  std::uint32_t of(const Json& metadata);
  // Modules that only the scopes tell of are added to Graph::modules.
  void add_modules() const;

 private:
  std::uint32_t child(std::uint32_t parent, const std::string& path, const std::string& class_name, int call);
  Graph& graph_;
  std::map<std::string, std::uint32_t> by_stack_;
  std::map<std::tuple<std::uint32_t, std::string, int>, std::uint32_t> children_;
};

// The innermost frame of `stack_trace` outside torch itself.
Place place(const Json& metadata);

}  // namespace torch2mlx::graph::import
