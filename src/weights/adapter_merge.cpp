#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include "base/error.h"
#include "read/json.h"
#include "weights/adapter.h"
#include "weights/low_rank.h"

namespace torch2mlx {
namespace {

constexpr std::string_view weight_end = ".weight";

// kohya's names of the parts that a file of LoRA may change; the rest is the module's path with '_' for '.'.
constexpr std::string_view flat_prefixes[] = {"lora_unet_", "lora_te1_",         "lora_te2_",       "lora_te3_",
                                              "lora_te_",   "lora_transformer_", "lora_prior_unet_"};

std::string flat(std::string_view path) {
  std::string out(path);
  std::ranges::replace(out, '.', '_');
  return out;
}

// "unet.a.b" -> "a.b"; empty where there is no dot.
std::string_view without_first(std::string_view path) {
  const auto dot = path.find('.');
  return dot == path.npos ? std::string_view() : path.substr(dot + 1);
}

// The base's keys by the paths that an adapter may call them: their own, and all ends of them.
class Base {
 public:
  explicit Base(const Checkpoint& base) {
    for (std::size_t i = 0; i < base.tensors.size(); ++i) {
      const std::string_view name = base.tensors[i].name;
      exact_.emplace(name, i);
      for (std::string_view end = name; !end.empty(); end = without_first(end)) {
        add(ends_, std::string(end), i);
        if (end.ends_with(weight_end)) add(flat_, flat(end.substr(0, end.size() - weight_end.size())), i);
      }
    }
  }

  // Keys that may be meant, the likeliest kind alone.
  std::vector<std::size_t> find(std::string_view key) const {
    if (const auto it = exact_.find(key); it != exact_.end()) return {it->second};
    if (auto found = at(ends_, std::string(key)); !found.empty()) return found;
    // The adapter's names begin further out: "unet.down_blocks.0..." for a folder of the unet alone.
    for (std::string_view end = without_first(key); !end.empty(); end = without_first(end))
      if (const auto it = exact_.find(end); it != exact_.end() && end.find('.') != end.npos) return {it->second};
    return {};
  }

  std::vector<std::size_t> find_flat(const std::string& path) const {
    for (const std::string_view prefix : flat_prefixes)
      if (path.starts_with(prefix)) return at(flat_, path.substr(prefix.size()));
    return {};
  }

 private:
  using Lists = std::unordered_map<std::string, std::vector<std::size_t>>;
  static void add(Lists& lists, std::string key, std::size_t index) { lists[std::move(key)].push_back(index); }
  static std::vector<std::size_t> at(const Lists& lists, const std::string& key) {
    const auto it = lists.find(key);
    return it == lists.end() ? std::vector<std::size_t>{} : it->second;
  }

  std::unordered_map<std::string_view, std::size_t> exact_;
  Lists ends_, flat_;
};

std::string sizes(const Tensor& tensor) { return fmt::format("[{}]", fmt::join(tensor.shape, ", ")); }

Tensor as_matrix(const Tensor& tensor) {
  Tensor matrix = tensor;
  const std::int64_t rows = tensor.shape[0];
  if (tensor.shape.size() == 2) return matrix;
  if (!tensor.contiguous()) matrix = weights::scaled(tensor, 1);
  matrix.shape = {rows, tensor.elements() / rows};
  matrix.strides = {tensor.elements() / rows, 1};
  return matrix;
}

class Merge {
 public:
  Merge(Checkpoint base, const Adapter& adapter) : base_(std::move(base)), adapter_(adapter), names_(base_) {}

  Checkpoint run() {
    std::vector<std::pair<std::size_t, Tensor>> changed;
    for (const AdapterPair& pair : adapter_.pairs) add(pair, changed);
    for (const Tensor& tensor : adapter_.replaced) replace(tensor, changed);
    if (!problems_.empty())
      throw Error(ErrorKind::input, "--adapter",
                  problems_.size() == 1 ? problems_[0]
                                        : fmt::format("{} of its modules do not fit the model", problems_.size()),
                  "give the model that it was trained on; --skip 'PATTERN' leaves modules of another part out",
                  problems_.size() == 1 ? std::vector<std::string>{} : problems_);
    for (auto& [index, tensor] : changed) put(index, std::move(tensor));
    base_.config.adapter.clear();
    base_.notes.push_back(fmt::format(
        "{} merged into {} weights{}", adapter_.kind, adapter_.pairs.size(),
        adapter_.replaced.empty() ? std::string() : fmt::format(", {} replaced", adapter_.replaced.size())));
    return std::move(base_);
  }

