// What torch.save wrote one after the other before 1.6: pickles, numbers and storages, in place in the mapped file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "read/bytes.h"
#include "read/checkpoint.h"
#include "read/pickle.h"
#include "read/torch_storage.h"

namespace torch2mlx {

// Bytes [at, end) of the file, read from front to back. Places count bytes from the start of the file.
class TorchRecords {
 public:
  TorchRecords(const std::shared_ptr<const MappedFile>& file, std::uint64_t at, std::uint64_t end);

  // The next pickle; `name` is for places. Throws Error(input).
  Pickle pickle(const std::string& name);
  // The next number, little-endian. Throws Error(input) at `name` where fewer bytes are left.
  template <class T>
  T number(const std::string& name) {
    return load_little<T>(bytes_, advance(sizeof(T), name));
  }
  // The next `elements` of a storage. Throws Error(input) at `name` where fewer are left.
  StorageSlice storage(std::uint64_t elements, std::size_t element_size, const std::string& name);
  void skip(std::uint64_t size, const std::string& name) { advance(size, name); }

  std::string place(const std::string& name) const;  // "storage '7', byte 4664"
  std::uint64_t left() const { return bytes_.size() - at_; }
  Bytes rest() const { return bytes_.subspan(at_); }

 private:
  std::size_t advance(std::uint64_t size, const std::string& name);

  std::shared_ptr<const Storage> whole_;
  Bytes bytes_;  // of the file, up to the end of the records
  std::size_t at_;
};

// The flag `little_endian` of the pickled facts about the machine that wrote. Throws Error(input) where there is none.
bool says_little_endian(const Pickle& sys_info, const std::string& name);

}  // namespace torch2mlx
