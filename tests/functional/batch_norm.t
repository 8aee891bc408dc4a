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
---- functional
a = aten.add.Tensor(n, 1) : i64[] @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
c, d, e, f, g = aten._native_batch_norm_legit_functional.default(x, w, b, m, v, True, 0.1, 1e-05) : f32[8, 4], f32[4], f32[4], f32[4], f32[4] @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
mutate buffer "bn.running_mean" = f
mutate buffer "bn.running_var" = g
mutate buffer "bn.num_batches_tracked" = a
return c
---- mlx
a = add(n, 1) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
c = mean(x, axis=[0]) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
d = var(x, axis=[0]) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
e = var(x, axis=[0], ddof=1) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
f = batch_norm(x, c, d, weight=w, bias=b, eps=1e-05) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
g = add(d, 1e-05) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
h = rsqrt(g) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
i = multiply(c, 0.1) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
j = multiply(m, 0.9) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
k = add(j, i) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
l = multiply(e, 0.1) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
o = multiply(v, 0.9) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
p = add(o, l) @ bn <torch.nn.modules.batchnorm.BatchNorm1d>
mutate buffer "bn.running_mean" = k
mutate buffer "bn.running_var" = p
return f
---- python
bn = self.bn(x)
return bn
