#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <set>

#include "read/bytes.h"
#include "read/check.h"
#include "read/checkpoint.h"
#include "read/consolidated.h"
#include "read/distributed.h"
#include "read/hf_folder.h"
#include "read/known.h"
#include "read/made.h"
#include "read/nemo.h"
#include "read/optimizer.h"
#include "read/safetensors.h"
#include "read/tar.h"
#include "read/torch_checkpoint.h"
#include "read/torch_export_zip.h"
#include "read/torch_stream.h"
#include "read/torch_tar.h"
#include "read/wrapped_names.h"
#include "read/zero.h"

namespace torch2mlx {
namespace {

namespace fs = std::filesystem;

// What to take of a file: `collect` of a pickle, the model `key` of an export.
struct Wanted {
  Collect collect;
  std::string key = {};
  bool verify = true;
};

Checkpoint read_zip(const std::shared_ptr<const MappedFile>& file, const Wanted& wanted) {
  const ZipArchive archive(file);
  if (!archive.find(fmt::format("{}/data.pkl", archive.root()))) refuse_known_archive(archive);
  if (!is_exported_archive(archive)) return read_torch_zip(file, archive, wanted.collect, wanted.verify);
  Checkpoint checkpoint;
  checkpoint.format = "torch.export";
  checkpoint.path = file->path();
  ExportedArchive program = read_exported_zip(archive, wanted.key, wanted.verify);
  checkpoint.tensors = std::move(program.weights);
  for (const Tensor& constant : program.constants)  // the graph's, which generated code carries
    checkpoint.extras.push_back({constant.name, fmt::format("a constant, {} [{}]", row(constant.dtype).torch,
                                                            fmt::join(constant.shape, ", "))});
  return checkpoint;
}

Checkpoint read_nemo(const std::shared_ptr<const MappedFile>& file, const Wanted& wanted) {
  const auto weights = nemo_weights(file);
  const Bytes bytes = weights->bytes();
  if (!looks_like_zip(bytes) && !looks_like_pickle(bytes)) refuse("model_weights.ckpt", "not a file of torch.save");
  Checkpoint checkpoint =
      looks_like_zip(bytes) ? read_zip(weights, wanted) : read_torch_stream(weights, wanted.collect);
  checkpoint.format = fmt::format("NeMo, {}", checkpoint.format);
  checkpoint.notes.push_back(
      "of the archive the weights alone are taken; tar -xf gives its configuration and tokenizer");
  return checkpoint;
}

Checkpoint read_content(const std::shared_ptr<const MappedFile>& file, const Wanted& wanted) {
  const Bytes bytes = file->bytes();
  if (bytes.empty()) refuse({}, "the file is empty");
  if (looks_like_safetensors(bytes)) return read_safetensors(file);
  if (looks_like_zip(bytes)) return read_zip(file, wanted);
  if (looks_like_pickle(bytes)) return read_torch_stream(file, wanted.collect);
  if (looks_like_tar(bytes))
    return looks_like_nemo(*file) ? read_nemo(file, wanted) : read_torch_tar(file, wanted.collect);
  refuse_known_file(*file);
  // Damaged at its very start: the name alone tells which reader can say what is wrong.
  if (file->path().extension() == ".safetensors") return read_safetensors(file);
  refuse({}, "not a format that is read",
         "PyTorch (.pt, .pth, .bin, .ckpt, .pt2), safetensors or a Hugging Face folder");
}

Checkpoint open_file(const fs::path& path, const Wanted& wanted) {
  const auto file = MappedFile::open(path);
  try {
    Checkpoint checkpoint = read_content(file, wanted);
    unwrap_names(checkpoint);
    check_tensors(checkpoint.tensors, file->bytes().size());
    require_elements(checkpoint);
    file->require_unchanged();
    return checkpoint;
  } catch (const Error& error) {
    file->require_unchanged();  // the cause of any damage
    throw error.within(printable(path.filename().string()));
  }
}

std::uint64_t bytes_in(const Checkpoint& checkpoint) {
  std::set<const MappedFile*> files;
  std::uint64_t sum = 0;
  for (const Tensor& tensor : checkpoint.tensors)
    if (tensor.storage)
      for_each_file(*tensor.storage, [&](const MappedFile& file) {
        if (files.insert(&file).second) sum += file.bytes().size();
      });
  return sum;
}

// Folders whose files are parts of one model; nothing for those of Hugging Face.
std::optional<Checkpoint> read_parts(const fs::path& folder, const std::string& key, const Wanted& wanted) {
  std::optional<Checkpoint> found;
  if (is_distributed_folder(folder))
    found = read_distributed(folder, key,
                             [&](const std::shared_ptr<const MappedFile>& part) { return read_content(part, wanted); });
  else if (is_zero_folder(folder))
    found = read_zero(folder, [&](const fs::path& file, const Collect& collect) {
      return open_file(file, {.collect = collect, .verify = wanted.verify});
    });
  else if (is_consolidated_folder(folder))
    found = read_consolidated(folder, [&](const fs::path& file) { return open_file(file, wanted); });
  if (!found) return found;
  if (!key.empty() && !is_distributed_folder(folder))
    refuse({}, fmt::format("--key {}: the model in these parts is the only entry", printable(key)));
  unwrap_names(*found);
  check_tensors(found->tensors, bytes_in(*found));
  require_elements(*found);
  add_companions(*found, folder);
  return found;
}

bool is_index(const fs::path& path) { return path.filename().string().ends_with(".index.json"); }

}  // namespace

Checkpoint open_checkpoint(const fs::path& path, const std::string& key, bool verify) {
  const auto collect = [&](TorchValues& values, Checkpoint& checkpoint) {
    if (key.empty()) refuse_zero_part(values);
    collect_model(values, key, checkpoint);
  };
  const Wanted model{collect, key, verify};
  const Wanted item{
      [](TorchValues& values, Checkpoint& checkpoint) { collect_model(values, {}, checkpoint); }, {}, verify};
  const auto open = [&](const fs::path& file) { return open_file(file, model); };
  std::error_code error;
  if (fs::is_directory(path, error)) {
    // "folder/" has no file name of its own.
    const fs::path named = path.has_filename() ? path : path.parent_path();
    try {
      if (!has_hf_weights(path))
        if (auto parts = read_parts(path, key, item)) return std::move(*parts);
      return read_hf_folder(path, open);
    } catch (const Error& inner) {
      throw inner.within(printable(named.filename().string()));
    } catch (const fs::filesystem_error& inner) {
      refuse(printable(named.filename().string()), inner.code().message());
    }
  }
  if (is_index(path)) return read_hf_index(path, open);
  refuse_part(path);
  Checkpoint checkpoint = open(path);
  require_whole_consolidated(path, checkpoint);
  if (is_weights_name(path.filename().string()))
    checkpoint.config = read_model_config(path.has_parent_path() ? path.parent_path() : ".");
  return checkpoint;
}

std::optional<OptimizerState> open_optimizer(const fs::path& path, const std::string& key, bool verify) {
  std::optional<OptimizerState> state;
  const auto collect = [&](TorchValues& values, Checkpoint& checkpoint) {
    state = read_optimizer(values, key);
    if (state) checkpoint.tensors = state->tensors();
  };
  open_file(path, {.collect = collect, .verify = verify});
  return state;
}

}  // namespace torch2mlx
