// Text for people.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
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

// How a tensor was treated and what told so: "Conv2d by module tree, axes (0, 2, 3, 1)".
std::string describe_rule(const TensorReport& tensor);

// "1 h 02 min", "3 min 05 s", "7 s"
std::string human_time(double seconds);

// How far a conversion is, on stderr: a bar with bytes/s and the time left on a terminal, a line every ten seconds
// elsewhere, nothing if quiet.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();

  // `options` with this as its progress, which stops when `interrupted` (may be empty) says so. Both must outlive it.
  Options& watch(Options& options, const std::function<bool()>& interrupted);
  void show(std::uint64_t done, std::uint64_t total);

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_, terminal_, shown_ = false;
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

}  // namespace torch2mlx::cli
