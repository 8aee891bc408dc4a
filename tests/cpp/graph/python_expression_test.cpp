// Text of expressions: parentheses, literals, subscripts, sizes, layout.
#include <gmock/gmock.h>

#include <limits>

#include "python/expression.h"
#include "python/format.h"
#include "python/names.h"
#include "python/numbers.h"
#include "python/sizes.h"
#include "python_sketch.h"

namespace torch2mlx::python::testing {
namespace {

using ::testing::ElementsAre;

// Text of the last node, with every value that a node defines inlined.
std::string text_of(const graph::Graph& g) {
  std::map<Ref, Expr> known;
  for (const graph::Input& input : g.inputs) known[input.value] = {input.target};
  for (const graph::Node& node : g.nodes)
    known[node.result()] = render(g, node, [&](Ref ref) { return known.at(ref); });
  return known.at(g.nodes.back().result()).text;
}

TEST(PythonExpression, ParenthesesWhereOperatorsNeedThem) {
  Sketch s("M");
  const Ref a = s.user("a", {4, 4}), b = s.user("b", {4, 4});
  const auto binary = [&](const char* op, Ref x, Ref y) { return s.op(op, {{"", x}, {"", y}}, {4, 4}); };
  const Ref difference = binary("subtract", a, binary("subtract", b, a));
  const Ref product = binary("multiply", difference, binary("add", a, b));
  binary("matmul", a, s.op("transpose", {{"", product}, {"axes", List{1, 0}}}, {4, 4}));
  EXPECT_EQ(text_of(s.g), "a @ ((a - (b - a)) * (a + b)).transpose(1, 0)");
}

TEST(PythonExpression, BareLayersAndSubscripts) {
  Sketch s("M");
  const Ref x = s.user("x", {2, 3, 4}), w = s.user("w", {5, 4});
  const Ref y = s.op("linear", {{"", x}, {"", w}}, {2, 3, 5});
  const Ref z = s.op("slice", {{"", y}, {"axis", 2}, {"start", 1}, {"stop", 3}}, {2, 3, 2});
  s.op("select", {{"", z}, {"axis", 1}, {"index", -1}}, {2, 2});
  EXPECT_EQ(text_of(s.g), "(x @ w.T)[..., 1:3][:, -1]");
}

TEST(PythonExpression, Literals) {
  EXPECT_EQ(literal(1e-12).text, "1e-12");
  EXPECT_EQ(literal(2.0).text, "2.0");
  EXPECT_EQ(literal(-std::numeric_limits<double>::infinity()).text, "-mx.inf");
  EXPECT_EQ(literal(List{3}).text, "(3,)");
  EXPECT_EQ(literal("a \"b\"").text, "\"a \\\"b\\\"\"");
  EXPECT_EQ(literal(Dtype::float16).text, "mx.float16");
}

TEST(PythonExpression, SizesAreExpressionsOfShapes) {
  const Dim length = Dim::symbol("s1");
  const Sizes::Namer name = [&](const Dim& dim) {
    return dim == length ? std::optional<std::string>("L") : std::nullopt;
  };
  EXPECT_EQ(size_text(length + Dim(1), name).text, size_text(Dim(1) + length, name).text);
  EXPECT_EQ(size_text(Dim::call("floordiv", {length, Dim(2)}), name).text, "L // 2");
}

TEST(PythonNames, AssignedByALine) {
  EXPECT_THAT(assigned_names("query_layer = self.query(x)"), ElementsAre("query_layer"));
  EXPECT_THAT(assigned_names("a, b = f(x)"), ElementsAre("a", "b"));
  EXPECT_THAT(assigned_names("x += y"), ElementsAre("x"));
  EXPECT_THAT(assigned_names("self.x = y"), ElementsAre());
  EXPECT_THAT(assigned_names("return f(a=1)"), ElementsAre());
  EXPECT_THAT(assigned_names("if a == b:"), ElementsAre());
}

TEST(PythonNumbers, RolesOfIntegers) {
  const auto numbers = numbers_in("self.conv1 = nn.Conv2d(3, 8, kernel_size=5, eps=1e-12)");
  ASSERT_EQ(numbers.size(), 3U);
  EXPECT_EQ(numbers[1].role, "nn.Conv2d 1");
  EXPECT_EQ(numbers[2].role, "kernel_size");
}

TEST(PythonFormat, LongCallsBreakAtTheirArguments) {
  const std::string argument(45, 'a');
  EXPECT_EQ(statement("x = f(" + argument + ", " + argument + ")", 4),
            "    x = f(\n        " + argument + ", " + argument + "\n    )\n");
}

TEST(PythonFormat, ListsOfComprehensionsKeepTheirCommas) {
  const std::string layers = "[" + std::string(50, 'a') + "() for _ in range(2)]";
  EXPECT_EQ(statement("x = [" + layers + ", " + layers + "]", 4),
            "    x = [\n        " + layers + ",\n        " + layers + ",\n    ]\n");
  const std::string pairs = "f(" + std::string(64, 'a') + ", b) for a, b in zip(a, b)";
  EXPECT_EQ(statement("x = [" + pairs + "]", 4), "    x = [\n        " + pairs + "\n    ]\n");
}

}  // namespace
}  // namespace torch2mlx::python::testing
