#include "passes/views.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "ops/table.h"
#include "passes/axes.h"

namespace torch2mlx::passes {
namespace {

// Of ops with fixed axes, those that treat the last one apart and the others alike.
constexpr std::array<std::string_view, 4> last_axis_ops{"linear", "layer_norm", "rms_norm", "batch_norm"};

bool is_unit(const Dim& dim) { return dim == Dim(1); }

// perm without some of its logical axes.
std::vector<int> without(const std::vector<int>& perm, const std::vector<int>& removed) {
  std::vector<int> bases, result;
  for (const int axis : removed) bases.push_back(perm[static_cast<std::size_t>(axis)]);
  for (std::size_t i = 0; i < perm.size(); ++i) {
    if (std::ranges::find(removed, static_cast<int>(i)) != removed.end()) continue;
    const auto below = std::ranges::count_if(bases, [&](int base) { return base < perm[i]; });
    result.push_back(perm[i] - static_cast<int>(below));
  }
  return result;
}

// Do the axes that have more than one element keep their order under perm?
bool keeps_order(const Shape& shape, const std::vector<int>& perm) {
  int last = -1;
  for (std::size_t i = 0; i < perm.size(); ++i) {
    if (is_unit(shape[i])) continue;
    if (perm[i] < last) return false;
    last = perm[i];
  }
  return true;
}

template <class F>
void each_tensor(const Graph& graph, Node& node, F&& f) {
  for (Argument& argument : node.args)
    graph::for_each_ref(argument.value, [&](Ref& ref) {
      if (graph.type(ref).kind == ValueKind::tensor) f(ref);
    });
}

// A reshape of transpose(base, axes=perm), done to the base: transpose(reshape(transpose(base, first), shape), perm).
struct Regrouped {
  std::vector<int> first;  // brings together what is merged; mostly the identity
  List shape;
  std::vector<int> perm;
};

Regrouped regrouped(const std::vector<int>& perm, const std::vector<AxisGroup>& groups, const List& shape) {
  struct Part {
    std::vector<int> bases;    // axes of the base
    std::vector<int> results;  // axes of the reshape's result
    bool together = true;
  };
  std::vector<Part> parts;
  int from = 0, to = 0;
  for (const AxisGroup& group : groups) {
    Part part;
    for (std::size_t i = 0; i < group.from; ++i) part.bases.push_back(perm[static_cast<std::size_t>(from++)]);
    for (std::size_t i = 0; i < group.to; ++i) part.results.push_back(to++);
    for (std::size_t i = 1; i < part.bases.size(); ++i) part.together &= part.bases[i] == part.bases[i - 1] + 1;
    parts.push_back(std::move(part));
  }
  // Merged axes that are last stay last, as what follows works on the last axis.
  const bool last = !parts.back().together;
  std::stable_sort(parts.begin(), parts.end() - (last ? 1 : 0),
                   [](const Part& a, const Part& b) { return a.bases[0] < b.bases[0]; });
  Regrouped out;
  out.perm.resize(shape.size());
  for (const Part& part : parts) {
    out.first.insert(out.first.end(), part.bases.begin(), part.bases.end());
    for (const int axis : part.results) {
      out.perm[static_cast<std::size_t>(axis)] = static_cast<int>(out.shape.size());
      out.shape.push_back(shape[static_cast<std::size_t>(axis)]);
    }
  }
  return out;
}

// The axes a node names, non-negative; nullopt if it names none, or not by numbers.
std::optional<std::vector<int>> named_axes(const Node& node, int rank) {
  const Arg* arg = node.find("axis");
  auto axes = integers(arg ? arg : node.find("axes"));
  if (!axes) return std::nullopt;
  for (int& axis : *axes) {
    if (axis < 0) axis += rank;
    if (axis < 0 || axis >= rank) return std::nullopt;
  }
  return axes;
}

}  // namespace

std::vector<std::size_t> Sinker::run() {
  std::size_t position = 0;
  r_.run([&](Node& node) -> std::optional<Arg> {
    const std::size_t at = position++;
    if (node.op == "transpose" && !pinned_[at])
      if (auto result = transpose(node, at)) return result;
    if (!sink(node)) materialize(node);
    return std::nullopt;
  });
  outputs();
  std::vector<std::size_t> losing;
  for (const Group& group : groups_)
    if (const Group& root = groups_[static_cast<std::size_t>(find(group.parent))];
        root.moved && root.after >= root.before)
      losing.insert(losing.end(), group.members.begin(), group.members.end());
  return losing;
}

int Sinker::find(int group) {
  while (groups_[static_cast<std::size_t>(group)].parent != group) {
    int& parent = groups_[static_cast<std::size_t>(group)].parent;
    parent = groups_[static_cast<std::size_t>(parent)].parent;
    group = parent;
  }
  return group;
}

int Sinker::unite(int a, int b) {
  a = find(a);
  b = find(b);
  if (a == b) return a;
  Group &kept = groups_[static_cast<std::size_t>(a)], &gone = groups_[static_cast<std::size_t>(b)];
  gone.parent = a;
  kept.before += gone.before;
  kept.after += gone.after;
  kept.moved += gone.moved;
  return a;
}

const View* Sinker::view(const Arg& arg) const {
  const auto* ref = arg.get_if<Ref>();
  return ref && ref->id < views_.size() && views_[ref->id] ? &*views_[ref->id] : nullptr;
}

// The transpose itself vanishes; whoever cannot be taken through makes it anew.
std::optional<Arg> Sinker::transpose(Node& node, std::size_t position) {
  const auto axes = integers(node.find("axes"));
  const auto* x = node.args[0].value.get_if<Ref>();
  if (!axes || !x) return std::nullopt;
  const View* inner = view(*x);
  View result{inner ? inner->base : *x, inner ? permuted(inner->perm, *axes) : *axes, 0, &node.place};
  if (inner) {
    result.group = find(inner->group);
  } else {
    result.group = static_cast<int>(groups_.size());
    groups_.emplace_back().parent = result.group;
  }
  Group& group = groups_[static_cast<std::size_t>(result.group)];
  ++group.before;
  group.members.push_back(position);
  if (is_identity(result.perm)) return Arg(result.base);
  views_.resize(r_.graph().values.size());
  views_[node.result().id] = std::move(result);
  return Arg(node.result());
}

bool Sinker::sink(Node& node) {
  const ops::Info* info = ops::find(node.op);
  bool any = false;
  each_tensor(r_.graph(), node, [&](Ref& ref) { any |= view(ref) != nullptr; });
  if (!info || !any) return false;
  if (info->axes == ops::Axes::elementwise) return elementwise(node);
  if (node.op == "expand_dims") return expand_dims(node);
  if (node.op == "pad") return pad(node);
  if (node.op == "broadcast_to") return broadcast_to(node);
  if (node.op == "reshape") return reshape(node);
  if (info->axes == ops::Axes::remap || node.op == "squeeze" || node.op == "slice" || node.op == "select")
    return along_axes(node);
  return last_axis(node);
}

// The view that all tensor operands share, nullptr if there is none.
const View* Sinker::common_view(Node& node) {
  const View* common = nullptr;
  bool same = true;
  each_tensor(r_.graph(), node, [&](const Ref& ref) {
    const View* one = view(ref);
    same &= one && (!common || one->perm == common->perm);
    if (!common) common = one;
  });
  return same ? common : nullptr;
}

// Results are made in base order: the node gets new results, and the old ones become views of them.
void Sinker::take_through(Node& node, const std::vector<int>& perm, int group) {
  ++groups_[static_cast<std::size_t>(find(group))].moved;
  for (Ref& result : node.results) {
    const Ref old = result;
    Type type = r_.graph().type(old);
    if (is_identity(perm)) continue;
    type.shape = permuted(type.shape, inverse(perm));
    const std::string name = r_.graph()[old].name;
    result = r_.graph().add_value(name, std::move(type));
    views_.resize(r_.graph().values.size());
    views_[old.id] = View{result, perm, group, nullptr};
  }
}

void Sinker::to_bases(Node& node, int group) {
  each_tensor(r_.graph(), node, [&](Ref& ref) {
    const View* one = view(ref);
    if (!one) return;
    unite(group, one->group);
    ref = one->base;
  });
}

// An operand that is broadcast, in base order, if that moves no element: (C,1,1) -> (C,) for channels last.
std::optional<Arg> Sinker::fitted(const Arg& arg, const std::vector<int>& perm) {
  if (const View* own = view(arg)) return own->perm == perm ? std::optional(Arg(own->base)) : std::nullopt;
  Shape shape = r_.shape(arg);
  if (std::ranges::all_of(shape, is_unit)) return arg;
  if (const auto made = existing(arg.as<Ref>(), inverse(perm), r_.current().scope)) return *made;
  if (shape.size() > perm.size()) return std::nullopt;
  shape.insert(shape.begin(), perm.size() - shape.size(), Dim(1));
  if (!keeps_order(shape, perm)) return std::nullopt;
  Type type = r_.type(arg);
  shape = permuted(shape, inverse(perm));
  shape.erase(shape.begin(), std::ranges::find_if_not(shape, is_unit));
  if (shape == type.shape) return arg;
  type.shape = shape;
  auto sizes = r_.sizes(shape);
  return sizes ? std::optional(Arg(r_.emit("reshape", {{"", arg}, {"shape", *sizes}}, std::move(type)))) : std::nullopt;
}

bool Sinker::elementwise(Node& node) {
  const std::size_t rank = r_.graph().type(node.results.at(0)).shape.size();
  const View* first = nullptr;
  std::vector<Ref*> operands;
  each_tensor(r_.graph(), node, [&](Ref& ref) {
    operands.push_back(&ref);
    if (const View* one = view(ref); one && !first && one->perm.size() == rank) first = one;
  });
  if (!first) return false;
  const View common = *first;
  std::vector<Arg> replaced;
  for (const Ref* ref : operands) {
    auto fit = fitted(*ref, common.perm);
    if (!fit) return false;
    replaced.push_back(*std::move(fit));
  }
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (const View* one = view(*operands[i])) unite(common.group, one->group);
    *operands[i] = replaced[i].as<Ref>();
  }
  take_through(node, common.perm, common.group);
  return true;
}

