// torch2mlx._core: reading, weights and the command line. No MLX, no NumPy, no torch.
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/function.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/set.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include "base/error.h"
#include "cli/run.h"
#include "layers/names.h"
#include "read/made.h"
#include "read/wrapped_names.h"
#include "torch2mlx/convert.h"
#include "torch2mlx/restore.h"
#include "values.h"
#include "weights/adapter.h"
#include "weights/plan.h"
#include "weights/quantize.h"
#include "weights/select.h"

namespace torch2mlx::bindings {
namespace {

using nb::literals::operator""_a;

Checkpoint from_tensors(const nb::list& tensors, const nb::list& modules) {
  Checkpoint checkpoint;
  checkpoint.format = "live tensors";
  checkpoint.tensors = tensors_from(tensors);
  checkpoint.modules = modules_from(modules);
  if (checkpoint.modules.empty()) unwrap_names(checkpoint);  // a state dict; a module comes without its wrappers
  return checkpoint;
}

Checkpoint open(const std::filesystem::path& path, const std::string& key) {
  const nb::gil_scoped_release released;
  return open_checkpoint(path, key, true);
}

nb::list tensor_list(const Checkpoint& checkpoint) {
  nb::list list;
  for (const Tensor& tensor : checkpoint.tensors)
    list.append(nb::make_tuple(std::string(tensor.name), std::string(row(tensor.dtype).torch), tuple_of(tensor.shape)));
  return list;
}

// A tensor's elements, row-major and in native order.
nb::object bytes_of(const Checkpoint& checkpoint, const std::string& name) {
  for (const Tensor& tensor : checkpoint.tensors) {
    if (tensor.name != name) continue;
    const auto size = static_cast<std::size_t>(tensor.elements()) * size_of(tensor.dtype);
    nb::object bytes = nb::steal(PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(size)));
    if (!bytes.is_valid()) throw nb::python_error();
    if (size != 0)
      read_elements(tensor, 0, tensor.elements(), reinterpret_cast<std::byte*>(PyBytes_AS_STRING(bytes.ptr())));
    return bytes;
  }
  throw Error(ErrorKind::input, checkpoint.path.string(), "holds no tensor '" + printable(name) + "'");
}

// Python's handlers run between blocks of output, so Ctrl-C stops a conversion with nothing left behind.
bool interrupted() {
  const nb::gil_scoped_acquire held;
  if (PyErr_CheckSignals() == 0) return false;
  throw nb::python_error();
}

Quantization quantization_from(const std::string& mode, int bits, int group_size) {
  const auto known = weights::mode_from_name(mode);
  if (!known) throw Error(ErrorKind::input, "mode", "'" + mode + "' is no mode of mx.quantize");
  const auto& row = weights::row(*known);
  return {*known, bits ? bits : row.bits, group_size ? group_size : row.group_size};
}

// {"mode": ..., "bits": ..., "group_size": ...}, all optional; what is missing is as in `base`.
Quantization quantization_from(const nb::dict& settings, const std::optional<Quantization>& base) {
  std::string mode = base ? std::string(weights::row(base->mode).name) : "affine";
  int bits = base ? base->bits : 0, group_size = base ? base->group_size : 0;
  for (const auto [key, value] : settings) {
    const auto name = nb::cast<std::string>(key);
    if (name == "mode")
      mode = nb::cast<std::string>(value);
    else if (name == "bits")
      bits = nb::cast<int>(value);
    else if (name == "group_size")
      group_size = nb::cast<int>(value);
    else
      throw Error(ErrorKind::input, "quantize", "'" + name + "' is not understood",
                  "mode, bits, group_size, recipe, rules");
  }
  return quantization_from(mode, bits, group_size);
}

QuantizeOptions quantize_options_from(nb::dict settings) {
  QuantizeOptions options;
  nb::dict own;
  nb::list rules;
  for (const auto [key, value] : settings) {
    const auto name = nb::cast<std::string>(key);
    if (name == "recipe")
      options.recipe = nb::cast<std::string>(value);
    else if (name == "rules")
      rules = nb::cast<nb::list>(value);
    else
      own[key] = value;
  }
  options.defaults = quantization_from(own, std::nullopt);
  for (const nb::handle rule : rules) {
    const auto [pattern, how] = nb::cast<std::pair<std::string, nb::object>>(rule);
    if (how.is_none())
      options.rules.emplace_back(pattern, std::nullopt);
    else
      options.rules.emplace_back(pattern, quantization_from(nb::cast<nb::dict>(how), options.defaults));
  }
  return options;
}

Dtype floating_from(const std::string& name) {
  const auto dtype = dtype_from_torch(name);
  if (!dtype || !is_floating(*dtype))
    throw Error(ErrorKind::input, "dtype", name + " is not a floating type", "float32, float16 or bfloat16");
  return *dtype;
}

}  // namespace

