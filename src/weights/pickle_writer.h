// Pickles of protocol 2, as far as a state dict needs them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace torch2mlx::weights {

class PickleWriter {
 public:
  PickleWriter() : text_("\x80\x02") {}

  void global(std::string_view module, std::string_view name);
  void text(std::string_view text);  // UTF-8
  void integer(std::int64_t value);
  void integers(std::span<const std::int64_t> values);  // as a tuple
  void boolean(bool value) { text_ += value ? '\x88' : '\x89'; }
  void mark() { text_ += '('; }
  void tuple() { text_ += 't'; }  // of what follows the last mark
  void empty_tuple() { text_ += ')'; }
  void call() { text_ += 'R'; }        // of a global and a tuple
  void persistent() { text_ += 'Q'; }  // the tuple before it is an id
  void set_items() { text_ += 'u'; }   // keys and values after the last mark, into the dict before it

  std::string finish() && { return std::move(text_ += '.'); }

 private:
  std::string text_;
};

}  // namespace torch2mlx::weights
