#include "passes/pipeline.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "ops/check.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

constexpr std::array order{
    Pass{"parameter_layouts", parameter_layouts},
    Pass{"identities", identities},
    Pass{"cse", cse},
    Pass{"fold_constants", fold_constants},
    Pass{"fold_gathers", fold_gathers},
    Pass{"fold_constants", fold_constants},  // masks of gathered constants
    Pass{"drop_guards", drop_guards},
    Pass{"drop_broadcasts", drop_broadcasts},
    Pass{"identities", identities},
    Pass{"dce", dce},
    Pass{"fuse_norms", fuse_norms},
    Pass{"fuse_gelu", fuse_gelu},
    Pass{"fuse_rope", fuse_rope},
    Pass{"fuse_attention", fuse_attention},
    Pass{"group_heads", group_heads},
    Pass{"fuse_causal", fuse_causal},
    Pass{"fuse_linear", fuse_linear},
    Pass{"fuse_gather_mm", fuse_gather_mm},
    Pass{"unflatten", unflatten},
    Pass{"dce", dce},  // layout counts who uses a transpose
    Pass{"layout", layout},
    Pass{"fold_triangles", fold_triangles},
    Pass{"drop_leading_axes", drop_leading_axes},
    Pass{"identities", identities},  // reshapes of what is already in that order
    Pass{"cse", cse},
    Pass{"dce", dce},
    Pass{"merge_updates", merge_updates},
    Pass{"dce", dce},  // a subscript is written out where it is used once
    Pass{"hoist", hoist},
    Pass{"merge_index", merge_index},
    Pass{"split_concats", split_concats},
    Pass{"dce", dce},
};

}  // namespace

void verify(const graph::Graph& graph, std::string_view pass) {
  try {
    graph::check(graph);
    ops::check(graph);
    const std::string text = graph::print(graph);
    if (graph::print(graph::parse(text)) != text)
      throw Error(ErrorKind::input, {}, "the text of the graph reads back as another");
  } catch (const Error& error) {
    throw error.within("after pass " + std::string(pass));
  }
}

std::span<const Pass> pipeline() { return order; }

void run(graph::Graph& graph, Verify when) {
  for (const Pass& pass : order) {
    pass.run(graph);
    if (when == Verify::after_every_pass) verify(graph, pass.name);
  }
}

const Pass* find_pass(std::string_view name) {
  const auto it = std::ranges::find(order, name, &Pass::name);
  return it == order.end() ? nullptr : &*it;
}

}  // namespace torch2mlx::passes