Options options_from(const nb::dict& settings) {
  Options options;
  for (const auto [key, value] : settings) {
    const auto name = nb::cast<std::string>(key);
    if (name == "dtype") {
      options.dtype = floating_from(nb::cast<std::string>(value));
    } else if (name == "dtypes") {
      for (const auto& [pattern, type] : nb::cast<std::vector<std::pair<std::string, std::string>>>(value))
        options.dtypes.emplace_back(pattern, floating_from(type));
    } else if (name == "dequantize") {
      options.dequantize = nb::cast<bool>(value);
    } else if (name == "strict_dtypes") {
      options.strict_dtypes = nb::cast<bool>(value);
    } else if (name == "layer_types") {
      options.layer_types = nb::cast<decltype(options.layer_types)>(value);
    } else if (name == "layouts") {
      options.layouts = nb::cast<decltype(options.layouts)>(value);
    } else if (name == "keys") {
      options.keys = nb::cast<std::set<std::string>>(value);
    } else if (name == "modules") {
      options.modules = modules_from(nb::cast<nb::list>(value));
    } else if (name == "quantize") {
      options.quantize = quantize_options_from(nb::cast<nb::dict>(value));
    } else if (name == "adapter") {
      options.adapter = nb::cast<bool>(value);
    } else if (name == "torch_layouts") {
      options.torch_layouts = nb::cast<bool>(value);
    } else if (name == "record") {
      options.record = nb::cast<std::string>(value);
    } else if (name == "shard_bytes") {
      options.shard_bytes = nb::cast<std::uint64_t>(value);
    } else if (name == "threads") {
      options.threads = nb::cast<unsigned>(value);
    } else if (name == "sync") {
      options.sync = nb::cast<bool>(value);
    } else if (name == "force") {
      options.force = nb::cast<bool>(value);
    } else {
      throw Error(ErrorKind::input, name, "is not an option of the converter");
    }
  }
  return options;
}

