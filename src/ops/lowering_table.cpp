#include "ops/lowering_table.h"

#include <fmt/format.h>

#include <map>

#include "base/error.h"
#include "base/versions.h"
#include "ops/aten_families.h"

namespace torch2mlx::ops {
namespace {

using Rows = std::map<std::string, std::shared_ptr<const TableRow>, std::less<>>;

Rows our_rows() {
  Rows rows;
  for (const auto family : aten_families)
    for (const Lowering& lowering : family()) {
      const std::string op = lowering.op();
      rows.emplace(op, std::make_shared<const TableRow>(TableRow{op, std::string(lowering.schema), lowering.params(),
                                                                 lowering.run, lowering.effect}));
    }
  return rows;
}

// Never destroyed: what was registered may belong to an interpreter that is gone by then.
Versions<Rows>& table() {
  static auto& rows = *new Versions<Rows>(our_rows());
  return rows;
}

// A row with what its parameters point into.
struct Registered {
  TableRow row;
  std::string text;
  schema::Schema schema;
};

// "mylib::scale" -> "mylib.scale.default"
std::string op_name(std::string_view name) {
  const auto colons = name.find("::");
  const auto rest = name.substr(colons + 2);
  return fmt::format("{}.{}{}", name.substr(0, colons), rest, rest.find('.') == rest.npos ? ".default" : "");
}

schema::Schema read_schema(std::string_view text) {
  try {
    if (text.find("::") < text.find('(')) return schema::parse(text);
    throw "an operator is called namespace::name";
  } catch (const char* reason) {
    throw Error(ErrorKind::input, std::string(text), reason);
  }
}

}  // namespace

std::vector<const TableRow*> lowerings() {
  std::vector<const TableRow*> rows;
  for (const auto& [name, row] : table().now()) rows.push_back(row.get());
  return rows;
}

const TableRow* find_lowering(std::string_view op) {
  const Rows& rows = table().now();
  const auto it = rows.find(op);
  return it == rows.end() ? nullptr : it->second.get();
}

void register_lowering(const std::string& schema, decltype(TableRow::run) run, bool replace) {
  const auto made = std::make_shared<Registered>();
  made->text = schema;
  made->schema = read_schema(made->text);
  const bool ours = schema.starts_with("aten::");
  if (schema.find('!') != schema.npos || (!ours && schema.find("Tensor(") != schema.npos))
    throw Error(ErrorKind::input, std::string(made->schema.name), "writes to its arguments or gives views of them",
                "a lowering is a function from values to new values");
  const auto params = made->schema.all();
  made->row = {op_name(made->schema.name), schema, params,
               [params, run = std::move(run)](Mlx& mx, const std::vector<graph::Arg>& args) {
                 std::vector<graph::Arg> meant;
                 for (std::size_t i = 0; i < params.size(); ++i)
                   if (params[i].base != schema::Base::ignored) meant.push_back(args[i]);
                 return run(mx, meant);
               }};
  table().change([&](Rows& rows) {
    auto& row = rows[made->row.op];
    if (row && !replace)
      throw Error(ErrorKind::input, made->row.op, "has a lowering already", "override=True replaces it");
    row = {made, &made->row};
  });
}

}  // namespace torch2mlx::ops
