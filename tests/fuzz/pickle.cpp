// The machine alone, then the walk to a model, with storages of any key and size that the file could pay for.
#include "read/pickle.h"

#include <algorithm>
#include <vector>

#include "fuzz.h"

using namespace torch2mlx;

FUZZ(bytes) {
  return fuzz::attempt([&] {
    const std::unique_ptr<std::byte[]> copy(new std::byte[bytes.size()]);  // exactly so long
    std::ranges::copy(bytes, copy.get());
    const Pickle pickle({copy.get(), bytes.size()}, "pickle");
    const auto find = [](const StorageId& id, const std::string& place) {
      if (id.bytes > 1 << 16) throw Error(ErrorKind::input, place, "no storage of that size");
      const auto memory = std::make_shared<std::vector<std::byte>>(id.bytes);
      return std::make_shared<const Storage>(Storage{.bytes = *memory, .owner = memory});
    };
    TorchValues values(pickle, "pickle", find);
    Checkpoint checkpoint;
    fuzz::collect(values, checkpoint);
    fuzz::read_all(std::move(checkpoint), bytes.size());
  });
}
