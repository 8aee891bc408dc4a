#include "read/torch_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "read/bytes.h"
#include "read/check.h"

namespace torch2mlx {
namespace {

constexpr int max_depth = 256;
constexpr std::size_t max_paths = std::size_t{1} << 20;

// Entries that are the model wherever they hold tensors, best first.
constexpr std::array preferred = std::to_array<std::string_view>(
    {"state_dict", "model_state_dict", "model_state", "model", "module", "net", "network", "weights", "params",
     "ema_state_dict", "state_dict_ema", "model_ema", "ema_model", "ema"});
// Beginnings of entries that hold tensors but no model.
constexpr std::array auxiliary = std::to_array<std::string_view>(
    {"optim", "lr_sched", "sched", "scaler", "grad_scaler", "amp", "rng", "callbacks", "loops", "random"});

class Collector {
 public:
  Collector(TorchValues& values, Checkpoint& checkpoint)
      : values_(values), pickle_(values.pickle()), checkpoint_(checkpoint) {}

  void run(const std::string& key) {
    PickleRef model = collect(key);
    if (found_arrays_ == checkpoint_.tensors.size()) {  // arrays are the model where there is no other
      arrays_ = true;
      checkpoint_.tensors.clear();
      holds_.clear();
      dropped_.clear();
      checkpoint_.extras.clear();
      nameless_ = 0;
      model = collect(key);
    }
    for (const std::string& note : values_.notes()) checkpoint_.notes.push_back(note);
    if (compiled_ != 0)
      checkpoint_.notes.push_back(fmt::format("{} modules without the wrapper of torch.compile", compiled_));
    note_dropped();
    if (checkpoint_.tensors.empty()) refuse(values_.place(model), "no tensors in the model", hint(pickle_.root_ref()));
  }

 private:
  // Adds the tensors of the model and returns it.
  PickleRef collect(const std::string& key) {
    const PickleRef root = pickle_.root_ref();
    const PickleRef chosen = key.empty() ? root : choose(root, key);
    if (chosen != root) list_extras(root, chosen);
    const PickleRef model = find(chosen);
    if (values_.is_tensor(model)) {
      add_tensor(model, key.empty() ? "tensor" : key);
    } else if (values_.module_state(model) != no_value) {
      module(model, "", 0);
    } else {
      // Address space alone: nothing is copied while the list grows.
      if (const auto pairs = values_.mapping(model)) checkpoint_.tensors.reserve(pairs->size() / 2);
      entries(model, "", 0);
    }
    return model;
  }

  struct Entry {
    std::string name;
    PickleRef value;
  };

  // Entries under a name, one by one: text as it is, integers and places in a sequence in decimal. Others name nothing.
  template <class Each>
  void for_named(PickleRef map, const Each& each) const {
    const auto pairs = values_.mapping(map);
    for (std::size_t i = 0; pairs && i + 1 < pairs->size(); i += 2) {
      const PickleValue& name = pickle_[(*pairs)[i]];
      if (name.kind == PickleKind::text) each(Entry{std::string(name.text), (*pairs)[i + 1]});
      if (name.kind == PickleKind::integer) each(Entry{std::to_string(name.integer), (*pairs)[i + 1]});
    }
    if (const auto items = pairs ? std::nullopt : values_.sequence(map))
      for (std::size_t i = 0; i < items->size(); ++i) each(Entry{std::to_string(i), (*items)[i]});
  }

  // What stands beside a model, by its name or by what only an optimizer has.
  bool is_beside(const Entry& entry) const {
    return is_auxiliary_entry(entry.name) || (values_.lookup(entry.value, "state") != no_value &&
                                              values_.lookup(entry.value, "param_groups") != no_value);
  }

  std::string hint(PickleRef root) const {
    std::string names;
    for_named(root, [&](const Entry& entry) {
      if (names.size() <= 300 && holds_tensors(entry.value))
        names += fmt::format("{}{}", names.empty() ? "" : ", ", printable(entry.name, 80));
    });
    return names.empty() ? "" : "choose an entry with --key; these hold tensors: " + names;
  }

  // The entry called `key`; its dots may be steps or parts of a name.
  PickleRef choose(PickleRef root, const std::string& key) const {
    PickleRef at = root;
    std::string_view rest = key;
    while (!rest.empty()) {
      std::size_t end = rest.size();
      PickleRef next = no_value;
      for (;; end = rest.rfind('.', end - 1)) {
        next = step(at, rest.substr(0, end));
        if (next != no_value || rest.substr(0, end).find('.') == rest.npos) break;
      }
      if (next == no_value) refuse(values_.place(at), fmt::format("no entry '{}'", printable(key)), hint(root));
      at = next;
      rest.remove_prefix(std::min(rest.size(), end + 1));
    }
    return at;
  }

