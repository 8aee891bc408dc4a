#include "read_old_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string octal(std::uint64_t value) {
  std::string out(11, '0');
  for (std::size_t i = out.size(); i-- > 0; value /= 8) out[i] = static_cast<char>('0' + value % 8);
  return out;
}

struct TarFile {
  std::string name, data;
  char type = '0';
  std::optional<std::string> size = {};  // of the header, twelve bytes
};

std::string header(const TarFile& file) {
  std::string out(512, '\0');
  out.replace(0, file.name.size(), file.name);
  const std::string size = file.size.value_or(octal(file.data.size()));
  out.replace(124, size.size(), size);
  out.replace(156, 1, 1, file.type);
  out.replace(257, 5, "ustar");
  out.replace(263, 2, "00");
  std::uint64_t sum = 8 * ' ';
  for (const char c : out) sum += static_cast<unsigned char>(c);
  return out.replace(148, 7, octal(sum).substr(5) + '\0');
}

std::string padded(std::string data) {
  data.resize((data.size() + 511) / 512 * 512);
  return data;
}

std::string tar(const std::vector<TarFile>& files, const std::string& end = std::string(1024, '\0')) {
  std::string out;
  for (const TarFile& file : files) out += header(file) + padded(file.data);
  return out + end;
}

std::string row(std::int64_t key, const std::string& rest) {
  return Opcodes().raw("(").integer(key).raw(rest + "t").stop();
}

// (key, 'cpu', torch.FloatStorage), then count and elements.
std::string storage(std::int64_t key, const std::vector<float>& values) {
  return row(key,
             "U\x03"
             "cpuctorch\nFloatStorage\n") +
         counted(values);
}

// (key, storage, torch.FloatTensor), then the layout.
std::string tensor(std::int64_t key, const std::string& storage, const std::vector<std::int64_t>& shape,
                   const std::vector<std::int64_t>& strides, std::int64_t offset,
                   const std::string& type = "ctorch\nFloatTensor\n") {
  std::string out = row(key, storage + type) + u32(shape.size()) + "junk";
  for (const auto& numbers : {shape, strides})
    for (const std::int64_t number : numbers) out += u64(static_cast<std::uint64_t>(number));
  return out + u64(static_cast<std::uint64_t>(offset));
}

// What can be wrong in the four members.
struct Parts {
  std::string info = sys_info();
  std::string storages = pickled(2) + storage(10, {1, 2, 3, 4}) + storage(11, {5, 6});
  std::string views = Opcodes().raw("](").raw("(K\x0cK\x0aK\x01K\x02te").stop();  // 12: elements 1 and 2 of 10
  std::string tensors = pickled(3) + tensor(20, "K\x0a", {2, 2}, {1, 2}, 0) + tensor(21, "K\x0c", {2}, {1}, 0) +
                        tensor(22, "N", {}, {}, 0);
  std::string pickle = Opcodes()
                           .raw("}(")
                           .text("a")
                           .raw(
                               "U\x02"
                               "20Q")
                           .text("v")
                           .raw(
                               "U\x02"
                               "21Q")
                           .text("e")
                           .raw(
                               "U\x02"
                               "22Qu")
                           .stop();

  std::vector<TarFile> files() const {
    return {{"sys_info", info}, {"pickle", pickle}, {"tensors", tensors}, {"storages", storages + views}};
  }
};

class TarFiles : public Files {
 protected:
  std::string refused(const std::string& bytes) const { return refusal(write("w.pt", bytes)); }
  template <class Change>
  std::string changed(Change change) const {
    Parts parts;
    change(parts);
    return refused(tar(parts.files()));
  }
};

TEST_F(TarFiles, TensorsAndViewsStayInTheFile) {
  const Checkpoint checkpoint = open_checkpoint(write("w.pt", tar(Parts().files())));
  EXPECT_EQ(checkpoint.format, "torch tar");
  ASSERT_EQ(checkpoint.tensors.size(), 3u);
  EXPECT_EQ(checkpoint.tensors[0].name, "a");
  EXPECT_THAT(values(checkpoint.tensors[0]), ElementsAre(1, 3, 2, 4));
  EXPECT_THAT(values(checkpoint.tensors[1]), ElementsAre(2, 3));
  EXPECT_THAT(checkpoint.tensors[2].shape, ElementsAre(0));
  for (std::size_t i = 0; i < 2; ++i) {
    const Storage& storage = *checkpoint.tensors[i].storage;
    ASSERT_NE(storage.file, nullptr);
    EXPECT_EQ(storage.bytes.data(), storage.file->bytes().data() + storage.file_offset());
  }
}

