#include "ops/storages.h"

#include <algorithm>

namespace torch2mlx::ops {

using graph::Place;
using graph::Ref;

Storages::Id Storages::add(Ref value) {
  tensors_.push_back({storages_.size(), value, 0, nullptr, 0, 0});
  storages_.emplace_back();
  return static_cast<Id>(tensors_.size() - 1);
}

std::vector<Storages::Id> Storages::add_views(const graph::Node& node, const Alias& alias,
                                              const std::vector<Id>& bases) {
  auto view = std::make_shared<View>(View{node, &alias, {}});
  for (std::size_t i = 0; i < node.results.size(); ++i) {
    const Storage& shared = storage(bases[i]);
    view->tensors.push_back(static_cast<Id>(tensors_.size()));
    tensors_.push_back({tensors_[bases[i]].storage, node.results[i], shared.version, view, i, bases[i]});
  }
  return view->tensors;
}

void Storages::may_share(Id a, Id b) {
  storage(a).partners.push_back(tensors_[b].storage);
  storage(b).partners.push_back(tensors_[a].storage);
}

Ref Storages::read(Id tensor, std::uint32_t scope, const Place& place) {
  if (tensors_[tensor].version != storage(tensor).version) derive(*tensors_[tensor].view, scope, place);
  return tensors_[tensor].value;
}

// The view anew, from what its bases are now.
void Storages::derive(const View& view, std::uint32_t scope, const Place& place) {
  graph::Node node = view.node;
  node.scope = scope;
  node.place = place;
  for (std::size_t i = 0; i < view.tensors.size(); ++i) {
    const Ref old = *viewed(view.node, i), now = read(tensors_[view.tensors[i]].base, scope, place);
    for (graph::Argument& argument : node.args)
      graph::for_each_ref(argument.value, [&](Ref& ref) { ref = ref == old ? now : ref; });
  }
  for (Ref& result : node.results) {
    graph::Value value = out_[result];
    result = out_.add_value(value.name, std::move(value.type));
  }
  for (std::size_t i = 0; i < view.tensors.size(); ++i) {
    Tensor& tensor = tensors_[view.tensors[i]];
    tensor.value = node.results[i];
    tensor.version = storage(view.tensors[i]).version;
  }
  out_.nodes.push_back(std::move(node));
}

std::optional<std::string> Storages::write(Id id, Ref value, std::uint32_t scope, const Place& place) {
  if (const auto view = tensors_[id].view) {
    const Id base_id = tensors_[id].base;
    const Ref base = read(base_id, scope, place);
    AtenBuilder aten(out_, scope, place);
    const auto inverse = view->alias->inverse;
    const auto whole = inverse ? inverse(aten, {out_, view->node, tensors_[id].index, base, value}) : std::nullopt;
    if (!whole) return view->node.op;
    if (auto refused = write(base_id, *whole, scope, place)) return refused;
  } else {
    Storage& own = storage(id);
    ++own.version;
    for (const std::size_t partner : own.partners) storages_[partner].unknown = true;
  }
  tensors_[id].value = value;
  tensors_[id].version = storage(id).version;
  return std::nullopt;
}

}  // namespace torch2mlx::ops
