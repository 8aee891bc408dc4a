#include "weights/covered.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "layers/layers.h"

namespace torch2mlx::weights {

std::string module_prefix(std::string_view key) {
  const auto dot = key.rfind('.');
  return std::string(key.substr(0, dot == key.npos ? 0 : dot + 1));
}

layers::Coverage coverage_of(const Checkpoint& checkpoint, const Options& options, const Report& report,
                             const std::set<std::string, std::less<>>& refused) {
  const auto& known = checkpoint.modules.empty() ? options.modules : checkpoint.modules;
  if (!known.empty())
    return layers::coverage(layers::names_of(known), [&](const layers::ModuleName& leaf) {
      return layers::find(leaf.class_name) && !refused.contains(leaf.path);
    });
  const auto path_of = [](std::string_view key) {
    const auto dot = key.rfind('.');
    return dot == key.npos ? std::string_view() : key.substr(0, dot);
  };
  std::vector<layers::ModuleName> owners;  // sorted; maps would take more than the plan where tensors are many
  owners.reserve(checkpoint.tensors.size());
  for (const Tensor& tensor : checkpoint.tensors)
    if (const auto path = path_of(tensor.name); owners.empty() || owners.back().path != path)
      owners.push_back({path, {}});
  const auto sort = [&] {
    std::ranges::sort(owners, {}, &layers::ModuleName::path);
    const auto rest = std::ranges::unique(owners, {}, &layers::ModuleName::path);
    owners.erase(rest.begin(), rest.end());
  };
  const auto owner_of = [&](const TensorReport& tensor) {
    return std::ranges::lower_bound(owners, path_of(tensor.name), {}, &layers::ModuleName::path);
  };
  sort();
  std::vector<layers::ModuleName> folded;  // whose modules are no tensor's own
  for (const TensorReport& tensor : report.tensors)
    if (const auto owner = owner_of(tensor); owner == owners.end() || owner->path != path_of(tensor.name))
      folded.push_back({path_of(tensor.name), {}});
  owners.insert(owners.end(), folded.begin(), folded.end());
  sort();
  for (const TensorReport& tensor : report.tensors)
    owner_of(tensor)->class_name = tensor.layer.empty() ? "(class unknown)" : std::string_view(tensor.layer);
  for (layers::ModuleName& owner : owners)
    if (refused.contains(owner.path)) owner.class_name = "(layout unknown)";
  return layers::coverage(
      owners, [&](const layers::ModuleName& leaf) { return !leaf.class_name.empty() && !refused.contains(leaf.path); });
}

}  // namespace torch2mlx::weights
