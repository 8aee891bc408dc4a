#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "graph/graph.h"
#include "graph/scanner.h"

namespace torch2mlx::graph {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : in_(text) {}

  Graph run() {
    while (in_.next_line()) {
      last_call_.reset();
      statement();
    }
    if (last_call_ && graph_.outputs.empty()) return_last_call();
    for (const std::string& name : symbols_of_inputs())
      if (std::ranges::find(graph_.symbols, name, &Symbol::name) == graph_.symbols.end())
        graph_.symbols.push_back({name});
    return std::move(graph_);
  }

 private:
  void statement() {
    const Scanner start = in_;
    if (in_.keyword("symbol")) return symbol();
    if (in_.keyword("scope")) return scope();
    if (in_.keyword("mutate")) return mutation();
    if (in_.keyword("return")) return results();
    const std::string first = in_.word("a name");
    if (in_.take(":")) return input(first);
    in_ = start;
    node();
  }

  void symbol() {
    Symbol symbol{in_.word("a symbol")};
    in_.expect(":");
    symbol.min = in_.integer();
    in_.expect("..");
    if (in_.digit_ahead()) symbol.max = in_.integer();
    if (symbol.max < symbol.min) in_.fail("the range holds no size");
    if (in_.take("=")) symbol.example = in_.integer();
    in_.end_of_line();
    graph_.symbols.push_back(std::move(symbol));
  }

  void scope() {
    if (in_.integer() != static_cast<std::int64_t>(graph_.scopes.size())) in_.fail("scopes are numbered from 1 on");
    in_.expect(":");
    Scope scope = scope_text();
    in_.expect("in");
    scope.parent = scope_index();
    if (in_.keyword("at")) scope.place = place();
    in_.end_of_line();
    graph_.scopes.push_back(std::move(scope));
  }

  Scope scope_text() {
    Scope scope;
    scope.path = in_.until(" <#");
    if (in_.take("<")) {
      scope.class_name = class_name();
      in_.expect(">");
    }
    if (in_.take("#")) scope.call = static_cast<int>(in_.integer());
    return scope;
  }

  // Of a class within a function: "pkg.make.<locals>.Layer".
  std::string class_name() {
    std::string name = in_.until("<>");
    while (in_.take("<")) {
      name += "<" + in_.until(">") + ">";
      in_.expect(">");
      name += in_.until("<>");
    }
    return name;
  }

  std::uint32_t scope_index() {
    const std::int64_t index = in_.integer();
    if (index < 0 || index >= static_cast<std::int64_t>(graph_.scopes.size())) in_.fail("no such scope");
    return static_cast<std::uint32_t>(index);
  }

  // `@ encoder.layer.0 <Cls>`: the scope of that path and call, made below the scope whose path is its longest prefix.
  std::uint32_t scope_by_path() {
    Scope scope = scope_text();
    for (std::uint32_t i = 0; i < graph_.scopes.size(); ++i)
      if (graph_.scopes[i].path == scope.path && graph_.scopes[i].call == scope.call) return i;
    for (std::uint32_t i = 0; i < graph_.scopes.size(); ++i)
      if (scope.path.starts_with(graph_.scopes[i].path + ".") &&
          graph_.scopes[i].path.size() >= graph_.scopes[scope.parent].path.size())
        scope.parent = i;
    graph_.scopes.push_back(std::move(scope));
    return static_cast<std::uint32_t>(graph_.scopes.size() - 1);
  }

  void mutation() {
    Output output;
    output.kind = in_.keyword("buffer") ? OutputKind::buffer_mutation : OutputKind::input_mutation;
    if (output.kind == OutputKind::input_mutation) in_.expect("input");
    output.target = in_.string();
    in_.expect("=");
    output.value = arg();
    in_.end_of_line();
    graph_.outputs.push_back(std::move(output));
  }

  void results() {
    if (!in_.at_end()) do
        graph_.outputs.push_back({arg(), OutputKind::user, {}});
      while (in_.take(","));
    in_.end_of_line();
  }

  void input(const std::string& name) {
    Input input;
    input.target = name;
    input.value = define(name, type());
    if (in_.take("=")) {
      input.kind = in_.keyword("parameter")  ? InputKind::parameter
                   : in_.keyword("buffer")   ? InputKind::buffer
                   : in_.keyword("constant") ? InputKind::constant
                                             : InputKind::user;
      if (input.kind == InputKind::user) in_.expect("user");
      input.target = in_.string();
    }
    input.persistent = !in_.keyword("nonpersistent");
    input.key = in_.keyword("random");
    if (in_.keyword("permute")) {
      in_.expect("=");
      const Arg axes = list();
      for (const Arg& axis : axes.as<List>()) input.permute.push_back(static_cast<int>(axis.as<std::int64_t>()));
    }
    in_.end_of_line();
    graph_.inputs.push_back(std::move(input));
  }

