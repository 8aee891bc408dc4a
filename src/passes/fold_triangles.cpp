// arange(n)[None, :] <= arange(n)[:, None]  ->  tri(n): which keys a query sees, as it is written by hand
#include <array>

#include "passes/facts.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

// Comparisons that hold up to a place in each row: columns op rows, or rows op columns.
struct Comparison {
  std::string_view op;
  bool columns_first;
  std::int64_t beyond;  // the last column that it holds for, from the row's own place
};
constexpr std::array comparisons{Comparison{"less_equal", true, 0}, Comparison{"less", true, -1},
                                 Comparison{"greater_equal", false, 0}, Comparison{"greater", false, -1}};

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
    const auto row = std::ranges::find(comparisons, node.op, &Comparison::op);
    if (row == comparisons.end()) return std::nullopt;
    const Shape shape = r_.graph().type(node.result()).shape;
    if (shape.size() < 2) return std::nullopt;
    const auto column = counted(node.args[row->columns_first ? 0 : 1].value, shape, 1);
    const auto line = counted(node.args[row->columns_first ? 1 : 0].value, shape, 2);
    for (std::size_t i = 0; i + 2 < shape.size(); ++i)
      if (shape[i] != Dim(1)) return std::nullopt;
    const auto rows = r_.size(shape[shape.size() - 2]), columns = r_.size(shape.back());
    if (!column || !line || !rows || !columns) return std::nullopt;
    const std::int64_t k = *line - *column + row->beyond;  // start + column <= start of lines + line
    std::vector<Argument> args{{"rows", *rows}};
    if (shape.back() != shape[shape.size() - 2]) args.push_back({"columns", *columns});
    if (k != 0) args.push_back({"k", k});
    args.push_back({"dtype", Dtype::boolean});
    Ref made = r_.emit("tri", std::move(args));
    for (std::size_t i = 2; i < shape.size(); ++i) made = r_.emit("expand_dims", {{"", made}, {"axis", 0}});
    return made;
  }

  // Where a count by one along an axis of the result begins; the axis counts from the end.
  std::optional<std::int64_t> counted(const Arg& arg, const Shape& shape, std::size_t axis) const {
    const Fact fact = facts_.of(arg);
    if (!arg.is<Ref>() || !fact.is_ramp() || fact.step != 1) return std::nullopt;
    const Shape& own = r_.shape(arg);
    const bool along = own.size() >= axis && static_cast<std::size_t>(fact.axis) == own.size() - axis;
    return along && own[own.size() - axis] == shape[shape.size() - axis] ? std::optional(fact.start) : std::nullopt;
  }

  Rewriter r_;
  Facts facts_;
};

}  // namespace

void fold_triangles(Graph& graph) { Folder(graph).run(); }

}  // namespace torch2mlx::passes