// softmax, concatenate, split: same rank, axes renamed. Reductions and squeeze: the named axes vanish.
bool Sinker::along_axes(Node& node) {
  const View* common = common_view(node);
  if (!common) return false;
  const View v = *common;
  const std::size_t rank = v.perm.size(), made = r_.graph().type(node.results.at(0)).shape.size();
  auto axes = named_axes(node, static_cast<int>(rank));
  const bool all = !node.find("axis") && !node.find("axes");  // a reduction over everything
  if (all && !is_reduction(node.op)) return false;
  if ((!axes && !all) || (all && made != rank && made != 0)) return false;
  if (axes && made != rank && made + axes->size() != rank) return false;
  std::vector<int> perm = v.perm;
  if (made == 0)
    perm.clear();
  else if (made != rank)
    perm = without(v.perm, *axes);
  for (Argument& argument : node.args)
    if (argument.name == "axis" || argument.name == "axes") {
      for (int& axis : *axes) axis = v.perm[static_cast<std::size_t>(axis)];
      argument.value = argument.value.is<List>() ? Arg(to_list(*axes)) : Arg(axes->front());
    }
  to_bases(node, v.group);
  take_through(node, perm, v.group);
  return true;
}

bool Sinker::last_axis(Node& node) {
  if (std::ranges::find(last_axis_ops, node.op) == last_axis_ops.end()) return false;
  const View* first = view(node.args[0].value);
  if (!first || first->perm.back() != static_cast<int>(first->perm.size()) - 1) return false;
  const View v = *first;
  std::size_t views = 0;
  each_tensor(r_.graph(), node, [&](Ref& ref) { views += view(ref) != nullptr; });
  if (views != 1) return false;
  node.args[0].value = Arg(v.base);
  take_through(node, v.perm, v.group);
  return true;
}

