# pass: identities dce
# -0.0 + 0 is 0.0, and an integer times 1.0 is floating: neither is an identity.
x: f32[2, 3]
i: i32[2]
a = add(x, 0)
b = subtract(x, 0)
c = multiply(i, 1.0)
d = divide(x, 1)
return a, b, c, d
---- after
x: f32[2, 3]
i: i32[2]
a = add(x, 0)
c = multiply(i, 1.0)
return a, x, c, x
