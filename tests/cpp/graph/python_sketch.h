// Small MLX graphs written by hand, scopes and places included, for the tests of Python emission.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/graph.h"

namespace torch2mlx::python::testing {

using graph::Arg;
using graph::Argument;
using graph::Dim;
using graph::List;
using graph::Ref;
using graph::Shape;

class Sketch {
 public:
  explicit Sketch(const std::string& root_class) { g.scopes[0].class_name = root_class; }

  Ref user(const std::string& name, Shape shape, Dtype dtype = Dtype::float32) {
    return input(graph::InputKind::user, name, std::move(shape), dtype);
  }
  Ref parameter(const std::string& key, Shape shape) {
    if (!parameters_.contains(key))
      parameters_[key] = input(graph::InputKind::parameter, key, std::move(shape), Dtype::float32);
    return parameters_.at(key);
  }
  Ref buffer(const std::string& key, Shape shape, bool persistent) {
    const Ref ref = input(graph::InputKind::buffer, key, std::move(shape), Dtype::float32);
    g.inputs.back().persistent = persistent;
    return ref;
  }

  // Nodes made while `f` runs belong to a call of the module at `path`.
  template <class F>
  auto call(const std::string& path, const std::string& class_name, F&& f) {
    g.scopes.push_back({path, class_name, calls_[path]++, scope_});
    const std::uint32_t outer = scope_;
    scope_ = static_cast<std::uint32_t>(g.scopes.size() - 1);
    auto result = f();
    scope_ = outer;
    return result;
  }

  // The user's line that the next nodes come from.
  void line(int number, const std::string& code) { place_ = {"model.py", number, code}; }

  Ref op(const std::string& name, std::vector<Argument> args, Shape shape, Dtype dtype = Dtype::float32) {
    const Ref result = g.add_value(name, {graph::ValueKind::tensor, dtype, std::move(shape), {}});
    g.nodes.push_back({name, std::move(args), {result}, scope_, place_});
    return result;
  }
  Ref size(Ref x, int axis) {
    const Dim dim = g.type(x).shape[static_cast<std::size_t>(axis)];
    const Ref result = g.add_value("size", {graph::ValueKind::integer, Dtype::int64, {}, dim});
    g.nodes.push_back({"shape", {{"", x}, {"axis", axis}}, {result}, scope_, place_});
    return result;
  }

  Ref linear(const std::string& path, Ref x, std::int64_t in, std::int64_t out, bool bias = true) {
    const Ref w = parameter(path + ".weight", {out, in});
    std::vector<Argument> args{{"", x}, {"", w}};
    if (bias) args.push_back({"bias", parameter(path + ".bias", {out})});
    Shape shape = g.type(x).shape;
    shape.back() = out;
    return call(path, "torch.nn.modules.linear.Linear", [&] { return op("linear", args, shape); });
  }
  Ref layer_norm(const std::string& path, Ref x, std::int64_t dims, double eps) {
    const Ref w = parameter(path + ".weight", {dims}), b = parameter(path + ".bias", {dims});
    return call(path, "torch.nn.modules.normalization.LayerNorm",
                [&] { return op("layer_norm", {{"", x}, {"weight", w}, {"bias", b}, {"eps", eps}}, g.type(x).shape); });
  }
  Ref same(const std::string& name, Ref x) { return op(name, {{"", x}}, g.type(x).shape, g.type(x).dtype); }
  Ref activation(const std::string& path, const std::string& class_name, const std::string& name, Ref x) {
    return call(path, class_name, [&] { return same(name, x); });
  }
  Ref dropout(const std::string& path, Ref x, double p) {
    return call(path, "torch.nn.modules.dropout.Dropout",
                [&] { return op("dropout", {{"", x}, {"p", p}}, g.type(x).shape); });
  }
  Ref add(Ref a, Ref b) { return op("add", {{"", a}, {"", b}}, g.type(a).shape); }

  void result(Ref ref) { g.outputs.push_back({ref, graph::OutputKind::user, ""}); }

  graph::Graph g;

 private:
  Ref input(graph::InputKind kind, const std::string& target, Shape shape, Dtype dtype) {
    std::string name = target;
    for (char& c : name)
      if (c == '.') c = '_';
    const Ref ref = g.add_value(name, {graph::ValueKind::tensor, dtype, std::move(shape), {}});
    g.inputs.push_back({ref, kind, target, true, {}});
    return ref;
  }

  std::map<std::string, Ref> parameters_;
  std::map<std::string, int> calls_;
  std::uint32_t scope_ = 0;
  graph::Place place_;
};

}  // namespace torch2mlx::python::testing
