#include "python/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.h"
#include "python/class_names.h"
#include "python/classes.h"
#include "python/format.h"
#include "python/hints.h"
#include "python/init.h"
#include "python/names.h"
#include "python/numbers.h"
#include "python/root.h"

namespace torch2mlx::python {
namespace {

// Keys like "0.weight" belong to members that only an index reaches; arrays are set by it too.
constexpr std::string_view list_access =
    "\n    def __getitem__(self, key):\n        return super().__getitem__(str(key))\n";
constexpr std::string_view list_update =
    "\n    def __setitem__(self, key, value):\n        super().__setitem__(str(key), value)\n";

class Generator {
 public:
  Generator(const graph::Graph& graph, const Options& options)
      : graph_(graph), options_(options), tree_(graph), context_(make_context(graph, tree_)), constants_(graph) {}

  Source run() {
    std::set<std::uint32_t> inlined;
    do {
      root_ = outline(context_, inlined);
      mark_called();
      classes_ = make_classes(context_, *root_, inlined);
    } while (!classes_);
    if (root_->nodes != context_.live.size())
      throw Error(ErrorKind::input, {}, "the functions do not hold every node of the graph exactly once");
    merge_classes(context_, *classes_);
    name_classes();
    std::vector<std::string> texts(classes_->list.size());
    for (std::size_t i = texts.size(); i-- > 0;) texts[i] = class_text(i);  // callers name arguments: they come first
    Source source;
    source.class_name = classes_->list.back().name;
    source.large_constants = constants_.large();
    source.assumptions = assumptions_;
    declare(source);
    std::string body = named_results();
    for (const std::string& text : texts) body += "\n\n" + text;
    source.text = header(body) + body;
    return source;
  }

 private:
  void mark_called() {
    const auto visit = [&](auto& self, const Function& f) -> void {
      if (ModuleNode* node = tree_.find(f.path)) node->called = true;
      for (const Step& step : f.steps)
        if (step.call) self(self, *step.call);
    };
    visit(visit, *root_);
    tree_.prune();
  }

  void name_classes() {
    NamePool pool("");
    for (const char* taken : {"NamedTuple", "Path"}) pool.reserve(taken);
    for (const std::string& name : result_class_names(graph_.output_tree)) pool.reserve(name);
    Class& root = classes_->list.back();
    const std::string own = last_part(root.module->class_name);
    root.name = pool.take(identifier(!options_.class_name.empty() ? options_.class_name : own.empty() ? "Model" : own));
    python::name_classes(*classes_, pool);
  }

  // The name most callers use; the user's own where a line tells it.
  void name_arguments(Class& c) {
    NamePool pool;
    pool.reserve("self");
    for (std::size_t i = 0; i < c.votes.size(); ++i) {
      const std::vector<std::string>& votes = c.votes[i];
      const std::size_t modules = c.function->inputs.size() + c.function->sizes.size();
      std::string best = i < c.function->inputs.size() ? "x" : i < modules ? "size" : "layer";
      std::ptrdiff_t most = 0;
      for (const std::string& name : votes)
        if (const auto count = std::ranges::count(votes, name); count > most) most = count, best = name;
      if (i < c.function->inputs.size())
        if (const auto own = usage_hint(context_, *c.function, c.function->inputs[i])) best = *own;
      c.arg_names.push_back(pool.take(identifier(best)));
    }
  }

  std::string class_text(std::size_t index) {
    Class& c = classes_->list[index];
    const bool is_root = c.module->path.empty();
    std::string text = "class " + c.name + "(nn.Module):\n";
    const std::vector<std::string> lines = with_parameters(
        init_lines(context_, *c.module, constants_, [this](const ModuleNode& node) { return made(node); }), c.numbers);
    if (!lines.empty()) {
      std::string parameters = "self";
      for (const std::string& name : c.parameters) parameters += ", " + name;
      text += statement("def __init__(" + parameters + "):", 4) + "        super().__init__()\n";
    }
    for (const std::string& line : lines) text += statement(without_defaults(line), 8);
    const auto indexed = [](const graph::Input* leaf) { return list_index(last_part(leaf->target)).has_value(); };
    if (c.module->indexed) text += list_access;
    if (c.module->indexed && std::ranges::any_of(c.module->leaves, indexed)) text += list_update;
    if (c.function) {
      text += lines.empty() ? "" : "\n";
      text += is_root ? root_call(c) : nested_call(c);
    }
    if (lines.empty() && !c.function) text += "    pass\n";
    return text;
  }

  std::string made(const ModuleNode& node) const {
    const Instance& instance = classes_->of_module.at(node.path);
    std::string arguments;
    for (const std::string& argument : instance.arguments) arguments += (arguments.empty() ? "" : ", ") + argument;
    return classes_->list[instance.index].name + "(" + arguments + ")";
  }

