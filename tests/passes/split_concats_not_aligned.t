# pass: split_concats dce
q: f32[4, 4] = parameter "attn.query_proj.weight"
k: f32[4, 4] = parameter "attn.key_proj.weight"
w = concatenate([q, k], axis=0)
f = index(w, items=((2, 8, None),)) : f32[6, 4]
return f
---- after
q: f32[4, 4] = parameter "attn.query_proj.weight"
k: f32[4, 4] = parameter "attn.key_proj.weight"
w = concatenate([q, k], axis=0)
f = index(w, items=[[2, 8, None]])
return f
