#include "weights/quant_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.h"
#include "weights/mlx_lm.h"
#include "weights/patterns.h"

namespace torch2mlx::weights {
namespace {

struct Recipe {
  std::string_view name;
  int low_bits, high_bits;
};

// mlx_lm/convert.py: more bits for the first and last eighth of the layers and for every third between them.
constexpr Recipe recipes[] = {{"mixed_2_6", 2, 6}, {"mixed_3_4", 3, 4}, {"mixed_3_6", 3, 6}, {"mixed_4_6", 4, 6}};

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto dot = path.find('.');
    parts.push_back(path.substr(0, dot));
    if (dot == path.npos) return parts;
    path.remove_prefix(dot + 1);
  }
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 7 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

int number(std::string_view text) { return is_number(text) ? std::stoi(std::string(text)) : 0; }

void check(const Quantization& quantization) {
  if (const auto problem = quantization_problem(quantization, 0); !problem.empty())
    throw Error(ErrorKind::input, "quantization", problem);
}

}  // namespace

std::vector<std::string> quant_recipes() {
  std::vector<std::string> names;
  for (const Recipe& recipe : recipes) names.emplace_back(recipe.name);
  return names;
}

QuantRules::QuantRules(const QuantizeOptions& options, std::span<const std::string_view> paths,
                       std::string_view model_type)
    : options_(options), model_type_(model_type) {
  check(options.defaults);
  for (const auto& [pattern, quantization] : options.rules)
    if (quantization) check(*quantization);
  if (options.recipe.empty()) return;
  const auto recipe = std::ranges::find(recipes, options.recipe, &Recipe::name);
  if (recipe == std::end(recipes))
    throw Error(ErrorKind::input, "--quant-predicate " + options.recipe, "no such recipe",
                fmt::format("{}", fmt::join(quant_recipes(), ", ")));
  if (options.defaults.mode != QuantizationMode::affine)
    throw Error(ErrorKind::input, "--quant-predicate " + options.recipe, "recipes are affine",
                "leave out --q-mode, or name modules: 'PATTERN=BITS'");
  low_bits_ = recipe->low_bits;
  high_bits_ = recipe->high_bits;
  const auto down =
      std::ranges::find_if(paths, [](std::string_view path) { return path.find("down_proj") != path.npos; });
  if (down == paths.end())
    throw Error(ErrorKind::input, "--quant-predicate " + options.recipe,
                "the model has no down_proj to tell its layers by");
  const auto parts = parts_of(*down);
  layer_part_ = static_cast<std::size_t>(std::ranges::find_if(parts, is_number) - parts.begin());
  for (const std::string_view path : paths)
    if (const auto own = parts_of(path); own.size() > layer_part_ && is_number(own[layer_part_]))
      layers_ = std::max(layers_, 1 + number(own[layer_part_]));
}

std::optional<Quantization> QuantRules::by_recipe(std::string_view path) const {
  const auto parts = parts_of(path);
  const int index = parts.size() > layer_part_ ? number(parts[layer_part_]) : 0, eighth = layers_ / 8;
  const bool more = index < eighth || index >= 7 * layers_ / 8 || (index - eighth) % 3 == 2;
  const auto named = [&](std::string_view text) { return path.find(text) != path.npos; };
  const bool value = named("v_proj") || named("v_a_proj") || named("v_b_proj");
  const bool high = ((value || named("down_proj")) && more) || named("lm_head");
  return Quantization{QuantizationMode::affine, high ? high_bits_ : low_bits_, options_.defaults.group_size};
}

bool QuantRules::name(std::string_view path) const {
  return std::ranges::any_of(options_.rules,
                             [&](const auto& rule) { return rule.second && matches_path(rule.first, path); });
}

std::optional<Quantization> QuantRules::find(std::string_view path, std::int64_t columns) const {
  for (auto rule = options_.rules.rbegin(); rule != options_.rules.rend(); ++rule)
    if (matches_path(rule->first, path)) {
      if (!rule->second || columns % rule->second->group_size != 0) return std::nullopt;
      return rule->second;
    }
  if (columns % options_.defaults.group_size != 0) return std::nullopt;
  if (!options_.recipe.empty()) return by_recipe(path);
  const auto bits = mlx_lm_bits(model_type_, path);
  if (!bits) return options_.defaults;
  const Quantization own{QuantizationMode::affine, *bits, 64};
  return *bits != 0 && columns % own.group_size == 0 ? std::optional(own) : std::nullopt;
}

}  // namespace torch2mlx::weights
