// The checker of MLX graphs against the table of ops, as the passes are verified with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "ops/check.h"
#include "passes/pipeline.h"

namespace torch2mlx::ops {
namespace {

using ::testing::HasSubstr;

// What is wrong with a graph of this node over x: f32[2, 3]; empty if nothing is.
std::string problem(const std::string& node) {
  try {
    ops::check(graph::parse("x: f32[2, 3]\n" + node + "\nreturn y\n"));
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST(Check, NodesThatAgree) {
  EXPECT_EQ(problem("y = softmax(x, axis=1) : f32[2, 3]"), "");
  EXPECT_EQ(problem("y = add(x, 2) : f32[2, 3]"), "");
  EXPECT_EQ(problem("y = concatenate([x, x], axis=0) : f32[4, 3]"), "");
  EXPECT_EQ(problem("a, y = split(x, indices=(1), axis=0) : f32[1, 3], f32[1, 3]"), "");
  EXPECT_EQ(problem("n = shape(x, axis=0) : int(2)\ny = full(shape=(n, 4), value=0, dtype=f32) : f32[2, 4]"), "");
}

TEST(Check, OpsAndArguments) {
  EXPECT_THAT(problem("y = sofmax(x, axis=1) : f32[2, 3]"), HasSubstr("sofmax is no op of MLX's table"));
  EXPECT_THAT(problem("y = aten.relu.default(x) : f32[2, 3]"), HasSubstr("is no op of MLX's table"));
  EXPECT_THAT(problem("y = exp(x, x) : f32[2, 3]"), HasSubstr("has 2 operands, its row 1"));
  EXPECT_THAT(problem("y = add(x) : f32[2, 3]"), HasSubstr("'b' is of another kind than its row says, or absent"));
  EXPECT_THAT(problem("y = softmax(x) : f32[2, 3]"), HasSubstr("'axis' is of another kind"));
  EXPECT_THAT(problem("y = softmax(x, axis=1.5) : f32[2, 3]"), HasSubstr("'axis' is of another kind"));
  EXPECT_THAT(problem("y = softmax(x, axis=x) : f32[2, 3]"), HasSubstr("'axis' is of another kind"));
  EXPECT_THAT(problem("y = softmax(x, axis=1, axes=2) : f32[2, 3]"), HasSubstr("has no named parameter 'axes'"));
  EXPECT_THAT(problem("y = exp(a=x) : f32[2, 3]"), HasSubstr("has no named parameter 'a'"));
  EXPECT_THAT(problem("y = concatenate(x, axis=0) : f32[2, 3]"), HasSubstr("'arrays' is of another kind"));
}

TEST(Check, Results) {
  EXPECT_THAT(problem("y = exp(x) : f32[3, 2]"), HasSubstr("'y' is stated as f32[3, 2], MLX gives f32[2, 3]"));
  EXPECT_THAT(problem("y = greater(x, 0) : f32[2, 3]"), HasSubstr("MLX gives bool[2, 3]"));
  EXPECT_THAT(problem("a, y = exp(x) : f32[2, 3], f32[2, 3]"), HasSubstr("has 2 results, its row one"));
  EXPECT_THAT(problem("y = shape(x, axis=0) : f32[2]"), HasSubstr("'y' is of another kind"));
  EXPECT_THAT(problem("y = matmul(x, x) : f32[2, 2]"), HasSubstr("does not take these arguments"));
}

TEST(Check, SizesThatAreSymbols) {
  const std::string text = "symbol s0: 1..64\nx: f32[s0, 3]\ny = reshape(x, shape=(-1)) : f32[";
  EXPECT_NO_THROW(ops::check(graph::parse(text + "3*s0]\nreturn y\n")));
  EXPECT_THROW(ops::check(graph::parse(text + "4*s0]\nreturn y\n")), Error);
}

TEST(Check, AllProblemsAtOnce) {
  try {
    ops::check(graph::parse("x: f32[2]\na = nothing(x) : f32[2]\ny = exp(a) : f32[3]\nreturn y\n"));
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.details().size(), 2U);
  }
}

TEST(Check, VerifyNamesThePass) {
  const graph::Graph graph = graph::parse("x: f32[2]\ny = exp(x) : f32[3]\nreturn y\n");
  try {
    passes::verify(graph, "some_pass");
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("after pass some_pass"));
  }
}

}  // namespace
}  // namespace torch2mlx::ops
