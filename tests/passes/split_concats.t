# pass: merge_index split_concats dce
x: f32[2, 5, 4]
q: f32[4, 4] = parameter "attn.query_proj.weight"
k: f32[4, 4] = parameter "attn.key_proj.weight"
qb: f32[4] = parameter "attn.query_proj.bias"
kb: f32[4] = parameter "attn.key_proj.bias"
w = concatenate([q, k], axis=0)
b = concatenate([qb, kb], axis=0)
a = linear(x, w, bias=b)
c = reshape(a, shape=(2, 5, 2, 4))
d = select(c, axis=2, index=0)
e = select(c, axis=2, index=1)
f = slice(w, axis=0, start=4, stop=8, step=1)
return d, e, f
---- after
x: f32[2, 5, 4]
q: f32[4, 4] = parameter "attn.query_proj.weight"
k: f32[4, 4] = parameter "attn.key_proj.weight"
qb: f32[4] = parameter "attn.query_proj.bias"
kb: f32[4] = parameter "attn.key_proj.bias"
linear = linear(x, q, bias=qb)
linear_13 = linear(x, k, bias=kb)
return linear, linear_13, k
