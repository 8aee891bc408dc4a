x: f32[3]
a = aten.normal_.default(x) : f32[3]
return a
---- functional
aten.normal_.default(x) : f32[3]
---- error
node 0 'a': aten.normal_.default has no MLX lowering
