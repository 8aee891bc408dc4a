// select(expand_dims(x, axis=1), axis=2, index=0)  ->  index(x, items=(":", None, 0))
// Subscripts in Python are one expression, so runs of them become one node; last of all passes.
#include <algorithm>
#include <array>

#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

constexpr std::array<std::string_view, 3> range_parts{"start", "stop", "step"};

bool is_full(const Arg& item) { return item.is<std::string>(); }  // ":"
bool is_new(const Arg& item) { return item.is<std::monostate>(); }
bool is_range(const Arg& item) { return item.is<List>(); }
bool keeps_axis(const Arg& item) { return is_full(item) || is_new(item) || is_range(item); }

// Position of the item that makes axis `axis` of the result; full items are added where the subscript ends before.
std::size_t item_at(List& items, int axis) {
  for (std::size_t i = 0;; ++i) {
    if (i == items.size()) items.emplace_back(":");
    if (keeps_axis(items[i]) && axis-- == 0) return i;
  }
}

// Items of one subscript after those in `items`; false if the two do not fit in one.
bool add(List& items, const Node& node, int rank) {
  const auto axis = axis_of(node, rank + (node.op == "expand_dims"));
  if (!axis) return false;
  const std::size_t at = item_at(items, *axis);
  const Arg* index = node.find("index");
  if (node.op == "expand_dims") {
    items.emplace(items.begin() + static_cast<std::ptrdiff_t>(at));
    return true;
  }
  if (node.op == "slice") {
    if (!is_full(items[at])) return false;
    List parts(3);
    for (std::size_t i = 0; i < 3; ++i)
      if (const Arg* part = node.find(range_parts[i])) parts[i] = *part;
    items[at] = std::move(parts);
    return true;
  }
  if (is_new(items[at]) && (node.op == "squeeze" || index)) {
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
    return true;
  }
  if (!is_full(items[at])) return false;
  items[at] = node.op == "squeeze" ? Arg(0) : *index;
  return true;
}

// 0 and 1 are what Python takes for a missing start and step.
void simplify(List& items) {
  while (!items.empty() && is_full(items.back())) items.pop_back();
  for (Arg& item : items) {
    if (!is_range(item)) continue;
    List parts = item.as<List>();
    if (integer(&parts[0]) == 0) parts[0] = Arg();
    if (integer(&parts[2]) == 1) parts[2] = Arg();
    item = std::move(parts);
  }
}

constexpr std::array<std::string_view, 3> starting{"slice", "select", "expand_dims"};

class Merger {
 public:
  explicit Merger(Graph& graph) : uses_(count_uses(graph)), r_(graph) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      const bool starts = std::ranges::find(starting, node.op) != starting.end();
      if (!starts && node.op != "squeeze") return std::nullopt;
      const Arg x = node.args[0].value;
      const Node* inner = r_.definition(x, "index");
      const bool alone = inner && inner->scope == node.scope && uses_[inner->result().id] == 1;
      List items = alone ? inner->find("items")->as<List>() : List();
      if (alone && add(items, node, r_.rank(x))) return write(node, inner->args[0].value, std::move(items));
      items.clear();
      return starts && add(items, node, r_.rank(x)) ? write(node, x, std::move(items)) : std::nullopt;
    });
  }

 private:
  // The node itself becomes the subscript, so that counts of uses stay true.
  std::optional<Arg> write(Node& node, const Arg& base, List items) {
    simplify(items);
    if (items.empty()) return base;
    node.op = "index";
    node.args = {{"", Arg(base)}, {"items", std::move(items)}};
    return std::nullopt;
  }

  std::vector<int> uses_;
  Rewriter r_;
};

}  // namespace

void merge_index(Graph& graph) { Merger(graph).run(); }

}  // namespace torch2mlx::passes
