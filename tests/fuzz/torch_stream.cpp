#include "read/torch_stream.h"

#include "fuzz.h"

using namespace torch2mlx;

FUZZ(bytes) {
  return fuzz::attempt([&] {
    const fuzz::File file(bytes);
    fuzz::read_all(read_torch_stream(file.mapped(), fuzz::collect), bytes.size());
  });
}
