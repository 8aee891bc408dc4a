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
                       make_tensor("b.weight", Dtype::float32, {4, 3, 2}), make_tensor("b.bias", Dtype::float32, {4})});
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

TEST(WeightsPlan, LayerTypeSettlesThem) {
  const auto checkpoint = make_checkpoint({make_tensor("stem.conv.weight", Dtype::float32, {4, 3, 2, 5})});
  Options options;
  options.layer_types = {{"*.conv", "Conv2d"}};
  const auto result = plan(checkpoint, options);
  EXPECT_THAT(only(result).permutation, ElementsAre(0, 2, 3, 1));
  EXPECT_THAT(only(result).mlx_shape, ElementsAre(4, 2, 5, 3));
  EXPECT_EQ(only(result).evidence, Evidence::layer_type);
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

TEST(WeightsPlan, GroupedTransposedConvolutionsAreRefused) {
  const std::vector tensors = {make_tensor("up.weight", Dtype::float32, {4, 3, 2, 2}),
                               make_tensor("up.bias", Dtype::float32, {6})};
  Options declared;
  declared.layer_types = {{"up", "ConvTranspose2d"}};
  EXPECT_THAT(plan(make_checkpoint(tensors), declared).report.problems, ElementsAre(HasSubstr("groups=1")));
  const auto tree =
      make_checkpoint(tensors, {{"up", "torch.nn.modules.conv.ConvTranspose2d", {{"groups", std::int64_t{2}}}}});
  EXPECT_THAT(plan(tree, {}).report.problems, ElementsAre(HasSubstr("groups=1")));
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
  EXPECT_EQ(result.report.tensors[0].to, Dtype::int64);  // wider types come first
  EXPECT_EQ(result.report.tensors[1].to, Dtype::bfloat16);
}

TEST(WeightsPlan, Float8IsRefused) {
  const auto checkpoint = make_checkpoint({make_tensor("a", Dtype::float8_e4m3fn, {4, 4})});
  EXPECT_THAT(plan(checkpoint, {}).report.problems, ElementsAre(HasSubstr("float8_e4m3fn")));
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
  EXPECT_EQ(result.header.size() % 8, 0u);
  const auto json = nlohmann::json::parse(result.header.substr(8));
  EXPECT_LT(result.header.find("\"a\""), result.header.find("\"b.weight\""));
  EXPECT_EQ(json["a"]["data_offsets"], nlohmann::json({0, 12}));
  EXPECT_EQ(json["b.weight"]["data_offsets"], nlohmann::json({12, 108}));
  EXPECT_EQ(json["b.weight"]["shape"], nlohmann::json({4, 2, 2, 3}));
  EXPECT_EQ(json["__metadata__"]["format"], "mlx");
  const auto conversion = nlohmann::json::parse(json["__metadata__"]["torch2mlx"].get<std::string>());
  EXPECT_EQ(conversion["permute"]["b.weight"], nlohmann::json({0, 2, 3, 1}));
}

TEST(WeightsPlan, NamesThatJsonCannotHoldAreErrors) {
  EXPECT_THROW(plan(make_checkpoint({make_tensor("a\xff", Dtype::float32, {3})}), {}), Error);
  EXPECT_THAT(plan(make_checkpoint({make_tensor("__metadata__", Dtype::float32, {3})}), {}).report.problems, SizeIs(1));
}

}  // namespace
}  // namespace torch2mlx::weights
