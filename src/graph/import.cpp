#include "graph/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "graph/import_nodes.h"

namespace torch2mlx::graph {
namespace {

using import::alternative;
using import::at;
using import::integer;
using import::Json;
using import::malformed;
using import::member;
using import::text;

class Importer {
 public:
  Importer(const Json& program, Surroundings surroundings)
      : module_(member(program, "graph_module")), json_(member(module_, "graph")), nodes_(graph_, json_) {
    graph_.constants = std::move(surroundings.constants);
    graph_.modules = std::move(surroundings.modules);
    graph_.state_keys = std::move(surroundings.state_keys);
    tied_ = std::move(surroundings.tied);
    nodes_.scopes().share(SharedModules(graph_.state_keys, tied_, graph_.modules));
    std::erase_if(graph_.state_keys, [&](const std::string& key) { return tied_.contains(key); });
    ranges(member(program, "range_constraints"));
    guards_ = std::move(surroundings.guards);
    if (program.contains("guards_code") && program["guards_code"].is_array())
      for (const Json& guard : program["guards_code"]) guards_.push_back(text(guard));
  }

  Graph run() {
    inputs();
    std::size_t index = 0;
    for (const Json& node : member(json_, "nodes")) at(fmt::format("node {}", index++), [&] { nodes_.add(node); });
    outputs();
    at("module_call_graph", [&] { calls(); });
    name_inputs();
    refuse_problems();
    nodes_.scopes().add_modules();
    at("examples", [&] { examples(); });
    drop_numbers_of_data();
    return std::move(graph_);
  }

 private:
  void ranges(const Json& constraints) {
    for (const auto& [name, range] : constraints.items())
      at(fmt::format("range of '{}'", printable(name)), [&] {
        Symbol symbol{name};
        // Limits beyond 64 bits and none at all mean the same.
        if (const Json& min = member(range, "min_val"); import::fits_int64(min))
          symbol.min = std::max<std::int64_t>(0, integer(min));
        if (const Json& max = member(range, "max_val"); import::fits_int64(max)) symbol.max = integer(max);
        if (symbol.min > symbol.max || symbol.min > INT32_MAX) malformed("it holds no size");
        graph_.symbols.push_back(std::move(symbol));
      });
  }

  // Sizes of the example inputs stand as hints beside the expressions.
  void examples() {
    for (const auto& [name, value] : member(json_, "sym_int_values").items()) {
      const auto [kind, expression] = alternative(value);
      if (kind != "as_expr" || !expression.contains("hint") || expression["hint"].is_null()) continue;
      const auto symbol = import::dim(value).as_symbol();
      if (!symbol) continue;
      const auto it = std::ranges::find(graph_.symbols, *symbol, &Symbol::name);
      if (it != graph_.symbols.end()) it->example = integer(alternative(expression["hint"]).value);
    }
    for (const auto& [name, meta] : member(json_, "tensor_values").items())
      for (const Json& size : member(meta, "sizes")) {
        const auto [kind, expression] = alternative(size);
        if (kind != "as_expr" || !expression.contains("hint") || expression["hint"].is_null()) continue;
        const auto symbol = import::dim(size).as_symbol();
        if (!symbol) continue;
        const auto it = std::ranges::find(graph_.symbols, *symbol, &Symbol::name);
        if (it != graph_.symbols.end() && it->example == 0)
          it->example = integer(alternative(expression["hint"]).value);
      }
  }

  // Symbols that no input's size tells are numbers read from data.
  void drop_numbers_of_data() {
    std::set<std::string> sizes;
    for (const Input& input : graph_.inputs) {
      const Type& type = graph_.type(input.value);
      for (const Dim& size : type.shape) sizes.merge(as_set(size.symbols()));
      if (type.size) sizes.merge(as_set(type.size->symbols()));
    }
    std::erase_if(graph_.symbols, [&](const Symbol& symbol) { return !sizes.contains(symbol.name); });
  }
  static std::set<std::string> as_set(const auto& names) { return {names.begin(), names.end()}; }

  void inputs() {
    std::size_t index = 0;
    for (const Json& spec : member(member(module_, "signature"), "input_specs"))
      at(fmt::format("input {}", index++), [&] { import_input(spec); });
  }

