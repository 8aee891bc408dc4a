// A .pt2 archive (torch.export.save): the model's JSON text and its tensors. Sample inputs and pickles are never read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "read/checkpoint.h"

namespace torch2mlx {

struct ExportedArchive {
  std::string model_json;  // models/<name>.json, as it stands: schema of torch/_export/serde/schema.py
  // Named by FQN as the graph signature names them: parameters and persistent buffers.
  std::vector<Tensor> weights;
  // Lifted tensor constants and non-persistent buffers, named as the signature's tensor_constant_name or buffer_name.
  std::vector<Tensor> constants;
};

// `model` chooses among several; empty: the only one, or the one named "model".
// Throws Error(input) with file, place in it and reason; pickled weights are refused.
ExportedArchive read_exported_archive(const std::filesystem::path& path, const std::string& model = {});

}  // namespace torch2mlx
