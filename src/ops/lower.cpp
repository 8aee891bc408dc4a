#include "ops/lower.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <ranges>
#include <set>

#include "ops/functionalize.h"
#include "ops/lowering.h"
#include "ops/lowering_table.h"
#include "ops/masked_rows.h"
#include "ops/owners.h"
#include "ops/reasons.h"

namespace torch2mlx::ops {
namespace {

using graph::Arg;
using graph::List;
using graph::Type;
using graph::ValueKind;

class Lowerer {
 public:
  Lowerer(const Graph& aten, bool strict_dtypes)
      : every_row_(ops::every_row(aten)),
        aten_(every_row_ ? every_row_->graph : aten),
        strict_dtypes_(strict_dtypes),
        owners_(aten_),
        inference_(aten_.symbols),
        values_(aten_.values.size()) {}

  LowerResult run() {
    start();
    const std::vector<bool> live = live_nodes();
    for (std::size_t i = 0; i < aten_.nodes.size(); ++i)
      if (live[i]) lower_node(aten_.nodes[i]);
    finish();
    return std::move(result_);
  }

 private:
  // What nothing reads, as the random numbers of a layerdrop that is off, is neither computed nor refused. Operators
  // that nobody described may write to their arguments.
  std::vector<bool> live_nodes() const {
    std::vector<bool> read(aten_.values.size()), live(aten_.nodes.size());
    const auto mark = [&](const Ref& ref) { read[ref.id] = true; };
    for (const graph::Output& output : aten_.outputs) graph::for_each_ref(output.value, mark);
    for (std::size_t i = aten_.nodes.size(); i-- > 0;) {
      const Node& node = aten_.nodes[i];
      const TableRow* lowering = find_lowering(node.op);
      live[i] = std::ranges::any_of(node.results, [&](Ref ref) { return read[ref.id]; }) ||
                (lowering ? lowering->effect : is_foreign(node.op));
      if (!live[i]) continue;
      for (const graph::Argument& argument : node.args) graph::for_each_ref(argument.value, mark);
    }
    return live;
  }

  // Everything but values and nodes is the same in both dialects.
  void start() {
    Graph& out = result_.graph;
    out.scopes = aten_.scopes;
    out.symbols = aten_.symbols;
    out.constants = aten_.constants;
    out.modules = aten_.modules;
    out.state_keys = aten_.state_keys;
    out.arg_names = aten_.arg_names;
    out.input_tree = aten_.input_tree;
    out.output_tree = aten_.output_tree;
    out.guards = aten_.guards;
    out.notes = aten_.notes;
    for (graph::Input input : aten_.inputs) {
      const graph::Value& value = aten_[input.value];
      const Ref from = input.value;
      input.value = out.add_value(value.name, narrowed(value.type, value.name));
      values_[from.id] = input.value;
      dataless_.resize(out.values.size());
      dataless_[input.value.id] = input.kind == graph::InputKind::parameter;
      out.inputs.push_back(std::move(input));
    }
  }

  // Each random operator draws with a key of its own, split from one that the model is given.
  void define_keys() {
    if (keys_.empty()) return;
    Graph& out = result_.graph;
    const auto taken = [&](const graph::Input& input) {
      return input.target.substr(0, input.target.find('.')) == "key";
    };
    const bool is_taken = std::ranges::any_of(out.inputs, taken) || std::ranges::count(out.arg_names, "key") != 0;
    const bool one = keys_.size() == 1;
    const Ref key = one ? keys_[0] : out.add_value("key", graph::key_type());
    graph::Input& input = out.inputs.emplace_back();
    input.value = key;
    input.target = is_taken ? "random_key" : "key";
    input.key = true;
    out.notes.push_back(
        fmt::format("random numbers are MLX's, other ones than PyTorch's: drawn with `{}`", input.target));
    if (one) return;
    std::vector<Node> defining;
    Mlx mx(out, defining, inference_);
    const Value all = mx("random.split", Value{key}, static_cast<std::int64_t>(keys_.size()));
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      Node& select = defining.emplace_back();
      select.op = "select";
      select.args = {{"", all.ref}, {"axis", 0}, {"index", static_cast<std::int64_t>(i)}};
      select.results = {keys_[i]};
    }
    out.nodes.insert(out.nodes.begin(), defining.begin(), defining.end());
  }

