#include "read/nemo.h"

#include <fmt/format.h>

#include <string_view>

#include "read/bytes.h"
#include "read/tar.h"

namespace torch2mlx {
namespace {

constexpr std::string_view weights_name = "model_weights.ckpt", weights_folder = "model_weights/";

std::string_view without_dot(std::string_view name) { return name.starts_with("./") ? name.substr(2) : name; }

}  // namespace

bool looks_like_nemo(const MappedFile& file) {
  if (file.path().extension() == ".nemo") return true;
  const std::string_view first = as_text(file.bytes().first(100));
  const std::string_view name = first.substr(0, first.find('\0'));
  return name == "." || name.starts_with("./") || name == weights_name || name == "model_config.yaml";
}

std::shared_ptr<const MappedFile> nemo_weights(const std::shared_ptr<const MappedFile>& file) {
  std::shared_ptr<const MappedFile> found;
  for (const TarMember& member : read_tar(file->bytes(), true)) {
    const std::string_view name = without_dot(member.name);
    if (name.starts_with(weights_folder))
      throw Error(ErrorKind::unsupported, fmt::format("tar member '{}'", printable(member.name)),
                  "weights that are spread over a folder",
                  "unpack the archive (tar -xf) and give the folder model_weights in it");
    if (name != weights_name) continue;
    if (found) refuse(fmt::format("tar member '{}'", printable(member.name)), "occurs twice");
    found = MappedFile::part(file, member.offset, member.size);
  }
  if (!found) refuse({}, fmt::format("a NeMo archive without {}", weights_name));
  return found;
}

}  // namespace torch2mlx
