x: f32[2, 3]
y: f32[2, 4]
add(x, y)
---- error
node 0 'result': MLX op 'add' does not take these arguments: [broadcast_shapes] Shapes (2,3) and (2,4) cannot be broadcast.
