// Folding of constants whose data the text form does not hold.
#include <gtest/gtest.h>

#include <cstring>
#include <memory>

#include "passes/passes.h"
#include "passes/pipeline.h"
#include "read/check.h"

namespace torch2mlx::passes {
namespace {

using graph::Graph;

Tensor tensor(std::vector<std::int64_t> shape, const std::vector<std::int64_t>& values) {
  const auto data = std::make_shared<std::vector<std::int64_t>>(values);
  auto storage = std::make_shared<Storage>();
  storage->bytes = std::as_bytes(std::span(*data));
  storage->owner = data;
  Tensor result;
  result.dtype = Dtype::int64;
  result.shape = std::move(shape);
  result.strides = row_major(result.shape);
  result.storage = std::move(storage);
  return result;
}

std::vector<std::int64_t> counting(std::int64_t first, std::int64_t n, std::int64_t step = 1) {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < n; ++i) values.push_back(first + i * step);
  return values;
}

Graph folded(const char* text, Tensor data) {
  Graph graph = graph::parse(text);
  graph.constants["c"] = std::move(data);
  fold_constants(graph);
  dce(graph);
  graph::check(graph);
  return graph;
}

std::vector<std::string> ops(const Graph& graph) {
  std::vector<std::string> names;
  for (const graph::Node& node : graph.nodes) names.push_back(node.op);
  return names;
}

constexpr const char* sliced = R"(symbol s0: 1..512
x: i64[1, s0]
c: i64[1, 512] = buffer "c" nonpersistent
n = shape(x, axis=1) : int(s0)
a = slice(c, axis=1, start=0, stop=n, step=1) : i64[1, s0]
return a
)";

TEST(FoldConstants, PositionsCountUp) {
  const Graph graph = folded(sliced, tensor({1, 512}, counting(0, 512)));
  EXPECT_EQ(ops(graph), (std::vector<std::string>{"shape", "arange", "expand_dims"}));
  EXPECT_TRUE(graph.constants.empty());
  EXPECT_EQ(graph.inputs.size(), 1U);
}

TEST(FoldConstants, AllEqualIsFull) {
  const Graph graph = folded(sliced, tensor({1, 512}, std::vector<std::int64_t>(512, 7)));
  EXPECT_EQ(ops(graph), (std::vector<std::string>{"shape", "full"}));
  EXPECT_EQ(*graph.nodes[1].find("value"), graph::Arg(7));
}

TEST(FoldConstants, OtherDataStays) {
  auto values = counting(0, 512);
  values[300] = -1;
  const Graph graph = folded(sliced, tensor({1, 512}, values));
  EXPECT_EQ(ops(graph), (std::vector<std::string>{"shape", "slice"}));
  EXPECT_EQ(graph.constants.size(), 1U);
}

TEST(FoldConstants, MutatedBufferStays) {
  Graph graph = graph::parse(sliced);
  graph.constants["c"] = tensor({1, 512}, counting(0, 512));
  graph.outputs.push_back({graph.nodes[1].results[0], graph::OutputKind::buffer_mutation, "c"});
  fold_constants(graph);
  EXPECT_EQ(ops(graph), (std::vector<std::string>{"shape", "slice"}));
}

TEST(FoldConstants, StridesOfTheData) {
  // A transposed view: the columns of the storage count up in tens.
  Tensor data = tensor({4, 3}, {0, 10, 20, 0, 10, 20, 0, 10, 20, 0, 10, 20});
  data.shape = {3, 4};
  data.strides = {1, 3};
  const Graph graph = folded(R"(x: i64[3, 4]
c: i64[3, 4] = constant "c"
a = add(x, c) : i64[3, 4]
return a
)",
                             std::move(data));
  ASSERT_EQ(ops(graph), (std::vector<std::string>{"arange", "expand_dims", "broadcast_to", "add"}));
  EXPECT_EQ(*graph.nodes[0].find("stop"), graph::Arg(30));
  EXPECT_EQ(*graph.nodes[0].find("step"), graph::Arg(10));
}

}  // namespace
}  // namespace torch2mlx::passes
