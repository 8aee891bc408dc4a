#include "passes/elements.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "passes/axes.h"
#include "passes/facts.h"

namespace torch2mlx::passes {
namespace {

using Positions = std::vector<Position>;

constexpr int deepest = 32;
constexpr std::size_t most_terms = 4;

Position number_at(std::int64_t value) { return {-1, value, 0}; }

std::optional<std::int64_t> number_of(const Position& at) {
  return at.along < 0 ? std::optional(at.start) : std::nullopt;
}

std::optional<Term> product(Term a, const Term& b) {
  using enum Term::Kind;
  if ((a.element >= 0 && b.element >= 0) || (a.kind != number && b.kind != number)) return std::nullopt;
  a.factor *= b.factor;
  a.element = std::max(a.element, b.element);
  if (b.kind != number) a.kind = b.kind, a.frequency = b.frequency, a.at = b.at;
  return a;
}

// ---- where an element of a result comes from: positions in the result -> positions in the operand

struct Source {
  const Rewriter& r;
  const Node& node;
  Ref result;
  const Positions& at;  // in the result

  const Arg& operand() const { return node.args[0].value; }
  std::optional<int> axis(int rank) const { return axis_of(node, rank); }
  int rank() const { return static_cast<int>(at.size()); }
};

std::optional<Positions> transposed(const Source& s) {
  const auto axes = integers(s.node.find("axes"));
  return axes ? std::optional(permuted(s.at, inverse(*axes))) : std::nullopt;
}

std::optional<Positions> expanded(const Source& s) {
  const auto axis = s.axis(s.rank());
  if (!axis) return std::nullopt;
  Positions at = s.at;
  at.erase(at.begin() + *axis);
  return at;
}

std::optional<Positions> inserted(const Source& s, std::int64_t index) {
  const auto axis = s.axis(s.rank() + 1);
  if (!axis || index < 0) return std::nullopt;
  Positions at = s.at;
  at.insert(at.begin() + *axis, number_at(index));
  return at;
}
std::optional<Positions> squeezed(const Source& s) { return inserted(s, 0); }
std::optional<Positions> selected(const Source& s) { return inserted(s, integer(s.node.find("index")).value_or(-1)); }

std::optional<Positions> sliced(const Source& s) {
  const auto axis = s.axis(s.rank());
  const Arg *from = s.node.find("start"), *by = s.node.find("step");
  if (!axis || (from && !integer(from)) || (by && !integer(by))) return std::nullopt;
  std::int64_t start = from ? *integer(from) : 0;
  const std::int64_t step = by ? *integer(by) : 1;
  const auto size = s.r.shape(s.operand())[static_cast<std::size_t>(*axis)].constant();
  if (start < 0 && size) start = std::max<std::int64_t>(start + *size, 0);
  if (start < 0 || step <= 0) return std::nullopt;
  Positions at = s.at;
  Position& place = at[static_cast<std::size_t>(*axis)];
  place.start = start + place.start * step;
  place.step *= step;
  return at;
}

std::optional<Positions> split(const Source& s) {
  const auto axis = s.axis(s.rank());
  const auto starts = integers(s.node.find("indices"));
  if (!axis || !starts) return std::nullopt;
  const auto part = std::ranges::find(s.node.results, s.result) - s.node.results.begin();
  Positions at = s.at;
  if (part > 0) at[static_cast<std::size_t>(*axis)].start += (*starts)[static_cast<std::size_t>(part - 1)];
  return at;
}

std::optional<Positions> repeated(const Source& s) {
  const auto axis = s.axis(s.rank());
  const auto repeats = integer(s.node.find("repeats"));
  const auto index = axis ? number_of(s.at[static_cast<std::size_t>(*axis)]) : std::nullopt;
  if (!index || !repeats || *repeats <= 0) return std::nullopt;
  Positions at = s.at;
  at[static_cast<std::size_t>(*axis)].start /= *repeats;
  return at;
}

Positions broadcast(const Positions& at, const Shape& shape) {
  Positions own(at.end() - static_cast<std::ptrdiff_t>(shape.size()), at.end());
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == Dim(1)) own[i] = number_at(0);
  return own;
}
std::optional<Positions> broadcast_to(const Source& s) { return broadcast(s.at, s.r.shape(s.operand())); }

// Neighbouring axes of the operand that become neighbouring axes of the result.
bool regroup(std::span<const Dim> from, std::span<const Dim> to, std::span<const Position> at, Positions& out) {
  std::vector<Dim> sizes;
  Positions left;  // those of axes with more than one element
  for (std::size_t i = 0; i < to.size(); ++i)
    if (to[i] != Dim(1)) sizes.push_back(to[i]), left.push_back(at[i]);
  std::vector<Dim> wanted;
  std::ranges::copy_if(from, std::back_inserter(wanted), [](const Dim& dim) { return dim != Dim(1); });
  if (wanted != sizes) {  // numbers only: counted through
    std::int64_t index = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (!number_of(left[i]) || !sizes[i].constant()) return false;
      index = index * *sizes[i].constant() + left[i].start;
    }
    left.assign(wanted.size(), {});
    for (std::size_t i = wanted.size(); i-- > 0;) {
      const auto size = wanted[i].constant();
      if (!size || *size <= 0) return false;
      left[i] = number_at(index % *size);
      index /= *size;
    }
  }
  auto next = left.begin();
  for (const Dim& dim : from) out.push_back(dim == Dim(1) ? number_at(0) : *next++);
  return true;
}

