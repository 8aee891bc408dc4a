#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "weights/plan.h"
#include "weights_checkpoint.h"

namespace torch2mlx::weights {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using torch2mlx::testing::make_checkpoint;
using torch2mlx::testing::make_tensor;

const TensorReport& only(const Plan& plan) {
  EXPECT_THAT(plan.report.tensors, SizeIs(1));
  return plan.report.tensors.at(0);
}

TEST(WeightsPlan, LowRanksNeedNoLayout) {
  const auto checkpoint = make_checkpoint({make_tensor("a.weight", Dtype::float32, {4, 3})});
  const auto result = plan(checkpoint, {});
  EXPECT_THAT(only(result).permutation, IsEmpty());
  EXPECT_EQ(only(result).evidence, Evidence::rank);
  EXPECT_THAT(result.report.problems, IsEmpty());
}

TEST(WeightsPlan, HigherRanksAreNeverGuessed) {
  const auto checkpoint =
      make_checkpoint({make_tensor("a.weight", Dtype::float32, {4, 3, 2, 2}),
                       make_tensor("b.weight", Dtype::float32, {4, 4, 2}), make_tensor("b.bias", Dtype::float32, {4})});
  const auto result = plan(checkpoint, {});
  ASSERT_THAT(result.report.problems, SizeIs(2));
  EXPECT_THAT(result.report.problems[0], HasSubstr("a.weight [4, 3, 2, 2]: layout unknown"));
  try {
    require_sound(result, checkpoint.path);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.message(), "2 tensors cannot be converted");
    EXPECT_THAT(error.hint(), HasSubstr("--layer-type"));
    EXPECT_EQ(error.details(), result.report.problems);
  }
}

TEST(WeightsPlan, ConfigTellsArchitectures) {
  auto checkpoint = make_checkpoint({make_tensor("model.encoder.conv1.weight", Dtype::float32, {8, 4, 3}),
                                     make_tensor("model.encoder.conv1.bias", Dtype::float32, {8})});
  EXPECT_THAT(plan(checkpoint, {}).report.problems, SizeIs(1));
  checkpoint.config.model_type = "whisper";
  const auto result = plan(checkpoint, {});
  EXPECT_THAT(result.report.problems, IsEmpty());
  EXPECT_THAT(result.report.tensors[0].permutation, ElementsAre(0, 2, 1));
  EXPECT_EQ(result.report.tensors[0].evidence, Evidence::architecture);
  Options options;
  options.layer_types = {{"conv1", "Parameter"}};
  EXPECT_THAT(plan(checkpoint, options).report.tensors[0].permutation, IsEmpty()) << "who says so himself is believed";
}

TEST(WeightsPlan, ConfigsThatContradictTheShapesAreRefused) {
  auto checkpoint = make_checkpoint({make_tensor("encoder.conv1.weight", Dtype::float32, {8, 4, 3}),
                                     make_tensor("encoder.conv1.bias", Dtype::float32, {4})});
  checkpoint.config.model_type = "whisper";
  EXPECT_THAT(plan(checkpoint, {}).report.problems.at(0), HasSubstr("Conv1d by config.json, but its bias has 4"));
}

