#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "base/error.h"
#include "weights/optimizers.h"
#include "weights_checkpoint.h"

namespace torch2mlx::weights {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

OptimizerParameter parameter(const std::string& name, std::int64_t step = 3) {
  const auto tensor = [&](const char* slot) { return testing::make_tensor(name + slot, Dtype::float32, {2, 3}); };
  return {name, {{"step", step}, {"exp_avg", tensor(".a")}, {"exp_avg_sq", tensor(".b")}}};
}

OptimizerGroup adam(std::vector<OptimizerParameter> parameters, double lr = 0.5) {
  return {{{"lr", lr},
           {"betas", std::vector<double>{0.9, 0.999}},
           {"eps", 1e-8},
           {"weight_decay", 0.25},
           {"amsgrad", false},
           {"foreach", std::monostate()},
           {"decoupled_weight_decay", true}},
          std::move(parameters)};
}

MlxOptimizers translated(const OptimizerState& state, std::string_view name = {}) {
  return to_mlx(state, recognise(state, name));
}

std::string refused(const OptimizerState& state, std::string_view name = {}) {
  try {
    translated(state, name);
  } catch (const Error& error) {
    std::string text = error.what();
    for (const std::string& detail : error.details()) text += "; " + detail;
    return text;
  }
  return {};
}

TEST(Optimizers, TellWhatMlxWouldBuild) {
  const auto made = translated({"optim", {adam({parameter("a"), parameter("b")})}, {}});
  ASSERT_THAT(made.list, SizeIs(1));
  EXPECT_EQ(made.list[0].constructor,
            "AdamW(learning_rate=0.5, betas=[0.9, 0.999], eps=1e-08, weight_decay=0.25, bias_correction=True)");
  EXPECT_EQ(made.list[0].step, 3);
  EXPECT_EQ(made.list[0].learning_rate, 0.5);
  EXPECT_THAT(made.list[0].parameters, ElementsAre("a", "b"));
  ASSERT_THAT(made.list[0].slots.at("v"), SizeIs(2));
  EXPECT_EQ(made.list[0].slots.at("v")[1].name, "b");
}

TEST(Optimizers, GroupsThatDifferStayApart) {
  const auto count = [](const OptimizerState& state) { return translated(state).list.size(); };
  EXPECT_EQ(count({"", {adam({parameter("a")}), adam({parameter("b")})}, {}}), 1);
  EXPECT_EQ(count({"", {adam({parameter("a")}), adam({parameter("b")}, 0.25)}, {}}), 2);
  EXPECT_EQ(count({"", {adam({parameter("a")}), adam({parameter("b", 4)})}, {}}), 2);
  EXPECT_EQ(count({"", {adam({parameter("a")}), adam({})}, {}}), 1);
}

TEST(Optimizers, EveryProblemIsTold) {
  OptimizerGroup group = adam({parameter("a", 1), parameter("b", 2)});
  group.settings["amsgrad"] = true;
  group.settings["maximize"] = true;
  group.settings.erase("eps");
  const std::string text = refused({"optim", {group}, {}});
  EXPECT_THAT(text, HasSubstr("optim"));
  for (const char* problem : {"amsgrad is True", "maximize is True", "eps is missing"})
    EXPECT_THAT(text, HasSubstr(problem));
  EXPECT_THAT(refused({"", {adam({parameter("a", 1), parameter("b", 2)})}, {}}), HasSubstr("at steps 1 to 2"));
  EXPECT_THAT(refused({"", {adam({parameter("")})}, {}}), HasSubstr("no names"));
  EXPECT_THAT(refused({"", {adam({parameter("a", -1)})}, {}}), HasSubstr("step of 'a' is no whole number"));
}

TEST(Optimizers, OnlyFiniteNumbersBecomePython) {
  OptimizerGroup group = adam({parameter("a")});
  group.settings["lr"] = std::numeric_limits<double>::infinity();
  EXPECT_THAT(refused({"", {group}, {}}), HasSubstr("lr is missing or no number"));
  group.settings["lr"] = std::string("__import__('os')");
  EXPECT_THAT(refused({"", {group}, {}}), HasSubstr("lr is missing or no number"));
  group = adam({parameter("a")});
  group.settings["betas"] = std::vector<double>{0.9};
  EXPECT_THAT(refused({"", {group}, {}}), HasSubstr("betas are not two numbers"));
}

TEST(Optimizers, TheUnknownAreShown) {
  OptimizerGroup group = adam({parameter("a")});
  group.settings.erase("amsgrad");
  group.settings.erase("decoupled_weight_decay");
  EXPECT_THAT(refused({"", {group}, {}}), HasSubstr("not known"));
  EXPECT_THAT(refused({"", {group}, {}}), HasSubstr("slots exp_avg, exp_avg_sq, step"));
  EXPECT_THAT(refused({"", {group}, {}}, "Lion"), HasSubstr("'Lion' is no optimizer"));
  group.parameters[0].slots["state1"] = testing::make_tensor("s", Dtype::float32, {2, 3});
  EXPECT_THAT(refused({"", {group}, {}}, "AdamW"), HasSubstr("no torch.optim.AdamW"));
}

TEST(Optimizers, SlotsHaveTheShapeOfTheirParameter) {
  OptimizerGroup group = adam({parameter("a")});
  group.parameters[0].slots["exp_avg_sq"] = testing::make_tensor("s", Dtype::float32, {3});
  EXPECT_THAT(refused({"", {group}, {}}), HasSubstr("exp_avg_sq of 'a' is no tensor of its shape"));
}

}  // namespace
}  // namespace torch2mlx::weights
