// if not x > 3: raise ValueError(...): what a function requires of the values that it computes with.
#include <fmt/format.h>

#include <filesystem>

#include "ops/table.h"
#include "python/format.h"
#include "python/function.h"
#include "python/names.h"

namespace torch2mlx::python {

using graph::Ref;

namespace {
std::string last_of_path(const std::string& file) { return std::filesystem::path(file).filename().string(); }
}  // namespace

bool FunctionWriter::is_requirement(const Step& step) const {
  return !step.call && !step.layer && ops::requires_condition(graph_.nodes[step.node].op);
}

void FunctionWriter::emit_requirement(std::size_t unit) {
  const graph::Node& node = graph_.nodes[f_.steps[units_[unit].begin].node];
  const Expr condition = argument(node.args[0].value, [this](Ref ref) { return value(ref); });
  const graph::Arg *message = node.find("message"), *expected = node.find("expected");
  const bool holds = !expected || expected->as<bool>();
  const std::string told =
      message ? message->as<std::string>() : traced_with + condition.text + (holds ? "" : " being False");
  if (!node.place.file.empty() && !message)
    body_ += fmt::format("{:{}}# {}:{}: {}\n", "", body_indent, last_of_path(node.place.file), node.place.line,
                         node.place.code);
  add_line(fmt::format("if {}{}:", holds ? "not " : "", condition.text), body_indent, unit_uses(unit));
  body_ += statement("raise ValueError(" + string_literal(told) + ")", body_indent + 4);
}

}  // namespace torch2mlx::python
