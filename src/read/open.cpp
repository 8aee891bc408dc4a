#include <fmt/format.h>
#include <fmt/ranges.h>

#include "read/bytes.h"
#include "read/check.h"
#include "read/checkpoint.h"
#include "read/hf_folder.h"
#include "read/optimizer.h"
#include "read/safetensors.h"
#include "read/tar.h"
#include "read/torch_checkpoint.h"
#include "read/torch_export_zip.h"
#include "read/torch_stream.h"
#include "read/torch_tar.h"
#include "read/wrapped_names.h"

namespace torch2mlx {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void unsupported(std::string message, std::string hint = {}) {
  throw Error(ErrorKind::unsupported, {}, std::move(message), std::move(hint));
}

// Formats that are known by their first bytes and not read.
void refuse_known(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  const auto begins = [&](std::string_view mark) { return text.starts_with(mark); };
  if (begins("GGUF")) unsupported("a GGUF file, which is not supported");
  if (begins("\x89HDF")) unsupported("an HDF5 file, which is not supported");
  if (begins("\x93NUMPY")) unsupported("a NumPy file, which is not supported");
  if (begins("7z\xbc\xaf") || begins("\x1f\x8b") || begins("BZh") ||
      begins("\xfd"
             "7zXZ"))
    unsupported("a compressed file, which is not supported", "unpack it first");
  if (begins("version https://git-lfs"))
    refuse({}, "a Git LFS pointer, not the file itself", "fetch it with git lfs pull");
}

// What to take of a file: `collect` of a pickle, the model `key` of an export.
struct Wanted {
  Collect collect;
  std::string key = {};
  bool verify = true;
};

Checkpoint read_zip(const std::shared_ptr<const MappedFile>& file, const Wanted& wanted) {
  const ZipArchive archive(file);
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

Checkpoint read_content(const std::shared_ptr<const MappedFile>& file, const Wanted& wanted) {
  const Bytes bytes = file->bytes();
  if (bytes.empty()) refuse({}, "the file is empty");
  if (looks_like_safetensors(bytes)) return read_safetensors(file);
  if (looks_like_zip(bytes)) return read_zip(file, wanted);
  if (looks_like_pickle(bytes)) return read_torch_stream(file, wanted.collect);
  if (looks_like_tar(bytes)) return read_torch_tar(file, wanted.collect);
  refuse_known(bytes);
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
    file->require_unchanged();
    return checkpoint;
  } catch (const Error& error) {
    file->require_unchanged();  // the cause of any damage
    throw error.within(printable(path.filename().string()));
  }
}

bool is_index(const fs::path& path) { return path.filename().string().ends_with(".index.json"); }

}  // namespace

Checkpoint open_checkpoint(const fs::path& path, const std::string& key, bool verify) {
  const Wanted model{[&](TorchValues& values, Checkpoint& checkpoint) { collect_model(values, key, checkpoint); }, key,
                     verify};
  const auto open = [&](const fs::path& file) { return open_file(file, model); };
  std::error_code error;
  if (fs::is_directory(path, error)) {
    // "folder/" has no file name of its own.
    const fs::path named = path.has_filename() ? path : path.parent_path();
    try {
      return read_hf_folder(path, open);
    } catch (const Error& inner) {
      throw inner.within(printable(named.filename().string()));
    } catch (const fs::filesystem_error& inner) {
      refuse(printable(named.filename().string()), inner.code().message());
    }
  }
  if (is_index(path)) return read_hf_index(path, open);
  Checkpoint checkpoint = open(path);
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
