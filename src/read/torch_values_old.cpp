// Tensors as PyTorch wrote them before 0.4: objects with a state, wrapped in variables, or held by the container.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "read/bytes.h"
#include "read/torch_storage.h"
#include "read/torch_values.h"

namespace torch2mlx {
namespace {

// (data) [, requires_grad] as arguments, or (data, grad, hooks, requires_grad, volatile) as the state.
constexpr std::array variable_classes =
    std::to_array<std::string_view>({"torch.autograd.variable.Variable", "torch.nn.parameter.Parameter"});

bool is_variable(std::string_view name) { return std::ranges::find(variable_classes, name) != variable_classes.end(); }

bool is_sparse(std::string_view name) {
  return (name.starts_with("torch.sparse.") || name.starts_with("torch.cuda.sparse.")) && name.ends_with("Tensor");
}

}  // namespace

const Tensor* TorchValues::held_tensor(PickleRef ref) const {
  if (!find_tensor_ || ref == no_value || pickle_[ref].kind != PickleKind::persistent) return nullptr;
  return find_tensor_(pickle_[ref].callable);
}

bool TorchValues::is_old_tensor(PickleRef ref) const {
  const std::string_view name = called(ref);
  return held_tensor(ref) || is_variable(name) || is_sparse(name) || dtype_of_class(name, "Tensor");
}

Tensor TorchValues::old_tensor(PickleRef ref, const std::string& name, int depth) {
  if (const Tensor* held = held_tensor(ref)) {
    Tensor tensor = *held;
    tensor.name = name;
    return tensor;
  }
  const std::string_view type = called(ref);
  const PickleRef state = pickle_[ref].state;
  const Args given = args(ref);
  const Args parts = state != no_value && pickle_[state].kind == PickleKind::tuple ? pickle_[state].items : Args{};
  if (is_variable(type)) {
    const PickleRef data = !given.empty() ? given[0] : parts.size() == 5 ? parts[0] : no_value;
    if (!is_tensor(data) || depth == 2) refuse(place(ref), fmt::format("a {} that holds no tensor", type));
    if (is_old_tensor(data)) return old_tensor(data, name, depth + 1);
    return rebuilt(data, name, depth + 1);
  }
  if (is_sparse(type))
    throw Error(ErrorKind::unsupported, fmt::format("{}, tensor '{}'", place(ref), printable(name)),
                fmt::format("a {}, which is not read: it has no plain elements", type));
  // Arguments would be sizes or elements: no file of torch.save has them.
  if (!given.empty() || parts.size() != 4) refuse(place(ref), fmt::format("a malformed {}", type));
  Tensor tensor = rebuild(parts, false, ref, name);
  if (tensor.dtype != dtype_of_class(type, "Tensor"))
    refuse(place(ref), fmt::format("a {} over a storage of {}", type, row(tensor.dtype).torch));
  return tensor;
}

}  // namespace torch2mlx
