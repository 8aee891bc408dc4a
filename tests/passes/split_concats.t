# pass: split_concats dce
x: f32[2, 5, 4]
q: f32[4, 4] = parameter "attn.query_proj.weight"
k: f32[4, 4] = parameter "attn.key_proj.weight"
qb: f32[4] = parameter "attn.query_proj.bias"
kb: f32[4] = parameter "attn.key_proj.bias"
w = concatenate([q, k], axis=0)
b = concatenate([qb, kb], axis=0)
a = linear(x, w, bias=b)
c = reshape(a, shape=(2, 5, 2, 4))
d = index(c, items=(":", ":", 0)) : f32[2, 5, 4]
e = index(c, items=(":", ":", 1)) : f32[2, 5, 4]
f = index(w, items=((4, 8, None),)) : f32[4, 4]
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
