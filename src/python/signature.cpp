#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "python/classes.h"
#include "python/constants.h"
#include "python/loops.h"
#include "python/names.h"
#include "python/sizes.h"

namespace torch2mlx::python {
namespace {

using graph::Arg;
using graph::Ref;

std::string relative(std::string_view path, std::string_view from) {
  return std::string(from.empty() || path.size() <= from.size() ? path : path.substr(from.size() + 1));
}

class Signer {
 public:
  Signer(const Context& context, const Function& f, const NestedText& nested)
      : context_(context), f_(f), nested_(nested), sizes_(context.graph, f.inputs) {}

  std::string run() {
    std::string text = fmt::format("({},{},{})", f_.inputs.size(), f_.sizes.size(), f_.modules.size());
    for (Ref ref : f_.inputs) {
      text += fmt::format("{}", context_.graph.type(ref).shape.size());
      number(ref);
    }
    for (const Unit& unit : group_steps(context_, f_)) {
      const bool loop = unit.loop && unit.loop->kept.empty();
      if (loop) text += loop_text(unit);
      for (std::size_t i = loop ? unit.end - 1 : unit.begin; i < unit.end; ++i) {
        if (!loop) text += step_text(f_.steps[i]);
        text += "=";
        for (Ref ref : f_.steps[i].results(context_.graph)) text += value(number(ref));
        text += "\n";
      }
    }
    for (const graph::Output* output : f_.state)
      if (const Ref* ref = output->value.get_if<Ref>())
        text += "state " + relative(output->target, f_.path) + "=" + value(*ref) + "\n";
    for (Ref ref : f_.outputs) text += value(ref);
    return text;
  }

 private:
  Ref number(Ref ref) {
    numbers_.emplace(ref, numbers_.size());
    return ref;
  }

  // However many members the list has, and of whatever classes: `__init__` tells that.
  std::string loop_text(const Unit& unit) {
    const Step& first = f_.steps[unit.begin];
    std::string text = "for " + relative(unit.loop->list, f_.path) + unit.loop->slice;
    for (const auto& [argument, result] : unit.loop->carried) text += fmt::format(" {}<-{}", argument, result);
    for (Ref ref : used_values(context_, first)) text += value(ref);
    for (const graph::Dim& dim : first.call ? first.call->sizes : std::vector<graph::Dim>()) text += size(dim);
    for (const std::string& path : first.call ? first.call->modules : std::vector<std::string>()) text += module(path);
    return text;
  }

  // By its place under the function's own, or among its arguments.
  std::string module(const std::string& path) const {
    const auto it = std::ranges::find(f_.modules, path);
    if (it != f_.modules.end()) return fmt::format("<module {}>", it - f_.modules.begin());
    return " " + relative(path, f_.path);
  }

  std::string step_text(const Step& step) {
    if (step.call) {
      std::string text = "call" + module(step.call->path);
      text += nested_ ? nested_(*step.call) : signature(context_, *step.call);
      for (Ref ref : step.call->inputs) text += value(ref);
      for (const graph::Dim& dim : step.call->sizes) text += size(dim);
      for (const std::string& path : step.call->modules) text += module(path);
      return text;
    }
    const graph::Node& node = context_.graph.nodes[step.node];
    std::string text = node.op;
    if (step.layer) {
      text = "layer" + module(step.layer->path);
      for (const Arg& arg : step.layer->args) text += arg_text(arg);
      return text;
    }
    // A layer of the same op is another text than the op itself.
    for (const graph::Argument& arg : node.args) text += " " + arg.name + ":" + arg_text(arg.value);
    return text;
  }

  std::string arg_text(const Arg& arg) {
    if (const Ref* ref = arg.get_if<Ref>())
      return context_.is_size(*ref) ? size(*context_.graph.type(*ref).size) : value(*ref);
    if (const auto* list = arg.get_if<graph::List>()) {
      std::string text = "[";
      for (const Arg& item : *list) text += arg_text(item) + ",";
      return text + "]";
    }
    return literal(arg).text;
  }

  std::string value(Ref ref) {
    if (const auto it = numbers_.find(ref); it != numbers_.end()) return fmt::format("%{}", it->second);
    if (const graph::Input* input = context_.held(ref, f_.path)) return "." + relative(input->target, f_.path);
    if (const graph::Input* input = context_.graph.input(ref)) return "global " + constant_key(context_.graph, *input);
    return "?" + std::to_string(ref.id);
  }

  std::string size(const graph::Dim& dim) {
    const auto name = [&](const graph::Dim& part) -> std::optional<std::string> {
      if (const auto source = sizes_.find(part)) return fmt::format("<{}.{}>", source->input, source->axis);
      const auto it = std::ranges::find(f_.sizes, part);
      if (it != f_.sizes.end()) return fmt::format("<size {}>", it - f_.sizes.begin());
      return std::nullopt;
    };
    return size_text(dim, name).text;
  }

  const Context& context_;
  const Function& f_;
  const NestedText& nested_;
  Sizes sizes_;
  std::map<Ref, std::size_t> numbers_;
};

}  // namespace

std::string signature(const Context& context, const Function& function, const NestedText& nested) {
  return Signer(context, function, nested).run();
}

}  // namespace torch2mlx::python
