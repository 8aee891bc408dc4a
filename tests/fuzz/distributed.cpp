// The `.metadata` of a folder of torch.distributed.checkpoint whose one file of items is sound: the input's first part,
// by its length in 4 bytes, is the metadata, the rest the items.
#include <algorithm>

#include "fuzz.h"
#include "read/bytes.h"

using namespace torch2mlx;

FUZZ(bytes) {
  if (bytes.size() < 4) return 0;
  const auto length = std::min<std::size_t>(load_little<std::uint32_t>(bytes, 0), bytes.size() - 4);
  const auto folder = fuzz::folder() / "distributed";
  std::filesystem::create_directory(folder);
  fuzz::write(folder / ".metadata", bytes.subspan(4, length));
  fuzz::write(folder / "__0_0.distcp", bytes.subspan(4 + length));
  return fuzz::attempt([&] { fuzz::read_elements(open_checkpoint(folder, {}, false).tensors); });
}
