// The graphs of a few typical models, as lowering and passes would leave them.
#pragma once

#include "python_sketch.h"

namespace torch2mlx::python::testing {

inline graph::Graph mlp() {
  Sketch s("models.MLP");
  const Dim b = Dim::symbol("s0");
  Ref x = s.user("x", {b, 16});
  x = s.call("net", "torch.nn.modules.container.Sequential", [&] {
    Ref y = s.linear("net.0", x, 16, 32);
    y = s.activation("net.1", "torch.nn.modules.activation.ReLU", "relu", y);
    y = s.linear("net.2", y, 32, 32);
    y = s.activation("net.3", "torch.nn.modules.activation.ReLU", "relu", y);
    return s.linear("net.4", y, 32, 4);
  });
  s.result(x);
  return s.g;
}

// A Sequential as the root, with a member that does nothing.
inline graph::Graph sequential() {
  Sketch s("torch.nn.modules.container.Sequential");
  Ref x = s.user("input", {Dim::symbol("s0"), 16});
  x = s.linear("0", x, 16, 32);
  x = s.activation("1", "torch.nn.modules.activation.ReLU", "relu", x);
  s.result(s.linear("3", x, 32, 4, false));
  return s.g;
}

inline graph::Graph bert(int layers = 2, std::int64_t dims = 16, std::int64_t heads = 4) {
  Sketch s("transformers.models.bert.modeling_bert.BertModel");
  const std::string module = "transformers.models.bert.modeling_bert.";
  const Dim b = Dim::symbol("s0"), l = Dim::symbol("s1");
  const Ref ids = s.user("input_ids", {b, l}, Dtype::int64), mask = s.user("attention_mask", {b, l}, Dtype::int64);
  const Ref words = s.parameter("embeddings.word_embeddings.weight", {100, dims});
  const Ref positions = s.parameter("embeddings.position_embeddings.weight", {64, dims});
  Ref h = s.call("embeddings", module + "BertEmbeddings", [&] {
    s.line(90, "inputs_embeds = self.word_embeddings(input_ids)");
    const Ref w = s.call("embeddings.word_embeddings", "torch.nn.modules.sparse.Embedding",
                         [&] { return s.op("embedding", {{"", words}, {"", ids}}, {b, l, dims}); });
    s.line(84, "position_ids = self.position_ids[:, past : seq_length + past]");
    const Ref n = s.size(ids, 1);
    const Ref at = s.op("arange", {{"start", 0}, {"stop", n}, {"step", 1}, {"dtype", Dtype::int32}}, {l}, Dtype::int32);
    s.line(103, "position_embeddings = self.position_embeddings(position_ids)");
    const Ref p = s.call("embeddings.position_embeddings", "torch.nn.modules.sparse.Embedding",
                         [&] { return s.op("embedding", {{"", positions}, {"", at}}, {l, dims}); });
    s.line(104, "embeddings = embeddings + position_embeddings");
    const Ref sum = s.add(w, p);
    s.line(105, "embeddings = self.LayerNorm(embeddings)");
    const Ref norm = s.layer_norm("embeddings.LayerNorm", sum, dims, 1e-12);
    s.line(106, "embeddings = self.dropout(embeddings)");
    return s.dropout("embeddings.dropout", norm, 0.1);
  });
  s.line(661, "attention_mask = self._create_attention_masks(");
  const Ref cast = s.op("astype", {{"", mask}, {"dtype", Dtype::boolean}}, {b, l}, Dtype::boolean);
  const Ref m = s.op("index", {{"", cast}, {"items", List{":", Arg(), Arg(), ":"}}}, {b, 1, 1, l}, Dtype::boolean);
  h = s.call("encoder", module + "BertEncoder", [&] {
    for (int i = 0; i < layers; ++i) {
      const std::string at = "encoder.layer." + std::to_string(i);
      h = s.call(at, module + "BertLayer", [&] {
        const Ref attended = s.call(at + ".attention", module + "BertAttention", [&] {
          const Ref context = s.call(at + ".attention.self", module + "BertSelfAttention", [&] {
            Ref heads_of[3];
            const char* names[] = {"query", "key", "value"};
            for (int k = 0; k < 3; ++k) {
              const std::string name = names[k];
              s.line(175 + k, name + "_layer = self." + name + "(hidden_states).view(*hidden_shape).transpose(1, 2)");
              const Ref y = s.linear(at + ".attention.self." + name, h, dims, dims);
              const Ref r = s.op("reshape", {{"", y}, {"shape", List{s.size(h, 0), s.size(h, 1), heads, dims / heads}}},
                                 {b, l, heads, dims / heads});
              heads_of[k] = s.op("transpose", {{"", r}, {"axes", List{0, 2, 1, 3}}}, {b, heads, l, dims / heads});
            }
            s.line(192, "attn_output, attn_weights = attention_interface(");
            const Ref a = s.op("scaled_dot_product_attention",
                               {{"", heads_of[0]}, {"", heads_of[1]}, {"", heads_of[2]}, {"scale", 0.5}, {"mask", m}},
                               {b, heads, l, dims / heads});
            const Ref t = s.op("transpose", {{"", a}, {"axes", List{0, 2, 1, 3}}}, {b, l, heads, dims / heads});
            s.line(202, "attn_output = attn_output.reshape(*input_shape, -1).contiguous()");
            return s.op("reshape", {{"", t}, {"shape", List{s.size(h, 0), s.size(h, 1), dims}}}, {b, l, dims});
          });
          return s.call(at + ".attention.output", module + "BertSelfOutput", [&] {
            s.line(290, "hidden_states = self.dense(hidden_states)");
            const Ref d = s.linear(at + ".attention.output.dense", context, dims, dims);
            s.line(291, "hidden_states = self.dropout(hidden_states)");
            const Ref drop = s.dropout(at + ".attention.output.dropout", d, 0.1);
            s.line(292, "hidden_states = self.LayerNorm(hidden_states + input_tensor)");
            return s.layer_norm(at + ".attention.output.LayerNorm", s.add(drop, h), dims, 1e-12);
          });
        });
        const Ref middle = s.call(at + ".intermediate", module + "BertIntermediate", [&] {
          s.line(330, "hidden_states = self.dense(hidden_states)");
          const Ref d = s.linear(at + ".intermediate.dense", attended, dims, 4 * dims);
          s.line(331, "hidden_states = self.intermediate_act_fn(hidden_states)");
          return s.activation(at + ".intermediate.intermediate_act_fn", "transformers.activations.GELUActivation",
                              "gelu", d);
        });
        return s.call(at + ".output", module + "BertOutput", [&] {
          s.line(348, "hidden_states = self.dense(hidden_states)");
          const Ref d = s.linear(at + ".output.dense", middle, 4 * dims, dims);
          s.line(349, "hidden_states = self.dropout(hidden_states)");
          const Ref drop = s.dropout(at + ".output.dropout", d, 0.1);
          s.line(350, "hidden_states = self.LayerNorm(hidden_states + input_tensor)");
          return s.layer_norm(at + ".output.LayerNorm", s.add(drop, attended), dims, 1e-12);
        });
      });
    }
    return h;
  });
  const Ref pooled = s.call("pooler", module + "BertPooler", [&] {
    s.line(460, "first_token_tensor = hidden_states[:, 0]");
    const Ref first = s.op("select", {{"", h}, {"axis", 1}, {"index", 0}}, {b, dims});
    s.line(461, "pooled_output = self.dense(first_token_tensor)");
    const Ref d = s.linear("pooler.dense", first, dims, dims);
    s.line(462, "pooled_output = self.activation(pooled_output)");
    return s.activation("pooler.activation", "torch.nn.modules.activation.Tanh", "tanh", d);
  });
  s.result(h);
  s.result(pooled);
  s.g.output_tree = {graph::Tree::Kind::named,
                     "transformers.modeling_outputs.BaseModelOutputWithPooling",
                     {"last_hidden_state", "pooler_output"},
                     {graph::Tree{}, graph::Tree{}}};
  s.g.arg_names = {"input_ids", "attention_mask"};
  return s.g;
}

inline graph::Graph resnet() {
  Sketch s("models.ResNet");
  const Dim b = Dim::symbol("s0"), side = Dim::symbol("s1");
  const auto conv = [&](const std::string& path, Ref x, std::int64_t in, std::int64_t out) {
    const Ref w = s.parameter(path + ".weight", {out, 3, 3, in});
    return s.call(path, "torch.nn.modules.conv.Conv2d", [&] {
      return s.op(
          "conv2d",
          {{"", x}, {"", w}, {"stride", List{1, 1}}, {"padding", List{1, 1}}, {"dilation", List{1, 1}}, {"groups", 1}},
          {b, side, side, out});
    });
  };
  const auto norm = [&](const std::string& path, Ref x, std::int64_t dims) {
    const Ref w = s.parameter(path + ".weight", {dims}), bias = s.parameter(path + ".bias", {dims});
    const Ref mean = s.buffer(path + ".running_mean", {dims}, true),
              var = s.buffer(path + ".running_var", {dims}, true);
    s.buffer(path + ".num_batches_tracked", {}, true);
    return s.call(path, "torch.nn.modules.batchnorm.BatchNorm2d", [&] {
      return s.op("batch_norm", {{"", x}, {"", mean}, {"", var}, {"weight", w}, {"bias", bias}, {"eps", 1e-5}},
                  s.g.type(x).shape);
    });
  };
  const Ref image = s.user("x", {b, 3, side, side});
  Ref x = s.op("transpose", {{"", image}, {"axes", List{0, 2, 3, 1}}}, {b, side, side, 3});
  s.line(20, "x = self.relu(self.bn1(self.conv1(x)))");
  x = s.activation("relu", "torch.nn.modules.activation.ReLU", "relu", norm("bn1", conv("conv1", x, 3, 8), 8));
  x = s.call("layer1", "torch.nn.modules.container.Sequential", [&] {
    for (int i = 0; i < 3; ++i) {
      const std::string at = "layer1." + std::to_string(i);
      x = s.call(at, "models.BasicBlock", [&] {
        s.line(8, "out = self.conv1(x)");
        Ref y = conv(at + ".conv1", x, 8, 8);
        s.line(9, "out = self.relu(self.bn1(out))");
        y = s.activation(at + ".relu", "torch.nn.modules.activation.ReLU", "relu", norm(at + ".bn1", y, 8));
        s.line(10, "out = self.bn2(self.conv2(out))");
        y = norm(at + ".bn2", conv(at + ".conv2", y, 8, 8), 8);
        s.line(11, "return self.relu(out + x)");
        return s.same("relu", s.add(y, x));
      });
    }
    return x;
  });
  s.line(23, "x = x.mean((2, 3))");
  x = s.op("mean", {{"", x}, {"axis", List{1, 2}}}, {b, 8});
  s.line(24, "return self.fc(x)");
  s.result(s.linear("fc", x, 8, 10));
  return s.g;
}

// A block called twice that uses the root's parameter, and tied weights.
inline graph::Graph tied() {
  Sketch s("models.Tied");
  const Dim b = Dim::symbol("s0"), l = Dim::symbol("s1");
  const Ref ids = s.user("ids", {b, l}, Dtype::int64);
  const Ref w = s.parameter("embed.weight", {50, 8});
  Ref x = s.call("embed", "torch.nn.modules.sparse.Embedding",
                 [&] { return s.op("embedding", {{"", w}, {"", ids}}, {b, l, 8}); });
  const Ref scale = s.parameter("scale", {8});
  for (int i = 0; i < 2; ++i)  // one block called twice, a parameter of the root inside
    x = s.call("block", "models.Block", [&] {
      Ref y = s.op("multiply", {{"", x}, {"", scale}}, {b, l, 8});
      return s.add(s.linear("block.fc", y, 8, 8), x);
    });
  s.result(s.call("head", "models.Head", [&] { return s.op("linear", {{"", x}, {"", w}}, {b, l, 50}); }));
  return s.g;
}
// Calls of two modules whose nodes depend on each other in turn.
inline graph::Graph interleaved() {
  Sketch s("models.Mixed");
  const Dim b = Dim::symbol("s0");
  Ref x = s.user("x", {b, 8});
  const Ref wa = s.parameter("a.w", {8}), wb = s.parameter("b.w", {8});
  s.g.scopes.push_back({"a", "models.A", 0, 0});
  s.g.scopes.push_back({"b", "models.B", 0, 0});
  const auto in = [&](std::uint32_t scope, Ref p, Ref q) {
    const Ref r = s.op("multiply", {{"", p}, {"", q}}, {b, 8});
    s.g.nodes.back().scope = scope;
    return r;
  };
  const Ref a1 = in(1, x, wa), b1 = in(2, a1, wb), a2 = in(1, b1, wa);
  s.result(in(2, a2, b1));
  return s.g;
}
// Nested arguments and results, a mutated buffer.
inline graph::Graph structured() {
  Sketch s("models.Outputs");
  const Dim b = Dim::symbol("s0");
  const Ref p = s.user("past.0", {b, 8}), q = s.user("past.1.key", {b, 8}), x = s.user("x", {b, 8});
  const Ref buf = s.buffer("state", {8}, true);
  const Ref y = s.add(p, q);
  const Ref z =
      s.op("reshape", {{"", s.op("relu", {{"", y}}, {b, 8})}, {"shape", List{s.size(x, 0), 2, 4}}}, {b, 2, 4});
  const Ref n = s.op("add", {{"", buf}, {"", 1.0}}, {8});
  s.g.outputs.push_back({n, graph::OutputKind::buffer_mutation, "state"});
  s.result(z);
  s.result(s.add(x, buf));
  s.g.outputs.push_back({Arg(), graph::OutputKind::user, ""});
  using graph::Tree;
  s.g.output_tree = {Tree::Kind::tuple, "", {}, {Tree{}, Tree{Tree::Kind::dict, "", {"a", "b"}, {Tree{}, Tree{}}}}};
  s.g.arg_names = {"x", "past"};
  return s.g;
}
// The first block makes what the others take; the last takes one thing more.
inline graph::Graph handed_on(int count) {
  Sketch s("models.HandedOn");
  const Dim b = Dim::symbol("s0");
  Ref x = s.user("x", {b, 8});
  const Ref last = s.user("last", {b, 8});
  Ref bias{};
  for (int i = 0; i < count; ++i) {
    const std::string at = "blocks." + std::to_string(i);
    x = s.call(at, "models.Block", [&] {
      if (i == 0) {
        s.line(1, "bias = self.bias(x)");
        bias = s.linear(at + ".bias", x, 8, 8);
      }
      s.line(2, "x = self.fc(x)");
      const Ref y = s.linear(at + ".fc", x, 8, 8);
      s.line(3, "return x + bias");
      const Ref sum = s.add(y, bias);
      return i + 1 == count ? s.add(sum, last) : sum;
    });
  }
  s.result(x);
  return s.g;
}
// A list whose second member claims a place far behind the first.
inline graph::Graph far_member(const std::string& name) {
  Sketch s("models.Far");
  const Ref x = s.user("x", {2, 8});
  s.result(s.linear("layers." + name, s.linear("layers.0", x, 8, 8), 8, 8));
  return s.g;
}
// Blocks that differ in sizes alone.
inline graph::Graph stages() {
  Sketch s("models.Stages");
  const Dim b = Dim::symbol("s0");
  Ref x = s.user("x", {b, 8});
  int dims[] = {8, 8, 16, 16, 32};
  for (int i = 0; i < 4; ++i) {
    const std::string at = "stages." + std::to_string(i);
    x = s.call(at, "models.Stage", [&] {
      s.line(1, "h = self.fc1(x)");
      Ref h = s.linear(at + ".fc1", x, dims[i], dims[i + 1]);
      s.line(2, "return self.norm(F.gelu(h))");
      h = s.same("gelu", h);
      return s.layer_norm(at + ".norm", h, dims[i + 1], 1e-5);
    });
  }
  s.result(x);
  return s.g;
}
}  // namespace torch2mlx::python::testing
