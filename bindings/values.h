// Between Python's and the library's values, for both extensions.
#pragma once

#include <nanobind/nanobind.h>

#include <vector>

#include "read/checkpoint.h"
#include "torch2mlx/convert.h"

namespace torch2mlx::bindings {

namespace nb = nanobind;

// torch2mlx::Error and what else the library throws become the classes of torch2mlx.errors.
void register_errors();

// [(name, torch dtype, shape, strides, offset, address, bytes, owner)]: strides and offset in elements, `address` and
// `bytes` of the whole storage, `owner` the object that keeps it alive. Nothing is copied.
// Throws Error(input) naming a tensor that reaches outside its storage.
std::vector<Tensor> tensors_from(const nb::list& list);
nb::tuple tuple_of(const Sizes& sizes);

// [(path, class name, {attribute: None, bool, int, float, str or tuple of int})], depth first.
std::vector<Module> modules_from(const nb::list& list);

// The converter's options by name. Throws Error(input) for a name or value that is none.
Options options_from(const nb::dict& settings);

// What optimizers do (core_optimizers.cpp).
void register_optimizers(nb::module_& m);

// What users add to the table of layers, of which each extension has its own.
void register_layers(nb::module_& m);

// What users add to the table of lowerings (graph_builder.cpp).
void register_builder(nb::module_& m);

// .mlxfn files (graph_mlxfn.cpp).
void register_mlxfn(nb::module_& m);

}  // namespace torch2mlx::bindings
