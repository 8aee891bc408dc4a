#include "cli/combinations.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace torch2mlx::cli {
namespace {

// `option` has an effect with one of `others` alone, in commands that have the first of them.
struct Needs {
  std::string_view option, others;
};

constexpr std::string_view traces = "--codegen --verify --mlxfn --report --analyze-only";

constexpr Needs needs[] = {
    {"--seed", "--input"},
    {"--tol", "--verify"},
    {"--input", traces},
    {"--inputs", traces},
    {"--mlxfn-shape", "--mlxfn"},
    {"--mlxfn-device", "--mlxfn"},
    {"--mlxfn-weights", "--mlxfn"},
    {"--q-mode", "--quantize"},
    {"--q-bits", "--quantize"},
    {"--q-group-size", "--quantize"},
    {"--quant-predicate", "--quantize"},
};

struct Excludes {
  std::string_view option, others;
};

constexpr Excludes excludes[] = {
    {"--analyze-only",
     "--dry-run --codegen --verify --mlxfn --optimizer --shard-size --threads --no-sync --force --no-analyze"},
    {"--dry-run", "--optimizer --threads --no-sync --force"},
    {"--dequantize", "--quantize"},
};

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    names.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

const CLI::Option* find(const CLI::App& app, std::string_view name) {
  return app.get_option_no_throw(std::string(name));
}

bool given(const CLI::App& app, std::string_view name) {
  const CLI::Option* option = find(app, name);
  return option && option->count() > 0;
}

}  // namespace

void require_effect(const CLI::App& app) {
  for (const Needs& rule : needs) {
    if (!given(app, rule.option)) continue;
    const std::vector<std::string> others = split(rule.others);
    if (!find(app, others.front())) continue;  // another command
    bool met = false;
    std::string list;
    for (const std::string& other : others) {
      met = met || given(app, other);
      if (find(app, other)) list += (list.empty() ? "" : ", ") + other;
    }
    if (!met) throw CLI::ValidationError(std::string(rule.option), "has no effect without " + list);
  }
  for (const Excludes& rule : excludes) {
    if (!given(app, rule.option)) continue;
    for (const std::string& other : split(rule.others))
      if (given(app, other))
        throw CLI::ValidationError(std::string(rule.option), "has no effect, or another one, together with " + other);
  }
}

}  // namespace torch2mlx::cli
