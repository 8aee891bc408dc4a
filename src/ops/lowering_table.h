// Table 2 as it is looked up: our rows (lowering.h), and those that were registered while the program runs.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "ops/schema.h"

namespace torch2mlx::ops {

class Mlx;

struct TableRow {
  std::string op;                         // "aten.silu.default"
  std::string schema;                     // the whole text
  std::span<const schema::Param> params;  // `args` of `run` are one a parameter, defaults filled in
  std::function<std::vector<graph::Arg>(Mlx&, const std::vector<graph::Arg>& args)> run;
  bool effect = false;  // lowered although nothing uses a result
};

// All rows by name, and the one of an op, nullptr if there is none. Rows stay where they are for good.
std::vector<const TableRow*> lowerings();
const TableRow* find_lowering(std::string_view op);

// Adds the row of an operator; `schema` is torch's text of it ("mylib::scale(Tensor x, float by=2.) -> Tensor"). `run`
// gets the arguments that mean something in MLX: no Layout, Device, MemoryFormat, Generator, pin_memory.
// Throws Error(input) for a schema that cannot be read or that writes to its arguments, and for an operator that has a
// row, unless `replace`.
void register_lowering(const std::string& schema, decltype(TableRow::run) run, bool replace);

}  // namespace torch2mlx::ops
