#include <gmock/gmock.h>

#include <set>

#include "layers/layers.h"

namespace torch2mlx::layers {
namespace {

using testing::ElementsAre;

TEST(LayersTable, FindsByFullAndShortName) {
  for (const auto name : {"torch.nn.modules.conv.Conv2d", "torch.nn.Conv2d", "Conv2d"}) {
    const Row* row = find(name);
    ASSERT_NE(row, nullptr) << name;
    EXPECT_EQ(row->mlx, "nn.Conv2d");
  }
}

TEST(LayersTable, AnotherPackagesClassIsAnotherClass) {
  EXPECT_EQ(find("my.layers.Conv2d"), nullptr);
  EXPECT_EQ(find("Conv9d"), nullptr);
  EXPECT_EQ(find(""), nullptr);
}

TEST(LayersTable, ShortNamesOfTorchAreUnique) {
  std::set<std::string_view> names;
  for (const Row& row : rows())
    if (row.torch.starts_with("torch.nn.")) {
      EXPECT_TRUE(names.insert(short_name(row.torch)).second) << row.torch;
    }
}

TEST(LayersTable, ConvolutionsPutChannelsLast) {
  EXPECT_THAT(permutation(*find("Conv1d"), "weight"), ElementsAre(0, 2, 1));
  EXPECT_THAT(permutation(*find("Conv3d"), "weight"), ElementsAre(0, 2, 3, 4, 1));
  EXPECT_THAT(permutation(*find("ConvTranspose2d"), "weight"), ElementsAre(1, 2, 3, 0));
  EXPECT_TRUE(permutation(*find("Conv2d"), "bias").empty());
  EXPECT_TRUE(permutation(*find("Linear"), "weight").empty());
}

TEST(LayersTable, InverseUndoesEveryPermutation) {
  for (const Row& row : rows())
    for (const Parameter& parameter : row.parameters) {
      const auto back = inverse(parameter.permute);
      ASSERT_EQ(back.size(), parameter.permute.size());
      for (std::size_t i = 0; i < back.size(); ++i) EXPECT_EQ(parameter.permute[back[i]], static_cast<int>(i));
    }
}

TEST(LayersTable, BatchNormDropsTheStepCounter) {
  EXPECT_THAT(find("BatchNorm2d")->dropped, ElementsAre("num_batches_tracked"));
}

}  // namespace
}  // namespace torch2mlx::layers
