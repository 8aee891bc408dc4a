#include "read/optimizer.h"

#include "fuzz.h"
#include "read/torch_stream.h"
#include "weights/optimizers.h"

using namespace torch2mlx;

FUZZ(bytes) {
  return fuzz::attempt([&] {
    const fuzz::File file(bytes);
    std::optional<OptimizerState> state;
    read_torch_stream(file.mapped(), [&](TorchValues& values, Checkpoint& checkpoint) {
      state = read_optimizer(values);
      if (state) checkpoint.tensors = state->tensors();
    });
    if (!state) return;
    fuzz::read_elements(state->tensors());
    weights::to_mlx(*state, weights::recognise(*state, {}));
  });
}
