// The expressions of a function: calls, ops, values.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "python/function.h"
#include "python/names.h"

namespace torch2mlx::python {

using graph::Ref;

Expr FunctionWriter::step_text(const Step& step) {
  if (step.call || step.layer) return {call_text(module_text(callee(step)), step), bind::primary};
  return render(graph_, graph_.nodes[step.node], [this](Ref ref) { return value(ref); });
}

// An attribute, or the argument that hands the module in.
std::string FunctionWriter::module_text(const std::string& path) const {
  const auto it = std::ranges::find(f_.modules, path);
  if (it == f_.modules.end()) return context_.tree.access(f_.path, path);
  return class_.arg_names[f_.inputs.size() + f_.sizes.size() + static_cast<std::size_t>(it - f_.modules.begin())];
}

std::string FunctionWriter::call_text(const std::string& name, const Step& step) {
  std::string inside;
  std::vector<std::string> names;
  const auto add = [&](const Expr& expr) {
    inside += (inside.empty() ? "" : ", ") + expr.text;
    names.push_back(expr.text);
  };
  if (step.layer) {
    for (const graph::Arg& arg : step.layer->args) add(argument(arg, [this](Ref ref) { return value(ref); }));
    return name + "(" + inside + ")";
  }
  for (Ref ref : step.call->inputs) add(value(ref));
  for (const graph::Dim& dim : step.call->sizes) add(size(dim));
  for (const std::string& path : step.call->modules) add({module_text(path)});
  vote(step, names);
  return name + "(" + inside + ")";
}

// `names`: texts of the arguments; what the attributes and variables among them are called is a vote.
void FunctionWriter::vote(const Step& step, std::vector<std::string> names) {
  for (std::string& name : names) {
    if (name.starts_with("self.")) name.erase(0, name.rfind('.') + 1);
    if (!is_identifier(name)) name.clear();
  }
  for (std::string& name : names)
    if (const auto it = unnumbered_.find(name); it != unnumbered_.end()) name = it->second;
  if (step.call) votes_.emplace_back(classes_.of_module.at(step.call->path).index, std::move(names));
}

Expr FunctionWriter::held_text(const graph::Input& input) const {
  const ModuleNode* owner = context_.tree.owner(input);
  if (owner->role == Role::list || owner->role == Role::dict)  // neither hides a buffer
    return {context_.tree.access(f_.path, input.target), bind::primary};
  return {attribute(context_.tree.access(f_.path, owner->path), leaf_attribute(input)), bind::primary};
}

Expr FunctionWriter::value(Ref ref) {
  if (context_.is_size(ref)) return size(*graph_.type(ref).size);
  if (const auto it = text_.find(ref); it != text_.end()) {
    if (const auto unit = unit_of_.find(ref); unit != unit_of_.end()) ++reads_[unit->second];
    return it->second;
  }
  if (const graph::Input* input = context_.held(ref, f_.path)) return held_text(*input);
  if (context_.is_global_constant(ref)) return constants_.use(*graph_.input(ref));
  throw Error(ErrorKind::input, f_.path, "value '" + graph_[ref].name + "' is used before it is defined");
}

void FunctionWriter::bind(Ref ref, const std::string& name) {
  holder_[name] = ref;
  text_[ref] = {name};
  unit_of_.erase(ref);
}

std::vector<std::string> FunctionWriter::bind_arguments() {
  for (std::size_t i = 0; i < f_.inputs.size(); ++i) bind(f_.inputs[i], class_.arg_names[i]);
  for (std::size_t i = f_.inputs.size(); i < class_.arg_names.size(); ++i) reserve(class_.arg_names[i]);
  return class_.arg_names;
}

std::vector<std::string> FunctionWriter::finish() {
  std::vector<std::string> lines = state_lines();
  std::string text;
  for (const std::vector<Ref>& group : returned(context_, f_)) {
    const auto list = std::ranges::find(lists_, group, &std::pair<std::string, std::vector<Ref>>::second);
    text += (text.empty() ? "" : ", ") + (list == lists_.end() ? value(group[0]).text : list->first);
  }
  lines.push_back("return " + text);
  return lines;
}

std::vector<std::string> FunctionWriter::state_lines() {
  std::vector<std::string> lines;
  for (const graph::Output* output : f_.state) {
    const auto input = std::ranges::find(graph_.inputs, output->target, &graph::Input::target);
    const auto* ref = output->value.get_if<Ref>();
    if (ref && input != graph_.inputs.end() && output->kind == graph::OutputKind::buffer_mutation)
      lines.push_back(held_text(*input).text + " = " + value(*ref).text);
  }
  return lines;
}

}  // namespace torch2mlx::python
