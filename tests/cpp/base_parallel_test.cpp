// Pieces of work on several cores, and checksums of pieces.
#include <gmock/gmock.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/crc.h"
#include "base/parallel.h"

namespace torch2mlx {
namespace {

using ::testing::Each;

TEST(Parallel, EveryPieceOnce) {
  for (const unsigned threads : {0u, 1u, 2u, 7u})
    for (const std::size_t count : {0u, 1u, 2u, 1000u}) {
      std::vector<std::atomic<int>> calls(count);
      parallel_for(count, threads, [&](std::size_t i) { ++calls[i]; });
      for (const auto& call : calls) EXPECT_EQ(call, 1);
    }
}

TEST(Parallel, CallsNest) {
  std::atomic<int> calls = 0;
  parallel_for(4, 3, [&](std::size_t) { parallel_for(5, 3, [&](std::size_t) { ++calls; }); });
  EXPECT_EQ(calls, 20);
}

TEST(Parallel, TheFirstExceptionEndsTheRest) {
  for (const unsigned threads : {1u, 2u, 8u}) {
    std::atomic<std::size_t> calls = 0;
    const auto run = [&] {
      parallel_for(1'000'000, threads, [&](std::size_t i) {
        ++calls;
        if (i == 3) throw std::runtime_error("piece 3");
      });
    };
    EXPECT_THAT(run, ::testing::ThrowsMessage<std::runtime_error>("piece 3"));
    EXPECT_LT(calls, 1'000'000u);
  }
}

TEST(Crc, KnownAndJoined) {
  const auto crc = [](std::string_view text) { return crc32_of(std::as_bytes(std::span(text))); };
  EXPECT_EQ(crc(""), 0u);
  EXPECT_EQ(crc("123456789"), 0xCBF43926u);
  std::string text;
  for (int i = 0; i < 5000; ++i) text += static_cast<char>(i * 37 % 251);
  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{4095}, std::size_t{4096}, text.size()}) {
    const std::string_view whole = text, a = whole.substr(0, cut), b = whole.substr(cut);
    EXPECT_EQ(crc32_joined(crc(a), crc(b), b.size()), crc(whole)) << cut;
  }
  // Eight GiB of zeros, by doubling one MiB.
  std::uint32_t zeros = crc(std::string(1 << 20, '\0'));
  for (std::uint64_t size = 1 << 20; size < std::uint64_t{1} << 33; size *= 2) zeros = crc32_joined(zeros, zeros, size);
  EXPECT_EQ(zeros, 0x41D912FFu);
}

}  // namespace
}  // namespace torch2mlx
