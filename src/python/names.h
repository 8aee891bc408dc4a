// Python identifiers: from module paths, from the user's lines, unique within a function.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "layers/names.h"

namespace torch2mlx::python {

bool is_identifier(std::string_view text);  // and no keyword
// `text` as an identifier that shadows no builtin, nor mx, nn, self: a suffix "_" where it must differ. Python gives
// names with two underscores in front another meaning in each class: one is left.
std::string identifier(std::string_view text);
std::string last_part(std::string_view dotted);  // "BertLayer" of "transformers.models.bert.modeling_bert.BertLayer"
std::string camel_case(std::string_view text);   // "self_attn" -> "SelfAttn"
std::vector<std::string> parts(std::string_view dotted);
using layers::list_index;
bool under(std::string_view path, std::string_view ancestor);  // strictly; every path but "" is under ""
std::string join(std::string_view path, std::string_view name);

// The names assigned by a line: "a, b = f(x)" gives a and b; nothing if the line is no plain assignment.
std::vector<std::string> assigned_names(std::string_view code);
// Lines of torch itself name things after torch's implementation, not the model's.
bool is_users(const graph::Place& place);

// Gives out names that are unique among those in use.
class NamePool {
 public:
  // `separator` stands between a name and its number: "_" for variables, nothing for classes.
  explicit NamePool(std::string separator = "_") : separator_(std::move(separator)) {}
  void reserve(const std::string& name) { taken_.insert(name); }
  void release(const std::string& name) { taken_.erase(name); }
  bool free(const std::string& name) const { return !taken_.contains(name); }
  std::string take(const std::string& wanted);  // wanted, wanted_2 ...

 private:
  std::string separator_;
  std::set<std::string> taken_;
};

}  // namespace torch2mlx::python
