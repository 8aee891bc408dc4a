#include "read_old_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class StreamFiles : public Files {
 protected:
  Checkpoint open(const Stream& stream) const { return open_checkpoint(write("w.pt", stream.bytes())); }
  std::string refused(const Stream& stream) const { return refusal(write("w.pt", stream.bytes())); }
};

// A dict of what `make` pushes: a name and a value each time.
template <class Make>
std::string dict(Make make) {
  Opcodes out;
  out.raw("}(");
  make(out);
  return out.raw("u").stop();
}

// _rebuild_tensor(storage, offset, sizes, strides) over the storage that `id` pushes.
template <class Id>
void tensor(Opcodes& out, const std::string& name, std::int64_t offset, const std::vector<std::int64_t>& shape,
            const std::vector<std::int64_t>& strides, Id id) {
  out.text(name).global("torch._utils", "_rebuild_tensor").raw("(");
  id(out);
  out.integer(offset).sizes(shape).sizes(strides).raw("tR");
}

// Two tensors over one storage, one over another; the keys come in an order of their own.
Stream sound() {
  Stream stream;
  stream.object = dict([](Opcodes& out) {
    tensor(out, "a", 0, {2, 2}, {2, 1}, [](Opcodes& o) { stored(o, "70", 4); });
    tensor(out, "b", 1, {2}, {2}, [](Opcodes& o) { stored(o, "70", 4); });
    tensor(out, "c", 0, {2}, {1}, [](Opcodes& o) { stored(o, "50", 2); });
  });
  stream.keys = {"50", "70"};
  stream.data = counted({5, 6}) + counted({1, 2, 3, 4});
  return stream;
}

