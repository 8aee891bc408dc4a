#include "graph/condition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <variant>

#include "base/error.h"
#include "base/numbers.h"
#include "graph/graph.h"

namespace torch2mlx::graph {
namespace {

using Number = std::variant<std::int64_t, double>;  // Python's int and float; a bool is an int
using Result = std::optional<Number>;

// How strongly operators bind, as in Python's grammar.
enum class Rank : std::uint8_t { either, both, inverse, compare, sum, product, sign, power, atom };

// The parser goes down several functions for each level; expressions nest to the left without going down.
constexpr int max_depth = 200, max_height = 2000;
constexpr std::size_t max_text = 100'000;

double real(const Number& n) {
  return std::visit([](auto value) { return static_cast<double>(value); }, n);
}
bool truth(const Number& n) { return real(n) != 0; }
Number from(bool value) { return std::int64_t{value}; }

Result whole(double value) {
  if (!(std::abs(value) < 0x1p62)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}
Result finite(double value) { return std::isfinite(value) ? Result(value) : std::nullopt; }

// Python's: the remainder has the divisor's sign, quotients are rounded towards minus infinity.
std::int64_t remainder(std::int64_t a, std::int64_t b) {
  const std::int64_t left = b == -1 ? 0 : a % b;
  return left != 0 && (left < 0) != (b < 0) ? left + b : left;
}
double remainder(double a, double b) {
  const double left = std::fmod(a, b);
  return left != 0 && (left < 0) != (b < 0) ? left + b : left;
}

Result integers(std::string_view op, std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  if (op == "+") return __builtin_add_overflow(a, b, &out) ? std::nullopt : Result(out);
  if (op == "-") return __builtin_sub_overflow(a, b, &out) ? std::nullopt : Result(out);
  if (op == "*") return __builtin_mul_overflow(a, b, &out) ? std::nullopt : Result(out);
  if (op == "**") {
    if (b < 0) return a == 0 ? std::nullopt : finite(std::pow(static_cast<double>(a), static_cast<double>(b)));
    if (b > 62) return std::nullopt;
    for (out = 1; b > 0; --b)
      if (__builtin_mul_overflow(out, a, &out)) return std::nullopt;
    return out;
  }
  if (b == 0) return std::nullopt;
  if (op == "%") return remainder(a, b);
  if (op == "/") return finite(static_cast<double>(a) / static_cast<double>(b));
  // Without overflow, as the remainder has the divisor's sign.
  if (op == "//" && b != -1) return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
  return op == "//" ? integers("-", 0, a) : std::nullopt;
}

Result reals(std::string_view op, double a, double b) {
  if (op == "+") return finite(a + b);
  if (op == "-") return finite(a - b);
  if (op == "*") return finite(a * b);
  if (op == "**") return finite(std::pow(a, b));
  if (b == 0) return std::nullopt;
  if (op == "/") return finite(a / b);
  if (op == "%") return finite(remainder(a, b));
  return op == "//" ? finite(std::nearbyint((a - remainder(a, b)) / b)) : std::nullopt;
}

std::optional<bool> compared(std::string_view op, const Number& a, const Number& b) {
  const auto by = [&](auto x, auto y) -> std::optional<bool> {
    if (op == "==") return x == y;
    if (op == "!=") return x != y;
    if (op == "<") return x < y;
    if (op == "<=") return x <= y;
    if (op == ">") return x > y;
    if (op == ">=") return x >= y;
    return std::nullopt;
  };
  const auto *x = std::get_if<std::int64_t>(&a), *y = std::get_if<std::int64_t>(&b);
  return x && y ? by(*x, *y) : by(real(a), real(b));
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> opposites{
    {{"==", "!="}, {"!=", "=="}, {"<", ">="}, {">=", "<"}, {">", "<="}, {"<=", ">"}}};

// A function of torch.export's texts, what it gives, and how code says it that imports nothing.
struct Function {
  std::string_view name;
  Result (*of)(const Number&);
  std::string_view text;
};
Result as_it_is(const Number& n) { return n; }
Result rounded(const Number& n, double (*round)(double)) {
  return std::holds_alternative<std::int64_t>(n) ? Result(n) : whole(round(real(n)));
}
constexpr std::array functions{
    Function{"abs", [](const Number& n) { return truth(n) && real(n) < 0 ? reals("*", real(n), -1) : as_it_is(n); },
             "abs({})"},
    Function{"int", [](const Number& n) { return rounded(n, std::trunc); }, "int({})"},
    Function{"math.trunc", [](const Number& n) { return rounded(n, std::trunc); }, "int({})"},
    Function{"round", [](const Number& n) { return rounded(n, std::nearbyint); }, "round({})"},
    Function{"math.floor", [](const Number& n) { return rounded(n, std::floor); }, "int({} // 1)"},
    Function{"math.ceil", [](const Number& n) { return rounded(n, std::ceil); }, "-int(-{} // 1)"},
    Function{"float", [](const Number& n) { return finite(real(n)); }, "float({})"},
    Function{"torch.sym_float", [](const Number& n) { return finite(real(n)); }, "float({})"},
    Function{"math.sqrt", [](const Number& n) { return real(n) < 0 ? std::nullopt : finite(std::sqrt(real(n))); },
             "{} ** 0.5"},
};

}  // namespace

struct Condition::Expression {
  enum class Kind : std::uint8_t { number, size, sign, inverse, binary, compare, both, either, most, least, function };
  Kind kind = Kind::number;
  Number value = std::int64_t{0};  // number; size: its axis
  std::string text = {};           // size: its input's target; binary and compare: the operator
  const Function* function = nullptr;
  std::vector<Expression> parts = {};
  int height = 0;  // of the tree below

  Result at(const Shapes& shapes) const;
  std::pair<std::string, Rank> str(const Access& access) const;
  std::string within(Rank rank, const Access& access) const {
    const auto [inner, binds] = str(access);
    return binds < rank ? "(" + inner + ")" : inner;
  }
};

namespace {

using Expression = Condition::Expression;
using Kind = Expression::Kind;

Result size_of(const Expression& size, const Condition::Shapes& shapes) {
  const auto it = shapes.find(size.text);
  const auto axis = std::get<std::int64_t>(size.value);
  if (it == shapes.end() || axis >= std::ssize(it->second)) return std::nullopt;
  return it->second[static_cast<std::size_t>(axis)];
}

// Python's grammar of expressions, as far as sizes need it.
class Parser {
 public:
  Parser(std::string_view text, const Condition::Targets& targets, const Condition::Symbols& symbols)
      : text_(text), targets_(targets), symbols_(symbols) {}

  // Throws Error for anything else.
  Expression parse() {
    Expression all = either();
    skip();
    if (at_ != text_.size()) fail();
    return all;
  }

 private:
  [[noreturn]] static void fail() { throw Error(ErrorKind::unsupported, {}, "is no condition on sizes"); }

  static bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(std::string_view token) {
    skip();
    if (!text_.substr(at_).starts_with(token)) return false;
    const bool word = in_word(token.back());
    if (word && at_ + token.size() < text_.size() && in_word(text_[at_ + token.size()])) return false;
    at_ += token.size();
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) fail();
  }

  static Expression join(Kind kind, std::string_view op, Expression a, Expression b) {
    Expression joined{.kind = kind, .text = std::string(op)};
    joined.height = std::max(a.height, b.height) + 1;
    if (joined.height > max_height) fail();
    joined.parts.push_back(std::move(a));
    joined.parts.push_back(std::move(b));
    return joined;
  }
  static Expression wrap(Kind kind, Expression inner) {
    Expression whole{.kind = kind, .height = inner.height + 1};
    whole.parts.push_back(std::move(inner));
    return whole;
  }

  Expression either() {
    if (++depth_ > max_depth) fail();
    Expression left = both();
    while (take("or")) left = join(Kind::either, "or", std::move(left), both());
    --depth_;
    return left;
  }
  Expression both() {
    Expression left = inverse();
    while (take("and")) left = join(Kind::both, "and", std::move(left), inverse());
    return left;
  }
  Expression inverse() {
    if (!take("not")) return comparison();
    if (++depth_ > max_depth) fail();
    Expression whole = wrap(Kind::inverse, inverse());
    --depth_;
    return whole;
  }
  Expression comparison() {
    Expression left = sum();
    if (const std::string_view op = comparator(); !op.empty()) left = join(Kind::compare, op, std::move(left), sum());
    return left;  // a chain of them is no end of the text
  }
  std::string_view comparator() {
    for (const std::string_view op : {"==", "!=", "<=", ">=", "<", ">"})
      if (take(op)) return op;
    return {};
  }
  Expression sum() {
    Expression left = product();
    for (;;) {
      const std::string_view op = take("+") ? "+" : take("-") ? "-" : "";
      if (op.empty()) return left;
      left = join(Kind::binary, op, std::move(left), product());
    }
  }
  Expression product() {
    Expression left = sign();
    for (;;) {
      const std::string_view op = take("//") ? "//" : take("/") ? "/" : take("%") ? "%" : take("*") ? "*" : "";
      if (op.empty()) return left;
      left = join(Kind::binary, op, std::move(left), sign());
    }
  }
  Expression sign() {
    if (!take("-")) return power();
    if (++depth_ > max_depth) fail();
    Expression whole = wrap(Kind::sign, sign());
    --depth_;
    return whole;
  }
  Expression power() {
    Expression base = atom();
    return take("**") ? join(Kind::binary, "**", std::move(base), sign()) : base;
  }

  Expression atom() {
    if (take("(")) {
      Expression inner = either();
      expect(")");
      return inner;
    }
    if (digit_ahead()) return {.value = number()};
    std::string name = word();
    if (name == "True" || name == "False") return {.value = from(name == "True")};
    if (const auto symbol = symbols_.find(name); symbol != symbols_.end())
      return {.kind = Kind::size, .value = symbol->second.second, .text = symbol->second.first};
    if (name == "L" && targets_) return size();
    while (take(".")) name += "." + word();
    return call(name);
  }
  std::string word() {
    skip();
    const std::size_t start = at_;
    while (at_ < text_.size() && in_word(text_[at_])) ++at_;
    if (start == at_) fail();
    return std::string(text_.substr(start, at_ - start));
  }
  bool digit_ahead() {
    skip();
    return at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_]));
  }
  Number number() {
    if (!digit_ahead()) fail();
    const std::string_view rest = text_.substr(at_);
    const auto real = real_ahead(rest);
    if (!real) fail();
    const std::string_view text = rest.substr(0, real->length);
    at_ += real->length;
    if (text.find_first_not_of("0123456789") != text.npos) return real->value;
    const auto whole = parse_number<std::int64_t>(text);
    if (!whole) fail();
    return *whole;
  }

