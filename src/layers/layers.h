// Table 3: torch.nn class -> mlx.nn class. Parameter layouts, renames, constructor. No MLX needed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace torch2mlx::layers {

// How one parameter of a layer is stored. `permute` lists torch axes in MLX order (empty: unchanged):
// torch OIHW -> MLX OHWI is {0, 2, 3, 1}.
struct Parameter {
  std::string_view name;
  std::span<const int> permute;
};

// One class. `op` is the MLX graph op that the mlx.nn layer computes, with `parameters` as its operands by name; the
// constructor text is a template over the op's arguments and the parameters' MLX shapes, read by src/python:
//   "{weight.1}, {weight.0}{bias?, bias=False}"
struct Row {
  std::string_view torch;  // "torch.nn.modules.linear.Linear"
  std::string_view mlx;    // "nn.Linear"
  std::string_view op;     // "linear"; empty: conversion only
  std::string_view constructor;
  std::span<const Parameter> parameters;
  std::span<const std::string_view> dropped;  // buffers that MLX does not hold: num_batches_tracked
};

std::span<const Row> rows();

// By full or short class name ("torch.nn.modules.conv.Conv2d", "torch.nn.Conv2d", "Conv2d"), nullptr if unknown.
const Row* find(std::string_view class_name);

// The permutation of parameter `name` of a class; empty if it is stored as in torch.
std::span<const int> permutation(const Row& row, std::string_view name);
std::vector<int> inverse(std::span<const int> permutation);

}  // namespace torch2mlx::layers