// All small shapes: what is proven is the only layer of torch.nn that has them.
TEST(WeightsPlan, ShapesProve) {
  int proven = 0;
  for (int rank = 3; rank <= 5; ++rank)
    for (std::int64_t first = 1; first <= 6; ++first)
      for (std::int64_t second = 1; second <= 6; ++second)
        for (std::int64_t outputs = 1; outputs <= 12; ++outputs) {
          std::vector<std::int64_t> shape(static_cast<std::size_t>(rank), 3);
          shape[0] = first;
          shape[1] = second;
          std::int64_t transposed_groups = 0;
          for (std::int64_t groups = 1; groups <= 12; ++groups)  // in I, O / groups: both divide
            if (first % groups == 0 && outputs == second * groups) transposed_groups = groups;
          const bool convolution = outputs == first, bilinear = rank == 3 && outputs == first;
          const int kinds = (transposed_groups != 0) + convolution + bilinear;
          const auto result = plan(make_checkpoint({make_tensor("a.weight", Dtype::float32, shape),
                                                    make_tensor("a.bias", Dtype::float32, {outputs})}),
                                   {});
          ASSERT_EQ(result.report.problems.empty(), kinds == 1)
              << rank << ' ' << first << ' ' << second << ' ' << outputs;
          if (kinds != 1) continue;
          ++proven;
          EXPECT_EQ(result.report.tensors[0].evidence, Evidence::shape);
          EXPECT_EQ(result.report.tensors[0].permutation[0], convolution ? 0 : 1);
          EXPECT_EQ(result.report.tensors[0].mlx_shape[0], outputs);
        }
  EXPECT_GT(proven, 50);
}

TEST(WeightsPlan, TypesByPattern) {
  const auto checkpoint = make_checkpoint(
      {make_tensor("a.norm1.weight", Dtype::float32, {4}), make_tensor("a.fc.weight", Dtype::float32, {4, 4})});
  Options options;
  options.dtype = Dtype::bfloat16;
  options.dtypes = {{"norm*", Dtype::float16}, {"a.norm1.weight", Dtype::float32}};
  const auto result = plan(checkpoint, options);
  EXPECT_EQ(result.tensors[0].dtype, Dtype::float32) << "the last that matches";
  EXPECT_EQ(result.tensors[1].dtype, Dtype::bfloat16);
  options.dtypes = {{"nrm*", Dtype::float16}};
  EXPECT_THROW(plan(checkpoint, options), Error);
}

TEST(WeightsPlan, LayerTypeSettlesThem) {
  const auto checkpoint = make_checkpoint({make_tensor("stem.conv.weight", Dtype::float32, {4, 3, 2, 5})});
  Options options;
  options.layer_types = {{"*.conv", "Conv2d"}};
  const auto result = plan(checkpoint, options);
  EXPECT_THAT(only(result).permutation, ElementsAre(0, 2, 3, 1));
  EXPECT_THAT(only(result).mlx_shape, ElementsAre(4, 2, 5, 3));
  EXPECT_EQ(only(result).evidence, Evidence::layer_type);
}

TEST(WeightsPlan, TheLastLayerTypeThatMatchesCounts) {
  const auto checkpoint = make_checkpoint(
      {make_tensor("a.weight", Dtype::float32, {4, 3, 2, 5}), make_tensor("b.weight", Dtype::float32, {4, 3, 2, 5})});
  Options options;
  options.layer_types = {{"*", "Conv2d"}, {"b", "Parameter"}};
  const auto result = plan(checkpoint, options);
  EXPECT_THAT(result.report.tensors[0].permutation, ElementsAre(0, 2, 3, 1));
  EXPECT_THAT(result.report.tensors[1].permutation, IsEmpty());
  std::swap(options.layer_types[0], options.layer_types[1]);
  EXPECT_THAT(plan(checkpoint, options).report.tensors[1].permutation, ElementsAre(0, 2, 3, 1));
}

TEST(WeightsPlan, NamesAndShapesProveRecurrentLayers) {
  const struct {
    std::int64_t rows, width, projection;
    const char *suffix, *layer;
  } cases[] = {{12, 3, 0, "_l0", "LSTM"}, {9, 3, 0, "_l0", "GRU"},    {3, 3, 0, "_l0", "RNN"},
               {12, 2, 3, "_l0", "LSTM"}, {12, 3, 0, "", "LSTMCell"}, {9, 3, 0, "", "GRUCell"},
               {3, 3, 0, "", "RNNCell"},  {6, 3, 0, "_l0", ""}};
  for (const auto& [rows, width, projection, suffix, layer] : cases) {
    const auto key = [&](const char* name) { return std::string("r.") + name + suffix; };
    std::vector tensors = {make_tensor(key("weight_ih"), Dtype::float32, {rows, 5}),
                           make_tensor(key("weight_hh"), Dtype::float32, {rows, width}),
                           make_tensor(key("bias_ih"), Dtype::float32, {rows})};
    if (projection != 0) tensors.push_back(make_tensor(key("weight_hr"), Dtype::float32, {width, projection}));
    const auto result = plan(make_checkpoint(tensors), {});
    EXPECT_THAT(result.report.problems, IsEmpty());
    for (const TensorReport& tensor : result.report.tensors) {
      EXPECT_TRUE(tensor.layer.ends_with(layer))
          << std::string_view(tensor.name) << ' ' << std::string_view(tensor.layer);
      EXPECT_EQ(tensor.evidence, *layer ? Evidence::shape : Evidence::rank);
    }
  }
}

