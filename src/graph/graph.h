// The graph of both dialects (ATen as imported, MLX after lowering): SSA values, one kind of node, plain data.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <variant>
#include <vector>

#include "base/dtype.h"
#include "graph/condition.h"
#include "graph/dim.h"
#include "read/checkpoint.h"

namespace torch2mlx::graph {

// Index into Graph::values.
struct Ref {
  std::uint32_t id = 0;
  friend auto operator<=>(const Ref&, const Ref&) = default;
};

struct Arg;
using List = std::vector<Arg>;

// An argument of a node: nothing, a literal, a value, or a list of arguments.
struct Arg : std::variant<std::monostate, bool, std::int64_t, double, std::string, Dtype, Ref, List> {
  using variant::variant;
  Arg(int value) : variant(static_cast<std::int64_t>(value)) {}  // NOLINT(google-explicit-constructor)
  Arg(const char* text) : variant(std::string(text)) {}          // NOLINT(google-explicit-constructor)

  template <class T>
  bool is() const {
    return std::holds_alternative<T>(*this);
  }
  template <class T>
  const T& as() const {
    return std::get<T>(*this);
  }
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(static_cast<const variant*>(this));
  }
};

// As text prints them: nan is nan, and 0.0 is not -0.0.
bool operator==(const Arg& a, const Arg& b);

// Required tensor operands come first and unnamed; every other argument is named, and absent ones are left out:
//   softmax(x, axis=-1)    linear(x, w, bias=b)    concatenate([a, b], axis=1)
// (ATen nodes keep the split that the exported file has: positional unnamed, keyword named.)
struct Argument {
  std::string name;
  Arg value;
  friend bool operator==(const Argument&, const Argument&) = default;
};

// `unknown`: text without types, to be inferred.
enum class ValueKind : std::uint8_t { tensor, integer, floating, boolean, unknown };

// Type of a value. Tensors have dtype and shape; an integer that is a size has its expression.
struct Type {
  ValueKind kind = ValueKind::tensor;
  Dtype dtype = Dtype::float32;
  Shape shape;
  std::optional<Dim> size;
  friend bool operator==(const Type&, const Type&) = default;
};

struct Value {
  std::string name;  // unique in the graph
  Type type;
  std::optional<Shape> strides = {};  // of an imported tensor: they tell views from copies; not part of the text form
  friend bool operator==(const Value&, const Value&) = default;
};

// A line of the user's Python.
struct Place {
  std::string file;
  int line = 0;
  std::string code;  // the line's text, stripped: "query_layer = self.query(hidden_states)"
  friend bool operator==(const Place&, const Place&) = default;
};

// One call of a module. Calls nest; `call` counts calls of the same path (a module used twice has scopes 0 and 1).
struct Scope {
  std::string path;        // "encoder.layer.0", "" for the root
  std::string class_name;  // "transformers.models.bert.modeling_bert.BertLayer"
  int call = 0;
  std::uint32_t parent = 0;  // index into Graph::scopes; the root (index 0) is its own parent
  Place place = {};          // of the call
  friend bool operator==(const Scope&, const Scope&) = default;
};

struct Node {
  std::string op;  // "aten.silu.default", "softmax"
  std::vector<Argument> args;
  std::vector<Ref> results;
  std::uint32_t scope = 0;  // index into Graph::scopes
  Place place;

  const Arg* find(std::string_view name) const;  // a named argument, nullptr if absent
  Ref operand(std::size_t i) const;              // i-th unnamed argument, which must be a Ref
  Ref result() const { return results.at(0); }
  friend bool operator==(const Node&, const Node&) = default;
};

enum class InputKind : std::uint8_t {
  user,       // an argument of the module; `target` is its path in the argument tree: "input_ids", "past.0"
  parameter,  // `target` is the state-dict key
  buffer,     // persistent: in the state dict; otherwise its data is in Graph::constants
  constant,   // a tensor lifted out of the code; its data is in Graph::constants
};

struct Input {
  Ref value;
  InputKind kind = InputKind::user;
  std::string target;
  bool persistent = true;
  // Axes of the PyTorch parameter in the order in which the stored MLX one has them; empty: same layout.
  std::vector<int> permute;
  // Of a user input: sizes that are numbers in the graph, of which others will do too. Not part of the text form.
  std::vector<std::size_t> open_axes = {};
  bool key = false;  // a user input that PyTorch does not have: the key of mx.random that its random numbers come from
  friend bool operator==(const Input&, const Input&) = default;
};

enum class OutputKind : std::uint8_t { user, buffer_mutation, input_mutation };

struct Output {
  Arg value;  // a Ref, or a literal the module returns as it is (None, a number)
  OutputKind kind = OutputKind::user;
  std::string target;  // mutated buffer key or input
  friend bool operator==(const Output&, const Output&) = default;
};

