#include "python/outline.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "base/error.h"
#include "python/names.h"
#include "python/sizes.h"

namespace torch2mlx::python {
namespace {

using graph::Graph;
using graph::Ref;

// A module without parameters and with no more nodes than this reads better within its caller.
constexpr std::size_t small_body = 4;

class Outliner {
 public:
  Outliner(const Context& context, std::set<std::uint32_t>& inlined)
      : context_(context), graph_(context.graph), inlined_(inlined), home_(graph_.scopes.size(), unset) {}

  std::unique_ptr<Function> run() {
    count_nodes();
    auto root = std::make_unique<Function>();
    functions_[0] = root.get();
    for (std::size_t i : context_.live) place(i);
    if (!order(*root)) return nullptr;
    close(*root);
    return root;
  }

 private:
  static constexpr std::uint32_t unset = UINT32_MAX;

  void count_nodes() {
    for (std::size_t i : context_.live)
      for (std::uint32_t scope = graph_.nodes[i].scope;; scope = graph_.scopes[scope].parent) {
        ++size_[scope];
        if (scope == 0) break;
      }
  }

  // The scope whose function holds what belongs to `scope`.
  std::uint32_t home(std::uint32_t scope) {
    if (home_[scope] != unset) return home_[scope];
    if (scope == 0) return home_[0] = 0;
    const std::uint32_t outer = home(graph_.scopes[scope].parent);
    return home_[scope] = stays(scope, outer) ? scope : outer;
  }

  bool stays(std::uint32_t scope, std::uint32_t outer) {
    const graph::Scope& s = graph_.scopes[scope];
    const ModuleNode* module = context_.tree.find(s.path);
    if (inlined_.contains(scope) || !module || module->role != Role::block) return false;
    if (s.path == graph_.scopes[outer].path || under(graph_.scopes[outer].path, s.path)) return false;
    const bool bare = module->leaves.empty() && module->children.empty();
    const bool holds = !bare && holds_parameters(*module);
    return holds || size_[scope] > small_body;
  }

  static bool holds_parameters(const ModuleNode& module) {
    return !module.leaves.empty() || module.role == Role::layer ||
           std::ranges::any_of(module.children, [](const auto& child) { return holds_parameters(*child); });
  }

  Function& function(std::uint32_t scope) {
    if (const auto it = functions_.find(scope); it != functions_.end()) return *it->second;
    Function& outer = function(home(graph_.scopes[scope].parent));
    Step& step = outer.steps.emplace_back();
    step.call = std::make_unique<Function>();
    step.call->scope = scope;
    step.call->path = graph_.scopes[scope].path;
    functions_[scope] = step.call.get();
    return *step.call;
  }

  void place(std::size_t node) {
    Function& f = function(home(graph_.nodes[node].scope));
    Step& step = f.steps.emplace_back();
    step.node = node;
    const auto it = context_.layers.find(node);
    if (it != context_.layers.end()) step.layer = &it->second;
  }

  // Values that a step defines, nested ones included.
  template <class F>
  void for_each_node(const Step& step, F&& f) const {
    if (!step.call) return f(step.node);
    for (const Step& inner : step.call->steps) for_each_node(inner, f);
  }

  // Sorts the steps of `f` and of its nested functions. False if calls interleave: one of them is then inlined.
  bool order(Function& f) {
    for (Step& step : f.steps)
      if (step.call && !order(*step.call)) return false;
    const std::size_t count = f.steps.size();
    std::map<std::size_t, std::size_t> step_of;  // node -> step
    std::vector<std::size_t> first(count, Context::npos);
    for (std::size_t s = 0; s < count; ++s)
      for_each_node(f.steps[s], [&](std::size_t node) {
        step_of[node] = s;
        first[s] = std::min(first[s], node);
      });
    std::vector<std::set<std::size_t>> users(count);
    std::vector<std::size_t> waiting(count, 0);
    for (const auto& [node, s] : step_of)
      for (const graph::Argument& arg : graph_.nodes[node].args)
        graph::for_each_ref(arg.value, [&, user = s](const Ref& ref) {
          const auto it = step_of.find(context_.definer[ref.id]);
          if (it != step_of.end() && it->second != user && users[it->second].insert(user).second) ++waiting[user];
        });
    return sort(f, first, users, waiting);
  }

  bool sort(Function& f, const std::vector<std::size_t>& first, const std::vector<std::set<std::size_t>>& users,
            std::vector<std::size_t>& waiting) {
    using Entry = std::pair<std::size_t, std::size_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready;
    for (std::size_t s = 0; s < f.steps.size(); ++s)
      if (waiting[s] == 0) ready.emplace(first[s], s);
    std::vector<Step> sorted;
    std::vector<bool> done(f.steps.size());
    while (!ready.empty()) {
      const std::size_t s = ready.top().second;
      ready.pop();
      done[s] = true;
      sorted.push_back(std::move(f.steps[s]));
      for (std::size_t user : users[s])
        if (--waiting[user] == 0) ready.emplace(first[user], user);
    }
    if (sorted.size() < f.steps.size()) {
      inline_one(f, done);
      return false;
    }
    f.steps = std::move(sorted);
    return true;
  }

  // Among the calls that wait for each other, the smallest gives up its function.
  void inline_one(const Function& f, const std::vector<bool>& done) {
    const Function* smallest = nullptr;
    for (std::size_t s = 0; s < f.steps.size(); ++s)
      if (!done[s] && f.steps[s].call && (!smallest || size_[f.steps[s].call->scope] < size_[smallest->scope]))
        smallest = f.steps[s].call.get();
    if (!smallest) throw Error(ErrorKind::input, f.path, "the graph's nodes depend on each other in a circle");
    inlined_.insert(smallest->scope);
  }

