#include "weights/elements.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "weights/cast.h"

namespace torch2mlx::weights {
namespace {

template <class T>
void combine_into(Combine how, std::byte* left, const std::byte* right, std::int64_t count) {
  auto* a = reinterpret_cast<T*>(left);
  const auto* b = reinterpret_cast<const T*>(right);
  if (how == Combine::add)
    for (std::int64_t i = 0; i < count; ++i) a[i] += b[i];
  else
    for (std::int64_t i = 0; i < count; ++i) a[i] *= b[i];
}

}  // namespace

Elements::Elements(const Part& part, Dtype dtype)
    : combine_(part.combine()),
      computed_(part.computed()),
      size_(static_cast<std::int64_t>(part.elements())),
      dtype_(dtype),
      wide_(Dtype::float32) {
  for (const Tensor& term : part.terms()) {
    terms_.push_back({view_of(term, {}), term.dtype, term.storage->big_endian});
    if (term.dtype == Dtype::float64) wide_ = Dtype::float64;
  }
}

std::span<const std::byte> Elements::in_place() const {
  if (computed_) return {};
  const Term& only = terms_.front();
  if (terms_.size() > 1 || only.swap || only.dtype != dtype_ || !only.view.in_memory()) return {};
  return {only.view.at(0), static_cast<std::size_t>(only.view.elements()) * only.view.size};
}

std::int64_t Elements::step() const {
  if (computed_) return static_cast<std::int64_t>(Scratch::bytes / std::max<std::size_t>(4, size_of(dtype_)));
  std::size_t widest = size_of(dtype_);
  for (const Term& term : terms_) widest = std::max(widest, term.view.size);
  if (terms_.size() > 1) widest = std::max(widest, size_of(wide_));
  const View& first = terms_.front().view;
  return gather_step(first, Scratch::bytes / widest * first.size);
}

void Elements::read_term(const Term& term, Dtype to, std::int64_t first, std::int64_t count, std::byte* out,
                         Scratch& scratch) const {
  if (term.dtype == to) {
    gather(term.view, first, count, out);
    if (term.swap) swap_bytes(to, out, static_cast<std::size_t>(count));
    return;
  }
  const bool direct = !term.swap && term.view.in_memory();
  const std::byte* from = direct ? term.view.at(first) : nullptr;
  if (!direct) {
    gather(term.view, first, count, scratch.gathered());
    if (term.swap) swap_bytes(term.dtype, scratch.gathered(), static_cast<std::size_t>(count));
    from = scratch.gathered();
  }
  cast(term.dtype, to, from, static_cast<std::size_t>(count), out);
}

std::int64_t Elements::read(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const {
  if (computed_) return compute(first, count, out, scratch);
  if (terms_.size() == 1) {
    const Term& only = terms_.front();
    read_term(only, dtype_, first, count, out, scratch);
    if (!may_overflow(only.dtype, dtype_)) return 0;
    const auto infinite = count_infinite(dtype_, out, static_cast<std::size_t>(count));
    if (infinite == 0) return 0;
    gather(only.view, first, count, scratch.gathered());
    if (only.swap) swap_bytes(only.dtype, scratch.gathered(), static_cast<std::size_t>(count));
    return infinite - count_infinite(only.dtype, scratch.gathered(), static_cast<std::size_t>(count));
  }
  std::byte* sum = scratch.combined();
  read_term(terms_[0], wide_, first, count, sum, scratch);
  std::byte* next = scratch.next();
  for (std::size_t i = 1; i < terms_.size(); ++i) {
    read_term(terms_[i], wide_, first, count, next, scratch);
    if (wide_ == Dtype::float64)
      combine_into<double>(combine_, sum, next, count);
    else
      combine_into<float>(combine_, sum, next, count);
  }
  cast(wide_, dtype_, sum, static_cast<std::size_t>(count), out);
  if (!may_overflow(wide_, dtype_)) return 0;
  return count_infinite(dtype_, out, static_cast<std::size_t>(count)) -
         count_infinite(wide_, sum, static_cast<std::size_t>(count));
}

std::int64_t Elements::compute(std::int64_t first, std::int64_t count, std::byte* out, Scratch& scratch) const {
  const Dtype from = computed_->dtype;
  std::byte* made = from == dtype_ ? out : scratch.combined();
  computed_->read(first, count, made, scratch.nested());
  if (from == dtype_) return 0;
  const auto numbers = static_cast<std::size_t>(count);
  cast(from, dtype_, made, numbers, out);
  return may_overflow(from, dtype_) ? count_infinite(dtype_, out, numbers) - count_infinite(from, made, numbers) : 0;
}

}  // namespace torch2mlx::weights