namespace {

using Writer = Report (*)(const Checkpoint&, const std::filesystem::path&, const Options&);
using OptionalProgress = std::optional<std::function<void(std::uint64_t, std::uint64_t)>>;

template <Writer writer>
std::string write_to(const Checkpoint& checkpoint, const std::filesystem::path& path, const nb::dict& settings,
                     const OptionalProgress& progress) {
  Options options = options_from(settings);
  options.progress = [&](std::uint64_t done, std::uint64_t total) {
    if (progress) (*progress)(done, total);
    return !interrupted();
  };
  const nb::gil_scoped_release released;
  return to_json(writer(checkpoint, path, options));
}

nb::bytes to_bytes(const std::vector<std::byte>& data) {
  return nb::bytes(reinterpret_cast<const char*>(data.data()), data.size());
}

// Rows of a matrix -> (words, scales, biases) as bytes.
nb::tuple quantize_bytes(const nb::bytes& matrix, const std::string& dtype, std::int64_t columns,
                         const std::string& mode, int bits, int group_size) {
  const Quantization q = quantization_from(mode, bits, group_size);
  const Dtype type = dtype_from_torch(dtype).value();
  const auto elements = static_cast<std::int64_t>(matrix.size() / size_of(type));
  if (const auto problem = weights::quantization_problem(q, columns); !problem.empty())
    throw Error(ErrorKind::input, "matrix", problem);
  const std::int64_t groups = elements / group_size;
  std::vector<std::byte> words(static_cast<std::size_t>(elements) * bits / 8);
  std::vector<std::byte> scales(static_cast<std::size_t>(groups) * size_of(weights::scale_dtype(q, type)));
  std::vector<std::byte> biases(weights::row(q.mode).has_biases ? scales.size() : 0);
  const auto done = weights::quantize_groups(q, type, reinterpret_cast<const std::byte*>(matrix.c_str()), groups,
                                             words.data(), scales.data(), biases.data());
  if (done.undefined != 0)
    throw Error(ErrorKind::unsupported, "matrix", weights::describe_undefined(q, done.undefined));
  return nb::make_tuple(to_bytes(words), to_bytes(scales), to_bytes(biases));
}

nb::bytes dequantize_bytes(const nb::bytes& words, const nb::bytes& scales, const nb::bytes& biases,
                           const std::string& dtype, const std::string& mode, int bits, int group_size) {
  const Quantization q = quantization_from(mode, bits, group_size);
  const Dtype type = dtype_from_torch(dtype).value();
  const auto groups = static_cast<std::int64_t>(scales.size() / size_of(weights::scale_dtype(q, type)));
  std::vector<std::byte> out(static_cast<std::size_t>(groups) * group_size * size_of(type));
  const auto data = [](const nb::bytes& bytes) { return reinterpret_cast<const std::byte*>(bytes.c_str()); };
  weights::dequantize_groups(q, type, data(words), data(scales), data(biases), groups, out.data());
  return to_bytes(out);
}

std::string record_of(const Checkpoint& checkpoint, const nb::dict& settings) {
  return record(checkpoint, options_from(settings));
}

std::string analyze_json(const Checkpoint& checkpoint, const nb::dict& settings) {
  return to_json(analyze(checkpoint, options_from(settings)));
}

// The same for the command line, which has no caller to raise to.
bool stopped() {
  const nb::gil_scoped_acquire held;
  if (PyErr_CheckSignals() == 0) return false;
  PyErr_Clear();
  return true;
}

// What convert would write.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> planned(const Checkpoint& checkpoint,
                                                                       const nb::dict& options) {
  const weights::Plan plan = weights::plan(checkpoint, options_from(options));
  weights::require_sound(plan, checkpoint.path);
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> tensors;
  for (const weights::Planned& tensor : plan.tensors) tensors.emplace_back(tensor.key(), tensor.shape);
  return tensors;
}

nb::list module_list(const Checkpoint& checkpoint) {
  nb::list list;
  for (const Module& module : checkpoint.modules) list.append(nb::make_tuple(module.path, module.class_name));
  return list;
}

// A hook of the command line in Python; its exceptions of torch2mlx.errors come back as the library's own. What an
// exception holds is read here, since the interpreter's lock is not held further out.
template <class F>
auto guarded(F&& call) {
  const nb::gil_scoped_acquire held;
  try {
    return call();
  } catch (nb::python_error& error) {
    const nb::object base = nb::module_::import_("torch2mlx.errors").attr("Torch2MLXError");
    if (!error.matches(base))
      throw Error(ErrorKind::input, "", nb::cast<std::string>(nb::str(error.type().attr("__name__"))));
    const nb::handle value = error.value();
    const auto text = [&](const char* name) { return nb::cast<std::string>(value.attr(name)); };
    throw Error(static_cast<ErrorKind>(nb::cast<int>(value.attr("kind"))), text("place"), text("message"), text("hint"),
                nb::cast<std::vector<std::string>>(value.attr("details")));
  }
}

