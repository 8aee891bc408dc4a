// What every fuzz target does: bytes become a file that is opened and read to the last tensor. Only Error may come out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/error.h"
#include "base/mapped_file.h"
#include "read/checkpoint.h"
#include "read/torch_values.h"

namespace torch2mlx::fuzz {

using Input = std::span<const std::byte>;

// A folder of this process alone, in memory where the system has such a place; gone with the process.
const std::filesystem::path& folder();

void write(const std::filesystem::path& path, Input bytes);

// `bytes` as a file that is mapped. What follows them in their last page is poison to AddressSanitizer.
class File {
 public:
  explicit File(Input bytes);
  ~File();
  const std::shared_ptr<const MappedFile>& mapped() const { return file_; }

 private:
  std::shared_ptr<const MappedFile> file_;
};

// The elements of every tensor, through the writer's own reader: all of small ones, both ends of others.
void read_elements(std::span<const Tensor> tensors);

// What open_checkpoint checks of any format, then read_elements.
void read_all(Checkpoint checkpoint, std::size_t file_size);

// Collects the model, as open_checkpoint does.
void collect(TorchValues& values, Checkpoint& checkpoint);

// Calls `read`; an Error is as good as success.
template <class Read>
int attempt(const Read& read) {
  try {
    read();
  } catch (const Error&) {
  }
  return 0;
}

// A mutation of a file that begins with the 8-byte length of its header: of the header, whose length stays true, or of
// what follows it. The signature is LLVMFuzzerCustomMutator's.
std::size_t mutate_safetensors(std::uint8_t* data, std::size_t size, std::size_t capacity, unsigned seed);

}  // namespace torch2mlx::fuzz

// The target's one function, defined by FUZZ(bytes) { ... }.
#define FUZZ(bytes)                                                                                      \
  static int fuzz_input(torch2mlx::fuzz::Input bytes);                                                   \
  extern "C" __attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(const std::uint8_t* data, \
                                                                               std::size_t size) {       \
    return fuzz_input(std::as_bytes(std::span(data, size)));                                             \
  }                                                                                                      \
  static int fuzz_input(torch2mlx::fuzz::Input bytes)
