#include "ops/functionalize.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "ops/overloads.h"
#include "ops/storages.h"

namespace torch2mlx::ops {
namespace {

using graph::Arg;
using graph::Argument;
using graph::Input;
using graph::InputKind;
using graph::OutputKind;
using graph::Type;
using graph::ValueKind;
using Id = Storages::Id;

// Norms that write running statistics (arguments 3 and 4) while argument 5 is true, whether their schema says so or
// not; results of theirs that _native_batch_norm_legit_functional gives too, 0 where it is no form of them.
struct Trained {
  std::string_view op, flag;
  std::size_t results;
};
constexpr Trained trained[] = {
    {"aten.batch_norm.default", "training", 1},
    {"aten._native_batch_norm_legit.default", "training", 3},
    {"aten.instance_norm.default", "use_input_stats", 0},
};

const Trained* find_trained(const Node& node) {
  const auto* it = std::ranges::find(trained, node.op, &Trained::op);
  return it == std::end(trained) ? nullptr : it;
}

bool trains(const Graph& graph, const Node& node) {
  const Trained* norm = find_trained(node);
  const Arg* mean = parameter(node, 3, "running_mean");
  const Arg* training = norm ? parameter(node, 5, norm->flag) : nullptr;
  if (!training || *training != Arg(true) || !mean || !mean->is<Ref>()) return false;
  return graph.type(mean->as<Ref>()).kind == ValueKind::tensor;
}

bool writes(const Graph& graph, const Node& node) {
  return in_place_of(node.op) || trains(graph, node) || out_overload(graph, node);
}

class Functionalizer {
 public:
  explicit Functionalizer(const Graph& in)
      : in_(in), out_(result_.graph), storages_(out_), tensors_(in.values.size()) {}

  LowerResult run() {
    out_ = in_;
    out_.nodes.clear();
    out_.outputs.clear();
    for (const Input& input : in_.inputs) define(input.value);
    for (const Node& node : in_.nodes) {
      node_ = &node;
      add(node);
    }
    node_ = nullptr;
    for (graph::Output output : in_.outputs) {
      output.value = current(output.value);
      out_.outputs.push_back(std::move(output));
    }
    for (const Input& input : in_.inputs) state(input);
    return std::move(result_);
  }

 private:
  bool is_tensor(Ref ref) const { return in_.type(ref).kind == ValueKind::tensor; }

  // Values keep their numbers in the new graph; new ones follow.
  void define(Ref ref) {
    if (is_tensor(ref)) tensors_[ref.id] = storages_.add(ref);
  }

  Ref read(Ref ref) {
    if (!is_tensor(ref)) return ref;
    const Id id = tensors_[ref.id].value();
    if (storages_.unknown(id) && told_.insert(ref.id).second)
      problem(fmt::format("'{}' may share memory with a tensor that was written to; the file does not tell",
                          in_[ref].name));
    return storages_.read(id, scope(), place());
  }
  Arg current(Arg arg) {
    graph::for_each_ref(arg, [&](Ref& ref) { ref = read(ref); });
    return arg;
  }

  // What a malformed node lacks is a problem of that node.
  void add(const Node& node) {
    try {
      rewrite(node);
    } catch (const Error& error) {
      problem(error.message());
    } catch (const std::out_of_range&) {
      problem("its arguments do not fit it");
    }
    for (const Ref ref : node.results)
      if (is_tensor(ref) && !tensors_[ref.id]) define(ref);
  }

  void rewrite(const Node& node) {
    if (const auto functional = in_place_of(node.op)) return in_place(node, *functional);
    if (const auto found = out_overload(in_, node)) return out(node, *found);
    if (trains(in_, node)) return train(node);
    if (const Alias* alias = find_alias(node.op)) return view(node, *alias);
    Node made = mapped(node);
    out_.nodes.push_back(std::move(made));
    for (const Ref ref : node.results) define(ref);
  }

  Node mapped(const Node& node) {
    Node made = node;
    for (Argument& argument : made.args) argument.value = current(std::move(argument.value));
    return made;
  }

  void view(const Node& node, const Alias& alias) {
    Node made = mapped(node);
    out_.nodes.push_back(made);
    std::vector<Id> bases;
    for (std::size_t i = 0; i < node.results.size(); ++i)
      if (const auto base = viewed(node, i); base && is_tensor(*base)) bases.push_back(tensors_[base->id].value());
    const bool all = !bases.empty() && bases.size() == node.results.size();
    const Sharing sharing = !all ? Sharing::never : alias.sharing ? alias.sharing(in_, node) : Sharing::always;
    if (sharing != Sharing::always) {
      for (const Ref ref : node.results) define(ref);
      if (sharing == Sharing::perhaps)
        for (std::size_t i = 0; i < bases.size(); ++i)
          storages_.may_share(bases[i], tensors_[node.results[i].id].value());
      return;
    }
    const std::vector<Id> ids = storages_.add_views(made, alias, bases);
    for (std::size_t i = 0; i < ids.size(); ++i) tensors_[node.results[i].id] = ids[i];
  }

