// torch2mlx ops [--layers|--dtypes] [--json]: the tables themselves.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "cli/parse.h"
#include "layers/layers.h"

namespace torch2mlx::cli {
namespace {

nlohmann::json layers_json() {
  auto all = nlohmann::json::array();
  for (const layers::Row& row : layers::rows()) {
    nlohmann::json permute = nlohmann::json::object(), targets = nlohmann::json::object();
    for (const auto& parameter : row.parameters) {
      const std::string name(parameter.name);
      permute[name] = std::vector<int>(parameter.permute.begin(), parameter.permute.end());
      for (const auto& target : parameter.targets) targets[name].push_back(target.name);
    }
    nlohmann::json entry{{"torch", row.torch}, {"mlx", row.mlx}, {"op", row.op}, {"parameters", permute}};
    if (!targets.empty()) entry["targets"] = targets;
    if (!row.dropped.empty()) entry["dropped"] = std::vector<std::string>(row.dropped.begin(), row.dropped.end());
    if (!row.needs.empty()) entry["needs"] = row.needs;
    all.push_back(std::move(entry));
  }
  return all;
}

nlohmann::json dtypes_json() {
  auto all = nlohmann::json::array();
  for (const DtypeRow& row : dtypes())
    all.push_back({{"torch", row.torch}, {"mlx", torch2mlx::row(row.as_mlx).mlx}, {"size", row.size}});
  return all;
}

std::string_view becomes(const layers::Row& row) {
  if (!row.mlx.empty()) return row.mlx;
  return row.parameters.empty() ? "(functions)" : "(bare parameters)";
}

void print_columns(const std::vector<std::pair<std::string_view, std::string_view>>& lines) {
  std::size_t width = 0;
  for (const auto& [torch, mlx] : lines) width = std::max(width, torch.size());
  for (const auto& [torch, mlx] : lines) fmt::print("{:<{}}  {}\n", torch, width, mlx);
}

void print_text(bool layers) {
  std::vector<std::pair<std::string_view, std::string_view>> lines;
  if (!layers)
    for (const DtypeRow& row : dtypes()) lines.emplace_back(row.torch, torch2mlx::row(row.as_mlx).mlx);
  else
    for (const layers::Row& row : layers::rows()) lines.emplace_back(layers::short_name(row.torch), becomes(row));
  print_columns(lines);
}

int print_operators(const std::string& tables, bool json) {
  const auto parsed = nlohmann::json::parse(tables);
  if (json) {
    fmt::print("{}\n", parsed.dump(2));
    return 0;
  }
  fmt::print("{} ATen operators become MLX:\n", parsed["aten"].size());
  for (const auto& [name, schema] : parsed["aten"].items()) fmt::print("  {}\n", schema.get<std::string>());
  fmt::print("{} MLX operators:\n", parsed["mlx"].size());
  for (const auto& name : parsed["mlx"]) fmt::print("  {}\n", name.get<std::string>());
  return 0;
}

}  // namespace

int ops_command(Arguments args, const Hooks& hooks) {
  bool layers = false, dtypes = false, json = false;
  CLI::App app("What is supported.", "torch2mlx ops");
  app.add_flag("--layers", layers, "torch.nn classes");
  app.add_flag("--dtypes", dtypes, "Element types")->excludes("--layers");
  app.add_flag("--json", json, "As JSON");
  parse(app, std::move(args));
  if (!layers && !dtypes) {
    if (hooks.ops) return print_operators(hooks.ops(), json);
    throw Error(ErrorKind::unsupported, "ops", "the tables of operators need the graph library",
                "python -m torch2mlx has it; --layers and --dtypes need none");
  }
  if (json)
    fmt::print("{}\n", (layers ? layers_json() : dtypes_json()).dump(2));
  else
    print_text(layers);
  return 0;
}

}  // namespace torch2mlx::cli
