#include "read/hf_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "base/by_name.h"
#include "read/bytes.h"
#include "read/json.h"
#include "read/known.h"

namespace torch2mlx {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t max_index = 100'000'000;

// Best first; an index stands before the file that a partial download may have left beside it.
constexpr std::array weights_names = std::to_array<std::string_view>(
    {"model.safetensors.index.json", "model.safetensors", "diffusion_pytorch_model.safetensors.index.json",
     "diffusion_pytorch_model.safetensors", "pytorch_model.bin.index.json", "pytorch_model.bin",
     "adapter_model.safetensors", "adapter_model.bin"});

constexpr std::array adapter_names =
    std::to_array<std::string_view>({"adapter_model.safetensors", "adapter_model.bin"});

constexpr std::array companion_names = std::to_array<std::string_view>({"added_tokens.json",
                                                                        "chat_template.jinja",
                                                                        "chat_template.json",
                                                                        "config.json",
                                                                        "config_sentence_transformers.json",
                                                                        "feature_extractor_config.json",
                                                                        "generation_config.json",
                                                                        "image_processor_config.json",
                                                                        "merges.txt",
                                                                        "modules.json",
                                                                        "params.json",
                                                                        "preprocessor_config.json",
                                                                        "processor_config.json",
                                                                        "sentence_bert_config.json",
                                                                        "sentencepiece.bpe.model",
                                                                        "special_tokens_map.json",
                                                                        "spiece.model",
                                                                        "tekken.json",
                                                                        "tiktoken.model",
                                                                        "tokenizer.json",
                                                                        "tokenizer.model",
                                                                        "tokenizer_config.json",
                                                                        "video_preprocessor_config.json",
                                                                        "vocab.json",
                                                                        "vocab.txt"});

// Code of the model or its tokenizer, vocabularies and templates that go by many names.
constexpr std::array companion_ends = std::to_array<std::string_view>({".jinja", ".jsonl", ".py", ".tiktoken"});

bool is_companion(const std::string& name) {
  if (name.starts_with('.')) return false;
  return std::ranges::find(companion_names, name) != companion_names.end() ||
         std::ranges::any_of(companion_ends, [&](std::string_view end) { return name.ends_with(end); });
}

// True for a file that lies in `folder`, or in the blobs of the cache whose snapshot `folder` is: there every file is a
// link to ../../blobs/<hash>.
bool belongs(const fs::path& folder, const fs::path& file) {
  std::error_code error;
  const fs::path home = fs::canonical(folder, error), real = fs::canonical(file, error);
  if (error) return false;
  if (real.parent_path() == home) return true;
  // Of a folder within a snapshot they lie one step further up.
  const fs::path up = home.parent_path().parent_path();
  return real.parent_path() == up / "blobs" ||
         (up.filename() == "snapshots" && real.parent_path() == up.parent_path() / "blobs");
}

std::vector<fs::path> companions(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (is_companion(entry.path().filename().string()) && entry.is_regular_file() && belongs(folder, entry.path()))
      out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

// Modules of sentence-transformers that have no files, so that hubs and Git do not keep their folders.
constexpr std::array without_files = std::to_array<std::string_view>({".Normalize", ".Dropout"});

// The folders that modules.json names beside the transformer, whose files lie in `folder` itself.
std::vector<fs::path> module_folders(const fs::path& folder) {
  constexpr const char* name = "modules.json";
  std::vector<fs::path> out;
  if (!fs::exists(folder / name)) return out;
  const auto file = MappedFile::open(member_file(folder, name));
  if (file->bytes().size() > max_index) refuse(name, "is too large");
  const Json json = parse_json(as_text(file->bytes()), name);
  if (!json.is_array()) return out;  // of another library
  for (const Json& entry : json) {
    const Json *path = member(entry, "path"), *type = member(entry, "type");
    if (!path || !path->is_string() || !type || !type->is_string()) refuse(name, "an entry without path and type");
    const auto& text = path->get_ref<const std::string&>();
    if (text.empty()) continue;
    if (!is_bare_name(text)) refuse(name, fmt::format("bad folder name '{}'", printable(text)));
    const fs::path part = folder / text;
    const std::string_view kind = type->get_ref<const std::string&>();
    if (!fs::exists(part) && std::ranges::any_of(without_files, [&](auto end) { return kind.ends_with(end); }))
      continue;
    if (!fs::is_directory(fs::symlink_status(part)))
      refuse(
          name,
          fmt::format("no folder '{}' of a module, without which the model computes something else", printable(text)),
          "copy it beside the weights");
    if (std::ranges::find(out, part) != out.end()) refuse(name, fmt::format("'{}' occurs twice", printable(text)));
    out.push_back(part);
  }
  return out;
}

struct Index {
  struct Entry {
    Text name;
    std::size_t shard;
  };
  std::vector<std::string> shards;  // in the order of the index
  std::vector<Entry> tensors;
};

using Entries = ByName<const std::vector<Index::Entry>>;

Index read_index(const fs::path& path) {
  const std::string name = path.filename().string();
  const auto file = MappedFile::open(path);
  if (file->bytes().size() > max_index) refuse(name, "the index is too large");
  const Json json = parse_json(as_text(file->bytes()), name);
  const Json* map = member(json, "weight_map");
  if (!map || !map->is_object() || map->empty()) refuse(name, "no weight_map");
  Index index;
  std::unordered_map<std::string, std::size_t> seen;
  for (const auto& [tensor, shard] : map->get_ref<const Json::object_t&>()) {
    const std::string text = shard.is_string() ? shard.get<std::string>() : shard.dump();
    if (!shard.is_string() || !is_bare_name(text)) refuse(name, fmt::format("bad shard name '{}'", printable(text)));
    const auto [at, added] = seen.emplace(text, index.shards.size());
    if (added) index.shards.push_back(text);
    index.tensors.push_back({tensor, at->second});
  }
  return index;
}

void merge(Checkpoint& into, Checkpoint&& shard, const Index& index, const Entries& entries, std::size_t number) {
  std::size_t unlisted = 0;
  for (Tensor& tensor : shard.tensors) {
    const auto* found = entries.find(tensor.name);
    if (!found || found->shard != number)
      ++unlisted;
    else
      into.tensors.push_back(std::move(tensor));
  }
  const std::string& name = index.shards[number];
  if (unlisted != 0)
    into.notes.push_back(fmt::format("{}: {} tensors that the index does not place there", name, unlisted));
  for (std::string& note : shard.notes) into.notes.push_back(fmt::format("{}: {}", name, note));
  into.metadata.merge(shard.metadata);
  into.format = shard.format;
}

Checkpoint read_shards(const fs::path& folder, const fs::path& index_file, const OpenWeights& open) {
  const Index index = read_index(index_file);
  const Entries entries(index.tensors);
  Checkpoint checkpoint;
  checkpoint.tensors.reserve(index.tensors.size());
  for (std::size_t i = 0; i < index.shards.size(); ++i)
    merge(checkpoint, open(member_file(folder, index.shards[i])), index, entries, i);
  if (checkpoint.tensors.size() == index.tensors.size()) return checkpoint;
  const ByName present(checkpoint.tensors);
  for (const Index::Entry& entry : index.tensors)
    if (!present.contains(entry.name))
      refuse(index_file.filename().string(),
             fmt::format("tensor '{}' is not in {}", printable(entry.name), index.shards[entry.shard]));
  return checkpoint;
}

// The name of the weights in the folder, or nothing.
std::optional<std::string> find_weights(const fs::path& folder) {
  for (const std::string_view name : weights_names)
    if (fs::exists(folder / name)) return std::string(name);
  std::vector<std::string> others;
  for (const auto& entry : fs::directory_iterator(folder)) {
    std::string name = entry.path().filename().string();
    if (name.ends_with(".safetensors.index.json")) return name;
    if (name.ends_with(".safetensors")) others.push_back(name);
  }
  if (others.size() == 1 && others[0].find("-of-") == std::string::npos) return others[0];
  return std::nullopt;
}

Checkpoint read(const fs::path& folder, const std::string& name, const OpenWeights& open) {
  const fs::path file = member_file(folder, name);
  Checkpoint checkpoint = name.ends_with(".index.json") ? read_shards(folder, file, open) : open(file);
  checkpoint.format = fmt::format("Hugging Face folder, {}", checkpoint.format);
  checkpoint.path = folder;
  add_companions(checkpoint, folder);
  if (std::ranges::any_of(adapter_names, [&](auto beside) { return beside != name && fs::exists(folder / beside); }) &&
      std::ranges::find(adapter_names, name) == adapter_names.end() && checkpoint.config.adapter.empty())
    checkpoint.config.adapter = "{}";  // whose settings are not told
  return checkpoint;
}

}  // namespace

bool is_bare_name(std::string_view name) {
  return !name.empty() && name.size() <= 255 && name[0] != '.' && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
           c == '.';
  });
}

bool has_hf_weights(const fs::path& folder) { return find_weights(folder).has_value(); }

void add_companions(Checkpoint& checkpoint, const fs::path& folder) {
  checkpoint.companions = companions(folder);
  checkpoint.parts = module_folders(folder);
  checkpoint.config = read_model_config(folder);
}

bool is_weights_name(std::string_view name) { return std::ranges::count(weights_names, name) > 0; }

fs::path member_file(const fs::path& folder, std::string_view name) {
  const fs::path file = folder / name;
  if (!fs::exists(file)) refuse(std::string(name), "the file is missing");
  if (!belongs(folder, file)) refuse(std::string(name), "a link that leaves the folder");
  return file;
}

Checkpoint read_hf_folder(const fs::path& folder, const OpenWeights& open) {
  const auto name = find_weights(folder);
  if (!name) refuse_folder(folder);
  return read(folder, *name, open);
}

Checkpoint read_hf_index(const fs::path& index, const OpenWeights& open) {
  const fs::path folder = index.has_parent_path() ? index.parent_path() : fs::path(".");
  return read(folder, index.filename().string(), open);
}

}  // namespace torch2mlx
