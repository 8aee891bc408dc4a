x: f32[7, 3]
w: f32[5, 3, 4] = parameter "w"
y: f32[7, 4]
aten._trilinear.default(x, w, y, [1, 3], [0], [1, 2], [2, 3]) : f32[7, 5]
---- mlx
einsum([x, w, y], subscripts="ac,bcd,ad->ab")
---- python
return mx.einsum("ac,bcd,ad->ab", x, self.w, y)
