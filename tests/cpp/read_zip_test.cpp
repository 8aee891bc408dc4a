#include <libdeflate.h>

#include "read/zip.h"
#include "read_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::HasSubstr;

std::string deflated(const std::string& data) {
  std::string out(data.size() + 100, '\0');
  libdeflate_compressor* deflater = libdeflate_alloc_compressor(9);
  out.resize(libdeflate_deflate_compress(deflater, data.data(), data.size(), out.data(), out.size()));
  libdeflate_free_compressor(deflater);
  return out;
}

class Zip : public Files {
 protected:
  // What is said against an archive or one of its entries; empty if all is well.
  std::string check(const std::string& bytes) const {
    try {
      const ZipArchive archive(MappedFile::open(write("a.zip", bytes)));
      for (const ZipEntry& entry : archive.entries()) archive.read_checked(entry);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
  std::string text(const std::string& bytes, std::string_view name) const {
    const ZipArchive archive(MappedFile::open(write("a.zip", bytes)));
    const auto storage = archive.read_checked(*archive.find(name));
    return {reinterpret_cast<const char*>(storage->bytes.data()), storage->bytes.size()};
  }
};

TEST_F(Zip, StoredInPlaceDeflatedInMemory) {
  const std::string long_text(5000, 'a');
  for (const bool zip64 : {false, true}) {
    const std::string bytes = zip({{.name = "m/a", .data = "hello"},
                                   {.name = "m/empty"},
                                   {.name = "m/b", .data = long_text, .method = 8, .packed = deflated(long_text)},
                                   {.name = "m/plain", .data = "x", .flags = 0}},
                                  {.zip64 = zip64});
    EXPECT_EQ(text(bytes, "m/a"), "hello");
    EXPECT_EQ(text(bytes, "m/empty"), "");
    EXPECT_EQ(text(bytes, "m/b"), long_text);
    EXPECT_EQ(text(bytes, "m/plain"), "x");
  }
}

TEST_F(Zip, ChecksumZeroEverywhereMeansNotRecorded) {
  EXPECT_EQ(check(zip({{.name = "m/a", .data = "hello", .crc = 0}})), "");
}

TEST_F(Zip, DamageIsRefused) {
  const std::string bomb(1 << 20, 'a');
  std::string flipped = zip({{.name = "m/a", .data = "hello"}});
  flipped[flipped.find("hello")] = 'j';
  std::string descriptor = zip({{.name = "m/a", .data = "hello"}});
  descriptor[descriptor.find("hello") + 5 + 8] = 6;
  std::string end = zip({{.name = "m/a", .data = "hello"}});
  end[end.size() - 12] = end[end.size() - 14] = 2;
  const std::vector<std::pair<std::string, std::string>> all{
      {flipped, "zip entry 'm/a': the data is damaged"},
      {descriptor, "the record behind the data disagrees"},
      {end, "the zip64 end record disagrees"},
      {zip({{.name = "m/a", .data = "hello", .crc = 7}}), "the data is damaged"},
      {zip({{.name = "m/a", .data = "hello"}, {.name = "m/a", .data = "x"}}), "occurs twice"},
      {zip({{.name = "m/a", .data = "hello"}, {.name = "m/A", .data = "x"}}), "occurs twice"},
      {zip({{.name = "m/a", .data = "hello", .local_name = "m/b"}}), "the local name disagrees"},
      {zip({{.name = "m/a", .data = "hello", .local_size = 4, .flags = 0}}), "local sizes disagree"},
      {zip({{.name = "m/a", .data = "hello", .central_size = 4}}), "the record behind the data disagrees"},
      {zip({{.name = "m/a", .data = "hello", .central_size = 400000}}), "the data leaves the file"},
      {zip({{.name = "m/a", .data = "hello"}, {.name = "m/a2", .data = "hello", .offset = 0}}), "local name disagrees"},
      {zip({{.name = "m/a", .data = "hello", .offset = 99999}}), "no local header"},
      {zip({{.name = "m/a", .data = "hello", .flags = 0x0809}}), "is encrypted"},
      {zip({{.name = "m/a", .data = "hello", .flags = 0x2008}}), "unknown flags"},
      {zip({{.name = "m/a", .data = "hello", .method = 12}}), "unknown method 12"},
      {zip({{.name = "m/a", .data = bomb, .method = 8, .packed = "abc"}}), "a size that cannot be"},
      {zip({{.name = "m/a", .data = "hello", .method = 8, .packed = "abc"}}), "compressed data is damaged"},
      {zip({{.name = "m/a", .data = "hello", .method = 8, .packed = deflated("hell")}}), "compressed data is damaged"},
      {zip({{.name = "m/a", .data = "hello", .method = 8, .packed = deflated("hello, hello")}}), "data is damaged"},
      {zip({{.name = "/etc/passwd", .data = "x"}}), "bad entry name"},
      {zip({{.name = std::string("m/a\0b", 5), .data = "x"}}), "bad entry name 'm/a\\x00b'"},
      {zip({{.name = "m/a", .data = "x"}}, {.zip64_entries = 2}), "disagrees"},
      {zip({{.name = "m/a", .data = "x"}}, {.tail = "more"}), "no end record"},
      {"PK", "no end record"},
  };
  for (const auto& [bytes, message] : all) EXPECT_THAT(check(bytes), HasSubstr(message));
}

// Two entries whose data share bytes: the second header lies within the first one's data.
TEST_F(Zip, OverlapIsRefused) {
  const std::string inner = zip({{.name = "m/b", .data = "x"}}, {.zip64 = false});
  const std::string local = inner.substr(0, inner.find("PK\x01\x02"));
  const std::string first = zip({{.name = "m/a", .data = local}}, {.zip64 = false});
  const std::uint64_t inside = first.find(local, 4);
  EXPECT_EQ(check(first), "");
  std::string directory = first.substr(first.find("PK\x01\x02"));
  directory.resize(directory.size() - 22);
  std::string second = inner.substr(inner.find("PK\x01\x02"));
  second.resize(second.size() - 22);
  second.replace(42, 4, u32(inside));
  const std::string begin = first.substr(0, first.find("PK\x01\x02"));
  const std::string end =
      u32(0x06054b50) + u32(0) + u16(2) + u16(2) + u32(directory.size() + second.size()) + u32(begin.size()) + u16(0);
  EXPECT_THAT(check(begin + directory + second + end), HasSubstr("overlaps 'm/a'"));
}

TEST_F(Zip, TruncatedAtEveryByte) {
  const std::string good = zip({{.name = "m/a", .data = "hello"}, {.name = "m/b", .data = "x"}});
  ASSERT_EQ(check(good), "");
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_NE(check(good.substr(0, size)), "") << size;
}

// Every byte of a small archive changed: either refused, or the entries still read.
TEST_F(Zip, NoByteCrashes) {
  const std::string good = zip({{.name = "m/a", .data = "hello"}, {.name = "m/b", .data = "x"}});
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const char value : {'\0', '\xff', '\x01'}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (value == 0 ? 0x80 : value));
      check(bad);
    }
}

}  // namespace
}  // namespace torch2mlx::testing
