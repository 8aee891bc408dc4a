#include "read/optimizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include "read/bytes.h"

namespace torch2mlx {
namespace {

constexpr std::size_t max_values = std::size_t{1} << 20;  // slots and settings: dicts may be shared
constexpr std::size_t max_text = 256, max_numbers = 64;
constexpr int max_steps = 8;

// Every optimizer among the containers of a pickle. Values reached on several ways are looked at once.
class Finder {
 public:
  struct Found {
    std::string path;
    PickleRef ref;
  };

  explicit Finder(const TorchValues& values) : values_(values), seen_(values.pickle().count(), false) {}

  std::vector<Found> run() {
    std::vector<Found> found;
    enter({.value = values_.pickle().root_ref()});
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (is_optimizer(nodes_[i].value))
        found.push_back({path(i), nodes_[i].value});
      else if (nodes_[i].steps < max_steps)
        expand(i);
    }
    return found;
  }

 private:
  struct Node {
    PickleRef value;
    std::size_t parent = 0;
    PickleRef key = no_value;  // no_value: `index` is its place in a sequence
    std::size_t index = 0;
    int steps = 0;
  };

  void enter(const Node& node) {
    if (seen_[node.value]) return;
    seen_[node.value] = true;
    const PickleKind kind = values_.pickle()[node.value].kind;
    const bool container =
        kind == PickleKind::dict || kind == PickleKind::list || kind == PickleKind::tuple || kind == PickleKind::object;
    if (container && !values_.is_tensor(node.value)) nodes_.push_back(node);
  }

  void expand(std::size_t at) {
    const Node node = nodes_[at];
    Node child{.value = no_value, .parent = at, .steps = node.steps + 1};
    if (const auto items = values_.mapping(node.value)) {
      for (std::size_t i = 0; i + 1 < items->size(); i += 2) {
        child.key = (*items)[i], child.value = (*items)[i + 1];
        enter(child);
      }
    } else if (const auto sequence = values_.sequence(node.value)) {
      for (; child.index < sequence->size(); ++child.index) {
        child.value = (*sequence)[child.index];
        enter(child);
      }
    }
  }

  bool is_optimizer(PickleRef ref) const {
    if (!values_.mapping(ref)) return false;
    const PickleRef groups = values_.lookup(ref, "param_groups"), state = values_.lookup(ref, "state");
    if (groups == no_value || state == no_value || !values_.mapping(state)) return false;
    const auto list = values_.sequence(groups);
    return list && !list->empty() &&
           std::ranges::all_of(*list, [&](PickleRef group) { return values_.lookup(group, "params") != no_value; });
  }

  std::string path(std::size_t at) const {
    const Node& node = nodes_[at];
    if (node.steps == 0) return {};
    std::string step = std::to_string(node.index);
    if (node.key != no_value) {
      const PickleValue& key = values_.pickle()[node.key];
      step = key.kind == PickleKind::integer ? std::to_string(key.integer) : printable(key.text, 80);
    }
    const std::string before = path(node.parent);
    return before.empty() ? step : fmt::format("{}.{}", before, step);
  }

  const TorchValues& values_;
  std::vector<Node> nodes_;
  std::vector<bool> seen_;
};

std::string listed(const std::vector<Finder::Found>& found) {
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 8); ++i)
    names += fmt::format("{}'{}'", i == 0 ? "" : ", ", found[i].path);
  return names;
}

class Reader {
 public:
  Reader(TorchValues& values, PickleRef root) : values_(values), pickle_(values.pickle()), root_(root) {}

  OptimizerState run() {
    index_state();
    const auto groups = values_.sequence(values_.lookup(root_, "param_groups"));
    for (const PickleRef group : groups.value()) read_group(group);
    if (used_ < states_.size())
      out_.notes.push_back(fmt::format("{} states in the optimizer belong to no parameter", states_.size() - used_));
    return std::move(out_);
  }

