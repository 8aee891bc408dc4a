# pass: fuse_rope dce
# Pairs of neighbours, half of the elements, positions from 3 on, heads behind the length: what CodeGen does.
symbol s1: 0..
x: f32[2, s1, 4, 8]
l = shape(x, axis=1)
n = int_add(l, 3)
p = arange(start=3, stop=n, dtype=i64) : i64[s1]
q = astype(p, dtype=f32)
i = arange(start=0, stop=4, step=2, dtype=f32)
e = divide(i, 4.0)
b = power(10000.0, e)
f = divide(1.0, b)
column = expand_dims(q, axis=1)
row = expand_dims(f, axis=0)
t = matmul(column, row)
twice = repeat(t, repeats=2, axis=1)
angles = expand_dims(twice, axis=1)
c = cos(angles)
s = sin(angles)
front, rest = split(x, indices=[4], axis=3)
even = slice(front, axis=3, start=0, stop=4, step=2)
odd = slice(front, axis=3, start=1, stop=4, step=2)
minus = negative(odd)
pairs = stack([minus, even], axis=4)
swapped = reshape(pairs, shape=[2, l, 4, 4]) : f32[2, s1, 4, 4]
u = multiply(front, c)
v = multiply(swapped, s)
w = add(u, v)
y = concatenate([w, rest], axis=3)
return y
---- after
x: f32[2, s1, 4, 8]
freqs: f32[2] = constant "freqs" nonpersistent
transpose = transpose(x, axes=[0, 2, 1, 3]) : f32[2, 4, s1, 8]
rope = rope(transpose, freqs, dims=4, traditional=True, offset=3) : f32[2, 4, s1, 8]
y = transpose(rope, axes=[0, 2, 1, 3]) : f32[2, s1, 4, 8]
return y