  void finish() {
    define_keys();
    note_narrowed();
    for (graph::Output output : aten_.outputs) {
      if (output.kind == graph::OutputKind::buffer_mutation && dropped(output.target)) continue;
      try {
        if (auto mapped = map(output.value)) output.value = *mapped;
      } catch (const Error& error) {
        result_.problems.push_back({"output", "", "", error.message()});
      }
      graph::for_each_ref(output.value, [&](const Ref& ref) {
        if (rows_.find(ref)) given_away(ref);
      });
      result_.graph.outputs.push_back(std::move(output));
    }
  }

  // State that the layer of mlx.nn does not hold: num_batches_tracked.
  bool dropped(const std::string& key) const {
    const layers::Row* layer = owners_.row(key);
    return layer && std::ranges::find(layer->dropped, key.substr(key.rfind('.') + 1)) != layer->dropped.end();
  }

  Type narrowed(Type type, std::string_view name) {
    if (type.kind != ValueKind::tensor) return type;
    const auto &own = row(type.dtype), &held = row(own.as_mlx);
    if (strict_dtypes_ && held.size < own.size)
      result_.problems.push_back({std::string(name), "", "", fmt::format("{} is held as {}", own.torch, held.torch)});
    else if (held.dtype != own.dtype)
      narrowed_[own.dtype].insert(std::string(name));
    type.dtype = held.dtype;
    return type;
  }

  // One note a type, however many values are of it.
  void note_narrowed() {
    constexpr std::ptrdiff_t shown = 3;
    for (const auto& [dtype, names] : narrowed_) {
      const auto& own = row(dtype);
      const auto count = static_cast<std::ptrdiff_t>(names.size());
      const auto first = std::ranges::subrange(names.begin(), std::next(names.begin(), std::min(count, shown)));
      const std::string rest = count > shown ? fmt::format(" and {} more", count - shown) : "";
      result_.graph.notes.push_back(
          fmt::format("{} is held as {}: {}{}", own.torch, row(own.as_mlx).torch, fmt::join(first, ", "), rest));
    }
  }

  void lower_node(const Node& node) {
    const TableRow* lowering = find_lowering(node.op);
    if (!lowering) {
      const std::string_view why = why_not(node.op);
      return problem(node, fmt::format("{} has no MLX lowering{}{}", node.op, why.empty() ? "" : ": ", why));
    }
    Mlx mx(result_.graph, result_.graph.nodes, inference_);
    mx.scope = node.scope;
    mx.place = node.place;
    mx.keys = &keys_;
    mx.dataless = &dataless_;
    if (every_row_) mx.rows = &rows_;
    for (const Ref ref : node.results) mx.declared.push_back(narrowed(aten_.type(ref), aten_[ref].name));
    if (std::ranges::any_of(mx.declared, [&](const Type& type) { return depends_on_data(type.shape); }))
      return problem(node, fmt::format("{}: the shape of its result depends on data", node.op));
    if (std::ranges::any_of(mx.declared, [](const Type& type) { return type.kind == ValueKind::unknown; }))
      mx.declared.clear();
    const std::size_t mark = result_.graph.nodes.size(), keys = keys_.size();
    try {
      for (const Ref ref : node.results)
        if (const auto& own = row(aten_.type(ref).dtype); row(own.as_mlx).size > own.size)
          mx.refuse(fmt::format("MLX has no {}", own.torch));
      // Nothing is bound if an argument is the result of a node that is a problem already.
      require_rows(mx, node);
      if (const auto args = bind(mx, *lowering, node)) define(mx, node, lowering->run(mx, *args));
      require_rows_of_results(mx, node);
    } catch (const Error& error) {
      result_.graph.nodes.resize(mark);
      keys_.resize(keys);
      problem(node,
              fmt::format("{}: {}{}", node.op, error.message(), error.hint().empty() ? "" : " (" + error.hint() + ")"));
    }
  }

  // Is a size of it a symbol that no size of an input tells?
  bool depends_on_data(const Shape& shape) const {
    return std::ranges::any_of(shape, [&](const graph::Dim& size) {
      const auto symbols = size.symbols();
      return std::ranges::any_of(symbols, [&](const std::string& name) {
        return std::ranges::find(aten_.symbols, name, &graph::Symbol::name) == aten_.symbols.end();
      });
    });
  }

  // How many rows a mask picks is no number that a graph has: it only makes shapes of arrays of such rows.
  void require_rows(const Mlx& mx, const Node& node) {
    rows_.picking = every_row_ && !node.results.empty() && every_row_->picked.contains(node.results[0].id);
    if (!every_row_) return;
    const bool number = std::ranges::none_of(node.results, [&](Ref ref) { return is_tensor(ref); });
    for (const graph::Argument& argument : node.args)
      if (const auto* ref = argument.value.get_if<Ref>();
          ref && !number && !is_tensor(*ref) && every_row_->counted.contains(ref->id))
        mx.refuse("a number that depends on data: how many rows a mask picks");
  }

