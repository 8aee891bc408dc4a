// Adapters of LoRA, as PEFT, diffusers and kohya's scripts write them: small matrices that change a model's own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "torch2mlx/convert.h"

namespace torch2mlx {

// What changes one module: its weight becomes weight + scale * b @ a, `a` [rank, inputs ...], `b` [outputs, rank ...].
struct AdapterPair {
  std::string path;  // of the module, as the adapter names it
  Tensor a, b;
  double scale = 1;
  bool embedding = false;  // whose weight is [count, width], so that (b @ a) is transposed
};

struct Adapter {
  std::string kind;  // "PEFT LoRA"
  std::string base;  // name of the model that it was trained on, where told
  std::vector<AdapterPair> pairs;
  std::vector<Tensor> replaced;  // whole tensors that were trained too
  bool inputs_first = false;     // matrices of the base have their inputs first (transformers' Conv1D)
};

// True for a checkpoint whose keys are those of an adapter rather than of a model.
bool is_adapter(const Checkpoint& checkpoint);

// Throws Error(unsupported) for an adapter, Error(input) for a model with one beside it that nobody merged.
void require_model(const Checkpoint& checkpoint);

// That of a file or of a folder with adapter_model.safetensors (or .bin), whatever else is there. Throws Error(input)
// for one that is no adapter.
Checkpoint open_adapter(const std::filesystem::path& path);

// `skip`: patterns of modules that are left out. Throws Error(unsupported) for other kinds of adapters and for settings
// that change the arithmetic, Error(input) for matrices without their other half; with every problem as a detail.
Adapter read_adapter(const Checkpoint& checkpoint, const std::vector<std::string>& skip = {});

// The base with the adapter in its weights; nothing is computed before they are written. Throws Error(input) where a
// module of the adapter is not found, or found twice, or has other sizes; all of them named.
Checkpoint merge(Checkpoint base, const Adapter& adapter);

// The adapter as mlx_lm.load(BASE, adapter_path=...) takes it: tensors `lora_a` and `lora_b` in their own layout, and
// the text of adapter_config.json. Throws Error(unsupported) for what mlx-lm's layers do not hold.
struct MlxLmAdapter {
  Checkpoint weights;
  std::string config;
};
MlxLmAdapter mlx_lm_adapter(const Adapter& adapter);

}  // namespace torch2mlx
