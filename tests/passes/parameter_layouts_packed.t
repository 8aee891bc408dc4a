# pass: parameter_layouts
x: f32[2, 4]
w: f32[12, 4] = parameter "attn.in_proj_weight"
a = linear(x, w) @ attn <torch.nn.modules.activation.MultiheadAttention>
return a
---- after
x: f32[2, 4]
query_proj: f32[4, 4] = parameter "attn.query_proj.weight"
key_proj: f32[4, 4] = parameter "attn.key_proj.weight"
value_proj: f32[4, 4] = parameter "attn.value_proj.weight"
concatenate = concatenate([query_proj, key_proj, value_proj], axis=0) @ attn <torch.nn.modules.activation.MultiheadAttention>
a = linear(x, concatenate) @ attn <torch.nn.modules.activation.MultiheadAttention>
return a
