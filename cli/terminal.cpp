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

std::string describe_rule(const TensorReport& tensor) {
  const std::string_view path = tensor.layer;
  const auto layer = path.empty() ? "" : fmt::format("{} ", path.substr(path.rfind('.') + 1));
  std::string text = fmt::format("{}by {}", layer, to_string(tensor.evidence));
  if (!tensor.permutation.empty()) text += fmt::format(", axes ({})", fmt::join(tensor.permutation, ", "));
  if (tensor.from != tensor.to) text += fmt::format(", from {}", row(tensor.from).torch);
  if (!tensor.how.empty()) text += fmt::format(", {}", std::string_view(tensor.how));
  return text;
}

std::string human_time(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} s", whole);
}

Progress::Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO)) {}

Progress::~Progress() {
  if (shown_ && terminal_) std::fputs("\r\033[K", stderr);
}

Options& Progress::watch(Options& options, const std::function<bool()>& interrupted) {
  options.progress = [this, &interrupted](std::uint64_t done, std::uint64_t total) {
    show(done, total);
    return !interrupted || !interrupted();
  };
  return options;
}

void Progress::show(std::uint64_t done, std::uint64_t total) {
  const auto now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000);
  if (quiet_ || total == 0 || now - last_ < pause) return;
  last_ = now;
  shown_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double share = static_cast<double>(done) / static_cast<double>(total);
  const auto speed = static_cast<std::uint64_t>(static_cast<double>(done) / seconds);
  const auto filled = static_cast<std::size_t>(share * 30);
  const std::string bar =
      terminal_ ? fmt::format("\r\033[K[{}{}] ", std::string(filled, '#'), std::string(30 - filled, '.')) : "";
  const std::string left = done == 0 ? "" : fmt::format(", {} left", human_time(seconds / share - seconds));
  fmt::print(stderr, "{}{:.0f}% of {}, {}/s{}{}", bar, 100 * share, human_size(total), human_size(speed), left,
             terminal_ ? "" : "\n");
}

}  // namespace torch2mlx::cli
