x: f32[4]
m: b[2]
i: i64[2]
aten._unsafe_masked_index.default(x, m, [i], 0.5) : f32[2]
---- error
line 2, column 5: 'b' is not a type
