#include "read/known.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

#include "read/bytes.h"

namespace torch2mlx {
namespace {

namespace fs = std::filesystem;

constexpr const char* save_torch = "load it with the library that wrote it and save PyTorch weights or safetensors";

struct FormatRow {
  std::string_view mark;
  std::size_t at;           // of the mark
  std::string_view ending;  // of names, where no mark tells
  const char *what, *hint;
};

constexpr FormatRow formats[] = {
    {"GGUF", 0, ".gguf", "a GGUF file of llama.cpp, whose weights are mostly rounded already",
     "convert the model that it was made from; else transformers reads it, from_pretrained(FOLDER, gguf_file=NAME), "
     "and save_pretrained(OUT) writes a folder that is read"},
    {"\x89HDF", 0, ".h5", "an HDF5 file of Keras or TensorFlow",
     "for a model of transformers, from_pretrained(FOLDER, from_tf=True) and save_pretrained(OUT) write one that is "
     "read"},
    {"\x93NUMPY", 0, ".npy", "a NumPy file", "torch2mlx.convert({\"name\": array}, OUT) takes arrays in Python"},
    {"TFL3", 4, ".tflite", "a TensorFlow Lite file", "convert the model that it was made from"},
    {"ET1", 4, ".pte", "an ExecuTorch program", "convert the PyTorch model that it was made from"},
    {"", 0, ".onnx", "an ONNX file", "convert the PyTorch model that it was exported from"},
    {"", 0, ".msgpack", "weights of Flax",
     "for a model of transformers, from_pretrained(FOLDER, from_flax=True) and save_pretrained(OUT) write one that is "
     "read"},
    {"", 0, ".mlmodel", "a Core ML model", "convert the PyTorch model that it was made from"},
    {"", 0, ".ot", "weights of rust-bert", "convert the PyTorch model that it was made from"},
    {"", 0, ".engine", "a TensorRT engine", "convert the PyTorch model that it was made from"},
    {"7z\xbc\xaf", 0, ".7z", "a compressed file", "unpack it first"},
    {"\x1f\x8b", 0, ".gz", "a compressed file", "unpack it first"},
    {"BZh", 0, ".bz2", "a compressed file", "unpack it first"},
    {"\xfd"
     "7zXZ",
     0, ".xz", "a compressed file", "unpack it first"},
    {"\x28\xb5\x2f\xfd", 0, ".zst", "a compressed file", "unpack it first"},
};

// The beginning of a ModelProto: its version, then the producer's name or another of its fields.
bool looks_like_onnx(std::string_view text) {
  if (text.size() < 4 || text[0] != '\x08' || text[1] < 1 || text[1] > 20) return false;
  return text[2] == '\x12' || text[2] == '\x1a' || text[2] == '\x3a' || text[2] == '\x42';
}

[[noreturn]] void unsupported(const FormatRow& row) {
  throw Error(ErrorKind::unsupported, {}, fmt::format("{}, which is not supported", row.what), row.hint);
}

struct ArchiveRow {
  std::string_view part;  // of a member's name
  const char *what, *hint;
};

constexpr ArchiveRow archives[] = {
    {".npy", "an archive of NumPy arrays (.npz)",
     "torch2mlx.convert(dict(numpy.load(FILE)), OUT) takes arrays in Python"},
    {".weights.h5", "a model of Keras", save_torch},
    {"MAR-INF/", "a model archive of TorchServe", "unpack it and give the file of weights in it"},
    {"extern_modules", "a package of torch.package, whose code would have to run",
     "load it with PyTorch and save model.state_dict()"},
};

struct FolderRow {
  std::string_view name;  // or the end of one
  const char *what, *hint;
};

constexpr FolderRow folders[] = {
    {"modules.json", "a model of sentence-transformers whose transformer lies in a folder of its own",
     "give that folder, as in FOLDER/0_Transformer; the other modules are to be applied to what it gives"},
    {"model_index.json", "a pipeline of diffusers", "give one of its folders, as in FOLDER/unet"},
    {"saved_model.pb", "a SavedModel of TensorFlow", save_torch},
    {".index.json", "an index of weights", "give the file: FOLDER/NAME.index.json"},
};

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "model-00001-of-00004.safetensors" -> 4; 0 for other names.
std::uint64_t shards_of(std::string_view name) {
  constexpr std::string_view middle = "-of-";
  const auto at = name.rfind(middle);
  if (at == name.npos || at == 0 || !is_digit(name[at - 1])) return 0;
  std::uint64_t count = 0;
  std::size_t digits = 0;
  for (std::size_t i = at + middle.size(); i < name.size() && is_digit(name[i]) && digits < 9; ++i, ++digits)
    count = 10 * count + static_cast<std::uint64_t>(name[i] - '0');
  return count;
}

// What a rank's file and its fellows have in common: "model_rank#.pt" of "model_rank3.pt"; empty for other names.
std::string without_rank(std::string_view name) {
  const auto at = name.rfind("rank");
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (at == name.npos || (at > 0 && is_letter(name[at - 1]))) return {};
  std::size_t begin = at + 4;
  if (begin < name.size() && (name[begin] == '_' || name[begin] == '-')) ++begin;
  std::size_t end = begin;
  while (end < name.size() && is_digit(name[end])) ++end;
  if (end == begin) return {};
  return fmt::format("{}#{}", name.substr(0, begin), name.substr(end));
}

// Folders within, with something in them that is read.
std::vector<std::string> models_within(const fs::path& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (const std::string& name : names_in(folder)) {
    if (!fs::is_directory(fs::symlink_status(folder / name, error)) || found.size() == 20) continue;
    for (const std::string& inner : names_in(folder / name))
      if (inner == ".metadata" || inner.ends_with(".safetensors") || inner.ends_with(".bin") ||
          inner.ends_with(".pt") || inner.ends_with(".pth")) {
        found.push_back(printable(name, 80));
        break;
      }
  }
  return found;
}

bool has_elements(const Tensor& tensor) { return tensor.elements() != 0; }

bool is_weight(const Tensor& tensor) {
  const std::string_view name = tensor.name;
  return name == "weight" || name.ends_with(".weight");
}

}  // namespace

void refuse_known_file(const MappedFile& file) {
  const std::string_view text = as_text(file.bytes());
  for (const FormatRow& row : formats)
    if (!row.mark.empty() && text.size() >= row.at && text.substr(row.at).starts_with(row.mark)) unsupported(row);
  if (text.starts_with("version https://git-lfs"))
    refuse({}, "a Git LFS pointer, not the file itself", "fetch it with git lfs pull");
  const std::string name = file.path().filename().string();
  for (const FormatRow& row : formats)
    if (name.ends_with(row.ending) || (row.ending == ".onnx" && looks_like_onnx(text))) unsupported(row);
}

void refuse_known_archive(const ZipArchive& archive) {
  for (const ArchiveRow& row : archives)
    for (const ZipEntry& entry : archive.entries())
      if (entry.name.find(row.part) != entry.name.npos)
        throw Error(ErrorKind::unsupported, {}, fmt::format("{}, which is not supported", row.what), row.hint);
}

void refuse_part(const fs::path& path) {
  const std::string name = path.filename().string();
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (const auto shards = shards_of(name); shards > 1)
    refuse(printable(name), fmt::format("one of {} shards of a model", shards), "give the folder, or its index.json");
  if (name.ends_with(".distcp"))
    refuse(printable(name), "a part of a folder of torch.distributed.checkpoint", "give the folder");
  const std::string common = without_rank(name);
  std::vector<std::string> fellows;
  bool first = false;  // ranks count from 0; numbers without it may be those of adapters
  if (!common.empty())
    for (const std::string& other : names_in(folder)) {
      if (without_rank(other) != common) continue;
      first = first || other[common.find('#')] == '0';
      if (other != name) fellows.push_back(printable(other, 80));
    }
  if (!fellows.empty() && first)
    refuse(printable(name), fmt::format("one rank's file of {}, '{}' is another", fellows.size() + 1, fellows[0]),
           "save the whole state dict on one rank, or give the folder of torch.distributed.checkpoint or DeepSpeed");
  // Megatron's: mp_rank_00/model_optim_rng.pt
  const std::string rank = fs::absolute(folder).filename().string(), ranks = without_rank(rank);
  if (rank.starts_with("mp_rank_") && !ranks.empty())
    for (const std::string& other : names_in(fs::absolute(folder).parent_path()))
      if (other != rank && without_rank(other) == ranks)
        refuse(printable(name), fmt::format("a part of tensor parallelism ('{}' has another)", printable(other, 80)),
               "merge the parts with the framework that trained the model, then convert the result");
}

void refuse_folder(const fs::path& folder) {
  constexpr const char* message = "no weights in the folder";
  const auto names = names_in(folder);
  for (const FolderRow& row : folders)
    for (const std::string& name : names)
      if (name == row.name || (row.name.starts_with('.') && name.ends_with(row.name)))
        refuse({}, fmt::format("{}: {}", message, row.what), row.hint);
  for (const std::string& name : names)
    if (shards_of(name) > 1)
      refuse({},
             fmt::format("{}: '{}' is one of {} shards, and their index is missing", message, printable(name, 80),
                         shards_of(name)),
             "copy model.safetensors.index.json (or pytorch_model.bin.index.json) beside them");
  std::vector<std::string> files;
  for (const std::string& name : names)
    for (const std::string_view end : {".safetensors", ".pt", ".pth", ".bin", ".ckpt", ".pt2", ".nemo"})
      if (name.ends_with(end) && files.size() < 20) files.push_back(printable(name, 80));
  if (!files.empty()) refuse({}, message, fmt::format("give a file of it: {}", fmt::join(files, ", ")));
  for (const FormatRow& row : formats)
    for (const std::string& name : names)
      if (name.ends_with(row.ending))
        throw Error(ErrorKind::unsupported, {}, fmt::format("{}: '{}' is {}", message, printable(name, 80), row.what),
                    row.hint);
  if (const auto within = models_within(folder); !within.empty())
    refuse({}, message, fmt::format("give one of the folders in it: {}", fmt::join(within, ", ")));
  refuse({}, message, "model.safetensors, model.safetensors.index.json or pytorch_model.bin is read");
}

void require_elements(const Checkpoint& checkpoint) {
  const auto& tensors = checkpoint.tensors;
  if (tensors.empty()) return;
  const bool weights = std::ranges::any_of(tensors, is_weight);
  const bool whole = std::ranges::any_of(
      tensors, [&](const Tensor& tensor) { return has_elements(tensor) && (!weights || is_weight(tensor)); });
  if (whole) return;
  refuse(fmt::format("tensor '{}'", printable(std::ranges::find_if_not(tensors, has_elements)->name)),
         weights ? "no weight in the file has elements" : "no tensor in the file has elements",
         "a model of DeepSpeed ZeRO-3 or FSDP was saved without gathering its parameters: give the folder of its "
         "checkpoint, or save it again");
}

}  // namespace torch2mlx
