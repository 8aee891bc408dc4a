#include "layers/families.h"

namespace torch2mlx::layers {
namespace {

constexpr Parameter weight[] = {{"weight", {}}};

constexpr Row table[] = {
    {"torch.nn.modules.sparse.Embedding",
     "nn.Embedding",
     "embedding",
     "{weight.shape[0]}, {weight.shape[1]}",
     weight,
     {}},
    {"torch.nn.modules.sparse.EmbeddingBag", "nn.Embedding", "", "{weight.shape[0]}, {weight.shape[1]}", weight, {}},
};

}  // namespace

std::span<const Row> embedding_rows() { return table; }

}  // namespace torch2mlx::layers
