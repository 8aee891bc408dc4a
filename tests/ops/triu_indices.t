x: f32[1]
aten.triu_indices.default(2, 2, 1) : i64[2, 1]
---- mlx
x: f32[1]
triu_indices: i64[2, 1] = constant "triu_indices" nonpersistent
return triu_indices
---- python
return _TRIU_INDICES
