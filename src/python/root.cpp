#include "python/root.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "base/error.h"
#include "python/format.h"
#include "python/names.h"

namespace torch2mlx::python {
namespace {

using graph::Input;
using graph::Output;
using graph::OutputKind;
using graph::Tree;

// The structure of an argument of this name; nullptr where it is not known.
const Tree* argument_tree(const graph::Graph& graph, const std::string& name) {
  std::size_t argument = 0;
  for (const Tree& part : graph.input_tree.children)
    for (const Tree& child : part.children)
      if (argument < graph.arg_names.size() && graph.arg_names[argument++] == name) return &child;
  return nullptr;
}

const Tree* child_of(const Tree* tree, const std::string& part) {
  if (!tree) return nullptr;
  for (std::size_t i = 0; i < tree->children.size(); ++i)
    if ((tree->keys.empty() ? std::to_string(i) : tree->keys.at(i)) == part) return &tree->children[i];
  return nullptr;
}

// "past.0.key" -> past[0]["key"], or past[0].key where that is a field
std::string leaf_access(const graph::Graph& graph, const std::string& target) {
  std::string text;
  const Tree* tree = nullptr;
  for (const std::string& part : parts(target)) {
    const bool field = tree && tree->kind == Tree::Kind::named;
    const bool number = std::ranges::all_of(part, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (text.empty())
      text = identifier(part);
    else
      text += field ? "." + part : "[" + (number ? part : string_literal(part)) + "]";
    tree = text == identifier(part) ? argument_tree(graph, part) : child_of(tree, part);
  }
  return text;
}

std::string refusal(const std::string& condition, const std::string& message, const char* error = "TypeError") {
  return statement("if " + condition + ":", 8) + statement(std::string("raise ") + error + "(" + message + ")", 12);
}

bool mutates(const graph::Graph& graph) {
  return std::ranges::any_of(graph.outputs, [](const Output& output) { return output.kind != OutputKind::user; });
}

// Of a result's fields.
std::vector<std::string> annotations(const Tree& tree) {
  std::vector<std::string> out;
  for (const Tree& child : tree.children) {
    const bool sequence = child.kind == Tree::Kind::tuple || child.kind == Tree::Kind::list;
    if (child.kind == Tree::Kind::named)
      out.push_back(identifier(last_part(child.class_name)));
    else
      out.emplace_back(sequence                         ? child.kind == Tree::Kind::list ? "list" : "tuple"
                       : child.kind == Tree::Kind::dict ? "dict"
                                                        : "mx.array");
  }
  return out;
}

}  // namespace

std::vector<std::string> result_class_names(const Tree& tree) {
  std::vector<std::string> names;
  if (tree.kind == Tree::Kind::named) names.push_back(identifier(last_part(tree.class_name)));
  for (const Tree& child : tree.children)
    for (std::string& name : result_class_names(child)) names.push_back(std::move(name));
  return names;
}

RootWriter::RootWriter(const Context& context, Classes& classes, Constants& constants, const Class& target,
                       const Options& options)
    : FunctionWriter(context, classes, constants, target),
      options_(options),
      size_checks_(options.checks_sizes ? python::size_checks(context.graph,
                                                              [&graph = context.graph](const std::string& path) {
                                                                return leaf_access(graph, path);
                                                              })
                                        : std::vector<SizeCheck>()) {}

std::vector<std::string> RootWriter::argument_order() const {
  std::vector<std::string> order;
  const auto add = [&](const std::string& name) {
    if (std::ranges::find(order, name) == order.end()) order.push_back(name);
  };
  const auto given = [&](const std::string& name) {
    return std::ranges::any_of(context().graph.inputs, [&](const Input& input) {
      return input.kind == graph::InputKind::user && parts(input.target).at(0) == name;
    });
  };
  // A trace has keyword arguments in the order of the example's call.
  for (const std::string& name : options_.parameters)
    if (given(name) || is_absent(name) || options_.fixed.contains(name)) add(name);
  for (const std::string& name : context().graph.arg_names)
    if (given(name) || is_absent(name)) add(name);
  for (const Input& input : context().graph.inputs)
    if (input.kind == graph::InputKind::user) add(parts(input.target).at(0));
  for (const std::string& name : options_.absent) add(name);
  return order;
}

std::vector<std::string> RootWriter::bind_arguments() {
  for (const Input& input : context().graph.inputs) {
    if (input.kind != graph::InputKind::user) continue;
    const std::string text = leaf_access(context().graph, input.target);
    if (is_identifier(text))
      bind(input.value, text);
    else
      bind_text(input.value, {text, bind::primary});
    if (!is_identifier(text) || mutates(context().graph)) reserve(identifier(parts(input.target).at(0)));
  }
  std::vector<std::string> order = argument_order();
  // Names of absent arguments are free: that they are absent is checked first.
  for (const auto& [name, value] : options_.fixed) reserve(identifier(name));
  std::vector<std::string> arguments = signature_of(order);
  named_absent_ = options_.absent;
  collects_absent_ = false;
  std::string line = "def __call__(self):";
  for (const std::string& argument : arguments) line += ", " + argument;
  if (4 + line.size() <= line_width || named_absent_.empty()) return arguments;
  // Too many to be written out: those behind the last argument that is in use are taken together.
  while (!order.empty() && is_absent(order.back())) {
    std::erase(named_absent_, order.back());
    order.pop_back();
    collects_absent_ = true;
  }
  arguments = signature_of(order);
  if (collects_absent_) arguments.emplace_back("**absent");
  return arguments;
}

bool RootWriter::is_absent(const std::string& name) const {
  return std::ranges::find(options_.absent, name) != options_.absent.end();
}

std::vector<std::string> RootWriter::signature_of(const std::vector<std::string>& order) const {
  std::vector<std::string> arguments;
  const auto default_of = [&](const std::string& name) -> std::string {
    const auto fixed = options_.fixed.find(name);
    return is_absent(name) ? "None" : fixed != options_.fixed.end() ? fixed->second : "";
  };
  // What stands before a required argument in the example's call needs no default.
  const auto& known = context().graph.arg_names;
  const auto& parts = context().graph.input_tree.children;
  const std::size_t positional = parts.empty() ? 0 : std::min(parts[0].children.size(), known.size());
  std::size_t required = 0;
  for (std::size_t i = 0; i < positional; ++i)
    if (default_of(known[i]).empty()) required = i;
  const std::set<std::string> before(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(required));
  bool defaulted = false, keywords = false;
  for (const std::string& name : order) {
    const std::string value = before.contains(name) ? "" : default_of(name);
    if (defaulted && value.empty() && !keywords) arguments.emplace_back("*"), keywords = true;
    defaulted = defaulted || !value.empty();
    arguments.push_back(identifier(name) + (value.empty() ? "" : "=" + value));
  }
  return arguments;
}

std::string RootWriter::argument_checks() const {
  std::string lines = fixed_check() + absent_check();
  for (const SizeCheck& check : size_checks_)
    lines += refusal(check.fails, string_literal(traced_with + check.holds), "ValueError");
  return lines;
}

// Arguments that are no tensors decided what was traced.
std::string RootWriter::fixed_check() const {
  const std::string message = traced_with;
  if (options_.fixed.empty()) return {};
  if (options_.fixed.size() == 1) {
    const auto& [name, value] = *options_.fixed.begin();
    const bool singleton = value == "True" || value == "False";
    return refusal(identifier(name) + (singleton ? " is not " : " != ") + value,
                   string_literal(message + name + "=" + value));
  }
  std::string given, traced;
  for (const auto& [name, value] : options_.fixed) {
    const std::string separator = given.empty() ? "" : ", ";
    given += separator + identifier(name) + "=" + identifier(name);
    traced += separator + identifier(name) + "=" + value;
  }
  return statement("traced = dict(" + traced + ")", 8) +
         refusal("dict(" + given + ") != traced", "f\"" + message + "{traced}\"");
}

std::string RootWriter::absent_check() const {
  const std::string message = "not given when this model was traced: ";
  if (!collects_absent_ && named_absent_.empty()) return {};
  if (!collects_absent_ && named_absent_.size() == 1)
    return refusal(identifier(named_absent_[0]) + " is not None", string_literal(message + named_absent_[0]));
  std::string lines, items;
  for (const std::string& name : named_absent_)
    items += (items.empty() ? "" : ", ") + identifier(name) + "=" + identifier(name);
  if (!collects_absent_)
    lines = statement("absent = dict(" + items + ")", 8);
  else if (!named_absent_.empty())
    lines = statement("absent.update(" + items + ")", 8);
  return lines + refusal("given := [name for name, value in absent.items() if value is not None]",
                         "f\"" + message + "{', '.join(given)}\"");
}

std::vector<const Output*> RootWriter::results() const {
  std::vector<const Output*> out;
  for (const Output& output : context().graph.outputs)
    if (output.kind == OutputKind::user) out.push_back(&output);
  return out;
}

bool RootWriter::may_inline_results() const { return !mutates(context().graph) && results().size() <= 2; }

std::string RootWriter::leaf_text(std::size_t leaf) {
  const auto all = results();
  if (leaf >= all.size()) throw Error(ErrorKind::input, {}, "the module's results do not fit their structure");
  return argument(all[leaf]->value, [this](graph::Ref ref) { return value(ref); }).text;
}

// The list that holds exactly these leaves in this order.
std::optional<std::string> RootWriter::list_of(const std::vector<graph::Arg>& leaves) const {
  for (const auto& [name, items] : lists_)
    if (std::ranges::equal(leaves, items, [](const graph::Arg& a, graph::Ref b) { return a == graph::Arg(b); }))
      return name;
  return std::nullopt;
}

// Leaves [begin, end) of a tuple whose items are leaves, or tuples of equal length: "keys", "zip(keys, values)".
std::optional<std::string> RootWriter::lists_text(const Tree& tree, std::size_t begin) const {
  const auto all = results();
  const std::size_t count = tree.children.size();
  if (count < 2 || (tree.kind != Tree::Kind::tuple && tree.kind != Tree::Kind::list)) return std::nullopt;
  const Tree& first = tree.children[0];
  const std::size_t width = first.kind == Tree::Kind::leaf ? 1 : first.children.size();
  const bool flat = std::ranges::all_of(first.children, [](const Tree& t) { return t.kind == Tree::Kind::leaf; });
  if (!flat || width == 0 || (first.kind != Tree::Kind::leaf && first.kind != Tree::Kind::tuple)) return std::nullopt;
  if (std::ranges::any_of(tree.children, [&](const Tree& t) { return t != first; })) return std::nullopt;
  if (begin + count * width > all.size()) return std::nullopt;
  std::string columns;
  for (std::size_t column = 0; column < width; ++column) {
    std::vector<graph::Arg> leaves;
    for (std::size_t row = 0; row < count; ++row) leaves.push_back(all[begin + row * width + column]->value);
    const auto list = list_of(leaves);
    if (!list) return std::nullopt;
    columns += (columns.empty() ? "" : ", ") + *list;
  }
  return first.kind == Tree::Kind::leaf ? columns : "zip(" + columns + ")";
}

std::string RootWriter::tree_text(const Tree& tree, std::size_t& leaf) {
  if (tree.kind == Tree::Kind::leaf) return leaf_text(leaf++);
  if (tree.kind == Tree::Kind::none) return "None";
  if (const auto lists = lists_text(tree, leaf)) {
    leaf += tree.children.size() * std::max<std::size_t>(1, tree.children[0].children.size());
    return (tree.kind == Tree::Kind::list ? "list(" : "tuple(") + *lists + ")";
  }
  std::vector<std::string> items;
  for (const Tree& child : tree.children) items.push_back(tree_text(child, leaf));
  std::string inside;
  for (std::size_t i = 0; i < items.size(); ++i) {
    inside += i ? ", " : "";
    if (tree.kind == Tree::Kind::dict) inside += string_literal(tree.keys.at(i)) + ": ";
    if (tree.kind == Tree::Kind::named) inside += tree.keys.at(i) + "=";
    inside += items[i];
  }
  if (tree.kind == Tree::Kind::list) return "[" + inside + "]";
  if (tree.kind == Tree::Kind::dict) return "{" + inside + "}";
  if (tree.kind == Tree::Kind::tuple) return "(" + inside + (items.size() == 1 ? ",)" : ")");
  const std::string name = identifier(last_part(tree.class_name));
  const auto known = std::ranges::find(named_, name, &NamedResult::name);
  if (known == named_.end())
    named_.push_back({name, tree.keys, annotations(tree)});
  else if (known->fields != tree.keys)
    throw Error(ErrorKind::unsupported, name, "the results hold this class with different fields");
  return name + "(" + inside + ")";
}

// What is replaced but read once more gets a name first.
std::vector<std::string> RootWriter::keep_old_state() {
  std::vector<std::string> lines;
  const auto& outputs = context().graph.outputs;
  for (const Input& input : context().graph.inputs) {
    const Output* replacement = context().graph.replacement(input);
    const auto reads = [&](const Output& o) { return o.value == graph::Arg(input.value) && &o != replacement; };
    if (!replacement || std::ranges::none_of(outputs, reads)) continue;
    const std::string text = value(input.value).text;
    const std::string name = free_name("old_" + identifier(last_part(input.target)));
    // An attribute is bound to another array, an argument is written to.
    lines.push_back(name + " = " + (input.kind == graph::InputKind::user ? "mx.array(" + text + ")" : text));
    bind(input.value, name);
  }
  return lines;
}

std::vector<std::string> RootWriter::finish() {
  named_.clear();
  std::vector<std::string> lines = keep_old_state();
  for (std::string& line : state_lines()) lines.push_back(std::move(line));
  for (const Output* output : function().state)
    if (output->kind == OutputKind::input_mutation && output->value.is<graph::Ref>())
      lines.push_back(leaf_access(context().graph, output->target) +
                      "[...] = " + value(output->value.as<graph::Ref>()).text);
  std::size_t leaf = 0;
  const auto all = results();
  const Tree& tree = context().graph.output_tree;
  std::string text;
  if (tree.kind == Tree::Kind::leaf && all.size() != 1) {  // no structure is known: a bare tuple
    for (; leaf < all.size(); ++leaf) text += (leaf ? ", " : "") + leaf_text(leaf);
  } else {
    text = tree_text(tree, leaf);
    const bool bare = tree.kind == Tree::Kind::tuple && tree.children.size() > 1;
    if (bare) text = text.substr(1, text.size() - 2);
  }
  if (leaf != all.size()) throw Error(ErrorKind::input, {}, "the module's results do not fit their structure");
  lines.push_back("return " + text);
  return lines;
}

}  // namespace torch2mlx::python
