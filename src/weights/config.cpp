#include "weights/config.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "read/bytes.h"
#include "read/json.h"

namespace torch2mlx::weights {
namespace {

using nlohmann::json;

json quantization_json(const Quantization& quantization) {
  return {{"group_size", quantization.group_size}, {"bits", quantization.bits}, {"mode", row(quantization.mode).name}};
}

Quantization most_common(std::span<const QuantizedMatrix> quantized) {
  std::vector<std::pair<Quantization, int>> counts;
  for (const auto& [weight, how] : quantized) {
    const auto it = std::ranges::find(counts, how, &std::pair<Quantization, int>::first);
    if (it == counts.end())
      counts.emplace_back(how, 1);
    else
      ++it->second;
  }
  return std::ranges::max_element(counts, {}, &std::pair<Quantization, int>::second)->first;
}

// Adds what `object` has as `from` under the name `to`, unless there is something.
void say_also(json& whole, const json& object, const char* from, const char* to) {
  if (const auto it = object.find(from); it != object.end() && !it->is_null() && whole.value(to, json()).is_null())
    whole[to] = *it;
}

struct NameRow {
  std::string_view model_type;  // empty: all
  const char *from, *to;
};

// What transformers 5 calls otherwise than the versions before it, whose names mlx-lm's models read.
constexpr NameRow names[] = {
    {"", "rope_theta", "rope_theta"},
    {"", "partial_rotary_factor", "partial_rotary_factor"},
    {"gpt2", "n_positions", "n_ctx"},
    {"gpt_neox", "rope_theta", "rotary_emb_base"},
    {"gpt_neox", "partial_rotary_factor", "rotary_pct"},
    {"qwen3_moe", "num_local_experts", "num_experts"},
};

// For whoever reads the older names, mlx-lm above all; what is there already stays, so readers of the newer ones see
// the same. Models of several parts have the text model's settings in an object of their own.
void say_as_before(json& whole) {
  if (const auto text = whole.find("text_config"); text != whole.end() && text->is_object()) say_as_before(*text);
  json rope = whole.value("rope_parameters", json());
  if (!rope.is_object()) rope = json::object();
  if (const auto sliding = rope.find("sliding_attention"); sliding != rope.end() && sliding->is_object())
    say_also(whole, *sliding, "rope_theta", "rope_local_base_freq");
  if (const auto full = rope.find("full_attention"); full != rope.end() && full->is_object()) rope = json(*full);
  if (rope.value("rope_type", json("default")) != "default") say_also(whole, {{"rope", rope}}, "rope", "rope_scaling");
  json said = whole;
  said.update(rope);
  for (const NameRow& row : names)
    if (row.model_type.empty() || whole.value("model_type", json()) == row.model_type)
      say_also(whole, said, row.from, row.to);
}

}  // namespace

std::string converted_config(std::string_view config, const Options& options,
                             std::span<const QuantizedMatrix> quantized) {
  const auto& quantize = options.quantize;
  json whole = json::object();
  if (!config.empty()) {
    const Json read = parse_python_json(config, "config.json");
    if (!read.is_object()) refuse("config.json", "is no object");
    for (const auto& [key, value] : read.items()) whole[key] = value;
  }
  const json given = whole;
  for (const char* name : {"quantization", "quantization_config", "compression_config"}) whole.erase(name);
  if (const auto text = whole.find("text_config"); text != whole.end() && text->is_object())
    text->erase("quantization_config");
  say_as_before(whole);
  if (quantize || !quantized.empty()) {
    const Quantization defaults = quantize ? quantize->defaults : most_common(quantized);
    json entry = quantization_json(defaults);
    for (const QuantizedMatrix& matrix : quantized)
      if ((quantize && !quantize->recipe.empty()) || matrix.how != defaults)
        entry[std::string(matrix.path())] = quantization_json(matrix.how);
    whole["quantization"] = entry;
    whole["quantization_config"] = entry;
  }
  return whole == given ? std::string(config) : python_text(whole.dump(4)) + "\n";
}

}  // namespace torch2mlx::weights
