// index_update(x, index_update(slice(x, axis=1, start=2), v, (0,)), (":", (2, None, None)))
//   ->  index_update(x, v, (0, (2, None, None))): a write to a view of a view is one assignment
// index_update(index_update(x, v, (0,)), v, (0,))  ->  index_update(x, v, (0,))
#include <algorithm>

#include "passes/passes.h"
#include "passes/rewrite.h"

namespace torch2mlx::passes {
namespace {

bool is_full(const Arg& item) { return item.is<std::string>(); }

const List& items_of(const Node& update) { return update.find("items")->as<List>(); }

// What a slice or select takes, as items of a subscript.
std::optional<List> items_of_view(const Node& node, int rank) {
  const auto axis = axis_of(node, rank);
  if (!axis || (node.op != "slice" && node.op != "select")) return std::nullopt;
  List items(static_cast<std::size_t>(*axis), ":");
  if (node.op == "select") {
    items.push_back(*node.find("index"));
    return items;
  }
  List range(3);
  const char* const parts[] = {"start", "stop", "step"};
  for (std::size_t i = 0; i < 3; ++i)
    if (const Arg* part = node.find(parts[i])) range[i] = *part;
  items.emplace_back(std::move(range));
  return items;
}

// The item of x that is item `inner` of the range `outer` of x; nothing if it takes more than a constant to tell.
std::optional<Arg> inside(const Arg& outer, const Arg& inner) {
  if (is_full(inner)) return outer;
  if (is_full(outer)) return inner;
  const List& range = outer.as<List>();
  const auto* at = inner.get_if<std::int64_t>();
  const auto start = range[0].is<std::monostate>() ? std::optional<std::int64_t>(0) : integer(&range[0]);
  const auto step = range[2].is<std::monostate>() ? std::optional<std::int64_t>(1) : integer(&range[2]);
  if (!at || *at < 0 || !start || *start < 0 || !step) return std::nullopt;
  return Arg(*start + *at * *step);
}

std::optional<List> merged(const List& outer, List inner, std::size_t rank) {
  List items;
  std::size_t next = 0;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const Arg item = axis < outer.size() ? outer[axis] : Arg(":");
    if (!is_full(item) && !item.is<List>()) {
      items.push_back(item);
      continue;
    }
    const auto both = inside(item, next < inner.size() ? inner[next] : Arg(":"));
    if (!both) return std::nullopt;
    items.push_back(*both);
    ++next;
  }
  while (items.size() > 1 && is_full(items.back())) items.pop_back();
  return items;
}

}  // namespace

void merge_updates(Graph& graph) {
  Rewriter r(graph);
  r.run([&](Node& node) -> std::optional<Arg> {
    if (node.op != "index_update") return std::nullopt;
    const Arg x = node.args[0].value;
    // x[:, 2] -= 1 writes what is there already.
    const Node* before = r.definition(x, "index_update");
    if (before && before->args[1].value == node.args[1].value && items_of(*before) == items_of(node)) return x;
    const Node* read = r.definition(node.args[1].value);
    if (read && !read->args.empty() && x.is<Ref>() && read->args[0].value == x &&
        items_of_view(*read, r.rank(x)) == items_of(node))
      return x;
    const Node* inner = r.definition(node.args[1].value, "index_update");
    const Node* view = inner ? r.definition(inner->args[0].value) : nullptr;
    if (!view || view->args.empty() || view->args[0].value != x || !x.is<Ref>()) return std::nullopt;
    const auto viewed = items_of_view(*view, r.rank(x));
    if (!viewed || *viewed != items_of(node)) return std::nullopt;
    auto items = merged(*viewed, items_of(*inner), static_cast<std::size_t>(r.rank(x)));
    if (!items) return std::nullopt;
    node.args = {{"", x}, {"", inner->args[1].value}, {"items", std::move(*items)}};
    return std::nullopt;
  });
}

}  // namespace torch2mlx::passes
