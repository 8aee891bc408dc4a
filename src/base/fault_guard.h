// Maps of files that others cut short: reading past the new end is a SIGBUS, which would end the process.
#pragma once

#include <cstddef>
#include <span>

namespace torch2mlx {

// While it lives, pages of `bytes` that the file no longer has are replaced by zeros when they are met. The handler is
// set with the first guard and hands faults elsewhere on to the one before it.
class FaultGuard {
 public:
  explicit FaultGuard(std::span<const std::byte> bytes);
  ~FaultGuard();
  FaultGuard(const FaultGuard&) = delete;
  FaultGuard& operator=(const FaultGuard&) = delete;

  bool met() const;  // whether zeros stand for lost bytes

  struct Region;

 private:
  Region* region_;
};

}  // namespace torch2mlx
