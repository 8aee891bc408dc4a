#include "ops/infer.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "ops/call.h"
#include "ops/call_key.h"
#include "ops/placeholder.h"

namespace torch2mlx::ops {
namespace {

using graph::Arg;
using graph::Dim;
using graph::Graph;
using graph::List;
using graph::Ref;
using graph::Shape;
using graph::Type;
using Binding = graph::Dim::Binding;

Slot slot_of(const Graph& graph, const Arg& arg, const Binding& binding) {
  if (const auto* ref = arg.get_if<Ref>()) {
    const Type& type = graph.type(*ref);
    if (type.kind == graph::ValueKind::tensor) return placeholder(type, binding);
    if (type.size) return type.size->evaluate(binding);
    // No shape depends on these.
    if (type.kind == graph::ValueKind::floating) return 1.0;
    if (type.kind == graph::ValueKind::boolean) return true;
    throw std::invalid_argument(fmt::format("the value of '{}' is not known", graph[*ref].name));
  }
  if (const auto* list = arg.get_if<List>()) {
    Slots slots;
    for (const Arg& item : *list) slots.push_back(slot_of(graph, item, binding));
    return slots;
  }
  return std::visit(
      [](const auto& value) -> Slot {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, Ref> || std::is_same_v<T, List>)
          return {};
        else
          return value;
      },
      static_cast<const Arg::variant&>(arg));
}

// Sizes that results may have: those of the arguments and hints, products of axes side by side (flattening), then sums,
// differences and products of two.
class Candidates {
 public:
  void add(const Type& type) {
    for (const Dim& dim : type.shape) add(dim);
    if (type.size) add(*type.size);
    for (std::size_t i = 0; i < type.shape.size(); ++i) {
      Dim product = type.shape[i];
      for (std::size_t j = i + 1; j < type.shape.size(); ++j) products_.insert(product = product * type.shape[j]);
    }
  }
  void add(const Graph& graph, const Arg& arg) {
    graph::for_each_ref(arg, [&](const Ref& ref) { add(graph.type(ref)); });
    each_integer(arg, [&](std::int64_t value) { constants_.insert(value); });
  }
  template <class Matches>
  std::optional<Dim> find(Matches&& matches) const {
    for (const auto* set : {&dims_, &products_})
      for (const Dim& dim : *set)
        if (matches(dim)) return dim;
    std::set<Dim> all = dims_;
    for (const std::int64_t value : constants_) all.insert(Dim(value));
    for (const Dim& a : all)
      for (const Dim& b : all)
        for (const Dim& dim :
             {a + b, a - b, a * b, Dim::call("floordiv", {a, b.constant() == 0 ? Dim(1) : b}), a + b - Dim(1)})
          if (matches(dim)) return dim;
    return std::nullopt;
  }

  const std::set<Dim>& dims() const { return dims_; }