TEST(WeightsPlan, NamesAndShapesProveAttention) {
  std::vector tensors = {make_tensor("a.in_proj_weight", Dtype::float32, {12, 4}),
                         make_tensor("a.bias_k", Dtype::float32, {1, 1, 4}),
                         make_tensor("a.out_proj.weight", Dtype::float32, {4, 4})};
  const auto result = plan(make_checkpoint(tensors), {});
  EXPECT_THAT(result.report.problems, IsEmpty());
  EXPECT_THAT(result.report.tensors[0].outputs, SizeIs(3));
  EXPECT_EQ(result.report.tensors[1].evidence, Evidence::shape);
  tensors.pop_back();
  EXPECT_THAT(plan(make_checkpoint(tensors), {}).report.problems, SizeIs(1)) << "bias_k";
}

// transformers' Conv1D: its bias is as long as the rows. A square one beside it cannot be told.
TEST(WeightsPlan, MatricesWithInputsFirstAreNotLinear) {
  const auto layer = [](const std::string& name, std::int64_t first, std::int64_t second, std::int64_t bias) {
    return std::vector{make_tensor(name + ".weight", Dtype::float32, {first, second}),
                       make_tensor(name + ".bias", Dtype::float32, {bias})};
  };
  std::vector<Tensor> tensors;
  for (const auto& part : {layer("attn", 4, 12, 12), layer("proj", 4, 4, 4), layer("head", 6, 4, 6)})
    tensors.insert(tensors.end(), part.begin(), part.end());
  const auto result = plan(make_checkpoint(tensors), {});
  EXPECT_TRUE(result.ambiguous);
  EXPECT_THAT(result.report.problems, ElementsAre(HasSubstr("attn.weight [4, 12]: layout unknown"),
                                                  HasSubstr("proj.weight [4, 4]: layout unknown")));
  Options options;
  options.layer_types = {{"attn", "Conv1D"}};
  EXPECT_THAT(plan(make_checkpoint(tensors), options).report.problems, ElementsAre(HasSubstr("proj.weight")));
  options.layer_types.emplace_back("proj", "Conv1D");
  EXPECT_THAT(plan(make_checkpoint(tensors), options).report.tensors[2].permutation, ElementsAre(1, 0));
  tensors.erase(tensors.begin(), tensors.begin() + 2);
  EXPECT_THAT(plan(make_checkpoint(tensors), {}).report.problems, IsEmpty());
}

TEST(WeightsPlan, ParameterKeepsTheLayout) {
  const auto checkpoint = make_checkpoint({make_tensor("cls_token", Dtype::float32, {1, 1, 8})});
  Options options;
  options.layer_types = {{"cls_token", "Parameter"}};
  EXPECT_THAT(only(plan(checkpoint, options)).permutation, IsEmpty());
}

TEST(WeightsPlan, ModuleTreeTells) {
  const auto checkpoint =
      make_checkpoint({make_tensor("c.weight", Dtype::float32, {4, 3, 2}), make_tensor("p", Dtype::float32, {1, 1, 8})},
                      {{"", "my.Model", {}}, {"c", "torch.nn.modules.conv.Conv1d", {}}});
  const auto result = plan(checkpoint, {});
  ASSERT_THAT(result.report.tensors, SizeIs(2));
  EXPECT_THAT(result.report.tensors[0].permutation, ElementsAre(0, 2, 1));
  EXPECT_THAT(result.report.tensors[1].permutation, IsEmpty());
  EXPECT_EQ(result.report.tensors[1].evidence, Evidence::module_tree);
}