bool Sinker::expand_dims(Node& node) {
  const View v = *view(node.args[0].value);
  const int rank = static_cast<int>(v.perm.size());
  const auto axis = axis_of(node, rank + 1);
  if (!axis) return false;
  // Beside the neighbour it gets in PyTorch's order, so that channels stay last; a batch axis comes first.
  int at = 0;
  if (*axis == rank && rank > 0)
    at = v.perm.back() + 1;
  else if (*axis > 0)
    at = v.perm[static_cast<std::size_t>(*axis)];
  std::vector<int> perm = v.perm;
  for (int& base : perm) base += base >= at;
  perm.insert(perm.begin() + *axis, at);
  node.args = {{"", v.base}, {"axis", at}};
  take_through(node, perm, v.group);
  return true;
}

bool Sinker::pad(Node& node) {
  const View* operand = view(node.args[0].value);
  const auto position = std::ranges::find(node.args, "widths", &Argument::name);
  const auto* widths = position == node.args.end() ? nullptr : position->value.get_if<List>();
  if (!operand || !widths || widths->size() != operand->perm.size()) return false;
  const View v = *operand;
  List moved;
  for (const int axis : inverse(v.perm)) moved.push_back((*widths)[static_cast<std::size_t>(axis)]);
  position->value = std::move(moved);
  to_bases(node, v.group);
  take_through(node, v.perm, v.group);
  return true;
}

