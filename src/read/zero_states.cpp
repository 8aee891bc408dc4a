#include "read/zero_states.h"

#include <fmt/format.h>

#include "read/bytes.h"
#include "read/check.h"

namespace torch2mlx::zero {
namespace {

Shapes shapes_of(const TorchValues& values, PickleRef map, std::string_view what) {
  if (!values.mapping(map))
    refuse(values.place(map), fmt::format("{}: a mapping of names to shapes was expected", what));
  Shapes shapes;
  for_each_named(values, map, [&](const std::string& name, PickleRef value) {
    const auto shape = integers_of(values, value);
    if (!shape) refuse(values.place(value), fmt::format("{}: '{}' has no shape", what, printable(name)));
    checked_elements(*shape, Dtype::float64, fmt::format("{}, '{}'", values.place(value), printable(name)));
    shapes.emplace_back(name, *shape);
  });
  return shapes;
}

}  // namespace

std::int64_t elements_of(const Shape& shape) { return checked_elements(shape, Dtype::float64, "param_shapes"); }

std::optional<std::vector<Shapes>> param_shapes(const TorchValues& values, PickleRef ref) {
  if (ref == no_value || values.pickle()[ref].kind == PickleKind::none) return std::nullopt;
  std::vector<Shapes> groups;
  if (const auto list = values.mapping(ref) ? std::nullopt : values.sequence(ref)) {
    for (const PickleRef group : *list) groups.push_back(shapes_of(values, group, "param_shapes"));
  } else {
    groups.push_back(shapes_of(values, ref, "param_shapes"));
  }
  return groups;
}

std::vector<Tensor> tensors_of(TorchValues& values, PickleRef map) {
  std::vector<Tensor> tensors;
  for_each_named(values, map, [&](const std::string& name, PickleRef value) {
    if (values.is_tensor(value)) tensors.push_back(values.tensor(value, name));
  });
  return tensors;
}

void read_model(TorchValues& values, ModelStates& states) {
  const PickleRef root = values.pickle().root_ref();
  const auto entry = [&](std::string_view name) { return values.lookup(root, name); };
  states.world = integer_of(values, entry("dp_world_size")).value_or(0);
  states.module = tensors_of(values, entry("module"));
  states.shapes = param_shapes(values, entry("param_shapes"));
  if (const PickleRef frozen = entry("frozen_param_shapes"); values.mapping(frozen))
    states.frozen_shapes = shapes_of(values, frozen, "frozen_param_shapes");
  for (Tensor& tensor : tensors_of(values, entry("frozen_param_fragments")))
    states.frozen.emplace(std::string(tensor.name), tensor);
  if (const PickleRef names = entry("buffer_names"); names != no_value)
    for (const PickleRef name : values.sequence(names).value_or(std::vector<PickleRef>{}))
      if (auto text = text_of(values, name)) states.buffers.insert(std::move(*text));
  const PickleRef shared = entry("shared_params");
  for_each_named(values, shared, [&](const std::string& name, PickleRef source) {
    if (auto text = text_of(values, source)) states.shared.emplace_back(name, std::move(*text));
  });
  if (const auto pairs = shared == no_value || values.mapping(shared) ? std::nullopt : values.sequence(shared))
    for (const PickleRef pair : *pairs) {  // a list of pairs in older files
      const auto two = values.sequence(pair);
      if (two && two->size() == 2 && text_of(values, (*two)[0]) && text_of(values, (*two)[1]))
        states.shared.emplace_back(*text_of(values, (*two)[0]), *text_of(values, (*two)[1]));
    }
}

void read_optimizer(TorchValues& values, OptimizerStates& states) {
  const PickleRef root = values.pickle().root_ref(), state = values.lookup(root, "optimizer_state_dict");
  if (!values.mapping(state)) refuse(values.place(root), "no optimizer_state_dict");
  PickleRef groups = values.lookup(state, "single_partition_of_fp32_groups");
  const bool third = groups == no_value;
  if (third) groups = values.lookup(state, "fp32_flat_groups");
  if (groups == no_value) refuse(values.place(state), "neither single_partition_of_fp32_groups nor fp32_flat_groups");
  states.stage = integer_of(values, values.lookup(state, "zero_stage")).value_or(third ? 3 : 2);
  if (states.stage < 1 || states.stage > 3 || (states.stage == 3) != third)
    refuse(values.place(state), fmt::format("zero_stage {} does not fit its groups", states.stage));
  const PickleRef count = values.lookup(state, "partition_count");
  if (const auto one = integer_of(values, count)) states.partitions = {*one};
  if (const auto many = integers_of(values, count)) states.partitions = *many;
  std::vector<PickleRef> list{groups};
  if (!values.is_tensor(groups)) list = values.sequence(groups).value_or(std::vector<PickleRef>{});
  for (const PickleRef group : list) {
    if (!values.is_tensor(group)) refuse(values.place(group), "a group that is no tensor");
    Tensor flat = values.tensor(group, fmt::format("group {}", states.groups.size()));
    if (flat.shape.size() != 1 || !is_floating(flat.dtype))
      refuse(values.place(group), "a group that is no row of floating numbers");
    states.groups.push_back(std::move(flat));
  }
}

}  // namespace torch2mlx::zero
