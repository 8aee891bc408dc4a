#include <numeric>

#include "weights/plan.h"

namespace torch2mlx::weights {
namespace {

constexpr std::string_view weight_end = ".weight";

// A key as what stands before its end and the end.
struct KeyView {
  std::string_view stem, end;
};

KeyView key_of(const Planned& planned) {
  const std::string_view name = planned.name;
  if (planned.piece == Piece::all) return {name, {}};
  return {name.substr(0, name.size() - weight_end.size()), planned.piece == Piece::scales ? ".scales" : ".biases"};
}

}  // namespace

Part::Part(Combine combine, std::vector<Tensor> terms)
    : several_(std::make_shared<const Several>(Several{combine, std::move(terms)})) {}

Part::Part(std::shared_ptr<const Computed> computed)
    : several_(std::make_shared<const Several>(Several{Combine::copy, {}, std::move(computed)})) {}

Part Part::of(const Tensor& tensor) {
  Part part;
  part.whole_ = &tensor;
  return part;
}

Part Part::owned() const { return whole_ ? Part(Combine::copy, {*whole_}) : *this; }

std::span<const Tensor> Part::terms() const {
  if (whole_) return {whole_, 1};
  return several_ ? std::span<const Tensor>(several_->terms) : std::span<const Tensor>();
}

Parts::Parts(std::initializer_list<Part> parts) {
  for (const Part& part : parts) push_back(part);
}

Parts::Parts(std::vector<Part> parts) {
  if (parts.size() == 1)
    push_back(std::move(parts.front()));
  else
    others_ = std::move(parts);
}

void Parts::push_back(Part part) {
  if (empty() && part.whole_) {
    whole_ = part.whole_;
    return;
  }
  if (whole_) others_.push_back(Part::of(*std::exchange(whole_, nullptr)));
  others_.push_back(std::move(part));
}

std::vector<Part> Parts::list() const {
  std::vector<Part> parts;
  parts.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) parts.push_back((*this)[i]);
  return parts;
}

std::uint64_t Parts::elements() const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size(); ++i) sum += (*this)[i].elements();
  return sum;
}

std::uint64_t Planned::bytes() const {
  return std::accumulate(shape.begin(), shape.end(), std::uint64_t{size_of(dtype)}, std::multiplies());
}

std::string Planned::key() const {
  const KeyView key = key_of(*this);
  return std::string(key.stem).append(key.end);
}

bool in_order(const Planned& a, const Planned& b) {
  const KeyView left = key_of(a), right = key_of(b);
  const std::size_t common = std::min(left.stem.size(), right.stem.size());
  if (const auto order = left.stem.substr(0, common) <=> right.stem.substr(0, common); order != 0) return order < 0;
  return std::string(left.stem.substr(common)).append(left.end) <
         std::string(right.stem.substr(common)).append(right.end);
}

}  // namespace torch2mlx::weights