std::optional<Positions> reshaped(const Source& s) {
  const Shape &from = s.r.shape(s.operand()), &to = s.r.shape(s.result);
  const auto groups = axis_groups(from, to);
  if (!groups) return std::nullopt;
  Positions at;
  std::size_t a = 0, b = 0;
  for (const AxisGroup& group : *groups) {
    const std::span before(from), after(to);
    if (!regroup(before.subspan(a, group.from), after.subspan(b, group.to), std::span(s.at).subspan(b, group.to), at))
      return std::nullopt;
    a += group.from, b += group.to;
  }
  return at;
}

std::optional<Positions> same(const Source& s) { return s.at; }

struct Row {
  std::string_view op;
  std::optional<Positions> (*rule)(const Source&);
};
constexpr std::array rows{
    Row{"transpose", transposed},      Row{"expand_dims", expanded}, Row{"squeeze", squeezed},
    Row{"select", selected},           Row{"slice", sliced},         Row{"split", split},
    Row{"repeat", repeated},           Row{"reshape", reshaped},     Row{"astype", same},
    Row{"broadcast_to", broadcast_to},
};

// The operand of a concatenation or stack that an element is in, and where.
std::optional<std::pair<Arg, Positions>> joined(const Source& s) {
  const auto axis = s.axis(s.rank());
  const auto* parts = s.node.args[0].value.get_if<List>();
  auto index = axis ? number_of(s.at[static_cast<std::size_t>(*axis)]) : std::nullopt;
  if (!index || !parts) return std::nullopt;
  Positions at = s.at;
  if (s.node.op == "stack") {
    at.erase(at.begin() + *axis);
    return std::pair((*parts).at(static_cast<std::size_t>(*index)), at);
  }
  for (const Arg& part : *parts) {
    const auto size = s.r.shape(part)[static_cast<std::size_t>(*axis)].constant();
    if (!size) return std::nullopt;
    at[static_cast<std::size_t>(*axis)] = number_at(*index);
    if (*index < *size) return std::pair(part, at);
    *index -= *size;
  }
  return std::nullopt;
}

std::optional<Terms> function_of(std::string_view op, const Terms& x) {
  if (x.size() != 1 || x[0].element >= 0) return std::nullopt;
  Term term = x[0];
  if (term.kind == Term::Kind::position && (op == "cos" || op == "sin")) {
    term.kind = op == "cos" ? Term::Kind::cosine : Term::Kind::sine;
    term.frequency = std::exchange(term.factor, 1);
    return Terms{term};
  }
  if (!term.is_number() || op != "reciprocal") return std::nullopt;
  term.factor = 1 / term.factor;
  return Terms{term};
}

