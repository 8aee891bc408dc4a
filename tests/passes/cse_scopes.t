# pass: cse
# Sibling modules stay alike: nothing is shared between them, but what their parent has serves both.
x: f32[2, 3]
a = exp(x)
b = exp(x) @ layers.0 <Block>
c = sigmoid(b) @ layers.0 <Block>
d = exp(x) @ layers.1 <Block>
e = sigmoid(d) @ layers.1 <Block>
f = add(c, e)
return f, a
---- after
x: f32[2, 3]
a = exp(x)
c = sigmoid(a) @ layers.0 <Block>
e = sigmoid(a) @ layers.1 <Block>
f = add(c, e)
return f, a
