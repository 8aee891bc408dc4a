// Which layers the checkpoints of known architectures hold, by the model_type of their config.json.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace torch2mlx::layers {

// The class of the module `path` ("wav2vec2.encoder.pos_conv_embed.conv") as layers::find takes it, or "Parameter"
// where `path` is that of a bare parameter; empty: the table does not tell. `architecture` is the class of the model
// ("BertForMaskedLM"), which settles paths that mean several things in one type; `shape` is the weight's, whose kernel
// settles others. What stands before the path in the table or in the checkpoint (the attribute of a head model that
// holds the base model) does not matter. Source: transformers.txt, which tools/make_architectures.py writes.
std::string_view architecture_layer(std::string_view model_type, std::string_view architecture, std::string_view path,
                                    std::span<const std::int64_t> shape);

}  // namespace torch2mlx::layers
