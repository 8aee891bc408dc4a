#include "read/nemo.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "read/bytes.h"
#include "read/tar.h"

namespace torch2mlx {
namespace {

constexpr std::string_view weights_name = "model_weights.ckpt", weights_folder = "model_weights/";

std::string_view without_dot(std::string_view name) { return name.starts_with("./") ? name.substr(2) : name; }

// The name in the first header that is no extended one, which Python's tarfile writes before each.
std::string first_member(Bytes bytes) {
  constexpr std::size_t block = 512, size_at = 124, type_at = 156;
  std::size_t at = 0;
  while (lies_within(at, block, bytes.size())) {
    const std::string_view header = as_text(bytes.subspan(at, block));
    if (header[type_at] != 'x' && header[type_at] != 'g') return std::string(header.substr(0, header.find('\0')));
    std::size_t size = 0;
    for (const char digit : header.substr(size_at, 11))
      if (digit >= '0' && digit <= '7') size = 8 * size + static_cast<std::size_t>(digit - '0');
    at += block + (size + block - 1) / block * block;
  }
  return {};
}

}  // namespace

bool looks_like_nemo(const MappedFile& file) {
  if (file.path().extension() == ".nemo") return true;
  const std::string name = first_member(file.bytes());
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
