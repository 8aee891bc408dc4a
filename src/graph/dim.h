// A size: an integer or an integer expression over symbols, kept in a normal form so that equal sizes compare equal.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace torch2mlx::graph {

// A polynomial with integer coefficients over atoms; an atom is a symbol ("s0") or an opaque integer function of other
// sizes, spelled canonically ("floordiv(s0, 2)"). Sums and products of sizes are exact, and what a constant divisor
// divides leaves the division.
class Dim {
 public:
  Dim() = default;
  Dim(std::int64_t value);  // NOLINT(google-explicit-constructor): sizes are mostly numbers
  static Dim symbol(std::string_view name);
  // floordiv, mod, max, min: constant when all arguments are, an atom otherwise.
  static Dim call(std::string_view function, const std::vector<Dim>& arguments);
  // Parses what `str()` prints and what torch.export writes: "s0", "2*s0 + 1", "((s1//2))", "Mod(s0, 2)", "Max(1, s0)".
  // Throws Error(unsupported) for functions of sizes that are none of integers, "CeilToInt(...)", and Error(input) on
  // anything else; nothing is evaluated.
  static Dim parse(std::string_view text);

  std::optional<std::int64_t> constant() const;  // nullopt if it depends on a symbol
  std::optional<std::string> as_symbol() const;  // the symbol, if it is just one
  std::string str() const;
  Dim with(std::string_view symbol, const Dim& value) const;         // value in place of the symbol
  std::vector<std::string> symbols() const;                          // sorted, unique
  using Binding = std::map<std::string, std::int64_t, std::less<>>;  // symbol -> size
  // Value under a binding of every symbol in it. Throws std::out_of_range for an unbound one.
  std::int64_t evaluate(const Binding& binding) const;

  friend Dim operator+(const Dim& a, const Dim& b);
  friend Dim operator-(const Dim& a, const Dim& b);
  friend Dim operator*(const Dim& a, const Dim& b);
  friend bool operator==(const Dim& a, const Dim& b) { return (a <=> b) == 0; }
  friend std::strong_ordering operator<=>(const Dim& a, const Dim& b);

 private:
  using Monomial = std::vector<std::string>;       // sorted atoms, repeated for powers; never empty
  using Terms = std::map<Monomial, std::int64_t>;  // no zero coefficients
  Dim(Terms terms, std::int64_t number);

  static Dim atom(std::string_view function, const Dim& a, const Dim& b);
  const Terms& terms() const;

  // Most sizes are numbers, and most others are copies: neither takes memory of its own.
  std::shared_ptr<const Terms> terms_;  // nullptr: none
  std::int64_t number_ = 0;             // the constant term
};

using Shape = std::vector<Dim>;
std::string str(const Shape& shape);  // "[s0, 3]"
std::vector<std::int64_t> evaluate(const Shape& shape, const Dim::Binding& binding);

}  // namespace torch2mlx::graph
