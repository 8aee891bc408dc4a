#include "weights/pickle_writer.h"

namespace torch2mlx::weights {
namespace {

void append_little(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

}  // namespace

void PickleWriter::global(std::string_view module, std::string_view name) {
  text_.append("c").append(module).append("\n").append(name).append("\n");
}

void PickleWriter::text(std::string_view text) {
  text_ += 'X';
  append_little(text_, text.size(), 4);
  text_ += text;
}

void PickleWriter::integer(std::int64_t value) {
  if (value >= 0 && value < 256) {
    text_ += 'K';
    append_little(text_, static_cast<std::uint64_t>(value), 1);
  } else if (value >= INT32_MIN && value <= INT32_MAX) {
    text_ += 'J';
    append_little(text_, static_cast<std::uint64_t>(value), 4);
  } else {
    text_ += "\x8a\x08";
    append_little(text_, static_cast<std::uint64_t>(value), 8);
  }
}

void PickleWriter::call() {
  text_ += 'R';
  if (text_.size() < piece_size) return;
  put_(text_);
  text_.clear();
}

void PickleWriter::integers(std::span<const std::int64_t> values) {
  mark();
  for (const std::int64_t value : values) integer(value);
  tuple();
}

}  // namespace torch2mlx::weights
