#include "ops/mlx_recurrent.h"

namespace torch2mlx::ops {
namespace {

constexpr int time = 1;

// x @ w.T + bias for all steps at once, then one array a step.
std::vector<mx::array> by_step(A x, A weight, OptA bias) {
  const mx::array w = mx::transpose(weight);
  const mx::array y = bias ? mx::addmm(*bias, x, w) : mx::matmul(x, w);
  std::vector<mx::array> steps;
  for (int i = 0; i < y.shape(time); ++i) steps.push_back(mx::take(y, i, time));
  return steps;
}

}  // namespace

std::vector<mx::array> lstm(A x, A wx, A wh, OptA bias, OptA hidden, OptA cell) {
  const mx::array w = mx::transpose(wh);
  std::optional<mx::array> h = hidden, c = cell;
  std::vector<mx::array> all_hidden, all_cells;
  for (const mx::array& step : by_step(x, wx, bias)) {
    const auto gates = mx::split(h ? mx::addmm(step, *h, w) : step, 4, -1);
    const mx::array fresh = mx::multiply(mx::sigmoid(gates[0]), mx::tanh(gates[2]));
    c = c ? mx::add(mx::multiply(mx::sigmoid(gates[1]), *c), fresh) : fresh;
    h = mx::multiply(mx::sigmoid(gates[3]), mx::tanh(*c));
    all_hidden.push_back(*h);
    all_cells.push_back(*c);
  }
  return {mx::stack(all_hidden, time), mx::stack(all_cells, time)};
}

mx::array gru(A x, A wx, A wh, OptA b, OptA bhn, OptA hidden) {
  const mx::array w = mx::transpose(wh);
  std::optional<mx::array> h = hidden;
  std::vector<mx::array> all;
  for (const mx::array& step : by_step(x, wx, b)) {
    const auto from_x = mx::split(step, 3, -1);
    std::vector<mx::array> from_h;
    if (h) from_h = mx::split(mx::matmul(*h, w), 3, -1);
    const auto gate = [&](int i) { return mx::sigmoid(h ? mx::add(from_x[i], from_h[i]) : from_x[i]); };
    const mx::array r = gate(0), z = gate(1);
    mx::array n = from_x[2];
    if (h)
      n = mx::add(n, mx::multiply(r, bhn ? mx::add(from_h[2], *bhn) : from_h[2]));
    else if (bhn)
      n = mx::add(n, mx::multiply(r, *bhn));
    n = mx::tanh(n);
    const mx::array fresh = mx::multiply(mx::subtract(mx::array(1, z.dtype()), z), n);
    h = h ? mx::add(fresh, mx::multiply(z, *h)) : fresh;
    all.push_back(*h);
  }
  return mx::stack(all, time);
}

mx::array rnn(A x, A wxh, A whh, OptA bias, OptA hidden, Int relu) {
  const mx::array w = mx::transpose(whh);
  std::optional<mx::array> h = hidden;
  std::vector<mx::array> all;
  for (const mx::array& step : by_step(x, wxh, bias)) {
    const mx::array sum = h ? mx::addmm(step, *h, w) : step;
    h = relu ? mx::maximum(sum, mx::array(0, sum.dtype())) : mx::tanh(sum);
    all.push_back(*h);
  }
  return mx::stack(all, time);
}

}  // namespace torch2mlx::ops
