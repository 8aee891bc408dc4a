#include "ops/lowering.h"

#include <fmt/format.h>

#include "base/numbers.h"

namespace torch2mlx::ops::detail {

using graph::Arg;

void refuse_argument(Mlx& mx, std::string_view wanted, const Arg& got) {
  if (got.is<Ref>())
    mx.refuse(fmt::format("needs {}, got '{}', which is known only when the model runs", wanted,
                          mx.graph()[got.as<Ref>()].name));
  mx.refuse(fmt::format("needs {}", wanted));
}

Value Convert<Value>::from(Mlx& mx, const Arg& arg) {
  const auto* ref = arg.get_if<Ref>();
  if (!ref || mx.graph().type(*ref).kind != graph::ValueKind::tensor) refuse_argument(mx, "a tensor", arg);
  return {*ref};
}

Operand Convert<Operand>::from(Mlx& mx, const Arg& arg) {
  const auto* ref = arg.get_if<Ref>();
  if (ref && mx.graph().type(*ref).kind == graph::ValueKind::tensor) return Value{*ref};
  return Convert<Scalar>::from(mx, arg);
}

// Numbers that are read from data, and complex ones (graph/import_nodes.cpp), are arrays of one element without axes.
static bool is_number(const graph::Type& type) { return type.kind != graph::ValueKind::tensor || type.shape.empty(); }

Scalar Convert<Scalar>::from(Mlx& mx, const Arg& arg) {
  if (const auto* value = arg.get_if<bool>()) return *value;
  if (const auto* value = arg.get_if<std::int64_t>()) return *value;
  if (const auto* value = arg.get_if<double>()) return *value;
  if (const auto* ref = arg.get_if<Ref>(); ref && is_number(mx.graph().type(*ref))) return *ref;
  refuse_argument(mx, "a number", arg);
}

Size Convert<Size>::from(Mlx& mx, const Arg& arg) {
  if (const auto* value = arg.get_if<std::int64_t>()) return *value;
  if (const auto* ref = arg.get_if<Ref>()) {
    if (mx.graph().type(*ref).kind == graph::ValueKind::tensor) mx.refuse("needs a size, got a number of the data");
    return *ref;
  }
  refuse_argument(mx, "a size", arg);
}

std::int64_t Convert<std::int64_t>::from(Mlx& mx, const Arg& arg) {
  if (const auto* value = arg.get_if<std::int64_t>()) return *value;
  if (const auto* ref = arg.get_if<Ref>())
    if (const auto size = mx.graph().type(*ref).size)
      if (const auto value = size->constant()) return *value;
  refuse_argument(mx, "a constant integer", arg);
}

double Convert<double>::from(Mlx& mx, const Arg& arg) {
  if (const auto* value = arg.get_if<double>()) return *value;
  if (const auto* value = arg.get_if<std::int64_t>()) return static_cast<double>(*value);
  refuse_argument(mx, "a constant number", arg);
}

bool Convert<bool>::from(Mlx& mx, const Arg& arg) {
  if (const auto* value = arg.get_if<bool>()) return *value;
  if (const auto* value = arg.get_if<std::int64_t>()) return *value != 0;
  refuse_argument(mx, "a boolean", arg);
}

Dtype Convert<Dtype>::from(Mlx& mx, const Arg& arg) {
  // float64 becomes what MLX holds it as; the declared type of the result carries the note.
  if (const auto* value = arg.get_if<Dtype>()) return row(*value).as_mlx;
  if (arg == Arg(4)) return Dtype::int64;  // a default in torch's schemas
  refuse_argument(mx, "a dtype", arg);
}

std::string Convert<std::string>::from(Mlx& mx, const Arg& arg) {
  if (const auto* value = arg.get_if<std::string>()) return *value;
  refuse_argument(mx, "text", arg);
}

std::string full_name(std::string_view schema_name) {
  if (schema_name.starts_with("sym.")) return std::string(schema_name);
  return fmt::format("aten.{}{}", schema_name, schema_name.find('.') == schema_name.npos ? ".default" : "");
}

Arg parse_default(std::string_view text) {
  if (text.empty() || text == "None") return {};
  if (text == "True" || text == "False") return text == "True";
  if (text.front() == '[') {
    graph::List list;
    for (text = text.substr(1, text.size() - 2); !text.empty();) {
      const std::size_t end = std::min(text.find(','), text.size());
      list.push_back(parse_default(schema::detail::trim(text.substr(0, end))));
      text = text.substr(std::min(end + 1, text.size()));
    }
    return list;
  }
  if (text.front() == '\'' || text.front() == '"') return std::string(text.substr(1, text.size() - 2));
  if (const auto integer = parse_number<std::int64_t>(text)) return *integer;
  if (const auto real = parse_number<double>(text)) return *real;
  return std::string(text);  // an enumerator such as "Mean"
}

}  // namespace torch2mlx::ops::detail
