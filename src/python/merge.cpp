#include <fmt/format.h>

#include <algorithm>

#include "python/classes.h"
#include "python/init.h"
#include "python/names.h"
#include "python/numbers.h"

namespace torch2mlx::python {
namespace {

// More constructor arguments than this read worse than another class.
constexpr std::size_t most_parameters = 6;

struct Member {
  std::size_t exact;  // index of the class before merging
  std::vector<Number> numbers;
  std::string plain;  // its text without numbers and defaults
};

class Merger {
 public:
  Merger(const Context& context, Classes& classes)
      : context_(context), exact_(classes), scratch_(context.graph), instances_(classes.list.size()) {}

  void run() {
    std::vector<std::vector<std::size_t>> by_height;
    for (std::size_t i = 0; i < exact_.list.size(); ++i) {
      const std::size_t height = height_of(*exact_.list[i].module);
      by_height.resize(std::max(by_height.size(), height + 1));
      by_height[height].push_back(i);
    }
    for (const auto& level : by_height) merge_level(level);
    finish();
  }

 private:
  static std::size_t height_of(const ModuleNode& node) {
    std::size_t height = 0;
    for (const auto& child : node.children)
      height = std::max(height, height_of(*child) + (child->role == Role::block ? 1 : 0));
    return height;
  }

  // Equal heights have equal structure or none in common; lower levels are done.
  void merge_level(const std::vector<std::size_t>& level) {
    std::map<std::string, std::vector<Member>> groups;
    for (std::size_t i : level) {
      std::string text;
      for (const std::string& line : init_lines(context_, *exact_.list[i].module, scratch_, block_text()))
        text += line + "\n";
      groups[exact_.list[i].module->class_name + "|" + without_numbers(text) + function_text(i)].push_back(
          {i, numbers_in(text), without_numbers(without_defaults(text))});
    }
    for (const auto& [key, members] : groups) merge_some(members);
  }

  // All of them; or else those alone that leave out the same arguments; or none.
  void merge_some(const std::vector<Member>& members) {
    if (merge_group(members)) return;
    std::map<std::string, std::vector<Member>> alike;
    for (const Member& member : members) alike[member.plain].push_back(member);
    for (const auto& [plain, some] : alike) {
      if (merge_group(some)) continue;
      for (const Member& member : some) merge_group({member});
    }
  }

  BlockText block_text() const {
    return [this](const ModuleNode& node) {
      const Instance& instance = instances_[exact_.of_module.at(node.path).index];
      std::string arguments;
      for (const std::string& argument : instance.arguments) arguments += (arguments.empty() ? "" : ", ") + argument;
      return fmt::format("#{}({})", instance.index, arguments);
    };
  }

  std::string function_text(std::size_t i) const {
    const Function* f = exact_.list[i].function;
    if (!f) return "";
    return signature(context_, *f, [this](const Function& nested) {
      return fmt::format("#{}", instances_[exact_.of_module.at(nested.path).index].index);
    });
  }

  // One class for all members; what varies becomes its constructor's arguments. False if too much does.
  bool merge_group(const std::vector<Member>& members) {
    std::map<std::vector<std::string>, std::vector<std::size_t>> varying;  // values over the members -> ordinals
    std::vector<std::vector<std::string>> order;
    for (std::size_t n = 0; n < members[0].numbers.size(); ++n) {
      std::vector<std::string> values;
      for (const Member& member : members) values.push_back(member.numbers[n].digits);
      if (std::ranges::adjacent_find(values, std::not_equal_to<>()) == values.end()) continue;
      if (varying[values].empty()) order.push_back(values);
      varying[values].push_back(n);
    }
    if (order.size() > most_parameters) return false;
    Class merged = exact_.list[members[0].exact];
    NamePool pool;
    for (const auto& values : order) {
      const std::string name = pool.take(parameter_name(members[0].numbers[varying[values][0]].role));
      merged.parameters.push_back(name);
      for (std::size_t n : varying[values]) merged.numbers[n] = name;
    }
    for (std::size_t m = 0; m < members.size(); ++m) {
      Instance& instance = instances_[members[m].exact];
      instance.index = members[0].exact;
      for (const auto& values : order) instance.arguments.push_back(values[m]);
    }
    merged_.emplace(members[0].exact, std::move(merged));
    return true;
  }

  std::string parameter_name(const std::string& role) const {
    const std::size_t space = role.find(' ');
    if (space == std::string::npos) return identifier(role);
    const std::string callee = role.substr(0, space);
    const std::size_t position = std::stoul(role.substr(space + 1));
    if (callee.starts_with('#')) return merged_.at(std::stoul(callee.substr(1))).parameters.at(position);
    if (callee == "range") return "depth";
    const bool conv = callee.starts_with("nn.Conv"), pair = conv || callee == "nn.Linear";
    if (!pair || position > 1) return "dims";
    return std::string(position == 0 ? "in_" : "out_") + (conv ? "channels" : "dims");
  }

  // A class keeps the place of its first member, so that parts still precede what uses them.
  void finish() {
    std::vector<Class> list;
    std::map<std::size_t, std::size_t> index;
    for (auto& [first, merged] : merged_) {
      index[first] = list.size();
      list.push_back(std::move(merged));
    }
    for (auto& [path, instance] : exact_.of_module) {
      instance = instances_[instance.index];
      instance.index = index.at(instance.index);
    }
    exact_.list = std::move(list);
  }

  const Context& context_;
  Classes& exact_;
  Constants scratch_;
  std::vector<Instance> instances_;      // by exact class; indices name the first member
  std::map<std::size_t, Class> merged_;  // by the first member
};

}  // namespace

void merge_classes(const Context& context, Classes& classes) { Merger(context, classes).run(); }

}  // namespace torch2mlx::python