  void import_input(const Json& spec) {
    const auto [kind, value] = alternative(spec);
    Input input;
    if (kind == "parameter") {
      input.kind = InputKind::parameter;
      input.target = text(member(value, "parameter_name"));
      define_input(std::move(input), text(member(member(value, "arg"), "name")));
    } else if (kind == "buffer") {
      input.kind = InputKind::buffer;
      input.target = text(member(value, "buffer_name"));
      input.persistent = member(value, "persistent").get<bool>();
      define_input(std::move(input), text(member(member(value, "arg"), "name")));
    } else if (kind == "tensor_constant") {
      input.kind = InputKind::constant;
      input.target = text(member(value, "tensor_constant_name"));
      input.persistent = false;
      define_input(std::move(input), text(member(member(value, "arg"), "name")));
    } else if (kind == "user_input") {
      user_input(member(value, "arg"));
    } else if (kind == "constant_input") {
      constant_input(text(member(value, "name")));
    } else {
      problems_.push_back(fmt::format("input of kind '{}'", printable(kind)));
    }
  }

  // The first key of a tied parameter, and of a buffer of a module with several names.
  std::string first_key(const std::string& key, bool persistent) {
    if (const auto first = tied_.find(key); first != tied_.end()) return first->second;
    std::string first = persistent ? key : nodes_.scopes().shared().first(key);
    const auto own = graph_.constants.find(key), other = graph_.constants.find(first);
    return own != graph_.constants.end() && other != graph_.constants.end() && same_bytes(own->second, other->second)
               ? first
               : key;
  }

  static bool same_bytes(const Tensor& a, const Tensor& b) {
    if (a.dtype != b.dtype || !(a.shape == b.shape) || !(a.strides == b.strides) || !a.storage || !b.storage)
      return false;
    std::int64_t last = 0;
    for (std::size_t i = 0; i < a.shape.size(); ++i) last += (a.shape[i] - 1) * a.strides[i];
    const auto size = static_cast<std::int64_t>(size_of(a.dtype));
    const auto bytes = [&](const Tensor& t) {
      return t.storage->bytes.subspan(static_cast<std::size_t>(t.offset * size),
                                      static_cast<std::size_t>((last + 1) * size));
    };
    return a.elements() == 0 || std::ranges::equal(bytes(a), bytes(b));
  }

  void define_input(Input input, const std::string& name) {
    const bool held = input.kind == InputKind::parameter || input.kind == InputKind::buffer;
    const std::string given = held ? std::exchange(input.target, first_key(input.target, input.persistent)) : "";
    if (held && !tied_.empty() && (input.persistent || given != input.target))
      for (const Input& other : graph_.inputs)
        if (other.kind == input.kind && other.target == input.target) {
          nodes_.alias(name, other.value);
          return;
        }
    input.value = nodes_.define(name);
    graph_.inputs.push_back(std::move(input));
  }

  void user_input(const Json& arg) {
    const auto [kind, value] = alternative(arg);
    const bool named = kind == "as_tensor" || (value.is_object() && value.contains("as_name"));
    if (!named) return constant_input(kind);
    const std::string name = text(kind == "as_tensor" ? member(value, "name") : member(value, "as_name"));
    Input input;
    input.target = name;
    users_.emplace_back(graph_.inputs.size());
    define_input(std::move(input), name);
  }

  // A literal baked into the program.
  void constant_input(std::string name) {
    users_.emplace_back();
    constant_inputs_.push_back(std::move(name));
  }

  void outputs() {
    const Json& values = member(json_, "outputs");
    const Json& specs = member(member(module_, "signature"), "output_specs");
    if (values.size() != specs.size()) malformed("outputs and their specifications differ in number");
    for (std::size_t i = 0; i < specs.size(); ++i)
      at(fmt::format("output {}", i), [&] { import_output(specs[i], values[i]); });
  }

  void import_output(const Json& specification, const Json& value) {
    const auto [kind, spec] = alternative(specification);
    Output output;
    output.value = nodes_.arg(value, {});
    if (kind == "buffer_mutation") {
      output.kind = OutputKind::buffer_mutation;
      output.target = first_target(text(member(spec, "buffer_name")));
    } else if (kind == "user_input_mutation") {
      output.kind = OutputKind::input_mutation;
      output.target = text(member(spec, "user_input_name"));
    } else if (kind != "user_output") {
      problems_.push_back(fmt::format("output of kind '{}'", printable(kind)));
    }
    graph_.outputs.push_back(std::move(output));
  }

  // Of a buffer that the graph knows by another key.
  std::string first_target(const std::string& key) {
    const auto known = [&](const std::string& target) {
      return std::ranges::find(graph_.inputs, target, &Input::target) != graph_.inputs.end();
    };
    if (known(key)) return key;
    std::string first = first_key(key, !graph_.constants.contains(key));
    return known(first) ? first : key;
  }

