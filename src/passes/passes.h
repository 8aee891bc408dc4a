// Every pass, in alphabetical order. Each takes and leaves a checked MLX graph with types; what it does stands in the
// `before -> after` line of its file. pipeline.cpp has the order they run in.
#pragma once

#include "graph/graph.h"

namespace torch2mlx::passes {

void cse(graph::Graph& graph);
void dce(graph::Graph& graph);
void drop_broadcasts(graph::Graph& graph);
void drop_guards(graph::Graph& graph);
void drop_leading_axes(graph::Graph& graph);
void fold_constants(graph::Graph& graph);
void fold_gathers(graph::Graph& graph);
void fold_triangles(graph::Graph& graph);
void fuse_attention(graph::Graph& graph);
void fuse_causal(graph::Graph& graph);
void fuse_gather_mm(graph::Graph& graph);
void fuse_gelu(graph::Graph& graph);
void fuse_linear(graph::Graph& graph);
void fuse_norms(graph::Graph& graph);
void fuse_rope(graph::Graph& graph);
void group_heads(graph::Graph& graph);
void hoist(graph::Graph& graph);
void identities(graph::Graph& graph);
void layout(graph::Graph& graph);
void merge_index(graph::Graph& graph);
void merge_updates(graph::Graph& graph);
void parameter_layouts(graph::Graph& graph);
void split_concats(graph::Graph& graph);
void unflatten(graph::Graph& graph);

}  // namespace torch2mlx::passes