 private:
  const Tensor* one(const std::string& path, const std::vector<std::size_t>& found) {
    if (found.empty()) {
      problems_.push_back(fmt::format("{}: the model has no such weight", printable(path)));
      return nullptr;
    }
    if (found.size() > 1) {
      problems_.push_back(fmt::format("{}: may be '{}' or '{}'", printable(path),
                                      printable(base_.tensors[found[0]].name),
                                      printable(base_.tensors[found[1]].name)));
      return nullptr;
    }
    const Tensor& tensor = base_.tensors[found[0]];
    if (!met_.insert(found[0]).second) {
      problems_.push_back(fmt::format("{}: '{}' is changed twice", printable(path), printable(tensor.name)));
      return nullptr;
    }
    return &tensor;
  }

  void add(const AdapterPair& pair, std::vector<std::pair<std::size_t, Tensor>>& changed) {
    auto found = names_.find(pair.path + std::string(weight_end));
    if (found.empty()) found = names_.find_flat(pair.path);
    const Tensor* weight = one(pair.path, found);
    if (!weight) return;
    if (!is_floating(weight->dtype) || size_of(weight->dtype) < 2)
      return problems_.push_back(fmt::format("{}: the model's weight is {}; merge into plain numbers",
                                             printable(pair.path), row(weight->dtype).torch));
    const Tensor a = as_matrix(pair.a), b = as_matrix(pair.b);
    const std::int64_t outputs = b.shape[0], inputs = a.shape[1];
    const auto is = [&](std::int64_t rows, std::int64_t columns) {
      return weight->shape.size() >= 2 && weight->shape[0] == rows && weight->elements() == rows * columns &&
             (weight->shape.size() == 2 || kernel_fits(*weight, pair.a));
    };
    const bool straight = is(outputs, inputs), turned = weight->shape.size() == 2 && is(inputs, outputs);
    const bool swap = pair.embedding || (adapter_.inputs_first && turned);
    if (swap ? !turned : !straight)
      return problems_.push_back(fmt::format("{}: {} and {} do not fit '{}' {}", printable(pair.path), sizes(pair.a),
                                             sizes(pair.b), printable(weight->name), sizes(*weight)));
    Tensor merged = swap ? weights::with_low_rank(*weight, weights::transposed(a), weights::transposed(b), pair.scale)
                         : weights::with_low_rank(*weight, b, a, pair.scale);
    changed.emplace_back(found[0], std::move(merged));
  }

  // A convolution's kernel is that of the first matrix, which may be a plain one for a kernel of one element.
  static bool kernel_fits(const Tensor& weight, const Tensor& a) {
    const auto rest = std::accumulate(weight.shape.begin() + 2, weight.shape.end(), std::int64_t{1}, std::multiplies());
    if (a.shape.size() == 2) return rest == 1;
    return a.shape.size() == weight.shape.size() &&
           std::equal(a.shape.begin() + 1, a.shape.end(), weight.shape.begin() + 1, weight.shape.end());
  }

  void replace(const Tensor& tensor, std::vector<std::pair<std::size_t, Tensor>>& changed) {
    const auto found = names_.find(tensor.name);
    const Tensor* old = one(std::string(tensor.name), found);
    if (!old) return;
    if (old->shape != tensor.shape)
      return problems_.push_back(fmt::format("{}: {} replaces {}", printable(tensor.name), sizes(tensor), sizes(*old)));
    Tensor own = tensor;
    own.name = old->name;
    changed.emplace_back(found[0], std::move(own));
  }

