// Higher-order operators of exported programs: what is put in their place, and that damage is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "graph/import.h"
#include "ops/lower.h"

namespace torch2mlx::graph {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

// Braces around one value are that value to some compilers, and a list to others.
template <class... T>
json list(const T&... items) {
  return json::array({json(items)...});
}
json object(const std::string& key, const json& value) {
  json made;
  made[key] = value;
  return made;
}
json tensor(const std::string& name) { return object("as_tensor", object("name", name)); }
json positional(const json& arg) { return {{"name", ""}, {"arg", arg}, {"kind", 1}}; }
json meta(int size, int dtype = 7) {
  return {{"dtype", dtype}, {"layout", 7}, {"sizes", list(object("as_int", size))}};
}

json node(const std::string& target, const json& args, const json& outputs) {
  json inputs = json::array();
  for (const json& arg : args) inputs.push_back(positional(arg));
  return {{"target", "torch.ops." + target}, {"inputs", inputs}, {"outputs", outputs}, {"metadata", json::object()}};
}

// y = f(a), of one node.
json subgraph(const std::string& target, int size = 3) {
  return {{"inputs", list(tensor("a"))},
          {"outputs", list(tensor("y"))},
          {"nodes", list(node(target, list(tensor("a")), list(tensor("y"))))},
          {"tensor_values", {{"a", meta(size)}, {"y", meta(size)}}},
          {"sym_int_values", json::object()}};
}
json as_graph(const json& graph) { return {{"as_graph", {{"name", "body"}, {"graph", graph}}}}; }

// x -> z by one node; `c` is a condition.
json program(const json& call) {
  json p = {{"graph_module",
             {{"graph",
               {{"nodes", list(call)},
                {"outputs", list(tensor("z"))},
                {"tensor_values",
                 {{"x", meta(3)}, {"z", meta(3)}, {"c", {{"dtype", 12}, {"layout", 7}, {"sizes", json::array()}}}}},
                {"sym_int_values", json::object()}}},
              {"signature",
               {{"input_specs", list(object("user_input", object("arg", tensor("x"))),
                                     object("user_input", object("arg", tensor("c"))))},
                {"output_specs", list(object("user_output", object("arg", tensor("z"))))}}},
              {"module_call_graph", json::array()}}},
            {"range_constraints", json::object()}};
  return p;
}

std::string imported(const json& call) {
  try {
    const Graph graph = import_exported_program(program(call).dump(), {});
    check(graph);
    return print(graph, {.types = false});
  } catch (const Error& error) {
    std::string text = error.what();
    for (const std::string& detail : error.details()) text += "\n" + detail;
    return text;
  }
}

json cond(const json& yes, const json& no) {
  return node("higher_order.cond",
              {tensor("c"), as_graph(yes), as_graph(no), object("as_tensors", list(object("name", "x")))},
              list(tensor("z")));
}

TEST(ImportCalls, RegionsWithoutGradientsAreWhatTheyHold) {
  const json off = {{"as_bool", false}};
  EXPECT_EQ(imported(node("higher_order.wrap_with_set_grad_enabled",
                          {off, as_graph(subgraph("aten.sin.default")), tensor("x")}, list(tensor("z")))),
            "x: f32[3]\nc: bool[]\ny = aten.sin.default(x)\nreturn y\n");
}

TEST(ImportCalls, BranchesAreComputedAndOneIsChosen) {
  EXPECT_EQ(imported(cond(subgraph("aten.sin.default"), subgraph("aten.cos.default"))),
            "x: f32[3]\nc: bool[]\ny = aten.sin.default(x)\ny_3 = aten.cos.default(x)\nz = aten.where.self(c, y, "
            "y_3)\nreturn z\n");
}

TEST(ImportCalls, BranchesThatDifferAreRefused) {
  EXPECT_THAT(imported(cond(subgraph("aten.sin.default"), subgraph("aten.cos.default", 4))),
              HasSubstr("branches give different shapes, types or numbers"));
  EXPECT_THAT(imported(cond(subgraph("aten.sin.default"), subgraph("aten.cos_.default"))),
              HasSubstr("whose branch writes to its operands"));
}

TEST(ImportCalls, LoopsAreRefusedByName) {
  EXPECT_THAT(imported(node("higher_order.while_loop", {as_graph(subgraph("aten.sin.default")), tensor("x")},
                            list(tensor("z")))),
              HasSubstr("while_loop has no exact form"));
}

TEST(ImportCalls, CastsOfAutocastStandNowhere) {
  const auto region = [](int type, bool enabled) {
    return node("higher_order.wrap_with_autocast",
                {{{"as_string", "cpu"}},
                 {{"as_scalar_type", type}},
                 {{"as_bool", enabled}},
                 {{"as_bool", true}},
                 as_graph(subgraph("aten.sin.default")),
                 tensor("x")},
                list(tensor("z")));
  };
  EXPECT_THAT(imported(region(13, true)), HasSubstr("autocast to a narrower type"));
  EXPECT_THAT(imported(region(13, false)), HasSubstr("aten.sin.default(x)"));
}

TEST(ImportCalls, Damage) {
  json two = subgraph("aten.sin.default");
  two["inputs"].push_back(tensor("b"));
  EXPECT_THAT(imported(cond(two, two)), HasSubstr("differ in operands"));
  json none = subgraph("aten.sin.default");
  none["outputs"] = json::array();
  EXPECT_THAT(imported(cond(none, none)), HasSubstr("differ in results"));
  EXPECT_THAT(imported(node("higher_order.wrap", list(tensor("x")), list(tensor("z")))),
              HasSubstr("a call without a graph"));
  json nested = subgraph("aten.sin.default");
  for (int i = 0; i < 100; ++i) {
    json outer = subgraph("aten.sin.default");
    outer["nodes"] = {node("higher_order.wrap", {as_graph(nested), tensor("a")}, list(tensor("y")))};
    nested = outer;
  }
  EXPECT_THAT(imported(node("higher_order.wrap", {as_graph(nested), tensor("x")}, list(tensor("z")))),
              HasSubstr("nested too deeply"));
}

// Whatever a member holds, an Error is all that comes out.
TEST(ImportCalls, EveryMemberOfAnotherKind) {
  const json whole = program(cond(subgraph("aten.sin.default"), subgraph("aten.cos.default")));
  const json flat = whole.flatten();
  for (const auto& [path, value] : flat.items())
    for (json::json_pointer pointer(path); !pointer.empty(); pointer.pop_back())
      for (const json& other : {json(nullptr), json(-1), json("text"), json::array(), json::object()}) {
        json p = whole;
        p[pointer] = other;
        try {
          ops::try_lower(import_exported_program(p.dump(), {}));
        } catch (const Error&) {
        } catch (const std::exception& error) {
          ADD_FAILURE() << pointer.to_string() << " = " << other << ": " << error.what();
        }
      }
}

}  // namespace
}  // namespace torch2mlx::graph