std::optional<Terms> combined(std::string_view op, Terms a, const Terms& b) {
  if (op == "multiply" || op == "matmul" || op == "outer") {
    Terms products;
    for (const Term& x : a)
      for (const Term& y : b) {
        const auto term = product(x, y);
        if (!term || products.size() == most_terms) return std::nullopt;
        products.push_back(*term);
      }
    return products;
  }
  if (op == "divide" || op == "power") {
    if (b.size() != 1 || !b[0].is_number()) return std::nullopt;
    if (op == "power" && (a.size() != 1 || !a[0].is_number())) return std::nullopt;
    for (Term& x : a) x.factor = op == "power" ? std::pow(x.factor, b[0].factor) : x.factor / b[0].factor;
    return a;
  }
  for (Term y : b) {
    if (op == "subtract") y.factor = -y.factor;
    a.push_back(y);
  }
  const bool numbers = a.size() == 2 && a[0].is_number() && a[1].is_number();
  if (numbers) a = {Term{.factor = a[0].factor + a[1].factor}};
  return a.size() <= most_terms ? std::optional(std::move(a)) : std::nullopt;
}

constexpr std::array<std::string_view, 5> elementwise{"add", "subtract", "multiply", "divide", "power"};

Terms of_position(const Position& at, std::int64_t start, std::int64_t step) {
  if (const auto index = number_of(at)) return {Term{.factor = static_cast<double>(start + *index * step)}};
  return {Term{.kind = Term::Kind::position, .at = {at.along, start + at.start * step, at.step * step}}};
}

}  // namespace

std::optional<Terms> Elements::of(const Arg& value, const Positions& at) const {
  if (const auto literal = number(&value)) return Terms{Term{.factor = *literal}};
  const Ref* ref = value.get_if<Ref>();
  if (!ref || r_.type(value).kind != ValueKind::tensor || depth_ >= deepest) return std::nullopt;
  if (*ref == base_) return of_base(at);
  const Node* node = r_.definition(value);
  if (!node) return of_input(*ref, at);
  ++depth_;
  auto terms = of(*node, *ref, at);
  --depth_;
  // Positions in half precision are rounded: from some on, neighbours are equal.
  const Dtype dtype = r_.type(value).dtype;
  const auto rounded = [&](const Term& term) {
    return term.kind == Term::Kind::position && is_floating(dtype) && dtype != Dtype::float32;
  };
  return terms && std::ranges::any_of(*terms, rounded) ? std::nullopt : std::move(terms);
}

// Such a term never has the base as a factor, so it holds for any.
std::optional<Terms> Elements::of_sine(const Node& node, Ref result, const Positions& at) const {
  const std::pair key(result, at);
  if (const auto known = sines_.find(key); known != sines_.end()) return known->second;
  const auto angle = of(node.args[0].value, at);
  auto terms = angle ? function_of(node.op, *angle) : std::nullopt;
  if (terms) sines_.emplace(key, *terms);
  return terms;
}

std::optional<Terms> Elements::of_base(const Positions& at) const {
  const auto last = number_of(at.back());
  for (int axis = 0; axis + 1 < static_cast<int>(at.size()); ++axis)
    if (at[static_cast<std::size_t>(axis)] != Position{axis, 0, 1}) return std::nullopt;
  return last ? std::optional(Terms{Term{.element = static_cast<int>(*last)}}) : std::nullopt;
}

std::optional<Terms> Elements::of_input(Ref ref, const Positions& at) const {
  const graph::Input* input = r_.graph().input(ref);
  const torch2mlx::Tensor* data = input ? fixed_data(r_.graph(), *input) : nullptr;
  if (!data) return std::nullopt;
  std::int64_t offset = data->offset;
  for (std::size_t axis = 0; axis < at.size(); ++axis) {
    const auto index = number_of(at[axis]);
    if (!index || *index >= data->shape[axis]) return std::nullopt;
    offset += *index * data->strides[axis];
  }
  const auto element = read_element(*data, offset);
  return element ? std::optional(Terms{Term{.factor = *number(&*element)}}) : std::nullopt;
}

