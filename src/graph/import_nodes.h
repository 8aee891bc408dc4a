// Nodes of an exported program: values by name, their types, their arguments. The graphs that higher-order operators
// call are put in place of the calls.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "graph/import_json.h"
#include "graph/import_scopes.h"

namespace torch2mlx::graph::import {

class Nodes {
 public:
  // `json`: the program's outermost graph. Both must outlive this.
  Nodes(Graph& graph, const Json& json) : graph_(graph), scopes_(graph), frames_{{&json, {}, 0, {}}} {}

  void add(const Json& node);
  // A new value of the graph, of the type that the file states for this name; or another name of a value.
  Ref define(const std::string& name);
  void alias(const std::string& name, Arg value);
  // An argument of `node`, or an output of the program.
  Arg arg(const Json& json, const Node& node);

  Scopes& scopes() { return scopes_; }
  std::vector<std::string> problems;  // one a place that cannot be imported

 private:
  Ref define_or_refuse(const std::string& name, const Node& node);
  // A graph and its names; `scope` and `place` are those of the call, for nodes that tell none.
  struct Frame {
    const Json* json;
    std::unordered_map<std::string, Arg> values;
    std::uint32_t scope;
    Place place;
  };

  Arg value(const Json& argument, const char* key = "name") const;
  Arg symbolic(const Json& json) const;
  Arg optional_tensor(const Json& json) const;
  Arg item_of(const std::string& kind, const Json& item, const Node& node);
  Type type_of(const std::string& name) const;
  void declare(const Dim& dim);
  void in_memory_order(const Json& json, Node& node);
  void problem(const Node& node, const std::string& message);

  // Calls of graphs.
  void call(const Json& json, const Node& node);
  std::vector<Arg> run(const Json& graph, const std::vector<Arg>& operands, const Node& call);
  std::optional<std::vector<Arg>> cond(const Json& inputs, const Node& node);
  std::optional<std::vector<Arg>> scan(const Json& inputs, const Node& node);
  Ref append(const char* op, std::vector<Argument> args, Type type, const std::string& name, const Node& call);
  Arg choose(Arg condition, const Arg& yes, const Arg& no, const std::string& name, const Node& node);
  std::vector<Arg> operands(const Json& inputs, std::size_t from, const Node& node, std::size_t to = SIZE_MAX);
  bool writes_to_operands(const Json& graph) const;

  Graph& graph_;
  Scopes scopes_;
  std::vector<Frame> frames_;
};

// Names of a node's results, and those of nodes that have none: [] . Throws for kinds of results that are not known.
std::vector<std::string> result_names(const Json& node);

}  // namespace torch2mlx::graph::import