  std::string nested_call(Class& c) {
    name_arguments(c);
    return call_text(FunctionWriter(context_, *classes_, constants_, c).write());
  }

  std::string root_call(Class& c) {
    RootWriter writer(context_, *classes_, constants_, c, options_);
    FunctionText call = writer.write();
    named_ = writer.named_results();
    for (const SizeCheck& check : writer.size_checks()) assumptions_.push_back(check.holds);
    call.body = writer.argument_checks() + call.body;
    return call_text(call);
  }

  static std::string call_text(const FunctionText& call) {
    std::string arguments = "self";
    for (const std::string& name : call.arguments) arguments += ", " + name;
    return statement("def __call__(" + arguments + "):", 4) + call.body;
  }

  std::string named_results() const {
    std::string text;
    for (const NamedResult& result : named_) {
      text += "\n\nclass " + result.name + "(NamedTuple):\n";
      for (std::size_t i = 0; i < result.fields.size(); ++i)
        text += "    " + result.fields[i] + ": " + result.annotations[i] + "\n";
    }
    return text;
  }

  std::string header(const std::string& body) const {
    const std::string title = options_.title.empty() ? classes_->list.back().name : options_.title;
    std::string text = "\"\"\"" + plain(title) + " in MLX, generated by torch2mlx; parameter names are PyTorch's.";
    std::string more = renamed();
    if (!constants_.large().empty()) more += "\n\nNeeds constants.safetensors beside this file.";
    text += more + (more.empty() ? "" : "\n") + "\"\"\"\n\n";
    if (!constants_.large().empty()) text += "from pathlib import Path\n";
    if (!named_.empty()) text += "from typing import NamedTuple\n";
    if (!constants_.large().empty() || !named_.empty()) text += "\n";
    if (body.find("mx.") != std::string::npos || !constants_.definitions().empty() || !constants_.large().empty())
      text += "import mlx.core as mx\n";
    text += "import mlx.nn as nn\n";
    if (!constants_.large().empty() || !constants_.definitions().empty()) text += "\n";
    if (!constants_.large().empty())
      text += statement("_constants = mx.load(str(Path(__file__).with_name(\"constants.safetensors\")))", 0);
    for (const std::string& definition : constants_.definitions()) {
      const bool laid_out = definition.find('\n') != std::string::npos;
      text += laid_out ? "# fmt: off\n" + definition + "\n# fmt: on\n" : statement(definition, 0);
    }
    return text;
  }

  // A line of a docstring.
  static std::string plain(std::string_view text) {
    std::string out = printable(text);
    std::ranges::replace(out, '"', '\'');
    std::ranges::replace(out, '\\', '/');
    return out;
  }

  // Which names are not PyTorch's.
  std::string renamed() const {
    std::map<std::string, std::string> names;
    const auto add = [&](const std::string& name) {
      if (const std::string made = layers::mlx_name(name); made != name) names.emplace(name, made);
    };
    const auto visit = [&](auto& self, const ModuleNode& node) -> void {
      for (const graph::Input* leaf : node.leaves)
        if (leaf->persistent) add(last_part(leaf->target));
      for (const auto& child : node.children) add(child->name), self(self, *child);
    };
    visit(visit, tree_.root());
    std::string list;
    for (const auto& [name, made] : names)
      list += fmt::format("{}{} is {}", list.empty() ? "" : ", ", plain(name), plain(made));
    if (list.empty()) return list;
    std::string text = "\n", line = "Names that mlx.nn cannot have became others:";
    for (const std::string& word : words(list)) {
      if (line.size() + 1 + word.size() > line_width)
        text += "\n" + std::exchange(line, word);
      else
        line += " " + word;
    }
    return text + "\n" + line + ".";
  }

  static std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find(' '), text.size());
      out.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
  }

  void declare(Source& source) const {
    const auto visit = [&](auto& self, const ModuleNode& node) -> void {
      for (const graph::Input* leaf : node.leaves)
        if (leaf->persistent) source.keys.push_back(layers::mlx_key(leaf->target));
      for (const auto& child : node.children) self(self, *child);
    };
    visit(visit, tree_.root());
    std::ranges::sort(source.keys);
    for (const std::string& key : graph_.state_keys)
      if (std::ranges::none_of(graph_.inputs, [&](const graph::Input& input) { return input.target == key; }))
        source.undeclared.push_back(key);
  }

  const graph::Graph& graph_;
  const Options& options_;
  ModuleTree tree_;
  Context context_;
  Constants constants_;
  std::unique_ptr<Function> root_;
  std::unique_ptr<Classes> classes_;
  std::vector<NamedResult> named_;
  std::vector<std::string> assumptions_;
};

}  // namespace

Source generate(const graph::Graph& graph, const Options& options) { return Generator(graph, options).run(); }

}  // namespace torch2mlx::python
