// Exported programs as JSON: what becomes of one, and that every damage is refused with its place.
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

// z = (x + y).view([s0, 3]) of a module `layers.0`, as torch.export.save writes it.
json program() {
  return json::parse(R"({
  "graph_module": {
    "graph": {
      "nodes": [
        {"target": "torch.ops.aten.add.Tensor",
         "inputs": [{"name": "self", "arg": {"as_tensor": {"name": "x"}}, "kind": 1},
                    {"name": "other", "arg": {"as_tensor": {"name": "p_w"}}, "kind": 1},
                    {"name": "alpha", "arg": {"as_int": 2}, "kind": 2}],
         "outputs": [{"as_tensor": {"name": "add"}}],
         "metadata": {"stack_trace": "  File \"/home/me/model.py\", line 12, in forward\n    return x + self.w\n",
                      "nn_module_stack": "L__self__,,model.Net;L__self___layers_0,layers.0,model.Block"}},
        {"target": "torch.ops.aten.clamp.default",
         "inputs": [{"name": "self", "arg": {"as_tensor": {"name": "add"}}, "kind": 1},
                    {"name": "min", "arg": {"as_none": true}, "kind": 1},
                    {"name": "max", "arg": {"as_float": "Infinity"}, "kind": 1}],
         "outputs": [{"as_tensor": {"name": "clamp"}}],
         "metadata": {}}
      ],
      "outputs": [{"as_tensor": {"name": "clamp"}}],
      "tensor_values": {
        "x": {"dtype": 7, "layout": 7, "sizes": [{"as_expr": {"expr_str": "s0", "hint": {"as_int": 4}}}, {"as_int": 3}]},
        "p_w": {"dtype": 7, "layout": 7, "sizes": [{"as_int": 3}]},
        "add": {"dtype": 7, "layout": 7, "sizes": [{"as_expr": {"expr_str": "s0", "hint": null}}, {"as_int": 3}]},
        "clamp": {"dtype": 7, "layout": 7, "sizes": [{"as_expr": {"expr_str": "s0", "hint": null}}, {"as_int": 3}]}
      },
      "sym_int_values": {}
    },
    "signature": {
      "input_specs": [{"parameter": {"arg": {"name": "p_w"}, "parameter_name": "layers.0.w"}},
                      {"user_input": {"arg": {"as_tensor": {"name": "x"}}}}],
      "output_specs": [{"user_output": {"arg": {"as_tensor": {"name": "clamp"}}}}]
    },
    "module_call_graph": []
  },
  "range_constraints": {"s0": {"min_val": 1, "max_val": 64}}
})");
}

json& graph_of(json& p) { return p["graph_module"]["graph"]; }
json& node_of(json& p, std::size_t i) { return graph_of(p)["nodes"][i]; }
json& signature_of(json& p) { return p["graph_module"]["signature"]; }

Graph import(const json& p) { return import_exported_program(p.dump(), {}); }

// What importing says of a program changed by `damage`.
template <class F>
std::string refusal(F&& damage, ErrorKind kind = ErrorKind::input) {
  json p = program();
  damage(p);
  try {
    import(p);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    std::string text = error.what();
    for (const std::string& detail : error.details()) text += "\n" + detail;
    return text;
  }
  return "it was imported";
}

TEST(Import, KeepsTypesScopesAndPlaces) {
  const Graph graph = import(program());
  EXPECT_NO_THROW(check(graph));
  EXPECT_EQ(print(graph, {.places = true}),
            "symbol s0: 1..64 = 4\n"
            "scope 1: layers.0 <model.Block> #0 in 0\n"
            "p_w: f32[3] = parameter \"layers.0.w\"\n"
            "x: f32[s0, 3]\n"
            "add = aten.add.Tensor(x, p_w, alpha=2) : f32[s0, 3] @1 at \"/home/me/model.py\" 12 \"return x + self.w\"\n"
            "clamp = aten.clamp.default(add, None, inf) : f32[s0, 3]\n"
            "return clamp\n");
  EXPECT_EQ(graph.scopes[0].class_name, "model.Net");
}

TEST(Import, LimitsBeyond64BitsAreNone) {
  json p = program();
  p["range_constraints"]["s0"]["max_val"] = std::uint64_t{18446744073709551615U};
  EXPECT_EQ(import(p).symbols.at(0).max, INT64_MAX);
  p["range_constraints"]["s0"]["max_val"] = nullptr;
  EXPECT_EQ(import(p).symbols.at(0).max, INT64_MAX);
}

TEST(Import, SymbolsWithoutARangeMayBeAnySize) {
  json p = program();
  p["range_constraints"] = json::object();
  const Graph graph = import(p);
  ASSERT_EQ(graph.symbols.size(), 1U);
  EXPECT_EQ(graph.symbols[0], (Symbol{"s0", 0, INT64_MAX, 4}));
}

