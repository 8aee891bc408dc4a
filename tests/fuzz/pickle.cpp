// The machine alone, then the walk to a model, with storages of any key and size that the file could pay for.
#include "read/pickle.h"

#include <algorithm>
#include <map>
#include <vector>

#include "fuzz.h"

using namespace torch2mlx;

FUZZ(bytes) {
  return fuzz::attempt([&] {
    const std::unique_ptr<std::byte[]> copy(new std::byte[bytes.size()]);  // exactly so long
    std::ranges::copy(bytes, copy.get());
    std::map<std::string, std::shared_ptr<const Storage>, std::less<>> storages;
    const Pickle pickle({copy.get(), bytes.size()}, "pickle");
    const auto find = [&](const StorageId& id, const std::string& place) {
      if (id.bytes > 1 << 16) throw Error(ErrorKind::input, place, "no storage of that size");
      auto& known = storages[std::string(id.key)];
      if (known && known->bytes.size() != id.bytes) throw Error(ErrorKind::input, place, "another size than before");
      if (known) return known;
      const auto memory = std::make_shared<std::vector<std::byte>>(id.bytes);
      return known = std::make_shared<const Storage>(Storage{.bytes = *memory, .owner = memory});
    };
    TorchValues values(pickle, "pickle", find);
    Checkpoint checkpoint;
    fuzz::collect(values, checkpoint);
    fuzz::read_all(std::move(checkpoint), bytes.size());
  });
}