  // Inputs and outputs of `f`, innermost first.
  void close(Function& f) {
    std::set<std::size_t> own;
    for (Step& step : f.steps) {
      if (step.call) close(*step.call);
      for_each_node(step, [&](std::size_t node) { own.insert(node); });
    }
    f.nodes = own.size();
    std::set<Ref> seen;
    for (const Step& step : f.steps)
      for (const std::string& module : foreign_modules(step, f.path))
        if (std::ranges::find(f.modules, module) == f.modules.end()) f.modules.push_back(module);
    for (std::size_t s = 0; s < f.steps.size(); ++s)
      for (Ref ref : used_values(context_, f.steps[s])) {
        if (auto& users = f.users[ref]; users.empty() || users.back() != s) users.push_back(s);
        if (!own.contains(context_.definer[ref.id]) && !context_.held(ref, f.path) &&
            !context_.is_global_constant(ref) && seen.insert(ref).second)
          f.inputs.push_back(ref);
      }
    if (f.scope == 0)  // an argument may matter for its sizes alone
      for (const graph::Input& input : graph_.inputs)
        if (input.kind == graph::InputKind::user && seen.insert(input.value).second) f.inputs.push_back(input.value);
    take_state(f, own);
    f.outputs = outputs(own);
    if (f.outputs.empty() && f.scope != 0) {  // a call must give something
      for (const graph::Output* output : std::exchange(f.state, {})) taken_.erase(output);
      f.outputs = outputs(own);
    }
    collect_sizes(f);
  }

  std::vector<Ref> outputs(const std::set<std::size_t>& own) {
    std::vector<Ref> refs;
    for (std::size_t node : own)
      for (Ref ref : graph_.nodes[node].results)
        if (used_outside(ref, own)) refs.push_back(ref);
    return refs;
  }

  // A buffer is replaced where its module is, if nobody else reads what was in it.
  void take_state(Function& f, const std::set<std::size_t>& own) {
    for (const graph::Output& output : graph_.outputs) {
      if (output.kind == graph::OutputKind::user || taken_.contains(&output)) continue;
      if (f.scope != 0 && !owns(f, output, own)) continue;
      f.state.push_back(&output);
      if (f.scope != 0) taken_.insert(&output);
    }
  }

  bool owns(const Function& f, const graph::Output& output, const std::set<std::size_t>& own) {
    const auto* value = output.value.get_if<Ref>();
    if (!value || output.kind != graph::OutputKind::buffer_mutation || !own.contains(context_.definer[value->id]))
      return false;
    const auto input = std::ranges::find(graph_.inputs, output.target, &graph::Input::target);
    return input != graph_.inputs.end() && context_.held(input->value, f.path) && !used_outside(input->value, own);
  }

  bool used_outside(Ref ref, const std::set<std::size_t>& own) {
    if (users_.empty()) index_users();
    return std::ranges::any_of(users_[ref.id], [&](std::size_t node) { return !own.contains(node); }) ||
           std::ranges::any_of(graph_.outputs, [&](const graph::Output& output) {
             return output.value == graph::Arg(ref) && !taken_.contains(&output);
           });
  }

  void index_users() {
    users_.resize(graph_.values.size());
    for (std::size_t i : context_.live)
      for (const graph::Argument& arg : graph_.nodes[i].args)
        graph::for_each_ref(arg.value, [&](const Ref& ref) { users_[ref.id].push_back(i); });
  }

  void collect_sizes(Function& f) {
    const Sizes sizes(graph_, f.inputs);
    const auto need = [&](const graph::Dim& dim) {
      if (!sizes.derivable(dim) && std::ranges::find(f.sizes, dim) == f.sizes.end()) f.sizes.push_back(dim);
    };
    const auto length = [](const graph::Dim& dim) { return dim.str().size(); };
    for (const Step& step : f.steps) {
      if (step.call) {
        for (const graph::Dim& dim : step.call->sizes) need(dim);
      } else {
        for (const graph::Argument& arg : graph_.nodes[step.node].args)
          graph::for_each_ref(arg.value, [&](const Ref& ref) {
            if (context_.is_size(ref)) need(*graph_.type(ref).size);
          });
      }
    }
    std::vector<graph::Dim> simplest = f.sizes, kept;
    std::ranges::stable_sort(simplest, {}, length);
    for (const graph::Dim& dim : simplest)
      if (!sizes.derivable(dim, kept)) kept.push_back(dim);
    std::erase_if(f.sizes, [&](const graph::Dim& dim) { return std::ranges::find(kept, dim) == kept.end(); });
    if (f.scope == 0 && !f.sizes.empty())
      throw Error(ErrorKind::unsupported, f.path, "size '" + f.sizes[0].str() + "' is no size of any input");
  }

  const Context& context_;
  const Graph& graph_;
  std::set<std::uint32_t>& inlined_;
  std::vector<std::uint32_t> home_;
  std::map<std::uint32_t, std::size_t> size_;
  std::map<std::uint32_t, Function*> functions_;
  std::vector<std::vector<std::size_t>> users_;
  std::set<const graph::Output*> taken_;  // replaced by an inner function
};

}  // namespace

std::unique_ptr<Function> outline(const Context& context, std::set<std::uint32_t>& inlined) {
  while (true) {
    if (auto root = Outliner(context, inlined).run()) return root;
  }
}

}  // namespace torch2mlx::python
