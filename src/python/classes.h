// One Python class for each distinct structure: modules of equal parts and equal calls share it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "python/outline.h"

namespace torch2mlx::python {

struct Class {
  std::string name;
  const ModuleNode* module = nullptr;      // the first with this structure; its text serves all
  const Function* function = nullptr;      // its call; nullptr if it is never called as a whole
  std::vector<std::string> arg_names;      // of the inputs, then of the sizes
  std::vector<std::vector<std::string>> votes;  // for each argument, what callers call it
};

struct Classes {
  std::vector<Class> list;                           // a class comes after those that it uses
  std::map<std::string, std::size_t> of_module;      // by path; blocks only
};

// Adds to `inlined` the scopes of calls that differ from their module's first call, and gives nothing then.
std::unique_ptr<Classes> make_classes(const Context& context, const Function& root, std::set<std::uint32_t>& inlined);

// A function as text in which values are numbered, so that equal structures give equal text.
std::string signature(const Context& context, const Function& function);

}  // namespace torch2mlx::python
