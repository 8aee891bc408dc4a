#include "weights/config.h"

#include <nlohmann/json.hpp>

#include "read/bytes.h"
#include "read/json.h"

namespace torch2mlx::weights {
namespace {

nlohmann::json quantization_json(const Quantization& quantization) {
  return {{"group_size", quantization.group_size}, {"bits", quantization.bits}, {"mode", row(quantization.mode).name}};
}

}  // namespace

std::string quantized_config(std::string_view config, const QuantizeOptions& options,
                             const std::map<std::string, Quantization>& quantized) {
  nlohmann::json whole = nlohmann::json::object();
  if (!config.empty()) {
    const Json read = parse_json(config, "config.json");
    if (!read.is_object()) refuse("config.json", "is no object");
    for (const auto& [key, value] : read.items()) whole[key] = value;
  }
  nlohmann::json entry = quantization_json(options.defaults);
  // A recipe states every module, as mlx-lm does; otherwise those that differ.
  for (const auto& [path, how] : quantized)
    if (!options.recipe.empty() || !(how == options.defaults)) entry[path] = quantization_json(how);
  whole["quantization"] = entry;
  whole["quantization_config"] = entry;
  return whole.dump(4) + "\n";
}

}  // namespace torch2mlx::weights