cli::Generated generated_from(const nb::object& result) {
  return {nb::cast<std::map<std::string, std::vector<int>>>(result.attr("layouts")),
          modules_from(nb::cast<nb::list>(result.attr("modules"))),
          nb::cast<std::optional<std::set<std::string>>>(result.attr("keys")),
          nb::cast<std::vector<std::string>>(result.attr("lines")),
          nb::cast<std::string>(result.attr("json")),
          nb::cast<std::optional<Checkpoint>>(result.attr("weights"))};
}

cli::Outcome outcome_from(const nb::object& result) {
  return {nb::cast<bool>(result.attr("passed")), nb::cast<std::vector<std::string>>(result.attr("lines")),
          nb::cast<std::string>(result.attr("json"))};
}

int run(const std::vector<std::string>& args, const nb::object& hooks) {
  cli::Hooks table;
  table.interrupted = stopped;
  table.open = [&](const cli::Request& request) {
    return guarded([&] { return nb::cast<Checkpoint>(hooks.attr("open")(request)); });
  };
  table.generate = [&](const cli::Request& request, const std::filesystem::path& folder, const Checkpoint& source) {
    return guarded([&] { return generated_from(hooks.attr("generate")(request, folder, source)); });
  };
  table.layouts = [&](const cli::Request& request) {
    return guarded([&] { return generated_from(hooks.attr("layouts")(request)); });
  };
  table.analyze = [&](const cli::Request& request, const Checkpoint& source) {
    return guarded([&]() -> std::optional<cli::Outcome> {
      const nb::object result = hooks.attr("analyze")(request, source);
      if (result.is_none()) return std::nullopt;
      return outcome_from(result);
    });
  };
  table.report = [&](const cli::Request& request, const Checkpoint& source, const std::string& weights) {
    guarded([&] { hooks.attr("report")(request, source, weights); });
  };
  table.verify = [&](const cli::Request& request) {
    return guarded([&] { return outcome_from(hooks.attr("verify")(request)); });
  };
  table.ops = [&] { return guarded([&] { return nb::cast<std::string>(hooks.attr("ops")()); }); };
  const nb::gil_scoped_release released;
  return cli::run(args, table);
}

}  // namespace
}  // namespace torch2mlx::bindings

