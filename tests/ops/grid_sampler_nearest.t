x: f32[2, 4, 5, 6]
g: f32[2, 3, 3, 2]
aten.grid_sampler.default(x, g, 1, 1, True) : f32[2, 4, 3, 3]
---- mlx
a = transpose(x, axes=[0, 2, 3, 1])
b = select(g, axis=3, index=1)
c = add(b, 1)
d = multiply(c, 2.0)
e = maximum(d, 0)
f = minimum(e, 4)
h = select(g, axis=3, index=0)
i = add(h, 1)
j = multiply(i, 2.5)
k = maximum(j, 0)
l = minimum(k, 5)
m = arange(stop=2, dtype=i32)
n = reshape(m, shape=[2, 1, 1])
o = round(f)
p = maximum(o, 0)
q = minimum(p, 4)
r = astype(q, dtype=i32)
s = round(l)
t = maximum(s, 0)
u = minimum(t, 5)
v = astype(u, dtype=i32)
w = gather(a, [n, r, v], axes=[0, 1, 2])
transpose(w, axes=[0, 3, 1, 2])
---- python
g_2 = g[..., 1]
g_2 = mx.minimum(mx.maximum((g_2 + 1) * 2.0, 0), 4)
g = g[..., 0]
g = mx.minimum(mx.maximum((g + 1) * 2.5, 0), 5)
astype = mx.minimum(mx.maximum(mx.round(g_2), 0), 4).astype(mx.int32)
astype_2 = mx.minimum(mx.maximum(mx.round(g), 0), 5).astype(mx.int32)
gather = x.transpose(0, 2, 3, 1)[mx.arange(2).reshape(2, 1, 1), astype, astype_2]
return gather.transpose(0, 3, 1, 2)
