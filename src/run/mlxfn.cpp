#include "run/mlxfn.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mlx/export.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"
#include "layers/names.h"
#include "ops/table.h"
#include "run/mlxfn_streams.h"

namespace torch2mlx::run {
namespace {

namespace mx = ops::mx;
using graph::Graph;
using graph::Input;
using graph::InputKind;
using graph::Output;
using graph::OutputKind;
using Json = nlohmann::ordered_json;

// Names of the leaves of a structure: "last_hidden_state", "0", "past_key_values.0.1".
void name_leaves(const graph::Tree& tree, const std::string& path, std::vector<std::string>& names) {
  if (tree.kind == graph::Tree::Kind::leaf) return names.push_back(path.empty() ? "0" : path);
  for (std::size_t i = 0; i < tree.children.size(); ++i) {
    const std::string key = tree.keys.empty() ? std::to_string(i) : tree.keys[i];
    name_leaves(tree.children[i], path.empty() ? key : path + "." + key, names);
  }
}

class Writer {
 public:
  Writer(const Executor& executor, const Arrays& parameters, const MlxfnOptions& options)
      : executor_(executor), graph_(executor.graph()), options_(options), parameters_(parameters) {
    refuse_numbers();
    for (const Output& output : graph_.outputs) {
      if (output.kind != OutputKind::buffer_mutation) continue;
      updated_.push_back(output.target);
      const auto constant = graph_.constants.find(output.target);
      if (constant != graph_.constants.end()) parameters_.emplace(output.target, to_array(constant->second));
    }
    std::vector<mx::array> all;
    for (const auto& [key, array] : parameters_) all.push_back(array);
    mx::eval(std::move(all));  // else the file would hold how they are loaded
  }

  Mlxfn write(const std::filesystem::path& path) {
    std::vector<Sizes> traces = options_.traces;
    if (traces.empty()) traces.push_back(example_sizes(graph_));
    Mlxfn result;
    for (const Sizes& sizes : traces) result.traces.push_back(graph::shapes_at(graph_, sizes));
    const mx::Stream marker = stream();
    result.metadata = metadata(result).dump();
    save(path, traces, result.metadata, marker);
    if (options_.gpu && marker.device != mx::Device::gpu) move_to_gpu(path, marker.index);
    return result;
  }

 private:
  // Operations for a GPU that is not here are traced on a stream of their own, by which they are found in the file.
  mx::Stream stream() const {
    if (!options_.gpu) return mx::default_stream(mx::Device::cpu);
    return mx::is_available(mx::Device(mx::Device::gpu)) ? mx::default_stream(mx::Device::gpu)
                                                         : mx::new_stream(mx::Device::cpu);
  }

  void refuse_numbers() const {
    std::vector<std::string> problems;
    for (const Input& input : graph_.inputs)
      if (input.kind == InputKind::user && graph_.type(input.value).kind != graph::ValueKind::tensor)
        problems.push_back(fmt::format("{}: is a number, and inputs of such a file are arrays", input.target));
    for (const graph::Node& node : graph_.nodes)
      if (ops::requires_condition(node.op))
        problems.push_back(
            fmt::format("{}: depends on values, which such a file cannot check", graph::place_of(graph_, node)));
    if (!problems.empty())
      throw Error(ErrorKind::unsupported, "mlxfn", "the model does not fit into a .mlxfn file", {}, problems);
  }

  // Inputs of these sizes; only their shapes and types are written.
  mx::Args inputs_at(const Sizes& sizes) const {
    mx::Args args;
    std::uint64_t seed = 0;
    for (const Input& input : graph_.inputs) {
      if (input.kind != InputKind::user) continue;
      const graph::Type& type = graph_.type(input.value);
      const auto sizes_of = graph::evaluate(type.shape, sizes);
      const mx::Shape shape(sizes_of.begin(), sizes_of.end());
      const mx::Dtype dtype = ops::to_mlx(type.dtype);
      const mx::array key = mx::random::key(seed++);
      args.push_back(is_floating(type.dtype) ? mx::random::normal(shape, dtype, key)
                                             : mx::astype(mx::random::randint(0, 2, shape, mx::int32, key), dtype));
    }
    return args;
  }

