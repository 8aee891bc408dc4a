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
    std::map<std::string, StorageSlice, std::less<>> storages;
    const Pickle pickle({copy.get(), bytes.size()}, "pickle");
    const auto find = [&](const StorageId& id, const std::string& place) {
      if (id.bytes > 1 << 16) throw Error(ErrorKind::input, place, "no storage of that size");
      StorageSlice& known = storages[std::string(id.key)];
      if (known.whole && known.size != id.bytes) throw Error(ErrorKind::input, place, "another size than before");
      if (known.whole) return known;
      // Not at the beginning of what holds it, and not always at a whole element.
      const std::uint64_t begin = storages.size() % 9;
      const auto memory = std::make_shared<std::vector<std::byte>>(begin + id.bytes);
      known = {std::make_shared<const Storage>(Storage{.bytes = *memory, .owner = memory}), begin, id.bytes};
      return known;
    };
    TorchValues values(pickle, "pickle", find);
    Checkpoint checkpoint;
    fuzz::collect(values, checkpoint);
    fuzz::read_all(std::move(checkpoint), bytes.size());
  });
}
