// A condition on the sizes of a model's inputs, as torch.export writes down what it relied on: a Python expression,
// "(L['x'].size()[1] % 4) == 0". It may come from a file that holds anything: it is read, never run.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace torch2mlx::graph {

class Condition {
 public:
  using Shapes = std::map<std::string, std::vector<std::int64_t>, std::less<>>;  // of user inputs, by target
  // L['past'][0] is asked for as "past_0"; gives the target of that user input, "" where there is none.
  using Targets = std::function<std::string(const std::string& path)>;

  // Symbols of sizes -> the user input's target and axis that have them.
  using Symbols = std::map<std::string, std::pair<std::string, std::int64_t>, std::less<>>;

  // Text that says anything else than how sizes compare makes a condition that is unknown everywhere.
  Condition(std::string_view text, const Targets& targets) : Condition(text, targets, {}) {}
  // Of text with sizes as Dim prints them: "floordiv(s0, 2) == 1".
  Condition(std::string_view text, const Symbols& symbols) : Condition(text, {}, symbols) {}
  // That this axis of a user input has this size.
  Condition(std::string target, std::int64_t axis, std::int64_t size);

  // nullopt: the text cannot be read, a shape is missing, or Python would raise or exceed 64 bits.
  std::optional<bool> holds(const Shapes& shapes) const;
  // As code: "x.shape[1] % 4 == 0", and that it does not hold: "x.shape[1] % 4 != 0". `access`: the text of a target.
  // What cannot be read is given as it came.
  using Access = std::function<std::string(const std::string& target)>;
  std::string str(const Access& access = std::identity()) const;
  std::string negated(const Access& access) const;

  struct Expression;

 private:
  Condition(std::string_view text, const Targets& targets, const Symbols& symbols);

  std::string text_;
  std::shared_ptr<const Expression> root_;  // nullptr: cannot be read
};

}  // namespace torch2mlx::graph
