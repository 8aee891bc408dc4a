x: f32[8, 4, 5, 6]
w: f32[4] = parameter "w"
b: f32[4] = parameter "b"
m: f32[4] = buffer "m"
v: f32[4] = buffer "v"
y, save_mean, save_rstd, new_mean, new_var = aten._native_batch_norm_legit_functional.default(x, w, b, m, v, True, 0.1, 1e-05) : f32[8, 4, 5, 6], f32[4], f32[4], f32[4], f32[4]
mutate buffer "m" = new_mean
mutate buffer "v" = new_var
return y
---- mlx
a = mean(x, axis=[0, 2, 3])
c = var(x, axis=[0, 2, 3])
d = var(x, axis=[0, 2, 3], ddof=1)
e = transpose(x, axes=[0, 2, 3, 1])
f = batch_norm(e, a, c, weight=w, bias=b, eps=1e-05)
g = transpose(f, axes=[0, 3, 1, 2])
h = add(c, 1e-05)
i = rsqrt(h)
j = multiply(a, 0.1)
k = multiply(m, 0.9)
l = add(k, j)
n = multiply(d, 0.1)
o = multiply(v, 0.9)
p = add(o, n)
mutate buffer "m" = l
mutate buffer "v" = p
return g
---- python
running_mean = mx.mean(x, axis=(0, 2, 3))
running_var = mx.var(x, axis=(0, 2, 3))
x_2 = x.transpose(0, 2, 3, 1)
batch_norm = (x_2 - running_mean) * mx.rsqrt(running_var + 1e-05) * self.w + self.b
batch_norm = batch_norm.transpose(0, 3, 1, 2)
add = self.m * 0.9 + running_mean * 0.1
add_2 = self.v * 0.9 + mx.var(x, axis=(0, 2, 3), ddof=1) * 0.1
self.m = add
self.v = add_2
return batch_norm
