#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "layers/layers.h"

namespace torch2mlx::layers {
namespace {

struct Sample {
  std::string layer;
  std::map<std::string, std::vector<std::int64_t>, std::less<>> shapes;
  std::map<std::string, std::string, std::less<>> attributes;
  std::string expected;
};

template <class Map>
auto lookup(const Map& map) {
  return [&map](std::string_view name) -> std::optional<typename Map::mapped_type> {
    const auto it = map.find(name);
    return it == map.end() ? std::nullopt : std::optional(it->second);
  };
}

std::string render(const Sample& sample) {
  return constructor(*find(sample.layer), {lookup(sample.shapes), lookup(sample.attributes)});
}

const Sample samples[] = {
    {"Linear", {{"weight", {4, 16}}, {"bias", {4}}}, {}, "nn.Linear(16, 4)"},
    {"Linear", {{"weight", {4, 16}}}, {}, "nn.Linear(16, 4, bias=False)"},
    {"Embedding", {{"weight", {100, 8}}}, {}, "nn.Embedding(100, 8)"},
    {"Conv2d", {{"weight", {64, 3, 3, 3}}, {"bias", {64}}}, {}, "nn.Conv2d(3, 64, kernel_size=3)"},
    {"Conv2d",
     {{"weight", {64, 7, 5, 8}}},
     {{"stride", "(2, 2)"}, {"padding", "(3, 2)"}, {"dilation", "[1, 1]"}, {"groups", "4"}},
     "nn.Conv2d(32, 64, kernel_size=(7, 5), stride=2, padding=(3, 2), groups=4, bias=False)"},
    {"Conv1d",
     {{"weight", {8, 5, 2}}, {"bias", {8}}},
     {{"stride", "(2,)"}},
     "nn.Conv1d(2, 8, kernel_size=5, stride=2)"},
    {"Conv3d", {{"weight", {8, 1, 3, 3, 2}}, {"bias", {8}}}, {}, "nn.Conv3d(2, 8, kernel_size=(1, 3, 3))"},
    {"ConvTranspose2d",
     {{"weight", {6, 2, 2, 4}}, {"bias", {6}}},
     {{"stride", "(2, 2)"}, {"output_padding", "(1, 1)"}},
     "nn.ConvTranspose2d(4, 6, kernel_size=2, stride=2, output_padding=1)"},
    {"LayerNorm", {{"weight", {384}}, {"bias", {384}}}, {{"eps", "1e-5"}}, "nn.LayerNorm(384)"},
    {"LayerNorm", {{"weight", {384}}, {"bias", {384}}}, {{"eps", "1e-12"}}, "nn.LayerNorm(384, eps=1e-12)"},
    {"LayerNorm", {{"weight", {384}}}, {}, "nn.LayerNorm(384, bias=False)"},
    {"LayerNorm", {}, {{"dims", "384"}}, "nn.LayerNorm(384, affine=False)"},
    {"RMSNorm", {{"weight", {64}}}, {{"eps", "1e-06"}}, "nn.RMSNorm(64, eps=1e-06)"},
    {"GroupNorm",
     {{"weight", {8}}, {"bias", {8}}},
     {{"num_groups", "2"}, {"eps", "1e-05"}},
     "nn.GroupNorm(2, 8, pytorch_compatible=True)"},
    {"BatchNorm2d",
     {{"weight", {8}}, {"bias", {8}}, {"running_mean", {8}}, {"running_var", {8}}},
     {{"eps", "1e-05"}, {"momentum", "0.1"}},
     "nn.BatchNorm(8)"},
    {"BatchNorm1d",
     {{"running_mean", {8}}, {"running_var", {8}}},
     {{"eps", "0.001"}, {"momentum", "0.01"}},
     "nn.BatchNorm(8, eps=0.001, momentum=0.01, affine=False)"},
    {"Dropout", {}, {{"p", "0.1"}}, "nn.Dropout(0.1)"},
    {"ReLU", {}, {}, "nn.ReLU()"},
    {"GELU", {}, {{"approximate", "\"none\""}}, "nn.GELU()"},
    {"GELU", {}, {{"approximate", "\"tanh\""}}, "nn.GELU(\"tanh\")"},
    {"LeakyReLU", {}, {{"negative_slope", "0.2"}}, "nn.LeakyReLU(0.2)"},
    {"MaxPool2d",
     {},
     {{"kernel_size", "(2, 2)"}, {"stride", "(2, 2)"}, {"padding", "(0, 0)"}},
     "nn.MaxPool2d(kernel_size=2)"},
    {"AvgPool2d",
     {},
     {{"kernel_size", "(3, 2)"}, {"stride", "(1, 1)"}, {"padding", "(1, 0)"}},
     "nn.AvgPool2d(kernel_size=(3, 2), stride=1, padding=(1, 0))"},
    {"Identity", {}, {}, "nn.Identity()"},
};

TEST(LayersConstructor, RendersWithoutDefaults) {
  for (const Sample& sample : samples) EXPECT_EQ(render(sample), sample.expected);
}

TEST(LayersConstructor, AMissingFactIsAnError) {
  try {
    render({"Linear", {}, {}, ""});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::unsupported);
    EXPECT_EQ(error.place(), "torch.nn.modules.linear.Linear");
    EXPECT_NE(error.message().find("weight.shape[1]"), std::string::npos);
  }
}

// Every template must be readable to its end, whatever its conditions say.
TEST(LayersConstructor, EveryTemplateRenders) {
  for (const Row& row : rows()) {
    if (row.mlx.empty()) continue;
    const auto text = constructor(
        row, {[](auto) { return std::vector<std::int64_t>{2, 3, 4, 5, 6}; }, [](auto) { return std::string("7"); }});
    EXPECT_EQ(text.find_first_of("{}|?"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace torch2mlx::layers