 private:
  void add(const Dim& dim) { dims_.insert(dim); }
  template <class F>
  static void each_integer(const Arg& arg, F&& f) {
    if (const auto* value = arg.get_if<std::int64_t>()) f(*value);
    if (const auto* list = arg.get_if<List>())
      for (const Arg& item : *list) each_integer(item, f);
  }
  std::set<Dim> dims_, products_;
  std::set<std::int64_t> constants_;
};

Type size_type(Dim size) {
  return {.kind = graph::ValueKind::integer, .dtype = Dtype::int64, .shape = {}, .size = std::move(size)};
}

// A result's sizes where the arguments tell them.
using ToldShape = std::vector<std::optional<Dim>>;

struct Results {
  std::vector<Slots> by_sample;
  const Samples* bindings = nullptr;
};

// `declared` by torch, `told` by the arguments; nullptr where they do not tell. At one sample alone any size might be
// any other: then only what the arguments tell is believed, and what nothing else could be.
Dim resolve(const std::vector<std::int64_t>& values, const Samples& bindings, const Candidates& candidates,
            const Dim* declared, const Dim* told) {
  const auto matches = [&](const Dim& dim) {
    for (std::size_t k = 0; k < values.size(); ++k)
      if (value_at(dim, bindings[k]) != values[k]) return false;
    return true;
  };
  if (declared && values.size() > 1 && matches(*declared)) return *declared;
  if (told && matches(*told)) return *told;
  const bool same = std::ranges::all_of(values, [&](auto value) { return value == values[0]; });
  if (values.size() == 1) {
    const auto like = std::ranges::count_if(candidates.dims(), matches);
    if (like == 0) return values[0];
    if (like == 1) return *std::ranges::find_if(candidates.dims(), matches);
    throw std::invalid_argument(fmt::format("size {} at the traced sizes may be one of several", values[0]));
  }
  if (same) return values[0];
  if (auto dim = candidates.find(matches)) return *dim;
  throw std::invalid_argument(
      fmt::format("size {} at one sample and {} at another fits no expression", values[0], values[1]));
}

std::vector<Type> types_of(const Results& results, const Candidates& candidates, const ToldShape& told,
                           std::span<const Type> hints) {
  std::vector<Type> types;
  for (std::size_t r = 0; r < results.by_sample[0].size(); ++r) {
    const auto resolved = [&](auto&& size_at, const Dim* by_arguments, const Dim* declared) {
      std::vector<std::int64_t> values;
      for (const Slots& slots : results.by_sample) values.push_back(size_at(slots[r]));
      return resolve(values, *results.bindings, candidates, declared, by_arguments);
    };
    Type type;
    if (const auto* array = results.by_sample[0][r].get_if<mx::array>()) {
      type.dtype = from_mlx(array->dtype());
      const bool declared = r < hints.size() && hints[r].shape.size() == array->ndim();
      const bool by_arguments = r == 0 && told.size() == array->ndim();
      for (int axis = 0; axis < static_cast<int>(array->ndim()); ++axis)
        type.shape.push_back(resolved([&](const Slot& slot) { return slot.get_if<mx::array>()->shape(axis); },
                                      by_arguments && told[axis] ? &*told[axis] : nullptr,
                                      declared ? &hints[r].shape[axis] : nullptr));
    } else {
      type = size_type(resolved([](const Slot& slot) { return *slot.get_if<std::int64_t>(); }, nullptr, nullptr));
    }
    types.push_back(std::move(type));
  }
  return types;
}

bool symbolic(const Graph& graph, const std::vector<Arg>& args) {
  bool found = false;
  for (const Arg& arg : args)
    graph::for_each_ref(arg, [&](const Ref& ref) {
      const Type& type = graph.type(ref);
      found |= std::ranges::any_of(type.shape, [](const Dim& dim) { return !dim.constant(); });
      found |= type.size && !type.size->constant();
    });
  return found;
}

std::optional<Dim> dim_of(const Graph& graph, const Arg& arg) {
  if (const auto* number = arg.get_if<std::int64_t>()) return *number;
  const auto* ref = arg.get_if<Ref>();
  return ref ? graph.type(*ref).size : std::nullopt;
}

// Sizes are computed as expressions: samples might agree by chance (every odd one is 1 modulo 2).
std::optional<Dim> exact_size(const Graph& graph, std::string_view op, const std::vector<Arg>& args) {
  if (op == "shape") {
    const Shape& shape = graph.type(args.at(0).as<Ref>()).shape;
    const auto axis = args.at(1).as<std::int64_t>();
    const std::int64_t at = axis < 0 ? axis + static_cast<std::int64_t>(shape.size()) : axis;
    return at >= 0 && at < static_cast<std::int64_t>(shape.size()) ? std::optional(shape[at]) : std::nullopt;
  }
  const std::optional<Dim> a = dim_of(graph, args.at(0));
  if (!a) return std::nullopt;
  if (op == "int_neg") return Dim(0) - *a;
  const std::optional<Dim> b = args.size() > 1 ? dim_of(graph, args[1]) : std::nullopt;
  if (!b) return std::nullopt;
  if (op == "int_add") return *a + *b;
  if (op == "int_sub") return *a - *b;
  if (op == "int_mul") return *a * *b;
  const bool divides = op == "int_floordiv" || op == "int_mod";
  if (!op.starts_with("int_") || (divides && *b == Dim(0))) return std::nullopt;
  return Dim::call(op.substr(4), {*a, *b});
}

// The value of a row's parameter, nullptr where it has no such parameter.
const Arg* argument(const Info& info, const std::vector<Arg>& args, std::string_view name) {
  const auto params = info.params();
  const auto it = std::ranges::find(params, name, &Parameter::name);
  const auto at = static_cast<std::size_t>(it - params.begin());
  return it != params.end() && at < args.size() ? &args[at] : nullptr;
}

// Windows over the axes between first and last: of convolutions, pools, transposed convolutions.
ToldShape window_shape(const Graph& graph, const Info& info, const std::vector<Arg>& args) {
  const Shape& in = graph.type(args.at(0).as<Ref>()).shape;
  const Arg* weight = argument(info, args, "weight");
  const Shape* learnt = weight ? &graph.type(weight->as<Ref>()).shape : nullptr;
  ToldShape shape(in.begin(), in.end());
  if (learnt) shape.back() = std::nullopt;
  for (std::size_t i = 1; i + 1 < in.size(); ++i) {
    const auto number = [&](std::string_view name, std::int64_t absent) {
      const Arg* arg = argument(info, args, name);
      const auto* list = arg ? arg->get_if<List>() : nullptr;
      return list && !list->empty() ? list->at(std::min(i, list->size()) - 1).as<std::int64_t>() : absent;
    };
    const Dim kernel = learnt ? learnt->at(i) : Dim(number("kernel_size", 1));
    const Dim reach = (kernel - 1) * number("dilation", 1) + 1, padding = 2 * number("padding", 0);
    const std::int64_t stride = number("stride", 1);
    shape[i] = argument(info, args, "output_padding")  // a transposed convolution
                   ? (in[i] - 1) * stride - padding + reach + number("output_padding", 0)
                   : Dim::call("floordiv", {in[i] + padding - reach, stride}) + 1;
  }
  return shape;
}

ToldShape padded_shape(const Graph& graph, const Arg& x, const List& widths) {
  const Shape& in = graph.type(x.as<Ref>()).shape;
  ToldShape shape;
  for (std::size_t i = 0; i < std::min(in.size(), widths.size()); ++i) {
    const auto& width = widths[i].as<List>();
    const auto before = dim_of(graph, width.at(0)), after = dim_of(graph, width.at(1));
    shape.push_back(before && after ? std::optional(in[i] + *before + *after) : std::nullopt);
  }
  return shape;
}

ToldShape told_shape(const Graph& graph, const Info& info, const std::vector<Arg>& args) {
  if (argument(info, args, "stride")) return window_shape(graph, info, args);
  const Arg* widths = argument(info, args, "widths");
  if (widths && widths->is<List>()) return padded_shape(graph, args.at(0), widths->as<List>());
  ToldShape shape;
  const Arg* sizes = argument(info, args, "shape");
  if (sizes && sizes->is<List>())
    for (const Arg& size : sizes->as<List>()) shape.push_back(dim_of(graph, size));
  return shape;
}

// `args` of a text node, one a parameter, absent ones empty. Arrays that are not operands get their names.
std::vector<Arg> by_parameter(const Info& info, graph::Node& node, const std::string& place) {
  const auto fail = [&](std::string message) { throw Error(ErrorKind::input, place, std::move(message)); };
  std::vector<Arg> args(info.count);
  bool named = false;
  for (std::size_t i = 0; i < node.args.size(); ++i) {
    graph::Argument& argument = node.args[i];
    const auto params = info.params();
    if (argument.name.empty() && i >= params.size())
      fail(fmt::format("'{}' has no parameter for argument {}", info.name, i + 1));
    if (argument.name.empty() && named) fail("a positional argument after a named one");
    named = named || !argument.name.empty();
    if (argument.name.empty() && i >= info.operands) argument.name = params[i].name;
    const auto it =
        argument.name.empty() ? params.begin() + i : std::ranges::find(params, argument.name, &Parameter::name);
    if (it == params.end()) fail(fmt::format("'{}' has no parameter '{}'", info.name, argument.name));
    args[it - params.begin()] = argument.value;
  }
  for (std::size_t i = 0; i < args.size(); ++i)
    if (args[i].is<std::monostate>() && !optional(info.parameters[i].kind))
      fail(fmt::format("'{}' needs '{}'", info.name, info.parameters[i].name));
  return args;
}

bool lacks_type(const Graph& graph, const graph::Node& node) {
  return std::ranges::any_of(node.results, [&](Ref ref) { return graph.type(ref).kind == graph::ValueKind::unknown; });
}

}  // namespace

