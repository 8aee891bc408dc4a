// The text form: what is printed reads back as the same graph, whatever its strings hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.h"
#include "graph/graph.h"

namespace torch2mlx::graph {
namespace {

constexpr PrintOptions everything{.types = true, .scopes = true, .places = true};

Type tensor(Shape shape, Dtype dtype = Dtype::float32) {
  return {.kind = ValueKind::tensor, .dtype = dtype, .shape = std::move(shape), .size = {}};
}

// One op over x with an argument `value`.
Graph with_argument(Arg value) {
  Graph g;
  const Ref x = g.add_value("x", tensor({2, 3}));
  g.inputs.push_back({x, InputKind::user, "x", true, {}});
  const Ref y = g.add_value("y", tensor({2, 3}));
  g.nodes.push_back({"op", {{"", x}, {"value", std::move(value)}}, {y}, 0, {}});
  g.outputs.push_back({y, OutputKind::user, {}});
  return g;
}

void expect_same_again(const Graph& g) {
  const std::string text = print(g, everything);
  const Graph again = parse(text);
  EXPECT_TRUE(same(again, g)) << text << print(again, everything);
}

TEST(Text, Arguments) {
  const List nested{List{1, -2}, List{}, List{"a", Arg()}, 2.5};
  for (const Arg& value :
       {Arg(), Arg(true), Arg(false), Arg(0), Arg(std::int64_t{INT64_MIN}), Arg(std::int64_t{INT64_MAX}),
        Arg(Dtype::bfloat16), Arg(Dtype::boolean), Arg(nested), Arg(Ref{0}), Arg(List{Ref{0}, Ref{0}})})
    expect_same_again(with_argument(value));
}

TEST(Text, Numbers) {
  constexpr auto inf = std::numeric_limits<double>::infinity();
  for (const double value :
       {0.0, -0.0, 1.0, -1.5, 0.1, 1e-5, 1e300, 5e-324, 1.7976931348623157e308, 123456789.125, inf, -inf}) {
    const Graph g = with_argument(value);
    const Graph again = parse(print(g));
    ASSERT_TRUE(again.nodes[0].find("value")->is<double>()) << print(g);
    EXPECT_EQ(again.nodes[0].find("value")->as<double>(), value);
    EXPECT_EQ(std::signbit(again.nodes[0].find("value")->as<double>()), std::signbit(value));
  }
  const Graph nan = parse(print(with_argument(std::nan(""))));
  EXPECT_TRUE(std::isnan(nan.nodes[0].find("value")->as<double>()));
}

const std::string odd_strings[] = {"",         "\"",        "\\",           "\\n",
                                   "a\nb",     "\n",        "# no comment", "a = b(c) : f32[2] @1",
                                   " spaces ", "tab\there", "it's",         "ünïcode ✓ 模型",
                                   "\\\"",     "---- mlx",  "trailing\\"};

TEST(Text, OddStrings) {
  for (const std::string& text : odd_strings) {
    expect_same_again(with_argument(text));
    expect_same_again(with_argument(List{text, text}));
    Graph g = with_argument(1);
    g.inputs[0].target = text;
    g.inputs[0].kind = InputKind::parameter;
    g.nodes[0].place = {"/home/" + text + ".py", 7, text};
    g.outputs.push_back({Ref{0}, OutputKind::buffer_mutation, text});
    // Mutations are printed before what is returned.
    std::swap(g.outputs[0], g.outputs[1]);
    expect_same_again(g);
  }
}

TEST(Text, ReservedWordsAsNames) {
  for (const char* name :
       {"symbol", "scope", "mutate", "return", "None", "True", "inf", "nan", "f32", "parameter", "at", "x.1"}) {
    Graph g;
    const Ref x = g.add_value(name, tensor({2}));
    g.inputs.push_back({x, InputKind::user, name, true, {}});
    const Ref y = g.add_value("y", tensor({2}));
    g.nodes.push_back({"exp", {{"", x}}, {y}, 0, {}});
    const Ref z = g.add_value(std::string(name) + "_", tensor({2}));
    g.nodes.push_back({"exp", {{"", y}}, {z}, 0, {}});
    g.outputs.push_back({z, OutputKind::user, {}});
    expect_same_again(g);
  }
}

TEST(Text, EveryKindOfStatement) {
  const std::string text =
      "symbol s0: 1..512 = 9\n"
      "symbol u0: 0..\n"
      "scope 1: encoder <pkg.Encoder> #0 in 0\n"
      "scope 2: encoder.0 <pkg.make.<locals>.Block> #1 in 1\n"
      "x: f32[s0, 2*s0 + 1, floordiv(u0, 2)]\n"
      "n: int(s0)\n"
      "k: int\n"
      "p: float\n"
      "b: bool\n"
      "past: f32[] = user \"past.0\"\n"
      "w: f16[4, 3] = parameter \"proj.weight\" permute=(1, 0)\n"
      "ids: i64[1, 512] = buffer \"ids\" nonpersistent\n"
      "c: bool[3] = constant \"lifted\" nonpersistent\n"
      "y, z = split(x, indices=[2], axis=0) : f32[2, 3], f32[s0 - 2, 3] @2 at \"a.py\" 12 \"y, z = x.split(2)\"\n"
      "aten.sym_constrain_range.default(n, \"message\")\n"
      "mutate buffer \"steps\" = y\n"
      "mutate input \"past.0\" = z\n"
      "return y, None, 3\n";
  const Graph g = parse(text);
  EXPECT_EQ(print(g, everything), text);
  EXPECT_TRUE(same(parse(print(g, everything)), g));
  EXPECT_EQ(g.symbols[0], (Symbol{"s0", 1, 512, 9}));
  EXPECT_EQ(g.symbols[1].max, INT64_MAX);
  EXPECT_EQ(g.scopes[2].parent, 1U);
  EXPECT_EQ(g.inputs[6].permute, (std::vector<int>{1, 0}));
  EXPECT_FALSE(g.inputs[7].persistent);
  EXPECT_NO_THROW(check(g));
}

TEST(Text, ShortForms) {
  const Graph g = parse(
      "# a comment\n"
      "x: f32[s0]   # free symbols are declared by use\n"
      "\n"
      "a = exp(x) @ layers.0 <Block>\n"
      "b = exp(a) @ layers.0.act <Act> #1\n"
      "exp(b)");
  ASSERT_EQ(g.symbols.size(), 1U);
  ASSERT_EQ(g.scopes.size(), 3U);
  EXPECT_EQ(g.scopes[2], (Scope{"layers.0.act", "Act", 1, 1}));
  ASSERT_EQ(g.outputs.size(), 1U);
  EXPECT_EQ(g[g.outputs[0].value.as<Ref>()].name, "result");
  EXPECT_EQ(g.type(g.nodes[0].result()).kind, ValueKind::unknown);
}

TEST(Text, ErrorsNameLineAndColumn) {
  try {
    parse("x: f32[2]\n\n# comment\n  y = exp(x, )\n");
    ADD_FAILURE() << "it was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_THAT(error.what(), ::testing::StartsWith("line 4, column 14: "));
  }
}

// Every prefix and every text with one character changed is read or refused with an Error.
TEST(Text, DamageIsAnError) {
  const std::string whole =
      "symbol s0: 1..8 = 2\nx: f32[s0, 3] = parameter \"w\" permute=(1, 0)\na = f(x, [1, -2.5e3], k=\"q\\n\") : "
      "f32[s0] @ a.b <C> #1\nreturn a\n";
  int refusals = 0;
  const auto read = [&](const std::string& text) {
    try {
      print(parse(text), everything);
    } catch (const Error&) {
      ++refusals;
    }
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_NO_THROW(read(whole.substr(0, i)));
    for (const char c : {'\0', ' ', '"', '(', ']', '9', '.', '-', '\n', '\xff', '\\', '='}) {
      std::string damaged = whole;
      damaged[i] = c;
      EXPECT_NO_THROW(read(damaged)) << damaged;
    }
  }
  EXPECT_GT(refusals, static_cast<int>(whole.size()));
}

}  // namespace
}  // namespace torch2mlx::graph
