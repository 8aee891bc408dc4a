x: f32[4]
m: b[2]
i: i64[2]
y: f32[2]
aten._unsafe_masked_index_put_accumulate.default(x, m, [i], y) : f32[4]
---- error
line 2, column 5: 'b' is not a type