void infer_types(Graph& graph) {
  const Inference inference(graph.symbols);
  for (graph::Node& node : graph.nodes) {
    const Info* info = find(node.op);
    if (!info) continue;  // an ATen op: only its file can tell
    const std::string place = graph::place_of(graph, node);
    const std::vector<Arg> args = by_parameter(*info, node, place);
    if (!lacks_type(graph, node)) continue;
    std::vector<Type> types;
    try {
      types = inference.infer(graph, node.op, args);
    } catch (const Error& error) {
      throw error.within(place);
    }
    if (types.size() != node.results.size())
      throw Error(ErrorKind::input, place, fmt::format("'{}' gives {} results here", node.op, types.size()));
    for (std::size_t i = 0; i < types.size(); ++i)
      if (Type& type = graph[node.results[i]].type; type.kind == graph::ValueKind::unknown) type = types[i];
  }
}

Inference::Inference(const std::vector<graph::Symbol>& symbols)
    : free_(free_samples(symbols)), alike_(alike_samples(symbols)), example_{example_sample(symbols)} {}

const Families& Inference::allowed(const Graph& graph) const {
  const std::size_t conditions = graph.conditions.size() + graph.guards.size();  // none: all samples are allowed
  if (std::exchange(conditions_, conditions) != conditions) allowed_ = allowed_samples(graph);
  return allowed_;
}

