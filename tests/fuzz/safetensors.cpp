#include "read/safetensors.h"

#include "fuzz.h"

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
    fuzz::read_all(read_safetensors(file.mapped()), bytes.size());
  });
}
