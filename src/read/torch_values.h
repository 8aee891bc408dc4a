// What the values of a PyTorch pickle mean: storages, tensors, mappings, modules. The one place that knows
// torch's names, whatever container the pickle came in.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "read/checkpoint.h"
#include "read/pickle.h"

namespace torch2mlx {

// A persistent id: ('storage', torch.FloatStorage, '0', 'cpu', 20). `dtype` is absent for untyped storages, whose
// `elements` are bytes.
struct StorageId {
  std::string_view key;
  std::optional<Dtype> dtype;
  std::uint64_t elements = 0, bytes = 0;
};

class TorchValues {
 public:
  // Gives the bytes of a storage; throws Error(input) where the container has none of that size.
  using FindStorage = std::function<std::shared_ptr<const Storage>(const StorageId& id, const std::string& place)>;

  // `name` is that of the record, for places: "data.pkl".
  TorchValues(const Pickle& pickle, std::string name, FindStorage find_storage);

  const Pickle& pickle() const { return pickle_; }
  std::string place(PickleRef ref) const;

  // True for every call that makes a tensor, those that `tensor` refuses included.
  bool is_tensor(PickleRef ref) const;
  // Throws Error(unsupported) for quantized, sparse and other tensors without plain elements, Error(input) for damage.
  Tensor tensor(PickleRef ref, const std::string& name);

  // Keys and values in turn, of a dict, an OrderedDict or any object filled as one; nothing for other values.
  std::optional<std::vector<PickleRef>> mapping(PickleRef ref) const;
  // The value under a text key, or no_value.
  PickleRef lookup(PickleRef map, std::string_view key) const;
  // Items of a list, tuple or set, torch.Size included; nothing for other values.
  std::optional<std::vector<PickleRef>> sequence(PickleRef ref) const;

  // The attributes of an object that has _parameters, _buffers and _modules; no_value for other values.
  PickleRef module_state(PickleRef ref) const;
  // "torch.nn.modules.linear.Linear"; for messages too: "list", "int" ...
  std::string class_name(PickleRef ref) const;
  // A plain value as an attribute; nothing for what is not plain.
  std::optional<Attribute> attribute(PickleRef ref) const;

 private:
  using Args = std::span<const PickleRef>;
  struct Source {
    std::shared_ptr<const Storage> storage;
    StorageId id;
  };

  const Source& source(PickleRef ref);
  StorageId storage_id(PickleRef ref) const;
  Tensor unwrap(std::string_view function, Args args, PickleRef ref, const std::string& name, int depth);
  Tensor rebuild(Args args, bool with_dtype, PickleRef ref, const std::string& name);
  std::vector<std::int64_t> sizes(PickleRef ref) const;
  std::int64_t natural(PickleRef ref) const;
  std::string_view called(PickleRef ref) const;
  Args args(PickleRef ref) const;

  const Pickle& pickle_;
  std::string name_;
  FindStorage find_storage_;
  std::unordered_map<std::string_view, Source> sources_;
};

}  // namespace torch2mlx
