// The opcodes of a pickle with their operands, one after the other, whatever they do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "read/bytes.h"

namespace torch2mlx {

struct PickleOpcode {
  char code = 0;
  std::size_t at = 0;             // byte of the code
  std::uint64_t number = 0;       // operand of fixed size, little-endian
  std::string_view text, second;  // counted operands, lines
};

class PickleOpcodes {
 public:
  // `bytes` and `place` must outlive it.
  PickleOpcodes(Bytes bytes, const std::string& place, std::size_t start)
      : bytes_(bytes), place_(place), at_(start), opcode_at_(start) {}

  // Throws Error(input), "PLACE, byte N", at the end of the bytes and for more than 16 M opcodes. Codes that are not
  // known have no operand.
  PickleOpcode next();

  std::size_t at() const { return at_; }  // byte behind what was read
  std::size_t end() const { return bytes_.size(); }
  std::string here() const;  // the last opcode's place
  [[noreturn]] void fail(std::string message) const { refuse(here(), std::move(message)); }

 private:
  template <class T>
  T take();
  std::string_view take_bytes(std::uint64_t count);
  std::string_view take_line();

  Bytes bytes_;
  const std::string& place_;
  std::size_t at_, opcode_at_, count_ = 0;
};

// The places of the memo that the pickle reads, each of which it fills once. Nothing where that is not so, or where
// opcodes of protocol 4 leave it open.
std::optional<std::unordered_set<std::int64_t>> memo_reads(Bytes bytes, const std::string& place, std::size_t start);

}  // namespace torch2mlx