TEST(WeightsPlan, ASubclassOfAConvolutionIsNotABareParameter) {
  const auto checkpoint = make_checkpoint({make_tensor("c.weight", Dtype::float32, {4, 3, 2, 2})},
                                          {{"c", "my.StdConv2d", {{"padding_mode", std::string("zeros")}}}});
  EXPECT_THAT(plan(checkpoint, {}).report.problems, SizeIs(1));
}

TEST(WeightsPlan, GroupsOfTransposedConvolutionsMoveToTheirFirstAxis) {
  const std::vector tensors = {make_tensor("up.weight", Dtype::float32, {4, 3, 2, 5}),
                               make_tensor("up.bias", Dtype::float32, {6})};
  Options declared;
  declared.layer_types = {{"up", "ConvTranspose2d"}};
  const auto by_shape = plan(make_checkpoint(tensors), declared);
  EXPECT_THAT(by_shape.report.tensors[0].mlx_shape, ElementsAre(6, 2, 5, 2));
  const auto tree =
      make_checkpoint(tensors, {{"up", "torch.nn.modules.conv.ConvTranspose2d", {{"groups", std::int64_t{2}}}}});
  EXPECT_THAT(plan(tree, {}).report.tensors[0].mlx_shape, ElementsAre(6, 2, 5, 2));
  const auto uneven =
      make_checkpoint(tensors, {{"up", "torch.nn.modules.conv.ConvTranspose2d", {{"groups", std::int64_t{3}}}}});
  EXPECT_THAT(plan(uneven, {}).report.problems, ElementsAre(HasSubstr("3 groups do not divide 4 channels")));
}

TEST(WeightsPlan, TheGraphComesFirst) {
  const auto checkpoint = make_checkpoint({make_tensor("c.weight", Dtype::float32, {4, 3, 2, 2})},
                                          {{"c", "torch.nn.modules.conv.Conv2d", {}}});
  Options options;
  options.layouts["c.weight"] = {};
  EXPECT_THAT(only(plan(checkpoint, options)).permutation, IsEmpty());
  options.layouts["c.weight"] = {0, 0, 1, 1};
  EXPECT_THAT(plan(checkpoint, options).report.problems, ElementsAre(HasSubstr("not a permutation")));
}

TEST(WeightsPlan, ContradictionsAreProblems) {
  const auto checkpoint = make_checkpoint({make_tensor("c.weight", Dtype::float32, {4, 3, 2, 2})},
                                          {{"c", "torch.nn.modules.conv.Conv2d", {}}});
  Options options;
  options.layer_types = {{"c", "ConvTranspose2d"}};
  EXPECT_THAT(plan(checkpoint, options).report.problems, ElementsAre(HasSubstr("but the file says Conv2d")));
  options.layer_types = {{"c", "Conv1d"}};
  const auto bare = make_checkpoint({make_tensor("c.weight", Dtype::float32, {4, 3, 2, 2})});
  EXPECT_THAT(plan(bare, options).report.problems, ElementsAre(HasSubstr("rank 4, but Conv1d.weight has rank 3")));
}

TEST(WeightsPlan, WrongLayerTypesAreErrors) {
  const auto checkpoint = make_checkpoint({make_tensor("a.weight", Dtype::float32, {4})});
  Options options;
  options.layer_types = {{"a", "Conv9d"}};
  EXPECT_THROW(plan(checkpoint, options), Error);
  options.layer_types = {{"nowhere", "Conv2d"}};
  EXPECT_THROW(plan(checkpoint, options), Error);
}

