symbol s0: 2..64
x: f32[s0, 3]
a, b = aten.unbind.int(x) : f32[3], f32[3]
return a, b
---- error
node 0 'a': aten.unbind.int: unbinding an axis whose size is not constant
