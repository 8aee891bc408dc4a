#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/error.h"
#include "base/numbers.h"
#include "python/expression.h"
#include "python/subscript.h"

namespace torch2mlx::python {
namespace {

struct Operator {
  std::string_view text;
  int strength;
};

// Longest first, so that ** is not read as *.
constexpr std::array operators{
    Operator{"**", bind::power},      Operator{"//", bind::product},    Operator{"<<", bind::shift},
    Operator{">>", bind::shift},      Operator{"==", bind::comparison}, Operator{"!=", bind::comparison},
    Operator{"<=", bind::comparison}, Operator{">=", bind::comparison}, Operator{"<", bind::comparison},
    Operator{">", bind::comparison},  Operator{"+", bind::sum},         Operator{"-", bind::sum},
    Operator{"*", bind::product},     Operator{"/", bind::product},     Operator{"%", bind::product},
    Operator{"@", bind::product},     Operator{"&", bind::bit_and},     Operator{"|", bind::bit_or},
    Operator{"^", bind::bit_xor},     Operator{"~", bind::sign},
};

const Operator* starting(std::string_view text) {
  const auto it = std::ranges::find_if(operators, [&](const Operator& op) { return text.starts_with(op.text); });
  return it == operators.end() ? nullptr : &*it;
}

const Operator* ending(std::string_view text) {
  const auto it = std::ranges::find_if(operators, [&](const Operator& op) { return text.ends_with(op.text); });
  return it == operators.end() ? nullptr : &*it;
}

std::string_view trimmed_right(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Whether an operator at the end of `before` has no left operand.
bool is_sign(std::string_view before, const Operator& op) {
  if (op.text != "-" && op.text != "~" && op.text != "+") return false;
  before = trimmed_right(before.substr(0, before.size() - op.text.size()));
  return before.empty() || before.ends_with('(') || before.ends_with('[') || before.ends_with(',') ||
         before.ends_with('=') || ending(before) != nullptr;
}

// How tightly the text between `before` and `after` must bind.
int needed_between(std::string_view before, std::string_view after) {
  int needed = bind::any;
  if (after.starts_with('.') || after.starts_with('[') || after.starts_with('(')) needed = bind::primary;
  before = trimmed_right(before);
  if (const Operator* op = ending(before)) {
    if (is_sign(before, *op))
      needed = std::max<int>(needed, bind::sign);
    else
      needed = std::max(needed, op->strength == bind::power ? +bind::sign : op->strength + 1);
  }
  after.remove_prefix(std::min(after.find_first_not_of(' '), after.size()));
  if (const Operator* op = starting(after)) {
    const bool both = op->strength == bind::comparison || op->strength == bind::power;
    needed = std::max(needed, op->strength + (both ? 1 : 0));
  }
  return needed;
}

struct Field {
  std::size_t begin, end;      // of "{...}" in the alternative
  std::string name;            // empty: the next parameter
  std::string otherwise;       // text if absent
  std::optional<double> only;  // {name=0}
  bool items = false;          // {*name}
};

std::vector<Field> fields_of(std::string_view text) {
  std::vector<Field> fields;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at)) {
    const std::size_t end = text.find('}', at) + 1;
    Field field{at, end, std::string(text.substr(at + 1, end - at - 2)), {}, {}, false};
    if (field.name.starts_with('*')) {
      field.items = true;
      field.name.erase(0, 1);
    }
    if (const std::size_t bar = field.name.find('|'); bar != std::string::npos) {
      field.otherwise = field.name.substr(bar + 1);
      field.name.resize(bar);
    }
    if (const std::size_t equal = field.name.find('='); equal != std::string::npos) {
      field.only = parse_number<double>(std::string_view(field.name).substr(equal + 1)).value();
      field.name.resize(equal);
    }
    fields.push_back(std::move(field));
    at = end;
  }
  return fields;
}

// The node's arguments by the row's parameter names.
class Arguments {
 public:
  Arguments(const ops::Info& info, const graph::Node& node) : info_(info), node_(node) {}

