#include "graph/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/error.h"
#include "graph/import_json.h"
#include "graph/import_scopes.h"

namespace torch2mlx::graph {
namespace {

using import::alternative;
using import::integer;
using import::Json;
using import::malformed;
using import::member;
using import::text;

// Runs `f`; what goes wrong in it is said to be at `place`.
template <class F>
auto at(const std::string& place, F&& f) {
  try {
    return f();
  } catch (const Error& error) {
    throw error.within(place);
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::input, place, fmt::format("not an exported program: {}", error.what()));
  }
}

class Importer {
 public:
  Importer(const Json& program, Surroundings surroundings)
      : module_(member(program, "graph_module")), json_(member(module_, "graph")), scopes_(graph_) {
    graph_.constants = std::move(surroundings.constants);
    graph_.modules = std::move(surroundings.modules);
    graph_.state_keys = std::move(surroundings.state_keys);
    tied_ = std::move(surroundings.tied);
    std::erase_if(graph_.state_keys, [&](const std::string& key) { return tied_.contains(key); });
    ranges(member(program, "range_constraints"));
  }

  Graph run() {
    inputs();
    std::size_t index = 0;
    for (const Json& node : member(json_, "nodes")) at(fmt::format("node {}", index++), [&] { import_node(node); });
    outputs();
    at("module_call_graph", [&] { calls(); });
    refuse_problems();
    scopes_.add_modules();
    at("examples", [&] { examples(); });
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
      constant_inputs_.push_back(text(member(value, "name")));
    } else {
      problems_.push_back(fmt::format("input of kind '{}'", printable(kind)));
    }
  }

  // A tied parameter is known by its first key alone.
  void define_input(Input input, const std::string& name) {
    if (const auto first = tied_.find(input.target); first != tied_.end()) input.target = first->second;
    if (!tied_.empty() && input.persistent)
      for (const Input& other : graph_.inputs)
        if (other.kind == input.kind && other.target == input.target) {
          values_.emplace(name, other.value);
          return;
        }
    input.value = define(name, value_type(name));
    graph_.inputs.push_back(std::move(input));
  }

  void user_input(const Json& arg) {
    const auto [kind, value] = alternative(arg);
    const bool named = kind == "as_tensor" || (value.is_object() && value.contains("as_name"));
    if (!named) return constant_inputs_.push_back(kind);  // a literal baked into the program
    const std::string name = text(kind == "as_tensor" ? member(value, "name") : member(value, "as_name"));
    Input input;
    input.target = name;
    define_input(std::move(input), name);
  }

  Type value_type(const std::string& name) const {
    return at(fmt::format("value '{}'", printable(name)), [&] { return type_of(name); });
  }

  Type type_of(const std::string& name) const {
    if (const auto& tensors = member(json_, "tensor_values"); tensors.contains(name))
      return import::tensor_type(tensors[name]);
    Type type;
    type.dtype = Dtype::int64;
    if (const auto& sizes = member(json_, "sym_int_values"); sizes.contains(name)) {
      type.kind = ValueKind::integer;
      type.size = import::dim(sizes[name]);
    } else if (json_.contains("sym_bool_values") && json_["sym_bool_values"].contains(name)) {
      type.kind = ValueKind::boolean;
    } else if (json_.contains("sym_float_values") && json_["sym_float_values"].contains(name)) {
      type.kind = ValueKind::floating;
    } else {
      malformed("it has no type");
    }
    return type;
  }

  // A symbol without a range may be any size.
  void declare(const Dim& dim) {
    for (const std::string& name : dim.symbols())
      if (std::ranges::find(graph_.symbols, name, &Symbol::name) == graph_.symbols.end())
        graph_.symbols.push_back({name});
  }

  Ref define(const std::string& name, Type type) {
    for (const Dim& dim : type.shape) declare(dim);
    if (type.size) declare(*type.size);
    const Ref ref = graph_.add_value(name, std::move(type));
    if (!values_.emplace(name, ref).second) malformed(fmt::format("value '{}' is defined twice", printable(name)));
    return ref;
  }

  Ref value(const Json& argument, const char* key = "name") const {
    const std::string name = text(member(argument, key));
    const auto it = values_.find(name);
    if (it == values_.end()) malformed(fmt::format("value '{}' is used before it is defined", printable(name)));
    return it->second;
  }

  void import_node(const Json& json) {
    Node node;
    const Json& metadata = member(json, "metadata");
    node.scope = scopes_.of(metadata);
    node.place = import::place(metadata);
    const std::string target = text(member(json, "target"));
    if (target.starts_with("torch.ops."))
      node.op = target.substr(10);
    else if (target.starts_with("_operator.") || target.starts_with("torch.sym_"))
      node.op = "sym." + target.substr(10);
    else
      node.op = target;
    for (const Json& input : member(json, "inputs")) {
      const bool keyword = input.contains("kind") && input["kind"] == 2;
      node.args.push_back({keyword ? text(member(input, "name")) : std::string(), arg(member(input, "arg"), node)});
    }
    for (const Json& output : member(json, "outputs")) results(output, node);
    if (node.op.starts_with("aten.as_strided") && !row_major(json)) problem(node, node.op + " of a view");
    // A trailing underscore before the overload is torch's mark of an in-place op: aten.add_.Tensor.
    const std::string_view name = std::string_view(node.op).substr(0, node.op.rfind('.'));
    graph_.nodes.push_back(std::move(node));
    if (name.ends_with('_') && !name.ends_with("__"))
      problem(graph_.nodes.back(),
              fmt::format("{} works in place; export with run_decompositions({{}})", graph_.nodes.back().op));
  }

