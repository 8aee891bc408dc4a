// What passes are made of: one walk over the nodes that builds the new list, and small readers of arguments.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/graph.h"
#include "ops/infer.h"

namespace torch2mlx::passes {

using graph::Arg;
using graph::Argument;
using graph::Dim;
using graph::Graph;
using graph::List;
using graph::Node;
using graph::Ref;
using graph::Shape;
using graph::Type;
using graph::ValueKind;

// Walks a graph in order and writes its nodes anew. Arguments of a node are replaced before the rule sees it, so rules
// look back at nodes in their final form. New nodes get scope and place of the node being rewritten.
class Rewriter {
 public:
  explicit Rewriter(Graph& graph);

  // What the results of a node become; nothing: the node is kept as the rule left it.
  using Replacement = std::optional<std::vector<Arg>>;

  // `rule`: Replacement(Node&), or std::optional<Arg>(Node&) for nodes of one result. Outputs are replaced at the end.
  template <class Rule>
  void run(Rule&& rule) {
    std::vector<Node> old = std::exchange(graph_.nodes, {});
    for (Node& node : old) {
      begin(node);
      end(std::move(node), rule(node));
    }
    finish();
  }

  // The node, already rewritten, that defines a value; nullptr for inputs and literals. Stays valid during the walk.
  const Node* definition(const Arg& arg) const;
  // The same if it is a call of `op`.
  const Node* definition(const Arg& arg, std::string_view op) const;

  // A node of one result before the current one. Without `type`, it is inferred.
  Ref emit(std::string_view op, std::vector<Argument> args);
  Ref emit(std::string_view op, std::vector<Argument> args, Type type);

  // From here on `from` is `to`, in what is still to be walked.
  void replace(Ref from, Arg to);
  // What a value has become.
  Arg resolve(const Arg& arg) const;

  // A size as an argument: a number, an integer value seen so far, or the axis of an operand of the current node.
  std::optional<Arg> size(Dim dim);
  std::optional<Arg> sizes(Shape shape);  // as a list

  // May a node of the current scope use a value made in `scope` without it crossing from one module into another?
  bool visible(std::uint32_t scope) const;

  // References into the graph's values: they end with the next emit().
  const Type& type(const Arg& arg) const { return graph_.type(arg.as<Ref>()); }
  const Shape& shape(const Arg& arg) const { return type(arg).shape; }
  int rank(const Arg& arg) const { return static_cast<int>(shape(arg).size()); }
  Graph& graph() { return graph_; }
  const Graph& graph() const { return graph_; }
  const ops::Inference& inference();
  const Node& current() const { return *current_; }
  Node& last() { return nodes_.back(); }  // the node emitted or kept last

 private:
  void begin(Node& node);
  void end(Node&& node, Replacement replacement);
  void end(Node&& node, std::optional<Arg> replacement);
  void finish();
  void keep(Node&& node);
  void substitute(Arg& arg) const;

  Graph& graph_;
  std::optional<ops::Inference> inference_;
  std::deque<Node> nodes_;
  std::vector<const Node*> definitions_;          // by value id
  std::vector<std::optional<Arg>> replacements_;  // by value id
  std::map<Dim, std::vector<Ref>> sizes_;         // integer values met so far
  const Node* current_ = nullptr;
};

// How often each value is used, outputs included; by value id.
std::vector<int> count_uses(const Graph& graph);

// The same text for nodes that compute the same of the same values, and for sizes of equal expression.
std::string key_of(const Graph& graph, const Node& node);

// Is `ancestor` the scope itself or one around it?
bool encloses(const Graph& graph, std::uint32_t ancestor, std::uint32_t scope);

// Readers: nullopt if the argument is absent or of another kind.
std::optional<std::int64_t> integer(const Arg* arg);
std::optional<double> number(const Arg* arg);  // integers and booleans too
std::optional<std::vector<int>> integers(const Arg* arg);
// The parameter `axis`, made non-negative for `rank`.
std::optional<int> axis_of(const Node& node, int rank);
bool has_tensor(const Graph& graph, const Arg& arg);  // is it a Ref to a tensor?

List to_list(const std::vector<int>& values);
std::vector<int> inverse(const std::vector<int>& axes);
bool is_identity(const std::vector<int>& axes);
template <class T>
std::vector<T> permuted(const std::vector<T>& items, const std::vector<int>& axes) {
  std::vector<T> result;
  result.reserve(axes.size());
  for (const int axis : axes) result.push_back(items[static_cast<std::size_t>(axis)]);
  return result;
}

// Does an input stand for data inside the graph: no argument, no key of the state dict, and no state?
bool is_fixed(const Graph& graph, const graph::Input& input);
// Its data, if it is of this machine's byte order; else nullptr.
const torch2mlx::Tensor* fixed_data(const Graph& graph, const graph::Input& input);

inline bool is_integral(Dtype dtype) { return row(dtype).kind == DtypeKind::integer; }  // bool is none

// Largest and smallest value of a size; INT64_MAX where it has no bound or is not a plain symbol or number.
std::int64_t maximum(const Graph& graph, const Dim& dim);

}  // namespace torch2mlx::passes
