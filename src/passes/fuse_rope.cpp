// x * cos(t) + rotate_half(x) * sin(t), t = arange(L)[:, None] / freqs
//   ->  rope(x, freqs, dims=D, traditional=False, offset=0); and neighbours rotated: traditional=True
#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <set>

#include "graph/constant.h"
#include "passes/elements.h"
#include "passes/passes.h"

namespace torch2mlx::passes {
namespace {

constexpr std::size_t looked_at = 16;  // ancestors of a sum that may be what it rotates
// Radians by which MLX's angles may be off, and the position at which they still must not be. MLX's own frequencies for
// a base are 1e-4 off there: only PyTorch's give PyTorch's numbers.
constexpr double angle_error = 1e-5, far = 8192;

// Rotations of the first 2 * frequencies.size() elements of the last axis of x.
struct Rotation {
  Arg x;
  bool traditional = false;
  int axis = 0;  // positions run along it
  std::int64_t offset = 0;
  std::vector<double> frequencies;
};

class Ropes {
 public:
  explicit Ropes(Graph& graph) : r_(graph) {}

  void run() {
    r_.run([&](Node& node) -> std::optional<Arg> {
      const bool candidate = node.op == "add" || node.op == "concatenate" || node.op == "reshape";
      auto rotation = candidate ? rotated(node) : std::nullopt;
      if (!rotation) return std::nullopt;
      const Ref result = emit(*rotation, r_.graph().type(node.result()));
      rotations_.emplace(result, *std::move(rotation));
      return result;
    });
  }

 private:
  std::optional<Rotation> rotated(const Node& node) const {
    const Type& type = r_.graph().type(node.result());
    const auto rank = type.shape.size();
    if ((rank != 3 && rank != 4) || !is_floating(type.dtype) || !type.shape.back().constant()) return std::nullopt;
    for (const Ref x : ancestors(node, type)) {
      if (auto found = rotation_of(node, x)) return found;
      if (auto found = rotated_part(node, x)) return found;
    }
    return std::nullopt;
  }

  // Values of that type that a node is computed from, nearest first.
  std::vector<Ref> ancestors(const Node& node, const Type& type) const {
    std::vector<Ref> found;
    std::set<Ref> seen;
    std::deque<const Node*> queue{&node};
    while (!queue.empty() && seen.size() < looked_at) {
      const Node* at = queue.front();
      queue.pop_front();
      for (const Argument& argument : at->args)
        graph::for_each_ref(argument.value, [&](const Ref& ref) {
          if (r_.graph().type(ref).kind != ValueKind::tensor || !seen.insert(ref).second) return;
          if (r_.graph().type(ref) == type) found.push_back(ref);
          if (const Node* definition = r_.definition(ref)) queue.push_back(definition);
        });
    }
    return found;
  }

  std::vector<Position> place(Ref x, int last) const {
    std::vector<Position> at;
    for (int axis = 0; axis + 1 < r_.rank(x); ++axis) at.push_back({axis, 0, 1});
    at.push_back({-1, last, 0});
    return at;
  }

  // A node is not among the definitions while it is rewritten.
  std::optional<Terms> element(const Node& node, Ref x, int index) const {
    return Elements(r_, x, sines_).of(node, node.result(), place(x, index));
  }

  std::optional<Rotation> rotation_of(const Node& node, Ref x) const {
    const int size = static_cast<int>(*r_.shape(x).back().constant());
    if (size == 0) return std::nullopt;
    std::vector<Terms> all;
    for (int i = 0; i < size; ++i) {
      auto terms = element(node, x, i);
      if (!terms || terms->size() > 2 || (i == 0 && terms->size() != 2)) return std::nullopt;
      if (terms->size() == 2 && terms->at(0).kind == Term::Kind::sine) std::swap(terms->at(0), terms->at(1));
      all.push_back(*std::move(terms));
    }
    const auto dims = std::ranges::find_if(all, [](const Terms& terms) { return terms.size() != 2; }) - all.begin();
    Rotation rotation;
    rotation.x = x;
    rotation.traditional = all[0][1].element == 1 && dims > 2;
    rotation.axis = all[0][0].at.along;
    rotation.offset = all[0][0].at.start;
    const int half = static_cast<int>(dims) / 2;
    for (int i = 0; i < half; ++i)
      rotation.frequencies.push_back(all[static_cast<std::size_t>(rotation.traditional ? 2 * i : i)][0].frequency);
    if (!std::ranges::all_of(rotation.frequencies, is_exact)) return std::nullopt;
    if (dims % 2 != 0 || rotation.axis < 0 || rotation.axis >= r_.rank(x) - 1) return std::nullopt;
    for (int i = 0; i < size; ++i)
      if (!fits(all[static_cast<std::size_t>(i)], rotation, i, half)) return std::nullopt;
    return rotation;
  }

