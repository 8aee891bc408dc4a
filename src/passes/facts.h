// What is known of the elements of integer, boolean and constant arrays without running anything.
#pragma once

#include <optional>
#include <vector>

#include "passes/rewrite.h"

namespace torch2mlx::passes {

// full: every element is `value`. ramp: element i of axis `axis` is start + i * step, whatever the other indices.
struct Fact {
  enum class Kind : std::uint8_t { unknown, full, ramp };
  Kind kind = Kind::unknown;
  Arg value;  // bool, integer or double, as the dtype says
  int axis = 0;
  std::int64_t start = 0, step = 1;

  static Fact full(Arg value) { return {Kind::full, std::move(value)}; }
  // Unknown where the numbers are so large that arithmetic on them might overflow.
  static Fact ramp(int axis, std::int64_t start, std::int64_t step);
  bool is_full() const { return kind == Kind::full; }
  bool is_ramp() const { return kind == Kind::ramp; }
  bool known() const { return kind != Kind::unknown; }
};

// A number of a constant's data, `offset` elements from the start of its storage; nothing for dtypes without one.
std::optional<Arg> read_element(const torch2mlx::Tensor& tensor, std::int64_t offset);

// Ops that only give what they take its place among the axes.
bool places(std::string_view op);

// Of a constant's data. Data that is neither is left after its first elements.
Fact fact_of(const torch2mlx::Tensor& tensor);

class Facts {
 public:
  explicit Facts(Rewriter& rewriter);
  // Of a value or a literal.
  Fact of(const Arg& arg) const;
  // Of the result of a node, from those of its operands.
  Fact infer(const Node& node) const;
  void set(Ref ref, Fact fact);

 private:
  Rewriter& r_;
  std::vector<Fact> facts_;  // by value id
};

}  // namespace torch2mlx::passes
