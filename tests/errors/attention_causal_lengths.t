q: f32[2, 4, 5, 8]
k: f32[2, 4, 7, 8]
aten.scaled_dot_product_attention.default(q, k, k, None, 0.0, True) : f32[2, 4, 5, 8]
---- error
node 0 'result': aten.scaled_dot_product_attention.default: a causal mask over queries and keys of different lengths