 private:
  // Parameters go by numbers or by names, never both under one spelling: "0" and 0 differ.
  std::string identity(PickleRef ref, std::string_view what) const {
    const PickleValue& value = pickle_[ref];
    if (value.kind == PickleKind::integer) return std::to_string(value.integer);
    if (value.kind == PickleKind::text) return fmt::format("'{}", value.text);
    refuse(values_.place(ref), fmt::format("{} is {}, neither a number nor a name", what, values_.class_name(ref)));
  }

  void index_state() {
    const auto items = values_.mapping(values_.lookup(root_, "state"));
    for (std::size_t i = 0; i + 1 < items->size(); i += 2)
      if (!states_.emplace(identity((*items)[i], "the key of a state"), (*items)[i + 1]).second)
        refuse(values_.place((*items)[i]), "a parameter has two states");
  }

  void read_group(PickleRef ref) {
    OptimizerGroup group;
    const PickleRef list = values_.lookup(ref, "params");
    const auto params = values_.sequence(list);
    if (!params) refuse(values_.place(list), fmt::format("'params' is {}, not a list", values_.class_name(list)));
    const auto names = names_of(ref, params->size());
    for (std::size_t i = 0; i < params->size(); ++i) {
      const PickleRef id = (*params)[i];
      OptimizerParameter parameter{names.empty() ? name_of(id) : name_of(names[i]), {}};
      const std::string key = identity(id, "a parameter");
      if (!parameters_.insert(key).second) refuse(values_.place(id), "a parameter is listed twice");
      if (!parameter.name.empty() && !names_.insert(parameter.name).second)
        refuse(values_.place(id), fmt::format("two parameters are called '{}'", printable(parameter.name)));
      if (const auto state = states_.find(key); state != states_.end()) {
        ++used_;
        parameter.slots = entries(state->second, fmt::format("state.{}", parameters_.size() - 1));
      }
      group.parameters.push_back(std::move(parameter));
    }
    group.settings = entries(ref, fmt::format("param_groups.{}", out_.groups.size()));
    out_.groups.push_back(std::move(group));
  }

  std::vector<PickleRef> names_of(PickleRef group, std::size_t count) const {
    const PickleRef list = values_.lookup(group, "param_names");
    if (list == no_value) return {};
    auto names = values_.sequence(list);
    if (!names || names->size() != count)
      refuse(values_.place(list), fmt::format("'param_names' is no list of {} names", count));
    for (const PickleRef name : *names)
      if (pickle_[name].kind != PickleKind::text) refuse(values_.place(name), "a parameter's name is not text");
    return std::move(*names);
  }

  std::string name_of(PickleRef ref) const {
    return pickle_[ref].kind == PickleKind::text ? std::string(pickle_[ref].text) : std::string();
  }

  // Everything under a text key but the lists of parameters.
  std::map<std::string, OptimizerValue> entries(PickleRef map, const std::string& path) {
    const auto items = values_.mapping(map);
    if (!items) refuse(values_.place(map), fmt::format("{} is {}, not a dict", path, values_.class_name(map)));
    std::map<std::string, OptimizerValue> out;
    for (std::size_t i = 0; i + 1 < items->size(); i += 2) {
      const PickleValue& key = pickle_[(*items)[i]];
      if (++count_ > max_values) refuse(values_.place(map), fmt::format("more than {} values", max_values));
      if (key.kind != PickleKind::text || key.text.size() > max_text)
        refuse(values_.place((*items)[i]), fmt::format("a key of {} is no short text", path));
      if (key.text == "params" || key.text == "param_names") continue;
      out.emplace(key.text, value((*items)[i + 1], fmt::format("{}.{}", path, key.text)));
    }
    return out;
  }

