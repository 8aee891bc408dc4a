#include <fmt/format.h>

#include "read/bytes.h"
#include "read/check.h"
#include "read/checkpoint.h"
#include "read/hf_folder.h"
#include "read/pickle.h"
#include "read/safetensors.h"
#include "read/torch_checkpoint.h"
#include "read/torch_export_zip.h"

namespace torch2mlx {
namespace {

namespace fs = std::filesystem;

// The long integer that torch.save before 1.6 wrote first, 0x1950a86a20f9469cfc6c.
constexpr std::string_view legacy_magic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);

[[noreturn]] void unsupported(std::string message, std::string hint = {}) {
  throw Error(ErrorKind::unsupported, {}, std::move(message), std::move(hint));
}

const char* const save_again = "load it with PyTorch and save it again with torch.save or safetensors";

// Formats that are known by their first bytes and not read.
void refuse_known(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  const auto begins = [&](std::string_view mark) { return text.starts_with(mark); };
  if (text.size() > 262 && text.substr(257, 5) == "ustar")
    unsupported("a tar checkpoint (torch.save of PyTorch 0.1), which is not supported yet", save_again);
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

// A pickle that is not in a zip archive: the stream of torch.save before 1.6, or of something else.
[[noreturn]] void refuse_pickle(Bytes bytes) {
  const Pickle first(bytes, "pickle");
  const PickleValue& root = first.root();
  if (root.kind == PickleKind::huge && (root.text == legacy_magic || root.text == "119547037146038801333356L"))
    unsupported("the stream format of torch.save before 1.6, which is not supported yet", save_again);
  unsupported("a bare pickle, not a file of torch.save", save_again);
}

bool looks_like_pickle(Bytes bytes) {
  if (bytes.size() < 2) return false;
  // Protocol 2 and above begins with PROTO; the text protocols of torch.save with the magic number.
  return (bytes[0] == std::byte{0x80} && std::to_integer<int>(bytes[1]) <= 5) || as_text(bytes).starts_with("L1195470");
}

Checkpoint read_zip(const std::shared_ptr<const MappedFile>& file, const std::string& key, bool verify) {
  const ZipArchive archive(file);
  if (!is_exported_archive(archive)) return read_torch_zip(file, archive, key, verify);
  Checkpoint checkpoint;
  checkpoint.format = "torch.export";
  checkpoint.path = file->path();
  checkpoint.tensors = read_exported_zip(archive, key, verify).weights;
  return checkpoint;
}

Checkpoint read_content(const std::shared_ptr<const MappedFile>& file, const std::string& key, bool verify) {
  const Bytes bytes = file->bytes();
  if (bytes.empty()) refuse({}, "the file is empty");
  if (looks_like_safetensors(bytes)) return read_safetensors(file);
  if (looks_like_zip(bytes)) return read_zip(file, key, verify);
  refuse_known(bytes);
  if (looks_like_pickle(bytes)) refuse_pickle(bytes);
  // Damaged at its very start: the name alone tells which reader can say what is wrong.
  if (file->path().extension() == ".safetensors") return read_safetensors(file);
  refuse({}, "not a format that is read",
         "PyTorch (.pt, .pth, .bin, .ckpt, .pt2), safetensors or a Hugging Face folder");
}

Checkpoint open_file(const fs::path& path, const std::string& key, bool verify) {
  const auto file = MappedFile::open(path);
  try {
    Checkpoint checkpoint = read_content(file, key, verify);
    check_tensors(checkpoint.tensors, file->bytes().size());
    return checkpoint;
  } catch (const Error& error) {
    throw error.within(printable(path.filename().string()));
  }
}

bool is_index(const fs::path& path) { return path.filename().string().ends_with(".index.json"); }

}  // namespace

Checkpoint open_checkpoint(const fs::path& path, const std::string& key, bool verify) {
  const auto open = [&](const fs::path& file) { return open_file(file, key, verify); };
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
  return open(path);
}

}  // namespace torch2mlx
