#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "graph/graph.h"

namespace torch2mlx::graph {
namespace {

class Checker {
 public:
  explicit Checker(const Graph& graph) : graph_(graph), defined_(graph.values.size()) {}

  std::vector<std::string> run() {
    names();
    scopes();
    for (const Input& input : graph_.inputs) define(input.value, fmt::format("input '{}'", input.target));
    for (const Node& node : graph_.nodes) check(node);
    for (const Output& output : graph_.outputs) used(output.value, "an output");
    return std::move(problems_);
  }

 private:
  void names() {
    std::set<std::string_view> seen;
    for (const Value& value : graph_.values)
      if (!seen.insert(value.name).second) problems_.push_back(fmt::format("two values are named '{}'", value.name));
  }

  void scopes() {
    for (std::size_t i = 1; i < graph_.scopes.size(); ++i)
      if (graph_.scopes[i].parent >= i)
        problems_.push_back(fmt::format("scope '{}' comes before its parent", graph_.scopes[i].path));
  }

  void check(const Node& node) {
    const std::string place = place_of(graph_, node);
    if (node.scope >= graph_.scopes.size()) problems_.push_back(fmt::format("{}: scope out of range", node.op));
    bool named = false;
    for (const Argument& argument : node.args) {
      if (named && argument.name.empty())
        problems_.push_back(fmt::format("{}: a positional argument after a named one", place));
      named = named || !argument.name.empty();
      used(argument.value, place);
    }
    for (const Ref ref : node.results) define(ref, place);
  }

  void define(Ref ref, const std::string& place) {
    if (ref.id >= defined_.size())
      return problems_.push_back(fmt::format("{}: value {} does not exist", place, ref.id));
    if (defined_[ref.id]) problems_.push_back(fmt::format("{}: '{}' is defined twice", place, graph_[ref].name));
    if (graph_.type(ref).kind == ValueKind::unknown)
      problems_.push_back(fmt::format("{}: '{}' has no type", place, graph_[ref].name));
    defined_[ref.id] = true;
  }

  void used(const Arg& arg, const std::string& place) {
    for_each_ref(arg, [&](const Ref& ref) {
      if (ref.id >= defined_.size())
        problems_.push_back(fmt::format("{}: value {} does not exist", place, ref.id));
      else if (!defined_[ref.id])
        problems_.push_back(fmt::format("{}: '{}' is used before it is defined", place, graph_[ref].name));
    });
  }

  const Graph& graph_;
  std::vector<bool> defined_;
  std::vector<std::string> problems_;
};

}  // namespace

void check(const Graph& graph) {
  std::vector<std::string> problems = Checker(graph).run();
  if (problems.empty()) return;
  throw Error(ErrorKind::input, "graph", fmt::format("not well formed: {}", problems.front()), {},
              problems.size() > 1 ? std::move(problems) : std::vector<std::string>{});
}

}  // namespace torch2mlx::graph
