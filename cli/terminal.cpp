#include "cli/terminal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>

namespace torch2mlx::cli {

void print_error(const Error& error) {
  std::string text = fmt::format("torch2mlx: {}\n", printable(error.what(), 1900));
  for (const auto& detail : error.details()) text += fmt::format("  {}\n", printable(detail, 500));
  std::fputs(text.c_str(), stderr);
}

std::string human_size(std::uint64_t bytes) {
  constexpr const char* units[] = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; value >= 999.95 && unit < 3; ++unit) value /= 1000;
  return fmt::format("{:.1f} {}", value, units[unit]);
}

std::string describe(const std::vector<std::int64_t>& shape, Dtype dtype) {
  return fmt::format("[{}] {}", fmt::join(shape, ", "), row(dtype).torch);
}

Progress::Progress(bool quiet) : enabled_(!quiet && isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (shown_ >= 0) std::fputs("\r\033[K", stderr);
}

void Progress::show(std::uint64_t done, std::uint64_t total) {
  if (!enabled_ || total == 0) return;
  const int percent = static_cast<int>(100.0 * static_cast<double>(done) / static_cast<double>(total));
  if (percent == shown_) return;
  shown_ = percent;
  const auto filled = static_cast<std::size_t>(percent) * 40 / 100;
  fmt::print(stderr, "\r{:>3}% [{}{}] {}", percent, std::string(filled, '#'), std::string(40 - filled, '.'),
             human_size(total));
}

}  // namespace torch2mlx::cli