NB_MODULE(_core, m) {
  using namespace torch2mlx;
  using namespace torch2mlx::bindings;
  nb::set_leak_warnings(false);  // caches of the importing program may outlive the interpreter
  register_errors();
  register_layers(m);
  m.attr("version") = TORCH2MLX_VERSION;
  m.attr("mlx_version") = TORCH2MLX_MLX_VERSION;

  nb::class_<Checkpoint>(m, "Checkpoint", "Named tensors in place, and what else a file tells.")
      .def_ro("format", &Checkpoint::format)
      .def_ro("path", &Checkpoint::path)
      .def_ro("metadata", &Checkpoint::metadata)
      .def_ro("notes", &Checkpoint::notes)
      .def_prop_ro("modules", &module_list, nb::for_getter(nb::sig("def modules(self) -> list[tuple[str, str]]")),
                   "[(path, class)], depth first; empty where the file tells none")
      .def_prop_ro("tensors", &tensor_list,
                   nb::for_getter(nb::sig("def tensors(self) -> list[tuple[str, str, tuple[int, ...]]]")),
                   "[(key, torch dtype, shape)] in file order")
      .def("bytes", &bytes_of, "name"_a, "A tensor's elements, row-major.");

  nb::class_<cli::Request>(m, "Request", "The parsed command line of the main form.")
      .def_ro("input", &cli::Request::input)
      .def_ro("output", &cli::Request::output)
      .def_ro("key", &cli::Request::key)
      .def_ro("example_inputs", &cli::Request::example_inputs)
      .def_ro("inputs", &cli::Request::inputs)
      .def_ro("report", &cli::Request::report)
      .def_prop_ro("strict_dtypes", [](const cli::Request& request) { return request.conversion.strict_dtypes; })
      .def_ro("tolerance", &cli::Request::tolerance)
      .def_ro("seed", &cli::Request::seed)
      .def_ro("codegen", &cli::Request::codegen)
      .def_ro("verify", &cli::Request::verify)
      .def_ro("mlxfn", &cli::Request::mlxfn)
      .def_ro("mlxfn_shapes", &cli::Request::mlxfn_shapes)
      .def_ro("mlxfn_device", &cli::Request::mlxfn_device)
      .def_ro("mlxfn_weights", &cli::Request::mlxfn_weights)
      .def_ro("json", &cli::Request::json)
      .def_ro("quiet", &cli::Request::quiet)
      .def_ro("trust_code", &cli::Request::trust_code);

  m.def("open", &open, "path"_a, "key"_a = "", "Opens any supported file or folder.");
  m.def(
      "prepare",
      [](const Checkpoint& checkpoint, const std::filesystem::path& adapter, std::vector<std::string> only,
         std::vector<std::string> skip) { return prepare(checkpoint, {adapter, std::move(only), std::move(skip)}); },
      "checkpoint"_a, "adapter"_a, "only"_a, "skip"_a, "With a LoRA merged, and the keys that are wanted alone.");
  m.def("is_adapter", &is_adapter, "checkpoint"_a, "Whether it holds an adapter rather than a model.");
  m.def(
      "mlx_lm_adapter",
      [](const Checkpoint& checkpoint, const std::vector<std::string>& skip) {
        MlxLmAdapter made = mlx_lm_adapter(read_adapter(checkpoint, skip));
        made.weights.path = checkpoint.path;
        return nb::make_tuple(std::move(made.weights), made.config);
      },
      "checkpoint"_a, "skip"_a, "An adapter as mlx-lm takes it, and the text of its adapter_config.json.",
      nb::sig("def mlx_lm_adapter(checkpoint: Checkpoint, skip: Sequence[str]) -> tuple[Checkpoint, str]"));
  m.def("from_tensors", &from_tensors, "tensors"_a, "modules"_a = nb::list(), "A checkpoint of live tensors.");
  m.def("convert", &write_to<convert>, "checkpoint"_a, "path"_a, "options"_a = nb::dict(), "progress"_a = nb::none(),
        "Writes MLX safetensors; gives the report as JSON.");
  m.def("restore", &write_to<restore>, "checkpoint"_a, "path"_a, "options"_a = nb::dict(), "progress"_a = nb::none(),
        "Writes PyTorch's weights again; gives the report as JSON.");
  m.def("quantize", &quantize_bytes, "matrix"_a, "dtype"_a, "columns"_a, "mode"_a, "bits"_a, "group_size"_a,
        "Rows of a matrix as (words, scales, biases), all bytes; what mx.quantize gives.");
  m.def("dequantize", &dequantize_bytes, "words"_a, "scales"_a, "biases"_a, "dtype"_a, "mode"_a, "bits"_a,
        "group_size"_a, "The reverse, as mx.dequantize gives it.");
  m.def("record", &record_of, "checkpoint"_a, "options"_a = nb::dict(), "What restore needs of an original, as JSON.");
  m.def("planned", &planned, "checkpoint"_a, "options"_a = nb::dict(), "[(key, shape)] that convert would write.");
  m.def("mlx_key", &layers::mlx_key, "key"_a, "What mlx.nn calls a key or path of PyTorch's.");
  m.def("torch_key", &layers::torch_key, "key"_a, "What PyTorch calls a key or path of mlx.nn's.");
  m.def("analyze", &analyze_json, "checkpoint"_a, "options"_a = nb::dict(), "What convert would do, as JSON.");
  register_optimizers(m);
  m.def("run", &run, "args"_a, "hooks"_a, "The command line; gives the exit status.");
}
