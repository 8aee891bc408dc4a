// Numbers from text.
#include <gmock/gmock.h>

#include <clocale>
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/numbers.h"

namespace torch2mlx {
namespace {

using ::testing::Optional;

constexpr double infinite = std::numeric_limits<double>::infinity();

TEST(Numbers, Reals) {
  EXPECT_THAT(parse_number<double>("1.5"), Optional(1.5));
  EXPECT_THAT(parse_number<double>("-2e-3"), Optional(-0.002));
  EXPECT_THAT(parse_number<double>(".5"), Optional(0.5));
  EXPECT_THAT(parse_number<double>("5."), Optional(5.0));
  EXPECT_THAT(parse_number<double>("17"), Optional(17.0));
  EXPECT_THAT(parse_number<double>("0.1"), Optional(0.1));
  EXPECT_THAT(parse_number<double>("1.7976931348623157e308"), Optional(std::numeric_limits<double>::max()));
  EXPECT_THAT(parse_number<double>("5e-324"), Optional(std::numeric_limits<double>::denorm_min()));
  EXPECT_THAT(parse_number<double>("-inf"), Optional(-infinite));
  EXPECT_TRUE(std::isnan(parse_number<double>("nan").value()));
  EXPECT_TRUE(std::signbit(parse_number<double>("-0.0").value()));
}

TEST(Numbers, OutOfRange) {
  EXPECT_EQ(parse_number<double>("1e400"), std::nullopt);
  EXPECT_EQ(parse_number<double>("-1e400"), std::nullopt);
  EXPECT_THAT(parse_number<double>("1e-400"), Optional(0.0));
  EXPECT_EQ(parse_number<std::int64_t>("9223372036854775808"), std::nullopt);
  EXPECT_EQ(parse_number<std::uint8_t>("256"), std::nullopt);
}

TEST(Numbers, NoNumbers) {
  for (const char* text :
       {"", " ", " 1", "\t1", "\n1", "\v1", "+1", "1 ", "1x", "x", "-", ".", "1e", "--1", "0x10", "1,5", "e5"}) {
    EXPECT_EQ(parse_number<double>(text), std::nullopt) << '"' << text << '"';
    EXPECT_EQ(parse_number<std::int64_t>(text), std::nullopt) << '"' << text << '"';
  }
  EXPECT_EQ(parse_number<double>({}), std::nullopt);
}

TEST(Numbers, RealAhead) {
  const auto ahead = [](std::string_view text) {
    const auto real = real_ahead(text);
    return real ? std::pair(real->value, real->length) : std::pair(0.0, std::size_t{0});
  };
  EXPECT_EQ(ahead("1.5', precision=53"), std::pair(1.5, std::size_t{3}));
  EXPECT_EQ(ahead("12]"), std::pair(12.0, std::size_t{2}));
  EXPECT_EQ(ahead("1e5e5"), std::pair(1e5, std::size_t{3}));
  EXPECT_EQ(ahead("1ex"), std::pair(1.0, std::size_t{1}));
  EXPECT_EQ(real_ahead("s0"), std::nullopt);
}

TEST(Numbers, NoLocaleChangesThem) {
  const char* set = nullptr;
  for (const char* name : {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8"})
    if (set == nullptr) set = std::setlocale(LC_ALL, name);
  EXPECT_THAT(parse_number<double>("1.5"), Optional(1.5)) << (set == nullptr ? "C" : set);
  EXPECT_EQ(parse_number<double>("1,5"), std::nullopt);
  std::setlocale(LC_ALL, "C");
}

}  // namespace
}  // namespace torch2mlx
