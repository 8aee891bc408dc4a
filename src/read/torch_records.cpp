#include "read/torch_records.h"

#include <fmt/format.h>

#include "read/torch_values.h"

namespace torch2mlx {

TorchRecords::TorchRecords(const std::shared_ptr<const MappedFile>& file, std::uint64_t at, std::uint64_t end)
    : whole_(std::make_shared<Storage>(storage_in(file, 0, file->bytes().size()))),
      bytes_(file->bytes().first(end)),
      at_(at) {}

Pickle TorchRecords::pickle(const std::string& name) {
  Pickle result(bytes_, name, at_);
  at_ += result.size();
  return result;
}

StorageSlice TorchRecords::storage(std::uint64_t elements, std::size_t element_size, const std::string& name) {
  const auto size = multiply(elements, element_size);
  if (!size || *size > left())
    refuse(place(name),
           fmt::format("{} elements of {} bytes announced, {} bytes left", elements, element_size, left()));
  const std::size_t at = advance(*size, name);
  return {whole_, at, *size};
}

std::string TorchRecords::place(const std::string& name) const { return fmt::format("{}, byte {}", name, at_); }

std::size_t TorchRecords::advance(std::uint64_t size, const std::string& name) {
  if (size > left()) refuse(place(name), fmt::format("{} bytes expected, {} left", size, left()));
  const std::size_t at = at_;
  at_ += size;
  return at;
}

bool says_little_endian(const Pickle& sys_info, const std::string& name) {
  const TorchValues values(sys_info, name, {});
  const PickleRef flag = values.lookup(sys_info.root_ref(), "little_endian");
  if (flag == no_value || sys_info[flag].kind != PickleKind::boolean)
    refuse(values.place(sys_info.root_ref()), "no byte order: little_endian is neither true nor false");
  return sys_info[flag].integer != 0;
}

}  // namespace torch2mlx