TEST(Import, TextThatIsNoProgram) {
  for (const char* text : {"", "{", "[]", "null", "{}", "{\"graph_module\": 3}", "\xff"}) try {
      import_exported_program(text, {});
      ADD_FAILURE() << text << " was imported";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::input);
      EXPECT_THAT(error.what(), HasSubstr("model.json: not an exported program"));
    }
}

TEST(Import, EveryMissingMemberIsNamed) {
  const json whole = program();
  for (const char* path :
       {"/graph_module", "/graph_module/graph", "/graph_module/signature", "/graph_module/graph/nodes",
        "/graph_module/graph/outputs", "/graph_module/graph/tensor_values", "/graph_module/graph/sym_int_values",
        "/graph_module/signature/input_specs", "/graph_module/signature/output_specs",
        "/graph_module/module_call_graph", "/graph_module/graph/nodes/1/target", "/graph_module/graph/nodes/1/inputs",
        "/graph_module/graph/nodes/1/outputs", "/graph_module/graph/nodes/1/metadata",
        "/graph_module/graph/tensor_values/x/dtype", "/graph_module/graph/tensor_values/x/layout",
        "/graph_module/graph/tensor_values/x/sizes", "/range_constraints"}) {
    const json::json_pointer pointer(path);
    const std::string text = refusal([&](json& p) { p[pointer.parent_pointer()].erase(pointer.back()); });
    EXPECT_THAT(text, HasSubstr("'" + pointer.back() + "' is missing")) << path;
    EXPECT_THAT(text, HasSubstr("model.json: ")) << path;
  }
}

// Any member may hold anything: the reader answers with an Error and never with another exception. What it lets pass
// is well formed and can be lowered, or not, without an exception.
TEST(Import, EveryMemberOfAnotherKind) {
  const json flat = program().flatten();
  const json strange[] = {nullptr, true, -1, 3.5, "text", json::array(), json::object(), json::array({1, "a"})};
  for (const auto& [path, value] : flat.items())
    for (json::json_pointer pointer(path); !pointer.empty(); pointer.pop_back())
      for (const json& other : strange) {
        json p = program();
        p[pointer] = other;
        try {
          const Graph graph = import(p);
          EXPECT_NO_THROW(check(graph)) << pointer.to_string() << " = " << other;
          EXPECT_NO_THROW(ops::try_lower(graph)) << pointer.to_string() << " = " << other;
        } catch (const Error& error) {
          EXPECT_THAT(error.what(), HasSubstr("model.json: ")) << pointer.to_string() << " = " << other;
        } catch (const std::exception& error) {
          ADD_FAILURE() << pointer.to_string() << " = " << other << ": " << error.what();
        }
      }
}

TEST(Import, PlacesOfDamage) {
  EXPECT_EQ(refusal([](json& p) { node_of(p, 1)["inputs"][0]["arg"] = {{"as_tensor", {{"name", "y"}}}}; }),
            "model.json: node 1: not an exported program: value 'y' is used before it is defined");
  EXPECT_EQ(refusal([](json& p) { node_of(p, 1)["outputs"][0]["as_tensor"]["name"] = "add"; }),
            "model.json: node 1: not an exported program: value 'add' is defined twice");
  EXPECT_EQ(refusal([](json& p) { graph_of(p)["tensor_values"].erase("clamp"); }),
            "model.json: node 1: value 'clamp': not an exported program: it has no type");
  EXPECT_EQ(refusal([](json& p) { graph_of(p)["tensor_values"]["x"]["dtype"] = 4294967303; }),
            "model.json: input 1: value 'x': not an exported program: dtype code 4294967303 is unknown");
  EXPECT_EQ(refusal([](json& p) { graph_of(p)["tensor_values"]["x"]["sizes"][1]["as_int"] = -3; }),
            "model.json: input 1: value 'x': not an exported program: a negative size");
  EXPECT_EQ(refusal([](json& p) { graph_of(p)["tensor_values"]["x"]["layout"] = 1; }),
            "model.json: input 1: value 'x': not an exported program: a tensor whose layout is not strided");
  EXPECT_EQ(refusal([](json& p) { graph_of(p)["tensor_values"]["x"]["sizes"][0]["as_expr"]["expr_str"] = "s0 +"; }),
            "model.json: input 1: value 'x': 's0 +' is not a size expression (column 5)");
  EXPECT_EQ(refusal([](json& p) { p["range_constraints"]["s0"]["min_val"] = 65; }),
            "model.json: range of 's0': not an exported program: it holds no size");
  EXPECT_EQ(refusal([](json& p) { graph_of(p)["outputs"].push_back({{"as_none", true}}); }),
            "model.json: not an exported program: outputs and their specifications differ in number");
  EXPECT_EQ(refusal([](json& p) { graph_of(p)["outputs"][0] = {{"as_tensor", {{"name", "nothing"}}}}; }),
            "model.json: output 0: not an exported program: value 'nothing' is used before it is defined");
  EXPECT_EQ(refusal([](json& p) { node_of(p, 1)["inputs"][2]["arg"] = {{"as_float", "huge"}}; }),
            "model.json: node 1: not an exported program: 'huge' is not a number");
  EXPECT_EQ(refusal([](json& p) { node_of(p, 0)["inputs"][2]["arg"] = {{"as_int", 2}, {"as_bool", true}}; }),
            "model.json: node 0: not an exported program: 'as_bool' and 'as_int' at once");
}

