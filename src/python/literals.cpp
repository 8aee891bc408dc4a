#include <fmt/format.h>

#include <cmath>

#include "base/dtype.h"
#include "python/expression.h"

namespace torch2mlx::python {

std::string number(double value) {
  if (std::isnan(value)) return "mx.nan";
  if (std::isinf(value)) return value > 0 ? "mx.inf" : "-mx.inf";
  std::string text = graph::number_text(value);
  std::erase(text, '+');  // 1e+38: formatters of Python write 1e38
  return text;
}

std::string string_literal(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
  return out + "\"";
}

namespace {
Expr signed_text(std::string text) { return {text, text.starts_with('-') ? bind::sign : bind::atom}; }
}  // namespace

Expr argument(const graph::Arg& arg, const ValueText& value, bool arrays) {
  using graph::List;
  using graph::Ref;
  if (arg.is<std::monostate>()) return {"None"};
  if (const bool* b = arg.get_if<bool>()) return {*b ? "True" : "False"};
  if (const auto* i = arg.get_if<std::int64_t>()) return signed_text(std::to_string(*i));
  if (const double* d = arg.get_if<double>()) return signed_text(number(*d));
  if (const auto* s = arg.get_if<std::string>()) return {string_literal(*s)};
  if (const auto* dtype = arg.get_if<Dtype>())
    return {fmt::format("mx.{}", row(row(*dtype).as_mlx).mlx), bind::primary};
  if (const auto* ref = arg.get_if<Ref>()) return value(*ref);
  const List& list = arg.as<List>();
  std::string text;
  for (const graph::Arg& item : list) text += (text.empty() ? "" : ", ") + argument(item, value).text;
  if (arrays) return {"[" + text + "]"};
  return {"(" + text + (list.size() == 1 ? ",)" : ")")};
}

Expr literal(const graph::Arg& arg) {
  return argument(arg, [](graph::Ref) -> Expr { return {"None"}; });
}

}  // namespace torch2mlx::python