// "i,j->ij": every letter of an operand is one of the result's, so nothing is summed.
std::optional<Terms> Elements::outer_product(const Node& node, const Positions& at) const {
  const auto* operands = node.args[0].value.get_if<List>();
  const Arg* subscripts = node.find("subscripts");
  if (!operands || operands->size() != 2 || !subscripts || !subscripts->is<std::string>()) return std::nullopt;
  const std::string_view text = subscripts->as<std::string>();
  const std::size_t comma = text.find(','), arrow = text.find("->");
  if (comma == text.npos || arrow == text.npos || arrow < comma) return std::nullopt;
  const std::string_view result = text.substr(arrow + 2);
  if (result.size() != at.size()) return std::nullopt;
  const auto operand = [&](std::size_t i, std::string_view letters) -> std::optional<Terms> {
    Positions place;
    for (const char letter : letters) {
      const std::size_t axis = result.find(letter);
      if (axis == result.npos) return std::nullopt;
      place.push_back(at[axis]);
    }
    return of((*operands)[i], place);
  };
  auto a = operand(0, text.substr(0, comma));
  if (!a) return std::nullopt;
  const auto b = operand(1, text.substr(comma + 1, arrow - comma - 1));
  return b ? combined("multiply", *std::move(a), *b) : std::nullopt;
}

std::optional<Terms> Elements::of(const Node& node, Ref result, const Positions& at) const {
  if (node.op == "arange") {
    const Arg *start = node.find("start"), *step = node.find("step");
    if ((start && !integer(start)) || (step && !integer(step))) return std::nullopt;
    return of_position(at[0], start ? *integer(start) : 0, step ? *integer(step) : 1);
  }
  if (node.op == "full") {
    const auto value = number(node.find("value"));
    return value ? std::optional(Terms{Term{.factor = *value}}) : std::nullopt;
  }
  if (node.args.empty()) return std::nullopt;
  const Source source{r_, node, result, at};
  if (node.op == "concatenate" || node.op == "stack") {
    const auto part = joined(source);
    return part ? of(part->first, part->second) : std::nullopt;
  }
  if (node.op == "einsum") return outer_product(node, at);
  const Arg& x = node.args[0].value;
  if (node.op == "cos" || node.op == "sin") return of_sine(node, result, at);
  if (node.op == "negative" || node.op == "reciprocal") {
    auto terms = of(x, at);
    if (!terms) return std::nullopt;
    if (node.op != "negative") return function_of(node.op, *terms);
    for (Term& term : *terms) term.factor = -term.factor;
    return terms;
  }
  if (const auto row = std::ranges::find(rows, node.op, &Row::op); row != rows.end()) {
    const bool narrows =
        node.op == "astype" && !is_floating(r_.graph().type(result).dtype) && is_floating(r_.type(x).dtype);
    const auto from = narrows ? std::nullopt : row->rule(source);
    return from ? of(x, *from) : std::nullopt;
  }
  Positions left = at, right = at;
  if (node.op == "matmul") {  // of a column and a row
    if (r_.rank(x) < 2 || r_.rank(node.args[1].value) < 2 || r_.shape(x).back() != Dim(1)) return std::nullopt;
    left.back() = number_at(0);
    right[right.size() - 2] = number_at(0);
  } else if (node.op == "outer") {
    left.pop_back();
    right.erase(right.begin());
  } else if (std::ranges::find(elementwise, node.op) == elementwise.end()) {
    return std::nullopt;
  }
  const auto operand = [&](const Arg& arg, const Positions& place) {
    return arg.is<Ref>() ? of(arg, broadcast(place, r_.shape(arg))) : of(arg, place);
  };
  auto a = operand(x, left);
  if (!a) return std::nullopt;
  const auto b = operand(node.args[1].value, right);
  return b ? combined(node.op, *std::move(a), *b) : std::nullopt;
}

}  // namespace torch2mlx::passes
