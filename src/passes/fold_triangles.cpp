// arange(n)[None, :] <= arange(n)[:, None]  ->  tri(n): which keys a query sees, as it is written by hand
#include "passes/passes.h"
#include "passes/triangles.h"

namespace torch2mlx::passes {
namespace {

class Folder {
 public:
  explicit Folder(Graph& graph) : r_(graph), facts_(r_) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      std::optional<Arg> made = fold(node);
      if (!made && node.results.size() == 1) facts_.set(node.result(), facts_.infer(node));
      return made;
    });
  }

 private:
  std::optional<Arg> fold(const Node& node) {
    const auto triangle = triangle_of(r_, facts_, node);
    if (!triangle || triangle->above) return std::nullopt;
    const Shape shape = r_.graph().type(node.result()).shape;
    for (std::size_t i = 0; i + 2 < shape.size(); ++i)
      if (shape[i] != Dim(1)) return std::nullopt;
    const auto rows = r_.size(shape[shape.size() - 2]), columns = r_.size(shape.back());
    if (!rows || !columns) return std::nullopt;
    std::vector<Argument> args{{"rows", *rows}};
    if (shape.back() != shape[shape.size() - 2]) args.push_back({"columns", *columns});
    if (triangle->k != 0) args.push_back({"k", triangle->k});
    args.push_back({"dtype", Dtype::boolean});
    Ref made = r_.emit("tri", std::move(args));
    for (std::size_t i = 2; i < shape.size(); ++i) made = r_.emit("expand_dims", {{"", made}, {"axis", 0}});
    return made;
  }

  Rewriter r_;
  Facts facts_;
};

}  // namespace

void fold_triangles(Graph& graph) { Folder(graph).run(); }

}  // namespace torch2mlx::passes
