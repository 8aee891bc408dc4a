#include "read/optimizer.h"
#include "read/optimizer_names.h"
#include "read_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Shape = std::vector<std::int64_t>;

// {"state": {0: {"exp_avg": tensor, "step": 3}, ...}, "param_groups": [{"lr": 0.5, "params": [0, ...]}]}; one tensor
// over storage 0 for each shape, with the groups' sizes.
std::string optimizer(const std::vector<Shape>& shapes, const std::vector<int>& groups, const std::string& more = {}) {
  Opcodes out;
  out.raw("}(").text("state").raw("}(");
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    Shape strides(shapes[i].size(), 1);
    for (std::size_t d = strides.size(); d-- > 1;) strides[d - 1] = strides[d] * shapes[i][d];
    out.integer(static_cast<std::int64_t>(i)).raw("}(").text("exp_avg").tensor("0", 64, shapes[i], strides);
    out.text("step").integer(3).raw("u");
  }
  out.raw("u").text("param_groups").raw("](");
  int next = 0;
  for (const int size : groups) {
    out.raw("}(").text("lr").raw(std::string("G\x3f\xe0\0\0\0\0\0\0", 9));
    out.text("betas").raw(std::string("G\x3f\xe0\0\0\0\0\0\0G\x3f\xd0\0\0\0\0\0\0\x86", 19));
    out.text("amsgrad").raw("\x89").text("fused").raw("N").raw(more).text("params").raw("](");
    for (int i = 0; i < size; ++i) out.integer(next++);
    out.raw("eu");
  }
  return out.raw("eu").stop();
}

// The opcodes of a value alone, to stand within others.
std::string inner(const std::string& pickle) { return pickle.substr(2, pickle.size() - 3); }

class Optimizer : public Files {
 protected:
  std::optional<OptimizerState> open(const std::string& pickle, const std::string& key = {}) const {
    return open_optimizer(write("o.pt", torch_zip(pickle, {floats(std::vector<float>(64, 2))})), key);
  }
  std::string refused(const std::string& pickle, const std::string& key = {}) const {
    try {
      open(pickle, key);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
};

TEST_F(Optimizer, SlotsAndSettings) {
  const auto state = open(optimizer({{2, 3}, {3}}, {2}));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->path, "");
  EXPECT_THAT(state->notes, IsEmpty());
  ASSERT_THAT(state->groups, SizeIs(1));
  const OptimizerGroup& group = state->groups[0];
  ASSERT_THAT(group.parameters, SizeIs(2));
  EXPECT_EQ(group.parameters[0].shape(), Shape({2, 3}));
  EXPECT_EQ(number(group.parameters[1].slots.at("step")), 3);
  EXPECT_EQ(std::get<Tensor>(group.parameters[1].slots.at("exp_avg")).shape, Shape({3}));
  EXPECT_EQ(number(group.settings.at("lr")), 0.5);
  EXPECT_THAT(std::get<std::vector<double>>(group.settings.at("betas")), ElementsAre(0.5, 0.25));
  EXPECT_FALSE(std::get<bool>(group.settings.at("amsgrad")));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(group.settings.at("fused")));
  EXPECT_FALSE(group.settings.contains("params"));
}

TEST_F(Optimizer, NumbersOfTensors) {
  Opcodes lr;
  lr.text("lr_tensor").tensor("0", 64, {}, {}, 7);
  const auto state = open(optimizer({{2}}, {1}, inner(lr.stop())));
  EXPECT_EQ(number(state->groups[0].settings.at("lr_tensor")), 2);
  EXPECT_EQ(number(state->groups[0].settings.at("fused")), std::nullopt);
}

