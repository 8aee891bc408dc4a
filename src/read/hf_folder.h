// A Hugging Face folder: config.json and weights in one file or in shards with an index.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "read/checkpoint.h"

namespace torch2mlx {

// Opens one file of weights.
using OpenWeights = std::function<Checkpoint(const std::filesystem::path&)>;

// Finds model.safetensors, its index, another .safetensors file that is alone, or pytorch_model.bin and its index, in
// this order. Throws Error(input), place "FILE: ...", for shard names that are paths, links that leave the folder (the
// cache's blobs apart), and tensors that index and shards tell differently.
Checkpoint read_hf_folder(const std::filesystem::path& folder, const OpenWeights& open);

// Whether it has weights that `read_hf_folder` takes.
bool has_hf_weights(const std::filesystem::path& folder);

// What stands beside the weights of any folder: config.json, and the files to carry over.
void add_companions(Checkpoint& checkpoint, const std::filesystem::path& folder);

// The same for the folder of an index file, with that index.
Checkpoint read_hf_index(const std::filesystem::path& index, const OpenWeights& open);

// True for a name that is no path, within a folder that a file tells of.
bool is_bare_name(std::string_view name);

// True for a file that such a folder calls its weights, "model.safetensors".
bool is_weights_name(std::string_view name);

// A file of the folder. Throws Error(input), place `name`, for a link that leaves it and for a missing file.
std::filesystem::path member_file(const std::filesystem::path& folder, std::string_view name);

}  // namespace torch2mlx
