#include "graph/dim.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "base/error.h"
#include "base/numbers.h"
#include "graph/fraction.h"

namespace torch2mlx::graph {
namespace {

// Limits of expressions from a file: nesting, terms of a sum, and length of a function's text (powers repeat it).
constexpr int max_depth = 64;
constexpr std::size_t max_terms = 1000, max_atom = 4000;

std::int64_t checked(bool overflow, std::int64_t value) {
  if (overflow) throw Error(ErrorKind::input, {}, "a size expression overflows 64 bits");
  return value;
}
std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  const bool overflow = __builtin_add_overflow(a, b, &out);
  return checked(overflow, out);
}
std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  const bool overflow = __builtin_mul_overflow(a, b, &out);
  return checked(overflow, out);
}

// Python's rounding: towards minus infinity, the remainder has the divisor's sign.
std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  if (b == 0) throw Error(ErrorKind::input, {}, "a size expression divides by zero");
  return a / b - ((a % b != 0) && ((a < 0) != (b < 0)));
}

std::int64_t apply(std::string_view function, std::int64_t a, std::int64_t b) {
  if (function == "floordiv") return floor_divide(a, b);
  if (function == "mod") return a - floor_divide(a, b) * b;
  return function == "max" ? std::max(a, b) : std::min(a, b);
}

