// Sizes: their normal form, what torch.export's spellings mean, and evaluation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "base/error.h"
#include "graph/dim.h"

namespace torch2mlx::graph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Dim s = Dim::symbol("s0"), t = Dim::symbol("s1");

Dim floordiv(const Dim& a, const Dim& b) { return Dim::call("floordiv", {a, b}); }
Dim mod(const Dim& a, const Dim& b) { return Dim::call("mod", {a, b}); }

TEST(Dim, EqualSizesCompareEqual) {
  EXPECT_EQ(s + t, t + s);
  EXPECT_EQ((s + 1) * (s - 1), s * s - 1);
  EXPECT_EQ(2 * (s + t) - 2 * t, 2 * s);
  EXPECT_EQ(s - s, Dim(0));
  EXPECT_EQ(mod(-1 * mod(s, 4) + t, 4), mod(t - s, 4));
  EXPECT_EQ((s - s).constant(), 0);
  EXPECT_EQ(Dim(), Dim(0));
  EXPECT_NE(s, t);
  EXPECT_NE(s, s + 1);
}

TEST(Dim, ConstantsAndSymbols) {
  EXPECT_EQ(Dim(7).constant(), 7);
  EXPECT_EQ(Dim(-7).str(), "-7");
  EXPECT_FALSE(s.constant());
  EXPECT_EQ(s.as_symbol(), "s0");
  EXPECT_FALSE((2 * s).as_symbol());
  EXPECT_FALSE((s * s).as_symbol());
  EXPECT_FALSE(floordiv(s, 2).as_symbol());
  EXPECT_FALSE(Dim(1).as_symbol());
  EXPECT_THAT((s * t + floordiv(Dim::symbol("u0"), s)).symbols(), ElementsAre("s0", "s1", "u0"));
  EXPECT_THAT(Dim(3).symbols(), ElementsAre());
}

TEST(Dim, ScaledSizesAreExact) {
  const auto scaled = [](const std::string& factor) {
    return Dim::parse("TruncToInt(Mul(Float('" + factor + "', precision=53), ToFloat(Symbol('s0', integer=True))))");
  };
  EXPECT_EQ(scaled("1.5"), floordiv(3 * s, 2));
  EXPECT_EQ(scaled("0.25"), floordiv(s, 4));
  EXPECT_THROW(scaled("0.7"), Error);  // rounded, and so are its products
  EXPECT_THROW(scaled("-1.5"), Error);
  EXPECT_THROW(Dim::parse("TruncToInt(s0)"), Error);
}

TEST(Dim, DivisionIsSimplifiedWhereExact) {
  EXPECT_EQ(floordiv(4 * s, 2), 2 * s);
  EXPECT_EQ(floordiv(4 * s + 1, 2), 2 * s);
  EXPECT_EQ(floordiv(4 * s - 1, 2), 2 * s - 1);
  EXPECT_EQ(mod(4 * s + 3, 2), Dim(1));
  EXPECT_EQ(mod(4 * s - 1, 4), Dim(3));
  EXPECT_EQ(floordiv(6 * s * t, 2 * t), 3 * s);
  EXPECT_EQ(floordiv(6 * s * t + 4 * t, 2 * t), 3 * s + 2);
  EXPECT_EQ(mod(6 * s * t, 2 * t), Dim(0));
  EXPECT_EQ(floordiv(s, s), Dim(1));
  EXPECT_EQ(floordiv(s, 1), s);
  EXPECT_EQ(floordiv(s, 2).str(), "floordiv(s0, 2)");
  EXPECT_NE(2 * floordiv(s, 2), s);
  EXPECT_EQ(floordiv(s - 1, 2) + 1, floordiv(s + 1, 2));
  EXPECT_EQ(floordiv(4 * s + t + 5, 2), 2 * s + 2 + floordiv(t + 1, 2));
  EXPECT_EQ(mod(4 * s + t - 3, 4), mod(t + 1, 4));
  EXPECT_EQ(Dim::call("max", {s, s}), s);
  EXPECT_EQ(Dim::call("min", {3, 5}), Dim(3));
}

TEST(Dim, RoundsTowardsMinusInfinity) {
  EXPECT_EQ(floordiv(-7, 2), Dim(-4));
  EXPECT_EQ(mod(-7, 2), Dim(1));
  EXPECT_EQ(floordiv(7, -2), Dim(-4));
  EXPECT_EQ(mod(7, -2), Dim(-1));
  EXPECT_EQ(floordiv(s - 9, 2).evaluate({{"s0", 2}}), -4);
}

TEST(Dim, WithPutsASizeInPlaceOfASymbol) {
  EXPECT_EQ((2 * s + t).with("s0", t * 3), 7 * t);
  EXPECT_EQ(floordiv(s + t, 3).with("s0", 5), floordiv(t + 5, 3));
  EXPECT_EQ(floordiv(s * t, 4).with("s0", 8), 2 * t);
  EXPECT_EQ(t.with("s0", 4), t);
}

