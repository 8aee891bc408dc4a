#include "weights/mlx_lm.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "weights/patterns.h"

namespace torch2mlx::weights {
namespace {

constexpr std::array<std::string_view, 2> gpt2_masks{"attn.bias", "attn.masked_bias"};

constexpr MlxLmRow rows[] = {
    // Its sanitize turns matrices of keys "h.0...", which quantized ones would not survive, and takes "model.h.0..." as
    // is.
    {"gpt2", "transformer.", "model.", gpt2_masks},
};

constexpr std::string_view stacked_types[] = {"ernie4_5_moe", "qwen3_moe"};
constexpr std::string_view plain_types[] = {"falcon_h1", "lfm2_moe", "qwen3_next"};

// Models of mlx_lm that have no output layer of their own: transformers ties it by default there.
constexpr std::string_view tied_types[] = {"cohere",  "cohere2",      "gemma", "gemma2", "gemma3",  "gemma3_text",
                                           "gemma3n", "gemma3n_text", "gpt2",  "lfm2",   "lfm2_moe"};

struct BitsRow {
  std::string_view model_types, pattern;  // model types behind each other; pattern of module paths
  int bits;
};

// mlx_lm/models/*.py: quant_predicate. What routes tokens, and what low bits would spoil.
constexpr BitsRow bits_rows[] = {
    {" Klear kimi_k3 kimi_linear mellum qwen3_5_moe qwen3_moe qwen3_next qwen3_vl_moe ", "mlp.gate", 8},
    {" qwen3_5_moe qwen3_next ", "shared_expert_gate", 8},
    {" bailing_hybrid bailing_moe bailing_moe_linear ", "mlp.gate.gate_proj", 8},
    {" afmoe ", "router.gate", 8},
    {" gemma4 gemma4_text ", "router.proj", 8},
    {" gpt_oss jamba ", "router", 8},
    {" granite granitemoe ", "self_attn.o_proj", 8},
    {" granite granitemoe ", "mlp.down_proj", 8},
    {" granite granitemoe ", "lm_head", 8},
    {" granitemoe granitemoehybrid ", "router.layer", 8},
    {" laguna ", "mlp.gate.proj", 8},
    {" lfm2_moe ", "feed_forward.gate", 8},
    {" longcat_flash longcat_flash_ngram ", "classifier", 8},
    {" minimax minimax_m2 minimax_m3_vl ", "block_sparse_moe.gate", 8},
    {" rwkv7 ", "lora.2", 8},
    {" rwkv7 ", "embeddings", 8},
    {" step3p5 ", "mlp.gate.gate", 8},
    {" bailing_hybrid ", "attention.embed_q", 0},
    {" bailing_hybrid ", "attention.unembed_out", 0},
    {" kimi_k3 ", "res_proj", 0},
    {" spark2_5 ", "self_attn.g_proj", 0},
};

struct TypeRow {
  std::string_view model_types, pattern;
};

// mlx_lm/models/*.py: cast_predicate. Small terms that add up or decide.
constexpr TypeRow type_rows[] = {
    {" deepseek_v3 deepseek_v32 exaone_moe glm4_moe glm4_moe_lite kimi_k2 kimi_k25 kimi_k3 kimi_linear kimi_vl laguna "
     "longcat_flash longcat_flash_ngram mimo_v2_flash minimax minimax_m2 minimax_m3_vl nemotron_h ",
     "e_score_correction_bias"},
    {" Klear afmoe bailing_hybrid bailing_moe bailing_moe_linear lfm2_moe ", "expert_bias"},
    {" kimi_k3 kimi_linear nemotron_h qwen3_5 qwen3_5_moe ", "A_log"},
    {" kimi_k3 kimi_linear ", "dt_bias"},
    {" step3p5 ", "router_bias"},
};

// The first row of a model type whose pattern fits.
template <class Row, std::size_t N>
const Row* find(const Row (&table)[N], std::string_view model_type, std::string_view path) {
  const std::string name = " " + std::string(model_type) + " ";
  const Row* row = std::ranges::find_if(table, [&](const Row& r) {
    return r.model_types.find(name) != r.model_types.npos && matches(std::string(r.pattern), path);
  });
  return row == std::end(table) ? nullptr : row;
}

}  // namespace

// "mlp.experts.3.up_proj.weight" -> "mlp.switch_mlp.up_proj.weight", 3
std::optional<Share> mlx_lm_stack(std::string_view model_type, std::string_view key) {
  constexpr std::string_view experts = ".experts.";
  const auto at = key.find(experts);
  if (std::ranges::find(stacked_types, model_type) == std::end(stacked_types) || at == key.npos) return std::nullopt;
  const std::string_view behind = key.substr(at + experts.size());
  int number = 0;
  const auto [end, error] = std::from_chars(behind.data(), behind.data() + behind.size(), number);
  const std::string_view rest = behind.substr(static_cast<std::size_t>(end - behind.data()));
  if (error != std::errc{} || number < 0 || !rest.starts_with('.') || !rest.ends_with(".weight")) return std::nullopt;
  return Share{.name = std::string(key.substr(0, at)).append(".switch_mlp").append(rest), .at = number};
}

bool mlx_lm_wants_plain(std::string_view model_type) {
  return std::ranges::find(plain_types, model_type) != std::end(plain_types);
}

std::optional<int> mlx_lm_bits(std::string_view model_type, std::string_view path) {
  const BitsRow* row = find(bits_rows, model_type, path);
  return row ? std::optional(row->bits) : std::nullopt;
}

bool mlx_lm_keeps_type(std::string_view model_type, std::string_view key) { return find(type_rows, model_type, key); }

bool mlx_lm_ties(const ModelConfig& config, std::string_view key) {
  if (key != "lm_head.weight" && !key.ends_with(".lm_head.weight")) return false;
  return config.tied || std::ranges::find(tied_types, config.model_type) != std::end(tied_types);
}

const MlxLmRow* mlx_lm_row(std::string_view model_type) {
  const auto* row = std::ranges::find(rows, model_type, &MlxLmRow::model_type);
  return row == std::end(rows) ? nullptr : row;
}

std::string mlx_lm_name(const MlxLmRow& row, std::string_view key) {
  if (key.starts_with(row.prefix)) return std::string(key);
  if (key.starts_with(row.torch_prefix)) key.remove_prefix(row.torch_prefix.size());
  return std::string(row.prefix).append(key);
}

}  // namespace torch2mlx::weights
