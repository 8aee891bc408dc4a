#include "read_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Torch : public Files {
 protected:
  Checkpoint open(const std::string& pickle, const std::vector<std::string>& storages,
                  const std::string& key = {}) const {
    return open_checkpoint(write("w.pt", torch_zip(pickle, storages)), key);
  }
  std::string refused(const std::string& pickle, const std::vector<std::string>& storages = {floats({1, 2, 3, 4})},
                      const std::string& key = {}) const {
    return refusal(write("w.pt", torch_zip(pickle, storages)), key);
  }
};

std::vector<std::string> names(const Checkpoint& checkpoint) {
  std::vector<std::string> out;
  for (const Tensor& tensor : checkpoint.tensors) out.push_back(tensor.name);
  return out;
}

// A dict with one tensor "w" made by `make`, which pushes it.
template <class Make>
std::string dict_of(Make make) {
  Opcodes out;
  out.raw("}").text("w");
  make(out);
  return out.raw("s").stop();
}

TEST_F(Torch, PersistentIdsAreThoseOfTheContainerUsedOrNot) {
  const auto said = [&](const Opcodes& id) {
    Opcodes copy = id;
    const std::string pushed = copy.stop();
    return refused(Opcodes()
                       .raw("}(")
                       .text("x")
                       .raw(pushed.substr(2, pushed.size() - 3))
                       .text("w")
                       .tensor("0", 4, {4}, {1})
                       .raw("u")
                       .stop());
  };
  EXPECT_EQ(said(with_id("storage", 5, "")), "");
  EXPECT_THAT(said(with_id("storage", 5, "N")), HasSubstr("id of 6 elements, 5 were expected"));
  EXPECT_THAT(said(with_id("storage", 5, "NN")), HasSubstr("id of 7 elements, 5 were expected"));
  EXPECT_THAT(said(with_id("storage", 4, "")), HasSubstr("names no storage"));
  EXPECT_THAT(said(with_id("tensor", 5, "")), HasSubstr("names no storage"));
  EXPECT_THAT(said(with_id("module", 1, "NN")), HasSubstr("names no storage")) << "as before 1.6";
  EXPECT_THAT(said(with_id("module", 4, "")), HasSubstr("names no storage"));
  EXPECT_THAT(said(Opcodes().raw("NQ")), HasSubstr("names no storage"));
  EXPECT_THAT(said(Opcodes().text("0").raw("Q")), HasSubstr("names no storage"));
}

