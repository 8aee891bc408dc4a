x: f32[2, 4, 6]
aten._upsample_nearest_exact1d.default(x, [12]) : f32[2, 4, 12]