  // The root's entry of module_call_graph knows the structure of arguments and results.
  void calls() {
    for (const Json& entry : member(module_, "module_call_graph")) {
      const Json& signature = member(entry, "signature");
      if (!text(member(entry, "fqn")).empty() || signature.is_null()) continue;
      graph_.input_tree = import::tree(text(member(signature, "in_spec")));
      graph_.output_tree = import::tree(text(member(signature, "out_spec")));
      if (signature.contains("forward_arg_names") && signature["forward_arg_names"].is_array())
        for (const Json& name : signature["forward_arg_names"]) graph_.arg_names.push_back(text(name));
    }
    if (!constant_inputs_.empty())
      graph_.notes.push_back(fmt::format(
          "arguments that are not tensors are fixed at the example's values ({} of them)", constant_inputs_.size()));
  }

  // The leaves of the call's arguments are the user inputs, in order. Their paths are what users know them by, and the
  // guards; the program itself flattens and changes them ("d_ab_0").
  void name_inputs() {
    const Tree& call = graph_.input_tree;
    std::vector<Leaf> leaves;
    if (call.children.size() == 2) {
      std::size_t argument = 0;
      for (const Tree& part : call.children)
        for (const Tree& child : part.children)
          if (argument < graph_.arg_names.size()) add_leaves(child, {{graph_.arg_names[argument++]}}, leaves);
    }
    std::map<std::string, std::string, std::less<>> targets;  // by what guards say
    if (leaves.size() == users_.size())
      for (std::size_t i = 0; i < leaves.size(); ++i) {
        if (!users_[i]) continue;
        Input& input = graph_.inputs[*users_[i]];
        if (leaves[i].plain) rename(input, fmt::format("{}", fmt::join(leaves[i].path, ".")));
        const auto [it, first] = targets.try_emplace(fmt::format("{}", fmt::join(leaves[i].path, "_")), input.target);
        if (!first) it->second.clear();  // d['a_b'] or d['a']['b']
      }
    const auto find = [&](const std::string& path) {
      const auto it = targets.find(path);
      return it == targets.end() ? std::string() : it->second;
    };
    std::set<std::string_view> known;
    for (const std::string& guard : guards_)
      if (known.insert(guard).second) graph_.guards.emplace_back(guard, find);
  }

  void rename(Input& input, const std::string& target) {
    for (Output& output : graph_.outputs)
      if (output.kind == OutputKind::input_mutation && output.target == input.target) output.target = target;
    input.target = target;
  }

  struct Leaf {
    std::vector<std::string> path;
    bool plain = true;  // items of tuples and lists, fields, and items of dicts by names that are no numbers
  };
  static void add_leaves(const Tree& tree, const Leaf& at, std::vector<Leaf>& leaves) {
    if (tree.kind == Tree::Kind::leaf || tree.kind == Tree::Kind::none) leaves.push_back(at);
    for (std::size_t i = 0; i < tree.children.size(); ++i) {
      Leaf child = at;
      child.path.push_back(tree.keys.empty() ? std::to_string(i) : tree.keys.at(i));
      const bool named = !tree.keys.empty() && child.path.back().find_first_not_of("0123456789") == std::string::npos;
      const bool joins = child.path.back().find('.') != std::string::npos;
      child.plain = at.plain && !named && !joins;
      add_leaves(tree.children[i], child, leaves);
    }
  }

  void refuse_problems() {
    problems_.insert(problems_.end(), nodes_.problems.begin(), nodes_.problems.end());
    if (problems_.empty()) return;
    if (problems_.size() == 1) throw Error(ErrorKind::unsupported, {}, problems_[0]);
    throw Error(ErrorKind::unsupported, {}, fmt::format("{} places cannot be imported", problems_.size()), {},
                problems_);
  }

  const Json& module_;
  const Json& json_;
  Graph graph_;
  import::Nodes nodes_;
  std::map<std::string, std::string> tied_;
  std::vector<std::string> problems_, constant_inputs_;
  std::vector<std::optional<std::size_t>> users_;  // of every leaf of the call: its place in `inputs`; none: a literal
  std::vector<std::string> guards_;
};

}  // namespace

// Fields changed their meaning between major versions.
static void require_known_version(const Json& program) {
  constexpr std::int64_t known = 8;
  const auto version = program.find("schema_version");
  if (version == program.end()) return;
  if (const auto major = integer(member(*version, "major")); major != known)
    throw Error(ErrorKind::unsupported, "schema_version", fmt::format("version {} is not read, only {}", major, known),
                "save it again with the PyTorch that this version of torch2mlx is made for");
}

Graph import_exported_program(std::string_view model_json, Surroundings surroundings) {
  return at("model.json", [&] {
    const Json program = Json::parse(model_json, nullptr, false);
    if (program.is_discarded()) malformed("it is not JSON");
    require_known_version(program);
    return Importer(program, std::move(surroundings)).run();
  });
}

}  // namespace torch2mlx::graph
