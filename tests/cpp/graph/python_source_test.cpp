// Generated source computes what the graph computes, in the shapes it was written for and in others.
#include <gmock/gmock.h>
#include <mlx/mlx.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/error.h"
#include "graph/graph.h"
#include "python/source.h"
#include "python_models.h"
#include "run/executor.h"

namespace torch2mlx::python::testing {
namespace {

namespace fs = std::filesystem;
namespace mx = mlx::core;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* interpreter = ".venv/bin/python";
using Sizes = std::map<std::string, std::int64_t, std::less<>>;

mx::Shape shape_of(const graph::Type& type, const Sizes& sizes) {
  mx::Shape shape;
  for (const Dim& dim : type.shape) shape.push_back(static_cast<int>(dim.evaluate(sizes)));
  return shape;
}

mx::array sample(const graph::Type& type, const Sizes& sizes) {
  const mx::Shape shape = shape_of(type, sizes);
  if (is_floating(type.dtype)) return mx::random::uniform(0.1, 1.0, shape);
  return mx::astype(mx::random::randint(0, 2, shape), ops::to_mlx(type.dtype));
}

// Writes model.py, weights and one case a binding of the symbols; gives the folder.
fs::path write_case(const std::string& name, const graph::Graph& graph, const Source& source,
                    const std::vector<Sizes>& bindings) {
  const fs::path folder = fs::temp_directory_path() / ("torch2mlx-python-" + name);
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder / "model.py") << source.text;
  run::Arrays parameters;
  std::unordered_map<std::string, mx::array> saved;
  for (const graph::Input& input : graph.inputs) {
    if (input.kind == graph::InputKind::user || input.kind == graph::InputKind::constant || !input.persistent) continue;
    const mx::array data = sample(graph.type(input.value), {});
    parameters.insert_or_assign(input.target, data);
    if (std::ranges::find(source.keys, input.target) != source.keys.end()) saved.insert_or_assign(input.target, data);
  }
  mx::save_safetensors((folder / "model.safetensors").string(), saved);
  const run::Executor executor(graph);
  for (std::size_t i = 0; i < bindings.size(); ++i) {
    std::unordered_map<std::string, mx::array> arrays;
    ops::Slots inputs;
    for (const graph::Input& input : graph.inputs) {
      if (input.kind != graph::InputKind::user) continue;
      const mx::array data = sample(graph.type(input.value), bindings[i]);
      arrays.insert_or_assign("in" + std::to_string(inputs.size()), data);
      inputs.emplace_back(data);
    }
    const run::Result result = executor.run(parameters, inputs);
    for (std::size_t k = 0; k < result.outputs.size(); ++k)
      arrays.insert_or_assign("out" + std::to_string(k), *result.outputs[k].get_if<mx::array>());
    mx::save_safetensors((folder / ("case" + std::to_string(i) + ".safetensors")).string(), arrays);
  }
  return folder;
}

// Generates, runs in Python beside the executor, and gives the text.
std::string check_model(const std::string& name, const graph::Graph& graph, const std::vector<Sizes>& bindings) {
  const Source source = generate(graph);
  if (!fs::exists(interpreter)) return source.text;
  const fs::path folder = write_case(name, graph, source, bindings);
  const std::string command =
      std::string(interpreter) + " tests/source/run_generated.py " + folder.string() + " " + source.class_name;
  EXPECT_EQ(std::system(command.c_str()), 0) << source.text;
  return source.text;
}

const std::vector<Sizes> batches = {{{"s0", 2}, {"s1", 5}}, {{"s0", 3}, {"s1", 9}}};

TEST(PythonSource, SequentialBecomesAListAndALoop) {
  const std::string text = check_model("mlp", mlp(), batches);
  EXPECT_THAT(text, HasSubstr("for layer in self.net:\n            x = layer(x)"));
  EXPECT_THAT(text, HasSubstr("nn.ReLU(),"));
}

TEST(PythonSource, SequentialAsTheRootKeepsNumberedKeys) {
  const std::string text = check_model("sequential", sequential(), batches);
  EXPECT_THAT(text, HasSubstr("self[\"2\"] = nn.Identity()"));
}

TEST(PythonSource, EqualLayersShareOneClassAndALoop) {
  const std::string text = check_model("bert", bert(), batches);
  EXPECT_THAT(text, HasSubstr("self.layer = [BertLayer() for _ in range(2)]"));
  EXPECT_THAT(text, HasSubstr("hidden_states = layer(hidden_states, attention_mask)"));
  EXPECT_THAT(text, HasSubstr("B, L, _ = hidden_states.shape"));
  EXPECT_THAT(text, HasSubstr("class BaseModelOutputWithPooling(NamedTuple):"));
}

TEST(PythonSource, ResidualBlocks) {
  const std::string text = check_model("resnet", resnet(), batches);
  EXPECT_THAT(text, HasSubstr("return nn.relu(out + x)"));
  EXPECT_THAT(text, Not(HasSubstr("num_batches_tracked")));
}

TEST(PythonSource, SharedBlockTakesForeignParametersAsArguments) {
  const std::string text = check_model("tied", tied(), batches);
  EXPECT_THAT(text, HasSubstr("self.block(embed, self.scale)"));
  EXPECT_THAT(text, HasSubstr("@ self.embed.weight.T"));
}

TEST(PythonSource, InterleavedCallsStayInTheirCaller) {
  const std::string text = check_model("interleaved", interleaved(), batches);
  EXPECT_THAT(text, HasSubstr("self.a.w"));
  EXPECT_THAT(text, HasSubstr("self.b = B()"));
}

TEST(PythonSource, LoopsOverPartsOfLists) {
  const std::string text = check_model("handed_on", handed_on(6), batches);
  EXPECT_THAT(text, HasSubstr("bias, x = self.blocks[0](x)\n        for block in self.blocks[1:5]:\n"
                              "            x = block(x, bias)\n        return self.blocks[5](x, bias, last)"));
  EXPECT_THAT(check_model("handed_on_4", handed_on(4), batches), Not(HasSubstr("for block")));  // of two
}

TEST(PythonSource, ListsAreNotFilledUpToPlacesThatFilesClaim) {
  EXPECT_THAT(generate(far_member("9"), {"Far", "a test", {}}).text, HasSubstr("nn.Identity()"));
  for (const std::string name : {"4000000000", "99999999999999999999", "01"}) {
    const std::string text = generate(far_member(name.c_str()), {"Far", "a test", {}}).text;
    EXPECT_THAT(text, HasSubstr(name + "_"));
    EXPECT_THAT(text, Not(HasSubstr("nn.Identity()")));
  }
}

TEST(PythonSource, BlocksThatDifferInSizesTakeThem) {
  const std::string text = check_model("stages", stages(), batches);
  EXPECT_THAT(text, HasSubstr("def __init__(self, in_dims, out_dims):"));
  EXPECT_THAT(text, HasSubstr("[Stage(8, 8), Stage(8, 16), Stage(16, 16), Stage(16, 32)]"));
}

TEST(PythonSource, ArgumentsAndResultsKeepTheirStructure) {
  const std::string text = generate(structured(), {"Net", "a test", {"labels"}}).text;
  EXPECT_THAT(text, HasSubstr("def __call__(self, x, past, labels=None):"));
  EXPECT_THAT(text, HasSubstr("past[0] + past[1][\"key\"]"));
  EXPECT_THAT(text, HasSubstr(".reshape(-1, 2, 4)"));
  EXPECT_THAT(text, HasSubstr("        self[\"state\"] = "));
  EXPECT_THAT(text, HasSubstr("\"b\": None}"));
  EXPECT_THAT(text, HasSubstr("not given when this model was traced: labels"));
}

}  // namespace
}  // namespace torch2mlx::python::testing
