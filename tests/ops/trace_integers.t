x: i32[3, 4]
aten.trace.default(x) : i64[]
