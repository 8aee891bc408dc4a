#include <fmt/format.h>

#include <cmath>

#include "graph/graph.h"

namespace torch2mlx::graph {
namespace {

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + '"';
}

std::string type_text(const Type& type) {
  switch (type.kind) {
    case ValueKind::tensor:
      return fmt::format("{}{}", row(type.dtype).text, str(type.shape));
    case ValueKind::integer:
      return type.size ? fmt::format("int({})", type.size->str()) : "int";
    case ValueKind::floating:
      return "float";
    case ValueKind::boolean:
      return "bool";
    case ValueKind::unknown:
      break;
  }
  return "?";
}

class Printer {
 public:
  Printer(const Graph& graph, PrintOptions options) : graph_(graph), options_(options) {}

  std::string run() {
    header();
    for (const Input& input : graph_.inputs) print(input);
    for (const Node& node : graph_.nodes) print(node);
    footer();
    return std::move(out_);
  }

 private:
  template <class... T>
  void line(fmt::format_string<T...> format, T&&... args) {
    out_ += fmt::format(format, std::forward<T>(args)...) + "\n";
  }

  void header() {
    if (options_.types)
      for (const Symbol& symbol : graph_.symbols) {
        const std::string max = symbol.max == INT64_MAX ? "" : fmt::format("{}", symbol.max);
        const std::string example = symbol.example ? fmt::format(" = {}", symbol.example) : "";
        line("symbol {}: {}..{}{}", symbol.name, symbol.min, max, example);
      }
    if (!options_.scopes) return;
    for (std::size_t i = 1; i < graph_.scopes.size(); ++i) {
      const Scope& scope = graph_.scopes[i];
      line("scope {}: {} <{}> #{} in {}{}", i, scope.path, scope.class_name, scope.call, scope.parent, at(scope.place));
    }
  }

  void print(const Input& input) {
    const char* kinds[] = {"user", "parameter", "buffer", "constant"};
    std::string text = fmt::format("{}: {}", graph_[input.value].name, type_text(graph_.type(input.value)));
    const bool plain = input.kind == InputKind::user && input.target == graph_[input.value].name;
    if (!plain) text += fmt::format(" = {} {}", kinds[static_cast<int>(input.kind)], quote(input.target));
    if (!input.persistent) text += " nonpersistent";
    if (input.key) text += " random";
    if (!input.permute.empty()) text += fmt::format(" permute=({})", fmt::join(input.permute, ", "));
    line("{}", text);
  }

  void print(const Node& node) {
    std::vector<std::string> results, args, types;
    for (const Ref ref : node.results) {
      results.push_back(graph_[ref].name);
      types.push_back(type_text(graph_.type(ref)));
    }
    for (const Argument& argument : node.args)
      args.push_back(argument.name.empty() ? text(argument.value) : argument.name + "=" + text(argument.value));
    std::string out = fmt::format("{}({})", node.op, fmt::join(args, ", "));
    if (!results.empty()) out = fmt::format("{} = {}", fmt::join(results, ", "), out);
    if (options_.types && !results.empty()) out += fmt::format(" : {}", fmt::join(types, ", "));
    if (options_.scopes && node.scope != 0) out += fmt::format(" @{}", node.scope);
    line("{}{}", out, at(node.place));
  }

  std::string at(const Place& place) const {
    if (!options_.places || place.file.empty()) return {};
    return fmt::format(" at {} {} {}", quote(place.file), place.line, quote(place.code));
  }

  void footer() {
    std::vector<std::string> results;
    for (const Output& output : graph_.outputs) {
      if (output.kind == OutputKind::user)
        results.push_back(text(output.value));
      else
        line("mutate {} {} = {}", output.kind == OutputKind::buffer_mutation ? "buffer" : "input", quote(output.target),
             text(output.value));
    }
    line("return {}", fmt::join(results, ", "));
  }

  std::string text(const Arg& arg) const {
    if (const auto* ref = arg.get_if<Ref>()) return graph_[*ref].name;
    if (const auto* list = arg.get_if<List>()) {
      std::vector<std::string> items;
      for (const Arg& item : *list) items.push_back(text(item));
      return fmt::format("[{}]", fmt::join(items, ", "));
    }
    if (const auto* value = arg.get_if<bool>()) return *value ? "True" : "False";
    if (const auto* value = arg.get_if<std::int64_t>()) return fmt::format("{}", *value);
    if (const auto* value = arg.get_if<double>()) return number_text(*value);
    if (const auto* value = arg.get_if<std::string>()) return quote(*value);
    if (const auto* value = arg.get_if<Dtype>()) return std::string(row(*value).text);
    return "None";
  }

  const Graph& graph_;
  PrintOptions options_;
  std::string out_;
};

}  // namespace

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::string text = fmt::format("{}", value);  // shortest that reads back the same
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

std::string print(const Graph& graph, PrintOptions options) { return Printer(graph, options).run(); }

bool same(const Graph& a, const Graph& b) {
  return a.values == b.values && a.inputs == b.inputs && a.nodes == b.nodes && a.outputs == b.outputs &&
         a.scopes == b.scopes && a.symbols == b.symbols;
}

}  // namespace torch2mlx::graph
