// w: f32[8,3,5,5] = parameter of a Conv2d; use(w)  ->  w: f32[8,5,5,3]; use(transpose(w, axes=(0,3,1,2)))
#include <unordered_map>

#include "layers/layers.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

// The class of each module path, from the live module tree, else from the scopes of the graph.
std::unordered_map<std::string, std::string> classes(const Graph& graph) {
  std::unordered_map<std::string, std::string> names;
  for (const auto& module : graph.modules) names.emplace(module.path, module.class_name);
  for (const graph::Scope& scope : graph.scopes) names.emplace(scope.path, scope.class_name);
  return names;
}

std::span<const int> permutation(const std::unordered_map<std::string, std::string>& names, const std::string& key) {
  const std::size_t dot = key.rfind('.');
  const auto found = names.find(dot == std::string::npos ? std::string() : key.substr(0, dot));
  const layers::Row* row = found == names.end() ? nullptr : layers::find(found->second);
  return row ? layers::permutation(*row, dot == std::string::npos ? key : key.substr(dot + 1)) : std::span<const int>();
}

}  // namespace

void parameter_layouts(Graph& graph) {
  const auto names = classes(graph);
  std::unordered_map<std::uint32_t, std::vector<int>> moved;  // value id -> axes that give the torch layout back
  for (graph::Input& input : graph.inputs) {
    if (input.kind != graph::InputKind::parameter || !input.permute.empty()) continue;
    const auto axes = permutation(names, input.target);
    Type& type = graph[input.value].type;
    if (axes.empty() || axes.size() != type.shape.size()) continue;
    input.permute.assign(axes.begin(), axes.end());
    type.shape = permuted(type.shape, input.permute);
    moved.emplace(input.value.id, layers::inverse(axes));
  }
  if (moved.empty()) return;
  Rewriter rewriter(graph);
  rewriter.run([&](Node& node) -> std::optional<Arg> {
    for (Argument& argument : node.args)
      graph::for_each_ref(argument.value, [&](Ref& ref) {
        const auto it = moved.find(ref.id);
        if (it == moved.end()) return;
        Type type = graph.type(ref);
        type.shape = permuted(type.shape, it->second);
        ref = rewriter.emit("transpose", {{"", ref}, {"axes", to_list(it->second)}}, std::move(type));
      });
    return std::nullopt;
  });
  // A parameter that is returned as it is.
  for (graph::Output& output : graph.outputs)
    graph::for_each_ref(output.value, [&](Ref& ref) {
      const auto it = moved.find(ref.id);
      if (it == moved.end()) return;
      Type type = graph.type(ref);
      type.shape = permuted(type.shape, it->second);
      const Ref torch = graph.add_value("transpose", std::move(type));
      graph.nodes.push_back({"transpose", {{"", ref}, {"axes", to_list(it->second)}}, {torch}, 0, {}});
      ref = torch;
    });
}

}  // namespace torch2mlx::passes
