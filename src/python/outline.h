// From a flat graph to functions: the nodes of one module call become one body, called by the body around it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "python/layer_match.h"
#include "python/tree.h"

namespace torch2mlx::python {

struct Function;

// A node, or the call of a nested function.
struct Step {
  std::size_t node = 0;
  const LayerCall* layer = nullptr;  // the node is a call of this layer
  std::unique_ptr<Function> call;    // the nested function; `node` is then unused

  std::vector<graph::Ref> results(const graph::Graph& graph) const;
};

// One call of a module.
struct Function {
  std::uint32_t scope = 0;
  std::string path;
  std::vector<Step> steps;                  // in an order in which every value is defined before its use
  std::vector<graph::Ref> inputs;           // values from outside, but for what `self` holds, sizes and globals
  std::vector<graph::Dim> sizes;            // sizes that no input's shape tells
  std::vector<std::string> modules;         // paths of modules it calls that its own does not hold
  std::vector<graph::Ref> outputs;          // values that others use
  std::vector<const graph::Output*> state;  // what it replaces: buffers of its own; the root, whatever is left
  std::map<graph::Ref, std::vector<std::size_t>> users;  // steps that take a value, in order
  std::size_t nodes = 0;                                 // nested ones included
};

// Facts that all of emission shares.
struct Context {
  const graph::Graph& graph;
  ModuleTree& tree;
  std::set<std::size_t> live;               // nodes whose results matter
  std::map<std::size_t, LayerCall> layers;  // by node
  std::vector<std::size_t> definer;         // of each value: node index, npos for inputs
  std::set<graph::Ref> within_line;         // values that the user's line which makes them also takes

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  // A size that is known as an expression: it is derived where it is needed instead of passed around.
  bool is_size(graph::Ref ref) const;
  // What `self` reaches from a function of this path: parameters and buffers under it.
  const graph::Input* held(graph::Ref ref, std::string_view path) const;
  bool is_global_constant(graph::Ref ref) const;
  // The user's line that a node comes from: for a layer, the one that calls it. nullptr if it is not known.
  const graph::Place* line(std::size_t node) const;
};

Context make_context(const graph::Graph& graph, ModuleTree& tree);
// What a step calls that the module at `path` does not hold, in order: callers hand these in.
std::vector<std::string> foreign_modules(const Step& step, std::string_view path);
// Arguments of a step in order: of a layer call, a bare node (every value it uses) or a nested function.
std::vector<graph::Ref> used_values(const Context& context, const Step& step);

// `inlined`: scopes that must not become functions; those whose calls interleave are added.
std::unique_ptr<Function> outline(const Context& context, std::set<std::uint32_t>& inlined);

}  // namespace torch2mlx::python
