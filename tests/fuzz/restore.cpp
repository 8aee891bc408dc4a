// A file of MLX's with its record, restored: shapes and shares that the record only claims.
#include "torch2mlx/restore.h"

#include "fuzz.h"
#include "read/safetensors.h"

using namespace torch2mlx;

extern "C" __attribute__((visibility("default"))) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data,
                                                                                      std::size_t size,
                                                                                      std::size_t capacity,
                                                                                      unsigned seed) {
  return fuzz::mutate_safetensors(data, size, capacity, seed);
}

FUZZ(bytes) {
  return fuzz::attempt([&] {
    const fuzz::File file(bytes);
    const Checkpoint checkpoint = read_safetensors(file.mapped());
    Options options;
    options.sync = false;
    options.force = true;
    options.threads = 1;
    restore(checkpoint, fuzz::folder() / "out.pt", options);
  });
}
