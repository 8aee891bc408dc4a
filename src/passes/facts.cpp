#include "passes/facts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <functional>

namespace torch2mlx::passes {
namespace {

template <class T>
T element(const torch2mlx::Tensor& tensor, std::int64_t offset) {
  T value;
  std::memcpy(&value, tensor.storage->bytes.data() + static_cast<std::size_t>(offset) * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

std::optional<Arg> read_element(const torch2mlx::Tensor& tensor, std::int64_t offset) {
  switch (tensor.dtype) {
    case Dtype::boolean:
      return Arg(element<std::uint8_t>(tensor, offset) != 0);
    case Dtype::uint8:
      return Arg(std::int64_t{element<std::uint8_t>(tensor, offset)});
    case Dtype::int8:
      return Arg(std::int64_t{element<std::int8_t>(tensor, offset)});
    case Dtype::int16:
      return Arg(std::int64_t{element<std::int16_t>(tensor, offset)});
    case Dtype::int32:
      return Arg(std::int64_t{element<std::int32_t>(tensor, offset)});
    case Dtype::int64:
      return Arg(element<std::int64_t>(tensor, offset));
    case Dtype::float32:
      return Arg(static_cast<double>(element<float>(tensor, offset)));
    default:
      return std::nullopt;
  }
}

namespace {

// Calls f(index, offset) on elements in row-major order until it gives false.
template <class F>
bool each_element(const torch2mlx::Tensor& tensor, F&& f) {
  std::vector<std::int64_t> index(tensor.shape.size());
  std::int64_t offset = tensor.offset;
  for (std::int64_t n = tensor.elements(); n > 0; --n) {
    if (!f(index, offset)) return false;
    for (std::size_t axis = index.size(); axis-- > 0;) {
      offset += tensor.strides[axis];
      if (++index[axis] < tensor.shape[axis]) break;
      offset -= tensor.strides[axis] * index[axis];
      index[axis] = 0;
    }
  }
  return true;
}

bool small(std::int64_t value) { return value > -(std::int64_t{1} << 31) && value < (std::int64_t{1} << 31); }

std::optional<std::int64_t> as_integer(const Arg& arg) {
  if (const auto* boolean = arg.get_if<bool>()) return *boolean;
  return integer(&arg);
}

// A full array of another dtype, where every dtype holds the number exactly: quarters up to 64.
Fact converted(const Arg& value, Dtype dtype) {
  const double real = number(&value).value_or(0);
  if (dtype == Dtype::boolean) return Fact::full(real != 0);
  if (is_floating(dtype) && std::abs(real) <= 64 && real * 4 == std::floor(real * 4)) return Fact::full(real);
  const bool wide = dtype == Dtype::int32 || dtype == Dtype::int64;
  const auto exact = as_integer(value);
  return exact && (wide ? small(*exact) : *exact >= 0 && *exact <= 64) && is_integral(dtype) ? Fact::full(*exact)
                                                                                             : Fact();
}

Fact literal(const Arg& value, Dtype dtype) {
  if (is_floating(dtype)) return Fact::full(*number(&value));
  return converted(value, dtype);
}

// ---- one rule an op: facts of the first operand -> of the result

struct Context {
  const Facts& facts;
  Rewriter& r;
  const Node& node;
  const Fact x;      // of the first operand
  const Type& type;  // of the result
  const Shape& operand_shape() const { return r.shape(node.args[0].value); }
  int rank() const { return r.rank(node.args[0].value); }
};

Fact made_full(const Context& c) {
  const Arg* value = c.node.find("value");
  return number(value) ? literal(*value, c.type.dtype) : Fact();
}

Fact made_ramp(const Context& c) {
  const Arg *start = c.node.find("start"), *step = c.node.find("step");
  if (!is_integral(c.type.dtype) || (start && !integer(start)) || (step && !integer(step))) return {};
  return Fact::ramp(0, start ? *integer(start) : 0, step ? *integer(step) : 1);
}

Fact expand_dims(const Context& c) {
  const auto axis = axis_of(c.node, c.rank() + 1);
  if (!axis) return {};
  return Fact::ramp(c.x.axis + (*axis <= c.x.axis), c.x.start, c.x.step);
}

Fact without_axis(const Context& c, std::int64_t index) {
  const auto axis = axis_of(c.node, c.rank());
  if (!axis || index < 0 || !small(index)) return {};
  if (*axis == c.x.axis) return Fact::full(c.x.start + index * c.x.step);
  return Fact::ramp(c.x.axis - (*axis < c.x.axis), c.x.start, c.x.step);
}
Fact squeeze(const Context& c) { return without_axis(c, 0); }
Fact select(const Context& c) {
  const auto index = integer(c.node.find("index"));
  return index ? without_axis(c, *index) : Fact();
}

// Axes of size 1 come and go; the others keep their order.
Fact reshape(const Context& c) {
  std::vector<int> before, after;
  const Shape &from = c.operand_shape(), &to = c.type.shape;
  for (std::size_t i = 0; i < from.size(); ++i)
    if (from[i] != Dim(1)) before.push_back(static_cast<int>(i));
  for (std::size_t i = 0; i < to.size(); ++i)
    if (to[i] != Dim(1)) after.push_back(static_cast<int>(i));
  const auto at = std::ranges::find(before, c.x.axis);
  if (before.size() != after.size() || at == before.end()) return {};
  for (std::size_t i = 0; i < before.size(); ++i)
    if (from[static_cast<std::size_t>(before[i])] != to[static_cast<std::size_t>(after[i])]) return {};
  return Fact::ramp(after[static_cast<std::size_t>(at - before.begin())], c.x.start, c.x.step);
}

Fact transpose(const Context& c) {
  const auto axes = integers(c.node.find("axes"));
  if (!axes) return {};
  return Fact::ramp(inverse(*axes)[static_cast<std::size_t>(c.x.axis)], c.x.start, c.x.step);
}

// The ramp's axis where `operand` is broadcast to the result; none if it is a repeated axis of size 1.
std::optional<int> broadcast_axis(const Context& c, const Arg& operand, int axis) {
  const int moved = axis + static_cast<int>(c.type.shape.size()) - c.r.rank(operand);
  const Dim& dim = c.r.shape(operand)[static_cast<std::size_t>(axis)];
  return dim == c.type.shape[static_cast<std::size_t>(moved)] ? std::optional(moved) : std::nullopt;
}

Fact broadcast_to(const Context& c) {
  const auto axis = broadcast_axis(c, c.node.args[0].value, c.x.axis);
  return axis ? Fact::ramp(*axis, c.x.start, c.x.step) : Fact();
}

Fact astype(const Context& c) {
  if (c.x.is_full()) return converted(c.x.value, c.type.dtype);
  return c.type.dtype == Dtype::int32 || c.type.dtype == Dtype::int64 ? c.x : Fact();
}

Fact slice(const Context& c) {
  const auto axis = axis_of(c.node, c.rank());
  const Arg *start = c.node.find("start"), *step = c.node.find("step");
  if (!axis) return {};
  if (*axis != c.x.axis) return c.x;
  const std::int64_t first = start ? integer(start).value_or(-1) : 0, stride = step ? integer(step).value_or(0) : 1;
  if (first < 0 || stride <= 0 || !small(first) || !small(stride)) return {};
  return Fact::ramp(c.x.axis, c.x.start + first * c.x.step, c.x.step * stride);
}

// Of two ramps that run side by side.
Fact difference(const Context& c, const Fact& a, const Fact& b) {
  const auto left = broadcast_axis(c, c.node.args[0].value, a.axis);
  const bool parallel = left && left == broadcast_axis(c, c.node.args[1].value, b.axis) && a.step == b.step;
  return c.node.op == "subtract" && parallel ? Fact::full(a.start - b.start) : Fact();
}

Fact arithmetic(const Context& c) {
  if (c.type.dtype != Dtype::int32 && c.type.dtype != Dtype::int64) return {};
  Fact a = c.x, b = c.facts.of(c.node.args[1].value);
  if (a.is_ramp() && b.is_ramp()) return difference(c, a, b);
  const bool swapped = b.is_ramp();
  if (swapped) std::swap(a, b);
  const auto k = b.is_full() ? as_integer(b.value) : std::nullopt;
  if (!k || !small(*k)) return {};
  const std::string_view op = c.node.op;
  if (a.is_full()) {
    const auto x = as_integer(a.value);
    if (!x || !small(*x)) return {};
    return Fact::full(op == "add" ? *x + *k : op == "subtract" ? *x - *k : *x * *k);
  }
  const auto axis = a.is_ramp() ? broadcast_axis(c, c.node.args[swapped].value, a.axis) : std::nullopt;
  if (!axis) return {};
  if (op == "add") return Fact::ramp(*axis, a.start + *k, a.step);
  if (op == "multiply") return Fact::ramp(*axis, a.start * *k, a.step * *k);
  return swapped ? Fact::ramp(*axis, *k - a.start, -a.step) : Fact::ramp(*axis, a.start - *k, a.step);
}

// Comparisons are monotonic: true at both ends of a ramp is true throughout, and so is false.
using Compare = bool (*)(double, double);
constexpr std::array<std::pair<std::string_view, Compare>, 4> comparisons{{
    {"greater", [](double a, double b) { return a > b; }},
    {"greater_equal", [](double a, double b) { return a >= b; }},
    {"less", [](double a, double b) { return a < b; }},
    {"less_equal", [](double a, double b) { return a <= b; }},
}};

Fact comparison(const Context& c) {
  const Fact b = c.facts.of(c.node.args[1].value);
  const auto compare = std::ranges::find(comparisons, c.node.op, &std::pair<std::string_view, Compare>::first);
  if (!b.is_full() || !c.x.known()) return {};
  const double k = number(&b.value).value_or(NAN);
  if (c.x.is_full()) return Fact::full(compare->second(number(&c.x.value).value_or(NAN), k));
  const std::int64_t size = maximum(c.r.graph(), c.operand_shape()[static_cast<std::size_t>(c.x.axis)]);
  const double first = static_cast<double>(c.x.start);
  const double last = first + static_cast<double>(c.x.step) * static_cast<double>(size - 1);
  const bool at_first = compare->second(first, k), at_last = compare->second(last, k);
  return at_first == at_last ? Fact::full(at_first) : Fact();
}

Fact equality(const Context& c) {
  const Fact b = c.facts.of(c.node.args[1].value);
  const auto left = number(&c.x.value), right = b.is_full() ? number(&b.value) : std::nullopt;
  return c.x.is_full() && left && right ? Fact::full((*left == *right) == (c.node.op == "equal")) : Fact();
}

// A ramp that goes on where another ends; what is equal throughout.
Fact concatenate(const Context& c) {
  const auto* parts = c.node.args[0].value.get_if<List>();
  const auto axis = axis_of(c.node, static_cast<int>(c.type.shape.size()));
  if (!parts || parts->empty() || !axis) return {};
  const Fact first = c.facts.of(parts->front());
  std::optional<std::int64_t> next = first.start;  // where the part should start; unknown behind one of unknown size
  for (const Arg& part : *parts) {
    const Fact fact = c.facts.of(part);
    if (first.is_full() && (!fact.is_full() || !(fact.value == first.value))) return {};
    if (first.is_full()) continue;
    if (!fact.is_ramp() || fact.axis != first.axis || fact.step != first.step) return {};
    if (fact.axis == *axis ? fact.start != next : fact.start != first.start) return {};
    const auto size = c.r.shape(part)[static_cast<std::size_t>(*axis)].constant();
    next = size && small(*size) && next ? std::optional(*next + *size * fact.step) : std::nullopt;
  }
  return first;
}

Fact cumsum(const Context& c) { return c.x.is_full() && as_integer(c.x.value) == 0 ? c.x : Fact(); }

Fact logical(const Context& c) {
  if (c.type.dtype != Dtype::boolean || !c.x.is_full()) return {};
  const bool a = number(&c.x.value) != 0.0;
  if (c.node.op == "logical_not") return Fact::full(!a);
  const Fact b = c.facts.of(c.node.args[1].value);
  if (!b.is_full()) return {};
  const bool k = number(&b.value) != 0.0, both = c.node.op == "logical_and" || c.node.op == "bitwise_and";
  return Fact::full(both ? a && k : a || k);
}

struct Row {
  std::string_view op;
  Fact (*rule)(const Context&);
  enum class Needs : std::uint8_t { nothing, known, ramp } needs;  // of the first operand; full passes through a `ramp`
};
using enum Row::Needs;
constexpr std::array rows{
    Row{"full", made_full, nothing},
    Row{"arange", made_ramp, nothing},
    Row{"expand_dims", expand_dims, ramp},
    Row{"squeeze", squeeze, ramp},
    Row{"select", select, ramp},
    Row{"reshape", reshape, ramp},
    Row{"transpose", transpose, ramp},
    Row{"broadcast_to", broadcast_to, ramp},
    Row{"slice", slice, ramp},
    Row{"astype", astype, known},
    Row{"add", arithmetic, known},
    Row{"subtract", arithmetic, known},
    Row{"multiply", arithmetic, known},
    Row{"greater", comparison, known},
    Row{"greater_equal", comparison, known},
    Row{"less", comparison, known},
    Row{"less_equal", comparison, known},
    Row{"equal", equality, known},
    Row{"not_equal", equality, known},
    Row{"concatenate", concatenate, nothing},
    Row{"cumsum", cumsum, known},
    Row{"logical_and", logical, known},
    Row{"logical_or", logical, known},
    Row{"logical_not", logical, known},
    Row{"bitwise_and", logical, known},
    Row{"bitwise_or", logical, known},
};

// Ops that only pick elements of their first operand.
constexpr std::array picking{std::string_view("take"), std::string_view("take_along_axis"), std::string_view("gather")};

}  // namespace

Fact Fact::ramp(int axis, std::int64_t start, std::int64_t step) {
  if (!small(start) || !small(step)) return {};
  return {Kind::ramp, {}, axis, start, step};
}

bool places(std::string_view op) {
  return op == "expand_dims" || op == "squeeze" || op == "reshape" || op == "transpose" || op == "broadcast_to";
}

Fact fact_of(const torch2mlx::Tensor& tensor) {
  if (!tensor.storage || tensor.storage->big_endian || tensor.elements() == 0) return {};
  const auto first = read_element(tensor, tensor.offset);
  if (!first || (first->is<double>() && !std::isfinite(first->as<double>()))) return {};
  const auto is_zero = [](const Arg& arg) { return arg.is<double>() && std::signbit(arg.as<double>()); };
  if (each_element(tensor, [&](const auto&, std::int64_t at) {
        const auto value = read_element(tensor, at);
        return value == first && is_zero(*value) == is_zero(*first);
      }))
    return Fact::full(*first);
  if (!first->is<std::int64_t>()) return {};
  const auto start = first->as<std::int64_t>();
  for (std::size_t axis = 0; axis < tensor.shape.size(); ++axis) {
    if (tensor.shape[axis] < 2) continue;
    const auto second = read_element(tensor, tensor.offset + tensor.strides[axis])->as<std::int64_t>();
    if (!small(start) || !small(second)) return {};
    if (second == start) continue;
    const std::int64_t step = second - start;
    const bool holds = each_element(tensor, [&](const auto& index, std::int64_t at) {
      return read_element(tensor, at)->template as<std::int64_t>() == start + step * index[axis];
    });
    return holds ? Fact::ramp(static_cast<int>(axis), start, step) : Fact();
  }
  return {};
}

Facts::Facts(Rewriter& rewriter) : r_(rewriter), facts_(rewriter.graph().values.size()) {
  for (const graph::Input& input : rewriter.graph().inputs)
    if (const torch2mlx::Tensor* data = fixed_data(rewriter.graph(), input)) facts_[input.value.id] = fact_of(*data);
}

Fact Facts::of(const Arg& arg) const {
  if (const auto* ref = arg.get_if<Ref>()) return ref->id < facts_.size() ? facts_[ref->id] : Fact();
  return number(&arg) ? Fact::full(arg) : Fact();
}

void Facts::set(Ref ref, Fact fact) {
  if (ref.id >= facts_.size()) facts_.resize(r_.graph().values.size());
  facts_[ref.id] = std::move(fact);
}

Fact Facts::infer(const Node& node) const {
  const Type& type = r_.graph().type(node.results.at(0));
  if (node.results.size() != 1 || type.kind != ValueKind::tensor) return {};
  const bool tensor = !node.args.empty() && has_tensor(r_.graph(), node.args[0].value);
  const Fact x = node.args.empty() ? Fact() : of(node.args[0].value);
  if (x.is_full() && std::ranges::find(picking, node.op) != picking.end()) return x;
  const auto row = std::ranges::find(rows, node.op, &Row::op);
  if (row == rows.end() || (row->needs != Row::Needs::nothing && (!x.known() || !tensor))) return {};
  if (row->needs == Row::Needs::ramp && x.is_full()) return x;
  return row->rule({*this, r_, node, x, type});
}

}  // namespace torch2mlx::passes