  PickleRef step(PickleRef map, std::string_view name) const {
    PickleRef found = no_value;
    for_named(map, [&](const Entry& entry) {
      if (found == no_value && entry.name == name) found = entry.value;
    });
    return found;
  }

  // True if a tensor or module can be reached through containers. Cycles and shared parts are looked at once.
  bool holds_tensors(PickleRef root) const {
    std::vector<PickleRef> open{root};
    std::unordered_set<PickleRef> seen;
    while (!open.empty()) {
      const PickleRef ref = open.back();
      open.pop_back();
      if (const auto known = holds_.find(ref); known != holds_.end() && known->second) return holds_[root] = true;
      if (!seen.insert(ref).second || holds_.contains(ref)) continue;
      if (values_.is_tensor(ref) || values_.module_state(ref) != no_value || (arrays_ && values_.is_array(ref)))
        return holds_[root] = true;
      for (const PickleRef child : children(ref)) open.push_back(child);
    }
    for (const PickleRef ref : seen) holds_[ref] = false;
    return false;
  }

  std::vector<PickleRef> children(PickleRef ref) const {
    if (auto items = values_.mapping(ref)) return std::move(*items);
    return values_.sequence(ref).value_or(std::vector<PickleRef>{});
  }

  // Descends to the entry that is the model.
  PickleRef find(PickleRef ref) {
    for (int depth = 0; depth < 16; ++depth) {
      if (values_.is_tensor(ref) || values_.module_state(ref) != no_value) return ref;
      if (!values_.mapping(ref) && !values_.sequence(ref))
        refuse(values_.place(ref),
               fmt::format("the file holds {}: neither a state dict nor a module", values_.class_name(ref)),
               "save model.state_dict() instead");
      const PickleRef next = inner_model(ref);
      if (next == no_value) return ref;
      list_extras(ref, next);
      ref = next;
    }
    refuse(values_.place(ref), "the model is nested too deeply", "choose an entry with --key");
  }

  // The entry that is the model, or no_value where `map` itself is the state dict.
  PickleRef inner_model(PickleRef map) {
    std::vector<Entry> candidates;
    // A sequence is a state dict of its own unless an optimizer stands in it.
    bool direct = false, told = values_.mapping(map).has_value();
    for_named(map, [&](const Entry& entry) {
      if (is_beside(entry))
        told = true;
      else if (values_.is_tensor(entry.value) || (arrays_ && values_.is_array(entry.value)))
        direct = true;
      else if (holds_tensors(entry.value))
        candidates.push_back(entry);
    });
    if (!told) return no_value;
    for (const std::string_view name : preferred)
      for (const Entry& entry : candidates)
        if (entry.name == name) return note_others(candidates, entry), entry.value;
    if (direct || candidates.empty()) return no_value;
    if (candidates.size() == 1) return candidates[0].value;
    refuse(values_.place(map), "several entries hold tensors and none is called state_dict or model", hint(map));
  }

  // What stands beside the entry that is read, in words.
  void list_extras(PickleRef map, PickleRef model) {
    constexpr std::size_t most = 100;
    for_named(map, [&](const Entry& entry) {
      if (entry.value != model && checkpoint_.extras.size() < most)
        checkpoint_.extras.push_back({printable(entry.name, 80), describe(entry.value)});
    });
  }

  std::string describe(PickleRef ref) const {
    const PickleValue& value = pickle_[ref];
    if (values_.is_tensor(ref)) return "a tensor";
    if (values_.module_state(ref) != no_value) return fmt::format("a module, {}", values_.class_name(ref));
    const std::size_t tensors = count_tensors(ref);
    const auto held = tensors == 0 ? "" : fmt::format(", {} tensor{}", tensors, tensors == 1 ? "" : "s");
    if (const auto items = values_.mapping(ref))
      return fmt::format("{} of {}{}", values_.class_name(ref), items->size() / 2, held);
    if (const auto items = values_.sequence(ref))
      return fmt::format("{} of {}{}", values_.class_name(ref), items->size(), held);
    switch (value.kind) {
      case PickleKind::boolean:
        return value.integer ? "True" : "False";
      case PickleKind::integer:
        return fmt::format("int {}", value.integer);
      case PickleKind::real:
        return fmt::format("float {}", value.real);
      case PickleKind::text:
        return fmt::format("str '{}'", printable(value.text, 80));
      default:
        return values_.class_name(ref);
    }
  }