  // Tied tensors are one: all of them change.
  void put(std::size_t index, Tensor tensor) {
    const Tensor old = base_.tensors[index];
    for (std::size_t i = 0; i < base_.tensors.size(); ++i) {
      Tensor& other = base_.tensors[i];
      const bool tied = old.storage && other.storage && old.storage->bytes.data() &&
                        other.storage->bytes.data() == old.storage->bytes.data() && other.offset == old.offset &&
                        other.shape == old.shape && other.strides == old.strides && other.dtype == old.dtype;
      if (i != index && (!tied || met_.contains(i))) continue;
      Tensor own = tensor;
      own.name = other.name;
      other = std::move(own);
    }
  }

  Checkpoint base_;
  const Adapter& adapter_;
  Base names_;
  std::set<std::size_t> met_;
  std::vector<std::string> problems_;
};

// The number of the last layer named in a path, and -1.
std::int64_t layer_of(std::string_view path) {
  std::int64_t number = -1;
  for (std::string_view rest = path; !rest.empty(); rest = without_first(rest)) {
    const std::string_view step = rest.substr(0, rest.find('.'));
    if (!step.empty() && step.size() < 7 && step.find_first_not_of("0123456789") == step.npos)
      return std::stoll(std::string(step));
  }
  return number;
}

}  // namespace

Checkpoint merge(Checkpoint base, const Adapter& adapter) { return Merge(std::move(base), adapter).run(); }

MlxLmAdapter mlx_lm_adapter(const Adapter& adapter) {
  std::vector<std::string> problems;
  if (adapter.kind != "PEFT LoRA")
    problems.push_back(fmt::format("{}: mlx-lm takes PEFT's of language models", adapter.kind));
  for (const Tensor& tensor : adapter.replaced)
    problems.push_back(fmt::format("{}: a whole tensor, which mlx-lm's adapters do not hold", printable(tensor.name)));
  std::int64_t rank = 0, layers = 0;
  for (const AdapterPair& pair : adapter.pairs) {
    if (pair.a.shape.size() != 2 || pair.b.shape.size() != 2)
      problems.push_back(
          fmt::format("{}: of a convolution, which mlx-lm's adapters do not hold", printable(pair.path)));
    rank = std::max(rank, pair.a.shape[0]);
    layers = std::max(layers, layer_of(pair.path) + 1);
  }
  if (!problems.empty())
    throw Error(ErrorKind::unsupported, "adapter",
                problems.size() == 1 ? problems[0] : fmt::format("{} tensors cannot be mlx-lm's", problems.size()),
                "torch2mlx BASE OUT --adapter ADAPTER merges it into the model that it was trained on",
                problems.size() == 1 ? std::vector<std::string>{} : problems);
  const auto told = std::ranges::find_if(adapter.pairs, [](const AdapterPair& pair) { return pair.scale != 0; });
  const double scale = told == adapter.pairs.end() ? 0 : told->scale;
  MlxLmAdapter made;
  made.weights.format = adapter.kind;
  Json keys = Json::array();
  for (const AdapterPair& pair : adapter.pairs) {
    keys.push_back(pair.path);
    // Fewer rows than the largest rank: the rest is zeros, which add nothing.
    Tensor a = weights::padded(weights::transposed(pair.a), pair.a.shape[1], rank);
    Tensor b = weights::padded(weights::transposed(pair.b), rank, pair.b.shape[0]);
    if (pair.scale != scale) b = weights::scaled(b, pair.scale / scale);
    a.name = pair.path + ".lora_a";
    b.name = pair.path + ".lora_b";
    made.weights.tensors.push_back(std::move(a));
    made.weights.tensors.push_back(std::move(b));
  }
  Json config{{"fine_tune_type", "lora"},
              {"num_layers", layers},
              {"lora_parameters", {{"rank", rank}, {"scale", scale}, {"dropout", 0.0}, {"keys", keys}}}};
  if (!adapter.base.empty()) config["model"] = adapter.base;
  made.config = config.dump(4) + "\n";
  return made;
}

}  // namespace torch2mlx
