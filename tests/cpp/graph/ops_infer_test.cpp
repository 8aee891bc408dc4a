// Shapes of results over symbolic sizes, learnt from samples: what samples must not be fooled by.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "graph/graph.h"
#include "ops/infer.h"
#include "ops/lower.h"

namespace torch2mlx::ops {
namespace {

using ::testing::HasSubstr;

// The type of the last value of an MLX graph's text.
std::string type_of(const std::string& text) {
  graph::Graph g = graph::parse(text);
  infer_types(g);
  const graph::Type& type = g.type(g.nodes.back().result());
  return type.size ? type.size->str() : graph::str(type.shape);
}

TEST(Inference, ExpressionsOverTheArguments) {
  EXPECT_EQ(type_of("x: f32[s0, 3]\ny: f32[s0, 1]\nadd(x, y)"), "[s0, 3]");
  EXPECT_EQ(type_of("x: f32[s0, 3]\ny: f32[s1, 3]\nconcatenate([x, y], axis=0)"), "[s0 + s1, 3]");
  EXPECT_EQ(type_of("x: f32[s0, s1, 4]\nreshape(x, shape=[-1, 4])"), "[s0*s1, 4]");
  EXPECT_EQ(type_of("x: f32[s0, s1, 4]\nreshape(x, shape=[-1])"), "[4*s0*s1]");
  EXPECT_EQ(type_of("x: f32[s0, 3]\nslice(x, axis=0, start=1)"), "[s0 - 1, 3]");
  EXPECT_EQ(type_of("x: f32[s0, 3]\npad(x, widths=[[1, 2], [0, 0]], value=0)"), "[s0 + 3, 3]");
  EXPECT_EQ(
      type_of(
          "symbol s0: 4..64\nx: f32[2, s0, 3]\nw: f32[5, 3, 3]\nconv1d(x, w, stride=[1], padding=[0], dilation=[1], "
          "groups=1)"),
      "[2, s0 - 2, 5]");
}

TEST(Inference, SizesAsResultsAreExact) {
  const std::string n = "x: f32[s0, 3]\nn = shape(x, axis=0)\n";
  EXPECT_EQ(type_of(n + "int_mod(n, 2)"), "mod(s0, 2)");
  EXPECT_EQ(type_of(n + "int_mod(n, 48)"), "mod(s0, 48)");
  EXPECT_EQ(type_of(n + "int_floordiv(n, 2)"), "floordiv(s0, 2)");
  EXPECT_EQ(type_of(n + "int_min(n, 512)"), "min(s0, 512)");
  EXPECT_EQ(type_of(n + "int_max(n, 1)"), "max(s0, 1)");
  EXPECT_EQ(type_of(n + "m = int_mul(n, n)\nint_sub(m, 1)"), "s0*s0 - 1");
  EXPECT_EQ(type_of(n + "int_neg(n)"), "-s0");
  EXPECT_EQ(type_of("x: f32[s0, 3]\nshape(x, axis=-1)"), "3");
}

// What is divided by much is the same at many sizes, and so are two of these.
TEST(Inference, SizesThatAreDividedVary) {
  const std::string x =
      "symbol s0: 33..4096\nsymbol s1: 33..4096\n"
      "x: f32[floordiv(s0 - 1, 32) + 1, floordiv(s1 - 1, 32) + 1, 3]\n";
  EXPECT_EQ(type_of(x + "expand_dims(x, axis=0)"), "[1, floordiv(s0 + 31, 32), floordiv(s1 + 31, 32), 3]");
  EXPECT_EQ(type_of(x + "transpose(x, axes=[1, 0, 2])"), "[floordiv(s1 + 31, 32), floordiv(s0 + 31, 32), 3]");
  EXPECT_EQ(type_of(x + "index(x, items=[\":\", 0])"), "[floordiv(s0 + 31, 32), 3]");
}

// Sizes of the same parity, or of the same small range, must not be taken for each other.
TEST(Inference, SamplesTellSymbolsApart) {
  const std::string ranges = "symbol s0: 1..2\nsymbol s1: 1..2\nsymbol s2: 1..4\nsymbol s3: 1..4\n";
  EXPECT_EQ(type_of(ranges + "x: f32[s0, 1, 1, 1]\ny: f32[s1, 1, 1]\nz: f32[s2, 1]\nu: f32[s3]\n"
                             "a = add(x, y)\nb = add(a, z)\nadd(b, u)"),
            "[s0, s1, s2, s3]");
  std::string text, sum;
  for (int i = 0; i < 40; ++i) text += "x" + std::to_string(i) + ": f32[s" + std::to_string(i) + "]\n";
  EXPECT_EQ(type_of(text + "expand_dims(x39, axis=0)"), "[1, s39]");
  EXPECT_EQ(type_of(text + "a = expand_dims(x31, axis=1)\nadd(a, x8)"), "[s31, s8]");
}

TEST(Inference, EveryOtherElementNeedsToBeTold) {
  // ceil(s0 / 2) is no sum, product or quotient of what the arguments have.
  EXPECT_EQ(type_of("x: f32[s0]\nslice(x, axis=0, step=2) : f32[floordiv(s0 + 1, 2)]"), "[floordiv(s0 + 1, 2)]");
  const graph::Graph aten =
      graph::parse("x: f32[s0]\naten.slice.Tensor(x, 0, 0, 9223372036854775807, 2) : f32[floordiv(s0 + 1, 2)]");
  EXPECT_TRUE(try_lower(aten).problems.empty());
}

// torch's own expression is believed where it agrees with every sample.
TEST(Inference, DeclaredSizesComeFirst) {
  const graph::Graph aten = graph::parse("x: f32[s0, 3]\naten.slice.Tensor(x, 0, 0, 3) : f32[min(s0, 3), 3]\n");
  const LowerResult lowered = try_lower(aten);
  ASSERT_TRUE(lowered.problems.empty());
  EXPECT_EQ(graph::str(lowered.graph.type(lowered.graph.nodes.back().result()).shape), "[min(s0, 3), 3]");
}

TEST(Inference, DeclaredShapesAreChecked) {
  const graph::Graph aten =
      graph::parse("x: f32[s0]\naten.slice.Tensor(x, 0, 0, 9223372036854775807, 2) : f32[floordiv(s0, 2)]");
  const LowerResult lowered = try_lower(aten);
  ASSERT_EQ(lowered.problems.size(), 1U);
  EXPECT_THAT(lowered.problems[0].message, HasSubstr("where PyTorch has [floordiv(s0, 2)]"));
}

TEST(Inference, NamesThePlace) {
  graph::Graph g = graph::parse(
      "x: f32[2, 3]\ny: f32[4]\na = add(x, y) @ layers.0 <Block> at \"pkg/model.py\" 7 \"x + y\"\nreturn a");
  try {
    infer_types(g);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_EQ(error.place(), "node 0 'a' (layers.0, model.py:7)");
  }
}

TEST(Inference, ArgumentsGetTheirNames) {
  graph::Graph g = graph::parse("x: f32[2, 3]\nw: f32[4, 3]\nb: f32[4]\na = linear(x, w, b)\nsoftmax(a, -1)");
  infer_types(g);
  EXPECT_EQ(
      graph::print(g, {.types = false}),
      "x: f32[2, 3]\nw: f32[4, 3]\nb: f32[4]\na = linear(x, w, bias=b)\nresult = softmax(a, axis=-1)\nreturn result\n");
}

}  // namespace
}  // namespace torch2mlx::ops
