// Pickles of protocol 2, as far as a state dict needs them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "weights/record.h"

namespace torch2mlx::weights {

// Gives the pickle piece by piece.
class PickleWriter {
 public:
  // `put` must outlive it.
  explicit PickleWriter(const Put& put) : put_(put), text_("\x80\x02") {}

  void global(std::string_view module, std::string_view name);
  void text(std::string_view text);  // UTF-8
  void integer(std::int64_t value);
  void integers(std::span<const std::int64_t> values);  // as a tuple
  void boolean(bool value) { text_ += value ? '\x88' : '\x89'; }
  void mark() { text_ += '('; }
  void tuple() { text_ += 't'; }  // of what follows the last mark
  void empty_tuple() { text_ += ')'; }
  void call();                         // of a global and a tuple
  void persistent() { text_ += 'Q'; }  // the tuple before it is an id
  void set_items() { text_ += 'u'; }   // keys and values after the last mark, into the dict before it

  void finish() && { put_(text_ += '.'); }

 private:
  const Put& put_;
  std::string text_;  // not given yet
};

}  // namespace torch2mlx::weights
