// One Python class for each distinct structure: modules of equal parts and equal calls share it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "python/outline.h"

namespace torch2mlx::python {

struct Class {
  std::string name;
  const ModuleNode* module = nullptr;           // the first with this structure; its text serves all
  const Function* function = nullptr;           // its call; nullptr if it is never called as a whole
  std::vector<std::string> arg_names;           // of the inputs, then of the sizes, then of modules
  std::vector<std::vector<std::string>> votes;  // for each argument, what callers call it
  std::vector<std::string> parameters;          // of the constructor
  std::map<std::size_t, std::string> numbers;   // which integers of `__init__`, counted from 0, the parameters replace
};

// The class of a module, and the numbers it is made with.
struct Instance {
  std::size_t index = 0;
  std::vector<std::string> arguments;
};

struct Classes {
  std::vector<Class> list;                    // a class comes after those that it uses
  std::map<std::string, Instance> of_module;  // by path; blocks only
};

// Adds to `inlined` the scopes of calls that differ from their module's first call, and gives nothing then.
std::unique_ptr<Classes> make_classes(const Context& context, const Function& root, std::set<std::uint32_t>& inlined);

// Classes that differ in nothing but sizes become one class with constructor arguments.
void merge_classes(const Context& context, Classes& classes);

// A function as text in which values are numbered, so that equal structures give equal text.
// `nested` gives the text of the functions it calls.
using NestedText = std::function<std::string(const Function&)>;
std::string signature(const Context& context, const Function& function, const NestedText& nested = {});

}  // namespace torch2mlx::python
