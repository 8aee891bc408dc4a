#include "read/pickle.h"
#include "read_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::HasSubstr;

std::span<const std::byte> bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

std::string refused(const std::string& text) {
  try {
    Pickle(bytes(text), "data.pkl");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(Pickle, Scalars) {
  const auto integer = [](const std::string& text) { return Pickle(bytes(text), "p").root().integer; };
  EXPECT_EQ(integer("K\xff."), 255);
  EXPECT_EQ(integer("M\x01\x02."), 513);
  EXPECT_EQ(integer("J\xff\xff\xff\xff."), -1);
  EXPECT_EQ(integer("I-12\n."), -12);
  EXPECT_EQ(integer("L12L\n."), 12);
  EXPECT_EQ(integer(std::string("\x8a\x00.", 3)), 0);
  EXPECT_EQ(integer("\x8a\x01\xff."), -1);
  EXPECT_EQ(integer("\x8a\x02\xff\x7f."), 32767);
  EXPECT_EQ(integer("\x88."), 1);
  EXPECT_EQ(integer("I01\n."), 1);
  EXPECT_EQ(Pickle(bytes(std::string("G\x3f\xf8\0\0\0\0\0\0.", 10)), "p").root().real, 1.5);
  EXPECT_EQ(Pickle(bytes("F1e3\n."), "p").root().real, 1000);
  EXPECT_EQ(Pickle(bytes("V\\u00e9a\xe9\n."), "p").root().text,
            "\xc3\xa9"
            "a\xc3\xa9");
  EXPECT_EQ(Pickle(bytes("S'a\\'\\x41\\n'\n."), "p").root().text, "a'A\n");
  const std::string huge =
      "\x8a\x0a"
      "0123456789.";
  EXPECT_EQ(Pickle(bytes(huge), "p").root().kind, PickleKind::huge);
}

TEST(Pickle, ContainersAndObjects) {
  const std::string text =
      Opcodes().raw("}(").text("a").raw("]").integer(1).raw("a").text("b").raw("K\x02K\x03\x86u").stop();
  const Pickle pickle(bytes(text), "p");
  ASSERT_EQ(pickle.root().kind, PickleKind::dict);
  ASSERT_EQ(pickle.root().items.size(), 4u);
  EXPECT_EQ(pickle[pickle.root().items[3]].items.size(), 2u);

  const std::string object = Opcodes().global("some.place", "Net").raw(")\x81}b").stop();
  const Pickle inert(bytes(object), "p");
  EXPECT_EQ(inert.root().kind, PickleKind::object);
  EXPECT_TRUE(inert.is_global(inert.root().callable, "some.place.Net"));
  EXPECT_NE(inert.root().state, no_value);
}

// Calls of `fn` as torch.save writes those that make tensors, with what `before` pushes as the first argument.
std::string calls(const std::vector<std::string>& before) {
  Opcodes out;
  out.raw("](");
  for (const std::string& first : before) out.global("some.place", "fn").raw("(" + first + "K\x07K\x08\x86tq\x05R");
  return out.raw("e").stop();
}

Pickle folded(const std::string& text) {
  return {bytes(text), "p", 0, [](std::string_view name) { return name == "some.place.fn"; }};
}

TEST(Pickle, FoldedArgumentsAreReadAgain) {
  const std::string text = calls({"K\x01", "K\x02", "K\x03"});
  const Pickle pickle = folded(text), whole(bytes(text), "p");
  EXPECT_LT(pickle.count() + 10, whole.count());
  for (std::size_t i = 0; i < 3; ++i) {
    const PickleRef call = pickle.root().items[i];
    EXPECT_TRUE(pickle.is_global(pickle[call].callable, "some.place.fn"));
    EXPECT_EQ(pickle[call].args, no_value);
    const PickleRef count = pickle.count();
    {
      const Pickle::Unfolded unfolded(pickle, call);
      const auto& args = pickle[pickle[call].args].items;
      ASSERT_EQ(args.size(), 2u);
      EXPECT_EQ(pickle[args[0]].integer, static_cast<std::int64_t>(i + 1));
      EXPECT_EQ(pickle[pickle[args[1]].items[1]].integer, 8);
    }
    EXPECT_EQ(pickle.count(), count);
  }
}

TEST(Pickle, WhatIsReferredToIsNotFolded) {
  const auto args_of = [](const Pickle& pickle, std::size_t i) { return pickle[pickle.root().items[i]].args; };
  // A text that is read from the memo later on, as the location of the first storage.
  const std::string shared =
      calls({"\x8c\x03"
             "cpuq\x01",
             "h\x01", "h\x01"});
  const Pickle memo = folded(shared);
  EXPECT_NE(args_of(memo, 0), no_value);
  ASSERT_EQ(args_of(memo, 1), no_value);
  const Pickle::Unfolded unfolded(memo, memo.root().items[1]);
  EXPECT_EQ(memo[memo[args_of(memo, 1)].items[0]].text, "cpu");
  // What goes into a container from outside: the list of the memo.
  const std::string text = Opcodes().raw("]q\1(").global("some.place", "fn").raw("(h\1K\1atRh\1e").stop();
  const Pickle outside = folded(text);
  ASSERT_EQ(outside.root().items.size(), 3u);
  EXPECT_EQ(outside[outside.root().items[0]].integer, 1);
  EXPECT_NE(args_of(outside, 1), no_value);
  // The memo tells one thing at the first call and another at the second; protocol 4 counts what is in it.
  EXPECT_NE(args_of(folded(calls({"K\x01q\x01", "h\x01", "K\x02q\x01", "h\x01"})), 1), no_value);
  EXPECT_NE(args_of(folded(calls({"K\x01\x94"})), 0), no_value);
  EXPECT_NE(args_of(folded(calls({"X" + u32(2000) + std::string(2000, 'x')})), 0), no_value) << "long";
}

TEST(Pickle, NamesThatRunCodeAreRefusedByName) {
  const std::vector<std::pair<std::string, std::string>> names{{"os", "system"},
                                                               {"posix", "system"},
                                                               {"nt", "system"},
                                                               {"subprocess", "Popen"},
                                                               {"sys", "modules"},
                                                               {"builtins", "eval"},
                                                               {"__builtin__", "exec"},
                                                               {"builtins", "getattr"},
                                                               {"builtins", "__import__"},
                                                               {"builtins", "map"},
                                                               {"builtins", "compile"},
                                                               {"importlib", "import_module"},
                                                               {"runpy", "run_path"},
                                                               {"pty", "spawn"},
                                                               {"pip", "main"},
                                                               {"pip._internal", "main"},
                                                               {"marshal", "loads"},
                                                               {"ctypes", "CDLL"},
                                                               {"pickle", "loads"},
                                                               {"_pickle", "loads"},
                                                               {"torch.hub", "load"},
                                                               {"torch", "load"},
                                                               {"functools", "reduce"},
                                                               {"operator", "attrgetter"},
                                                               {"operator", "methodcaller"},
                                                               {"torch", "os.system"},
                                                               {"a.b", "sys.modules"},
                                                               {"torch.serialization", "load"},
                                                               {"shutil", "rmtree"},
                                                               {"socket", "socket"},
                                                               {"uuid", "_get_command_stdout"},
                                                               {"numpy.f2py.crackfortran", "param_eval"},
                                                               {"types", "CodeType"},
                                                               {"x", "__reduce__"},
                                                               {"_io", "FileIO"},
                                                               {"torch._dynamo.guards", "GuardBuilder"},
                                                               {"torch._utils", "a.b"}};
  for (const auto& [module, name] : names) {
    const std::string first = refused(Opcodes().global(module, name).stop());
    EXPECT_THAT(first, HasSubstr("data.pkl, byte 2: global '")) << module << "." << name;
    EXPECT_THAT(first, HasSubstr("refused"));
    // The same through STACK_GLOBAL.
    EXPECT_THAT(refused(Opcodes().text(module).text(name).raw("\x93").stop()), HasSubstr("refused"));
  }
  EXPECT_THAT(refused(Opcodes().global("os", "system").text("id").raw("\x85R").stop()), HasSubstr("'os.system'"));
}

TEST(Pickle, NamesOfOrdinaryCheckpointsPass) {
  for (const auto& [module, name] :
       std::vector<std::pair<std::string, std::string>>{{"collections", "OrderedDict"},
                                                        {"torch", "FloatStorage"},
                                                        {"models.yolo", "Model"},
                                                        {"pathlib", "PosixPath"},
                                                        {"argparse", "Namespace"},
                                                        {"functools", "partial"},
                                                        {"__main__", "Net"},
                                                        {"builtins", "set"},
                                                        {"builtins", "Ellipsis"},
                                                        {"_io", "BytesIO"},
                                                        {"torch._dynamo.eval_frame", "OptimizedModule"},
                                                        {"omegaconf.dictconfig", "DictConfig"},
                                                        {"outer", "Class.Inner"}})
    EXPECT_EQ(refused(Opcodes().global(module, name).stop()), "") << module << "." << name;
}

// getattr(OWNER, NAME); `owner` pushes its own.
std::string attribute(const Opcodes& owner, const std::string& name) {
  std::string pushed = owner.stop();
  pushed = pushed.substr(2, pushed.size() - 3);
  return Opcodes().global("builtins", "getattr").raw(pushed).text(name).raw("\x86R").stop();
}

TEST(Pickle, AttributesAreNamesOrInertCalls) {
  const std::string nested = attribute(Opcodes().global("pkg", "Outer"), "Inner");
  EXPECT_TRUE(Pickle(bytes(nested), "data.pkl").root().text == "pkg.Outer.Inner");
  const std::string function = attribute(Opcodes().global("torch._C", "_VariableFunctionsClass"), "relu");
  EXPECT_EQ(refused(function), "");
  const std::string method = attribute(Opcodes().global("pkg", "Net").raw(")\x81"), "forward");
  EXPECT_EQ(refused(method), "");

  for (const auto& [owner, name] : std::vector<std::pair<std::string, std::string>>{
           {"os", "system"}, {"serialization", "load"}, {"Net", "__class__"}, {"Net", "a.b"}, {"Net", "a b"}})
    EXPECT_THAT(refused(attribute(Opcodes().global("torch", owner), name)), HasSubstr("is refused")) << owner;
  EXPECT_THAT(refused(attribute(Opcodes().global("builtins", "dict"), "get")), HasSubstr("'builtins.dict.get'"));
  EXPECT_THAT(refused(attribute(Opcodes().raw("}"), "get")), HasSubstr("getattr"));
  EXPECT_THAT(refused(method.substr(0, method.size() - 1) + ")R."), HasSubstr("getattr"));
  EXPECT_THAT(refused(Opcodes().global("builtins", "getattr").raw(")\x81").stop()), HasSubstr("getattr"));
  EXPECT_THAT(refused(Opcodes().raw("]").global("builtins", "getattr").raw("a").stop()), HasSubstr("getattr"));
}

TEST(Pickle, PrintedIdsAreOfStorages) {
  const auto id = [](const std::string& text) { return Opcodes().raw("P" + text + "\n").stop(); };
  EXPECT_EQ(refused(id("('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 12)")), "");
  EXPECT_EQ(refused(id("('storage', <class 'torch.FloatStorage'>, '94', 'cuda:0', 12, None)")), "");
  EXPECT_THAT(refused(id("('storage', <class 'os.system'>, '0', 'cpu', 12)")), HasSubstr("'os.system' is refused"));
  for (const std::string bad : {"0", "('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 12", "('storage', 1)",
                                "('storage', <class 'torch.FloatStorage'>, '0', 'cpu', x)",
                                "x('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 12)",
                                "('storage', <class 'FloatStorage'>, '0', 'cpu', 12)",
                                "('storage', <class 'torch.FloatStorage'>, '0', 'cpu', 12)x"})
    EXPECT_THAT(refused(id(bad)), HasSubstr("PERSID")) << bad;
}

TEST(Pickle, NamesMustBeNames) {
  EXPECT_THAT(refused(Opcodes().global("o s", "system").stop()), HasSubstr("not a Python name"));
  EXPECT_THAT(refused(Opcodes().global("", "x").stop()), HasSubstr("not a Python name"));
  EXPECT_THAT(refused(Opcodes().global("\xd0\xbes", "system").stop()), HasSubstr("not a Python name"));
  EXPECT_THAT(refused(Opcodes().integer(1).text("x").raw("\x93").stop()), HasSubstr("computed"));
}

TEST(Pickle, MalformedIsRefused) {
  const std::vector<std::pair<std::string, std::string>> all{{"", "truncated"},
                                                             {"\x80\x02", "truncated"},
                                                             {"\x80\x06N.", "protocol 6"},
                                                             {".", "the stack is empty"},
                                                             {"NN.", "left on the stack"},
                                                             {"(N.", "left on the stack"},
                                                             {"t.", "no mark"},
                                                             {"R.", "the stack is empty"},
                                                             {"(R.", "the stack is empty"},
                                                             {"h\x05.", "nothing was put at 5"},
                                                             {"Na.", "the stack is empty"},
                                                             {"NNa.", "holds none"},
                                                             {"](Nu.", "a key without a value"},
                                                             {"](NNu.", "holds none"},
                                                             {"NNs.", "stack is empty"},
                                                             {"X\xff\xff\xff\xff"
                                                              "abc.",
                                                              "4294967295 bytes announced"},
                                                             {"P1\n.", "PERSID"},
                                                             {"(ios\nsystem\n.", "INST"},
                                                             {"(cfoo\nbar\no.", "OBJ"},
                                                             {"\x82\x01.", "EXT"},
                                                             {"\x97.", "NEXT_BUFFER"},
                                                             {"\x98.", "READONLY_BUFFER"},
                                                             {"\xff.", "opcode 0xff is not read"},
                                                             {"N)R.", "without a name"},
                                                             {"cfoo\nbar\nNR.", "not a tuple"},
                                                             {"NNb.", "a state for a value"},
                                                             {"I1x\n.", ""},
                                                             {"Fx\n.", "malformed"},
                                                             {"S'a\n.", "malformed"},
                                                             {"L" + std::string(5000, '1') + "\n.", "5000 digits"},
                                                             {"0.", "the stack is empty"}};
  for (const auto& [text, message] : all) EXPECT_THAT(refused(text), HasSubstr(message)) << printable(text);
}

TEST(Pickle, FramesMustFitTheirOpcodes) {
  const auto framed = [](std::uint64_t length, const std::string& body) { return "\x80\x04\x95" + u64(length) + body; };
  EXPECT_EQ(refused(framed(3, "K\x01.")), "");
  EXPECT_THAT(refused(framed(1, "K\x01.")), HasSubstr("crosses the end of its frame"));
  EXPECT_THAT(refused(framed(4, "K\x01.")), HasSubstr("longer than the pickle"));
  EXPECT_THAT(refused(framed(4, "K\x01.x")), HasSubstr("longer than the pickle"));
  EXPECT_THAT(refused(framed(11, "\x95" + u64(1) + "N.")), HasSubstr("a frame within a frame"));
}

TEST(Pickle, DepthAndSharingCostNothing) {
  EXPECT_EQ(refused("N" + std::string(1'000'000, '\x85') + "."), "");
  EXPECT_EQ(refused("]" + std::string("r\xff\xff\xff\xff", 5) + std::string("j\xff\xff\xff\xff", 5) + "a."), "");
  EXPECT_THAT(refused(std::string(1'100'000, 'N') + "."), HasSubstr("on the stack"));
  EXPECT_THAT(refused(std::string(1'100'000, '(') + "."), HasSubstr("marks"));
}

}  // namespace
}  // namespace torch2mlx::testing
