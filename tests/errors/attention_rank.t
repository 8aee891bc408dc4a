q: f32[5, 8]
aten.scaled_dot_product_attention.default(q, q, q) : f32[5, 8]
---- error
node 0 'result': aten.scaled_dot_product_attention.default: needs queries of 3 or 4 dimensions, got 2