  Type type() {
    Type type;
    const std::string word = in_.word("a type");
    if (const auto dtype = dtype_from_text(word); dtype && in_.take("[")) {
      type.dtype = *dtype;
      if (!in_.take("]")) {
        do type.shape.push_back(dim(",]"));
        while (in_.take(","));
        in_.expect("]");
      }
    } else if (word == "int") {
      type.kind = ValueKind::integer;
      type.dtype = Dtype::int64;
      if (in_.take("(")) {
        type.size = dim(")");
        in_.expect(")");
      }
    } else if (word == "float" || word == "bool") {
      type.kind = word == "float" ? ValueKind::floating : ValueKind::boolean;
      type.dtype = word == "float" ? Dtype::float64 : Dtype::boolean;
    } else {
      in_.fail(fmt::format("'{}' is not a type", word));
    }
    return type;
  }

  // Any other symbol is a size that data decides.
  std::set<std::string> symbols_of_inputs() const {
    std::set<std::string> names;
    for (const Input& input : graph_.inputs) {
      const Type& type = graph_.type(input.value);
      for (const Dim& size : type.shape)
        for (std::string& name : size.symbols()) names.insert(std::move(name));
      if (type.size)
        for (std::string& name : type.size->symbols()) names.insert(std::move(name));
    }
    return names;
  }

  Dim dim(std::string_view stops) {
    try {
      return Dim::parse(in_.until_unnested(stops));
    } catch (const Error& error) {
      in_.fail(error.message());
    }
  }

  void node() {
    Node node;
    std::vector<std::string> names;
    Scanner ahead = in_;
    if (ahead.assignment_ahead()) {
      do names.push_back(in_.word("a name"));
      while (in_.take(","));
      in_.expect("=");
    }
    node.op = in_.word("an op");
    in_.expect("(");
    if (!in_.take(")")) {
      do node.args.push_back(argument());
      while (in_.take(","));
      in_.expect(")");
    }
    const bool unnamed = names.empty() && !node.op.starts_with("aten._assert");
    std::vector<Type> types(unnamed ? 1 : names.size(),
                            Type{.kind = ValueKind::unknown, .dtype = {}, .shape = {}, .size = {}});
    if (in_.take(":"))
      for (std::size_t i = 0; i < types.size(); ++i) {
        if (i > 0) in_.expect(",");
        types[i] = type();
      }
    if (in_.take("@")) node.scope = in_.digit_ahead() ? scope_index() : scope_by_path();
    if (in_.keyword("at")) node.place = place();
    in_.end_of_line();
    for (std::size_t i = 0; i < names.size(); ++i) node.results.push_back(define(names[i], types[i]));
    if (unnamed) last_call_ = types[0];
    graph_.nodes.push_back(std::move(node));
  }

  void return_last_call() {
    const Ref result = define("result", *last_call_);
    graph_.nodes.back().results = {result};
    graph_.outputs.push_back({result, OutputKind::user, {}});
  }

  Place place() {
    Place place;
    place.file = in_.string();
    place.line = static_cast<int>(in_.integer());
    place.code = in_.string();
    return place;
  }

  Argument argument() {
    const Scanner start = in_;
    if (in_.word_ahead()) {
      std::string name = in_.word("an argument");
      if (in_.take("=")) return {std::move(name), arg()};
      in_ = start;
    }
    return {"", arg()};
  }

  Arg list() {
    const char close = in_.take("(") ? ')' : (in_.expect("["), ']');
    List items;
    while (!in_.take(std::string_view(&close, 1))) {
      items.push_back(arg());
      if (!in_.take(",")) {
        in_.expect(std::string_view(&close, 1));
        break;
      }
    }
    return items;
  }

  Arg arg() {
    if (in_.ahead('(') || in_.ahead('[')) return list();
    if (in_.ahead('"')) return in_.string();
    if (in_.number_ahead()) return in_.number();
    const std::string word = in_.word("an argument");
    if (const auto it = values_.find(word); it != values_.end()) return it->second;
    if (word == "None") return {};
    if (word == "True" || word == "False") return word == "True";
    if (word == "inf") return std::numeric_limits<double>::infinity();
    if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (const auto dtype = dtype_from_text(word)) return *dtype;
    in_.fail(fmt::format("'{}' is not defined", word));
  }

  Ref define(const std::string& name, Type type) {
    if (values_.contains(name)) in_.fail(fmt::format("'{}' is defined twice", name));
    return values_[name] = graph_.add_value(name, std::move(type));
  }

  Scanner in_;
  Graph graph_;
  std::optional<Type> last_call_;  // of a call without a name, if that was the last statement
  std::map<std::string, Ref, std::less<>> values_;
};

}  // namespace

Graph parse(std::string_view text) { return Parser(text).run(); }

}  // namespace torch2mlx::graph
