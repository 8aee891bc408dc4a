// Files of every format that is read, made byte by byte, so that each byte can be wrong.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wrestrict"  // g++ 12 sees overlaps in "a" + std::string (its bug 105651)
#endif

#include "base/error.h"
#include "read/checkpoint.h"

namespace torch2mlx::testing {

template <class T>
std::string little(T value) {
  std::string out;
  for (std::size_t i = 0; i < sizeof(T); ++i) out += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  return out;
}

inline std::string u16(std::uint64_t value) { return little(static_cast<std::uint16_t>(value)); }
inline std::string u32(std::uint64_t value) { return little(static_cast<std::uint32_t>(value)); }
inline std::string u64(std::uint64_t value) { return little(value); }

inline std::string floats(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

// A folder of its own for each test, gone afterwards.
class Files : public ::testing::Test {
 protected:
  Files() {
    std::string name = (std::filesystem::temp_directory_path() / "torch2mlx-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~Files() override { std::filesystem::remove_all(folder); }

  std::filesystem::path write(const std::string& name, const std::string& bytes) const {
    const auto path = folder / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }

  std::filesystem::path folder;
};

// What open_checkpoint says against a file; empty if it opens.
inline std::string refusal(const std::filesystem::path& path, const std::string& key = {}) {
  try {
    open_checkpoint(path, key);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// Where the elements of a float32 tensor begin.
inline const std::byte* first_byte(const Tensor& tensor) { return tensor.storage->bytes.data() + tensor.offset * 4; }

// Elements of a float32 tensor, row-major.
inline std::vector<float> values(const Tensor& tensor) {
  std::vector<float> out;
  for (std::int64_t i = 0; i < tensor.elements(); ++i) {
    std::int64_t at = tensor.offset, rest = i;
    for (std::size_t d = tensor.shape.size(); d-- > 0; rest /= tensor.shape[d])
      at += rest % tensor.shape[d] * tensor.strides[d];
    float value = 0;
    std::memcpy(&value, tensor.storage->bytes.data() + at * 4, 4);
    out.push_back(value);
  }
  return out;
}

inline std::string safetensors(const std::string& header, const std::string& data = {}) {
  return u64(header.size()) + header + data;
}

// Zip --------------------------------------------------------------------------------------------------------------

struct ZipMember {
  std::string name = {}, data = {};
  // Where a header is to differ from what is true.
  std::optional<std::uint32_t> crc = {}, local_size = {}, central_size = {}, offset = {};
  std::optional<std::string> local_name = {};
  std::uint16_t flags = 0x0808, method = 0;
  std::string packed = {};  // deflated data, with method 8
  std::string extra = {};   // of the directory
};

struct ZipOptions {
  bool zip64 = true;
  std::optional<std::uint64_t> zip64_entries = {};
  std::string tail = {};
};

// As torch.save writes: sizes and checksum behind the data, zip64 end records always.
std::string zip(const std::vector<ZipMember>& members, const ZipOptions& options = {});

// Pickle -----------------------------------------------------------------------------------------------------------

// Opcodes one after the other; each function pushes one value.
class Opcodes {
 public:
  Opcodes() : bytes_("\x80\x02") {}
  Opcodes& raw(const std::string& bytes) { return bytes_ += bytes, *this; }
  Opcodes& text(const std::string& text) { return raw("X" + u32(text.size()) + text); }
  Opcodes& integer(std::int64_t value) { return raw("\x8a\x08" + u64(static_cast<std::uint64_t>(value))); }
  Opcodes& global(const std::string& module, const std::string& name) { return raw("c" + module + "\n" + name + "\n"); }
  Opcodes& sizes(const std::vector<std::int64_t>& values);
  // A float32 tensor over storage `key` of `elements`.
  Opcodes& tensor(const std::string& key, std::int64_t elements, const std::vector<std::int64_t>& shape,
                  const std::vector<std::int64_t>& strides, std::int64_t offset = 0);
  std::string stop() const { return bytes_ + "."; }

 private:
  std::string bytes_;
};

// A persistent id: the word, torch.FloatStorage, then as many of '0', 'cpu' and 4 as `most` leaves, then `behind`.
Opcodes with_id(const std::string& word, std::size_t most, const std::string& behind);

// A checkpoint of torch.save: the pickle and its storages data/0, data/1 ...
std::string torch_zip(const std::string& pickle, const std::vector<std::string>& storages,
                      const std::string& byte_order = "little");

}  // namespace torch2mlx::testing
