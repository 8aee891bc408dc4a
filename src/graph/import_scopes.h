// Module calls and source lines, from the metadata of exported nodes.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "graph/import_json.h"
#include "graph/shared_modules.h"

namespace torch2mlx::graph::import {

class Scopes {
 public:
  explicit Scopes(Graph& graph) : graph_(graph) {}
  // Calls of a module by its other names count as calls by its first.
  void share(SharedModules modules) { shared_ = std::move(modules); }
  const SharedModules& shared() const { return shared_; }

  // Index of the scope that `nn_module_stack` names, made with its parents if it is new.
  std::uint32_t of(const Json& metadata);
  // Modules that only the scopes tell of are added to Graph::modules.
  void add_modules() const;

 private:
  std::uint32_t child(std::uint32_t parent, const std::string& path, const std::string& class_name, int call);
  void unify(std::string& path, int& call);
  Graph& graph_;
  SharedModules shared_;
  std::map<std::pair<std::string, int>, int> calls_;  // of shared modules: by the name and number of torch's
  std::map<std::string, int> counts_;                 // of them, by the first name
  std::map<std::string, std::uint32_t> by_stack_;
  std::map<std::tuple<std::uint32_t, std::string, int>, std::uint32_t> children_;
};

// The innermost frame of `stack_trace` outside torch itself.
Place place(const Json& metadata);

}  // namespace torch2mlx::graph::import