  void require_rows_of_results(const Mlx& mx, const Node& node) {
    if (!every_row_) return;
    for (const Ref result : node.results) {
      if (!is_tensor(result) || !every_row_->counted.contains(result.id) || !values_[result.id]) continue;
      const auto* ref = values_[result.id]->get_if<Ref>();
      if (!ref || *ref == unavailable.ref || rows_.find(*ref)) continue;
      // An array of one number is made of rows by themselves.
      const auto rows = every_row_->rows.find(result.id);
      const Node& last = result_.graph.nodes.back();
      const auto mask = rows == every_row_->rows.end() ? std::nullopt : values_[rows->second.mask.id];
      if (last.op != "full" || last.results[0] != *ref || !mask) mx.refuse("the shape of its result depends on data");
      rows_.mark(result_.graph, *ref, {mask->as<Ref>(), static_cast<int>(rows->second.axis)});
    }
  }

  void given_away(Ref rows) {
    const Graph& graph = result_.graph;
    const auto makes = [&](const Node& node) { return std::ranges::count(node.results, rows) != 0; };
    const Node& maker = *std::ranges::find_if(graph.nodes, makes);
    result_.problems.push_back({graph::place_of(graph, maker), "", graph.scopes[maker.scope].path,
                                "the model gives rows that a mask picks, whose number depends on data"});
  }

  bool is_tensor(Ref ref) const { return aten_.type(ref).kind == ValueKind::tensor; }

  // Arguments in schema order. nullopt if one of them could not be lowered.
  std::optional<std::vector<Arg>> bind(const Mlx& mx, const TableRow& lowering, const Node& node) {
    std::vector<Arg> args;
    std::size_t positional = 0;
    while (positional < node.args.size() && node.args[positional].name.empty()) ++positional;
    const auto params = lowering.params;
    const auto most = static_cast<std::size_t>(std::ranges::count(params, false, &schema::Param::keyword));
    if (positional > most) mx.refuse(fmt::format("has no parameter for argument {}", most + 1));
    for (std::size_t i = positional; i < node.args.size(); ++i)
      if (std::ranges::find(params, node.args[i].name, &schema::Param::name) == params.end())
        mx.refuse(fmt::format("has no parameter '{}'", node.args[i].name));
    for (std::size_t i = 0; i < params.size(); ++i) {
      const Arg* given = i < positional ? &node.args[i].value : node.find(params[i].name);
      if (!given && params[i].fallback.empty()) mx.refuse(fmt::format("needs '{}'", params[i].name));
      std::optional<Arg> arg = given ? map(*given) : detail::parse_default(params[i].fallback);
      if (!arg) return std::nullopt;
      const bool single = params[i].list && params[i].length > 0 && !arg->is<List>() && !arg->is<std::monostate>();
      args.push_back(single ? Arg(List(params[i].length, *arg)) : *std::move(arg));
    }
    return args;
  }

  std::optional<Arg> map(const Arg& arg) const {
    if (const auto* ref = arg.get_if<Ref>()) {
      const auto& value = values_[ref->id];
      if (value == Arg(unavailable.ref) || value == Arg())  // no form in MLX, or left out by the lowering
        throw Error(ErrorKind::unsupported, {}, fmt::format("uses '{}', which has no form in MLX", aten_[*ref].name));
      return value;
    }
    const auto* list = arg.get_if<List>();
    if (!list) return arg;
    List mapped;
    for (const Arg& item : *list) {
      auto value = map(item);
      if (!value) return std::nullopt;
      mapped.push_back(*std::move(value));
    }
    return mapped;
  }

  // Results must have PyTorch's shape and get its dtype (MLX's argmax gives uint32, torch's int64).
  void define(Mlx& mx, const Node& node, const std::vector<Arg>& results) {
    if (results.size() != node.results.size())
      mx.refuse(fmt::format("gives {} results where PyTorch has {}", results.size(), node.results.size()));
    std::vector<std::optional<Arg>> defined;
    for (std::size_t i = 0; i < results.size(); ++i)
      defined.push_back(mx.declared.empty() || results[i] == Arg(unavailable.ref)
                            ? results[i]
                            : conform(mx, results[i], mx.declared[i]));
    for (std::size_t i = 0; i < results.size(); ++i) values_[node.results[i].id] = defined[i];
  }