TEST(WeightsPlan, StepCountersAreDroppedAndReported) {
  const auto checkpoint = make_checkpoint(
      {make_tensor("bn.num_batches_tracked", Dtype::int64, {}), make_tensor("bn.running_mean", Dtype::float32, {4})});
  const auto result = plan(checkpoint, {});
  EXPECT_EQ(only(result).name, "bn.running_mean");
  ASSERT_THAT(result.report.dropped, SizeIs(1));
  EXPECT_EQ(result.report.dropped[0].first, "bn.num_batches_tracked");
}

TEST(WeightsPlan, KeysThatTheModelLacksAreDropped) {
  const auto checkpoint =
      make_checkpoint({make_tensor("a", Dtype::float32, {4}), make_tensor("position_ids", Dtype::int64, {1, 4, 1})});
  Options options;
  options.keys = {"a"};
  const auto result = plan(checkpoint, options);
  EXPECT_EQ(only(result).name, "a");
  EXPECT_THAT(result.report.problems, IsEmpty());
  EXPECT_THAT(result.report.dropped, SizeIs(1));
}

TEST(WeightsPlan, Float64IsNarrowedAndNoted) {
  const auto checkpoint = make_checkpoint({make_tensor("a", Dtype::float64, {4})});
  EXPECT_EQ(only(plan(checkpoint, {})).to, Dtype::float32);
  EXPECT_THAT(plan(checkpoint, {}).report.notes, ElementsAre("1 float64 tensor stored as float32"));
  Options strict;
  strict.strict_dtypes = true;
  EXPECT_THAT(plan(checkpoint, strict).report.problems, SizeIs(1));
}

TEST(WeightsPlan, CastsTouchFloatingTensorsAlone) {
  const auto checkpoint = make_checkpoint({make_tensor("a", Dtype::float32, {4}), make_tensor("b", Dtype::int64, {4})});
  Options options;
  options.dtype = Dtype::bfloat16;
  const auto result = plan(checkpoint, options);
  ASSERT_THAT(result.report.tensors, SizeIs(2));
  EXPECT_EQ(result.report.tensors[0].to, Dtype::bfloat16);
  EXPECT_EQ(result.report.tensors[1].to, Dtype::int64);
  EXPECT_EQ(result.tensors[0].name, "b");  // wider types come first
}

TEST(WeightsPlan, Float8IsWidened) {
  const auto checkpoint = make_checkpoint({make_tensor("a", Dtype::float8_e4m3fn, {4, 4})});
  EXPECT_EQ(only(plan(checkpoint, {})).to, Dtype::bfloat16);
}

TEST(WeightsPlan, MlxFilesAreRefused) {
  auto checkpoint = make_checkpoint({make_tensor("a", Dtype::float32, {4})});
  checkpoint.metadata["format"] = "mlx";
  EXPECT_THROW(plan(checkpoint, {}), Error);
}

TEST(WeightsPlan, ExpandedTensorsCannotBlowUpTheOutput) {
  const auto checkpoint = make_checkpoint({make_tensor("a", Dtype::float32, {1 << 20, 1 << 20}, {0, 0})});
  EXPECT_THROW(plan(checkpoint, {}), Error);
  const auto huge =
      make_checkpoint({make_tensor("a", Dtype::float32, {std::int64_t{1} << 31, std::int64_t{1} << 31}, {0, 0})});
  EXPECT_THROW(plan(huge, {}), Error);
}

