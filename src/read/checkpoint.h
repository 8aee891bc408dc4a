// What a reader gives, whatever the format: named tensors in place in their file, the module tree where the file
// tells it, and what else was found. Nothing is copied and nothing from the file is ever called.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/dtype.h"
#include "base/mapped_file.h"
#include "base/shared.h"
#include "read/model_config.h"

namespace torch2mlx {

class Made;

// Bytes of one storage. `owner` keeps them alive: the mapped file that they lie in (`file` too, then), an inflated zip
// entry, a live torch tensor. Where `made` is set there are no bytes: elements are made when they are read (made.h).
struct Storage {
  std::span<const std::byte> bytes;
  const MappedFile* file = nullptr;
  std::shared_ptr<const void> owner;
  bool big_endian = false;  // elements are to be byte-swapped when read
  std::shared_ptr<const Made> made = {};

  // Of a mapped file.
  std::uint64_t file_offset() const { return static_cast<std::uint64_t>(bytes.data() - file->bytes().data()); }
};

inline Storage storage_in(const std::shared_ptr<const MappedFile>& file, std::uint64_t at, std::uint64_t size) {
  return {.bytes = file->bytes().subspan(at, size), .file = file.get(), .owner = file};
}

// A strided view of a storage; `offset` and `strides` count elements. Checked: every element lies inside the storage.
struct Tensor {
  Text name;  // state-dict key
  Dtype dtype = Dtype::float32;
  Sizes shape, strides;
  std::int64_t offset = 0;
  std::shared_ptr<const Storage> storage;

  std::int64_t elements() const;
  bool contiguous() const;
};

// Constructor-like facts of a module: in_features, eps, p, stride ... (lists of ints as vectors).
using Attribute = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::int64_t>>;

struct Module {
  std::string path;        // "" for the root, "encoder.layer.0"
  std::string class_name;  // "torch.nn.modules.conv.Conv2d"
  std::map<std::string, Attribute> attributes;
};

// Something beside the model: "optimizer_states" (list of 1, 12 tensors), "epoch" (int 7).
struct Extra {
  std::string path, description;
};

struct Checkpoint {
  std::string format;  // "safetensors", "torch zip", "torch stream", "torch tar", "torch.export"
  std::filesystem::path path;
  std::vector<Tensor> tensors;                              // in file order; names unique
  std::vector<Module> modules;                              // in depth-first order; empty where the format tells none
  std::map<std::string, std::string> metadata;              // safetensors __metadata__
  std::vector<std::string> notes;                           // what was dropped or renamed, for the report
  ModelConfig config;                                       // of the config.json beside it
  std::vector<Extra> extras;                                // what else a nested checkpoint holds, a hundred at most
  std::vector<std::filesystem::path> companions;            // config.json, tokenizer files ... to carry over
  std::vector<std::filesystem::path> parts;                 // folders of further modules (modules.json), to carry over
  std::vector<std::pair<Text, std::string>> left_out = {};  // keys that were not asked for, and by which option
};

// Opens any supported input by content (never by extension alone): .safetensors, *.index.json, Hugging Face folder,
// .pt (state dict, nested checkpoint or whole pickled module; a zip, the stream before 1.6 or the tar of 0.1), .pt2.
// `key` chooses the entry of a nested checkpoint or the model of a .pt2. `verify` compares the checksums of the records
// of a zip, which reads the whole file. Throws Error(input) with file, place in it and reason.
Checkpoint open_checkpoint(const std::filesystem::path& path, const std::string& key = {}, bool verify = true);

}  // namespace torch2mlx