  // What follows L: ['past'][0].size()[1]
  Expression size() {
    std::string path;
    for (;;) {
      if (take(".size()[") || take(".shape[")) {
        const Number axis = number();
        expect("]");
        Expression size{.kind = Kind::size, .value = axis, .text = targets_(path)};
        if (size.text.empty() || !std::holds_alternative<std::int64_t>(axis)) fail();
        return size;
      }
      if (!path.empty()) path += "_";
      if (take(".")) {
        path += word();
      } else if (take("['")) {
        const std::size_t end = text_.find('\'', at_);
        if (end == text_.npos) fail();
        path += text_.substr(at_, end - at_);
        at_ = end;
        expect("']");
      } else if (take("[")) {
        path += word();
        expect("]");
      } else {
        fail();
      }
    }
  }

  Expression call(const std::string& name) {
    expect("(");
    std::vector<Expression> arguments;
    do arguments.push_back(either());
    while (take(","));
    expect(")");
    const int height = std::ranges::max(arguments, {}, &Expression::height).height + 1;
    Expression whole{.kind = Kind::function, .parts = std::move(arguments), .height = height};
    if (name == "floordiv" || name == "mod") {
      if (whole.parts.size() != 2) fail();
      return join(Kind::binary, name == "mod" ? "%" : "//", std::move(whole.parts[0]), std::move(whole.parts[1]));
    }
    if (name == "max" || name == "min") {
      if (whole.parts.size() < 2) fail();
      whole.kind = name == "max" ? Kind::most : Kind::least;
      return whole;
    }
    const auto row = std::ranges::find(functions, name, &Function::name);
    if (row == functions.end() || whole.parts.size() != 1) fail();
    whole.function = row;
    return whole;
  }