// Names that are called in texts -> our functions, or the operators that sympy's constructors stand for.
using Spelling = std::pair<std::string_view, std::string_view>;
constexpr std::array<Spelling, 14> spellings{{
    {"floordiv", "floordiv"},
    {"FloorDiv", "floordiv"},
    {"CleanDiv", "floordiv"},
    {"mod", "mod"},
    {"Mod", "mod"},
    {"PythonMod", "mod"},
    {"max", "max"},
    {"Max", "max"},
    {"min", "min"},
    {"Min", "min"},
    {"Integer", ""},
    {"Add", "+"},
    {"Mul", "*"},
    {"Pow", "**"},
}};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}
  Dim parse() {
    Dim dim = sum();
    skip();
    if (at_ != text_.size()) fail();
    return dim;
  }

 private:
  [[noreturn]] void fail() const {
    throw Error(ErrorKind::input, {},
                fmt::format("'{}' is not a size expression (column {})", printable(text_), at_ + 1));
  }
  [[noreturn]] void unknown() const {
    throw Error(ErrorKind::unsupported, {},
                fmt::format("the size '{}' is no arithmetic of integers", printable(text_)));
  }
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(std::string_view token) {
    skip();
    if (text_.substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  Dim sum() {
    if (++depth_ > max_depth) fail();
    Dim value = product();
    for (;;) {
      if (take("+"))
        value = value + product();
      else if (take("-"))
        value = value - product();
      else
        break;
    }
    --depth_;
    return value;
  }
  Dim product() {
    Dim value = factor();
    for (;;) {
      if (take("//"))
        value = Dim::call("floordiv", {value, factor()});
      else if (take("%"))
        value = Dim::call("mod", {value, factor()});
      else if (take("*"))
        value = value * factor();
      else
        return value;
    }
  }
  Dim factor() {
    if (++depth_ > max_depth) fail();
    Dim value = take("-") ? Dim(0) - factor() : power();
    --depth_;
    return value;
  }
  Dim power() {
    const Dim base = atom();
    return take("**") ? raised(base, atom()) : base;
  }
  Dim raised(const Dim& base, const Dim& power) const {
    const auto exponent = power.constant();
    if (!exponent || *exponent < 0 || *exponent > 8) fail();
    Dim value = 1;
    for (std::int64_t i = 0; i < *exponent; ++i) value = value * base;
    return value;
  }
  Dim atom() {
    skip();
    if (take("(")) {
      const Dim value = sum();
      if (!take(")")) fail();
      return value;
    }
    const std::size_t start = at_;
    const auto word_char = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.'; };
    while (at_ < text_.size() && word_char(text_[at_])) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    if (word.empty()) fail();
    if (std::isdigit(static_cast<unsigned char>(word[0]))) {
      const auto value = parse_number<std::int64_t>(word);
      if (!value) fail();
      return *value;
    }
    return take("(") ? call(word) : Dim::symbol(word);
  }
  // FloorDiv(a, b), and the constructors that sympy's srepr writes: Mul(Integer(4), Symbol('s28', integer=True)).
  Dim call(std::string_view name) {
    name = name.substr(name.rfind('.') + 1);
    if (name.empty()) fail();
    if (name == "Symbol") return symbol();
    if (name == "TruncToInt") return scaled();
    const auto spelling = std::ranges::find(spellings, name, &Spelling::first);
    if (spelling == spellings.end()) unknown();
    const std::string_view function = spelling->second;
    std::vector<Dim> arguments;
    do arguments.push_back(sum());
    while (take(","));
    const std::size_t least = function.empty() ? 1 : 2, most = function.empty() ? 1 : function == "**" ? 2 : max_terms;
    if (!take(")") || arguments.size() < least || arguments.size() > most) fail();
    if (function.empty()) return arguments[0];
    if (function == "**") return raised(arguments[0], arguments[1]);
    if (function == "+") return std::accumulate(arguments.begin(), arguments.end(), Dim());
    if (function == "*") return std::accumulate(arguments.begin(), arguments.end(), Dim(1), std::multiplies());
    return Dim::call(function, arguments);
  }
  // TruncToInt(Mul(Float('1.5', precision=53), ToFloat(x))) is x * 3 // 2; other fractions are rounded.
  Dim scaled() {
    if (!take("Mul") || !take("(") || !take("Float") || !take("(") || !take("'")) unknown();
    const auto factor = real_ahead(text_.substr(at_));
    const std::size_t close = text_.find(')', at_);
    if (!factor || close == text_.npos) fail();
    at_ = close + 1;
    if (!take(",") || !take("ToFloat") || !take("(")) fail();
    const Dim size = sum();
    const auto fraction = as_fraction(factor->value);
    if (!take(")") || !take(")") || !take(")") || !fraction) unknown();
    return Dim::call("floordiv", {size * Dim(fraction->first), Dim(fraction->second)});
  }
  Dim symbol() {
    if (!take("'")) fail();
    const std::size_t end = text_.find('\'', at_);
    if (end == text_.npos) fail();
    const std::string_view name = text_.substr(at_, end - at_);
    at_ = end + 1;
    if (name.empty() || name.find_first_of(" ,()*/+-%") != name.npos) fail();
    // Assumptions (positive=True, integer=True) say nothing that the ranges do not.
    const std::size_t close = text_.find(')', at_);
    if (close == text_.npos) fail();
    at_ = close + 1;
    return Dim::symbol(name);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// "floordiv(s0 + 1, 2)" -> the function and its two arguments.
struct Call {
  std::string_view function;
  Dim a, b;
};
std::optional<Call> as_call(std::string_view atom) {
  const auto open = atom.find('(');
  if (open == atom.npos) return std::nullopt;
  int depth = 0;
  for (std::size_t i = open + 1; i < atom.size(); ++i) {
    depth += atom[i] == '(' ? 1 : atom[i] == ')' ? -1 : 0;
    if (atom[i] == ',' && depth == 0)
      return Call{atom.substr(0, open), Dim::parse(atom.substr(open + 1, i - open - 1)),
                  Dim::parse(atom.substr(i + 1, atom.size() - i - 2))};
  }
  return std::nullopt;
}

std::string monomial_text(std::int64_t coefficient, const std::vector<std::string>& atoms) {
  if (atoms.empty()) return fmt::format("{}", coefficient);
  const std::string product = fmt::format("{}", fmt::join(atoms, "*"));
  if (coefficient == 1) return product;
  return coefficient == -1 ? "-" + product : fmt::format("{}*{}", coefficient, product);
}

}  // namespace

Dim::Dim(std::int64_t value) : number_(value) {}

Dim::Dim(Terms terms, std::int64_t number)
    : terms_(terms.empty() ? nullptr : std::make_shared<const Terms>(std::move(terms))), number_(number) {}

const Dim::Terms& Dim::terms() const {
  static const Terms none;
  return terms_ ? *terms_ : none;
}

Dim Dim::symbol(std::string_view name) { return {Terms{{{std::string(name)}, 1}}, 0}; }

Dim Dim::call(std::string_view function, const std::vector<Dim>& arguments) {
  if (arguments.size() > 2) {  // max and min of several
    const std::vector<Dim> rest(arguments.begin() + 1, arguments.end());
    return call(function, {arguments[0], call(function, rest)});
  }
  const Dim& a = arguments.at(0);
  const Dim& b = arguments.at(1);
  const auto x = a.constant(), y = b.constant();
  if (x && y) return apply(function, *x, *y);
  if (y == 0 && (function == "floordiv" || function == "mod"))
    throw Error(ErrorKind::input, {}, "a size expression divides by zero");
  if ((function == "max" || function == "min") && a == b) return a;
  if (y && *y > 0 && (function == "floordiv" || function == "mod")) {
    // What the divisor divides leaves the function: (4*s0 + s1 + 5) // 2 = 2*s0 + 2 + (s1 + 1) // 2.
    Terms whole, rest;
    for (const auto& [monomial, coefficient] : a.terms()) {
      // 3*mod(s0, 4) + s1 has the remainder by 4 of 3*s0 + s1.
      const bool mod = function == "mod" && monomial.size() == 1 && monomial[0].starts_with("mod(");
      if (const auto inner = mod ? as_call(monomial[0]) : std::nullopt; inner && inner->b == b)
        return call(function, {a + (inner->a - symbol(monomial[0])) * Dim(coefficient), b});
      if (coefficient % *y == 0)
        whole[monomial] = coefficient / *y;
      else
        rest[monomial] = coefficient;
    }
    const std::int64_t quotient = floor_divide(a.number_, *y), left = a.number_ - quotient * *y;
    const Dim part = rest.empty() ? Dim(apply(function, left, *y)) : atom(function, {std::move(rest), left}, b);
    return function == "mod" ? part : Dim(std::move(whole), quotient) + part;
  }
  if (!y && b.terms().size() == 1 && b.number_ == 0 && a.number_ == 0 &&
      (function == "floordiv" || function == "mod")) {
    // A sum of which every term holds the divisor's factors.
    const auto& [divisor, by] = *b.terms().begin();
    Terms quotient;
    std::int64_t whole = 0;
    bool divides = true;
    for (const auto& [monomial, coefficient] : a.terms()) {
      Monomial atoms = monomial;
      divides = divides && coefficient % by == 0;
      for (const std::string& atom : divisor) {
        const auto it = std::ranges::find(atoms, atom);
        if (!(divides = divides && it != atoms.end())) break;
        atoms.erase(it);
      }
      (atoms.empty() ? whole : quotient[atoms]) = coefficient / by;
    }
    if (divides) return function == "mod" ? Dim(0) : Dim(std::move(quotient), whole);
  }
  return atom(function, a, b);
}

Dim Dim::atom(std::string_view function, const Dim& a, const Dim& b) {
  const std::string text = fmt::format("{}({}, {})", function, a.str(), b.str());
  if (text.size() > max_atom) throw Error(ErrorKind::input, {}, "a size expression is too long");
  return symbol(text);
}

Dim Dim::parse(std::string_view text) { return Parser(text).parse(); }

std::optional<std::int64_t> Dim::constant() const { return terms_ ? std::nullopt : std::optional(number_); }

std::optional<std::string> Dim::as_symbol() const {
  if (!terms_ || number_ != 0 || terms_->size() != 1) return std::nullopt;
  const auto& [atoms, coefficient] = *terms_->begin();
  if (coefficient != 1 || atoms.size() != 1) return std::nullopt;
  const std::string& atom = atoms[0];
  return atom.find('(') == atom.npos ? std::optional(atom) : std::nullopt;
}

std::string Dim::str() const {
  if (!terms_) return std::to_string(number_);
  std::string out;
  const auto append = [&](const Monomial& atoms, std::int64_t coefficient) {
    if (out.empty())
      out = monomial_text(coefficient, atoms);
    else if (coefficient < 0 && coefficient != std::numeric_limits<std::int64_t>::min())
      out += " - " + monomial_text(-coefficient, atoms);
    else
      out += " + " + monomial_text(coefficient, atoms);
  };
  for (const auto& [atoms, coefficient] : terms()) append(atoms, coefficient);
  if (number_ != 0) append({}, number_);
  return out;
}

std::vector<std::string> Dim::symbols() const {
  std::vector<std::string> names;
  for (const auto& [atoms, coefficient] : terms())
    for (const std::string& atom : atoms) {
      if (const auto call = as_call(atom)) {
        for (const Dim* argument : {&call->a, &call->b})
          for (std::string& name : argument->symbols()) names.push_back(std::move(name));
      } else {
        names.push_back(atom);
      }
    }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

Dim Dim::with(std::string_view symbol, const Dim& value) const {
  Dim sum(number_);
  for (const auto& [atoms, coefficient] : terms()) {
    Dim product(coefficient);
    for (const std::string& atom : atoms) {
      if (const auto call = as_call(atom))
        product = product * Dim::call(call->function, {call->a.with(symbol, value), call->b.with(symbol, value)});
      else
        product = product * (atom == symbol ? value : Dim::symbol(atom));
    }
    sum = sum + product;
  }
  return sum;
}

std::int64_t Dim::evaluate(const Binding& binding) const {
  std::int64_t sum = number_;
  for (const auto& [atoms, coefficient] : terms()) {
    std::int64_t product = coefficient;
    for (const std::string& atom : atoms) {
      if (const auto call = as_call(atom)) {
        product = times(product, apply(call->function, call->a.evaluate(binding), call->b.evaluate(binding)));
        continue;
      }
      const auto it = binding.find(atom);
      if (it == binding.end()) throw std::out_of_range(fmt::format("the size '{}' is not known", atom));
      product = times(product, it->second);
    }
    sum = plus(sum, product);
  }
  return sum;
}

Dim operator+(const Dim& a, const Dim& b) {
  const std::int64_t number = plus(a.number_, b.number_);
  if (!a.terms_ && !b.terms_) return number;
  Dim::Terms out = a.terms();
  for (const auto& [atoms, coefficient] : b.terms()) {
    auto& term = out[atoms];
    term = plus(term, coefficient);
    if (term == 0) out.erase(atoms);
  }
  return {std::move(out), number};
}

Dim operator-(const Dim& a, const Dim& b) { return a + b * Dim(-1); }

Dim operator*(const Dim& a, const Dim& b) {
  const std::int64_t number = times(a.number_, b.number_);
  Dim::Terms out;
  const auto add = [&](Dim::Monomial atoms, std::int64_t coefficient) {
    if (coefficient == 0) return;
    std::ranges::sort(atoms);
    auto& term = out[atoms];
    term = plus(term, coefficient);
    if (term == 0) out.erase(atoms);
    if (out.size() > max_terms) throw Error(ErrorKind::input, {}, "a size expression has too many terms");
  };
  for (const auto& [atoms, x] : a.terms()) add(atoms, times(x, b.number_));
  for (const auto& [atoms, y] : b.terms()) add(atoms, times(y, a.number_));
  for (const auto& [left, x] : a.terms())
    for (const auto& [right, y] : b.terms()) {
      Dim::Monomial atoms = left;
      atoms.insert(atoms.end(), right.begin(), right.end());
      add(std::move(atoms), times(x, y));
    }
  return {std::move(out), number};
}

std::strong_ordering operator<=>(const Dim& a, const Dim& b) {
  const bool shared = a.terms_ == b.terms_;
  const auto order = shared ? std::strong_ordering::equal : a.terms() <=> b.terms();
  return order == 0 ? a.number_ <=> b.number_ : order;
}

std::string str(const Shape& shape) {
  std::vector<std::string> sizes;
  for (const Dim& dim : shape) sizes.push_back(dim.str());
  return fmt::format("[{}]", fmt::join(sizes, ", "));
}

std::vector<std::int64_t> evaluate(const Shape& shape, const Dim::Binding& binding) {
  std::vector<std::int64_t> sizes;
  for (const Dim& dim : shape) sizes.push_back(dim.evaluate(binding));
  return sizes;
}

}  // namespace torch2mlx::graph