// Structure of arguments or results around their leaves, in order.
struct Tree {
  enum class Kind : std::uint8_t { leaf, none, tuple, list, dict, named };
  Kind kind = Kind::leaf;
  std::string class_name;         // named: "transformers.modeling_outputs.BaseModelOutput"
  std::vector<std::string> keys;  // dict and named: one a child
  std::vector<Tree> children;
  friend bool operator==(const Tree&, const Tree&) = default;
};

// Inclusive range of a symbol; no maximum: INT64_MAX.
struct Symbol {
  std::string name;
  std::int64_t min = 0;
  std::int64_t max = INT64_MAX;
  std::int64_t example = 0;  // size in the example inputs, 0 if unknown
  friend bool operator==(const Symbol&, const Symbol&) = default;
};

// A module of the original, from the live model or from the scopes. Attributes are known for live models only.
using torch2mlx::Module;

struct Graph {
  std::vector<Value> values;
  std::vector<Input> inputs;
  std::vector<Node> nodes;  // in execution order
  std::vector<Output> outputs;
  std::vector<Scope> scopes{Scope{}};
  std::vector<Symbol> symbols;
  std::map<std::string, Tensor> constants;  // by Input::target
  std::vector<Module> modules;
  std::vector<std::string> state_keys;  // persistent state dict of a live model, in order; empty where unknown
  std::vector<std::string> arg_names;   // user inputs: positional parameter names of forward(), in order
  Tree input_tree;                      // tuple(args...), dict(kwargs...)
  Tree output_tree;
  // What torch.export relied on beside the symbols' ranges.
  std::vector<Condition> guards;
  // What sizes of user inputs must keep beside shapes and ranges; of MLX graphs. Neither is part of the text form.
  std::vector<Condition> conditions;
  std::vector<std::string> notes;  // narrowed dtypes, assumptions: for the report

  const Value& operator[](Ref ref) const { return values[ref.id]; }
  Value& operator[](Ref ref) { return values[ref.id]; }
  const Type& type(Ref ref) const { return values[ref.id].type; }
  const Module* module(std::string_view path) const;
  const Input* input(Ref ref) const;                    // the input that defines `ref`, nullptr if a node does
  const Output* replacement(const Input& input) const;  // its value after the call, nullptr if nothing writes to it

  // A new value; `name` is made unique by a numeric suffix.
  Ref add_value(std::string_view name, Type type);

 private:
  std::unordered_set<std::string> names_;  // of `values`, kept by add_value
};

// Calls `f(Ref&)` on every value used in an argument, lists included.
template <class F>
void for_each_ref(Arg& arg, F&& f) {
  if (auto* ref = std::get_if<Ref>(&static_cast<Arg&>(arg)))
    f(*ref);
  else if (auto* list = std::get_if<List>(&static_cast<Arg&>(arg)))
    for (Arg& item : *list) for_each_ref(item, f);
}
template <class F>
void for_each_ref(const Arg& arg, F&& f) {
  for_each_ref(const_cast<Arg&>(arg), [&](Ref& ref) { f(static_cast<const Ref&>(ref)); });
}

// Of each value: is it, or is it computed from, `source`?
std::vector<bool> reached_from(const Graph& graph, Ref source);
// Shapes of the user inputs that are tensors, by target. Throws std::out_of_range for a symbol without a size.
Condition::Shapes shapes_at(const Graph& graph, const Dim::Binding& sizes);

Type key_type();  // of a key of mx.random
// The input that is a key of mx.random; nullptr: nothing is random.
const Input* key_of(const Graph& graph);

// "node 37 'histc' (layers.3.router, modeling_x.py:412)": how errors name a node.
std::string place_of(const Graph& graph, const Node& node);

// Text form, one statement a line (`#` begins a comment):
//   symbol s0: 1..512 = 9                             a size in 1..512 (`..` alone: no maximum), 9 in the example
//   scope 1: encoder.layer.0 <pkg.BertLayer> #0 in 0   its place may follow, as a node's
//   x: f32[s0, 3]                                     user input; also int(2*s0), float, bool
//   w: f32[4, 3] = parameter "proj.weight" permute=(0, 1)
//   b: i64[1, 512] = buffer "ids" nonpersistent       constant "lifted" likewise
//   key: u32[2] random                                a user input that PyTorch's model does not have
//   a = linear(x, w) : f32[s0, 4] @1                  or `@ path <Class> #call`, which makes the scope
//   return a                                          a last line that only is a call is returned too
//   mutate buffer "steps" = a
struct PrintOptions {
  bool types = true;
  bool scopes = true;
  bool places = false;  // at "modeling_bert.py" 84 "code"
};
std::string print(const Graph& graph, PrintOptions options = {});
std::string number_text(double value);  // shortest that reads back the same, with a point or an exponent
// Throws Error(input) with line and column. Results without a type are of kind `unknown`.
Graph parse(std::string_view text);
// Are the graphs the same in what the text form holds?
bool same(const Graph& a, const Graph& b);

// Throws Error(input) listing every violation: values defined once and before use, names unique, results typed, refs in
// range, scopes well nested, outputs defined.
void check(const Graph& graph);

}  // namespace torch2mlx::graph