  // Strides count elements of the storage: of the tensor itself only if it is row-major and begins there.
  bool row_major(const Json& node) const {
    const auto [kind, value] = alternative(member(member(node, "inputs").at(0), "arg"));
    const Json& meta = member(member(json_, "tensor_values"), text(member(value, "name")).c_str());
    if (!meta.contains("strides") || !meta.contains("storage_offset")) return true;
    Dim stride = 1;
    const Shape shape = import::tensor_type(meta).shape;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      if (!(shape[axis] == Dim(1)) && !(import::dim(meta["strides"].at(axis)) == stride)) return false;
      stride = stride * shape[axis];
    }
    return import::dim(meta["storage_offset"]) == Dim(0);
  }

  void results(const Json& output, Node& node) {
    const auto [kind, value] = alternative(output);
    const auto add = [&](const std::string& name) { node.results.push_back(define(name, value_type(name))); };
    if (kind == "as_tensor")
      add(text(member(value, "name")));
    else if (kind == "as_tensors")
      for (const Json& tensor : value) add(text(member(tensor, "name")));
    else if (kind == "as_sym_int" || kind == "as_sym_bool" || kind == "as_sym_float")
      add(text(member(value, "as_name")));
    else if (kind != "as_none")
      problem(node, fmt::format("a result of kind '{}'", printable(kind)));
  }

  Arg arg(const Json& json, const Node& node) {
    const auto [kind, value] = alternative(json);
    if (kind == "as_none") return {};
    if (kind == "as_tensor") return this->value(value);
    if (kind == "as_optional_tensor") return optional_tensor(value);
    if (kind == "as_sym_int" || kind == "as_sym_bool" || kind == "as_sym_float") return symbolic(value);
    if (kind == "as_scalar_type") return import::dtype(value);
    if (kind == "as_int" || kind == "as_memory_format" || kind == "as_layout") return integer(value);
    if (kind == "as_float") return number(value);
    if (kind == "as_bool") return value.get<bool>();
    if (kind == "as_string") return text(value);
    if (kind == "as_device") return text(member(value, "type"));
    if (value.is_array()) {
      List list;
      for (const Json& item : value) list.push_back(item_of(kind, item, node));
      return list;
    }
    problem(node, fmt::format("an argument of kind '{}'", printable(kind)));
    return {};
  }

  Arg item_of(const std::string& kind, const Json& item, const Node& node) {
    if (kind == "as_tensors") return value(item);
    if (kind == "as_optional_tensors") return optional_tensor(item);
    if (kind == "as_sym_ints" || kind == "as_sym_bools" || kind == "as_sym_floats") return symbolic(item);
    if (kind == "as_ints") return integer(item);
    if (kind == "as_floats") return number(item);
    if (kind == "as_bools") return item.get<bool>();
    if (kind == "as_strings") return text(item);
    problem(node, fmt::format("an argument of kind '{}'", printable(kind)));
    return {};
  }

  Arg optional_tensor(const Json& json) const {
    const auto [kind, value] = alternative(json);
    if (kind == "as_none") return {};
    if (kind != "as_tensor") malformed(fmt::format("'{}' is no tensor", printable(kind)));
    return this->value(value);
  }

  Arg symbolic(const Json& json) const {
    const auto [kind, value] = alternative(json);
    if (kind == "as_name") return this->value(json, "as_name");
    if (kind == "as_int") return integer(value);
    if (kind == "as_bool") return value.get<bool>();
    return number(value);
  }

  // Infinities and nan are written as text.
  static Arg number(const Json& value) {
    if (value.is_number()) return value.get<double>();
    const std::string name = text(value);
    if (name == "Infinity" || name == "inf") return std::numeric_limits<double>::infinity();
    if (name == "-Infinity" || name == "-inf") return -std::numeric_limits<double>::infinity();
    if (name == "NaN" || name == "nan") return std::numeric_limits<double>::quiet_NaN();
    malformed(fmt::format("'{}' is not a number", printable(name)));
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
    output.value = arg(value, {});
    if (kind == "buffer_mutation") {
      output.kind = OutputKind::buffer_mutation;
      output.target = text(member(spec, "buffer_name"));
    } else if (kind == "user_input_mutation") {
      output.kind = OutputKind::input_mutation;
      output.target = text(member(spec, "user_input_name"));
    } else if (kind != "user_output") {
      problems_.push_back(fmt::format("output of kind '{}'", printable(kind)));
    }
    graph_.outputs.push_back(std::move(output));
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

  void problem(const Node& node, std::string message) {
    problems_.push_back(fmt::format("{}: {}", place_of(graph_, node), message));
  }

  void refuse_problems() {
    if (problems_.empty()) return;
    if (problems_.size() == 1) throw Error(ErrorKind::unsupported, {}, problems_[0]);
    throw Error(ErrorKind::unsupported, {}, fmt::format("{} places cannot be imported", problems_.size()), {},
                problems_);
  }

  const Json& module_;
  const Json& json_;
  Graph graph_;
  import::Scopes scopes_;
  std::unordered_map<std::string, Ref> values_;
  std::map<std::string, std::string> tied_;
  std::vector<std::string> problems_, constant_inputs_;
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