TEST(Dim, EvaluateAgreesWithTheTextItPrints) {
  const Dim sizes[] = {s * s - 3 * t + 2,
                       floordiv(s + t, 3),
                       mod(s * t, 7) * t,
                       Dim::call("max", {s, t, 5}),
                       Dim::call("min", {s - t, floordiv(s, 2)}),
                       0 - s,
                       floordiv(mod(s, 5) + t, 2) + 1};
  for (const Dim& size : sizes) {
    const Dim again = Dim::parse(size.str());
    EXPECT_EQ(again, size) << size.str();
    for (const std::int64_t a : {1, 2, 9, 40})
      for (const std::int64_t b : {1, 3, 8})
        EXPECT_EQ(again.evaluate({{"s0", a}, {"s1", b}}), size.evaluate({{"s0", a}, {"s1", b}})) << size.str();
  }
  EXPECT_EQ((s * s - 3 * t + 2).evaluate({{"s0", 5}, {"s1", 4}}), 15);
  EXPECT_EQ(floordiv(mod(s, 5) + t, 2).evaluate({{"s0", 9}, {"s1", 3}}), 3);
  EXPECT_THROW(s.evaluate({{"s1", 1}}), std::out_of_range);
  EXPECT_THROW(floordiv(s, t).evaluate({{"s0", 1}, {"s1", 0}}), Error);
}

TEST(Dim, TorchSpellings) {
  EXPECT_EQ(Dim::parse("((s0//2))"), floordiv(s, 2));
  EXPECT_EQ(Dim::parse("(((s0 + 1)//2)) - 1"), floordiv(s + 1, 2) - 1);
  EXPECT_EQ(Dim::parse("Mod(s0, 2)"), mod(s, 2));
  EXPECT_EQ(Dim::parse("PythonMod(s0, 2)"), mod(s, 2));
  EXPECT_EQ(Dim::parse("torch.utils._sympy.functions.FloorDiv(s0, 2)"), floordiv(s, 2));
  EXPECT_EQ(Dim::parse("Max(1, s0)"), Dim::call("max", {1, s}));
  EXPECT_EQ(Dim::parse("s0**2*3"), 3 * s * s);
  EXPECT_EQ(Dim::parse("Mul(Integer(4), Symbol('s0', positive=True, integer=True))"), 4 * s);
  EXPECT_EQ(Dim::parse("Add(Pow(Symbol('s0', integer=True), Integer(2)), Integer(-1))"), s * s - 1);
  EXPECT_EQ(Dim::parse("-s0 + 5"), 5 - s);
  EXPECT_EQ(Dim::parse("2*s0//2"), s);
}

TEST(Dim, RefusesWhatIsNoSize) {
  for (const char* text :
       {"", " ", "s0 +", "s0 s1", "2.5", "sqrt(s0)", "s0**s1", "s0**-1", "s0**9", "(s0", "s0)", "Max(s0)",
        "__import__('os')", "Symbol('a b')", "Symbol('s0'", "s0[1]", "99999999999999999999", "1 if s0 else 2"})
    EXPECT_THROW(Dim::parse(text), Error) << text;
  try {
    Dim::parse("s0 $ 2");
    ADD_FAILURE() << "it was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_EQ(error.message(), "'s0 $ 2' is not a size expression (column 4)");
  }
}

TEST(Dim, OtherFunctionsOfSizesAreUnsupported) {
  for (const char* text : {"CeilToInt(FloatTrueDiv(ToFloat(s0), Float('2.5', precision=53)))", "sqrt(s0)",
                           "Piecewise(s0)", "TruncToInt(FloatTrueDiv(s0, 2))", "1 + BitwiseFn_bitwise_and(s0, 3)"}) {
    try {
      Dim::parse(text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unsupported);
      EXPECT_EQ(error.message(), "the size '" + std::string(text) + "' is no arithmetic of integers");
    }
  }
}

TEST(Dim, OverflowIsAnError) {
  const Dim large = INT64_MAX;
  EXPECT_THROW(large + 1, Error);
  EXPECT_THROW(large * s * 2, Error);
  EXPECT_THROW((s * s * s).evaluate({{"s0", INT64_MAX / 2}}), Error);
  EXPECT_THROW(Dim::parse("9223372036854775807 + 1"), Error);
  EXPECT_THROW(Dim::parse("s0 // 0"), Error);
  EXPECT_EQ(Dim::parse("-9223372036854775807 - 1").constant(), INT64_MIN);
}

// Short text must not become a large object.
TEST(Dim, GrowthIsBounded) {
  std::string product = "1", nested = "s0";
  for (int i = 0; i < 40; ++i) product += "*(a" + std::to_string(i) + " + b" + std::to_string(i) + ")";
  EXPECT_THROW(Dim::parse(product), Error);
  for (int i = 0; i < 12; ++i) nested = "Mod((" + nested + ")**8, s1)";
  EXPECT_THROW(Dim::parse(nested), Error);
  EXPECT_THROW(Dim::parse(std::string(5000, '(') + "s0" + std::string(5000, ')')), Error);
  EXPECT_THROW(Dim::parse(std::string(5000, '-') + "s0"), Error);
}

TEST(Dim, Shapes) {
  EXPECT_EQ(str(Shape{s, 2 * s + 1, 3}), "[s0, 2*s0 + 1, 3]");
  EXPECT_EQ(str(Shape{}), "[]");
}

}  // namespace
}  // namespace torch2mlx::graph
