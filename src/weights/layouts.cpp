#include "weights/layouts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "layers/architectures.h"
#include "weights/patterns.h"
#include "weights/proofs.h"
#include "weights/twins.h"

namespace torch2mlx::weights {
namespace {

constexpr std::string_view bare = "Parameter";

std::pair<std::string_view, std::string_view> split_key(std::string_view key) {
  const auto dot = key.rfind('.');
  if (dot == std::string_view::npos) return {"", key};
  return {key.substr(0, dot), key.substr(dot + 1)};
}

bool is_dropped(const Tensor& tensor, std::string_view parameter, const layers::Row* owner) {
  if (!tensor.shape.empty() || row(tensor.dtype).kind != DtypeKind::integer) return false;
  const auto holds = [&](const layers::Row& row) { return std::ranges::count(row.dropped, parameter) > 0; };
  return owner ? holds(*owner) : std::ranges::any_of(layers::rows(), holds);
}

// ",groups=4" -> 4, "" -> 0.
std::optional<std::int64_t> groups_from(std::string_view text) {
  constexpr std::string_view start = ",groups=";
  if (text.empty()) return 0;
  std::int64_t groups = 0;
  if (!text.starts_with(start)) return std::nullopt;
  text.remove_prefix(start.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), groups);
  if (error != std::errc{} || end != text.data() + text.size() || groups < 1) return std::nullopt;
  return groups;
}

// The attribute `groups` of a module.
std::optional<std::int64_t> groups_of(const Module& module) {
  const auto it = module.attributes.find("groups");
  const auto* value = it == module.attributes.end() ? nullptr : std::get_if<std::int64_t>(&it->second);
  return value ? std::optional(*value) : std::nullopt;
}

Layout from_row(const Tensor& tensor, std::string_view parameter, const layers::Row& row, Evidence evidence) {
  Layout layout;
  layout.evidence = evidence;
  layout.layer = row.torch;
  const auto name = layers::short_name(row.torch);
  layout.slot = layers::find(row, parameter);
  const bool known = layout.slot.parameter != nullptr;
  const auto permute = known ? layout.slot.parameter->permute : std::span<const int>{};
  if (!permute.empty() && permute.size() != tensor.shape.size())
    layout.problem =
        fmt::format("rank {}, but {}.{} has rank {}", tensor.shape.size(), name, parameter, permute.size());
  else if (!known && tensor.shape.size() > 2)
    layout.problem = fmt::format("{} has no parameter '{}', so its layout is unknown", name, printable(parameter));
  layout.permute.assign(permute.begin(), permute.end());
  return layout;
}

// Modules that only hold others or bare parameters keep PyTorch's layout, and so do the user's own classes unless they
// carry the attributes of a convolution (a subclass of one).
bool holds_bare_parameters(const Module& module) {
  if (module.class_name.starts_with("torch.")) return module.class_name.starts_with("torch.nn.modules.container.");
  return !module.attributes.contains("padding_mode") && !module.attributes.contains("kernel_size");
}

}  // namespace

Layouts::Layouts(const Checkpoint& checkpoint, const Index& tensors, const Options& options,
                 std::span<const Fold> folds)
    : options_(options), config_(checkpoint.config), tensors_(tensors) {
  for (const Fold& fold : folds) folded_.push_back({fold.name, fold.dtype, fold.shape, {}, 0, {}});
  folded_by_name_.add_new();
  for (const auto* tree : {&options.modules, &checkpoint.modules})
    for (const Module& module : *tree) modules_.emplace(module.path, &module);
  for (const auto& [pattern, text] : options.layer_types) {
    const auto comma = std::min(text.find(','), text.size());
    const std::string class_name = text.substr(0, comma);
    const auto groups = groups_from(std::string_view(text).substr(comma));
    const auto* row = layers::find(class_name);
    if (!groups)
      throw Error(ErrorKind::input, fmt::format("--layer-type {}={}", printable(pattern), printable(text)),
                  "the class is not followed by ,groups=N");
    if (!row && layers::short_name(class_name) != bare)
      throw Error(ErrorKind::input, fmt::format("--layer-type {}={}", printable(pattern), printable(class_name)),
                  "no such class in the table of layers",
                  "`torch2mlx ops --layers` lists them; Parameter keeps PyTorch's layout");
    const bool exact = pattern.find_first_of("*?[") == std::string::npos;
    patterns_.push_back({pattern, row, *groups, exact, false});
  }
  for (const Tensor& folded : folded_) note_turned(folded);
  for (const Tensor& tensor : checkpoint.tensors) note_turned(tensor);
}