// A module's class with its source, its parameter as the variable that it was.
TEST_F(TarFiles, WholeModules) {
  Opcodes out;
  out.raw("(").global("my.pkg", "Net").text("net.py").text("import os").raw("tQ)\x81}(").text("_parameters").raw("}");
  out.text("w")
      .global("torch.nn.parameter", "Parameter")
      .raw(
          "U\x02"
          "20Q\x85R\x88\x89N\x87"
          "bs");
  Parts parts;
  parts.pickle = out.text("_buffers").raw("}").text("_modules").raw("}ub").stop();
  const Checkpoint checkpoint = open_checkpoint(write("w.pt", tar(parts.files())));
  EXPECT_EQ(checkpoint.modules.at(0).class_name, "my.pkg.Net");
  EXPECT_EQ(checkpoint.tensors.at(0).name, "w");
  EXPECT_THAT(values(checkpoint.tensors[0]), ElementsAre(1, 3, 2, 4));
}

TEST_F(TarFiles, EveryByteMayBeWrong) { change_every_byte(tar(Parts().files()), folder / "w.pt"); }

TEST_F(TarFiles, SizesInEveryForm) {
  std::vector<TarFile> files = Parts().files();
  const std::uint64_t size = files[3].data.size();
  files[3].size = "\x80" + std::string(9, '\0') + static_cast<char>(size >> 8) + static_cast<char>(size);
  EXPECT_EQ(refused(tar(files)), "");
  // As Python writes sizes from 8 GiB on: 0 in the header, the true one before it.
  const std::string length = std::to_string(size), sized = std::to_string(length.size() + 9) + " size=" + length + "\n";
  files[3].size = octal(0);
  files.insert(files.begin() + 3, {"pax", "20 mtime=1485000.25\n" + sized, 'x'});
  EXPECT_EQ(refused(tar(files)), "");
  files[4].size = octal(size + 1);
  EXPECT_THAT(refused(tar(files)), HasSubstr("two sizes that differ"));
  files[4].size = octal(0);
  for (const auto& [record, message] :
       std::vector<std::pair<std::string, std::string>>{{"14 path=/etc/x\n", "a malformed extended header"},
                                                        {"15 path=/etc/x\n", "extended header 'path' is not read"},
                                                        {"99 mtime=1\n", "malformed"},
                                                        {"1 mtime=1\n", "malformed"},
                                                        {"mtime=1\n", "malformed"},
                                                        {"99999999999999999999 mtime=1\n", "malformed"},
                                                        {"9 size=x\n", "the size is no number"}}) {
    files[3].data = record;
    EXPECT_THAT(refused(tar(files)), HasSubstr(message)) << record;
  }
}

TEST_F(TarFiles, HostileArchivesAreRefused) {
  const auto with = [](auto change) {
    std::vector<TarFile> files = Parts().files();
    change(files);
    return tar(files);
  };
  const std::string sound = tar(Parts().files());
  ASSERT_EQ(refused(sound), "");
  std::string sum = sound, filling = sound;
  sum[512 + 512 + 1] ^= 1;  // the second member's name
  filling[1023] = 'x';
  const std::string end(1024, '\0');
  const std::vector<std::pair<std::string, std::string>> all{
      {sum, "tar header, byte 1024: the checksum differs"},
      {filling, "tar header, byte 0: bytes follow the data of 'sys_info'"},
      {with([](auto& f) { f.push_back(f[1]); }), "member 'pickle' occurs twice"},
      {with([](auto& f) { f[1].type = '1'; }), "member 'pickle' is a hard link, not a regular file"},
      {with([](auto& f) { f[1].type = '2'; }), "member 'pickle' is a symbolic link, not a regular file"},
      {with([](auto& f) { f[1].type = '5'; }), "is a folder"},
      {with([](auto& f) { f[1].type = 'g'; }), "is of an unknown kind"},
      {with([](auto& f) { f[1].name = "../pickle"; }), "tar member '../pickle': not of a PyTorch checkpoint"},
      {with([](auto& f) { f.pop_back(); }), "without 'storages'"},
      {with([](auto& f) { f[3].size = octal(1 << 20); }), "1048576 bytes of 'storages' announced"},
      {with([](auto& f) { f[3].size = "\x80" + std::string(3, '\0') + std::string(8, '\xff'); }),
       "bytes of 'storages'"},
      {with([](auto& f) { f[3].size = "\x80" + std::string(11, '\xff'); }), "the size is no number"},
      {with([](auto& f) { f[3].size = "1234567890z"; }), "the size is no number"},
      {tar(Parts().files(), ""), "the end of the archive is missing"},
      {tar(Parts().files(), std::string(512, '\0')), "the end of the archive is damaged"},
      {sound + "x", "the end of the archive is damaged"},
      {sound + std::string(512, 'x'), "the end of the archive is damaged"},
      {with([](auto& f) { f.push_back({"pax", "11 mtime=1\n", 'x'}); }), "an extended header without a member"},
      {with([](auto& f) { f.insert(f.begin(), 2, {"pax", "11 mtime=1\n", 'x'}); }), "two extended headers"}};
  for (const auto& [bytes, message] : all) EXPECT_THAT(refused(bytes), AllOf(StartsWith("w.pt: "), HasSubstr(message)));
}

