// torch2mlx._core: the state of an optimizer and what MLX makes of it.
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/error.h"
#include "read/optimizer_names.h"
#include "values.h"
#include "weights/elements.h"
#include "weights/optimizer_state.h"
#include "weights/optimizers.h"

namespace torch2mlx::bindings {
namespace {

using nb::literals::operator""_a;
using Shapes = std::vector<std::pair<std::string, std::vector<std::int64_t>>>;

nb::bytes row_major_bytes(const Tensor& tensor) {
  const auto part = weights::Part::of(tensor);
  const weights::Elements elements(part, tensor.dtype);
  std::vector<std::byte> out(static_cast<std::size_t>(elements.size()) * size_of(tensor.dtype));
  weights::Scratch scratch;
  for (std::int64_t at = 0; at < elements.size();) {
    const std::int64_t count = std::min(elements.step(), elements.size() - at);
    elements.read(at, count, out.data() + at * static_cast<std::int64_t>(size_of(tensor.dtype)), scratch);
    at += count;
  }
  return nb::bytes(out.data(), out.size());
}

nb::dict dict_of(const weights::MlxOptimizer& made) {
  nb::dict slots;
  for (const auto& [name, tensors] : made.slots) {
    nb::list list;
    for (const Tensor& tensor : tensors)
      list.append(nb::make_tuple(std::string(tensor.name), std::string(row(tensor.dtype).torch), tuple_of(tensor.shape),
                                 row_major_bytes(tensor)));
    slots[name.c_str()] = list;
  }
  nb::dict out;
  out["class"] = made.class_name;
  out["constructor"] = made.constructor;
  out["step"] = made.step;
  out["learning_rate"] = made.learning_rate;
  out["parameters"] = made.parameters;
  out["slots"] = slots;
  return out;
}

nb::object optimizer(const std::filesystem::path& path, const Shapes& model, const std::string& key,
                     const std::string& torch_class) {
  auto state = open_optimizer(path, key);
  if (!state) return nb::none();
  std::vector<ModelParameter> parameters;
  for (const auto& [name, shape] : model) parameters.push_back({name, shape});
  const std::string file = path.filename().string();
  try {
    const weights::OptimizerRow& row = weights::recognise(*state, torch_class);
    name_parameters(*state, parameters);
    const auto made = weights::to_mlx(*state, row);
    nb::list list;
    for (const weights::MlxOptimizer& one : made.list) list.append(dict_of(one));
    return nb::make_tuple(list, made.notes);
  } catch (const Error& error) {
    throw error.within(printable(file));
  }
}

std::string convert_state(const Checkpoint& model, const std::filesystem::path& input,
                          const std::filesystem::path& output, const nb::dict& settings,
                          const std::string& torch_class) {
  const Options options = options_from(settings);
  const nb::gil_scoped_release released;
  return to_json(convert_optimizer(model, find_optimizer(input), output, options, torch_class));
}

nb::list table() {
  nb::list list;
  for (const weights::OptimizerRow& row : weights::optimizers())
    list.append(nb::make_tuple(std::string(row.torch), std::string(row.mlx)));
  return list;
}

}  // namespace

void register_optimizers(nb::module_& m) {
  m.def("optimizer", &optimizer, "path"_a, "model"_a, "key"_a = "", "torch_class"_a = "",
        "([{class, constructor, step, learning_rate, parameters, slots}], notes) of the optimizer in a file, None "
        "where it holds none; `model` is [(name, shape)] of the model's parameters.");
  m.def("convert_optimizer", &convert_state, "model"_a, "input"_a, "output"_a, "options"_a = nb::dict(),
        "torch_class"_a = "", "Writes the state of the optimizer in `input` for mlx.optimizers; the report as JSON.");
  m.def("optimizers", &table, "[(class of torch.optim, class of mlx.optimizers or '')]");
}

}  // namespace torch2mlx::bindings
