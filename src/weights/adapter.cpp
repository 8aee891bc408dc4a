#include "weights/adapter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "read/json.h"
#include "weights/low_rank.h"
#include "weights/patterns.h"

namespace torch2mlx {
namespace {

enum class Role { a, b, embedding_a, embedding_b, alpha, refused };

// What a key is, by a part of it behind the module's path.
struct Mark {
  std::string_view text;
  Role role;
  const char* kind;
};

constexpr const char *peft = "PEFT LoRA", *kohya = "kohya LoRA", *diffusers = "diffusers LoRA";

constexpr Mark marks[] = {
    {".lora_A.", Role::a, peft},
    {".lora_B.", Role::b, peft},
    {".lora_embedding_A", Role::embedding_a, peft},
    {".lora_embedding_B", Role::embedding_b, peft},
    {".lora_down.", Role::a, kohya},
    {".lora_up.", Role::b, kohya},
    {".lora.down.", Role::a, diffusers},
    {".lora.up.", Role::b, diffusers},
    {"_lora.down.", Role::refused, "LoRA of attention processors (diffusers before 0.22)"},
    {"_lora.up.", Role::refused, "LoRA of attention processors (diffusers before 0.22)"},
    {".lora_magnitude_vector", Role::refused, "DoRA"},
    {".dora_scale", Role::refused, "DoRA"},
    {".lora_mid.", Role::refused, "LoRA with Tucker decomposition"},
    {".hada_w1", Role::refused, "LoHa"},
    {".hada_w2", Role::refused, "LoHa"},
    {".hada_t", Role::refused, "LoHa"},
    {".lokr_w", Role::refused, "LoKr"},
    {".lokr_t", Role::refused, "LoKr"},
    {".oft_", Role::refused, "OFT"},
    {".boft_", Role::refused, "BOFT"},
    {".ia3_l", Role::refused, "IA3"},
    {".vera_lambda", Role::refused, "VeRA"},
    {".randlora_", Role::refused, "RandLoRA"},
    {".adalora_", Role::refused, "AdaLoRA"},
    {".lora_E", Role::refused, "AdaLoRA"},
    {".ranknum", Role::refused, "AdaLoRA"},
    {".fourierft_", Role::refused, "FourierFT"},
    {".xlora_", Role::refused, "X-LoRA"},
    {".glora_", Role::refused, "GLoRA"},
};

// What every text above has one of: files may have a million keys that have none.
constexpr std::string_view stems[] = {"lora",  "hada_", "lokr_",   "oft_",   "ia3_l",
                                      "vera_", "dora_", "ranknum", "fourier"};

// Whole keys, where nothing stands before.
constexpr std::string_view prompts[] = {"prompt_embeddings", "base_model.model.prompt_encoder.embedding.weight"};

struct Key {
  std::string path, rest;  // "layers.0.q_proj", "weight" or "default.weight"
  const Mark* mark = nullptr;
};

std::string without(std::string text, std::string_view prefix) {
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

std::optional<Key> key_of(std::string_view name) {
  if (std::ranges::none_of(stems, [&](std::string_view stem) { return name.find(stem) != name.npos; })) return {};
  for (const Mark& mark : marks) {
    const auto at = name.rfind(mark.text);
    if (at == name.npos) continue;
    return Key{without(std::string(name.substr(0, at)), "base_model.model."),
               without(std::string(name.substr(at + mark.text.size())), "."), &mark};
  }
  return std::nullopt;
}

bool is_mlx_key(std::string_view name) { return name.ends_with(".lora_a") || name.ends_with(".lora_b"); }

bool is_prompt(std::string_view name) { return std::ranges::find(prompts, name) != std::end(prompts); }

bool is_alpha(std::string_view name) { return name.ends_with(".alpha"); }

// Settings of PEFT that say nothing about the numbers, or are looked at by themselves.
constexpr std::string_view neutral[] = {"alpha_pattern",
                                        "auto_mapping",
                                        "base_model_name_or_path",
                                        "bias",
                                        "corda_config",
                                        "ensure_weight_tying",
                                        "eva_config",
                                        "exclude_modules",
                                        "fan_in_fan_out",
                                        "inference_mode",
                                        "init_lora_weights",
                                        "layers_pattern",
                                        "layers_to_transform",
                                        "loftq_config",
                                        "lora_alpha",
                                        "lora_dropout",
                                        "megatron_core",
                                        "modules_to_save",
                                        "peft_type",
                                        "peft_version",
                                        "qalora_group_size",
                                        "r",
                                        "rank_pattern",
                                        "revision",
                                        "runtime_config",
                                        "target_modules",
                                        "task_type",
                                        "use_rslora"};

// Starts that change the base's weights, so that the adapter fits another base than the published one.
constexpr std::string_view changed_starts[] = {"corda", "loftq", "lora_ga", "olora", "pissa"};

bool says_something(const Json& value) {
  if (value.is_null()) return false;
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  return !value.empty() && !(value.is_string() && value.get_ref<const std::string&>().empty());
}

class Settings {
 public:
  Settings(const std::string& text, std::vector<std::string>& problems) : problems_(problems) {
    if (text.empty()) return;
    json_ = parse_python_json(text, "adapter_config.json");
    if (!json_.is_object()) throw Error(ErrorKind::input, "adapter_config.json", "is no object");
    check();
  }

  bool known() const { return json_.is_object(); }
  bool flag(std::string_view name) const {
    const Json* value = member(json_, name);
    return value && value->is_boolean() && value->get<bool>();
  }
  std::string text(std::string_view name) const {
    const Json* value = member(json_, name);
    return value && value->is_string() ? value->get<std::string>() : std::string();
  }

  // alpha / rank of a module.
  double scale(const std::string& path, std::int64_t rank) const {
    const auto own_rank = pattern("rank_pattern", path), own_alpha = pattern("alpha_pattern", path);
    const auto stated = own_rank ? own_rank : number("r"), alpha = own_alpha ? own_alpha : number("lora_alpha");
    if (!stated || !alpha || *stated < 1) {
      problems_.push_back("adapter_config.json: no r and lora_alpha, which tell the scale");
      return 1;
    }
    if (*stated != static_cast<double>(rank))
      problems_.push_back(
          fmt::format("{}: its rank is {}, adapter_config.json says {}", printable(path), rank, *stated));
    return *alpha / (flag("use_rslora") ? std::sqrt(*stated) : *stated);
  }

 private:
  void check() {
    if (const std::string type = text("peft_type"); type != "LORA")
      problems_.push_back(fmt::format("adapter_config.json: peft_type is '{}', LORA is read", printable(type)));
    const std::string start = text("init_lora_weights");
    for (const std::string_view name : changed_starts)
      if (start.starts_with(name))
        problems_.push_back(fmt::format(
            "adapter_config.json: init_lora_weights is '{}': it changed the weights of the base that it fits",
            printable(start)));
    for (const auto& [name, value] : json_.items())
      if (std::ranges::find(neutral, name) == std::end(neutral) && says_something(value))
        problems_.push_back(fmt::format("adapter_config.json: '{}' is not understood", printable(name)));
    for (const char* table : {"rank_pattern", "alpha_pattern"})
      if (const Json* map = member(json_, table); map && map->is_object())
        for (const auto& [name, value] : map->items())
          if (without(name, "^").find_first_of("^$*+?[](){}|\\") != std::string::npos || !value.is_number())
            problems_.push_back(
                fmt::format("adapter_config.json: {} '{}' is no name and number", table, printable(name)));
  }

  std::optional<double> number(std::string_view name) const {
    const Json* value = member(json_, name);
    return value && value->is_number() ? std::optional(value->get<double>()) : std::nullopt;
  }

  // The first entry that names the module or the end of its path, as PEFT looks for it.
  std::optional<double> pattern(std::string_view table, const std::string& path) const {
    const Json* map = member(json_, table);
    if (!map || !map->is_object()) return std::nullopt;
    for (const auto& [name, value] : map->items()) {
      const bool whole = name.starts_with('^');
      const std::string end = without(name, "^");
      if (value.is_number() && (path == end || (!whole && path.ends_with("." + end)))) return value.get<double>();
    }
    return std::nullopt;
  }

  Json json_;
  std::vector<std::string>& problems_;
};

double number_of(const Tensor& tensor) {
  double value = 0;
  weights::read_numbers(tensor, 1, &value);
  return value;
}

class Reader {
 public:
  Reader(const Checkpoint& checkpoint, const std::vector<std::string>& skip)
      : checkpoint_(checkpoint), skip_(skip), settings_(checkpoint.config.adapter, problems_) {}

  Adapter run() {
    for (const Tensor& tensor : checkpoint_.tensors) take(tensor);
    require_one_name();
    for (auto& [path, pair] : halves_) finish(path, pair);
    if (adapter_.pairs.empty() && problems_.empty()) problems_.push_back("no matrices of LoRA");
    adapter_.kind = kind_;
    adapter_.base = settings_.text("base_model_name_or_path");
    adapter_.inputs_first = settings_.flag("fan_in_fan_out");
    if (!problems_.empty()) fail();
    return std::move(adapter_);
  }

 private:
  struct Halves {
    const Tensor *a = nullptr, *b = nullptr, *alpha = nullptr;
    bool embedding = false;
  };

  [[noreturn]] void fail() const {
    std::vector<std::string> all;
    for (const std::string& problem : problems_)
      if (std::ranges::find(all, problem) == all.end()) all.push_back(problem);
    throw Error(ErrorKind::unsupported, printable(checkpoint_.path.filename().string()),
                all.size() == 1 ? fmt::format("an adapter that is not read: {}", all[0])
                                : fmt::format("an adapter that is not read, for {} reasons", all.size()),
                "merge it where it was trained (PEFT: model.merge_and_unload()) and convert the merged model",
                all.size() == 1 ? std::vector<std::string>{} : all);
  }

  bool skipped(const std::string& path) const {
    return std::ranges::any_of(skip_, [&](const std::string& pattern) { return weights::matches(pattern, path); });
  }

  void take(const Tensor& tensor) {
    const std::string name(tensor.name);
    const auto key = key_of(name);
    if (skipped(name) || (key && skipped(key->path))) return;
    if (is_mlx_key(name) || is_prompt(name)) {
      problems_.push_back(is_prompt(name) ? "prompt tuning" : "an adapter of mlx-lm already");
    } else if (!key) {
      is_alpha(name) ? void(halves_[name.substr(0, name.size() - 6)].alpha = &tensor) : replace(tensor);
    } else if (key->mark->role == Role::refused) {
      problems_.push_back(fmt::format("{} ('{}')", key->mark->kind, printable(name)));
    } else {
      half(*key, tensor);
    }
  }

  void half(const Key& key, const Tensor& tensor) {
    kind_ = key.mark->kind;
    Halves& halves = halves_[key.path];
    const Role role = key.mark->role;
    const bool first = role == Role::a || role == Role::embedding_a;
    halves.embedding = role == Role::embedding_a || role == Role::embedding_b;
    std::string adapter = key.rest;  // "weight", "default.weight"; of embeddings "" and "default"
    if (!halves.embedding) {
      if (!adapter.ends_with("weight"))
        return problems_.push_back(fmt::format("'{}' is no matrix of LoRA", printable(tensor.name)));
      adapter.erase(adapter.size() - 6);
    }
    names_.insert(adapter);
    const Tensor*& place = first ? halves.a : halves.b;
    if (place && names_.size() < 2)
      problems_.push_back(fmt::format("{}: two matrices '{}'", printable(key.path), key.mark->text));
    place = &tensor;
  }

  void require_one_name() {
    if (names_.size() > 1)
      problems_.push_back(fmt::format("{} adapters in one file ({})", names_.size(), fmt::join(names_, ", ")));
  }

  // Weights that were trained as a whole: modules_to_save, biases.
  void replace(const Tensor& tensor) {
    std::string name = without(std::string(tensor.name), "base_model.model.");
    if (name.ends_with(".base_layer.weight"))
      return problems_.push_back("a model and its adapter in one file, not merged");
    if (const auto at = name.find(".original_module."); at != name.npos) return;
    if (const auto at = name.find(".base_layer."); at != name.npos) name.erase(at, 11);
    if (const auto at = name.find(".modules_to_save."); at != name.npos) {
      const auto end = name.find('.', at + 17);  // behind the adapter's name, where there is one
      name.erase(at, end != name.npos && name.find('.', end + 1) == name.npos ? end - at : 16);
    }
    Tensor own = tensor;
    own.name = name;
    adapter_.replaced.push_back(std::move(own));
  }

  void finish(const std::string& path, const Halves& halves) {
    if (!halves.a && !halves.b) return problems_.push_back(fmt::format("{}: alpha without matrices", printable(path)));
    if (!halves.a || !halves.b)
      return problems_.push_back(
          fmt::format("{}: without its {} matrix", printable(path), halves.a ? "second" : "first"));
    const Tensor &a = *halves.a, &b = *halves.b;
    const auto describe = [](const Tensor& t) { return fmt::format("[{}]", fmt::join(t.shape, ", ")); };
    if (a.shape.size() < 2 || b.shape.size() < 2 || a.shape[0] != b.shape[1] || a.elements() == 0 ||
        b.elements() != b.shape[0] * b.shape[1] || !is_floating(a.dtype) || !is_floating(b.dtype) ||
        size_of(a.dtype) < 2 || size_of(b.dtype) < 2)
      return problems_.push_back(
          fmt::format("{}: {} and {} do not make a matrix", printable(path), describe(a), describe(b)));
    AdapterPair pair{path, a, b, 1, halves.embedding};
    const std::int64_t rank = a.shape[0];
    if (halves.alpha && (halves.alpha->elements() != 1 || !is_floating(halves.alpha->dtype)))
      return problems_.push_back(fmt::format("{}: alpha is no number", printable(path)));
    if (halves.alpha)
      pair.scale = number_of(*halves.alpha) / static_cast<double>(rank);
    else if (settings_.known())
      pair.scale = settings_.scale(path, rank);
    else if (kind_ == peft && peft_alone())
      problems_.push_back("adapter_config.json is missing, which tells the scale");
    if (!std::isfinite(pair.scale)) problems_.push_back(fmt::format("{}: its scale is not finite", printable(path)));
    adapter_.pairs.push_back(std::move(pair));
  }

  // Files of diffusers hold PEFT's names without its prefix; there alpha is the rank unless it is said otherwise.
  bool peft_alone() const {
    if (checkpoint_.metadata.contains("lora_adapter_metadata")) return true;
    return std::ranges::any_of(checkpoint_.tensors, [](const Tensor& t) { return t.name.starts_with("base_model."); });
  }

  const Checkpoint& checkpoint_;
  const std::vector<std::string>& skip_;
  std::vector<std::string> problems_;
  Settings settings_;
  Adapter adapter_;
  std::string kind_;
  std::map<std::string, Halves> halves_;
  std::set<std::string> names_;  // of adapters
};

}  // namespace

bool is_adapter(const Checkpoint& checkpoint) {
  if (!checkpoint.modules.empty()) return false;
  const auto is_key = [](const Tensor& tensor) {
    const std::string_view name = tensor.name;
    return is_prompt(name) || is_mlx_key(name) || key_of(name).has_value();
  };
  // A model whose own layers hold such matrices tells its type.
  if (!checkpoint.config.model_type.empty() && checkpoint.config.adapter.empty()) return false;
  if (std::ranges::none_of(checkpoint.tensors, is_key)) return false;
  return checkpoint.config.model_type.empty() || std::ranges::all_of(checkpoint.tensors, [&](const Tensor& tensor) {
           return is_key(tensor) || tensor.name.starts_with("base_model.");
         });
}

void require_model(const Checkpoint& checkpoint) {
  const std::string name = printable(checkpoint.path.filename().string());
  if (is_adapter(checkpoint))
    throw Error(ErrorKind::unsupported, name, "an adapter, not a model",
                "torch2mlx BASE OUT --adapter ADAPTER merges it into the model that it was trained on");
  if (!checkpoint.config.adapter.empty())
    throw Error(ErrorKind::input, name, "an adapter (adapter_config.json) lies beside the model",
                "--adapter with the same folder merges it; without it, move the adapter's files elsewhere");
}

Checkpoint open_adapter(const std::filesystem::path& path) {
  std::filesystem::path file = path;
  for (const char* name : {"adapter_model.bin", "adapter_model.safetensors"})
    if (std::filesystem::exists(path / name)) file = path / name;
  Checkpoint checkpoint = open_checkpoint(file);
  if (!is_adapter(checkpoint))
    throw Error(ErrorKind::input, fmt::format("--adapter {}", printable(path.string())), "is no adapter",
                "a folder of PEFT (adapter_config.json, adapter_model.safetensors) or a file of LoRA is read");
  return checkpoint;
}

Adapter read_adapter(const Checkpoint& checkpoint, const std::vector<std::string>& skip) {
  return Reader(checkpoint, skip).run();
}

}  // namespace torch2mlx
