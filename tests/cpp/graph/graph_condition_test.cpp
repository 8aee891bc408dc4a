// Conditions on sizes, as torch.export writes them and as generated code says them.
#include <gmock/gmock.h>

#include "graph/condition.h"

namespace torch2mlx::graph {
namespace {

using testing::Eq;
using testing::Optional;

const Condition::Shapes shapes{{"x", {3, 8}}, {"past_0", {2, 5}}};

Condition read(std::string_view text) {
  return Condition(text, [](const std::string& path) { return shapes.contains(path) ? path : std::string(); });
}
std::string access(const std::string& target) { return target == "past_0" ? "past[0]" : target; }

struct Case {
  const char *text, *code, *negated;
  bool holds;
};

TEST(Condition, KnowsFieldsOfArguments) {
  const Condition condition("L['pair'].a.size()[1] == 4",
                            [](const std::string& path) { return path == "pair_a" ? "pair.a" : ""; });
  EXPECT_THAT(condition.holds({{"pair.a", {2, 4}}}), Optional(true));
  EXPECT_THAT(condition.holds({{"pair.a", {2, 5}}}), Optional(false));
  EXPECT_EQ(condition.str(), "pair.a.shape[1] == 4");
}

TEST(Condition, IsComputedAndWrittenAsCode) {
  const Case cases[] = {
      {"(L['x'].size()[1] % 4) == 0", "x.shape[1] % 4 == 0", "x.shape[1] % 4 != 0", true},
      {"L['x'].size()[0] >= 4 or L['past'][0].size()[1] == 5", "x.shape[0] >= 4 or past[0].shape[1] == 5",
       "not (x.shape[0] >= 4 or past[0].shape[1] == 5)", true},
      {"not max(1, -L['x'].size()[1] + 2*(L['x'].size()[0] // 2)) < 2",
       "not max(1, -x.shape[1] + 2 * (x.shape[0] // 2)) < 2", "max(1, -x.shape[1] + 2 * (x.shape[0] // 2)) < 2", false},
      {"L['x'].size()[0]**2 != 9", "x.shape[0] ** 2 != 9", "x.shape[0] ** 2 == 9", false},
      {"L['x'].size()[1] / 2 > 3.5 and min(L['x'].size()[0], 1) <= 1.0",
       "x.shape[1] / 2 > 3.5 and min(x.shape[0], 1) <= 1.0", "not (x.shape[1] / 2 > 3.5 and min(x.shape[0], 1) <= 1.0)",
       true},
      {"math.trunc(0.5*torch.sym_float(L['x'].size()[1])) == 4", "int(0.5 * float(x.shape[1])) == 4",
       "int(0.5 * float(x.shape[1])) != 4", true},
      {"math.ceil(L['x'].size()[0] / 2) + math.floor(L['x'].size()[0] / 2) == 3",
       "-int(-(x.shape[0] / 2) // 1) + int((x.shape[0] / 2) // 1) == 3",
       "-int(-(x.shape[0] / 2) // 1) + int((x.shape[0] / 2) // 1) != 3", true},
      {"round(L['past'][0].size()[1] / 2) == 2", "round(past[0].shape[1] / 2) == 2", "round(past[0].shape[1] / 2) != 2",
       true},
      {"(1 - (2 - L['x'].size()[0])) * 2 - -7 % 4 < 4", "(1 - (2 - x.shape[0])) * 2 - -7 % 4 < 4",
       "(1 - (2 - x.shape[0])) * 2 - -7 % 4 >= 4", true},
      {"-7 // 2 == -4", "-7 // 2 == -4", "-7 // 2 != -4", true},
      {"math.sqrt(L['x'].size()[0] + 1) == 2", "(x.shape[0] + 1) ** 0.5 == 2", "(x.shape[0] + 1) ** 0.5 != 2", true},
      {"2**-1 == 0.5 and -7.5 % 2 == 0.5 and -7.5 // 2 == -4", "2 ** -1 == 0.5 and -7.5 % 2 == 0.5 and -7.5 // 2 == -4",
       "not (2 ** -1 == 0.5 and -7.5 % 2 == 0.5 and -7.5 // 2 == -4)", true},
      {"L['x'].size()[0] == 1 and 1 // 0 == 1", "x.shape[0] == 1 and 1 // 0 == 1",
       "not (x.shape[0] == 1 and 1 // 0 == 1)", false},
      {"abs(-L['x'].size()[0]) == L['x'].shape[0] or True", "abs(-x.shape[0]) == x.shape[0] or 1",
       "not (abs(-x.shape[0]) == x.shape[0] or 1)", true},
  };
  for (const Case& c : cases) {
    const Condition condition = read(c.text);
    EXPECT_THAT(condition.holds(shapes), Optional(c.holds)) << c.text;
    EXPECT_EQ(condition.str(access), c.code);
    EXPECT_EQ(condition.negated(access), c.negated);
  }
}

TEST(Condition, ReadsSizesAsDimPrintsThem) {
  const Condition condition("floordiv(mod(-1*s53, 64) + s53, 64) == max(s0, 1) - 2",
                            Condition::Symbols{{"s53", {"x", 1}}, {"s0", {"past_0", 0}}});
  EXPECT_THAT(condition.holds(shapes), Optional(false));
  EXPECT_THAT(condition.holds({{"x", {1, 9}}, {"past_0", {3}}}), Optional(true));
  EXPECT_EQ(condition.str(access), "(-1 * x.shape[1] % 64 + x.shape[1]) // 64 == max(past[0].shape[0], 1) - 2");
  EXPECT_EQ(Condition("s7 == 1", Condition::Symbols{}).holds(shapes), std::nullopt);
  EXPECT_EQ(Condition("L['x'].size()[0] == 3", Condition::Symbols{}).holds(shapes), std::nullopt);
}

TEST(Condition, IsUnknownWhereItSpeaksOfAnythingElse) {
  for (const char* text : {
           "__import__('os').system('true') == 0",
           "L['y'].size()[0] == 1",
           "L['x'].dtype == 1",
           "[x for x in (1, 2)] == 3",
           "1 < L['x'].size()[0] < 3",
           "(lambda: 1)() == 1",
           "L['x'].size()[-1] == 8",
           "L['x'].size()[1.0] == 8",
           "L['x'].size() == 1",
           "1 +",
           "",
           "not",
           "a == 1",
           "max() == 1",
           "max(1) == 1",
           "1 == 9223372036854775808",
           "L['x",
           "L[",
           "round(1, 2) == 1",
           "1 == 1 == 1",
           "abs == 1",
           "1e999 > 0",
       }) {
    const Condition condition = read(text);
    EXPECT_EQ(condition.holds(shapes), std::nullopt) << text;
    EXPECT_EQ(condition.str(access), text);
  }
}

TEST(Condition, IsUnknownWherePythonWouldRaiseOrLeave64Bits) {
  for (const char* text : {
           "L['x'].size()[7] == 1",
           "L['x'].size()[1] % 0 == 0",
           "1 / (L['x'].size()[0] - 3) == 0",
           "2**L['x'].size()[1]**9 == 0",
           "((9**7)**7)**7 == 0",
           "0**-1 == 0",
           "math.sqrt(-1) == 0",
           "9223372036854775807 + L['x'].size()[0] == 0",
           "9223372036854775807 * 2 == 0",
           "int(1e300) == 1",
           "1.5 // 0 == 0",
           "1.5 % 0 == 1",
       })
    EXPECT_EQ(read(text).holds(shapes), std::nullopt) << text;
  EXPECT_EQ(read("L['x'].size()[0] == 3").holds({}), std::nullopt);
}

TEST(Condition, IsNoWayToFillTheStack) {
  for (const std::string& text :
       {std::string(10'000, '('), std::string(10'000, '-') + "1", std::string(4'000, '-') + "1", [] {
          std::string nots;
          for (int i = 0; i < 1000; ++i) nots += "not ";
          return nots + "1";
        }()})
    EXPECT_EQ(read(text).holds(shapes), std::nullopt);
  std::string sum = "1";
  while (sum.size() < 3'000) sum += "+1";
  EXPECT_THAT(read(sum + ">1").holds(shapes), Optional(true));
  while (sum.size() < 90'000) sum += "+1";
  EXPECT_EQ(read(sum + ">1").holds(shapes), std::nullopt);
}

}  // namespace
}  // namespace torch2mlx::graph
