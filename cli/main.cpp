#include <atomic>
#include <csignal>

#include "cli/run.h"

namespace {

std::atomic<bool> stopped = false;
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

}  // namespace

int main(int argc, char** argv) {
  // Half-written output is removed by the code that writes it, so a signal only asks it to stop.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, [](int) { stopped = true; });
  torch2mlx::cli::Hooks hooks;
  hooks.interrupted = [] { return stopped.load(); };
  return torch2mlx::cli::run({argv + 1, argv + argc}, hooks);
}