  bool is_keyword(const std::string& key) const {
    return options_.weights_as_inputs || std::ranges::find(updated_, key) != updated_.end();
  }

  // By MLX's names, as model.safetensors has them.
  mx::Kwargs keywords() const {
    mx::Kwargs kwargs;
    for (const auto& [key, array] : parameters_)
      if (is_keyword(key)) kwargs.emplace(layers::mlx_key(key), array);
    return kwargs;
  }

  mx::Args call(const mx::Args& args, const mx::Kwargs& kwargs) const {
    Arrays parameters = parameters_;
    for (const auto& [key, array] : kwargs) parameters.insert_or_assign(layers::torch_key(key), array);
    const Result result = executor_.run(parameters, ops::Slots(args.begin(), args.end()));
    mx::Args outputs, updates;
    for (std::size_t i = 0; i < graph_.outputs.size(); ++i) {
      const auto* array = result.outputs[i].get_if<mx::array>();
      if (array) (graph_.outputs[i].kind == OutputKind::user ? outputs : updates).push_back(*array);
    }
    outputs.insert(outputs.end(), updates.begin(), updates.end());
    return outputs;
  }

  void save(const std::filesystem::path& path, const std::vector<Sizes>& traces, const std::string& metadata,
            const mx::Stream& marker) const {
    try {
      const mx::StreamContext context(marker);
      const auto function = [this](const mx::Args& args, const mx::Kwargs& kwargs) { return call(args, kwargs); };
      mx::FunctionExporter exporter = mx::exporter(path.string(), function, false, metadata);
      std::set<graph::Condition::Shapes> written;
      for (const Sizes& sizes : traces)
        if (written.insert(graph::shapes_at(graph_, sizes)).second) exporter(inputs_at(sizes), keywords());
      exporter.close();
    } catch (const Error&) {
      throw;
    } catch (const std::exception& error) {
      throw Error(ErrorKind::unsupported, path.filename().string(),
                  fmt::format("MLX cannot write it: {}", error.what()));
    }
  }

  Json metadata(const Mlxfn& result) const {
    Json json{{"producer", "torch2mlx"}, {"device", options_.gpu ? "gpu" : "cpu"}};
    json["weights"] = options_.weights_as_inputs ? "model.safetensors" : "inside";
    json["inputs"] = Json::array();
    for (const Input& input : graph_.inputs)
      if (input.kind == InputKind::user)
        json["inputs"].push_back({{"name", input.target}, {"dtype", row(graph_.type(input.value).dtype).torch}});
    json["outputs"] = output_names();
    json["updates"] = Json::array();
    for (const std::string& key : updated_) json["updates"].push_back(layers::mlx_key(key));
    json["traces"] = result.traces;
    return json;
  }

  std::vector<std::string> output_names() const {
    std::vector<std::string> leaves, names;
    name_leaves(graph_.output_tree, "", leaves);
    std::size_t leaf = 0;
    for (const Output& output : graph_.outputs) {
      if (output.kind != OutputKind::user) continue;
      const std::string name = leaf < leaves.size() ? leaves[leaf] : std::to_string(leaf);
      ++leaf;
      const auto* ref = output.value.get_if<graph::Ref>();
      if (ref && graph_.type(*ref).kind == graph::ValueKind::tensor) names.push_back(name);
    }
    return names;
  }

  const Executor& executor_;
  const Graph& graph_;
  const MlxfnOptions& options_;
  Arrays parameters_;
  std::vector<std::string> updated_;  // buffers that the model writes
};

}  // namespace

Mlxfn export_mlxfn(const Executor& executor, const Arrays& parameters, const std::filesystem::path& path,
                   const MlxfnOptions& options) {
  return Writer(executor, parameters, options).write(path);
}

}  // namespace torch2mlx::run
