#include "read/torch_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "read/bytes.h"
#include "read/check.h"
#include "read/torch_storage.h"

namespace torch2mlx {
namespace {

constexpr std::array dict_classes = std::to_array<std::string_view>(
    {"builtins.dict", "collections.Counter", "collections.OrderedDict", "collections.defaultdict"});
constexpr std::array sequence_classes = std::to_array<std::string_view>(
    {"builtins.frozenset", "builtins.list", "builtins.set", "builtins.tuple", "torch.Size"});

constexpr std::string_view graph_module = "torch.fx.graph_module.reduce_graph_module";

bool any_of(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string_view kind_name(PickleKind kind) {
  switch (kind) {
    case PickleKind::none:
      return "None";
    case PickleKind::boolean:
      return "bool";
    case PickleKind::integer:
    case PickleKind::huge:
      return "int";
    case PickleKind::real:
      return "float";
    case PickleKind::text:
      return "str";
    case PickleKind::bytes:
      return "bytes";
    case PickleKind::global:
      return "a class or function";
    case PickleKind::tuple:
      return "tuple";
    case PickleKind::list:
      return "list";
    case PickleKind::set:
      return "set";
    case PickleKind::dict:
      return "dict";
    case PickleKind::object:
      return "an object";
    case PickleKind::persistent:
      return "a storage";
  }
  return "a value";
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= 64 && std::ranges::all_of(key, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

}  // namespace

TorchValues::TorchValues(const Pickle& pickle, std::string name, FindStorage find_storage, FindTensor find_tensor,
                         std::size_t id_parts)
    : pickle_(pickle),
      name_(std::move(name)),
      find_storage_(std::move(find_storage)),
      find_tensor_(std::move(find_tensor)),
      id_parts_(id_parts) {}

std::string TorchValues::place(PickleRef ref) const { return fmt::format("{}, byte {}", name_, pickle_[ref].at); }

// Name of the global that an object would have been made by, or nothing.
std::string_view TorchValues::called(PickleRef ref) const {
  if (ref == no_value || pickle_[ref].kind != PickleKind::object) return {};
  const PickleValue& callable = pickle_[pickle_[ref].callable];
  return callable.kind == PickleKind::global ? callable.text : std::string_view{};
}

TorchValues::Args TorchValues::args(PickleRef ref) const {
  const PickleRef tuple = pickle_[ref].args;
  return tuple == no_value ? Args() : Args(pickle_[tuple].items);
}

// Tensors --------------------------------------------------------------------------------------------------------

bool TorchValues::rebuilds(std::string_view function) { return function.starts_with("torch._utils._rebuild_tensor"); }

bool TorchValues::is_tensor(PickleRef ref) const {
  const std::string_view function = called(ref);
  return function.starts_with("torch._utils._rebuild_") || function == "torch._tensor._rebuild_from_type_v2" ||
         is_old_tensor(ref);
}

Tensor TorchValues::tensor(PickleRef ref, const std::string& name) {
  if (!pickle_[ref].items.empty()) refuse(place(ref), "items are set on a tensor");
  if (is_old_tensor(ref)) return old_tensor(ref, name, 0);
  return rebuilt(ref, name, 0);
}

Tensor TorchValues::rebuilt(PickleRef ref, const std::string& name, int depth) {
  const Pickle::Unfolded unfolded(pickle_, ref);
  return unwrap(called(ref), args(ref), ref, name, depth);
}

Tensor TorchValues::unwrap(std::string_view function, Args call, PickleRef ref, const std::string& name, int depth) {
  const auto count = [&](std::size_t least, std::size_t most) {
    if (call.size() < least || call.size() > most)
      refuse(place(ref), fmt::format("{} with {} arguments", function, call.size()));
  };
  if (function == "torch._utils._rebuild_tensor") return count(4, 4), rebuild(call, false, ref, name);
  if (function == "torch._utils._rebuild_tensor_v2") return count(6, 7), rebuild(call, false, ref, name);
  if (function == "torch._utils._rebuild_tensor_v3") return count(7, 8), rebuild(call, true, ref, name);
  if (function == "torch._utils._rebuild_qtensor") return count(7, 7), quantized(call, ref, name);
  if (function == "torch._utils._rebuild_sparse_tensor")
    return call.size() == 2 ? count(2, 2) : count(6, 7), sparse(call, ref, name);
  const bool parameter = function == "torch._utils._rebuild_parameter";
  if (parameter || function == "torch._utils._rebuild_parameter_with_state") {
    count(parameter ? 3 : 4, parameter ? 3 : 4);
    if (!is_tensor(call[0]) || depth == 2) refuse(place(ref), "a parameter that holds no tensor");
    if (is_old_tensor(call[0])) return old_tensor(call[0], name, depth + 1);
    return rebuilt(call[0], name, depth + 1);
  }
  if (function == "torch._tensor._rebuild_from_type_v2") {
    count(4, 4);
    // A subclass, or a tensor with attributes: (function, class, its arguments, attributes).
    if (pickle_[call[0]].kind != PickleKind::global || pickle_[call[2]].kind != PickleKind::tuple)
      refuse(place(ref), fmt::format("malformed arguments of {}", function));
    const std::string_view inner = pickle_[call[0]].text;
    if (!inner.starts_with("torch._utils._rebuild_") || depth == 2)
      refuse(place(ref), fmt::format("{} of {}", function, inner));
    return unwrap(inner, pickle_[call[2]].items, ref, name, depth + 1);
  }
  throw Error(ErrorKind::unsupported, fmt::format("{}, tensor '{}'", place(ref), printable(name)),
              fmt::format("made by {}, which is not read: it has no plain elements", function));
}

// storage, offset, size, stride [, requires_grad, hooks [, dtype] [, metadata]]
Tensor TorchValues::rebuild(Args call, bool with_dtype, PickleRef ref, const std::string& name) {
  const Source from = source(call[0]);
  Tensor tensor;
  tensor.name = name;
  tensor.offset = natural(call[1]);
  tensor.shape = lists_(sizes(call[2]));
  tensor.strides = lists_(sizes(call[3]));
  const std::string here = fmt::format("{}, tensor '{}'", place(ref), printable(name));
  if (with_dtype) {
    const std::string_view global = pickle_[call[6]].kind == PickleKind::global ? pickle_[call[6]].text : "";
    const auto dtype = global.starts_with("torch.") ? dtype_from_torch(global.substr(6)) : std::nullopt;
    if (!dtype) throw Error(ErrorKind::unsupported, here, fmt::format("dtype {} is not read", class_name(call[6])));
    tensor.dtype = *dtype;
  } else if (from.id.dtype) {
    tensor.dtype = *from.id.dtype;
  } else {
    refuse(here, "an untyped storage for a tensor that states no dtype");
  }
  put(tensor, from.storage, here);
  const std::size_t metadata = with_dtype ? 7 : 6;
  const auto is_set = [&](std::string_view bit) {
    const PickleRef set = call.size() > metadata ? lookup(call[metadata], bit) : no_value;
    if (set != no_value && pickle_[set].kind != PickleKind::boolean)
      refuse(here, fmt::format("'{}' is neither True nor False", bit));
    return set != no_value && pickle_[set].integer != 0;
  };
  const bool conjugate = is_set("conj"), negative = is_set("neg");
  return conjugate || negative ? resolved(tensor, conjugate, negative, here) : tensor;
}

const PickleValue& TorchValues::checked_id(PickleRef ref) const {
  const PickleValue& id = pickle_[pickle_[ref].callable];
  const auto is = [&](std::size_t i, PickleKind kind) { return pickle_[id.items[i]].kind == kind; };
  if (id.kind != PickleKind::tuple || id.items.size() < zip_id_parts || !is(0, PickleKind::text) ||
      !is(1, PickleKind::global) || !is(2, PickleKind::text) || !is(3, PickleKind::text) ||
      pickle_[id.items[0]].text != "storage")
    refuse(place(ref), "a persistent id that names no storage");
  if (id.items.size() != id_parts_)
    refuse(place(ref), fmt::format("a persistent id of {} elements, {} were expected", id.items.size(), id_parts_));
  return id;
}

void TorchValues::check_ids() const {
  if (const auto at = pickle_.class_id())
    refuse(fmt::format("{}, byte {}", name_, *at), "a persistent id that names no storage");
  for (PickleRef ref = 0; ref < pickle_.count(); ++ref)
    if (pickle_[ref].kind == PickleKind::persistent) checked_id(ref);
}

StorageId TorchValues::storage_id(PickleRef ref) const {
  if (pickle_[ref].kind != PickleKind::persistent) refuse(place(ref), "a tensor without a storage");
  const PickleValue& id = checked_id(ref);
  StorageId storage{.key = pickle_[id.items[2]].text, .dtype = {}};
  if (!is_key(storage.key)) refuse(place(ref), fmt::format("bad storage key '{}'", printable(storage.key)));
  storage.elements = static_cast<std::uint64_t>(natural(id.items[4]));

  const std::string_view type = pickle_[id.items[1]].text;
  std::size_t size = 1;
  if (type != "torch.storage.UntypedStorage") {
    storage.dtype = dtype_of_class(type, "Storage");
    if (!storage.dtype) throw Error(ErrorKind::unsupported, place(ref), fmt::format("a storage of type {}", type));
    size = size_of(*storage.dtype);
  }
  const auto bytes = multiply(storage.elements, size);
  if (!bytes) refuse(place(ref), fmt::format("a storage of {} elements", storage.elements));
  storage.bytes = *bytes;
  if (id_parts_ == stream_id_parts && pickle_[id.items[5]].kind != PickleKind::none)
    storage.view = storage_view(id.items[5]);
  return storage;
}

StorageView TorchValues::storage_view(PickleRef ref) const {
  const PickleValue& view = pickle_[ref];
  if (view.kind != PickleKind::tuple || view.items.size() != 3 || pickle_[view.items[0]].kind != PickleKind::text)
    refuse(place(ref), "a malformed view of a storage");
  return {pickle_[view.items[0]].text, static_cast<std::uint64_t>(natural(view.items[1])),
          static_cast<std::uint64_t>(natural(view.items[2]))};
}

TorchValues::Source TorchValues::source(PickleRef ref) {
  const StorageId id = storage_id(ref);
  if (!id.view) return {find_storage_(id, place(ref)), id};
  const auto found = views_.find(id.view->key);
  if (found == views_.end()) {
    auto part = part_of(find_storage_(id, place(ref)), id.view->offset, id.view->elements,
                        id.dtype ? size_of(*id.dtype) : 1, place(ref));
    return views_.emplace(id.view->key, Source{std::move(part), id}).first->second;
  }
  if (found->second.id != id)
    refuse(place(ref), fmt::format("storage '{}' has another type or size than before", printable(id.view->key)));
  return found->second;
}

std::int64_t TorchValues::natural(PickleRef ref) const {
  const PickleValue& value = pickle_[ref];
  if (value.kind != PickleKind::integer || value.integer < 0)
    refuse(place(ref), "a size, stride or offset from 0 was expected");
  return value.integer;
}

std::vector<std::int64_t> TorchValues::sizes(PickleRef ref) const {
  const auto items = sequence(ref);
  if (!items) refuse(place(ref), "a tuple of sizes was expected");
  std::vector<std::int64_t> out;
  for (const PickleRef item : *items) out.push_back(natural(item));
  return out;
}

// Containers -----------------------------------------------------------------------------------------------------

std::optional<std::vector<PickleRef>> TorchValues::mapping(PickleRef ref) const {
  if (ref == no_value) return std::nullopt;
  const PickleValue& value = pickle_[ref];
  if (value.kind == PickleKind::dict) return value.items;
  if (value.kind != PickleKind::object || is_tensor(ref)) return std::nullopt;
  if (!any_of(dict_classes, called(ref)))
    return value.mapping ? std::optional<std::vector<PickleRef>>(value.items) : std::nullopt;
  // Python 2 gives an OrderedDict its items as an argument: a list of lists of two.
  std::vector<PickleRef> out;
  if (called(ref) == "collections.OrderedDict" && args(ref).size() == 1) {
    const auto rows = sequence(args(ref)[0]);
    for (const PickleRef row : rows.value_or(std::vector<PickleRef>{})) {
      const auto pair = sequence(row);
      if (!pair || pair->size() != 2) refuse(place(row), "an item that is no pair");
      out.insert(out.end(), pair->begin(), pair->end());
    }
  }
  out.insert(out.end(), value.items.begin(), value.items.end());
  return out;
}

PickleRef TorchValues::lookup(PickleRef map, std::string_view key) const {
  const auto items = mapping(map);
  for (std::size_t i = 0; items && i + 1 < items->size(); i += 2) {
    const PickleValue& name = pickle_[(*items)[i]];
    if (name.kind == PickleKind::text && name.text == key) return (*items)[i + 1];
  }
  return no_value;
}

std::optional<std::vector<PickleRef>> TorchValues::sequence(PickleRef ref) const {
  const PickleValue& value = pickle_[ref];
  if (value.kind == PickleKind::tuple || value.kind == PickleKind::list || value.kind == PickleKind::set)
    return value.items;
  if (value.kind != PickleKind::object) return std::nullopt;
  if (!any_of(sequence_classes, called(ref))) {
    if (value.items.empty() || value.mapping) return std::nullopt;
    return value.items;  // a subclass of list
  }
  if (args(ref).empty()) return std::vector<PickleRef>{};
  const PickleValue& inner = pickle_[args(ref)[0]];
  if (inner.kind != PickleKind::tuple && inner.kind != PickleKind::list) return std::nullopt;
  return inner.items;
}

// Modules --------------------------------------------------------------------------------------------------------

PickleRef TorchValues::without_compile(PickleRef ref) const {
  while (called(ref) == "torch._dynamo.eval_frame.OptimizedModule" && pickle_[ref].state == no_value &&
         !args(ref).empty())
    ref = args(ref)[0];
  return ref;
}

PickleRef TorchValues::module_state(PickleRef ref) const {
  ref = without_compile(ref);
  if (ref == no_value || pickle_[ref].kind != PickleKind::object) return no_value;
  PickleRef state = pickle_[ref].state;
  // (attributes, imports) of a torch.fx.GraphModule
  if (called(ref) == graph_module && !args(ref).empty()) state = args(ref)[0];
  if (state == no_value) return no_value;
  // (attributes, slots) of a class with __slots__
  if (pickle_[state].kind == PickleKind::tuple && pickle_[state].items.size() == 2) state = pickle_[state].items[0];
  if (script_class(ref)) return mapping(state) ? state : no_value;
  for (const std::string_view name : {"_parameters", "_buffers", "_modules"})
    if (!mapping(lookup(state, name))) return no_value;
  return state;
}

const ScriptClass* TorchValues::script_class(PickleRef ref) const {
  const auto it = scripts.empty() ? scripts.end() : scripts.find(class_name(ref));
  return it == scripts.end() ? nullptr : &it->second;
}

std::string TorchValues::class_name(PickleRef ref) const {
  const std::string_view function = called(ref);
  if (function == graph_module) return "torch.fx.graph_module.GraphModule";
  if (function == "copyreg._reconstructor" && !args(ref).empty() && pickle_[args(ref)[0]].kind == PickleKind::global)
    return std::string(pickle_[args(ref)[0]].text);
  if (!function.empty()) return std::string(function);
  if (pickle_[ref].kind == PickleKind::global) return std::string(pickle_[ref].text);
  return std::string(kind_name(pickle_[ref].kind));
}

std::optional<Attribute> TorchValues::attribute(PickleRef ref) const {
  const PickleValue& value = pickle_[ref];
  switch (value.kind) {
    case PickleKind::none:
      return Attribute();
    case PickleKind::boolean:
      return Attribute(value.integer != 0);
    case PickleKind::integer:
      return Attribute(value.integer);
    case PickleKind::real:
      return Attribute(value.real);
    case PickleKind::text:
      if (!is_utf8(value.text)) return std::nullopt;
      return Attribute(std::string(value.text));
    default:
      break;
  }
  const auto items = value.kind == PickleKind::set ? std::nullopt : sequence(ref);
  if (!items) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const PickleRef item : *items) {
    if (pickle_[item].kind != PickleKind::integer) return std::nullopt;
    numbers.push_back(pickle_[item].integer);
  }
  return Attribute(std::move(numbers));
}

}  // namespace torch2mlx