void Layouts::note_turned(const Tensor& weight) {
  if (!weight.name.ends_with("weight") || named(weight.name) != &weight) return;
  const Tensor* bias = bias_of(weight);
  if (bias && inputs_first(weight, *bias) && !owner_of(weight) && !by_architecture(weight) &&
      (turned_.empty() || weight.name < turned_))
    turned_ = weight.name;
}

const Tensor* Layouts::named(std::string_view name) const {
  const Tensor* folded = folded_by_name_.find(name);
  return folded ? folded : tensors_.find(name);
}

Layouts::Pattern* Layouts::match(std::string_view key) {
  Pattern* last = nullptr;
  for (Pattern& pattern : patterns_)
    if (matches_key(pattern.text, key)) {
      pattern.matched = true;
      last = &pattern;
    }
  return last;
}

const Module* Layouts::owner_of(const Tensor& tensor) const {
  const auto it = modules_.find(split_key(tensor.name).first);
  return it == modules_.end() ? nullptr : it->second;
}

Layout Layouts::find(const Tensor& tensor) {
  const auto parameter = split_key(tensor.name).second;
  const Module* owner = owner_of(tensor);
  const auto* declared = match(tensor.name);
  Layout layout;
  if (const auto exact = options_.layouts.find(tensor.name); exact != options_.layouts.end()) {
    layout.permute = exact->second;
    layout.evidence = Evidence::graph;
    if (owner) layout.layer = owner->class_name;
    if (!layout.permute.empty() && layout.permute.size() != tensor.shape.size())
      layout.problem =
          fmt::format("rank {}, but its permutation has {} axes", tensor.shape.size(), layout.permute.size());
    return layout;
  }
  if (is_dropped(tensor, parameter, owner ? layers::find(owner->class_name) : nullptr)) {
    layout.dropped = true;
    return layout;
  }
  layout = decide(tensor, owner, declared);
  note_kernel(tensor, layout);
  return layout;
}

Layout Layouts::decide(const Tensor& tensor, const Module* owner, const Pattern* declared) const {
  const auto parameter = split_key(tensor.name).second;
  const layers::Row* row = owner ? layers::row_of(*owner, parameter, tensor.shape.size()) : nullptr;
  Layout layout;
  if (row) {
    layout = from_row(tensor, parameter, *row, Evidence::module_tree);
    if (layout.slot.parameter && layout.slot.parameter->grouped) {
      layout.groups = groups_of(*owner).value_or(declared_groups(tensor));
      if (!groups_of(*owner) && !bias_of(tensor)) layout.problem = "neither an attribute nor a bias tells its groups";
    }
    if (declared && declared->row && declared->exact && declared->row != row)
      layout.problem = fmt::format("--layer-type says {}, but the file says {}",
                                   layers::short_name(declared->row->torch), layers::short_name(row->torch));
    return layout;
  }
  if (declared && declared->row && declared->exact) {
    layout = from_row(tensor, parameter, *declared->row, Evidence::layer_type);
    if (layout.slot.parameter && layout.slot.parameter->grouped) take_groups(tensor, declared->groups, layout);
    return layout;
  }
  if (declared && !declared->row) {
    layout.evidence = Evidence::layer_type;
    layout.layer = bare;
    return layout;
  }
  if (!owner)
    for (const auto& told : {by_architecture(tensor), by_names(tensor), by_shape(tensor)})
      if (told) return *told;
  if (const auto told = filled(tensor, declared)) return *told;
  if (owner) layout.layer = owner->class_name;
  if (!owner && !turned_.empty()) doubt_matrix(tensor, layout);
  if (tensor.shape.size() < 3) return layout;
  if (owner && holds_bare_parameters(*owner)) {
    layout.evidence = Evidence::module_tree;
    return layout;
  }
  if (const auto told = by_other_name(tensor)) return *told;
  if (parameter == "bias") return layout;  // no layer of torch.nn has one in another layout: a mask, a table
  layout.ambiguous = true;
  layout.problem = owner ? fmt::format("layout unknown: {} is not in the table of layers", printable(owner->class_name))
                         : "layout unknown: nothing tells which layer owns it";
  return layout;
}

