r: i64[2]
aten.repeat_interleave.Tensor(r) : i64[5]