TEST_F(StreamFiles, StoragesStayInTheFile) {
  const std::string bytes = sound().bytes();
  const Checkpoint checkpoint = open_checkpoint(write("w.pt", bytes));
  EXPECT_EQ(checkpoint.format, "torch stream");
  ASSERT_EQ(checkpoint.tensors.size(), 3u);
  EXPECT_THAT(values(checkpoint.tensors[0]), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(values(checkpoint.tensors[1]), ElementsAre(2, 4));
  EXPECT_THAT(values(checkpoint.tensors[2]), ElementsAre(5, 6));
  const Storage& storage = *checkpoint.tensors[0].storage;
  ASSERT_NE(storage.file, nullptr);
  EXPECT_EQ(first_byte(checkpoint.tensors[0]), storage.file->bytes().data() + bytes.size() - 16);
  EXPECT_EQ(first_byte(checkpoint.tensors[1]), first_byte(checkpoint.tensors[0]) + 4);
}

// All pickles as protocol 0 has them, but for persistent ids, which are tuples and need BINPERSID.
TEST_F(StreamFiles, TextPickles) {
  const std::string object =
      "(dp0\nS'w'\np1\nctorch._utils\n_rebuild_tensor\np2\n((S'storage'\np3\nctorch\nFloatStorage\np4\nS'8'\np5\n"
      "S'cpu'\np6\nI2\nNtQI0\n(I2\nt(I1\nttRp7\ns.";
  const std::string bytes =
      "L119547037146038801333356L\n.I1001\n.(dp0\nS'little_endian'\np1\nI01\ns." + object + "(lp0\nS'8'\np1\na.";
  EXPECT_THAT(values(open_checkpoint(write("w.pt", bytes + counted({7, 8}))).tensors.at(0)), ElementsAre(7, 8));
}

TEST_F(StreamFiles, ViewsAreReadWithinTheirStorage) {
  const auto over = [](const std::string& view) { return [view](Opcodes& out) { stored(out, "1", 6, view); }; };
  const auto two = [&](const std::string& first, const std::string& second) {
    Stream stream;
    stream.object = dict([&](Opcodes& out) {
      tensor(out, "a", 1, {2}, {1}, over(first));
      tensor(out, "b", 0, {1}, {1}, over(second));
    });
    stream.keys = {"1"};
    stream.data = counted({1, 2, 3, 4, 5, 6});
    return stream;
  };
  const Checkpoint checkpoint = open(two(view_of("2", 2, 3), view_of("3", 5, 1)));
  EXPECT_THAT(values(checkpoint.tensors[0]), ElementsAre(4, 5));
  EXPECT_THAT(values(checkpoint.tensors[1]), ElementsAre(6));
  const auto file = checkpoint.tensors[0].storage->file->bytes();
  EXPECT_EQ(first_byte(checkpoint.tensors[0]), file.data() + file.size() - 12);

  EXPECT_THAT(refused(two(view_of("2", 2, 2), "N")), HasSubstr("reaches element 2 of a storage of 2"));
  EXPECT_THAT(refused(two(view_of("2", 4, 3), "N")), HasSubstr("a view of 3 elements at 4 of a storage of 6"));
  EXPECT_THAT(refused(two(view_of("2", INT64_MAX, INT64_MAX), "N")), HasSubstr("a view of 9223372036854775807"));
  EXPECT_THAT(refused(two(view_of("2", 1, -1), "N")), HasSubstr("from 0 was expected"));
  EXPECT_THAT(refused(two(view_of("2", 0, 3), view_of("2", 1, 3))), HasSubstr("storage '2' has another type or size"));
  EXPECT_THAT(refused(two(")", "N")), HasSubstr("a malformed view"));
}

// Before 0.4: FloatTensor() with the state (storage, offset, sizes, strides), and variables around it.
TEST_F(StreamFiles, TensorsAsObjects) {
  const auto plain = [](Opcodes& out) {
    out.global("torch", "FloatTensor").raw(")R(");
    stored(out, "1", 2).integer(0).sizes({2}).sizes({1}).raw("tb");
  };
  Stream stream{.object = {}, .keys = {"1"}, .data = counted({8, 9})};
  stream.object = dict([&](Opcodes& out) {
    plain(out.text("plain"));
    plain(out.text("parameter").global("torch.nn.parameter", "Parameter"));
    out.raw(
           "\x85R\x88\x89N\x87"
           "b")
        .text("variable")
        .global("torch.autograd.variable", "Variable")
        .raw(")R(");
    plain(out);
    out.raw("NN\x88\x89tb").text("newer").global("torch.nn.parameter", "Parameter");
    out.global("torch._utils", "_rebuild_tensor").raw("(");
    stored(out, "1", 2).integer(0).sizes({2}).sizes({1}).raw("tR\x88\x86R");
  });
  const Checkpoint checkpoint = open(stream);
  ASSERT_EQ(checkpoint.tensors.size(), 4u);
  for (const Tensor& tensor : checkpoint.tensors)
    EXPECT_THAT(values(tensor), ElementsAre(8, 9)) << std::string_view(tensor.name);

  const std::vector<std::pair<std::string, std::string>> wrong{
      {Opcodes().global("torch", "FloatTensor").integer(1 << 30).raw("\x85R").stop(), "a malformed torch.FloatTensor"},
      {Opcodes().global("torch", "FloatTensor").raw(")R").stop(), "a malformed torch.FloatTensor"},
      {Opcodes().global("torch.sparse", "FloatTensor").raw(")R").stop(), "a torch.sparse.FloatTensor, which is not"},
      {Opcodes().global("torch.nn.parameter", "Parameter").raw(")R").stop(), "Parameter that holds no tensor"}};
  for (const auto& [object, message] : wrong) EXPECT_THAT(refused({.object = object}), HasSubstr(message));

  Opcodes other;
  other.global("torch", "DoubleTensor").raw(")R(");
  stored(other, "1", 2).integer(0).sizes({2}).sizes({1}).raw("tb");
  stream.object = other.stop();
  EXPECT_THAT(refused(stream), HasSubstr("a torch.DoubleTensor over a storage of float32"));
}

// The class comes with its source, which says nothing.
TEST_F(StreamFiles, WholeModules) {
  Opcodes out;
  out.raw("(")
      .text("module")
      .global("my.pkg", "Net")
      .text("net.py")
      .text("import os; os.system('id')")
      .raw("tQ)\x81}(");
  out.text("_parameters").raw("}(");
  tensor(out, "w", 0, {2}, {1}, [](Opcodes& o) { stored(o, "1", 2); });
  out.raw("u").text("_buffers").raw("}").text("_modules").raw("}ub");
  const Checkpoint checkpoint = open({.object = out.stop(), .keys = {"1"}, .data = counted({1, 2})});
  ASSERT_EQ(checkpoint.modules.size(), 1u);
  EXPECT_EQ(checkpoint.modules[0].class_name, "my.pkg.Net");
  EXPECT_EQ(checkpoint.tensors.at(0).name, "w");
}

// Counts in the order of the machine or little-endian; elements are little-endian in both.
TEST_F(StreamFiles, BigEndianMachines) {
  Stream stream = sound();
  stream.info = sys_info(false);
  EXPECT_THAT(values(open(stream).tensors[2]), ElementsAre(5, 6));
  stream.data[0] = stream.data[16] = 0;
  stream.data[7] = 2;
  stream.data[16 + 7] = 4;
  const Checkpoint checkpoint = open(stream);
  EXPECT_THAT(values(checkpoint.tensors[2]), ElementsAre(5, 6));
  EXPECT_FALSE(checkpoint.tensors[2].storage->big_endian);
  stream.info = sys_info(true);
  EXPECT_THAT(refused(stream), HasSubstr("144115188075855872 elements, 2 in the object"));
}

TEST_F(StreamFiles, DamagedStreamsAreRefused) {
  const auto with = [](auto change) {
    Stream stream = sound();
    change(stream);
    return stream;
  };
  const std::string tib = u64(std::uint64_t{1} << 38);
  const std::string huge = dict(
      [](Opcodes& out) { tensor(out, "a", 0, {2}, {1}, [](Opcodes& o) { stored(o, "50", std::int64_t{1} << 38); }); });
  const std::vector<std::pair<Stream, std::string>> all{
      {with([](Stream& s) { s.version = pickled(1002); }), "protocol version, byte 17: 1001 was expected"},
      {with([](Stream& s) { s.info = Opcodes().raw("}").stop(); }), "system info, byte 30: no byte order"},
      {with([](Stream& s) { s.info = "\x80\x02\xff."; }), "system info, byte 30: opcode 0xff"},
      {with([](Stream& s) { s.object = Opcodes().global("os", "system").raw(")R").stop(); }), "global 'os.system'"},
      {with([](Stream& s) { s.object = Opcodes().raw(")Q").stop(); }), "names no storage"},
      {with([](Stream& s) { s.object = with_id("storage", 5, "").stop(); }), "id of 5 elements, 6 were expected"},
      {with([](Stream& s) { s.object = with_id("storage", 5, "NN").stop(); }), "id of 7 elements, 6 were expected"},
      {with([](Stream& s) { s.object = with_id("stores", 5, "N").stop(); }), "names no storage"},
      {with([](Stream& s) { s.object = with_id("module", 1, "K\x01").stop(); }), "names no storage"},
      {with([](Stream& s) { s.object = with_id("storage", 3, "").stop(); }), "names no storage"},
      {with([](Stream& s) { s.data[0] = 3; }),
       "storage '50', byte " + std::to_string(sound().bytes().size() - 40) + ": 3 elements, 2 in the object"},
      {with([](Stream& s) { s.data.pop_back(); }), "4 elements of 4 bytes announced, 15 bytes left"},
      {with([](Stream& s) { s.data.resize(20); }), "8 bytes expected, 4 left"},
      {with([&](Stream& s) { s.data.replace(0, 8, tib); }), "274877906944 elements, 2 in the object"},
      {{.object = huge, .keys = {"50"}, .data = tib}, "274877906944 elements of 4 bytes announced, 0 bytes left"},
      {with([](Stream& s) { s.keys = {"50"}; }), "storage '70' is missing from the storage keys"},
      {with([](Stream& s) { s.keys = {"50", "70", "90"}; }), "key '90' is of no storage of the object"},
      {with([](Stream& s) {
         s.keys = {"50", "50"};
         s.data = counted({1, 2}) + counted({1, 2});
       }),
       "'50' occurs twice"},
      {with([](Stream& s) { s.data += "x"; }), "bytes follow the last storage"},
      {with([](Stream& s) { s.data += sound().bytes(); }), "a second object follows"}};
  for (const auto& [stream, message] : all) {
    EXPECT_THAT(refused(stream), AllOf(StartsWith("w.pt: "), HasSubstr(message), HasSubstr(", byte ")));
  }
}

TEST_F(StreamFiles, EveryTruncationIsRefused) {
  const std::string bytes = sound().bytes();
  ASSERT_EQ(refusal(write("w.pt", bytes)), "");
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_THAT(refusal(write("w.pt", bytes.substr(0, size))), StartsWith("w.pt: ")) << size;
}

TEST_F(StreamFiles, EveryByteMayBeWrong) { change_every_byte(sound().bytes(), folder / "w.pt"); }

}  // namespace
}  // namespace torch2mlx::testing