TEST_F(Optimizer, IsFoundWhereverItStands) {
  const std::string one = inner(optimizer({{2}}, {1}));
  Opcodes lightning;
  lightning.raw("}(").text("epoch").integer(3).text("optimizer_states").raw("](" + one + "e").raw("u");
  EXPECT_EQ(open(lightning.stop())->path, "optimizer_states.0");

  Opcodes two;
  two.raw("}(").text("gen").raw(one).text("disc.x").raw(one).raw("u");
  EXPECT_THAT(refused(two.stop()), HasSubstr("2 optimizers: 'gen', 'disc.x'"));
  EXPECT_EQ(open(two.stop(), "disc.x")->path, "disc.x");
  EXPECT_EQ(open(two.stop(), "disc")->path, "disc.x");
  EXPECT_THAT(refused(two.stop(), "d"), HasSubstr("no optimizer at 'd'"));
  EXPECT_FALSE(open(Opcodes().raw("}").text("w").tensor("0", 64, {1}, {1}).raw("s").stop()));
  EXPECT_FALSE(open_optimizer(write("w.safetensors", safetensors("{}"))));
}

TEST_F(Optimizer, NamesThatTheFileTells) {
  Opcodes names;
  names.text("param_names").raw("](").text("_orig_mod.b").text("_orig_mod.a").raw("e");
  auto state = open(optimizer({{2, 3}, {3}}, {2}, inner(names.stop()))).value();
  const std::vector<ModelParameter> model{{"a", {3}}, {"b", {2, 3}}};
  name_parameters(state, model);
  EXPECT_EQ(state.groups[0].parameters[0].name, "b");
  EXPECT_EQ(state.groups[0].parameters[1].name, "a");

  EXPECT_THAT(refused(optimizer({{2}}, {1}, inner(names.stop()))), HasSubstr("no list of 1 names"));
  Opcodes twice;
  twice.text("param_names").raw("](").text("a").text("a").raw("e");
  EXPECT_THAT(refused(optimizer({{2}, {2}}, {2}, inner(twice.stop()))), HasSubstr("two parameters are called 'a'"));
}

std::string unnamed(OptimizerState state, const std::vector<ModelParameter>& model) {
  try {
    name_parameters(state, model);
  } catch (const Error& error) {
    return error.what();
  }
  std::string names;
  for (const OptimizerGroup& group : state.groups) {
    names += "|";
    for (const OptimizerParameter& parameter : group.parameters) names += parameter.name + " ";
  }
  return names;
}

TEST_F(Optimizer, NamesByTheOrderOfTheModel) {
  const auto state = [&](const std::vector<Shape>& shapes, const std::vector<int>& groups) {
    return open(optimizer(shapes, groups)).value();
  };
  const auto one = state({{2}, {2}, {3}}, {3});
  EXPECT_EQ(unnamed(one, {{"a", {2}}, {"b", {2}}, {"c", {3}}}), "|a b c ");
  EXPECT_THAT(unnamed(one, {{"a", {2}}, {"b", {3}}, {"c", {2}}}), HasSubstr("number 1 is (2), 'b' of the model (3)"));
  EXPECT_THAT(unnamed(one, {{"a", {2}}, {"b", {2}}}), HasSubstr("3 parameters are not the model's: the model has 2"));
  // Frozen parameters and buffers: only where shapes tell which.
  EXPECT_EQ(unnamed(one, {{"a", {2}}, {"frozen", {5}}, {"b", {2}}, {"c", {3}}}), "|a b c ");
  EXPECT_EQ(unnamed(one, {{"a", {2}}, {"b", {2}}, {"buffer", {4}, false}, {"c", {3}, false}}), "|a b c ");
  EXPECT_THAT(unnamed(one, {{"a", {2}}, {"b", {2}}, {"buffer", {2}, false}, {"c", {3}}}), "|a b c ");
  EXPECT_THAT(unnamed(one, {{"a", {2}}, {"b", {2}, false}, {"x", {2}, false}, {"c", {3}}}),
              HasSubstr("shapes leave several ways"));
}