TEST(Import, HostileDepth) {
  json p = program();
  node_of(p, 1)["inputs"][1]["arg"] = "HERE";
  std::string text = p.dump(), nested;
  for (int i = 0; i < 100000; ++i) nested += "{\"as_optional_tensor\":";
  text.replace(text.find("\"HERE\""), 6, nested + "{\"as_none\":true}" + std::string(100000, '}'));
  try {
    import_exported_program(text, {});
    ADD_FAILURE() << "it was imported";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("model.json: node 1: "));
  }
}

TEST(Import, HostileExpressions) {
  EXPECT_THAT(refusal([](json& p) {
                graph_of(p)["tensor_values"]["x"]["sizes"][0]["as_expr"]["expr_str"] = std::string(100000, '(');
              }),
              HasSubstr("is not a size expression"));
  std::string spec;
  for (int i = 0; i < 1000; ++i) spec += R"({"type": "builtins.list", "context": "null", "children_spec": [)";
  for (int i = 0; i < 1000; ++i) spec += "]}";
  EXPECT_THAT(refusal([&](json& p) {
                p["graph_module"]["module_call_graph"].push_back(
                    {{"fqn", ""}, {"signature", {{"in_spec", "[1, " + spec + "]"}, {"out_spec", "[1, {}]"}}}});
              }),
              HasSubstr("module_call_graph: not an exported program: arguments nested too deeply"));
  const std::string key = std::string(100000, '[') + std::string(100000, ']');
  const json dict = {{"type", "builtins.dict"}, {"context", "[" + key + "]"}, {"children_spec", {{{"type", nullptr}}}}};
  EXPECT_THAT(refusal([&](json& p) {
                p["graph_module"]["module_call_graph"].push_back(
                    {{"fqn", ""}, {"signature", {{"in_spec", "[1, " + dict.dump() + "]"}, {"out_spec", "[1, {}]"}}}});
              }),
              HasSubstr("a key that is neither text nor a number"));
}

// x.as_strided([3], [1]) of an x whose strides torch writes as those of what may be empty.
TEST(Import, StridesAreThoseOfWhatIsNotEmpty) {
  json p = program();
  json& x = graph_of(p)["tensor_values"]["x"];
  x["sizes"] = {{{"as_int", 2}}, {{"as_expr", {{"expr_str", "Symbol('s0')"}, {"hint", {{"as_int", 4}}}}}}};
  const json guarded = {{"as_expr", {{"expr_str", "Max(Integer(1), Symbol('s0'))"}, {"hint", nullptr}}}};
  x["strides"] = {guarded, {{"as_int", 1}}};
  x["storage_offset"] = {{"as_int", 0}};
  node_of(p, 0) = {{"target", "torch.ops.aten.as_strided.default"},
                   {"inputs",
                    {{{"name", "self"}, {"arg", {{"as_tensor", {{"name", "x"}}}}}, {"kind", 1}},
                     {{"name", "size"}, {"arg", {{"as_ints", {3}}}}, {"kind", 1}},
                     {{"name", "stride"}, {"arg", {{"as_ints", {1}}}}, {"kind", 1}}}},
                   {"outputs", {{{"as_tensor", {{"name", "add"}}}}}},
                   {"metadata", json::object()}};
  const Graph graph = import(p);
  EXPECT_EQ(graph.nodes.at(0).op, "aten.as_strided.default");
  EXPECT_EQ(graph[graph.inputs.at(1).value].strides, (Shape{Dim::symbol("s0"), 1}));
}

TEST(Import, UnsupportedKindsAreListedTogether) {
  const std::string text = refusal(
      [](json& p) {
        node_of(p, 0)["target"] = "torch.ops.higher_order.while_loop";
        node_of(p, 1)["inputs"][1]["arg"] = {{"as_graph", {{"name", "body"}}}};
        signature_of(p)["output_specs"][0] = {{"loss_output", {{"arg", {{"name", "clamp"}}}}}};
      },
      ErrorKind::unsupported);
  EXPECT_THAT(text, HasSubstr("model.json: 3 places cannot be imported"));
  EXPECT_THAT(text,
              HasSubstr("node 0 'higher_order.while_loop' (layers.0, model.py:12): while_loop has no exact form"));
  EXPECT_THAT(text, HasSubstr("an argument of kind 'as_graph'"));
  EXPECT_THAT(text, HasSubstr("output of kind 'loss_output'"));
}

}  // namespace
}  // namespace torch2mlx::graph
