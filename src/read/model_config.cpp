#include "read/model_config.h"

#include <optional>
#include <utility>

#include "base/mapped_file.h"
#include "read/bytes.h"
#include "read/hf_folder.h"
#include "read/json.h"

namespace torch2mlx {
namespace {

constexpr std::uint64_t largest = 16'000'000;

// Beside config.json, of libraries that say it there: name, and "quant_method" where it is not stated.
constexpr std::pair<const char*, const char*> quantization_files[] = {{"quantize_config.json", "gptq"},
                                                                      {"hf_quant_config.json", "modelopt"}};

std::optional<Json> read_object(const std::filesystem::path& folder, const std::string& name) {
  if (!std::filesystem::exists(folder / name)) return std::nullopt;
  const auto file = MappedFile::open(member_file(folder, name));
  if (file->bytes().size() > largest) refuse(name, "is too large");
  Json json = parse_python_json(as_text(file->bytes()), name);
  if (!json.is_object()) refuse(name, "is no object");
  return json;
}

std::string text_of(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  if (value && value->is_array() && !value->empty()) value = &value->front();
  return value && value->is_string() ? value->get<std::string>() : std::string();
}

std::string json_of(const Json& object, std::string_view name) {
  const Json* value = member(object, name);
  return value && !value->is_null() ? value->dump() : std::string();
}

// An entry of MLX, rather than of somebody else under the same name.
bool says_how(const Json& entry) {
  return member(entry, "group_size") || member(entry, "bits") || member(entry, "mode");
}

}  // namespace

ModelConfig read_model_config(const std::filesystem::path& folder) {
  ModelConfig config;
  if (const auto json = read_object(folder, "config.json")) {
    config.model_type = text_of(*json, "model_type");
    config.architecture = text_of(*json, "architectures");
    config.dtype = text_of(*json, "dtype");
    if (config.dtype.empty()) config.dtype = text_of(*json, "torch_dtype");
    const Json* part = member(*json, "text_config");
    for (const char* name : {"tie_word_embeddings", "tie_embedding"})
      for (const Json* object : {static_cast<const Json*>(&*json), part})
        if (const Json* said = object ? member(*object, name) : nullptr; said && said->is_boolean())
          config.tied = config.tied || said->get<bool>();
    if (const Json* own = member(*json, "quantization"); own && says_how(*own)) config.quantization = own->dump();
    config.quantization_config = json_of(*json, "quantization_config");
    if (config.quantization_config.empty()) config.quantization_config = json_of(*json, "compression_config");
    // Models of several parts state it for the one that is quantized.
    const Json* text = member(*json, "text_config");
    if (config.quantization_config.empty() && text && text->is_object())
      config.quantization_config = json_of(*text, "quantization_config");
  }
  if (const auto json = read_object(folder, "adapter_config.json")) config.adapter = json->dump();
  for (const auto& [name, method] : quantization_files)
    if (config.quantization_config.empty())
      if (auto json = read_object(folder, name)) {
        if (!member(*json, "quant_method")) (*json)["quant_method"] = method;
        config.quantization_config = json->dump();
      }
  return config;
}

}  // namespace torch2mlx
