x: f32[2, 3]
a = exp(x)
b = sigmoid(x)
return b
---- after
x: f32[2, 3]
b = sigmoid(x)
return b
