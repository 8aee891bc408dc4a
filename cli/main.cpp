#include <atomic>
#include <csignal>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/run.h"

namespace {

std::atomic<int> stopped_by = 0;
static_assert(std::atomic<int>::is_always_lock_free, "set from a signal handler");

// Half-written output is removed by the code that writes it, so a signal only asks it to stop. One that was ignored
// when we were started (nohup) stays so.
void ask_to_stop(int signal) {
  if (std::signal(signal, [](int number) { stopped_by = number; }) == SIG_IGN) std::signal(signal, SIG_IGN);
}

}  // namespace

int main(int argc, char** argv) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 256 << 10);  // larger blocks go back to the system when they are freed, always
#endif
  torch2mlx::cli::Hooks hooks;
  hooks.writing = [] {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ask_to_stop(signal);
  };
  hooks.interrupted = [] { return stopped_by.load() != 0; };
  std::signal(SIGXFSZ, SIG_IGN);  // the write that is too long fails instead
  const int status = torch2mlx::cli::run({argv + 1, argv + argc}, hooks);
  if (const int signal = stopped_by; signal != 0 && status != 0) {
    std::signal(signal, SIG_DFL);  // who started us is to see what ended us
    std::raise(signal);
  }
  return status;
}
