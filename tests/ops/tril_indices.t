x: f32[1]
aten.tril_indices.default(2, 2) : i64[2, 3]
---- mlx
x: f32[1]
tril_indices: i64[2, 3] = constant "tril_indices" nonpersistent
return tril_indices
---- python
return _TRIL_INDICES