TEST(WeightsPlan, HeaderIsSortedAlignedAndHoldsTheConversion) {
  const auto checkpoint =
      make_checkpoint({make_tensor("b.weight", Dtype::float16, {4, 3, 2, 2}), make_tensor("a", Dtype::float32, {3})});
  Options options;
  options.layer_types = {{"b", "Conv2d"}};
  const auto result = plan(checkpoint, options);
  std::string header;
  result.files.at(0).beginning(result, [&](std::string_view piece) { header += piece; });
  EXPECT_EQ(header.size() % 8, 0u);
  const auto json = nlohmann::json::parse(header.substr(8));
  EXPECT_LT(header.find("\"a\""), header.find("\"b.weight\""));
  EXPECT_EQ(json["a"]["data_offsets"], nlohmann::json({0, 12}));
  EXPECT_EQ(json["b.weight"]["data_offsets"], nlohmann::json({12, 108}));
  EXPECT_EQ(json["b.weight"]["shape"], nlohmann::json({4, 2, 2, 3}));
  EXPECT_EQ(json["__metadata__"]["format"], "mlx");
  const auto conversion = nlohmann::json::parse(json["__metadata__"]["torch2mlx"].get<std::string>());
  EXPECT_EQ(conversion["sources"]["b.weight"]["permute"], nlohmann::json({0, 2, 3, 1}));
}

TEST(WeightsPlan, NamesThatJsonCannotHoldAreErrors) {
  EXPECT_THROW(plan(make_checkpoint({make_tensor("a\xff", Dtype::float32, {3})}), {}), Error);
  EXPECT_THAT(plan(make_checkpoint({make_tensor("__metadata__", Dtype::float32, {3})}), {}).report.problems, SizeIs(1));
}

const Planned& output(const Plan& plan, const std::string& name) {
  const auto it = std::ranges::find_if(plan.tensors, [&](const Planned& one) { return one.name == name; });
  EXPECT_NE(it, plan.tensors.end()) << name;
  return *it;
}

TEST(WeightsPlan, PackedProjectionsBecomeThree) {
  const auto checkpoint = make_checkpoint({make_tensor("attn.in_proj_weight", Dtype::float32, {12, 4})},
                                          {{"attn", "torch.nn.modules.activation.MultiheadAttention", {}}});
  const auto result = plan(checkpoint, {});
  EXPECT_THAT(only(result).outputs,
              ElementsAre("attn.query_proj.weight", "attn.key_proj.weight", "attn.value_proj.weight"));
  EXPECT_EQ(output(result, "attn.key_proj.weight").parts[0].terms()[0].offset, 16);
  EXPECT_THAT(output(result, "attn.key_proj.weight").shape, ElementsAre(4, 4));
}

TEST(WeightsPlan, BiasesOfRecurrentLayersAreAdded) {
  std::vector<Tensor> tensors;
  for (const auto* bias : {"ih", "hh"})
    tensors.push_back(make_tensor(std::string("rnn.bias_") + bias + "_l0", Dtype::float32, {6}));
  const auto lstm = plan(make_checkpoint(tensors, {{"rnn", "torch.nn.modules.rnn.LSTM", {}}}), {});
  EXPECT_THAT(output(lstm, "rnn.bias").parts, SizeIs(1));
  EXPECT_EQ(output(lstm, "rnn.bias").parts[0].combine(), Combine::add);
  const auto gru = plan(make_checkpoint(tensors, {{"rnn", "torch.nn.modules.rnn.GRU", {}}}), {});
  ASSERT_THAT(output(gru, "rnn.b").parts, SizeIs(2));
  EXPECT_THAT(output(gru, "rnn.b").parts[0].terms(), SizeIs(2));
  EXPECT_EQ(output(gru, "rnn.b").parts[0].elements(), 4u);
  EXPECT_THAT(output(gru, "rnn.b").parts[1].terms(), SizeIs(1));
  EXPECT_THAT(output(gru, "rnn.bhn").shape, ElementsAre(2));
}

// Files in alphabetical order have bias_hh first, of which only two thirds meet bias_ih.
TEST(WeightsPlan, OnlyWhatMeetsIsRecordedAsAdded) {
  std::vector<Tensor> tensors;
  for (const auto* bias : {"hh", "ih"})
    tensors.push_back(make_tensor(std::string("rnn.bias_") + bias + "_l0", Dtype::float32, {6}));
  const auto gru = plan(make_checkpoint(tensors, {{"rnn", "torch.nn.modules.rnn.GRU", {}}}), {});
  const auto& shares = gru.record.sources.find("rnn.bias_ih_l0")->shares;
  ASSERT_THAT(shares, SizeIs(2));
  EXPECT_TRUE(shares[0].added);
  EXPECT_FALSE(shares[1].added);
  EXPECT_EQ(shares[1].from, 2);
  EXPECT_EQ(shares[1].at, 2);
  ASSERT_THAT(output(gru, "rnn.b").parts, SizeIs(2));
  EXPECT_THAT(output(gru, "rnn.b").parts[1].terms(), SizeIs(1));
}

