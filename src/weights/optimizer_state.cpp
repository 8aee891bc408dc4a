#include "weights/optimizer_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/error.h"
#include "read/optimizer_names.h"
#include "weights/optimizers.h"
#include "weights/shards.h"
#include "weights/write.h"

namespace torch2mlx {
namespace {

using namespace weights;

// Floating entries of a state dict that no optimizer has: those of BatchNorm.
bool is_buffer(const Tensor& tensor) {
  return !is_floating(tensor.dtype) || tensor.name.ends_with("running_mean") || tensor.name.ends_with("running_var");
}

const void* address_of(const Storage& storage) {
  return storage.made ? static_cast<const void*>(storage.made.get()) : storage.bytes.data();
}

// Of tied ones the first, as Module.parameters() has them.
std::vector<ModelParameter> parameters_of(const Checkpoint& model) {
  std::set<std::tuple<const void*, std::int64_t, Dtype, Sizes>> seen;
  std::vector<ModelParameter> parameters;
  for (const Tensor& tensor : model.tensors) {
    if (is_buffer(tensor)) continue;
    if (tensor.elements() > 0 &&
        !seen.emplace(address_of(*tensor.storage), tensor.offset, tensor.dtype, tensor.shape).second)
      continue;
    parameters.push_back({tensor.name, tensor.shape});
  }
  return parameters;
}

template <class T>
Planned scalar(const std::string& name, Dtype dtype, T value) {
  auto number = std::make_shared<T>(value);
  auto storage = std::make_shared<Storage>();
  storage->bytes = std::as_bytes(std::span(number.get(), 1));
  storage->owner = number;
  const Part part(Combine::copy, {{name, dtype, {}, {}, 0, std::move(storage)}});
  return {.name = name, .dtype = dtype, .shape = {}, .parts = {part}};
}

class StatePlanner {
 public:
  StatePlanner(const Checkpoint& model, const Options& options) : model_(model), options_(options) {
    options_.dtype.reset();
    options_.dtypes.clear();
    options_.shard_bytes = 0;
  }

  Plan run(const MlxOptimizers& made) {
    nlohmann::json list = nlohmann::json::array();
    for (std::size_t i = 0; i < made.list.size(); ++i) {
      const MlxOptimizer& one = made.list[i];
      const std::string prefix = made.list.size() == 1 ? "" : fmt::format("states.{}.", i);
      plan_.tensors.push_back(scalar<std::uint64_t>(prefix + "step", Dtype::uint64, one.step));
      plan_.tensors.push_back(
          scalar<float>(prefix + "learning_rate", Dtype::float32, static_cast<float>(one.learning_rate)));
      for (const auto& [slot, tensors] : one.slots) add(prefix, slot, tensors);
      list.push_back({{"constructor", one.constructor}, {"parameters", outputs_of(one.parameters)}});
      plan_.report.notes.push_back(
          fmt::format("mlx.optimizers.{}, {} parameters, step {}", one.constructor, one.parameters.size(), one.step));
    }
    plan_.recorded = false;
    plan_.metadata.emplace("optimizer", list.dump());
    plan_.report.notes.insert(plan_.report.notes.end(), made.notes.begin(), made.notes.end());
    return std::move(plan_);
  }

 private:
  // The model with the tensors of a slot in place of its own, so that each is laid out as its parameter.
  Plan plan_with(const std::vector<Tensor>& tensors) const {
    std::unordered_map<std::string_view, const Tensor*> by_name;
    for (const Tensor& tensor : tensors) by_name.emplace(tensor.name, &tensor);
    Checkpoint model = model_;
    for (Tensor& tensor : model.tensors)
      if (const auto it = by_name.find(tensor.name); it != by_name.end()) tensor = *it->second;
    Plan made = plan(model, options_);
    for (Planned& planned : made.tensors) {  // `model` goes
      Parts owned;
      for (const Part& part : planned.parts.list()) owned.push_back(part.owned());
      planned.parts = std::move(owned);
    }
    return made;
  }

  static std::map<std::string, std::vector<std::string>> outputs_by_source(const Plan& plan) {
    std::map<std::string, std::vector<std::string>> outputs;
    for (const TensorReport& tensor : plan.report.tensors) {
      const Few<Text> own{tensor.name};
      const auto& names = tensor.outputs.empty() ? own : tensor.outputs;
      outputs.emplace(tensor.name, std::vector<std::string>(names.begin(), names.end()));
    }
    return outputs;
  }

  std::vector<std::string> outputs_of(const std::vector<std::string>& parameters) const {
    const auto by_source = outputs_by_source(plan(model_, options_));
    std::vector<std::string> all;
    for (const std::string& name : parameters)
      if (const auto it = by_source.find(name); it != by_source.end())
        all.insert(all.end(), it->second.begin(), it->second.end());
    return all;
  }

  void add(const std::string& prefix, const std::string& slot, const std::vector<Tensor>& tensors) {
    Plan planned = plan_with(tensors);
    auto& problems = plan_.report.problems;
    problems.insert(problems.end(), planned.report.problems.begin(), planned.report.problems.end());
    const auto by_source = outputs_by_source(planned);
    std::set<std::string> wanted;
    for (const Tensor& tensor : tensors) {
      const auto it = by_source.find(tensor.name);
      if (it == by_source.end())
        problems.push_back(fmt::format("{}: MLX's weights have no such parameter to train", printable(tensor.name)));
      else
        wanted.insert(it->second.begin(), it->second.end());
    }
    for (Planned& one : planned.tensors) {
      if (!wanted.contains(one.name)) continue;
      for (const Part& part : one.parts.list())
        if (part.terms().size() > 1)
          problems.push_back(
              fmt::format("{}: one parameter in MLX, several in PyTorch that were trained apart", one.name));
      one.name = fmt::format("{}{}.{}", prefix, std::string_view(one.name), slot);
      plan_.tensors.push_back(std::move(one));
    }
  }

  const Checkpoint& model_;
  Options options_;
  Plan plan_;
};

}  // namespace

Report convert_optimizer(const Checkpoint& model, OptimizerState state, const std::filesystem::path& path,
                         const Options& options, const std::string& torch_class) {
  if (options.quantize)
    throw Error(ErrorKind::unsupported, "--optimizer", "quantized weights are not trained on",
                "convert without -q, or without the optimizer");
  const std::vector<Tensor> sources = state.tensors();
  const OptimizerRow& row = recognise(state, torch_class);
  name_parameters(state, parameters_of(model));
  Plan plan = StatePlanner(model, options).run(weights::to_mlx(state, row));
  require_sound(plan, state.path.empty() ? "optimizer" : state.path);
  assign_files(plan, path.filename().string(), 0);
  return write(std::move(plan), path, options, sources);
}

OptimizerState find_optimizer(const std::filesystem::path& input) {
  const auto file = std::filesystem::is_directory(input) ? input / "optimizer.pt" : input;
  if (auto state = std::filesystem::exists(file) ? open_optimizer(file) : std::nullopt) return std::move(*state);
  throw Error(ErrorKind::input, input.filename().string(), "holds no state of an optimizer",
              "it is looked for in the file itself, of a folder in optimizer.pt");
}

}  // namespace torch2mlx
