q: f32[2, 2, 2, 5, 8]
aten.scaled_dot_product_attention.default(q, q, q) : f32[2, 2, 2, 5, 8]
---- error
node 0 'result': aten.scaled_dot_product_attention.default: needs queries of 2 to 4 dimensions, got 5