TEST(WeightsPlan, RecurrentLayersAndDirectionsAreAList) {
  std::vector<Tensor> tensors;
  for (const auto* cell : {"l0", "l0_reverse", "l1", "l1_reverse"})
    tensors.push_back(make_tensor(std::string("weight_ih_") + cell, Dtype::float32, {4, 3}));
  const auto result = plan(make_checkpoint(tensors, {{"", "torch.nn.modules.rnn.LSTM", {}}}), {});
  for (const auto* name : {"0.Wx", "1.Wx", "2.Wx", "3.Wx"}) output(result, name);
}

TEST(WeightsPlan, TiedTensorsAreWrittenOnce) {
  auto tensors = std::vector{make_tensor("wte.weight", Dtype::float32, {8, 4})};
  tensors.push_back(tensors[0]);
  tensors[1].name = "lm_head.weight";
  const auto result = plan(make_checkpoint(tensors), {});
  EXPECT_THAT(result.tensors, SizeIs(1));
  EXPECT_EQ(result.record.tied.at("lm_head.weight"), "wte.weight");
  EXPECT_THAT(result.report.notes, ElementsAre("1 tensor tied to others, written once"));
}

TEST(WeightsPlan, ShardsHoldNoMoreThanAsked) {
  std::vector<Tensor> tensors;
  for (int i = 0; i < 5; ++i)
    tensors.push_back(make_tensor(std::string(1, static_cast<char>('a' + i)), Dtype::float32, {100}));
  Options options;
  options.shard_bytes = 800;
  const auto result = plan(make_checkpoint(tensors), options);
  EXPECT_THAT(result.report.files, ElementsAre("model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
                                               "model-00003-of-00003.safetensors"));
}

TEST(WeightsPlan, ParametrizationsAreFolded) {
  const auto checkpoint = make_checkpoint(
      {make_tensor("c.weight_g", Dtype::float32, {4, 1, 1}), make_tensor("c.weight_v", Dtype::float32, {4, 3, 2})},
      {{"c", "torch.nn.modules.conv.Conv1d", {}}});
  const auto result = plan(checkpoint, {});
  EXPECT_THAT(result.report.problems, IsEmpty());
  EXPECT_THAT(output(result, "c.weight").shape, ElementsAre(4, 2, 3));
  EXPECT_THAT(result.record.folded.at("c.weight"), ElementsAre("c.weight_v", "c.weight_g"));
}

TEST(WeightsPlan, ParametrizationsBehindEachOtherAreNotFolded) {
  const std::string chain = "c.parametrizations.weight.";
  std::vector tensors = {make_tensor(chain + "original0", Dtype::float32, {4, 1}),
                         make_tensor(chain + "original1", Dtype::float32, {4, 3})};
  EXPECT_THAT(plan(make_checkpoint(tensors), {}).record.folded, SizeIs(1));
  const auto tree = make_checkpoint(
      tensors, {{chain + "0", "torch.nn.utils.parametrizations._WeightNorm", {}}, {chain + "1", "my.Symmetric", {}}});
  EXPECT_THAT(plan(tree, {}).record.folded, IsEmpty());
  EXPECT_THAT(plan(make_checkpoint(tensors, {{chain + "0", "my.LowRank", {}}}), {}).record.folded, IsEmpty());
  tensors.push_back(make_tensor(chain + "1._u", Dtype::float32, {4}));
  EXPECT_THAT(plan(make_checkpoint(tensors), {}).record.folded, IsEmpty());
}