// As a graph has it that knows the same elements under another name.
std::optional<Layout> Layouts::by_other_name(const Tensor& tensor) const {
  for (const auto& [name, permute] : options_.layouts) {
    const Tensor* other = tensors_.find(name);
    if (!other || !same_elements(*other, tensor)) continue;
    Layout layout;
    layout.permute = permute;
    layout.evidence = Evidence::graph;
    if (const Module* owner = owner_of(tensor)) layout.layer = owner->class_name;
    return layout;
  }
  return std::nullopt;
}

// A pattern with wildcards gives its class to what nothing else decides and whose rank fits.
std::optional<Layout> Layouts::filled(const Tensor& tensor, const Pattern* declared) const {
  if (!declared || !declared->row) return std::nullopt;
  Layout layout = from_row(tensor, split_key(tensor.name).second, *declared->row, Evidence::layer_type);
  if (!layout.problem.empty() || !layout.slot.parameter) return std::nullopt;
  if (layout.slot.parameter->grouped) take_groups(tensor, declared->groups, layout);
  return layout;
}

// MLX's kernels stand before the inputs: [O, 3, 3, I], where PyTorch has [O, I, 3, 3].
void Layouts::note_kernel(const Tensor& tensor, const Layout& layout) {
  const Sizes& shape = tensor.shape;
  const bool guessed = layout.evidence == Evidence::architecture || layout.evidence == Evidence::shape ||
                       (layout.evidence == Evidence::layer_type && layout.slot.parameter);
  if (!guessed || layout.permute.size() < 3 || layout.permute[0] != 0 || !layout.problem.empty()) return;
  if (const Pattern* declared = layout.evidence == Evidence::layer_type ? match(tensor.name) : nullptr;
      declared && declared->exact)
    return;
  const auto square = [&](std::size_t begin, std::size_t end) {
    return std::all_of(shape.begin() + begin, shape.begin() + end,
                       [&](std::int64_t size) { return size == shape[begin]; });
  };
  constexpr std::int64_t small = 11, large = 16;  // kernels of one axis, and widths
  const std::size_t rank = shape.size();
  const bool in_torch = rank == 3 ? shape[2] <= small && shape[1] > large : square(2, rank) && !square(1, rank - 1);
  const bool in_mlx = rank == 3 ? shape[1] > 1 && shape[1] <= small && shape[2] > large && shape[2] == shape[0]
                                : square(1, rank - 1) && shape[1] > 1 && !square(2, rank);
  torch_kernel_ = torch_kernel_ || in_torch;
  if (in_mlx && mlx_kernel_.empty())
    mlx_kernel_ = fmt::format("{} [{}]", printable(tensor.name), fmt::join(shape, ", "));
}

void Layouts::doubt_kernels(std::vector<std::string>& problems) const {
  if (mlx_kernel_.empty() || torch_kernel_) return;
  problems.push_back(
      fmt::format("{}: in MLX's layout already, by the kernels of all convolutions, though the file does "
                  "not say so; --layer-type '*=Parameter' keeps every layout as it is, a path without "
                  "wildcards ('conv=Conv2d') says that it is PyTorch's",
                  mlx_kernel_));
}

const Tensor* Layouts::bias_of(const Tensor& weight) const {
  const auto path = split_key(weight.name).first;
  const Tensor* bias = named(path.empty() ? "bias" : fmt::format("{}.bias", path));
  return bias && bias->shape.size() == 1 ? bias : nullptr;
}

// Without attributes the shapes tell groups: a transposed convolution's weight is I, O / groups, ..., its bias O.
std::int64_t Layouts::declared_groups(const Tensor& tensor) const {
  const Tensor* bias = bias_of(tensor);
  return bias && tensor.shape.size() >= 2 && tensor.shape[1] != 0 ? bias->shape[0] / tensor.shape[1] : 1;
}

// `told`: 0 where nobody did. One output a group may be that of many groups or the only one.
void Layouts::take_groups(const Tensor& tensor, std::int64_t told, Layout& layout) const {
  layout.groups = told != 0 ? told : declared_groups(tensor);
  if (told == 0 && !bias_of(tensor) && tensor.shape.size() > 1 && tensor.shape[1] == 1 && tensor.shape[0] > 1)
    layout.problem =
        fmt::format("its groups may be 1 or {}: say {},groups=N", tensor.shape[0], layers::short_name(layout.layer));
}

