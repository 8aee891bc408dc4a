// What config.json, beside the weights of a Hugging Face model, says about them.
#pragma once

#include <filesystem>
#include <string>

namespace torch2mlx {

struct ModelConfig {
  std::string model_type;           // "llama"; empty: not told
  std::string architecture;         // "LlamaForCausalLM", the first of them
  bool tied = false;                // the output layer's weight is the embedding's
  std::string dtype;                // "bfloat16": that the model computes in
  std::string quantization;         // JSON of MLX's entry of this name
  std::string adapter;              // adapter_config.json, as it stands
  std::string quantization_config;  // JSON of PyTorch's; also that of quantize_config.json, as AutoGPTQ writes it
};

// Of the files in `folder`, as far as they are there. Throws Error(input), place the file's name, for one that is not a
// JSON object, is larger than 16 MB or a link that leaves the folder.
ModelConfig read_model_config(const std::filesystem::path& folder);

}  // namespace torch2mlx
