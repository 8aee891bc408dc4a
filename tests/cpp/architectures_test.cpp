#include "layers/architectures.h"

#include <gtest/gtest.h>

#include <sstream>

#include "layers/layers.h"

namespace torch2mlx::layers {

extern const std::string_view transformers_layers;

namespace {

using Shape = std::vector<std::int64_t>;

std::string_view at(std::string_view type, std::string_view path, const Shape& shape = {8, 4, 3, 3},
                    std::string_view architecture = {}) {
  return architecture_layer(type, architecture, path, shape);
}

TEST(Architectures, NumbersAndPrefixesDoNotMatter) {
  EXPECT_EQ(at("wav2vec2", "feature_extractor.conv_layers.0.conv"), "Conv1d");
  EXPECT_EQ(at("wav2vec2", "wav2vec2.feature_extractor.conv_layers.6.conv"), "Conv1d");
  EXPECT_EQ(at("wav2vec2", "conv_layers.6.conv"), "Conv1d") << "a part of the model";
  EXPECT_EQ(at("wav2vec2", "other.0.feature_extractor.conv_layers.6.conv"), "") << "another model inside";
  EXPECT_EQ(at("gpt2", "transformer.h.11.attn.c_attn"), "transformers.pytorch_utils.Conv1D");
  EXPECT_EQ(at("gpt2", "h.0.ln_1"), "");
  EXPECT_EQ(at("no_such_type", "conv"), "");
  EXPECT_EQ(at("wav2vec2", ""), "");
}

TEST(Architectures, BareParameters) { EXPECT_EQ(at("dinov2", "dinov2.embeddings.cls_token", {1, 1, 8}), "Parameter"); }

TEST(Architectures, KernelsTellSeveralApart) {
  EXPECT_EQ(at("dpt", "neck.reassemble_stage.layers.0.resize", {96, 96, 4, 4}), "ConvTranspose2d");
  EXPECT_EQ(at("dpt", "neck.reassemble_stage.layers.3.resize", {768, 768, 3, 3}), "Conv2d");
  EXPECT_EQ(at("dpt", "neck.reassemble_stage.layers.3.resize", {768, 768, 8, 8}), "");
}

TEST(Architectures, EveryLayerIsInTheTableOfLayers) {
  std::istringstream text{std::string(transformers_layers)};
  std::string line;
  int entries = 0;
  while (std::getline(text, line)) {
    if (line.empty() || line[0] == '#' || line[0] == '[') continue;
    ++entries;
    std::istringstream layers(line.substr(line.rfind(' ') + 1));
    for (std::string one; std::getline(layers, one, '|');)
      EXPECT_TRUE(one == "Parameter" || find(one.substr(0, one.find_first_of("(,"))) != nullptr) << line;
  }
  EXPECT_GT(entries, 1000);
}

}  // namespace
}  // namespace torch2mlx::layers