  std::string_view text_;
  const Condition::Targets& targets_;
  const Condition::Symbols& symbols_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result Condition::Expression::at(const Shapes& shapes) const {
  if (kind == Kind::number) return value;
  if (kind == Kind::size) return size_of(*this, shapes);
  const Result first = parts[0].at(shapes);
  if (!first) return std::nullopt;
  if (kind == Kind::sign)
    return std::holds_alternative<std::int64_t>(*first) ? integers("-", 0, std::get<std::int64_t>(*first))
                                                        : Result(-std::get<double>(*first));
  if (kind == Kind::inverse) return from(!truth(*first));
  if (kind == Kind::function) return function->of(*first);
  if (kind == Kind::most || kind == Kind::least) {
    Number found = *first;
    for (const Expression& part : parts) {
      const Result other = part.at(shapes);
      if (!other) return std::nullopt;
      if (*compared(kind == Kind::most ? ">" : "<", *other, found)) found = *other;
    }
    return found;
  }
  // Python looks no further where the first decides.
  if (kind == Kind::both && !truth(*first)) return from(false);
  if (kind == Kind::either && truth(*first)) return from(true);
  const Result second = parts[1].at(shapes);
  if (!second) return std::nullopt;
  if (kind == Kind::both || kind == Kind::either) return from(truth(*second));
  if (kind == Kind::compare) return from(*compared(text, *first, *second));
  const auto *a = std::get_if<std::int64_t>(&*first), *b = std::get_if<std::int64_t>(&*second);
  return a && b ? integers(text, *a, *b) : reals(text, real(*first), real(*second));
}

std::pair<std::string, Rank> Condition::Expression::str(const Access& access) const {
  const auto listed = [&] {
    std::string all;
    for (const Expression& part : parts) all += (all.empty() ? "" : ", ") + part.str(access).first;
    return all;
  };
  const auto joined = [&](Rank left, Rank right, Rank own) {
    return std::pair(parts[0].within(left, access) + " " + text + " " + parts[1].within(right, access), own);
  };
  switch (kind) {
    case Kind::number:
      if (const auto* integer = std::get_if<std::int64_t>(&value)) return {std::to_string(*integer), Rank::atom};
      return {number_text(std::get<double>(value)), Rank::atom};
    case Kind::size:
      return {fmt::format("{}.shape[{}]", access(text), std::get<std::int64_t>(value)), Rank::atom};
    case Kind::sign:
      return {"-" + parts[0].within(Rank::sign, access), Rank::sign};
    case Kind::inverse:
      return {"not " + parts[0].within(Rank::inverse, access), Rank::inverse};
    case Kind::most:
      return {"max(" + listed() + ")", Rank::atom};
    case Kind::least:
      return {"min(" + listed() + ")", Rank::atom};
    case Kind::function: {
      const bool called = function->text.ends_with("({})");
      std::string inner = called ? listed() : parts[0].within(Rank::atom, access);
      const Rank rank = called || !function->text.starts_with("{}") ? Rank::sign : Rank::power;
      return {fmt::format(fmt::runtime(function->text), inner), called ? Rank::atom : rank};
    }
    case Kind::either:
      return joined(Rank::either, Rank::both, Rank::either);
    case Kind::both:
      return joined(Rank::both, Rank::inverse, Rank::both);
    case Kind::compare:
      return joined(Rank::sum, Rank::sum, Rank::compare);
    case Kind::binary:
      break;
  }
  if (text == "**") return joined(Rank::atom, Rank::sign, Rank::power);
  if (text == "+" || text == "-") return joined(Rank::sum, Rank::product, Rank::sum);
  return joined(Rank::product, Rank::sign, Rank::product);
}

Condition::Condition(std::string_view text, const Targets& targets, const Symbols& symbols) : text_(text) {
  if (text.size() > max_text) return;
  try {
    root_ = std::make_shared<const Expression>(Parser(text, targets, symbols).parse());
  } catch (const Error&) {
    return;
  }
}

Condition::Condition(std::string target, std::int64_t axis, std::int64_t size) {
  Expression compared{.kind = Kind::compare, .text = "==", .height = 1};
  compared.parts = {{.kind = Kind::size, .value = axis, .text = std::move(target)}, {.value = size}};
  root_ = std::make_shared<const Expression>(std::move(compared));
}

std::optional<bool> Condition::holds(const Shapes& shapes) const {
  const Result result = root_ ? root_->at(shapes) : std::nullopt;
  return result ? std::optional(truth(*result)) : std::nullopt;
}

std::string Condition::str(const Access& access) const { return root_ ? root_->str(access).first : printable(text_); }

std::string Condition::negated(const Access& access) const {
  if (root_ && root_->kind == Kind::inverse) return root_->parts[0].str(access).first;
  if (root_ && root_->kind == Kind::compare) {
    Expression other = *root_;
    other.text =
        std::ranges::find(opposites, root_->text, &std::pair<std::string_view, std::string_view>::first)->second;
    return other.str(access).first;
  }
  return "not " + (root_ ? root_->within(Rank::inverse, access) : printable(text_));
}

}  // namespace torch2mlx::graph
