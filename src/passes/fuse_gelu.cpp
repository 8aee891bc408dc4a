// x * 0.5 * (1 + erf(x / sqrt(2)))  ->  gelu(x), and the tanh form -> gelu_approx(x)
#include <cmath>
#include <numbers>

#include "passes/match.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

struct Form {
  std::string_view op;
  Pattern pattern;
};

// The three ways to multiply x, 1/2 and 1 + inner.
void add_forms(std::vector<Form>& forms, std::string_view op, const Pattern& inner) {
  const Pattern x = any("x"), half = number_of(0.5), sum = call("add", inner, number_of(1));
  forms.push_back({op, call("multiply", call("multiply", x, half), sum)});
  forms.push_back({op, call("multiply", x, call("multiply", sum, half))});
  forms.push_back({op, call("multiply", call("multiply", x, sum), half)});
}

std::vector<Form> all_forms() {
  std::vector<Form> forms;
  const Pattern x = any("x");
  add_forms(forms, "gelu", call("erf", call("multiply", x, number_of(1 / std::numbers::sqrt2))));
  add_forms(forms, "gelu", call("erf", call("divide", x, number_of(std::numbers::sqrt2))));
  const double root = std::sqrt(2 / std::numbers::pi);
  for (const Pattern& cube : {call("power", x, number_of(3)), call("multiply", x, call("multiply", x, x)),
                              call("multiply", x, call("square", x))}) {
    const Pattern sum = call("add", x, call("multiply", cube, number_of(0.044715)));
    add_forms(forms, "gelu_approx", call("tanh", call("multiply", sum, number_of(root))));
  }
  return forms;
}

}  // namespace

void fuse_gelu(Graph& graph) {
  static const std::vector<Form> forms = all_forms();
  Rewriter r(graph);
  r.run([&](Node& node) -> std::optional<Arg> {
    if (node.op != "multiply") return std::nullopt;
    for (const Form& form : forms)
      if (auto found = match(r, node, form.pattern))
        if (const Arg x = found->values.at("x"); x.is<Ref>() && r.type(x) == graph.type(node.result()))
          return r.emit(form.op, {{"", x}}, r.type(x));
    return std::nullopt;
  });
}

}  // namespace torch2mlx::passes
