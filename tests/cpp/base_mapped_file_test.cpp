#include <csignal>
#include <numeric>

#include "base/mapped_file.h"
#include "read_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t size = 1 << 20;

class MappedFiles : public Files {
 protected:
  const std::filesystem::path path = write("file", std::string(size, 'x'));
};

long sum(const MappedFile& file) {
  return std::accumulate(file.bytes().begin(), file.bytes().end(), 0L,
                         [](long all, std::byte byte) { return all + std::to_integer<long>(byte); });
}

std::string change(const MappedFile& file) {
  try {
    file.require_unchanged();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST_F(MappedFiles, BytesThatAreCutOffReadAsZeros) {
  const auto file = MappedFile::open(path), other = MappedFile::open(path);
  EXPECT_EQ(change(*file), "");
  std::filesystem::resize_file(path, 5000);
  EXPECT_EQ(sum(*file), 5000 * 'x');
  EXPECT_EQ(sum(*other), 5000 * 'x');
  write("file", std::string(size, 'x'));
  EXPECT_THAT(change(*file), HasSubstr("was changed while it was read"));
}

TEST_F(MappedFiles, WritingShowsAndReplacingDoesNot) {
  const auto file = MappedFile::open(path);
  std::filesystem::rename(path, folder / "old");
  write("file", "another");
  EXPECT_EQ(change(*file), "");
  std::filesystem::last_write_time(folder / "old", {});
  EXPECT_THAT(change(*file), HasSubstr("was changed while it was read"));
}

TEST_F(MappedFiles, FaultsElsewhereStillEndTheProcess) {
  const auto file = MappedFile::open(path);
  EXPECT_EXIT(std::raise(SIGBUS), [](int status) { return status != 0; }, "");
}

}  // namespace
}  // namespace torch2mlx::testing