  Arg conform(Mlx& mx, const Arg& result, const Type& declared) {
    const auto* ref = result.get_if<Ref>();
    if (declared.kind != ValueKind::tensor || result.is<std::monostate>()) return result;
    if (!ref || result_.graph.type(*ref).kind != ValueKind::tensor)
      mx.refuse("gives a number where PyTorch has a tensor");
    const Shape& shape = result_.graph.type(*ref).shape;
    if (!inference_.same(shape, declared.shape) && !agree(*ref, declared.shape))
      mx.refuse(fmt::format("gives shape {} where PyTorch has {}", graph::str(shape), graph::str(declared.shape)));
    return to_arg(mx.cast({*ref}, declared.dtype));
  }

  // PyTorch's shapes hold where its trace does: what it knows of sizes that depend on each other it does not always
  // write into them. Where both shapes are one at the example's sizes, other sizes are required to keep them so.
  bool agree(Ref ref, const Shape& theirs) {
    Graph& out = result_.graph;
    const Shape ours = out.type(ref).shape;
    if (ours.size() != theirs.size() || out.input(ref)) return false;
    std::vector<graph::Condition> found;
    for (std::size_t i = 0; i < ours.size(); ++i)
      if (!inference_.same({ours[i]}, {theirs[i]}))
        found.emplace_back(fmt::format("{} == {}", ours[i].str(), theirs[i].str()), places());
    graph::Dim::Binding example;
    for (const graph::Symbol& symbol : out.symbols)
      if (symbol.example != 0) example[symbol.name] = symbol.example;
    if (!hold(found, example)) return false;
    const auto text = [](const graph::Condition& condition) { return condition.str(); };
    const std::size_t known = out.conditions.size();
    if (known == 0) out.notes.emplace_back("sizes are those at which shapes are as they were traced");
    for (const graph::Condition& condition : found)
      if (std::ranges::find(out.conditions, text(condition), text) == out.conditions.end())
        out.conditions.push_back(condition);
    out[ref].type.shape = theirs;
    return true;
  }

  graph::Condition::Symbols places() const {
    graph::Condition::Symbols places;
    for (const graph::Input& input : result_.graph.inputs) {
      if (input.kind != graph::InputKind::user) continue;
      const Shape& shape = result_.graph.type(input.value).shape;
      for (std::size_t axis = 0; axis < shape.size(); ++axis)
        if (const auto name = shape[axis].as_symbol())
          places.try_emplace(*name, input.target, static_cast<std::int64_t>(axis));
    }
    return places;
  }

  bool hold(const std::vector<graph::Condition>& conditions, const graph::Dim::Binding& sizes) const {
    try {
      const auto shapes = graph::shapes_at(result_.graph, sizes);
      return std::ranges::all_of(conditions, [&](const auto& condition) { return condition.holds(shapes) == true; });
    } catch (const std::exception&) {  // a size that nothing tells
      return false;
    }
  }

  void problem(const Node& node, std::string message) {
    result_.problems.push_back(
        {graph::place_of(aten_, node), node.op, aten_.scopes[node.scope].path, std::move(message)});
  }

  std::optional<EveryRow> every_row_;  // where masks pick rows
  const Graph& aten_;
  bool strict_dtypes_;
  Owners owners_;
  Inference inference_;
  std::vector<std::optional<Arg>> values_;           // ATen value id -> what it became
  std::vector<Ref> keys_;                            // of random operators, in turn
  std::vector<bool> dataless_;                       // by value id, for Mlx
  MaskedRows rows_;                                  // likewise
  std::map<Dtype, std::set<std::string>> narrowed_;  // type that MLX has not -> values of it
  LowerResult result_;
};

}  // namespace

LowerResult try_lower(const Graph& aten, bool strict_dtypes) {
  auto functional = functionalize(aten);
  if (!functional) return Lowerer(aten, strict_dtypes).run();
  LowerResult result = Lowerer(functional->graph, strict_dtypes).run();
  std::ranges::move(result.problems, std::back_inserter(functional->problems));
  result.problems = std::move(functional->problems);
  return result;
}

Graph lower_graph(const Graph& aten, bool strict_dtypes) {
  LowerResult result = try_lower(aten, strict_dtypes);
  if (result.problems.empty()) return std::move(result.graph);
  std::vector<std::string> details;
  for (const Problem& problem : result.problems)
    details.push_back(fmt::format("{}: {}", problem.place, problem.message));
  if (details.size() == 1) throw Error(ErrorKind::unsupported, result.problems[0].place, result.problems[0].message);
  throw Error(ErrorKind::unsupported, {}, fmt::format("{} places cannot be converted exactly", details.size()), {},
              details);
}

}  // namespace torch2mlx::ops
