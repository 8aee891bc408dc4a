// The text forms of pickle protocol 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace torch2mlx {

// All return nothing for text that is not of the form.
std::optional<std::int64_t> pickle_integer(std::string_view digits);  // "-12", with Python 2's final L
std::optional<double> pickle_real(std::string_view digits);           // as float() reads it
std::optional<std::string> pickle_string(std::string_view quoted);    // 'a\x00b', a Python 2 repr
std::optional<std::string> pickle_unicode(std::string_view escaped);  // raw-unicode-escape, to UTF-8

// The id of a storage as Python prints it: ('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 12), before 1.6 with
// None behind.
struct TextStorageId {
  std::string_view module, type, key, location;
  std::int64_t elements;
  bool has_none;  // behind them
};
std::optional<TextStorageId> pickle_storage_id(std::string_view text);

}  // namespace torch2mlx
