#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "python/format.h"
#include "python/function.h"
#include "python/hints.h"
#include "python/names.h"
#include "python/sizes.h"

namespace torch2mlx::python {
namespace {

using graph::Ref;

// Names of ops make names of values up to this length: "softmax", not "scaled_dot_product_attention".
constexpr std::size_t longest_own_name = 12;

// "linear_3" -> "linear": exported names are numbered.
std::string unnumbered(std::string_view name) {
  while (!name.empty() && std::isdigit(static_cast<unsigned char>(name.back()))) name.remove_suffix(1);
  while (name.ends_with('_')) name.remove_suffix(1);
  return name.empty() ? "x" : identifier(name);
}

// What a size is called by its place in a shape: batch, length, or height and width.
std::string axis_letter(const graph::Shape& shape, std::size_t axis) {
  if (axis == 0) return "B";
  if (shape.size() <= 3) return axis == 1 ? "L" : "D";
  const bool channels_first = shape[1].constant().has_value();
  const std::size_t spatial = axis - (channels_first ? 2 : 1);
  return spatial == 0 ? "H" : spatial == 1 ? "W" : "D";
}

}  // namespace

// A name is free once the value it holds is read no more: from that position on, never for `end_position`.
std::size_t FunctionWriter::free_from(const std::string& name) const {
  if (reserved_.contains(name)) return end_position;
  const auto it = holder_.find(name);
  const auto last = it == holder_.end() ? last_use_.end() : last_use_.find(it->second);
  return last == last_use_.end() ? 0 : last->second;
}

bool FunctionWriter::available(const std::string& name) const {
  const std::size_t from = free_from(name);
  return from != end_position && from <= position_;
}

std::string FunctionWriter::assign_name(const std::vector<std::string>& wanted) {
  for (const std::string& name : wanted)
    if (available(name)) return name;
  const std::string name = numbered_name(wanted.at(0));
  unnumbered_[name] = wanted[0];
  return name;
}

// With the smallest number that is free, without asking for all of them each time.
std::string FunctionWriter::numbered_name(const std::string& base) {
  Numbers& numbers = numbers_[base];
  const auto name = [&](int number) { return fmt::format("{}_{}", base, number); };
  const auto hold = [&](int number) { numbers.held.emplace(free_from(name(number)), number); };
  if (const int last = std::exchange(numbers.last, 0)) hold(last);
  while (!numbers.held.empty() && numbers.held.top().first <= position_ && numbers.held.top().first != end_position) {
    numbers.free.insert(numbers.held.top().second);
    numbers.held.pop();
  }
  while (numbers.last == 0) {
    const int number = numbers.free.empty() ? numbers.next++ : numbers.free.extract(numbers.free.begin()).value();
    if (available(name(number)))
      numbers.last = number;
    else
      hold(number);
  }
  return name(numbers.last);
}

std::vector<std::string> FunctionWriter::candidates(const Step& step, std::size_t result) {
  const Ref ref = step.results(graph_)[result];
  std::vector<std::string> names;
  const auto add = [&](const std::optional<std::string>& name) {
    if (name && !name->empty()) names.push_back(*name);
  };
  add(lines_.assigned(step, result));
  add(usage_hint(context_, f_, ref));
  add(parameter_hint(context_, f_, ref));
  // What a line compares on its way is another thing than what it assigns, and so is the mask of its attention.
  const bool boolean = graph_.type(ref).dtype == Dtype::boolean, mask = !names.empty() && names.back() == "mask";
  const auto assigned = line_hint(context_, step, result);
  if (!mask && (!boolean || (assigned && assigned->ends_with("mask")))) add(assigned);
  const bool several = step.call && step.call->outputs.size() > 1;
  if (several) add(inner_name(*step.call, ref));
  if (result == 0) add(replaced_name(step));
  if (step.call && !several) add(inner_name(*step.call, ref));
  const std::string attribute = last_part(callee(step));
  if (is_identifier(attribute) && (!several || names.empty())) add(identifier(attribute));
  const std::string own = unnumbered(graph_[ref].name);
  const bool generic = is_view(step) || own.size() > longest_own_name;
  const bool builtin = own.ends_with('_');  // "any_"
  if (names.empty()) names.push_back(generic ? "x" : boolean && builtin ? "condition" : own);
  return names;
}

// What the function that computes a value calls it.
std::optional<std::string> FunctionWriter::inner_name(const Function& called, Ref ref) const {
  const LineNames lines(context_, called);
  for (const Step& inner : called.steps) {
    const std::vector<Ref> results = inner.results(graph_);
    const auto at = std::ranges::find(results, ref);
    if (at == results.end()) continue;
    if (inner.call) return inner_name(*inner.call, ref);
    if (auto name = lines.assigned(inner, static_cast<std::size_t>(at - results.begin()))) return name;
  }
  return std::nullopt;
}

// x = nn.relu(x): what takes the place of its operand takes its name.
std::optional<std::string> FunctionWriter::replaced_name(const Step& step) const {
  const std::vector<Ref> used = used_values(context_, step);
  const graph::Type& type = graph_.type(step.results(graph_)[0]);
  if (used.empty()) return std::nullopt;
  const bool alike = graph_.type(used[0]) == type;
  if (step.call && step.call->outputs.size() > 1 && !alike) return std::nullopt;
  if (!step.call && !step.layer && used.size() > 1 && (!alike || used.size() > 2)) return std::nullopt;
  Ref first = used[0];
  for (auto it = unit_of_.find(first); it != unit_of_.end(); it = unit_of_.find(first)) {
    const std::vector<Ref> inner = unit_uses(it->second);
    if (inner.empty()) return std::nullopt;
    first = inner[0];
  }
  const auto it = text_.find(first);
  const bool named = it != text_.end() && is_identifier(it->second.text);
  return named && graph_.type(first).dtype == type.dtype ? std::optional(it->second.text) : std::nullopt;
}

Expr FunctionWriter::size(const graph::Dim& dim) {
  const Sizes sizes(graph_, f_.inputs);
  return size_text(dim, [&](const graph::Dim& part) -> std::optional<std::string> {
    if (const auto source = sizes.find(part)) return size_name(*source);
    const auto it = std::ranges::find(f_.sizes, part);
    if (it == f_.sizes.end()) return std::nullopt;
    return class_.arg_names[f_.inputs.size() + static_cast<std::size_t>(it - f_.sizes.begin())];
  });
}

std::string FunctionWriter::size_name(const SizeSource& source) {
  if (source.axis == Sizes::npos) return text_.at(f_.inputs[source.input]).text;
  if (const auto it = size_names_.find(source); it != size_names_.end()) return it->second;
  const std::string letter = axis_letter(graph_.type(f_.inputs[source.input]).shape, source.axis);
  std::string name = letter;
  for (int i = 2; reserved_.contains(name) || holder_.contains(name); ++i) name = fmt::format("{}{}", letter, i);
  reserve(name);
  return size_names_[source] = name;
}

// "B, L, _ = x.shape", at the top where every argument still has its name.
std::string FunctionWriter::size_lines() const {
  std::string lines;
  for (std::size_t input = 0; input < f_.inputs.size(); ++input) {
    std::map<std::size_t, std::string> axes;
    for (const auto& [source, name] : size_names_)
      if (source.input == input) axes[source.axis] = name;
    if (axes.empty()) continue;
    const std::string& tensor = text_.at(f_.inputs[input]).text;
    if (axes.size() == 1) {
      lines += statement(fmt::format("{} = {}.shape[{}]", axes.begin()->second, tensor, axes.begin()->first), 8);
      continue;
    }
    const std::size_t rank = graph_.type(f_.inputs[input]).shape.size();
    const bool prefix = axes.rbegin()->first + 1 == axes.size() && axes.size() + 1 < rank;
    std::string targets;
    for (std::size_t axis = 0; axis < (prefix ? axes.size() : rank); ++axis)
      targets += (axis ? ", " : "") + (axes.contains(axis) ? axes.at(axis) : "_");
    lines += statement(targets + " = " + tensor + ".shape" + (prefix ? fmt::format("[:{}]", axes.size()) : ""), 8);
  }
  return lines;
}

}  // namespace torch2mlx::python