  std::size_t count_tensors(PickleRef root) const {
    std::vector<PickleRef> open{root};
    std::unordered_set<PickleRef> seen;
    std::size_t count = 0;
    while (!open.empty()) {
      const PickleRef ref = open.back();
      open.pop_back();
      if (!seen.insert(ref).second) continue;
      if (values_.is_tensor(ref)) {
        ++count;
        continue;
      }
      for (const PickleRef child : children(ref)) open.push_back(child);
    }
    return count;
  }

  void note_others(const std::vector<Entry>& candidates, const Entry& chosen) {
    for (const Entry& entry : candidates)
      if (entry.name != chosen.name)
        checkpoint_.notes.push_back(fmt::format("entry '{}' was read; '{}' holds tensors too (--key {})", chosen.name,
                                                printable(entry.name), printable(entry.name)));
  }

  void count_path(PickleRef ref, int depth) {
    if (depth > max_depth) refuse(values_.place(ref), fmt::format("nested deeper than {}", max_depth));
    if (++paths_ > max_paths) refuse(values_.place(ref), fmt::format("more than {} names", max_paths));
  }

  void add_tensor(PickleRef ref, const std::string& name) { checkpoint_.tensors.push_back(values_.tensor(ref, name)); }

  void add_array(PickleRef ref, const std::string& name) {
    checkpoint_.tensors.push_back(values_.array(ref, name));
    ++found_arrays_;
  }

  static std::string join(const std::string& prefix, std::string_view name) {
    return prefix.empty() ? std::string(name) : fmt::format("{}.{}", prefix, name);
  }

  // A state dict; containers within it add a step to the names.
  void entries(PickleRef ref, const std::string& prefix, int depth) {
    count_path(ref, depth);
    count_nameless(ref);
    for_named(ref, [&](const Entry& entry) {
      const std::string name = join(prefix, entry.name);
      count_path(entry.value, depth);
      if (values_.is_tensor(entry.value))
        add_tensor(entry.value, name);
      else if (values_.is_array(entry.value))
        add_array(entry.value, name);
      else if (values_.module_state(entry.value) != no_value)
        module(entry.value, name, depth + 1);
      else if (holds_tensors(entry.value))
        entries(entry.value, name, depth + 1);
      else if (hides_tensors(entry.value))
        throw Error(ErrorKind::unsupported, values_.place(entry.value),
                    fmt::format("'{}' is {}, whose tensors are not read", printable(name),
                                printable(values_.class_name(entry.value))),
                    "save a state dict of plain tensors: gathered from all ranks, made plain where it is quantized");
      else
        dropped_.push_back(name);
    });
  }

  // An object with tensors among its attributes or arguments, as a ShardedTensor of torch.distributed.
  bool hides_tensors(PickleRef root) const {
    std::vector<PickleRef> open{root};
    std::unordered_set<PickleRef> seen;
    while (!open.empty()) {
      const PickleRef ref = open.back();
      open.pop_back();
      if (ref == no_value || !seen.insert(ref).second) continue;
      if (values_.is_tensor(ref)) return true;
      const PickleValue& value = pickle_[ref];
      open.insert(open.end(), value.items.begin(), value.items.end());
      if (value.kind == PickleKind::object) open.insert(open.end(), {value.args, value.state});
    }
    return false;
  }

  // Tensors under keys that give no name, such as tuples.
  void count_nameless(PickleRef ref) {
    const auto pairs = values_.mapping(ref);
    for (std::size_t i = 0; pairs && i + 1 < pairs->size(); i += 2) {
      const PickleKind kind = pickle_[(*pairs)[i]].kind;
      nameless_ += kind != PickleKind::text && kind != PickleKind::integer && holds_tensors((*pairs)[i + 1]);
    }
  }

