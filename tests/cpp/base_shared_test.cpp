// Lists and texts that share their block, and lookups by name.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "base/by_name.h"
#include "base/shared.h"

namespace torch2mlx {
namespace {

using ::testing::ElementsAre;

TEST(Shared, CopiesShareABlock) {
  const Sizes shape{2, 3};
  Sizes other = shape;
  EXPECT_EQ(other.data(), shape.data());
  other = std::vector<std::int64_t>{2, 3};
  EXPECT_NE(other.data(), shape.data());
  EXPECT_EQ(other, shape);
  EXPECT_THAT(std::vector<std::int64_t>(shape), ElementsAre(2, 3));
  EXPECT_LT(shape, (Sizes{2, 3, 0}));
  EXPECT_TRUE(Sizes().empty());
}

TEST(Shared, TextsCompareAsBytes) {
  const Text text = "caf\xc3\xa9";
  EXPECT_EQ(text, "caf\xc3\xa9");
  EXPECT_LT(Text("z"), text.starts_with("caf") ? Text("\xc3") : Text());
  EXPECT_EQ(std::string(text).size(), 5u);
  EXPECT_TRUE(Text("").empty());
}

TEST(Shared, PoolsGiveOneBlockForEqualLists) {
  Pool<Sizes> pool;
  const Sizes first = pool({4, 4});
  EXPECT_EQ(pool({4, 4}).data(), first.data());
  for (std::int64_t i = 0; i < 10'000; ++i) pool({i});
  EXPECT_EQ(pool({4, 4}), first);
}

struct Named {
  std::string name;
  int value;
};

TEST(ByName, FindsTheFirstOfEachNameWhileTheListGrows) {
  std::vector<Named> list{{"a", 0}, {"a", 1}};
  ByName by_name(list);
  for (int i = 0; i < 5000; ++i) {
    EXPECT_FALSE(by_name.contains(std::to_string(i)));
    list.push_back({std::to_string(i), i});
    by_name.add_new();
  }
  EXPECT_EQ(by_name.find("a")->value, 0);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(by_name.find(std::to_string(i))->value, i);
  EXPECT_EQ(by_name.find("b"), nullptr);
}

}  // namespace
}  // namespace torch2mlx
