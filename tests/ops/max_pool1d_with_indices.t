x: f32[2, 4, 8]
y0, y1 = aten.max_pool1d_with_indices.default(x, [2]) : f32[2, 4, 4], i64[2, 4, 4]
return y0, y1
---- mlx
a = transpose(x, axes=[0, 2, 1])
b = int_floordiv(a=6, b=2)
c = arange(stop=4, dtype=i32)
d = multiply(c, 2)
e = arange(stop=2, dtype=i32)
f = expand_dims(d, axis=1)
g = add(f, e)
h = take(a, g, axis=1)
i = argmax(h, axis=2)
j = isnan(h)
k = arange(stop=2, dtype=i32)
l = expand_dims(k, axis=1)
m = where(j, l, -1)
n = max(m, axis=[2], keepdims=False)
o = astype(i, dtype=i32)
p = greater_equal(n, 0)
q = where(p, n, o)
r = max_pool1d(a, kernel_size=[2], stride=[2], padding=[0])
s = transpose(r, axes=[0, 2, 1])
t = reshape(d, shape=[1, 4, 1])
u = add(t, q)
v = transpose(u, axes=[0, 2, 1])
w = astype(v, dtype=i64)
return s, w
---- python
x = x.transpose(0, 2, 1)
multiply = mx.arange(4) * 2
take = mx.take(x, mx.expand_dims(multiply, axis=1) + mx.arange(2), axis=1)
expand_dims = mx.expand_dims(mx.arange(2), axis=1)
max_ = mx.max(mx.where(mx.isnan(take), expand_dims, -1), axis=(2,), keepdims=False)
where = mx.where(max_ >= 0, max_, mx.argmax(take, axis=2).astype(mx.int32))
multiply = (multiply.reshape(1, 4, 1) + where).transpose(0, 2, 1)
return nn.MaxPool1d(2, 2, 0)(x).transpose(0, 2, 1), multiply.astype(mx.int64)