TEST_F(Torch, StateDictInFileOrderWithSharedStorage) {
  const std::string pickle = Opcodes()
                                 .raw("}(")
                                 .text("b")
                                 .tensor("0", 6, {2, 3}, {3, 1})
                                 .text("a")
                                 .tensor("0", 6, {3, 2}, {1, 3})
                                 .text("s")
                                 .tensor("0", 6, {}, {}, 5)
                                 .raw("u")
                                 .stop();
  const Checkpoint checkpoint = open(pickle, {floats({1, 2, 3, 4, 5, 6})});
  EXPECT_THAT(names(checkpoint), ElementsAre("b", "a", "s"));
  EXPECT_THAT(values(checkpoint.tensors[0]), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(values(checkpoint.tensors[1]), ElementsAre(1, 4, 2, 5, 3, 6));
  EXPECT_THAT(values(checkpoint.tensors[2]), ElementsAre(6));
  EXPECT_TRUE(checkpoint.tensors[0].contiguous());
  EXPECT_FALSE(checkpoint.tensors[1].contiguous());
  EXPECT_EQ(checkpoint.tensors[0].storage, checkpoint.tensors[1].storage);
  EXPECT_NE(checkpoint.tensors[0].storage->file, nullptr);
  EXPECT_EQ(checkpoint.format, "torch zip");
}

TEST_F(Torch, BigEndianIsSaid) {
  const std::string pickle = Opcodes().raw("}").text("w").tensor("0", 1, {1}, {1}).raw("s").stop();
  EXPECT_TRUE(open_checkpoint(write("w.pt", torch_zip(pickle, {floats({1})}, "big"))).tensors[0].storage->big_endian);
  EXPECT_THAT(refusal(write("w.pt", torch_zip(pickle, {floats({1})}, "middle"))), HasSubstr("no byte order"));
}

TEST_F(Torch, TheModelIsFoundByWhatItHolds) {
  const auto model = [](Opcodes& out, const std::string& name) {
    out.text(name).raw("}").text("w").tensor("0", 1, {1}, {1}).raw("s");
  };
  Opcodes lightning;
  lightning.raw("}(").text("epoch").integer(3);
  model(lightning, "optimizer_states");
  model(lightning, "state_dict");
  const Checkpoint checkpoint = open(lightning.raw("u").stop(), {floats({1})});
  EXPECT_THAT(names(checkpoint), ElementsAre("w"));
  EXPECT_THAT(checkpoint.notes, IsEmpty());

  Opcodes two;
  two.raw("}(");
  model(two, "enc.one");
  model(two, "dec");
  const std::string both = two.raw("u").stop();
  EXPECT_THAT(refused(both, {floats({1})}), HasSubstr("these hold tensors: enc.one, dec"));
  EXPECT_THAT(names(open(both, {floats({1})}, "enc.one")), ElementsAre("w"));
  EXPECT_THAT(names(open(both, {floats({1})}, "enc.one.w")), ElementsAre("enc.one.w"));
  EXPECT_THAT(refused(both, {floats({1})}, "nothing"), HasSubstr("no entry 'nothing'"));

  Opcodes ema;
  ema.raw("}(");
  model(ema, "ema");
  model(ema, "model");
  EXPECT_THAT(open(ema.raw("u").stop(), {floats({1})}).notes, ElementsAre(HasSubstr("'ema' holds tensors too")));

  // (model, optimizer), and an optimizer under any name
  const auto optimizer = [](Opcodes& out) {
    out.raw("}(").text("state").raw("}").integer(0).tensor("0", 1, {1}, {1}).raw("s").text("param_groups").raw("]u");
  };
  Opcodes pair, steps;
  pair.raw("}").text("w").tensor("0", 1, {1}, {1}).raw("s");
  optimizer(pair);
  EXPECT_THAT(names(open(pair.raw("\x86").stop(), {floats({1})})), ElementsAre("w"));
  steps.raw("}(");
  model(steps, "mine");
  optimizer(steps.text("steps"));
  EXPECT_THAT(names(open(steps.raw("u").stop(), {floats({1})})), ElementsAre("w"));
}

TEST_F(Torch, TensorsWithoutANameAreReported) {
  Opcodes out;
  out.raw("}(").text("w").tensor("0", 1, {1}, {1}).raw("K\x01\x85").tensor("0", 1, {1}, {1});
  EXPECT_THAT(open(out.raw("u").stop(), {floats({1})}).notes, ElementsAre(HasSubstr("1 entries with tensors")));
}

TEST_F(Torch, NestedContainersGiveDottedNames) {
  const std::string pickle = Opcodes()
                                 .raw("}(")
                                 .text("w")
                                 .tensor("0", 1, {1}, {1})
                                 .text("sub")
                                 .raw("]")
                                 .tensor("0", 1, {1}, {1})
                                 .raw("a")
                                 .text("n")
                                 .integer(7)
                                 .raw("u")
                                 .stop();
  const Checkpoint checkpoint = open(pickle, {floats({1})});
  EXPECT_THAT(names(checkpoint), ElementsAre("w", "sub.0"));
  EXPECT_THAT(checkpoint.notes, ElementsAre(HasSubstr("dropped, no tensors in them: 'n'")));
}

// my.pkg.Net with a Linear child `fc`, a hidden buffer and a submodule that is None.
TEST_F(Torch, WholeModuleIsReadInertly) {
  Opcodes out;
  const auto dict = [&](const std::string& name) { out.text(name).raw("}("); };
  out.global("my.pkg", "Net")
      .raw(")\x81}(")
      .text("training")
      .raw("\x89")
      .text("scale")
      .raw(std::string("G\x3f\xe0\0\0\0\0\0\0", 9));
  dict("_parameters");
  out.text("none").raw("Nu");
  dict("_buffers");
  out.text("seen").tensor("0", 4, {2}, {1}).text("hidden").tensor("0", 4, {2}, {1}).raw("u");
  out.text("_non_persistent_buffers_set").global("builtins", "set").raw("]").text("hidden").raw("a\x85R");
  dict("_modules");
  out.text("fc").global("torch.nn.modules.linear", "Linear").raw(")\x81}(").text("in_features").integer(2);
  dict("_parameters");
  out.text("weight").global("torch._utils", "_rebuild_parameter").tensor("0", 4, {2, 2}, {2, 1}).raw("\x88N\x87Ru");
  dict("_buffers");
  out.raw("u");
  dict("_modules");
  out.raw("uub").text("none").raw("Nuub");
  const Checkpoint checkpoint = open(out.stop(), {floats({1, 2, 3, 4})});
  EXPECT_THAT(names(checkpoint), ElementsAre("seen", "fc.weight"));
  ASSERT_EQ(checkpoint.modules.size(), 2u);
  EXPECT_EQ(checkpoint.modules[0].class_name, "my.pkg.Net");
  EXPECT_EQ(std::get<bool>(checkpoint.modules[0].attributes.at("training")), false);
  EXPECT_EQ(std::get<double>(checkpoint.modules[0].attributes.at("scale")), 0.5);
  EXPECT_EQ(checkpoint.modules[1].path, "fc");
  EXPECT_EQ(checkpoint.modules[1].class_name, "torch.nn.modules.linear.Linear");
  EXPECT_EQ(std::get<std::int64_t>(checkpoint.modules[1].attributes.at("in_features")), 2);
}

TEST_F(Torch, TensorsThatLeaveTheirStorageAreRefused) {
  const auto with = [](std::int64_t elements, std::vector<std::int64_t> shape, std::vector<std::int64_t> strides,
                       std::int64_t offset = 0, const std::string& key = "0") {
    return dict_of([&](Opcodes& out) { out.tensor(key, elements, shape, strides, offset); });
  };
  EXPECT_EQ(refused(with(4, {4}, {1})), "");
  EXPECT_THAT(refused(with(4, {0, 9}, {9, 1}, 9)), HasSubstr("no tensor in the file has elements"));
  const std::vector<std::pair<std::string, std::string>> all{
      {with(4, {5}, {1}), "reaches element 4 of a storage of 4"},
      {with(4, {4}, {1}, 1), "reaches element 4"},
      {with(4, {2, 2}, {3, 1}), "reaches element 4"},
      {with(4, {2}, {INT64_MAX}), "reaches element 9223372036854775807 of"},
      {with(4, {3}, {INT64_MAX}), "strides reach beyond"},
      {with(4, {2, 2, 2}, {INT64_MAX, INT64_MAX, INT64_MAX}), "strides reach beyond"},
      {with(4, {INT64_MAX, INT64_MAX}, {0, 0}), "too large"},
      {with(4, {1 << 30}, {0}), "four times as large"},
      {with(4, {-1}, {1}), "from 0 was expected"},
      {with(4, {4}, {-1}), "from 0 was expected"},
      {with(4, {4}, {1}, -1), "from 0 was expected"},
      {with(4, {4}, {1, 1}), "1 sizes but 2 strides"},
      {with(8, {4}, {1}), "storage '0' has 32 bytes, its record 16"},
      {with(2, {2}, {1}), "storage '0' has 8 bytes, its record 16"},
      {with(INT64_MAX, {4}, {1}), "elements"},
      {with(4, {4}, {1}, 0, "9"), "storage '9' has no record"},
      {with(4, {4}, {1}, 0, "../data.pkl"), "bad storage key"},
      {with(4, std::vector<std::int64_t>(65, 1), std::vector<std::int64_t>(65, 1)), "at most 64"}};
  for (const auto& [pickle, message] : all) {
    EXPECT_THAT(refused(pickle), HasSubstr(message));
    EXPECT_THAT(refused(pickle), StartsWith("w.pt: "));
  }
}

TEST_F(Torch, HostileTensorsAreRefused) {
  const auto tensor = [](Opcodes& out) -> Opcodes& { return out.tensor("0", 4, {4}, {1}); };
  const std::vector<std::pair<std::string, std::string>> all{
      {dict_of([&](Opcodes& o) { tensor(o).raw("(").text("x").integer(1).raw("u"); }), "items are set on a tensor"},
      {dict_of([&](Opcodes& o) { o.global("torch._utils", "_rebuild_qtensor").raw(")R"); }), "_rebuild_qtensor"},
      {dict_of([&](Opcodes& o) { o.global("torch._utils", "_rebuild_tensor_v2").raw(")R"); }), "with 0 arguments"},
      {dict_of([&](Opcodes& o) { o.global("torch._utils", "_rebuild_parameter").integer(1).raw("\x88N\x87R"); }),
       "holds no tensor"},
      {dict_of([&](Opcodes& o) {
         o.global("torch._tensor", "_rebuild_from_type_v2").raw("(").global("my", "fn").integer(1).raw("))tR");
       }),
       "_rebuild_from_type_v2 of my.fn"},
      {Opcodes().raw("}(").text("w").tensor("0", 4, {4}, {1}).text("w").tensor("0", 4, {4}, {1}).raw("u").stop(),
       "tensor 'w': the name occurs twice"},
      {Opcodes().raw("}(").text("w").tensor("0", 4, {4}, {1}).text("v").tensor("0", 2, {2}, {1}).raw("u").stop(),
       "another type or size than before"},
      {Opcodes().raw("}").text("\xff").tensor("0", 4, {4}, {1}).raw("s").stop(), "not UTF-8"},
      {Opcodes().raw("}").text("w").global("os", "system").text("id").raw("\x85Rs").stop(),
       "data.pkl, byte 9: global 'os.system'"},
      {Opcodes().raw("}").text("w").integer(3).raw("s").stop(), "no tensors"},
      {Opcodes().integer(3).stop(), "the file holds int"},
      {Opcodes().global("my", "Thing").raw(")R").stop(), "the file holds my.Thing"},
      {Opcodes().raw("}").stop() + "x", "bytes follow the pickle"}};
  for (const auto& [pickle, message] : all) EXPECT_THAT(refused(pickle), HasSubstr(message));
}

// Values that cost a file nothing: a list of ten times itself, nine levels deep; a dict within itself; deep lists.
TEST_F(Torch, SharedAndDeepContainersAreBounded) {
  Opcodes laughs;
  laughs.raw("]").tensor("0", 4, {4}, {1}).raw("aq").raw(std::string(1, '\0'));
  for (char level = 1; level < 10; ++level) {
    laughs.raw("](");
    for (int i = 0; i < 10; ++i) laughs.raw("h").raw(std::string(1, static_cast<char>(level - 1)));
    laughs.raw("eq").raw(std::string(1, level));
  }
  std::string text = laughs.stop();
  // Ten lists lie on the stack; all but the last go.
  text.pop_back();
  text += "q\x20";
  for (int i = 0; i < 10; ++i) text += '0';
  EXPECT_THAT(refused(text + "h\x20."), HasSubstr("names"));

  const std::string cycle = Opcodes().raw("}q\x01(").text("w").tensor("0", 4, {4}, {1}).text("c").raw("h\x01u").stop();
  EXPECT_THAT(refused(cycle), HasSubstr("nested deeper than 256"));

  Opcodes deep;
  deep.tensor("0", 4, {4}, {1}).raw(std::string(100'000, '\x85'));
  EXPECT_THAT(refused(deep.stop()), HasSubstr("nested deeper than 256"));
}

TEST_F(Torch, OtherContainersAreNamed) {
  const std::string pickle = dict_of([](Opcodes& out) { out.tensor("0", 4, {4}, {1}); });
  EXPECT_THAT(refusal(write("z.pt", zip({{.name = "z/other", .data = "x"}}))), HasSubstr("without data.pkl"));
  EXPECT_THAT(refusal(write("bare.pt", Opcodes().raw("N").stop())), HasSubstr("bare pickle"));
  EXPECT_THAT(refusal(write("evil.pt", Opcodes().global("os", "system").text("id").raw("\x85R").stop())),
              HasSubstr("os.system"));
  EXPECT_THAT(refusal(write("t.pt", std::string(257, 'a') + "ustar  " + std::string(300, 'a'))), HasSubstr("tar"));
}

TEST_F(Torch, DamagedDataIsRefused) {
  const std::string pickle = dict_of([](Opcodes& out) { out.tensor("0", 4, {4}, {1}); });
  std::string bytes = torch_zip(pickle, {floats({1, 2, 3, 4})});
  bytes[bytes.find(floats({3, 4}))] ^= 1;
  const auto path = write("w.pt", bytes);
  EXPECT_THAT(refusal(path), HasSubstr("w.pt: zip entry 'm/data/0': the data is damaged"));
  EXPECT_NO_THROW(open_checkpoint(path, {}, false));
}

}  // namespace
}  // namespace torch2mlx::testing
