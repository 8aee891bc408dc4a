// Fourier transforms, whole and in windows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/aten_families.h"
#include "ops/promotion.h"
#include "ops/rearrange.h"

namespace torch2mlx::ops {
namespace {

using Ints64 = std::vector<std::int64_t>;
using Norm = std::optional<std::string>;

Norm other_than_default(const Norm& norm) { return norm == "backward" ? Norm() : norm; }

// MLX transforms float32; half precision is refused by torch itself on the CPU.
Value transform(Mlx& mx, std::string_view op, Value x, std::optional<Sizes> sizes, const std::vector<int>& axes,
                const Norm& norm) {
  if (row(mx.dtype(x)).kind == DtypeKind::integer || mx.dtype(x) == Dtype::boolean) x = mx.cast(x, Dtype::float32);
  return mx.unchecked(op, x, sizes, axes, other_than_default(norm));
}

template <detail::Text op>
Value one_axis(Mlx& mx, Value x, std::optional<Size> n, std::int64_t dim, Norm norm) {
  return transform(mx, op.view(), x, n ? std::optional(Sizes{*n}) : std::nullopt, {mx.axis(x, dim)}, norm);
}

// Without axes: all of them, or as many last ones as there are sizes.
std::vector<int> axes_of(Mlx& mx, Value x, const std::optional<Sizes>& sizes, const std::optional<Ints64>& dim) {
  std::vector<int> axes;
  if (dim)
    for (const std::int64_t axis : *dim) axes.push_back(mx.axis(x, axis));
  else
    for (int i = sizes ? mx.rank(x) - static_cast<int>(sizes->size()) : 0; i < mx.rank(x); ++i) axes.push_back(i);
  return axes;
}
template <detail::Text op>
Value all_axes(Mlx& mx, Value x, std::optional<Sizes> sizes, std::optional<Ints64> dim, Norm norm) {
  const std::vector<int> axes = axes_of(mx, x, sizes, dim);
  if (sizes)
    for (std::size_t i = 0; i < sizes->size(); ++i)
      if ((*sizes)[i].constant() == -1) (*sizes)[i] = mx.dim(x, axes[i]);
  return transform(mx, op.view(), x, sizes, axes, norm);
}
template <detail::Text op>
Value some_axes(Mlx& mx, Value x, std::optional<Sizes> sizes, Ints64 dim, Norm norm) {
  return all_axes<op>(mx, x, sizes, dim, norm);
}

// The primitives that the others decompose into. Codes of normalization: 0 none, 1 by the root of the number of
// elements, 2 by that number.
Norm forward_norm(std::int64_t code) { return code == 0 ? Norm() : Norm(code == 1 ? "ortho" : "forward"); }
Norm inverse_norm(std::int64_t code) { return code == 0 ? Norm("forward") : code == 1 ? Norm("ortho") : Norm(); }

Value complex_to_complex(Mlx& mx, Value x, Ints64 dim, std::int64_t normalization, bool forward) {
  const std::vector<int> axes = axes_of(mx, x, {}, dim);
  if (axes.empty()) return x;
  return forward ? transform(mx, "fftn", x, {}, axes, forward_norm(normalization))
                 : transform(mx, "ifftn", x, {}, axes, inverse_norm(normalization));
}
Value real_to_complex(Mlx& mx, Value x, Ints64 dim, std::int64_t normalization, bool onesided) {
  return transform(mx, onesided ? "rfftn" : "fftn", x, {}, axes_of(mx, x, {}, dim), forward_norm(normalization));
}
Value complex_to_real(Mlx& mx, Value x, Ints64 dim, std::int64_t normalization, Size last_size) {
  const std::vector<int> axes = axes_of(mx, x, {}, dim);
  Sizes sizes;
  for (const int axis : axes) sizes.push_back(mx.dim(x, axis));
  sizes.back() = last_size;
  return transform(mx, "irfftn", x, sizes, axes, inverse_norm(normalization));
}

template <detail::Text op>
Value shifted(Mlx& mx, Value x, std::optional<Ints64> dim) {
  if (!dim) return mx.unchecked(op.view(), x, std::nullopt);
  return mx.unchecked(op.view(), x, axes_of(mx, x, {}, dim));
}

// k / (n * d) for k = 0 ... (n - 1) / 2, and then from -n / 2 on.
Value frequencies(Mlx& mx, std::int64_t n, double d, std::optional<Dtype>) {
  const std::int64_t positive = (n - 1) / 2 + 1;
  std::vector<Value> parts{mx("arange", std::nullopt, positive, std::nullopt, Dtype::float32)};
  if (n > 1) parts.push_back(mx("arange", -(n / 2), 0, std::nullopt, Dtype::float32));
  return mx("multiply", concatenated(mx, parts, 0), 1.0 / (static_cast<double>(n) * d));
}
Value real_frequencies(Mlx& mx, std::int64_t n, double d, std::optional<Dtype>) {
  return mx("multiply", mx("arange", std::nullopt, n / 2 + 1, std::nullopt, Dtype::float32),
            1.0 / (static_cast<double>(n) * d));
}

// A window is padded to the transform's length on both sides.
OptValue whole_window(Mlx& mx, OptValue window, std::int64_t n_fft, std::int64_t win_length) {
  if (!window && win_length == n_fft) return window;
  const Value given = window ? *window : mx("full", Sizes{win_length}, 1, Dtype::float32);
  const std::int64_t left = (n_fft - win_length) / 2;
  if (win_length == n_fft) return given;
  return mx("pad", given, graph::List{graph::List{left, n_fft - win_length - left}}, 0);
}

// (..., length) -> (..., frequencies, frames)
Value stft(Mlx& mx, Value x, std::int64_t n_fft, std::optional<std::int64_t> hop_length,
           std::optional<std::int64_t> win_length, OptValue window, bool normalized, std::optional<bool> onesided,
           std::optional<bool> return_complex, std::optional<bool>) {
  const int last = mx.rank(x) - 1;
  const std::int64_t hop = hop_length.value_or(n_fft / 4);
  Sizes sizes = mx.dims(x), strides(sizes.size(), Size(1));
  for (int i = last; i > 0; --i) strides[i - 1] = mx.mul(strides[i], sizes[i]);
  sizes[last] = mx.add(mx.floordiv(mx.sub(sizes[last], n_fft), hop), 1);
  sizes.emplace_back(n_fft), strides.emplace_back(1);
  strides[last] = hop;
  Value frames = mx("as_strided", x, sizes, strides, std::nullopt);
  if (const OptValue whole = whole_window(mx, window, n_fft, win_length.value_or(n_fft)))
    frames = mx("multiply", frames, *whole);
  const bool half = onesided.value_or(mx.dtype(x) != Dtype::complex64);
  Value spectrum = transform(mx, half ? "rfft" : "fft", frames, {}, {last + 1}, normalized ? Norm("ortho") : Norm());
  spectrum = moved_axis(mx, spectrum, last + 1, last);
  if (return_complex.value_or(mx.declared.empty() || mx.declared_dtype() == Dtype::complex64)) return spectrum;
  return mx("stack", std::vector<Value>{mx("real", spectrum), mx("imag", spectrum)}, mx.rank(spectrum));
}

constexpr Lowering rows[] = {
    lower<one_axis<"fft">, "fft_fft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor">,
    lower<one_axis<"ifft">, "fft_ifft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor">,
    lower<one_axis<"rfft">, "fft_rfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor">,
    lower<one_axis<"irfft">, "fft_irfft(Tensor self, SymInt? n=None, int dim=-1, str? norm=None) -> Tensor">,
    lower<some_axes<"fftn">, "fft_fft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor">,
    lower<some_axes<"ifftn">,
          "fft_ifft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor">,
    lower<some_axes<"rfftn">,
          "fft_rfft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor">,
    lower<some_axes<"irfftn">,
          "fft_irfft2(Tensor self, SymInt[1]? s=None, int[1] dim=[-2, -1], str? norm=None) -> Tensor">,
    lower<all_axes<"fftn">, "fft_fftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor">,
    lower<all_axes<"ifftn">, "fft_ifftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor">,
    lower<all_axes<"rfftn">, "fft_rfftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor">,
    lower<all_axes<"irfftn">, "fft_irfftn(Tensor self, SymInt[1]? s=None, int[1]? dim=None, str? norm=None) -> Tensor">,
    lower<complex_to_complex, "_fft_c2c(Tensor self, SymInt[] dim, int normalization, bool forward) -> Tensor">,
    lower<real_to_complex, "_fft_r2c(Tensor self, int[] dim, int normalization, bool onesided) -> Tensor">,
    lower<complex_to_real, "_fft_c2r(Tensor self, int[] dim, int normalization, SymInt last_dim_size) -> Tensor">,
    lower<shifted<"fftshift">, "fft_fftshift(Tensor self, int[1]? dim=None) -> Tensor">,
    lower<shifted<"ifftshift">, "fft_ifftshift(Tensor self, int[1]? dim=None) -> Tensor">,
    lower<frequencies,
          "fft_fftfreq(int n, float d=1., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None) -> Tensor">,
    lower<real_frequencies,
          "fft_rfftfreq(int n, float d=1., *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? "
          "pin_memory=None) -> Tensor">,
    lower<stft,
          "stft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool "
          "normalized=False, bool? onesided=None, bool? return_complex=None, bool? align_to_window=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> fourier_lowerings() { return rows; }

}  // namespace torch2mlx::ops
