// F.unfold and F.fold: patches to columns and back.
#include "ops/aten_families.h"
#include "ops/channels_last.h"

namespace torch2mlx::ops {
namespace {

// How many windows of `kernel` elements, `dilation` apart, begin every `stride`.
Size window_count(Mlx& mx, Size size, std::int64_t kernel, std::int64_t dilation, std::int64_t padding,
                  std::int64_t stride) {
  return mx.add(mx.floordiv(mx.add(size, 2 * padding - dilation * (kernel - 1) - 1), stride), 1);
}

// Elements of the windows along one axis, (count, kernel).
Value window_positions(Mlx& mx, Size count, std::int64_t kernel, std::int64_t dilation, std::int64_t stride) {
  Value first = counting(mx, count), offsets = counting(mx, kernel);
  if (stride != 1) first = mx("multiply", first, stride);
  if (dilation != 1) offsets = mx("multiply", offsets, dilation);
  return mx("add", mx("expand_dims", first, 1), offsets);
}

// (N, C, H, W) -> (N, C kh kw, L): F.unfold.
Value im2col(Mlx& mx, Value x, Ints64 kernel, Ints64 dilation, Ints64 padding, Ints64 stride) {
  const bool batched = mx.rank(x) == 4;
  if (!batched) x = mx("expand_dims", x, 0);
  Sizes counts;
  for (int i = 0; i < 2; ++i)
    counts.push_back(window_count(mx, mx.dim(x, i + 2), kernel[i], dilation[i], padding[i], stride[i]));
  if (padding != Ints64{0, 0}) {
    const graph::List widths{graph::List{0, 0}, graph::List{0, 0}, graph::List{padding[0], padding[0]},
                             graph::List{padding[1], padding[1]}};
    x = mx("pad", x, widths, 0);
  }
  for (int i = 1; i >= 0; --i)
    x = mx("take", x, window_positions(mx, counts[i], kernel[i], dilation[i], stride[i]), i + 2);
  // (N, C, h, kh, w, kw) -> (N, C, kh, kw, h, w)
  x = mx("transpose", x, std::vector<int>{0, 1, 3, 5, 2, 4});
  const Size channels = mx.mul(mx.dim(x, 1), kernel[0] * kernel[1]);
  x = mx("reshape", x, Sizes{mx.dim(x, 0), channels, mx.mul(counts[0], counts[1])});
  return batched ? x : mx("squeeze", x, 0);
}

// (N, C kh kw, L) -> (N, C, H, W): F.fold, which adds up what overlaps.
Value col2im(Mlx& mx, Value x, Sizes output, Ints64 kernel, Ints64 dilation, Ints64 padding, Ints64 stride) {
  const bool batched = mx.rank(x) == 3;
  if (!batched) x = mx("expand_dims", x, 0);
  Sizes counts, padded;
  for (int i = 0; i < 2; ++i) {
    counts.push_back(window_count(mx, output[i], kernel[i], dilation[i], padding[i], stride[i]));
    padded.push_back(mx.add(output[i], 2 * padding[i]));
  }
  const Size batch = mx.dim(x, 0), channels = mx.floordiv(mx.dim(x, 1), kernel[0] * kernel[1]);
  x = mx("reshape", x, Sizes{batch, channels, kernel[0], kernel[1], counts[0], counts[1]});
  x = mx("transpose", x, std::vector<int>{4, 2, 5, 3, 0, 1});  // (h, kh, w, kw, N, C)
  // Elements are added up along one axis after the other, each in front in its turn.
  for (int i = 0; i < 2; ++i) {
    if (i == 1) x = mx("transpose", x, std::vector<int>{1, 2, 0, 3, 4});
    Sizes sizes = mx.dims(x);
    sizes.erase(sizes.begin());
    sizes.front() = padded[i];
    const Value positions = window_positions(mx, counts[i], kernel[i], dilation[i], stride[i]);
    x = mx("add_at", mx("full", sizes, 0, mx.dtype(x)), positions, x);
  }
  x = mx("transpose", x, std::vector<int>{2, 3, 1, 0});  // (W, H, N, C) -> (N, C, H, W)
  for (int i = 0; i < 2; ++i)
    if (padding[i] != 0) x = mx("slice", x, i + 2, Size(padding[i]), Size(-padding[i]), std::nullopt);
  return batched ? x : mx("squeeze", x, 0);
}

constexpr Lowering rows[] = {
    lower<im2col, "im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor">,
    lower<col2im,
          "col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] "
          "stride) -> Tensor">,
};

}  // namespace

std::span<const Lowering> fold_lowerings() { return rows; }

}  // namespace torch2mlx::ops
