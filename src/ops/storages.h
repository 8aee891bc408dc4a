// Tensors while writes are turned into values: each is a whole storage or a view of another tensor. Writing to a view
// writes to what it views; whatever shares the storage is derived anew when it is read next.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ops/aliases.h"

namespace torch2mlx::ops {

class Storages {
 public:
  using Id = std::uint32_t;

  // `out`: where nodes are appended.
  explicit Storages(graph::Graph& out) : out_(out) {}

  Id add(graph::Ref value);  // a tensor with memory of its own
  // The results of `view`, a node of the new graph, that share memory with `bases`, one a result.
  std::vector<Id> add_views(const graph::Node& view, const Alias& alias, const std::vector<Id>& bases);
  // Two tensors may share memory: a write to one makes the other's value unknown.
  void may_share(Id a, Id b);

  // The value as it is now; derived by nodes of this scope and place.
  graph::Ref read(Id tensor, std::uint32_t scope, const graph::Place& place);
  // Nothing, or the overload of the view that cannot be written to.
  std::optional<std::string> write(Id tensor, graph::Ref value, std::uint32_t scope, const graph::Place& place);

  bool written(Id tensor) const { return storage(tensor).version > 0; }
  // Was something written that this tensor may share?
  bool unknown(Id tensor) const { return storage(tensor).unknown; }

 private:
  struct Storage {
    std::uint64_t version = 0;  // counts writes
    bool unknown = false;
    std::vector<std::size_t> partners;  // storages that may be the same
  };
  // A node that makes views, and its tensors by result.
  struct View {
    graph::Node node;
    const Alias* alias;
    std::vector<Id> tensors;
  };
  struct Tensor {
    std::size_t storage = 0;
    graph::Ref value;  // as it was at `version`
    std::uint64_t version = 0;
    std::shared_ptr<View> view;  // null: the storage itself
    std::size_t index = 0;       // result of the view
    Id base = 0;
  };

  Storage& storage(Id tensor) { return storages_[tensors_[tensor].storage]; }
  const Storage& storage(Id tensor) const { return storages_[tensors_[tensor].storage]; }
  void derive(const View& view, std::uint32_t scope, const graph::Place& place);

  graph::Graph& out_;
  std::vector<Tensor> tensors_;
  std::vector<Storage> storages_;
};

}  // namespace torch2mlx::ops