TEST_F(Optimizer, GroupsAreMergedIntoTheModel) {
  // Matrices decay, vectors do not, as transformers' Trainer has it.
  const auto state = open(optimizer({{2, 3}, {4, 2}, {3}, {2}}, {2, 2})).value();
  EXPECT_EQ(unnamed(state, {{"a.w", {2, 3}}, {"a.b", {3}}, {"b.w", {4, 2}}, {"b.b", {2}}}), "|a.w b.w |a.b b.b ");
  const auto same = open(optimizer({{2}, {2}}, {1, 1})).value();
  EXPECT_THAT(unnamed(same, {{"a", {2}}, {"b", {2}}}), HasSubstr("2 parameters in 2 groups without names"));
}

TEST_F(Optimizer, ParametersWithoutAState) {
  auto state = open(optimizer({{2, 3}}, {2})).value();
  EXPECT_THAT(state.groups[0].parameters[1].slots, IsEmpty());
  EXPECT_EQ(unnamed(state, {{"a", {2, 3}}, {"b", {7}}}), "|a b ");
  EXPECT_THAT(open(optimizer({{2}, {2}, {2}}, {1}))->notes, ElementsAre(HasSubstr("2 states")));
}

TEST_F(Optimizer, DamageIsRefused) {
  const auto with = [](const std::string& state, const std::string& params) {
    return "\x80\x02}(X\x05" + std::string("\0\0\0state", 8) + state + "X\x0c" + std::string("\0\0\0param_groups", 15) +
           "]}X\x06" + std::string("\0\0\0params", 9) + params + "sau.";
  };
  EXPECT_EQ(refused(with("}", "](K\2K\1e")), "");
  EXPECT_THAT(refused(with("}", "](K\1K\1e")), HasSubstr("listed twice"));
  EXPECT_THAT(refused(with("}", "K\1")), HasSubstr("'params' is int, not a list"));
  EXPECT_THAT(refused(with("}", "](Ne")), HasSubstr("a parameter is None, neither a number nor a name"));
  EXPECT_THAT(refused(with("}(K\1}K\1}u", "](K\1e")), HasSubstr("a parameter has two states"));
  EXPECT_THAT(refused(with("}K\1Ns", "](K\1e")), HasSubstr("state.0 is None, not a dict"));
  EXPECT_THAT(refused(with("}K\1}K\1K\1ss", "](K\1e")), HasSubstr("a key of state.0 is no short text"));
}

// A dict shared by many parameters must not become as many copies of its slots.
TEST_F(Optimizer, SharedStatesAreBounded) {
  Opcodes out;
  out.raw("}(").text("state").raw("}(").integer(0).raw("}q\1(");
  for (int i = 0; i < 2000; ++i) out.text("s" + std::to_string(i)).integer(i);
  out.raw("u");
  for (int i = 1; i < 2000; ++i) out.integer(i).raw("h\1");
  out.raw("u").text("param_groups").raw("]}").text("params").raw("](");
  for (int i = 0; i < 2000; ++i) out.integer(i);
  EXPECT_THAT(refused(out.raw("esau").stop()), HasSubstr("more than 1048576 values"));
}

// Whatever a byte becomes, the state is read and named or an Error says why not.
TEST_F(Optimizer, EveryByteChanged) {
  const std::string sound = optimizer({{2, 3}, {3}}, {1, 1});
  const std::vector<ModelParameter> model{{"a", {2, 3}}, {"b", {3}}, {"c", {4}, false}};
  int read = 0, refusals = 0;
  for (std::size_t at = 0; at < sound.size(); ++at)
    for (const int change : {1, 0x20, 0x80}) {
      std::string pickle = sound;
      pickle[at] = static_cast<char>(pickle[at] ^ change);
      try {
        auto state = open(pickle);
        if (state) name_parameters(*state, model);
        ++read;
      } catch (const Error&) {
        ++refusals;
      }
    }
  EXPECT_GT(read, 0);
  EXPECT_GT(refusals, read);
}

}  // namespace
}  // namespace torch2mlx::testing
