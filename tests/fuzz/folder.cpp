// The same text as the config and as the index of a Hugging Face folder whose one shard is sound.
#include "fuzz.h"
#include "read/hf_folder.h"
#include "torch2mlx/convert.h"

using namespace torch2mlx;

namespace {

constexpr std::string_view header =
    R"({"a.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}})";

void write_shard(const std::filesystem::path& path) {
  std::string file(8, '\0');
  file[0] = static_cast<char>(header.size());
  file += header;
  file += std::string(12, 'x');
  fuzz::write(path, std::as_bytes(std::span(file)));
}

}  // namespace

FUZZ(bytes) {
  const auto indexed = fuzz::folder() / "indexed", plain = fuzz::folder() / "plain";
  if (!std::filesystem::exists(indexed)) {
    std::filesystem::create_directory(indexed);
    std::filesystem::create_directory(plain);
    write_shard(indexed / "model-00001-of-00001.safetensors");
    write_shard(plain / "model.safetensors");
  }
  fuzz::write(indexed / "model.safetensors.index.json", bytes);
  fuzz::attempt([&] { fuzz::read_elements(open_checkpoint(indexed).tensors); });
  fuzz::write(plain / "config.json", bytes);
  return fuzz::attempt([&] {
    const Checkpoint checkpoint = open_checkpoint(plain);
    analyze(checkpoint);
    fuzz::read_elements(checkpoint.tensors);
  });
}
