#include "ops/channels_last.h"

#include <fmt/format.h>

namespace torch2mlx::ops {

std::vector<int> channels_last(int rank) {
  std::vector<int> axes{0};
  for (int i = 2; i < rank; ++i) axes.push_back(i);
  axes.push_back(1);
  return axes;
}

std::vector<int> channels_first(int rank) {
  std::vector<int> axes{0, rank - 1};
  for (int i = 1; i < rank - 1; ++i) axes.push_back(i);
  return axes;
}

Ints64 filled(Ints64 list, std::size_t count) { return list.size() == 1 ? Ints64(count, list.front()) : list; }

ChannelsLast::ChannelsLast(Mlx& mx, Value x, int spatial) : mx_(mx), batched_(mx.rank(x) == spatial + 2), in_(x) {
  if (!batched_ && mx.rank(x) != spatial + 1)
    mx.refuse(fmt::format("needs an input of {} or {} dimensions, got {}", spatial + 1, spatial + 2, mx.rank(x)));
  if (!batched_) in_ = mx("expand_dims", x, 0);
  in_ = mx("transpose", in_, channels_last(spatial + 2));
}

Value ChannelsLast::out(Value y) const {
  y = mx_("transpose", y, channels_first(mx_.rank(y)));
  return batched_ ? y : mx_("squeeze", y, 0);
}

Value shaped_along(Mlx& mx, Value x, int axis, int rank) {
  Sizes sizes(static_cast<std::size_t>(axis), 1);
  for (const Size& size : mx.dims(x)) sizes.push_back(size);
  sizes.resize(static_cast<std::size_t>(rank), 1);
  return mx("reshape", x, sizes);
}

}  // namespace torch2mlx::ops
