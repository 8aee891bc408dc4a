// torch2mlx._graph: graphs, generated source and execution, on exactly one version of MLX.
#include <fmt/format.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "graph/import.h"
#include "ops/aliases.h"
#include "ops/lower.h"
#include "ops/lowering_table.h"
#include "ops/owners.h"
#include "ops/reasons.h"
#include "ops/table.h"
#include "passes/pipeline.h"
#include "python/source.h"
#include "read/torch_export.h"
#include "report/analysis.h"
#include "run/executor.h"
#include "run/input_sizes.h"
#include "values.h"
#include "weights/twins.h"

namespace torch2mlx::bindings {
namespace {

using nb::literals::operator""_a;
namespace mx = ops::mx;

graph::Graph import_program(const std::string& model_json, const nb::list& constants, const nb::list& modules,
                            std::vector<std::string> state_keys, std::map<std::string, std::string> tied,
                            std::vector<std::string> guards) {
  graph::Surroundings surroundings;
  for (Tensor& tensor : tensors_from(constants)) surroundings.constants.emplace(tensor.name, std::move(tensor));
  surroundings.modules = modules_from(modules);
  surroundings.state_keys = std::move(state_keys);
  surroundings.tied = std::move(tied);
  surroundings.guards = std::move(guards);
  const nb::gil_scoped_release released;
  return graph::import_exported_program(model_json, std::move(surroundings));
}

// Key -> the key before it that holds the same elements.
std::map<std::string, std::string> tied_keys(const std::vector<Tensor>& weights) {
  weights::Twins twins(weights);
  std::map<std::string, std::string> tied;
  for (const Tensor& tensor : weights)
    if (const auto* first = tensor.elements() == 0 ? nullptr : twins.first_of(tensor, {}))
      tied.emplace(tensor.name, *first);
  return tied;
}

graph::Graph open_archive(const std::filesystem::path& path, const std::string& model) {
  const nb::gil_scoped_release released;
  ExportedArchive archive = read_exported_archive(path, model);
  graph::Surroundings surroundings;
  for (Tensor& tensor : archive.constants) surroundings.constants.emplace(tensor.name, std::move(tensor));
  for (const Tensor& tensor : archive.weights) surroundings.state_keys.push_back(tensor.name);
  surroundings.tied = tied_keys(archive.weights);
  try {
    return graph::import_exported_program(archive.model_json, std::move(surroundings));
  } catch (const Error& error) {
    throw error.within(path.filename().string());
  }
}

// Set by tests for their whole process.
std::atomic<passes::Verify> verify_passes{passes::Verify::no};

graph::Graph optimized(graph::Graph graph) {
  const nb::gil_scoped_release released;
  passes::run(graph, verify_passes);
  return graph;
}

std::string analysis_json(const graph::Graph& aten) {
  const nb::gil_scoped_release released;
  const ops::LowerResult lowered = ops::try_lower(aten);
  return report::to_json(report::analyze(aten, lowered.problems));
}

// torch axes in MLX order of every parameter that no layer of the table owns.
std::map<std::string, std::vector<int>> layouts(const graph::Graph& graph) {
  const ops::Owners owners(graph);
  std::map<std::string, std::vector<int>> found;
  for (const graph::Input& input : graph.inputs) {
    if (input.kind == graph::InputKind::user || !input.persistent) continue;
    if (!owners.row(input.target, graph.type(input.value).shape.size())) found.emplace(input.target, input.permute);
  }
  return found;
}

nb::list modules_of(const graph::Graph& graph) {
  nb::list list;
  const ops::Owners owners(graph);
  for (const auto& [path, module] : owners.modules())
    list.append(nb::make_tuple(module->path, module->class_name, nb::dict()));
  return list;
}

nb::list inputs_of(const graph::Graph& graph) {
  nb::list list;
  for (const graph::Input& input : graph.inputs) {
    if (input.kind != graph::InputKind::user) continue;
    const graph::Type& type = graph.type(input.value);
    std::vector<std::string> sizes;
    for (const graph::Dim& dim : type.shape) sizes.push_back(dim.str());
    list.append(nb::make_tuple(input.target, std::string(row(type.dtype).text), sizes));
  }
  return list;
}

// Buffers and arguments that a call writes to.
std::vector<std::string> written(const graph::Graph& graph) {
  std::vector<std::string> targets;
  for (const graph::Output& output : graph.outputs)
    if (output.kind != graph::OutputKind::user) targets.push_back(output.target);
  return targets;
}

std::optional<std::string> key_name(const graph::Graph& graph) {
  const graph::Input* key = graph::key_of(graph);
  return key ? std::optional(key->target) : std::nullopt;
}

// Of each result that is no None.
std::vector<bool> random_results(const graph::Graph& graph) {
  const graph::Input* key = graph::key_of(graph);
  const std::vector<bool> random =
      key ? graph::reached_from(graph, key->value) : std::vector<bool>(graph.values.size());
  std::vector<bool> results;
  for (const graph::Output& output : graph.outputs) {
    if (output.kind != graph::OutputKind::user || output.value.is<std::monostate>()) continue;
    const auto* ref = output.value.get_if<graph::Ref>();
    results.push_back(ref && random[ref->id]);
  }
  return results;
}

// (input, axis, size, minimum) of sizes that MLX would not refuse others of; a minimum of 0 is none.
std::vector<std::tuple<std::string, std::size_t, std::string, std::int64_t>> unenforced_sizes(
    const graph::Graph& graph) {
  const nb::gil_scoped_release released;
  std::vector<std::tuple<std::string, std::size_t, std::string, std::int64_t>> sizes;
  for (const run::SizeRule& rule : run::unenforced_rules(graph))
    sizes.emplace_back(graph.input(rule.input)->target, rule.axis, rule.size.str(), rule.min);
  return sizes;
}

void open_minimum(graph::Graph& graph, const std::string& name) {
  for (graph::Symbol& symbol : graph.symbols)
    if (symbol.name == name) symbol.min = 1;
}

void require_size(graph::Graph& graph, const std::string& target, std::int64_t axis, std::int64_t size) {
  graph.conditions.emplace_back(target, axis, size);
}

void fix_sizes(graph::Graph& graph) {
  for (graph::Symbol& symbol : graph.symbols)
    if (symbol.example != 0) symbol.min = symbol.max = symbol.example;
}

std::vector<std::optional<bool>> guards_at(const graph::Graph& graph, const run::Sizes& sizes) {
  const auto shapes = graph::shapes_at(graph, sizes);
  std::vector<std::optional<bool>> holds;
  for (const graph::Condition& guard : graph.guards) holds.push_back(guard.holds(shapes));
  return holds;
}

bool accepts(const graph::Graph& graph, const std::map<std::string, std::int64_t>& symbols) {
  const nb::gil_scoped_release released;
  return run::accepts(graph, symbols);
}

std::vector<std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t>> symbols_of(const graph::Graph& graph) {
  std::vector<std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t>> symbols;
  for (const graph::Symbol& symbol : graph.symbols)
    symbols.emplace_back(symbol.name, symbol.min, symbol.max, symbol.example);
  return symbols;
}

void open_axis(graph::Graph& graph, const std::string& target, std::size_t axis) {
  for (graph::Input& input : graph.inputs)
    if (input.kind == graph::InputKind::user && input.target == target) input.open_axes.push_back(axis);
}

// The tensors that the source loads from constants.safetensors.
std::map<std::string, mx::array> constants_of(const graph::Graph& graph, const std::vector<std::string>& targets) {
  std::map<std::string, mx::array> arrays;
  for (const std::string& target : targets) arrays.emplace(target, run::to_array(graph.constants.at(target)));
  return arrays;
}

// The graph with these values as further outputs, to look at them.
graph::Graph expose(graph::Graph graph, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto value = std::ranges::find(graph.values, name, &graph::Value::name);
    if (value == graph.values.end()) throw Error(ErrorKind::input, name, "the graph has no such value");
    graph::Output& output = graph.outputs.emplace_back();
    output.value = graph::Ref{static_cast<std::uint32_t>(value - graph.values.begin())};
  }
  return graph;
}

ops::Slot slot_from(nb::handle value) {
  if (value.is_none()) return {};
  if (nb::isinstance<nb::bool_>(value)) return nb::cast<bool>(value);
  if (nb::isinstance<nb::int_>(value)) return nb::cast<std::int64_t>(value);
  if (nb::isinstance<nb::float_>(value)) return nb::cast<double>(value);
  return nb::cast<mx::array>(value);
}

nb::object object_from(const ops::Slot& slot) {
  if (const auto* array = slot.get_if<mx::array>()) return nb::cast(*array);
  if (const auto* integer = slot.get_if<std::int64_t>()) return nb::cast(*integer);
  if (const auto* number = slot.get_if<double>()) return nb::cast(*number);
  if (const auto* truth = slot.get_if<bool>()) return nb::cast(*truth);
  return nb::none();
}

// (outputs, {"path#call": [arrays]}); nothing is evaluated.
nb::tuple run_graph(const run::Executor& executor, const nb::dict& parameters, const nb::list& inputs,
                    bool activations) {
  run::Arrays arrays;
  for (const auto [key, value] : parameters) arrays.emplace(nb::cast<std::string>(key), nb::cast<mx::array>(value));
  ops::Slots slots;
  for (const nb::handle value : inputs) slots.push_back(slot_from(value));
  const run::Result result = executor.run(arrays, slots, {.activations = activations});
  nb::list outputs;
  for (const ops::Slot& slot : result.outputs) outputs.append(object_from(slot));
  nb::dict modules;
  for (const auto& [path, values] : result.activations) modules[path.c_str()] = nb::cast(values);
  return nb::make_tuple(outputs, modules);
}

nlohmann::json ops_json() {
  auto lowered = nlohmann::json::object(), mlx = nlohmann::json::array();
  const auto aliases = ops::alias_names();
  for (const ops::TableRow* row : ops::lowerings()) lowered[row->op] = row->schema;
  for (const ops::Info* info : ops::all()) mlx.push_back(info->name);
  return {{"aten", lowered}, {"aliases", aliases}, {"mlx", mlx}};
}

python::Source source_of(const graph::Graph& graph, const std::string& class_name, const std::string& title,
                         std::vector<std::string> absent, std::vector<std::string> parameters,
                         std::map<std::string, std::string> fixed) {
  const nb::gil_scoped_release released;
  return python::generate(graph, {class_name, title, std::move(absent), std::move(parameters), std::move(fixed)});
}

}  // namespace
}  // namespace torch2mlx::bindings