TEST_F(TarFiles, HostileMembersAreRefused) {
  const auto expect = [&](auto change, const std::string& message) {
    EXPECT_THAT(changed(change), AllOf(StartsWith("w.pt: "), HasSubstr(message)));
  };
  const std::string tib = row(10,
                              "U\x03"
                              "cpuctorch\nFloatStorage\n") +
                          u64(std::uint64_t{1} << 38);
  const auto one = [](const std::string& layout) { return pickled(1) + layout; };
  expect([](Parts& p) { p.info = sys_info(false); }, "sys_info: written on a big-endian machine");
  expect([](Parts& p) { p.storages[10] = 1; }, "storages, byte");
  expect([&](Parts& p) { p.storages = one(tib); }, "274877906944 elements of 4 bytes announced");
  expect(
      [](Parts& p) {
        p.storages = pickled(INT64_MAX);
        p.views = "";
      },
      "the pickle is truncated");
  expect([](Parts& p) { p.storages = pickled(-1); }, "a number from 0 was expected");
  expect([](Parts& p) { p.storages = pickled(2) + storage(10, {1}) + storage(10, {1}); }, "key 10 occurs twice");
  expect([&](Parts& p) { p.storages = one(row(1, "NNctorch\nZonkStorage\n")); }, "a tuple of 3 was expected");
  expect([&](Parts& p) { p.storages = one(row(1, "Nctorch\nZonkStorage\n")); }, "a storage of type torch.ZonkStorage");
  expect([](Parts& p) { p.views += "x"; }, "bytes follow the last entry");
  expect([](Parts& p) { p.views = Opcodes().raw("](").raw("(K\x0cK\x0aK\x03K\x02te").stop(); },
         "a view of 2 elements at 3");
  expect([](Parts& p) { p.views = Opcodes().raw("](").raw("(K\x0cK\x63K\x01K\x02te").stop(); }, "an unknown storage");
  expect([](Parts& p) { p.views = Opcodes().raw("](").raw("(K\x0bK\x0aK\x01K\x02te").stop(); }, "key 11 occurs twice");
  expect([&](Parts& p) { p.tensors = one(tensor(20, "K\x0a", {5}, {1}, 0)); }, "reaches element 4 of a storage of 4");
  expect([&](Parts& p) { p.tensors = one(tensor(20, "K\x0a", {-1}, {1}, 0)); }, "negative size -1");
  expect([&](Parts& p) { p.tensors = one(tensor(20, "K\x0a", {2}, {1}, -1)); }, "negative storage offset");
  expect([&](Parts& p) { p.tensors = one(tensor(20, "N", {2}, {1}, 0)); }, "reaches element 1 of a storage of 0");
  expect(
      [&](Parts& p) {
        p.tensors = one(row(20,
                            "K\x0a"
                            "ctorch\nFloatTensor\n") +
                        u32(1 << 30) + u32(0));
      },
      "a tensor of 1073741824 dimensions");
  expect([&](Parts& p) { p.tensors = one(tensor(20, "K\x63", {2}, {1}, 0)); }, "a tensor of an unknown storage");
  expect([&](Parts& p) { p.tensors = one(tensor(20, "K\x0a", {2}, {1}, 0, "ctorch\nIntTensor\n")); }, "another type");
  expect([](Parts& p) { p.tensors += "x"; }, "bytes follow the last entry");
  expect([](Parts& p) { p.pickle += "x"; }, "bytes follow the pickle");
  expect(
      [](Parts& p) {
        p.pickle = Opcodes()
                       .raw(
                           "}U\x01wU\x02"
                           "99Qs")
                       .stop();
      },
      "pickle, byte");
  expect([](Parts& p) { p.pickle = Opcodes().global("os", "system").raw(")R").stop(); }, "global 'os.system'");
}

}  // namespace
}  // namespace torch2mlx::testing
