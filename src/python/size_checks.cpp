#include "python/size_checks.h"

#include <fmt/format.h>

#include "base/error.h"
#include "python/sizes.h"
#include "run/input_sizes.h"

namespace torch2mlx::python {
namespace {

using graph::Graph;
using graph::Input;
using run::SizeRule;

class Checker {
 public:
  Checker(const Graph& graph, const std::function<std::string(const std::string&)>& access)
      : graph_(graph), access_(access) {
    for (const Input& input : graph.inputs)
      if (input.kind == graph::InputKind::user) users_.push_back(input.value);
  }

  std::vector<SizeCheck> run() {
    const std::vector<SizeRule> rules = run::unenforced_rules(graph_);
    for (std::size_t i = 0; i < rules.size();) {
      std::size_t end = i + 1;
      // Constants side by side are compared at once.
      while (end < rules.size() && rules[i].size.constant() && rules[end].size.constant() &&
             rules[end].input == rules[i].input && rules[end].axis == rules[end - 1].axis + 1)
        ++end;
      if (end > i + 1)
        add_all(std::span(rules).subspan(i, end - i));
      else
        add(rules[i]);
      i = end;
    }
    for (const graph::Condition& condition : graph_.conditions)
      checks_.push_back({condition.str(access_), condition.negated(access_)});
    return std::move(checks_);
  }

 private:
  std::string text(graph::Ref input) const { return access_(graph_.input(input)->target); }

  void add_all(std::span<const SizeRule> rules) {
    const SizeRule &first = rules.front(), &last = rules.back();
    const bool to_the_end = last.axis + 1 == graph_.type(first.input).shape.size();
    std::string sizes;
    for (const SizeRule& rule : rules) sizes += (sizes.empty() ? "" : ", ") + rule.size.str();
    compare(
        fmt::format("{}.shape[{}:{}]", text(first.input), first.axis, to_the_end ? "" : std::to_string(last.axis + 1)),
        "==", "!=", "(" + sizes + ")");
  }

  void add(const SizeRule& rule) {
    const std::string size = fmt::format("{}.shape[{}]", text(rule.input), rule.axis);
    const bool most = rule.max != INT64_MAX, least = rule.min != 0;
    if (most && rule.max == rule.min) return compare(size, "==", "!=", std::to_string(rule.max));
    if (most) compare(size, "<=", ">", std::to_string(rule.max));
    if (least) compare(size, ">=", "<", std::to_string(rule.min));
    if (most || least) return;
    const Sizes sizes(graph_, users_);
    const auto name = [&](const graph::Dim& dim) -> std::optional<std::string> {
      const bool itself = dim == rule.size && !dim.as_symbol();
      const auto source = itself ? std::nullopt : sizes.find(dim);
      if (!source) return std::nullopt;
      const std::string held = text(users_[source->input]);
      return source->axis == Sizes::npos ? held : fmt::format("{}.shape[{}]", held, source->axis);
    };
    try {
      compare(size, "==", "!=", size_text(rule.size, name).text);
    } catch (const Error&) {  // no other size tells it
    }
  }

  void compare(const std::string& a, const char* holds, const char* fails, const std::string& b) {
    checks_.push_back({fmt::format("{} {} {}", a, holds, b), fmt::format("{} {} {}", a, fails, b)});
  }

  const Graph& graph_;
  const std::function<std::string(const std::string&)>& access_;
  std::vector<graph::Ref> users_;
  std::vector<SizeCheck> checks_;
};

}  // namespace

std::vector<SizeCheck> size_checks(const Graph& graph, const std::function<std::string(const std::string&)>& access) {
  return Checker(graph, access).run();
}

}  // namespace torch2mlx::python
