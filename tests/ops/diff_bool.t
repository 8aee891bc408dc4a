x: b[5]
aten.diff.default(x) : b[4]