std::optional<Layout> Layouts::by_architecture(const Tensor& tensor) const {
  const auto [path, parameter] = split_key(tensor.name);
  const auto layer_at = [&](std::string_view key) {
    return layers::architecture_layer(config_.model_type, config_.architecture, key, tensor.shape);
  };
  if (tensor.shape.size() > 2 && layer_at(tensor.name) == bare) {
    Layout layout;
    layout.evidence = Evidence::architecture;
    layout.layer = bare;
    return layout;
  }
  std::string_view layer = layer_at(path);
  const bool depthwise = layer.ends_with(",depthwise");
  const auto* row = layers::find(layer.substr(0, layer.find(',')));
  if (!row) return std::nullopt;
  Layout layout = from_row(tensor, parameter, *row, Evidence::architecture);
  if (!layout.problem.empty()) return std::nullopt;  // another layer at the same place in other models
  const Tensor* bias = parameter == "weight" ? bias_of(tensor) : nullptr;
  if (layout.slot.parameter && layout.slot.parameter->grouped)
    take_groups(tensor, depthwise ? tensor.shape[0] : 0, layout);
  // A configuration that builds other layers than the usual one.
  if (bias && row->op.starts_with("conv") &&
      !(row->op.starts_with("conv_t") ? transposes(tensor, *bias) : convolves(tensor, *bias)))
    layout.problem =
        fmt::format("{} by config.json, but its bias has {} elements", layers::short_name(row->torch), bias->shape[0]);
  return layout;
}

std::optional<Layout> Layouts::by_names(const Tensor& tensor) const {
  const auto [path, parameter] = split_key(tensor.name);
  const auto sibling = [&, prefix = path](std::string_view name) {
    return named(prefix.empty() ? std::string(name) : fmt::format("{}.{}", prefix, name));
  };
  const auto name = class_of_names(parameter, sibling);
  if (name.empty()) return std::nullopt;
  Layout layout = from_row(tensor, parameter, *layers::find(name), Evidence::shape);
  return layout.slot.parameter ? std::optional(std::move(layout)) : std::nullopt;
}

// Where one matrix of a file has its inputs first, a square one may have them so.
void Layouts::doubt_matrix(const Tensor& tensor, Layout& layout) const {
  const Tensor* bias = split_key(tensor.name).second == "weight" ? bias_of(tensor) : nullptr;
  if (!bias || tensor.shape.size() != 2) return;
  const bool turned = inputs_first(tensor, *bias);
  if (!turned && (tensor.shape[0] != tensor.shape[1] || bias->shape[0] != tensor.shape[0])) return;
  layout.ambiguous = true;
  layout.problem = turned ? "layout unknown: its bias is no nn.Linear's, but Conv1D's (transformers) or a Parameter's"
                          : fmt::format("layout unknown: Linear, or Conv1D as '{}' may be", printable(turned_));
}

// Of the layers with a bias of rank 1, convolutions and nn.Bilinear have one element for each row of the weight,
// transposed convolutions groups times axis 1.
std::optional<Layout> Layouts::by_shape(const Tensor& tensor) const {
  constexpr std::string_view transposed[] = {"ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"};
  constexpr std::string_view plain[] = {"Conv1d", "Conv2d", "Conv3d"};
  const auto parameter = split_key(tensor.name).second;
  const std::size_t rank = tensor.shape.size();
  const Tensor* bias = parameter == "weight" && rank >= 3 && rank <= 5 ? bias_of(tensor) : nullptr;
  if (!bias) return std::nullopt;
  const bool straight = convolves(tensor, *bias), turned = transposes(tensor, *bias);
  if (straight == turned || (straight && rank == 3)) return std::nullopt;
  Layout layout =
      from_row(tensor, parameter, *layers::find((straight ? plain : transposed)[rank - 3]), Evidence::shape);
  if (turned) layout.groups = declared_groups(tensor);
  return layout;
}

std::vector<std::string> Layouts::unmatched() const {
  std::vector<std::string> texts;
  for (const Pattern& pattern : patterns_)
    if (!pattern.matched) texts.push_back(pattern.text);
  return texts;
}

}  // namespace torch2mlx::weights