  const graph::Arg* find(std::string_view name) const {
    if (const graph::Arg* named = node_.find(name)) return named->is<std::monostate>() ? nullptr : named;
    for (std::size_t i = 0; i < info_.operands; ++i)
      if (info_.parameters[i].name == name && i < node_.args.size() && node_.args[i].name.empty())
        return &node_.args[i].value;
    return nullptr;
  }
  ops::Kind kind(std::string_view name) const {
    const auto it = std::ranges::find(info_.params(), name, &ops::Parameter::name);
    return it == info_.params().end() ? ops::Kind::array : it->kind;
  }
  std::size_t present() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        info_.params(), [&](const ops::Parameter& parameter) { return find(parameter.name) != nullptr; }));
  }

 private:
  const ops::Info& info_;
  const graph::Node& node_;
};

int strength_of(std::string_view text) {
  int strength = bind::atom, depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote) {
      if (c == '\\')
        ++i;
      else if (c == quote)
        quote = 0;
      continue;
    }
    if (c == '"' || c == '\'')
      quote = c;
    else if (c == '(' || c == '[' || c == '{')
      ++depth;
    else if (c == ')' || c == ']' || c == '}')
      --depth;
    if (depth > 0) continue;
    if (c == '.' || c == ')' || c == ']') strength = std::min<int>(strength, bind::primary);
    const Operator* op = starting(text.substr(i));
    if (!op) continue;
    const std::size_t end = i + op->text.size();
    strength = std::min(strength, is_sign(text.substr(0, end), *op) ? +bind::sign : op->strength);
    i = end - 1;
  }
  return strength;
}

std::string call_arguments(const ops::Info* info, const graph::Node& node, const ValueText& value) {
  std::string text;
  std::size_t at = 0;
  for (const graph::Argument& arg : node.args) {
    if (!arg.name.empty() && arg.value.is<std::monostate>()) continue;
    const bool arrays = info ? at < info->operands && arg.name.empty() && info->parameters[at].kind == ops::Kind::arrays
                             : arg.name.empty() && arg.value.is<graph::List>();
    text +=
        (text.empty() ? "" : ", ") + (arg.name.empty() ? "" : arg.name + "=") + argument(arg.value, value, arrays).text;
    ++at;
  }
  return text;
}

bool is_number(const graph::Arg& arg, double wanted) {
  if (const auto* integer = arg.get_if<std::int64_t>()) return static_cast<double>(*integer) == wanted;
  const auto* real = arg.get_if<double>();
  return real && *real == wanted && !(wanted == 0 && std::signbit(*real));
}

std::optional<Expr> fill(std::string_view text, const ops::Info& info, const graph::Node& node,
                         const ValueText& value) {
  const Arguments arguments(info, node);
  std::string out;
  std::size_t next = 0, at = 0, taken = 0;
  for (Field field : fields_of(text)) {
    if (field.name.empty()) field.name = info.parameters[next].name;
    ++next;
    const graph::Arg* arg = arguments.find(field.name);
    if (!arg && field.otherwise.empty()) return std::nullopt;
    taken += arg != nullptr;
    out += text.substr(at, field.begin - at);
    at = field.end;
    if (!arg) {
      out += field.otherwise;
      continue;
    }
    if (field.only) {
      if (!is_number(*arg, *field.only)) return std::nullopt;
      continue;
    }
    if (field.items && arg->is<graph::List>()) {
      std::string items;
      for (const graph::Arg& item : arg->as<graph::List>())
        items += (items.empty() ? "" : ", ") + argument(item, value).text;
      out += items;
      continue;
    }
    const Expr piece = argument(*arg, value, arguments.kind(field.name) == ops::Kind::arrays);
    out += piece.at_least(needed_between(text.substr(0, field.begin), text.substr(field.end)));
  }
  out += text.substr(at);
  if (const std::size_t dots = out.find("(...)"); dots != std::string::npos) {
    out.replace(dots, 5, "(" + call_arguments(&info, node, value) + ")");
    taken = arguments.present();
  }
  if (taken < arguments.present()) return std::nullopt;
  return Expr{out, strength_of(text)};
}

}  // namespace

Expr render(const graph::Graph& graph, const graph::Node& node, const ValueText& value) {
  if (const auto special = subscript(graph, node, value)) return *special;
  const ops::Info* info = ops::find(node.op);
  if (!info || info->python.empty())
    return {fmt::format("mx.{}({})", node.op, call_arguments(info, node, value)), bind::primary};
  for (std::string_view rest = info->python; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (auto text = fill(rest.substr(0, end), *info, node, value)) return *text;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  throw Error(ErrorKind::unsupported, graph::place_of(graph, node),
              "'" + node.op + "' has no Python text for these arguments");
}

}  // namespace torch2mlx::python
