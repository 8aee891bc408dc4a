x: f32[3]
y: f32[3]
a = aten.zeros.default([2, 3]) : f32[2, 3]
b = aten.select.int(a, 0, 0) : f32[3]
c = aten.add.out(x, y, alpha=2, out=b) : f32[3]
return a