NB_MODULE(_graph, m) {
  using namespace torch2mlx;
  using namespace torch2mlx::bindings;
  nb::module_::import_("mlx.core");
  nb::set_leak_warnings(false);  // caches of the importing program may outlive the interpreter
  register_errors();

  nb::class_<python::Source>(m, "Source", "Text of model.py and what belongs to it.")
      .def_ro("text", &python::Source::text)
      .def_ro("class_name", &python::Source::class_name)
      .def_ro("keys", &python::Source::keys)
      .def_ro("undeclared", &python::Source::undeclared)
      .def_ro("assumptions", &python::Source::assumptions)
      .def_ro("large_constants", &python::Source::large_constants);

  nb::class_<graph::Condition>(m, "Condition", "On the sizes of inputs.")
      .def("__str__", [](const graph::Condition& condition) { return condition.str(); });

  nb::class_<graph::Graph>(m, "Graph", "An ATen graph as imported, or an MLX graph.")
      .def_static("import_program", &import_program, "model_json"_a, "constants"_a, "modules"_a, "state_keys"_a,
                  "tied"_a = std::map<std::string, std::string>(), "guards"_a = std::vector<std::string>(),
                  "From torch.export's JSON.")
      .def_static("open_archive", &open_archive, "path"_a, "model"_a = "", "From a .pt2 file.")
      .def("analysis", &analysis_json, "Coverage and blockers of an ATen graph, as JSON.")
      .def("lower", &ops::lower_graph, "strict_dtypes"_a = false,
           "ATen to MLX; raises UnsupportedError listing every problem, of which float64 is one if types are strict.")
      .def("optimized", &optimized, "An MLX graph after all passes.")
      .def("source", &source_of, "class_name"_a = "", "title"_a = "", "absent"_a = std::vector<std::string>(),
           "parameters"_a = std::vector<std::string>(), "fixed"_a = std::map<std::string, std::string>(),
           "Python source of an MLX graph after the passes.")
      .def("constants", &constants_of, "targets"_a, "{target: array} of lifted tensors and non-persistent buffers")
      .def_prop_ro("layouts", &layouts, "{key: torch axes in stored order} of parameters outside the table of layers")
      .def_prop_ro("modules", &modules_of,
                   nb::for_getter(nb::sig("def modules(self) -> list[tuple[str, str, dict[str, object]]]")),
                   "[(path, class, {})], as far as modules or scopes tell")
      .def_prop_ro("inputs", &inputs_of,
                   nb::for_getter(nb::sig("def inputs(self) -> list[tuple[str, str, list[str]]]")),
                   "[(name, dtype, sizes)] of the user inputs")
      .def("expose", &expose, "names"_a, "A copy in which these values are results too, behind the others.")
      .def("copy", [](const graph::Graph& graph) { return graph; })
      .def("unenforced_sizes", &unenforced_sizes,
           "[(input, axis, size, minimum or 0)] at others of which MLX computes too")
      .def("open_minimum", &open_minimum, "symbol"_a, "Smaller sizes were seen to do.")
      .def("require_size", &require_size, "input"_a, "axis"_a, "size"_a, "Other sizes of this axis will not do.")
      .def("fix_sizes", &fix_sizes, "Other sizes than the example's will not do, as far as these are known.")
      .def(
          "require",
          [](graph::Graph& graph, const graph::Condition& condition) { graph.conditions.push_back(condition); },
          "condition"_a, "Sizes at which it does not hold will not do.")
      .def("shapes_at", &graph::shapes_at, "symbols"_a, "{input: shape} at these sizes")
      .def("accepts", &accepts, "symbols"_a, "Does MLX compute at these sizes, whatever is said of them?")
      .def_prop_ro("symbols", &symbols_of, "[(name, least, most, of the example or 0)] of the open sizes")
      .def_ro("guards", &graph::Graph::guards, "Of an imported graph: what torch.export relied on.")
      .def("guards_at", &guards_at, "symbols"_a, "Does each of them hold at these sizes? None: nobody knows.")
      .def("open_axis", &open_axis, "input"_a, "axis"_a, "The size is no rule any more: others were seen to do.")
      .def_prop_ro("written", &written, "Buffers and arguments that a call writes to, as far as the graph says")
      .def_prop_ro("key", &key_name, "The input that is a key of mx.random, or None")
      .def_prop_ro("random_results", &random_results, "Of each result that is no None: is it made of random numbers?")
      .def_ro("arg_names", &graph::Graph::arg_names)
      .def_ro("notes", &graph::Graph::notes)
      .def("__str__", [](const graph::Graph& graph) { return graph::print(graph); });

  nb::class_<run::Executor>(m, "Executor", "Runs an MLX graph.")
      .def(nb::init<graph::Graph>(), "graph"_a)
      .def("run", &run_graph, "parameters"_a, "inputs"_a, "activations"_a = false);

  register_layers(m);
  register_builder(m);
  register_mlxfn(m);
  m.def(
      "ops", [] { return ops_json().dump(2); },
      "Both op tables as JSON: {\"aten\": {op: schema}, \"aliases\": [op], \"mlx\": [op]}.");
  m.def(
      "why_not", [](const std::string& op) { return std::string(ops::why_not(op)); }, "op"_a,
      "Why an ATen operator has no lowering; empty if it has one, or if nobody wrote one yet.");
  m.def(
      "verify_passes", [](bool on) { verify_passes = on ? passes::Verify::after_every_pass : passes::Verify::no; },
      "on"_a, "Checks graphs after every pass from now on, in this process; for tests.");
}
