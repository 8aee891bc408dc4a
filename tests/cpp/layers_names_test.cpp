#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "layers/names.h"

namespace torch2mlx::layers {
namespace {

TEST(LayersNames, UnderscoresInFrontGoToTheEnd) {
  EXPECT_EQ(mlx_name("_bn1"), "bn1_");
  EXPECT_EQ(mlx_name("_Net__layer"), "Net__layer_");  // self.__layer of class Net
  EXPECT_EQ(mlx_key("_blocks.0._bn1.weight"), "blocks_.0.bn1_.weight");
}

TEST(LayersNames, WhatMlxTakesStays) {
  for (const char* name : {"weight", "in_proj_weight", "0", "12", "99999", "class", "update", "1x1", "a-b", "x 1", "",
                           "encoder.layer.0.attention.self.query.weight", "a..b", "."})
    EXPECT_EQ(mlx_key(name), name);
}

TEST(LayersNames, NoPlacesInAListAreNoIntegers) {
  EXPECT_EQ(mlx_key("heads.01.weight"), "heads.01_.weight");
  for (const char* name : {"01", "1_0", "+1", "-1", " 1", "100000", "99999999999999999999999", "\u0663"})
    EXPECT_EQ(mlx_name(name), std::string(name) + "_");
}

// Every name has its own, and gives the old one back.
TEST(LayersNames, NoTwoNamesMeet) {
  const std::vector<std::string> stems{"bn",           "x",  "01",  "0", "10", "1_0", "underscore",
                                       "underscore_x", "-1", "a_b", ""};
  std::map<std::string, std::string> seen;
  std::size_t count = 0;
  for (const std::string& stem : stems)
    for (std::size_t leading = 0; leading < 6; ++leading)
      for (std::size_t trailing = 0; trailing < 6; ++trailing) {
        if (stem.empty() && trailing != 0) continue;
        const std::string name = std::string(leading, '_') + stem + std::string(trailing, '_');
        const std::string made = mlx_name(name);
        EXPECT_FALSE(made.starts_with('_')) << name;
        EXPECT_TRUE(seen.emplace(made, name).second) << name << " and " << seen[made] << " are both " << made;
        EXPECT_EQ(torch_name(made), name);
        ++count;
      }
  EXPECT_EQ(seen.size(), count);
}

TEST(LayersNames, ForeignNamesComeBackAsTheyAre) {
  for (const char* name : {"_x", "__", "01", ""}) EXPECT_EQ(torch_name(name), name);
  EXPECT_EQ(torch_key("blocks_.0.bn1_.weight"), "_blocks.0._bn1.weight");
}

}  // namespace
}  // namespace torch2mlx::layers