std::vector<std::string> keys_of(const Plan& plan) {
  std::vector<std::string> keys;
  for (const Planned& planned : plan.tensors) keys.push_back(planned.key());
  return keys;
}

TEST(WeightsPlan, NamesThatMlxCannotHaveBecomeOthers) {
  const auto checkpoint =
      make_checkpoint({make_tensor("_blocks.0._bn.weight", Dtype::float32, {4}),
                       make_tensor("_att.in_proj_weight", Dtype::float32, {6, 2}),
                       make_tensor("bn.weight", Dtype::float32, {4}), make_tensor("bn_.weight", Dtype::float32, {4})},
                      {{"_att", "torch.nn.modules.activation.MultiheadAttention", {}}});
  const auto result = plan(checkpoint, {});
  EXPECT_THAT(keys_of(result),
              ::testing::UnorderedElementsAre("blocks_.0.bn_.weight", "att_.query_proj.weight", "att_.key_proj.weight",
                                              "att_.value_proj.weight", "bn.weight", "bn__.weight"));
  EXPECT_THAT(result.report.tensors.at(0).outputs, ElementsAre("blocks_.0.bn_.weight"));
  EXPECT_EQ(result.record.sources.find("_blocks.0._bn.weight")->shares.at(0).name, "blocks_.0.bn_.weight");
  EXPECT_EQ(result.record.sources.find("bn.weight"), nullptr);
  EXPECT_THAT(result.report.notes,
              ::testing::Contains("3 tensors renamed, as MLX has no parameters of such names: _blocks.0._bn.weight is "
                                  "blocks_.0.bn_.weight"));
}

TEST(WeightsPlan, MlxLmKeepsNames) {
  Options options;
  options.torch_layouts = true;
  EXPECT_THAT(keys_of(plan(make_checkpoint({make_tensor("_a._b", Dtype::float32, {4})}), options)),
              ElementsAre("_a._b"));
}

TEST(WeightsPlan, SharedModulesAreWrittenOnce) {
  std::vector<Tensor> tensors;
  for (const char* name : {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"})
    tensors.push_back(make_tensor(
        std::string("_a.") + name, Dtype::float32,
        std::string_view(name).starts_with("w") ? std::vector<std::int64_t>{8, 2} : std::vector<std::int64_t>{8}));
  for (int i = 0; i < 4; ++i) {
    Tensor other = tensors[static_cast<std::size_t>(i)];
    other.name = "b" + std::string(std::string_view(other.name).substr(2));
    tensors.push_back(std::move(other));
  }
  const std::vector<Module> modules{{"_a", "torch.nn.modules.rnn.LSTM", {}}, {"b", "torch.nn.modules.rnn.LSTM", {}}};
  const auto shared = plan(make_checkpoint(tensors, modules), {});
  EXPECT_THAT(keys_of(shared), ::testing::UnorderedElementsAre("a_.Wx", "a_.Wh", "a_.bias"));
  EXPECT_THAT(shared.record.tied, SizeIs(4));
  EXPECT_EQ(shared.record.tied.at("b.bias_hh_l0"), "_a.bias_hh_l0");

  // Of two biases one is shared: their sum is not.
  tensors[7] = make_tensor("b.bias_hh_l0", Dtype::float32, {8});
  EXPECT_THAT(keys_of(plan(make_checkpoint(tensors, modules), {})),
              ::testing::UnorderedElementsAre("a_.Wx", "a_.Wh", "a_.bias", "b.bias"));

  // Both biases of a layer are one tensor: it counts twice.
  tensors.resize(4);
  tensors[3] = tensors[2];
  tensors[3].name = "_a.bias_hh_l0";
  const auto twice = plan(make_checkpoint(tensors, modules), {});
  EXPECT_THAT(twice.record.tied, IsEmpty());
  for (const Planned& planned : twice.tensors)
    if (planned.key() == "a_.bias") {
      EXPECT_EQ(planned.parts.front().combine(), Combine::add);
    }
}

}  // namespace
}  // namespace torch2mlx::weights
