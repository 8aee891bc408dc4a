#include "base/fault_guard.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>

namespace torch2mlx {

// One guarded map. Never freed, only used again: the handler may walk the list at any moment.
struct FaultGuard::Region {
  std::atomic<bool> used = true;
  std::atomic<std::uintptr_t> begin = 0, end = 0;
  std::atomic<bool> met = false;
  Region* next = nullptr;
};

namespace {

std::atomic<FaultGuard::Region*> regions = nullptr;
std::uintptr_t page = 0;
struct sigaction before{};

// All from the faulting page on lies beyond the file's new end. mmap is a bare system call, so safe in a handler.
bool replace(FaultGuard::Region& region, std::uintptr_t at) {
  const std::uintptr_t from = at / page * page, end = (region.end + page - 1) / page * page;
  region.met = true;
  return ::mmap(reinterpret_cast<void*>(from), end - from, PROT_READ,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0) != MAP_FAILED;
}

void hand_on(int signal, siginfo_t* info, void* context) {
  if (before.sa_flags & SA_SIGINFO) return before.sa_sigaction(signal, info, context);
  if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) return before.sa_handler(signal);
  std::signal(signal, SIG_DFL);
  std::raise(signal);  // waits until this handler returns, and ends the process
}

void on_fault(int signal, siginfo_t* info, void* context) {
  const int saved = errno;
  const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
  for (auto* region = regions.load(); region; region = region->next)
    if (region->begin <= at && at < region->end && replace(*region, at)) {
      errno = saved;
      return;
    }
  hand_on(signal, info, context);
}

bool install() {
  page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  struct sigaction action{};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigemptyset(&action.sa_mask);
  return ::sigaction(SIGBUS, &action, &before) == 0;
}

FaultGuard::Region* claim() {
  for (auto* region = regions.load(); region; region = region->next)
    if (!region->used.exchange(true)) return region;
  auto* region = new FaultGuard::Region;
  region->next = regions.load();
  while (!regions.compare_exchange_weak(region->next, region)) {
  }
  return region;
}

}  // namespace

FaultGuard::FaultGuard(std::span<const std::byte> bytes) {
  [[maybe_unused]] static const bool installed = install();
  region_ = claim();
  region_->met = false;
  region_->begin = reinterpret_cast<std::uintptr_t>(bytes.data());
  region_->end = region_->begin + bytes.size();
}

FaultGuard::~FaultGuard() {
  region_->end = 0;
  region_->begin = 0;
  region_->used = false;
}

bool FaultGuard::met() const { return region_->met; }

}  // namespace torch2mlx
