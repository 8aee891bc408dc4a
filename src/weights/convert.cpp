#include "torch2mlx/convert.h"

#include "weights/write.h"

namespace torch2mlx {

std::string_view QuantizedMatrix::path() const {
  const std::string_view key = weight;
  return key.substr(0, key.size() - std::string_view(".weight").size());
}

Report analyze(const Checkpoint& checkpoint, const Options& options) {
  return weights::plan(checkpoint, options).report;
}

std::string record(const Checkpoint& checkpoint, const Options& options) {
  const auto plan = weights::plan(checkpoint, options);
  weights::require_sound(plan, checkpoint.path);
  return to_json(plan.record);
}

Report convert(const Checkpoint& checkpoint, const std::filesystem::path& path, const Options& options) {
  auto plan = weights::plan(checkpoint, options, path.filename().string());
  weights::require_sound(plan, checkpoint.path);
  return weights::write(std::move(plan), path, options, checkpoint.tensors);
}

const char* to_string(Evidence evidence) {
  switch (evidence) {
    case Evidence::graph:
      return "graph";
    case Evidence::module_tree:
      return "module tree";
    case Evidence::layer_type:
      return "--layer-type";
    case Evidence::architecture:
      return "config.json";
    case Evidence::shape:
      return "shapes";
    case Evidence::rank:
      return "rank";
    case Evidence::record:
      return "record";
    case Evidence::quantization:
      return "quantization";
    case Evidence::mlx:
      return "MLX";
  }
  return "";
}

}  // namespace torch2mlx
