// The passes together: on large graphs, and that a second run finds nothing left to do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "passes/pipeline.h"

namespace torch2mlx::passes {
namespace {

using graph::Graph;

// Residual blocks of channels-first convolutions as lowering writes them: nine nodes each.
std::string convolutions(int blocks) {
  std::string text = "symbol s0: 1..64\nx0: f32[s0, 8, 16, 16]\nw: f32[8, 3, 3, 8] = parameter \"w\"\n";
  const char* conv = "stride=(1, 1), padding=(1, 1), dilation=(1, 1), groups=1) : f32[s0, 16, 16, 8]\n";
  for (int i = 0; i < blocks; ++i)
    text += fmt::format(
        "a{0} = transpose(x{0}, axes=(0, 2, 3, 1)) : f32[s0, 16, 16, 8]\n"
        "b{0} = conv2d(a{0}, w, {2}"
        "c{0} = transpose(b{0}, axes=(0, 3, 1, 2)) : f32[s0, 8, 16, 16]\n"
        "d{0} = relu(c{0}) : f32[s0, 8, 16, 16]\n"
        "e{0} = transpose(d{0}, axes=(0, 2, 3, 1)) : f32[s0, 16, 16, 8]\n"
        "f{0} = conv2d(e{0}, w, {2}"
        "g{0} = transpose(f{0}, axes=(0, 3, 1, 2)) : f32[s0, 8, 16, 16]\n"
        "h{0} = add(g{0}, x{0}) : f32[s0, 8, 16, 16]\n"
        "x{1} = relu(h{0}) : f32[s0, 8, 16, 16]\n",
        i, i + 1, conv);
  return text + fmt::format("return x{}\n", blocks);
}

int count(const Graph& graph, std::string_view op) {
  int n = 0;
  for (const graph::Node& node : graph.nodes) n += node.op == op;
  return n;
}

TEST(Pipeline, ConvolutionsRunChannelsLast) {
  Graph graph = graph::parse(convolutions(3));
  run(graph, Verify::after_every_pass);
  EXPECT_EQ(count(graph, "transpose"), 2) << graph::print(graph);
  EXPECT_EQ(count(graph, "conv2d"), 6);
}

TEST(Pipeline, IsIdempotent) {
  Graph graph = graph::parse(convolutions(3));
  run(graph);
  const std::string once = graph::print(graph);
  const std::size_t nodes = graph.nodes.size();
  run(graph);
  EXPECT_EQ(graph.nodes.size(), nodes) << once << graph::print(graph);
}

TEST(Pipeline, TwentyThousandNodes) {
  Graph graph = graph::parse(convolutions(2222));
  ASSERT_GT(graph.nodes.size(), 19'000U);
  run(graph);
  EXPECT_EQ(count(graph, "transpose"), 2);
}

}  // namespace
}  // namespace torch2mlx::passes
