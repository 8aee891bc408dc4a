// Values held in another order of axes than the graph says: how the layout pass takes an op through a transpose.
#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "passes/rewrite.h"

namespace torch2mlx::passes {

// value == transpose(base, axes=perm); `group` is the component of transposes it came from.
struct View {
  Ref base;
  std::vector<int> perm;
  int group = 0;
  const graph::Place* place = nullptr;  // of the transpose, if that is all the view is
};

// Transposes that are sunk together stand or fall together: `before` of them go in, `after` are left.
struct Group {
  int parent = 0;
  int before = 0, after = 0, moved = 0;  // moved: ops taken through
  std::vector<std::size_t> members;      // positions of their nodes in the graph
};

// One walk that drops every transpose but the pinned ones, takes what follows through them, and puts transposes back
// where an op cannot be taken through.
class Sinker {
 public:
  Sinker(Graph& graph, const std::vector<char>& pinned) : r_(graph), pinned_(pinned), views_(graph.values.size()) {}

  // Groups of which no fewer transposes are left than there were, as positions of nodes.
  std::vector<std::size_t> run();

 private:
  std::optional<Arg> transpose(Node& node, std::size_t position);
  bool sink(Node& node);
  bool elementwise(Node& node);
  bool along_axes(Node& node);
  bool last_axis(Node& node);
  bool expand_dims(Node& node);
  bool pad(Node& node);
  bool broadcast_to(Node& node);
  bool reshape(Node& node);
  bool regroup(Node& node);
  Ref transposed(Ref base, const std::vector<int>& perm, int group);

  const View* view(const Arg& arg) const;
  const View* common_view(Node& node);
  std::optional<Arg> fitted(const Arg& arg, const std::vector<int>& perm);
  void take_through(Node& node, const std::vector<int>& perm, int group);
  void to_bases(Node& node, int group);
  void materialize(Node& node);
  Ref materialized(Ref ref);
  // transpose(base, axes=perm) if it was put back already where the current node may use it.
  std::optional<Ref> existing(Ref base, const std::vector<int>& perm, std::uint32_t scope) const;
  void outputs();
  int find(int group);
  int unite(int a, int b);

  Rewriter r_;
  const std::vector<char>& pinned_;
  std::vector<std::optional<View>> views_;  // by value id
  std::vector<Group> groups_;
  std::map<std::tuple<Ref, std::vector<int>, std::uint32_t>, Ref> made_;  // (base, perm, scope) -> transpose put back
};

}  // namespace torch2mlx::passes
