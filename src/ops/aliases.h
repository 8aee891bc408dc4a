// Which ATen overloads give tensors that share memory with their first operand, and what writing to such a view makes
// of the tensor that is viewed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::ops {

// `perhaps`: a view or a copy by strides that the graph does not state.
enum class Sharing : std::uint8_t { never, always, perhaps };

// Appends ATen nodes to a graph.
class AtenBuilder {
 public:
  AtenBuilder(graph::Graph& graph, std::uint32_t scope, graph::Place place)
      : graph_(graph), scope_(scope), place_(std::move(place)) {}
  graph::Ref operator()(std::string_view op, std::vector<graph::Argument> args, graph::Type type);
  // Sizes of a value, for view(): numbers, -1 for the only size that is none, else sym_size nodes.
  graph::List sizes(graph::Ref of);
  const graph::Type& type(graph::Ref ref) const { return graph_.type(ref); }

 private:
  graph::Graph& graph_;
  std::uint32_t scope_;
  graph::Place place_;
};

// A write to result `index` of `view`: `base` is what it views, `written` the view's new value.
struct Write {
  const graph::Graph& graph;
  const graph::Node& view;
  std::size_t index;
  graph::Ref base, written;
};

struct Alias {
  std::string_view op;
  // The new value of the base; nothing if this view cannot be written to. Null: none of its kind can.
  std::optional<graph::Ref> (*inverse)(AtenBuilder&, const Write&);
  Sharing (*sharing)(const graph::Graph&, const graph::Node&);  // null: always
};

// nullptr for overloads whose results are new tensors.
const Alias* find_alias(std::string_view op);

std::vector<std::string_view> alias_names();  // overloads in the table

// The operand that result `index` shares memory with.
std::optional<graph::Ref> viewed(const graph::Node& node, std::size_t index);

// A parameter of a node by position or name, nullptr where its default holds; `required` throws Error there.
const graph::Arg* parameter(const graph::Node& node, std::size_t position, std::string_view name);
const graph::Arg& required(const graph::Node& node, std::size_t position, std::string_view name);
std::int64_t integer_parameter(const graph::Node& node, std::size_t position, std::string_view name,
                               std::int64_t otherwise);

}  // namespace torch2mlx::ops
