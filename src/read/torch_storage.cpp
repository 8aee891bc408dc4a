#include "read/torch_storage.h"

#include <fmt/format.h>

#include "read/bytes.h"
#include "read/check.h"

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

StorageSlice part_of(const StorageSlice& slice, std::uint64_t offset, std::uint64_t elements, std::size_t element_size,
                     const std::string& place) {
  const std::uint64_t available = slice.size / element_size;
  if (!lies_within(offset, elements, available))
    refuse(place, fmt::format("a view of {} elements at {} of a storage of {}", elements, offset, available));
  return {slice.whole, slice.begin + offset * element_size, elements * element_size};
}

void put(Tensor& tensor, const StorageSlice& slice, const std::string& place) {
  check_view(tensor, slice.size, place);
  const std::size_t size = size_of(tensor.dtype);
  if (slice.begin % size == 0) {
    tensor.storage = slice.whole;
    tensor.offset += static_cast<std::int64_t>(slice.begin / size);
    return;
  }
  // Offsets count elements: this one needs a storage that begins where it does.
  Storage own = *slice.whole;
  own.bytes = slice.bytes();
  tensor.storage = std::make_shared<Storage>(std::move(own));
}

}  // namespace torch2mlx