  OptimizerValue value(PickleRef ref, const std::string& path) {
    if (values_.is_tensor(ref)) return values_.tensor(ref, path);
    const PickleValue& value = pickle_[ref];
    switch (value.kind) {
      case PickleKind::none:
        return std::monostate();
      case PickleKind::boolean:
        return value.integer != 0;
      case PickleKind::integer:
        return value.integer;
      case PickleKind::real:
        return value.real;
      case PickleKind::text:
        return printable(value.text, max_text);
      default:
        break;
    }
    if (auto list = numbers(ref)) return std::move(*list);
    return OpaqueValue{values_.class_name(ref)};
  }

  std::optional<std::vector<double>> numbers(PickleRef ref) {
    const auto items = values_.sequence(ref);
    if (!items || items->size() > max_numbers) return std::nullopt;
    std::vector<double> out;
    for (const PickleRef item : *items) {
      const PickleValue& element = pickle_[item];
      if (element.kind == PickleKind::real)
        out.push_back(element.real);
      else if (element.kind == PickleKind::integer)
        out.push_back(static_cast<double>(element.integer));
      else
        return std::nullopt;
    }
    return out;
  }

  TorchValues& values_;
  const Pickle& pickle_;
  PickleRef root_;
  std::unordered_map<std::string, PickleRef> states_;
  std::unordered_set<std::string> parameters_, names_;
  std::size_t used_ = 0, count_ = 0;
  OptimizerState out_;
};

template <class T>
double element(const Tensor& tensor) {
  T value;
  std::array<std::byte, sizeof(T)> bytes;
  std::memcpy(bytes.data(), tensor.storage->bytes.data() + static_cast<std::size_t>(tensor.offset) * sizeof(T),
              sizeof(T));
  if (tensor.storage->big_endian) std::ranges::reverse(bytes);
  std::memcpy(&value, bytes.data(), sizeof(T));
  return static_cast<double>(value);
}

}  // namespace

std::optional<std::vector<std::int64_t>> OptimizerParameter::shape() const {
  std::optional<std::vector<std::int64_t>> shape;
  for (const auto& [slot, value] : slots)
    if (const auto* tensor = std::get_if<Tensor>(&value); tensor && slot != "step")
      if (!shape || tensor->shape.size() > shape->size()) shape = tensor->shape;
  return shape;
}

std::vector<Tensor> OptimizerState::tensors() const {
  std::vector<Tensor> out;
  const auto add = [&](const std::map<std::string, OptimizerValue>& map) {
    for (const auto& [name, value] : map)
      if (const auto* tensor = std::get_if<Tensor>(&value)) out.push_back(*tensor);
  };
  for (const OptimizerGroup& group : groups) {
    add(group.settings);
    for (const OptimizerParameter& parameter : group.parameters) add(parameter.slots);
  }
  return out;
}

std::optional<double> number(const OptimizerValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  const auto* tensor = std::get_if<Tensor>(&value);
  if (!tensor || tensor->elements() != 1) return std::nullopt;
  if (tensor->dtype == Dtype::float32) return element<float>(*tensor);
  if (tensor->dtype == Dtype::float64) return element<double>(*tensor);
  if (tensor->dtype == Dtype::int32) return element<std::int32_t>(*tensor);
  if (tensor->dtype == Dtype::int64) return element<std::int64_t>(*tensor);
  return std::nullopt;
}

std::optional<OptimizerState> read_optimizer(TorchValues& values, const std::string& key) {
  std::vector<Finder::Found> found = Finder(values).run();
  if (found.empty() && key.empty()) return std::nullopt;
  const std::string all = listed(found), place = values.place(values.pickle().root_ref());
  std::erase_if(found,
                [&](const auto& one) { return !key.empty() && one.path != key && !one.path.starts_with(key + "."); });
  if (found.empty())
    refuse(place, fmt::format("no optimizer at '{}'", printable(key)), all.empty() ? "" : "there is one at " + all);
  if (found.size() > 1)
    refuse(place, fmt::format("{} optimizers: {}", found.size(), listed(found)), "choose one by its path");
  OptimizerState state = Reader(values, found[0].ref).run();
  state.path = found[0].path;
  return state;
}

}  // namespace torch2mlx
