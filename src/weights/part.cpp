#include <numeric>

#include "weights/plan.h"

namespace torch2mlx::weights {

Part::Part(Combine combine, std::vector<Tensor> terms) {
  if (combine == Combine::copy && terms.size() == 1)
    only_ = std::make_shared<const Tensor>(std::move(terms.front()));
  else
    several_ = std::make_shared<const Several>(Several{combine, std::move(terms)});
}

Part::Part(std::shared_ptr<const Computed> computed)
    : several_(std::make_shared<const Several>(Several{Combine::copy, {}, std::move(computed)})) {}

Part Part::of(const Tensor& tensor) {
  Part part;
  part.only_ = {std::shared_ptr<const Tensor>(), &tensor};
  return part;
}

Part Part::owned() const { return only_ ? Part(Combine::copy, {*only_}) : *this; }

std::span<const Tensor> Part::terms() const {
  if (only_) return {only_.get(), 1};
  return several_ ? std::span<const Tensor>(several_->terms) : std::span<const Tensor>();
}

std::uint64_t Planned::bytes() const {
  return std::accumulate(shape.begin(), shape.end(), std::uint64_t{size_of(dtype)}, std::multiplies());
}

}  // namespace torch2mlx::weights
