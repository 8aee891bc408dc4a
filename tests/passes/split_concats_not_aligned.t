# pass: merge_index split_concats dce
q: f32[4, 4] = parameter "attn.query_proj.weight"
k: f32[4, 4] = parameter "attn.key_proj.weight"
w = concatenate([q, k], axis=0)
f = slice(w, axis=0, start=2, stop=8, step=1)
return f
---- after
q: f32[4, 4] = parameter "attn.query_proj.weight"
k: f32[4, 4] = parameter "attn.key_proj.weight"
w = concatenate([q, k], axis=0)
f = index(w, items=[[2, 8, None]])
return f
