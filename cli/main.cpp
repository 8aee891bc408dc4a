#include <unistd.h>

#include <atomic>
#include <csignal>

#include "cli/run.h"

namespace {

std::atomic<bool> stopped = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

// The one place where a file that becomes shorter under our hands shows: its pages are gone.
void vanished(int) {
  constexpr char text[] = "torch2mlx: a file became shorter while it was read (hint: is it still being written?)\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, sizeof text - 1);
  ::_exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  // Half-written output is removed by the code that writes it, so a signal only asks it to stop.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, [](int) { stopped = true; });
  std::signal(SIGBUS, vanished);
  torch2mlx::cli::Hooks hooks;
  hooks.interrupted = [] { return stopped.load(); };
  return torch2mlx::cli::run({argv + 1, argv + argc}, hooks);
}
