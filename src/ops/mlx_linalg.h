// MLX ops of linear algebra. Decompositions run on the CPU alone, wherever the rest runs.
#pragma once

#include <string>

#include "ops/row.h"

namespace torch2mlx::ops {

inline const mx::StreamOrDevice cpu_stream() { return mx::Device(mx::Device::cpu); }

inline constexpr std::tuple linalg_rows{
    op<[](Arrays arrays, Text subscripts) { return mx::einsum(subscripts, arrays); }>(
        "einsum", "arrays subscripts", Axes::fixed, "mx.einsum({subscripts}, {*arrays})"),
    op<[](A a, A b, Ints axes_a, Ints axes_b) { return mx::tensordot(a, b, axes_a, axes_b); }>(
        "tensordot", "a b axes_a axes_b", Axes::fixed, "mx.tensordot({a}, {b}, [{axes_a}, {axes_b}])"),
    op<[](A a, A b, OptA lhs_indices, OptA rhs_indices) { return mx::gather_mm(a, b, lhs_indices, rhs_indices); }>(
        "gather_mm", "a b lhs_indices rhs_indices", Axes::fixed,
        "mx.gather_mm({a}, {b}, {lhs_indices}, {rhs_indices})\n"
        "mx.gather_mm({a}, {b}, lhs_indices={lhs_indices})\n"
        "mx.gather_mm({a}, {b}, rhs_indices={rhs_indices})"),
    op<[](A a, A b) { return mx::outer(a, b); }>("outer", "a b", Axes::fixed),
    op<[](A a, A b) { return mx::inner(a, b); }>("inner", "a b", Axes::fixed),
    op<[](A a, A b) { return mx::kron(a, b); }>("kron", "a b", Axes::fixed),
    op<[](A a, A b, Int axis) { return mx::linalg::cross(a, b, axis); }>("cross", "a b axis", Axes::fixed,
                                                                         "mx.linalg.cross({}, {}, axis={})"),
    op<[](A a) { return mx::linalg::inv(a, cpu_stream()); }>("inv", "a", Axes::fixed,
                                                             "mx.linalg.inv({}, stream=mx.cpu)"),
    op<[](A a) { return mx::linalg::det(a, cpu_stream()); }>("det", "a", Axes::fixed,
                                                             "mx.linalg.det({}, stream=mx.cpu)"),
    op<[](A a) {
      auto [sign, log] = mx::linalg::slogdet(a, cpu_stream());
      return std::vector<mx::array>{sign, log};
    }>("slogdet", "a", Axes::fixed, "mx.linalg.slogdet({}, stream=mx.cpu)"),
    op<[](A a, Bool upper) { return mx::linalg::cholesky(a, upper, cpu_stream()); }>(
        "cholesky", "a upper", Axes::fixed, "mx.linalg.cholesky({}, upper={}, stream=mx.cpu)"),
    op<[](A a) {
      auto [q, r] = mx::linalg::qr(a, cpu_stream());
      return std::vector<mx::array>{q, r};
    }>("qr", "a", Axes::fixed, "mx.linalg.qr({}, stream=mx.cpu)"),
    op<[](A a, A b) { return mx::linalg::solve(a, b, cpu_stream()); }>("solve", "a b", Axes::fixed,
                                                                       "mx.linalg.solve({}, {}, stream=mx.cpu)"),
    op<[](A a, A b, Bool upper) { return mx::linalg::solve_triangular(a, b, upper, cpu_stream()); }>(
        "solve_triangular", "a b upper", Axes::fixed, "mx.linalg.solve_triangular({}, {}, upper={}, stream=mx.cpu)"),
    op<[](A a, Text uplo) { return mx::linalg::eigvalsh(a, uplo, cpu_stream()); }>(
        "eigvalsh", "a uplo", Axes::fixed, "mx.linalg.eigvalsh({}, {}, stream=mx.cpu)"),
    op<[](A a) { return mx::linalg::svd(a, true, cpu_stream()); }>("svd", "a", Axes::fixed,
                                                                   "mx.linalg.svd({}, stream=mx.cpu)"),
    op<[](A a) { return mx::linalg::svd(a, false, cpu_stream()).at(0); }>(
        "svdvals", "a", Axes::fixed, "mx.linalg.svd({}, compute_uv=False, stream=mx.cpu)"),
};

}  // namespace torch2mlx::ops