  // add_(x, y): add, stored in the type of x; the result is x itself.
  void in_place(const Node& node, const std::string& functional) {
    const auto* self = node.args.empty() ? nullptr : node.args[0].value.get_if<Ref>();
    const Alias* alias = find_alias(functional);
    if (alias && self && is_tensor(*self)) {  // unsqueeze_, detach_: another view under the same name
      Node renamed = node;
      renamed.op = functional;
      return view(renamed, *alias);
    }
    if (!self || !is_tensor(*self)) throw Error(ErrorKind::unsupported, {}, "writes to what is no tensor");
    Node made = mapped(node);
    // An overload that has no functional row keeps its name: it is refused if what it writes is read.
    const auto known = functional_overload(in_, node);
    const Type stored = in_.type(*self);
    Type computed = stored;
    if (known) computed.dtype = functional_dtype(in_, node, *known, stored.dtype);
    AtenBuilder aten(out_, node.scope, node.place);
    Ref value = aten(known.value_or(node.op), std::move(made.args), computed);
    if (computed.dtype != stored.dtype)
      value = aten("aten._to_copy.default", {{"", value}, {"dtype", stored.dtype}}, stored);
    write(*self, value);
    for (const Ref ref : node.results) tensors_[ref.id] = tensors_[self->id];
  }

  void out(const Node& node, const OutOverload& found) {
    Node made = node;
    made.op = found.op;
    made.args = found.args;
    for (Argument& argument : made.args) argument.value = current(std::move(argument.value));
    for (std::size_t i = 0; i < made.results.size(); ++i) {
      const Type& given = in_.type(found.written[i]);
      if (given.shape != in_.type(node.results[i]).shape) problem("resizes the tensor that it writes to");
      made.results[i] = out_.add_value(in_[node.results[i]].name, given);
    }
    const std::vector<Ref> values = made.results;
    out_.nodes.push_back(std::move(made));
    for (std::size_t i = 0; i < values.size(); ++i) {
      write(found.written[i], values[i]);
      tensors_[node.results[i].id] = tensors_[found.written[i].id];
    }
  }

  void train(const Node& node) {
    Node made = mapped(node);
    const Ref mean = parameter(node, 3, "running_mean")->as<Ref>();
    const Arg* var = parameter(node, 4, "running_var");
    const std::size_t shared = find_trained(node)->results;
    if (shared == 0 || node.results.size() != shared || !var || !var->is<Ref>() || !is_tensor(var->as<Ref>()))
      throw Error(ErrorKind::unsupported, {}, "updates running statistics, which has no exact form");
    made.op = "aten._native_batch_norm_legit_functional.default";
    made.args.resize(std::min<std::size_t>(made.args.size(), 8));
    const Type statistics = in_.type(mean);
    constexpr std::array names{"y", "save_mean", "save_rstd", "running_mean", "running_var"};
    for (std::size_t i = shared; i < names.size(); ++i) made.results.push_back(out_.add_value(names[i], statistics));
    const Ref new_mean = made.results[3], new_var = made.results[4];
    out_.nodes.push_back(std::move(made));
    for (const Ref ref : node.results) define(ref);
    write(mean, new_mean);
    write(var->as<Ref>(), new_var);
  }

  void write(Ref target, Ref value) {
    if (const auto refused = storages_.write(tensors_[target.id].value(), value, scope(), place()))
      problem(fmt::format("writes to a view made by {}, which has no exact form", *refused));
  }

  // What is left in an input or buffer is a result of the program.
  void state(const Input& input) {
    if (!is_tensor(input.value)) return;
    const Id id = tensors_[input.value.id].value();
    const bool stated = std::ranges::any_of(
        in_.outputs, [&](const auto& o) { return o.kind != OutputKind::user && o.target == input.target; });
    if (stated || (!storages_.written(id) && !storages_.unknown(id))) return;
    if (storages_.unknown(id)) return problem_at(input, "may have been written to; the file does not tell");
    if (input.kind == InputKind::parameter) return problem_at(input, "is a parameter that is written to");
    if (input.kind == InputKind::constant) return problem_at(input, "is no buffer, but is written to");
    const OutputKind kind = input.kind == InputKind::user ? OutputKind::input_mutation : OutputKind::buffer_mutation;
    const auto before_results = std::ranges::find(out_.outputs, OutputKind::user, &graph::Output::kind);
    out_.outputs.insert(before_results, {storages_.read(id, 0, {}), kind, input.target});
  }

  void problem(std::string message) {
    if (!node_) return result_.problems.push_back({"output", "", "", std::move(message)});
    result_.problems.push_back({graph::place_of(in_, *node_), node_->op, in_.scopes[node_->scope].path,
                                fmt::format("{}: {}", node_->op, message)});
  }
  void problem_at(const Input& input, std::string_view message) {
    result_.problems.push_back({input.target, "", "", std::string(message)});
  }

  std::uint32_t scope() const { return node_ ? node_->scope : 0; }
  graph::Place place() const { return node_ ? node_->place : graph::Place(); }

  const Graph& in_;
  LowerResult result_;
  Graph& out_;
  Storages storages_;
  std::vector<std::optional<Id>> tensors_;  // by value of the old graph
  std::set<std::uint32_t> told_;
  const Node* node_ = nullptr;
};

}  // namespace

std::optional<LowerResult> functionalize(const Graph& aten) {
  if (std::ranges::none_of(aten.nodes, [&](const Node& node) { return writes(aten, node); })) return std::nullopt;
  return Functionalizer(aten).run();
}

}  // namespace torch2mlx::ops
