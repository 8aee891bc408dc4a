// What the values of a PyTorch pickle mean: storages, tensors, mappings, modules. The one place that knows
// torch's names, whatever container the pickle came in.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "read/checkpoint.h"
#include "read/pickle.h"
#include "read/torch_script.h"
#include "read/torch_storage.h"

namespace torch2mlx {

// Part of a storage under a key of its own; counts elements.
struct StorageView {
  std::string_view key;
  std::uint64_t offset = 0, elements = 0;
  bool operator==(const StorageView&) const = default;
};

// A persistent id: ('storage', torch.FloatStorage, '0', 'cpu', 20), before 1.6 with None or a view ('1', 4, 8) behind.
// `dtype` is absent for untyped storages, whose `elements` are bytes.
struct StorageId {
  std::string_view key;
  std::optional<Dtype> dtype;
  std::uint64_t elements = 0, bytes = 0;
  std::optional<StorageView> view = {};
  bool operator==(const StorageId&) const = default;
};

class TorchValues {
 public:
  // Gives the bytes of a storage, whole whatever the view, the same for the same key; throws Error(input) where the
  // container has none of that size, or has given it out as another type.
  using FindStorage = std::function<StorageSlice(const StorageId& id, const std::string& place)>;
  // Gives the tensor of a persistent id, in containers that hold tensors themselves; null for ids of other things.
  using FindTensor = std::function<const Tensor*(PickleRef id)>;

  // `name` is that of the record, for places: "data.pkl".
  TorchValues(const Pickle& pickle, std::string name, FindStorage find_storage, FindTensor find_tensor = {},
              std::size_t id_parts = zip_id_parts);

  // Elements of a persistent id, which belong to the container: in the stream a view or None stands behind.
  static constexpr std::size_t zip_id_parts = 5, stream_id_parts = 6;

  // Functions whose arguments are looked at by `tensor` alone, so that a pickle may fold them.
  static bool rebuilds(std::string_view function);

  const Pickle& pickle() const { return pickle_; }
  std::string place(PickleRef ref) const;

  // True for every call that makes a tensor, those that `tensor` refuses included.
  bool is_tensor(PickleRef ref) const;
  // Quantized and sparse ones are made plain, 1 GiB each at most. Throws Error(unsupported) for others without
  // elements, Error(input) for damage.
  Tensor tensor(PickleRef ref, const std::string& name);

  // NumPy arrays of numbers (torch_numpy.cpp). Throws Error(input) for damage.
  bool is_array(PickleRef ref) const;
  Tensor array(PickleRef ref, const std::string& name);

  // What was read otherwise than it stands, for the report.
  const std::vector<std::string>& notes() const { return notes_; }

  // Keys and values in turn, of a dict, an OrderedDict or any object filled as one; nothing for other values.
  std::optional<std::vector<PickleRef>> mapping(PickleRef ref) const;
  // The value under a text key, or no_value.
  PickleRef lookup(PickleRef map, std::string_view key) const;
  // Items of a list, tuple or set, torch.Size included; nothing for other values.
  std::optional<std::vector<PickleRef>> sequence(PickleRef ref) const;

  // The attributes of an object that has _parameters, _buffers and _modules, or whose class is one of `scripts`;
  // no_value for other values.
  PickleRef module_state(PickleRef ref) const;
  // The module that torch.compile wrapped; others as they are.
  PickleRef without_compile(PickleRef ref) const;
  // That of a compiled module; nullptr for other values.
  const ScriptClass* script_class(PickleRef ref) const;
  // "torch.nn.modules.linear.Linear"; for messages too: "list", "int" ...
  std::string class_name(PickleRef ref) const;
  // A plain value as an attribute; nothing for what is not plain.
  std::optional<Attribute> attribute(PickleRef ref) const;

  std::map<std::string, ScriptClass> scripts;  // of the archive

  // What a persistent value says. Throws Error(input) where it is no storage, Error(unsupported) for types not read.
  StorageId storage_id(PickleRef ref) const;
  // Throws Error(input) where any persistent id of the pickle is none of a storage, used or not.
  void check_ids() const;

 private:
  using Args = std::span<const PickleRef>;
  struct Source {
    StorageSlice storage;
    StorageId id;
  };

  const PickleValue& checked_id(PickleRef ref) const;
  Source source(PickleRef ref);
  StorageView storage_view(PickleRef ref) const;
  // Tensors as PyTorch wrote them before 0.4 (torch_values_old.cpp).
  bool is_old_tensor(PickleRef ref) const;
  Tensor old_tensor(PickleRef ref, const std::string& name, int depth);
  const Tensor* held_tensor(PickleRef ref) const;
  Tensor rebuilt(PickleRef ref, const std::string& name, int depth);
  Tensor unwrap(std::string_view function, Args args, PickleRef ref, const std::string& name, int depth);
  Tensor quantized(Args args, PickleRef ref, const std::string& name);
  static Tensor resolved(const Tensor& view, bool conjugate, bool negative, const std::string& here);
  struct SparseParts {
    std::string_view layout = {};
    std::vector<PickleRef> data = {};  // indices, values, size
  };
  SparseParts sparse_parts(Args args) const;
  Tensor sparse(Args args, PickleRef ref, const std::string& name);
  struct ArrayParts {
    PickleRef shape, dtype, data;
    bool fortran;
  };
  std::optional<ArrayParts> array_parts(PickleRef ref) const;
  std::optional<Dtype> array_dtype(PickleRef ref) const;
  std::vector<std::byte> array_bytes(PickleRef ref, const std::string& here) const;
  static std::vector<std::int64_t> uncompressed(const std::vector<std::int64_t>& pointers, std::int64_t count,
                                                const std::string& here);
  static void scatter(const Tensor& values, const std::vector<std::vector<std::int64_t>>& indices, const Tensor& dense,
                      std::byte* memory, const std::string& here);
  Tensor rebuild(Args args, bool with_dtype, PickleRef ref, const std::string& name);
  std::vector<std::int64_t> sizes(PickleRef ref) const;
  std::int64_t natural(PickleRef ref) const;
  std::string_view called(PickleRef ref) const;
  Args args(PickleRef ref) const;

  const Pickle& pickle_;
  std::string name_;
  FindStorage find_storage_;
  FindTensor find_tensor_;
  std::size_t id_parts_;
  Pool<Sizes> lists_;
  std::unordered_map<std::string_view, Source> views_;  // storages that are parts of others, by key
  std::vector<std::string> notes_;
};

}  // namespace torch2mlx
