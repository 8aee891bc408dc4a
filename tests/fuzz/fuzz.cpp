#include "fuzz.h"

#include <fmt/format.h>
#include <sanitizer/asan_interface.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <vector>

#include "read/check.h"
#include "read/torch_tree.h"
#include "read/wrapped_names.h"
#include "weights/elements.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t capacity);

namespace torch2mlx::fuzz {
namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = (fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path()) /
                  fmt::format("t2m-fuzz-{}", getpid());
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
};

// The bytes of the last page that the file does not have.
std::span<const std::byte> beyond(const MappedFile& file) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto bytes = file.bytes();
  return {bytes.data() + bytes.size(), (page - bytes.size() % page) % page};
}

}  // namespace

const fs::path& folder() {
  static const Folder made;
  return made.path;
}

void write(const fs::path& path, Input bytes) {
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), std::ssize(bytes));
}

File::File(Input bytes) {
  const fs::path path = folder() / "input";
  write(path, bytes);
  file_ = MappedFile::open(path);
  ASAN_POISON_MEMORY_REGION(beyond(*file_).data(), beyond(*file_).size());
}

File::~File() { ASAN_UNPOISON_MEMORY_REGION(beyond(*file_).data(), beyond(*file_).size()); }

void read_elements(std::span<const Tensor> tensors) {
  constexpr std::int64_t blocks = 4;  // at either end
  weights::Scratch scratch;
  std::vector<std::byte> block(weights::Scratch::bytes);
  for (const Tensor& tensor : tensors) {
    const weights::Part part{weights::Combine::copy, {tensor}};
    const weights::Elements elements(part, tensor.dtype);
    const std::int64_t all = elements.size(), step = elements.step(), count = all / step + (all % step != 0);
    for (std::int64_t i = 0; i < count; ++i) {
      if (i == blocks) i = std::max(i, count - blocks);
      const std::int64_t first = i * step;
      elements.read(first, std::min(step, all - first), block.data(), scratch);
    }
  }
}

void read_all(Checkpoint checkpoint, std::size_t file_size) {
  unwrap_names(checkpoint);
  check_tensors(checkpoint.tensors, file_size);
  read_elements(checkpoint.tensors);
}

void collect(TorchValues& values, Checkpoint& checkpoint) { collect_model(values, {}, checkpoint); }

std::size_t mutate_safetensors(std::uint8_t* data, std::size_t size, std::size_t capacity, unsigned seed) {
  std::uint64_t length = 0;
  if (size >= 8) std::memcpy(&length, data, 8);
  if (size < 8 || length > size - 8 || seed % 16 == 0) return LLVMFuzzerMutate(data, size, capacity);
  std::vector<std::uint8_t> header(data + 8, data + 8 + length), rest(data + 8 + length, data + size);
  auto& changed = seed % 16 == 1 ? rest : header;
  const std::size_t before = changed.size(), most = capacity - size + before;
  changed.resize(most);
  changed.resize(LLVMFuzzerMutate(changed.data(), before, most));
  length = header.size();
  std::memcpy(data, &length, 8);
  std::ranges::copy(header, data + 8);
  std::ranges::copy(rest, data + 8 + header.size());
  return 8 + header.size() + rest.size();
}

}  // namespace torch2mlx::fuzz
