// Fourier transforms, whole and in windows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

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

// (..., length) -> (..., frequencies, frames), each frame under the window, which is padded on both sides.
Value stft(Mlx& mx, Value x, std::int64_t n_fft, std::optional<std::int64_t> hop_length,
           std::optional<std::int64_t> win_length, OptValue window, bool normalized, std::optional<bool> onesided,
           std::optional<bool> return_complex, std::optional<bool>) {
  const bool half = onesided.value_or(mx.dtype(x) != Dtype::complex64);
  const Value spectrum = mx("stft", x, n_fft, hop_length.value_or(n_fft / 4), win_length.value_or(n_fft), window,
                            normalized ? Norm("ortho") : Norm(), half);
  if (return_complex.value_or(mx.declared.empty() || mx.declared_dtype() == Dtype::complex64)) return spectrum;
  return mx("stack", std::vector<Value>{mx("real", spectrum), mx("imag", spectrum)}, mx.rank(spectrum));
}

Value istft(Mlx& mx, Value z, std::int64_t n_fft, std::optional<std::int64_t> hop_length,
            std::optional<std::int64_t> win_length, OptValue window, bool center, bool normalized,
            std::optional<bool> onesided, std::optional<std::int64_t> length, bool return_complex) {
  if (return_complex) mx.refuse("a signal of complex numbers");
  // Given both halves, torch takes the real part of what may be complex, MLX the first half.
  if (!onesided.value_or(mx.shape(z).at(mx.rank(z) - 2) != Dim(n_fft))) mx.refuse("a spectrum with both its halves");
  return mx("istft", z, n_fft, hop_length.value_or(n_fft / 4), win_length.value_or(n_fft), window, center,
            normalized ? Norm("ortho") : Norm(), true, length);
}

// Windows as torch makes them: over size samples if symmetric, over size + 1 without the last if periodic.
struct Window {
  std::int64_t size;
  bool periodic;
  double step() const { return 1.0 / static_cast<double>(periodic ? size : size - 1); }
};
Value samples(Mlx& mx, const Window& window) {
  return mx("arange", std::nullopt, window.size, std::nullopt, Dtype::float32);
}
Value single(Mlx& mx, const Window& window) { return mx("full", Sizes{window.size}, 1, Dtype::float32); }

// a - b cos(2 pi i / n) + c cos(4 pi i / n)
Value cosines(Mlx& mx, const Window& window, double a, double b, double c) {
  if (window.size < 2) return single(mx, window);
  const double turn = 2 * std::numbers::pi * window.step();
  const auto wave = [&](double factor, double weight) {
    return mx("multiply", mx("cos", mx("multiply", samples(mx, window), turn * factor)), weight);
  };
  Value sum = mx("subtract", a, wave(1, b));
  return c == 0 ? sum : mx("add", sum, wave(2, c));
}
Value hann(Mlx& mx, std::int64_t size, bool periodic, std::optional<Dtype>) {
  return cosines(mx, {size, periodic}, 0.5, 0.5, 0);
}
Value hann_periodic(Mlx& mx, std::int64_t size, std::optional<Dtype> dtype) { return hann(mx, size, true, dtype); }
Value hamming_of(Mlx& mx, std::int64_t size, bool periodic, double alpha, double beta, std::optional<Dtype>) {
  return cosines(mx, {size, periodic}, alpha, beta, 0);
}
Value hamming_alpha(Mlx& mx, std::int64_t size, bool periodic, double alpha, std::optional<Dtype> dtype) {
  return hamming_of(mx, size, periodic, alpha, 0.46, dtype);
}
Value hamming(Mlx& mx, std::int64_t size, bool periodic, std::optional<Dtype> dtype) {
  return hamming_of(mx, size, periodic, 0.54, 0.46, dtype);
}
Value hamming_periodic(Mlx& mx, std::int64_t size, std::optional<Dtype> dtype) {
  return hamming(mx, size, true, dtype);
}
Value blackman(Mlx& mx, std::int64_t size, bool periodic, std::optional<Dtype>) {
  return cosines(mx, {size, periodic}, 0.42, 0.5, 0.08);
}
Value blackman_periodic(Mlx& mx, std::int64_t size, std::optional<Dtype> dtype) {
  return blackman(mx, size, true, dtype);
}
Value bartlett(Mlx& mx, std::int64_t size, bool periodic, std::optional<Dtype>) {
  const Window window{size, periodic};
  if (size < 2) return single(mx, window);
  const Value rise = mx("multiply", samples(mx, window), 2 * window.step());
  return mx("minimum", rise, mx("subtract", 2, rise));
}
Value bartlett_periodic(Mlx& mx, std::int64_t size, std::optional<Dtype> dtype) {
  return bartlett(mx, size, true, dtype);
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
    lower<istft,
          "istft(Tensor self, int n_fft, int? hop_length=None, int? win_length=None, Tensor? window=None, bool "
          "center=True, bool normalized=False, bool? onesided=None, int? length=None, bool return_complex=False) -> "
          "Tensor">,
    lower<hann_periodic,
          "hann_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<hann,
          "hann_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? layout=None, "
          "Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<hamming_periodic,
          "hamming_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<hamming,
          "hamming_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? "
          "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<hamming_alpha,
          "hamming_window.periodic_alpha(int window_length, bool periodic, float alpha, *, ScalarType? dtype=None, "
          "Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<hamming_of,
          "hamming_window.periodic_alpha_beta(int window_length, bool periodic, float alpha, float beta, *, "
          "ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<blackman_periodic,
          "blackman_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<blackman,
          "blackman_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? "
          "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor">,
    lower<bartlett_periodic,
          "bartlett_window(int window_length, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, "
          "bool? pin_memory=None) -> Tensor">,
    lower<bartlett,
          "bartlett_window.periodic(int window_length, bool periodic, *, ScalarType? dtype=None, Layout? "
          "layout=None, Device? device=None, bool? pin_memory=None) -> Tensor">,
};

}  // namespace

std::span<const Lowering> fourier_lowerings() { return rows; }

}  // namespace torch2mlx::ops
