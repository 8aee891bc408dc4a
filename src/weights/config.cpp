#include "weights/config.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "read/bytes.h"
#include "read/json.h"

namespace torch2mlx::weights {
namespace {

nlohmann::json quantization_json(const Quantization& quantization) {
  return {{"group_size", quantization.group_size}, {"bits", quantization.bits}, {"mode", row(quantization.mode).name}};
}

Quantization most_common(const std::map<std::string, Quantization>& quantized) {
  std::vector<std::pair<Quantization, int>> counts;
  for (const auto& [path, how] : quantized) {
    const auto it = std::ranges::find(counts, how, &std::pair<Quantization, int>::first);
    if (it == counts.end())
      counts.emplace_back(how, 1);
    else
      ++it->second;
  }
  return std::ranges::max_element(counts, {}, &std::pair<Quantization, int>::second)->first;
}

}  // namespace

std::string quantized_config(std::string_view config, const std::optional<QuantizeOptions>& options,
                             const std::map<std::string, Quantization>& quantized) {
  nlohmann::json whole = nlohmann::json::object();
  if (!config.empty()) {
    const Json read = parse_python_json(config, "config.json");
    if (!read.is_object()) refuse("config.json", "is no object");
    for (const auto& [key, value] : read.items()) whole[key] = value;
  }
  for (const char* name : {"quantization", "quantization_config", "compression_config"}) whole.erase(name);
  if (const auto text = whole.find("text_config"); text != whole.end() && text->is_object())
    text->erase("quantization_config");
  if (options || !quantized.empty()) {
    const Quantization defaults = options ? options->defaults : most_common(quantized);
    nlohmann::json entry = quantization_json(defaults);
    for (const auto& [path, how] : quantized)
      if ((options && !options->recipe.empty()) || !(how == defaults)) entry[path] = quantization_json(how);
    whole["quantization"] = entry;
    whole["quantization_config"] = entry;
  }
  return python_text(whole.dump(4)) + "\n";
}

}  // namespace torch2mlx::weights
