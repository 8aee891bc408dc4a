// The body of one `__call__`.
#pragma once

#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "python/classes.h"
#include "python/constants.h"
#include "python/hints.h"
#include "python/loops.h"
#include "python/sizes.h"

namespace torch2mlx::python {

inline constexpr std::size_t body_indent = 8;
inline constexpr const char* traced_with = "this model was traced with ";

struct FunctionText {
  std::vector<std::string> arguments;
  std::string body;  // indented by eight
};

// Writes the functions of all classes; the callers of a class must be written before it, as they name its arguments.
class FunctionWriter {
 public:
  FunctionWriter(const Context& context, Classes& classes, Constants& constants, const Class& target)
      : context_(context),
        graph_(context.graph),
        classes_(classes),
        constants_(constants),
        class_(target),
        f_(*target.function),
        lines_(context, f_) {}
  virtual ~FunctionWriter() = default;

  FunctionText write();

 protected:
  static constexpr std::size_t end_position = static_cast<std::size_t>(-1);

  // The root differs here: its arguments are the user's, its results have the user's structure.
  virtual std::vector<std::string> bind_arguments();
  virtual std::vector<std::string> finish();
  // With state, results are computed before it changes.
  virtual bool may_inline_results() const { return f_.outputs.size() == 1 && f_.state.empty(); }

  Expr value(graph::Ref ref);
  Expr held_text(const graph::Input& input) const;  // self.a.weight
  std::vector<std::string> state_lines();           // self.cache = cache
  const Function& function() const { return f_; }
  void bind(graph::Ref ref, const std::string& name);  // a variable holds the value
  void bind_text(graph::Ref ref, Expr text) { text_[ref] = std::move(text); }
  void reserve(const std::string& name) { reserved_.insert(name); }
  std::string free_name(const std::string& wanted) { return assign_name({wanted}); }
  const Context& context() const { return context_; }
  void bind_list(const std::vector<graph::Ref>& items, const std::string& name);

  std::vector<std::pair<std::string, std::vector<graph::Ref>>> lists_;  // variables that hold lists of values

 private:
  void reset();
  void plan();
  void plan_joins();
  bool inlinable(std::size_t unit) const;
  std::optional<std::size_t> only_user(std::size_t unit) const;
  bool reads_well_inside(std::size_t unit, std::size_t user) const;
  bool joins(std::size_t unit, std::size_t user, const std::set<graph::Ref>& joined) const;
  void check_reads();
  bool is_view(const Step& step) const;
  bool is_light(const Step& step) const;
  void collect_inlined(graph::Ref ref, std::vector<std::size_t>& units) const;
  bool emit();
  void emit_unit(std::size_t unit);
  void emit_call(std::size_t unit, const std::string& text);
  void emit_update(std::size_t unit);
  bool is_update(const Step& step) const;
  void emit_requirement(std::size_t unit);
  bool is_requirement(const Step& step) const;
  std::string own_copy(std::size_t unit, graph::Ref base);
  struct LoopNames;
  void emit_loop(std::size_t unit);
  LoopNames loop_names(std::size_t unit);
  void add_line(const std::string& text, std::size_t indent, const std::vector<graph::Ref>& operands);
  Expr step_text(const Step& step);
  std::string call_text(const std::string& callee, const Step& step);
  std::string module_text(const std::string& path) const;
  std::string assign_name(const std::vector<std::string>& wanted);
  std::vector<std::string> candidates(const Step& step, std::size_t result);
  std::optional<std::string> inner_name(const Function& called, graph::Ref ref) const;
  std::optional<std::string> replaced_name(const Step& step) const;
  std::size_t free_from(const std::string& name) const;
  bool available(const std::string& name) const;
  std::string numbered_name(const std::string& base);
  Expr size(const graph::Dim& dim);
  std::string size_name(const SizeSource& source);
  std::string size_lines() const;
  void vote(const Step& step, std::vector<std::string> names);
  std::vector<graph::Ref> end_uses() const;
  std::vector<graph::Ref> unit_uses(std::size_t unit) const;
  std::vector<graph::Ref> unit_results(std::size_t unit) const;

  // Of names with a number, NAME_2 and on: those that were free when it was last asked, and from where the others are.
  struct Numbers {
    using Held = std::pair<std::size_t, int>;  // (position, number)
    std::set<int> free;
    std::priority_queue<Held, std::vector<Held>, std::greater<>> held;
    int next = 2, last = 0;  // never given; given last, whose value is known by now
  };

  const Context& context_;
  const graph::Graph& graph_;
  Classes& classes_;
  Constants& constants_;
  const Class& class_;
  const Function& f_;
  const LineNames lines_;

  std::vector<Unit> units_;
  std::map<graph::Ref, std::vector<std::size_t>> users_;  // units; end_position for the function's results
  std::map<graph::Ref, std::size_t> last_use_;            // position where it is read last
  std::vector<bool> inlined_;                             // by unit
  std::vector<bool> joined_;                              // by unit: inlined across lines of the user's code
  std::set<std::size_t> forced_;                          // units that must be statements

  std::size_t position_ = 0;
  std::map<graph::Ref, Expr> text_;
  std::map<graph::Ref, std::size_t> unit_of_;      // of inlined values
  std::map<std::string, std::string> unnumbered_;  // "mask_2" -> "mask": nested functions number their own
  std::map<std::string, graph::Ref> holder_;
  std::map<std::string, Numbers> numbers_;  // by NAME
  std::set<graph::Ref> owned_;              // values of variables that no other name shares
  std::set<std::string> reserved_;
  std::map<SizeSource, std::string> size_names_;
  std::map<std::size_t, std::size_t> reads_;  // of inlined units
  std::vector<std::pair<std::size_t, std::vector<std::string>>> votes_;
  std::vector<std::string> argument_names_;
  std::string body_;
  bool retry_ = false;
};

}  // namespace torch2mlx::python
