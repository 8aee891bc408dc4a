#include "read/torch_storage.h"

#include <fmt/format.h>

#include "read/bytes.h"

namespace torch2mlx {

std::optional<Dtype> dtype_of_class(std::string_view global, std::string_view kind) {
  const std::string_view prefix = global.starts_with("torch.cuda.") ? "torch.cuda." : "torch.";
  if (!global.starts_with(prefix) || !global.ends_with(kind)) return std::nullopt;
  global.remove_prefix(prefix.size());
  if (global.size() <= kind.size()) return std::nullopt;
  global.remove_suffix(kind.size());
  // Integers of quantized tensors, whose meaning stands beside the storage.
  if (global == "QInt8") return Dtype::int8;
  if (global == "QUInt8") return Dtype::uint8;
  if (global == "QInt32") return Dtype::int32;
  return dtype_from_storage(fmt::format("{}Storage", global));
}

std::shared_ptr<const Storage> storage_part(const Storage& whole, std::uint64_t offset, std::uint64_t elements,
                                            std::size_t element_size, const std::string& place) {
  const std::uint64_t available = whole.bytes.size() / element_size;
  if (!lies_within(offset, elements, available))
    refuse(place, fmt::format("a view of {} elements at {} of a storage of {}", elements, offset, available));
  auto part = std::make_shared<Storage>(whole);
  part->bytes = whole.bytes.subspan(offset * element_size, elements * element_size);
  return part;
}

}  // namespace torch2mlx