bool Sinker::broadcast_to(Node& node) {
  const View v = *view(node.args[0].value);
  const Arg* shape = node.find("shape");
  if (!shape || !shape->is<List>() || shape->as<List>().size() != v.perm.size()) return false;
  List moved = permuted(static_cast<const std::vector<Arg>&>(shape->as<List>()), inverse(v.perm));
  node.args = {{"", v.base}, {"shape", std::move(moved)}};
  take_through(node, v.perm, v.group);
  return true;
}

// Flattening (N,C,1,1): only axes of one element were moved, so the elements are in order already.
bool Sinker::reshape(Node& node) {
  const View v = *view(node.args[0].value);
  if (!keeps_order(r_.shape(node.args[0].value), v.perm)) return regroup(node);
  node.args[0].value = Arg(v.base);
  std::vector<int> same(r_.graph().type(node.result()).shape.size());
  std::iota(same.begin(), same.end(), 0);
  take_through(node, same, v.group);
  return true;
}

// Axes are split, or merged with their neighbours: the same is done to the base, group by group.
bool Sinker::regroup(Node& node) {
  const View v = *view(node.args[0].value);
  const auto groups = axis_groups(r_.shape(node.args[0].value), r_.graph().type(node.result()).shape);
  const Arg* shape = node.find("shape");
  if (!groups || !shape || !shape->is<List>()) return false;
  const Regrouped moved = regrouped(v.perm, *groups, shape->as<List>());
  if (is_identity(moved.perm)) return false;  // nothing stays moved: the transpose is put back as it was
  const Ref base = is_identity(moved.first) ? v.base : transposed(v.base, moved.first, v.group);
  node.args = {{"", base}, {"shape", moved.shape}};
  take_through(node, moved.perm, v.group);
  return true;
}

void Sinker::materialize(Node& node) {
  each_tensor(r_.graph(), node, [&](Ref& ref) { ref = materialized(ref); });
}

std::optional<Ref> Sinker::existing(Ref base, const std::vector<int>& perm, std::uint32_t scope) const {
  for (;; scope = r_.graph().scopes[scope].parent) {
    if (const auto it = made_.find({base, perm, scope}); it != made_.end()) return it->second;
    if (scope == 0) return std::nullopt;
  }
}

Ref Sinker::materialized(Ref ref) {
  if (!view(ref)) return ref;
  const View v = *view(ref);
  const std::uint32_t scope = r_.current().scope;
  if (const auto made = existing(v.base, v.perm, scope)) return *made;
  const Ref made = transposed(v.base, v.perm, v.group);
  // Where nothing was taken through it, the transpose is still the user's line.
  if (v.place) r_.last().place = *v.place;
  return made;
}

Ref Sinker::transposed(Ref base, const std::vector<int>& perm, int group) {
  const std::uint32_t scope = r_.current().scope;
  if (const auto made = existing(base, perm, scope)) return *made;
  ++groups_[static_cast<std::size_t>(find(group))].after;
  Type type = r_.graph().type(base);
  type.shape = permuted(type.shape, perm);
  return made_[{base, perm, scope}] = r_.emit("transpose", {{"", base}, {"axes", to_list(perm)}}, type);
}

// Outputs have PyTorch's layout.
void Sinker::outputs() {
  Graph& graph = r_.graph();
  for (graph::Output& output : graph.outputs)
    graph::for_each_ref(output.value, [&](Ref& ref) {
      if (!view(ref)) return;
      const View v = *view(ref);
      // What some module made already is returned by it.
      const auto made = made_.lower_bound({v.base, v.perm, 0});
      const bool known =
          made != made_.end() && std::get<0>(made->first) == v.base && std::get<1>(made->first) == v.perm;
      auto [it, added] = known ? std::pair(made, false) : made_.try_emplace({v.base, v.perm, 0}, Ref{});
      if (added) {
        ++groups_[static_cast<std::size_t>(find(v.group))].after;
        const Type type = graph.type(ref);
        it->second = graph.add_value("transpose", type);
        graph.nodes.push_back({"transpose", {{"", v.base}, {"axes", to_list(v.perm)}}, {it->second}, 0, {}});
      }
      ref = it->second;
    });
}

}  // namespace torch2mlx::passes