  // Paths of a module tree are the keys of its state dict: parameters, buffers, then children.
  void module(PickleRef ref, const std::string& path, int depth) {
    count_path(ref, depth);
    const PickleRef wrapper = std::exchange(ref, values_.without_compile(ref));
    compiled_ += ref != wrapper;
    const PickleRef state = values_.module_state(ref);
    if (state == no_value)
      refuse(values_.place(ref), fmt::format("submodule '{}' is {}", printable(path), values_.class_name(ref)));
    if (const ScriptClass* script = values_.script_class(ref)) return compiled(ref, *script, path, depth);
    checkpoint_.modules.push_back({path, values_.class_name(ref), attributes(state)});
    own_tensors(values_.lookup(state, "_parameters"), path, {});
    own_tensors(values_.lookup(state, "_buffers"), path, hidden_buffers(state));
    for_named(values_.lookup(state, "_modules"), [&](const Entry& child) {
      if (pickle_[child.value].kind != PickleKind::none) module(child.value, join(path, child.name), depth + 1);
    });
  }

  // A module of TorchScript: everything is an attribute, and its class tells which tensors are its own.
  void compiled(PickleRef ref, const ScriptClass& script, const std::string& path, int depth) {
    const PickleRef state = values_.module_state(ref);
    auto facts = attributes(state);
    facts.insert(script.attributes.begin(), script.attributes.end());
    checkpoint_.modules.push_back({path, compiled_class(values_.class_name(ref)), std::move(facts)});
    for (const std::string& name : script.tensors)
      if (const PickleRef tensor = values_.lookup(state, name); tensor != no_value && values_.is_tensor(tensor)) {
        count_path(tensor, depth);
        add_tensor(tensor, join(path, name));
      }
    for_named(state, [&](const Entry& child) {
      if (values_.script_class(child.value)) module(child.value, join(path, child.name), depth + 1);
    });
  }

  std::map<std::string, Attribute> attributes(PickleRef state) const {
    std::map<std::string, Attribute> out;
    for_named(state, [&](const Entry& entry) {
      if (!entry.name.starts_with('_') && is_utf8(entry.name))
        if (auto value = values_.attribute(entry.value)) out.emplace(entry.name, std::move(*value));
    });
    return out;
  }

  void own_tensors(PickleRef map, const std::string& path, const std::unordered_set<std::string_view>& hidden) {
    for_named(map, [&](const Entry& entry) {
      if (pickle_[entry.value].kind == PickleKind::none || hidden.contains(entry.name)) return;
      const std::string name = join(path, entry.name);
      count_path(entry.value, 0);
      if (!values_.is_tensor(entry.value))
        refuse(values_.place(entry.value),
               fmt::format("parameter or buffer '{}' is {}", printable(name), values_.class_name(entry.value)));
      add_tensor(entry.value, name);
    });
  }

  std::unordered_set<std::string_view> hidden_buffers(PickleRef state) const {
    std::unordered_set<std::string_view> out;
    const PickleRef set = values_.lookup(state, "_non_persistent_buffers_set");
    if (set == no_value) return out;
    for (const PickleRef item : values_.sequence(set).value_or(std::vector<PickleRef>{}))
      if (pickle_[item].kind == PickleKind::text) out.insert(pickle_[item].text);
    return out;
  }

  void note_dropped() {
    if (nameless_ != 0)
      checkpoint_.notes.push_back(fmt::format("dropped, {} entries with tensors whose keys are no text", nameless_));
    if (dropped_.empty()) return;
    std::string names;
    for (std::size_t i = 0; i < std::min<std::size_t>(dropped_.size(), 8); ++i)
      names += fmt::format("{}'{}'", i == 0 ? "" : ", ", printable(dropped_[i], 80));
    checkpoint_.notes.push_back(
        fmt::format("dropped, no tensors in them: {}{}", names,
                    dropped_.size() > 8 ? fmt::format(" and {} more", dropped_.size() - 8) : ""));
  }

  TorchValues& values_;
  const Pickle& pickle_;
  Checkpoint& checkpoint_;
  mutable std::unordered_map<PickleRef, bool> holds_;
  std::vector<std::string> dropped_;
  bool arrays_ = false;  // of NumPy count as tensors
  std::size_t paths_ = 0, compiled_ = 0, nameless_ = 0, found_arrays_ = 0;
};

}  // namespace

bool is_auxiliary_entry(std::string_view name) {
  return std::ranges::any_of(auxiliary, [&](std::string_view start) { return name.starts_with(start); }) ||
         name.find("rng_state") != name.npos;
}

std::string preferred_entry(const std::vector<std::string>& names) {
  for (const std::string_view name : preferred)
    if (std::ranges::find(names, name) != names.end()) return std::string(name);
  return {};
}

void collect_model(TorchValues& values, const std::string& key, Checkpoint& checkpoint) {
  Collector(values, checkpoint).run(key);
}

}  // namespace torch2mlx
