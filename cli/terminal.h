// Text for people.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "torch2mlx/convert.h"

namespace torch2mlx::cli {

// "torch2mlx: PLACE: REASON (hint: ...)" on stderr, then indented details.
void print_error(const Error& error);

// "90.9 MB"
std::string human_size(std::uint64_t bytes);

// "[64, 3, 7, 7] float32"
std::string describe(const std::vector<std::int64_t>& shape, Dtype dtype);

// A bar on stderr while it is a terminal; nothing elsewhere.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  void show(std::uint64_t done, std::uint64_t total);

 private:
  bool enabled_;
  int shown_ = -1;  // percent
};

}  // namespace torch2mlx::cli