std::vector<Type> Inference::infer(const Graph& graph, std::string_view op, const std::vector<Arg>& args,
                                   std::span<const Type> hints) const {
  const Info* info = find(op);
  if (!info) throw Error(ErrorKind::unsupported, {}, fmt::format("'{}' is not an MLX op", op));
  if (info->floating)
    return {Type{.kind = graph::ValueKind::floating, .dtype = Dtype::float64, .shape = {}, .size = {}}};
  if (info->boolean) return {Type{.kind = graph::ValueKind::boolean, .dtype = Dtype::boolean, .shape = {}, .size = {}}};
  if (info->integer)
    if (auto size = exact_size(graph, op, args)) return {size_type(*std::move(size))};
  CallKey key(op);
  for (const Arg& arg : args) key.add(graph, arg);
  for (const Type& hint : hints) key.add(hint);
  std::string text = std::move(key).text();
  if (const auto known = learnt_.find(text); known != learnt_.end()) return known->second;
  return learnt_.emplace(std::move(text), learn(graph, op, args, hints)).first->second;
}

std::vector<Type> Inference::learn(const Graph& graph, std::string_view op, const std::vector<Arg>& args,
                                   std::span<const Type> hints) const {
  const Info* info = find(op);
  Candidates candidates;
  for (const Arg& arg : args) candidates.add(graph, arg);
  for (const Type& hint : hints) candidates.add(hint);
  const bool constant = !symbolic(graph, args);
  std::string reason;
  const auto tried = [&](const Families& families) -> std::optional<std::vector<Type>> {
    for (const Samples* family : ordered(families, candidates.dims())) {
      Results results{{}, family};
      try {
        for (std::size_t k = 0; k < (constant ? 1 : family->size()); ++k) {
          Slots slots(info->count);
          for (std::size_t i = 0; i < args.size(); ++i) slots[i] = slot_of(graph, args[i], (*family)[k]);
          results.by_sample.push_back(call(*info, slots));
        }
        if (constant) return types_of(results, Candidates(), {}, {});
        return types_of(results, candidates, told_shape(graph, *info, args), hints);
      } catch (const std::exception& error) {
        if (reason.empty()) reason = error.what();
        if (constant) break;
      }
    }
    return std::nullopt;
  };
  // Sizes that the model is not for may be taken too, with other results: slices end where their array does.
  if (!constant)
    if (auto types = tried(allowed(graph))) return *std::move(types);
  if (auto types = tried(free_)) return *std::move(types);
  for (const Families* families : {&alike_, &example_})
    if (auto types = constant ? std::nullopt : tried(*families)) return *std::move(types);
  throw Error(ErrorKind::unsupported, {}, fmt::format("MLX op '{}' does not take these arguments: {}", op, reason));
}

bool Inference::same(const graph::Shape& a, const graph::Shape& b) const {
  if (a == b) return true;
  if (a.size() != b.size()) return false;
  std::size_t seen = 0;
  for (const auto* family : {&free_.front(), &free_[free_.size() - 2], &free_.back()})
    for (const Binding& binding : *family)
      for (std::size_t i = 0; i < a.size(); ++i) {
        const auto left = value_at(a[i], binding), right = value_at(b[i], binding);
        if (left && right && *left != *right) return false;
        seen += left && right;
      }
  return seen > 0;
}

}  // namespace torch2mlx::ops
