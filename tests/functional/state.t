# What is left in buffers and arguments is a result.
x: f32[3]
n: i64[] = buffer "steps"
cache: f32[2, 3] = buffer "cache" nonpersistent
a = aten.add_.Tensor(n, 1) : i64[]
b = aten.select.int(cache, 0, 1) : f32[3]
c = aten.copy_.default(b, x) : f32[3]
d = aten.mul_.Tensor(x, 2) : f32[3]
e = aten.add.Tensor(cache, x) : f32[2, 3]
return e
---- functional
a = aten.add.Tensor(n, 1) : i64[]
b = aten.select.int(cache, 0, 1) : f32[3]
c = aten.copy.default(b, x) : f32[3]
d = aten.select_scatter.default(cache, c, 0, 1) : f32[2, 3]
e = aten.mul.Tensor(x, 2) : f32[3]
f = aten.add.Tensor(d, e) : f32[2, 3]
mutate input "x" = e
mutate buffer "steps" = a
mutate buffer "cache" = d
return f
---- mlx
a = add(n, 1)
b = select(cache, axis=0, index=1)
c = index_update(cache, x, items=[1])
d = multiply(x, 2)
e = add(c, d)
mutate input "x" = d
mutate buffer "steps" = a
mutate buffer "cache" = c
return e
---- python
add = self.steps + 1
_cache = mx.array(self._cache)
_cache[1] = x
x_2 = x * 2
_cache_2 = _cache + x_2
self.steps = add
self._cache = _cache
x[...] = x_2
return _cache_2
