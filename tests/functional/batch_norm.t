# Running statistics are state; the count of batches is none that MLX has.
scope 1: bn <torch.nn.modules.batchnorm.BatchNorm1d> #0 in 0
x: f32[8, 4]
w: f32[4] = parameter "bn.weight"
b: f32[4] = parameter "bn.bias"
m: f32[4] = buffer "bn.running_mean"
v: f32[4] = buffer "bn.running_var"
n: i64[] = buffer "bn.num_batches_tracked"
c = aten.add_.Tensor(n, 1) : i64[] @1
d = aten.batch_norm.default(x, w, b, m, v, True, 0.1, 1e-05, True) : f32[8, 4] @1
return d