  // Is an element what the rotation makes of it?
  static bool fits(const Terms& terms, const Rotation& rotation, int i, int half) {
    if (i >= 2 * half)
      return terms.size() == 1 && terms[0].kind == Term::Kind::number && terms[0].factor == 1 && terms[0].element == i;
    const int pair = rotation.traditional ? i / 2 : i % half;
    const bool second = rotation.traditional ? i % 2 == 1 : i >= half;
    const int other = i + (second ? -1 : 1) * (rotation.traditional ? 1 : half);
    const Position at{rotation.axis, rotation.offset, 1};
    const double frequency = rotation.frequencies[static_cast<std::size_t>(pair)];
    const Term &cosine = terms[0], &sine = terms[1];
    return cosine.kind == Term::Kind::cosine && sine.kind == Term::Kind::sine && cosine.element == i &&
           sine.element == other && cosine.factor == 1 && sine.factor == (second ? 1 : -1) && cosine.at == at &&
           sine.at == at && frequency > 0 && cosine.frequency == frequency && sine.frequency == frequency;
  }

  // concatenate([rope(x[..., :n]), x[..., n:]]) is a rotation of x.
  std::optional<Rotation> rotated_part(const Node& node, Ref x) const {
    const auto* parts = node.op == "concatenate" ? node.args[0].value.get_if<List>() : nullptr;
    const auto inner = parts && parts->front().is<Ref>() ? rotations_.find(parts->front().as<Ref>()) : rotations_.end();
    if (inner == rotations_.end()) return std::nullopt;
    const int size = static_cast<int>(*r_.shape(x).back().constant());
    const int rotated = static_cast<int>(*r_.shape(inner->second.x).back().constant());
    for (int i = 0; i < size; ++i) {
      const auto terms = i < rotated ? Elements(r_, x, sines_).of(inner->second.x, place(x, i)) : element(node, x, i);
      const bool same = terms && terms->size() == 1 && terms->at(0).kind == Term::Kind::number &&
                        terms->at(0).factor == 1 && terms->at(0).element == i;
      if (!same) return std::nullopt;
    }
    Rotation rotation = inner->second;
    rotation.x = x;
    return rotation;
  }

  Ref emit(const Rotation& rotation, Type type) {
    const int rank = static_cast<int>(type.shape.size());
    std::vector<int> axes(type.shape.size());
    for (int i = 0; i < rank; ++i) axes[static_cast<std::size_t>(i)] = i;
    std::swap(axes[static_cast<std::size_t>(rotation.axis)], axes[static_cast<std::size_t>(rank - 2)]);
    const bool moved = !is_identity(axes);
    Type inner = type;
    inner.shape = permuted(type.shape, axes);
    const Arg x = moved ? Arg(r_.emit("transpose", {{"", rotation.x}, {"axes", to_list(axes)}}, inner)) : rotation.x;
    std::vector<Argument> args{{"", x}, {"", periods(rotation.frequencies)}};
    args.push_back({"dims", static_cast<int>(2 * rotation.frequencies.size())});
    args.push_back({"traditional", rotation.traditional});
    args.push_back({"offset", rotation.offset});
    const Ref result = r_.emit("rope", std::move(args), std::move(inner));
    return moved ? r_.emit("transpose", {{"", result}, {"axes", to_list(axes)}}, std::move(type)) : result;
  }

  // The float of which the reciprocal, as MLX takes it, comes closest to a frequency.
  static float period(double frequency) {
    const auto wanted = static_cast<float>(frequency);
    float best = 1 / wanted;
    for (const float toward : {0.0F, HUGE_VALF}) {
      float next = 1 / wanted;
      for (int i = 0; i < 2; ++i) {
        next = std::nextafter(next, toward);
        if (std::abs(1 / next - wanted) < std::abs(1 / best - wanted)) best = next;
      }
    }
    return best;
  }

  static bool is_exact(double frequency) {
    return std::abs(static_cast<double>(1 / period(frequency)) - static_cast<float>(frequency)) * far <= angle_error;
  }

  // 1 / frequencies as a constant, the same one for equal rotations.
  Ref periods(const std::vector<double>& frequencies) {
    const auto [it, added] = periods_.try_emplace(frequencies);
    if (!added) return it->second;
    std::vector<float> values;
    for (const double frequency : frequencies) values.push_back(period(frequency));
    return it->second = graph::add_constant(r_.graph(), "freqs", values, {static_cast<std::int64_t>(values.size())});
  }

  Rewriter r_;
  mutable Sines sines_;
  std::map<Ref, Rotation> rotations_;  // by result
  std::map<std::vector<double>, Ref> periods_;
};

}  // namespace

void fuse_rope(Graph& graph) { Ropes(graph).run(); }

}  // namespace torch2mlx::passes
