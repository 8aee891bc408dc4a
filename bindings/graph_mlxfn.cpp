
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "run/mlxfn.h"
#include "run/mlxfn_streams.h"
#include "values.h"

namespace torch2mlx::bindings {
namespace {

using nb::literals::operator""_a;
using Shapes = std::map<std::string, std::vector<std::int64_t>>;

std::string export_mlxfn(const run::Executor& executor, const nb::dict& parameters, const std::filesystem::path& path,
                         const std::vector<Shapes>& traces, bool gpu, bool weights_as_inputs) {
  run::Arrays arrays;
  for (const auto [key, value] : parameters)
    arrays.emplace(nb::cast<std::string>(key), nb::cast<ops::mx::array>(value));
  run::MlxfnOptions options{.traces = {}, .gpu = gpu, .weights_as_inputs = weights_as_inputs};
  for (const Shapes& shapes : traces) options.traces.push_back(run::sizes_for(executor.graph(), shapes));
  return run::export_mlxfn(executor, arrays, path, options).metadata;
}

std::vector<std::pair<std::string, std::string>> devices_of(const std::filesystem::path& path) {
  std::vector<std::pair<std::string, std::string>> found;
  for (run::StreamPlace& place : run::streams_of(path))
    found.emplace_back(std::move(place.primitive), place.device ? "gpu" : "cpu");
  return found;
}

}  // namespace

void register_mlxfn(nb::module_& m) {
  m.def(
      "export_mlxfn", &export_mlxfn, "executor"_a, "parameters"_a, "path"_a, "traces"_a = std::vector<Shapes>(),
      "gpu"_a = false, "weights_as_inputs"_a = false,
      "Writes a .mlxfn file of an MLX graph; gives its metadata as JSON. `traces`: shapes by input, a function each.");
  m.def("mlxfn_devices", &devices_of, "path"_a, "[(primitive, \"cpu\" or \"gpu\")] of a .mlxfn file.");
}

}  // namespace torch2mlx::bindings
