#include "graph/constant.h"

#include <memory>
#include <span>

#include "read/check.h"

namespace torch2mlx::graph {
namespace {

template <class T>
Ref add(Graph& graph, std::string_view name, const std::vector<T>& values, const std::vector<std::int64_t>& shape,
        Dtype dtype) {
  const auto held = std::make_shared<const std::vector<T>>(values);
  Storage storage;
  storage.bytes = std::as_bytes(std::span(*held));
  storage.owner = held;
  Tensor tensor;
  tensor.dtype = dtype;
  tensor.shape = shape;
  tensor.strides = row_major(shape);
  tensor.storage = std::make_shared<const Storage>(std::move(storage));
  Type type{ValueKind::tensor, dtype, {}, {}};
  type.shape.assign(shape.begin(), shape.end());
  const Ref ref = graph.add_value(name, std::move(type));
  std::string target = graph[ref].name;
  while (graph.constants.contains(target)) target += "_";
  tensor.name = target;
  graph.inputs.push_back({ref, InputKind::constant, target, false, {}});
  graph.constants.emplace(target, tensor);
  return ref;
}

}  // namespace

Ref add_constant(Graph& graph, std::string_view name, const std::vector<std::int64_t>& values,
                 const std::vector<std::int64_t>& shape) {
  return add(graph, name, values, shape, Dtype::int64);
}
Ref add_constant(Graph& graph, std::string_view name, const std::vector<float>& values,
                 const std::vector<std::int64_t>& shape) {
  return add(graph, name, values, shape, Dtype::float32);
}
Ref add_constant(Graph& graph, std::string_view name, std::complex<float> value) {
  return add(graph, name, std::vector{value}, {}, Dtype::complex64);
}

}  // namespace torch2mlx::graph
