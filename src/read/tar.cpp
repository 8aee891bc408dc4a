#include "read/tar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_set>

namespace torch2mlx {
namespace {

constexpr std::size_t block = 512;

struct Field {
  std::size_t at, size;
};
constexpr Field name_field{0, 100}, size_field{124, 12}, sum_field{148, 8}, type_field{156, 1}, magic_field{257, 6},
    prefix_field{345, 155};

// Extended records that say nothing about the data.
constexpr std::array harmless =
    std::to_array<std::string_view>({"atime", "comment", "ctime", "gid", "gname", "mtime", "uid", "uname"});

Bytes bytes_of(Bytes header, Field field) { return header.subspan(field.at, field.size); }

std::string_view text_of(Bytes header, Field field) {
  const std::string_view text = as_text(bytes_of(header, field));
  return text.substr(0, text.find('\0'));
}

template <int Base>
std::optional<std::uint64_t> parse(std::string_view digits) {
  std::uint64_t value = 0;
  const char* first = digits.data();
  const char* last = first + digits.size();
  const auto result = std::from_chars(first, last, value, Base);
  return result.ec == std::errc() && result.ptr == last ? std::optional(value) : std::nullopt;
}

// Octal digits between spaces, or base 256 behind the byte 0x80.
std::optional<std::uint64_t> number_of(Bytes header, Field field) {
  const Bytes raw = bytes_of(header, field);
  if (raw[0] == std::byte{0x80}) {
    std::uint64_t value = 0;
    for (const std::byte byte : raw.subspan(1)) {
      if (value >> 56 != 0) return std::nullopt;
      value = value << 8 | std::to_integer<std::uint64_t>(byte);
    }
    return value;
  }
  std::string_view digits = text_of(header, field);
  while (digits.starts_with(' ')) digits.remove_prefix(1);
  while (digits.ends_with(' ')) digits.remove_suffix(1);
  return parse<8>(digits);
}

std::uint64_t checksum(Bytes header) {
  std::uint64_t sum = sum_field.size * ' ';  // its own bytes count as spaces
  for (std::size_t i = 0; i < block; ++i)
    if (i < sum_field.at || i >= sum_field.at + sum_field.size) sum += std::to_integer<std::uint64_t>(header[i]);
  return sum;
}

bool is_zero(Bytes bytes) {
  return std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
}

std::string_view kind_of(char type) {
  switch (type) {
    case '1':
      return "a hard link";
    case '2':
      return "a symbolic link";
    case '3':
    case '4':
    case '6':
      return "a device";
    case '5':
      return "a folder";
    default:
      return "of an unknown kind";
  }
}

class TarReader {
 public:
  TarReader(Bytes bytes, bool folders) : bytes_(bytes), folders_(folders) {}

  std::vector<TarMember> run() {
    for (;;) {
      if (!lies_within(at_, block, bytes_.size())) fail("the end of the archive is missing");
      const Bytes header = bytes_.subspan(at_, block);
      if (is_zero(header)) break;
      read_member(header);
    }
    if (extended_) fail("an extended header without a member");
    if (bytes_.size() - at_ < 2 * block || !is_zero(bytes_.subspan(at_))) fail("the end of the archive is damaged");
    return std::move(members_);
  }

 private:
  [[noreturn]] void fail(std::string message) const {
    refuse(fmt::format("tar header, byte {}", at_), std::move(message));
  }

  void read_member(Bytes header) {
    const std::string_view magic = as_text(bytes_of(header, magic_field));
    if (magic != std::string_view("ustar\0", 6) && magic != "ustar ") fail("not a tar header");
    if (number_of(header, sum_field) != checksum(header)) fail("the checksum differs");
    const std::string_view name = text_of(header, name_field);
    const auto stated = number_of(header, size_field);
    if (!stated) fail("the size is no number");
    const char type = as_text(bytes_of(header, type_field))[0];
    if (type == 'x') {
      if (extended_) fail("two extended headers for one member");
      extended_ = true;
      return read_extended(data(name, *stated));
    }
    if (type == '5' && folders_ && *stated == 0) {
      extended_ = false;
      extended_size_.reset();
      return void(data(name, 0));
    }
    if (type != '0' && type != '\0')
      fail(fmt::format("member '{}' is {}, not a regular file", printable(name), kind_of(type)));
    if (name.empty() || bytes_of(header, prefix_field)[0] != std::byte{0}) fail("a name that is empty or too long");
    if (extended_size_ && *stated != 0 && *stated != *extended_size_) fail("two sizes that differ");
    if (!names_.insert(name).second) fail(fmt::format("member '{}' occurs twice", printable(name)));
    members_.push_back(data(name, extended_size_.value_or(*stated)));
    extended_ = false;
    extended_size_.reset();
  }

  // Moves behind the data and the zeros that fill its last block.
  TarMember data(std::string_view name, std::uint64_t size) {
    const TarMember member{name, at_ + block, size};
    const std::uint64_t filled = (block - size % block) % block;
    const bool inside =
        lies_within(member.offset, size, bytes_.size()) && lies_within(member.offset + size, filled, bytes_.size());
    if (!inside)
      fail(fmt::format("{} bytes of '{}' announced, {} left", size, printable(name), bytes_.size() - member.offset));
    if (!is_zero(bytes_.subspan(member.offset + size, filled)))
      fail(fmt::format("bytes follow the data of '{}'", printable(name)));
    at_ = member.offset + size + filled;
    return member;
  }

  // Records "LENGTH key=value\n"; the length counts the whole record.
  void read_extended(const TarMember& member) {
    std::string_view rest = as_text(bytes_.subspan(member.offset, member.size));
    while (!rest.empty()) {
      const std::size_t space = std::min(rest.find(' '), rest.size());
      const auto length = parse<10>(rest.substr(0, space));
      if (!length || *length > rest.size() || *length <= space + 1 || rest[*length - 1] != '\n')
        fail("a malformed extended header");
      const std::string_view record = rest.substr(space + 1, *length - space - 2);
      rest.remove_prefix(*length);
      const std::size_t equals = std::min(record.find('='), record.size());
      const std::string_view key = record.substr(0, equals);
      if (std::ranges::find(harmless, key) != harmless.end()) continue;
      if (key != "size") fail(fmt::format("extended header '{}' is not read", printable(key)));
      extended_size_ = parse<10>(record.substr(std::min(equals + 1, record.size())));
      if (!extended_size_) fail("the size is no number");
    }
  }

  Bytes bytes_;
  bool folders_;
  std::uint64_t at_ = 0;
  std::vector<TarMember> members_;
  std::unordered_set<std::string_view> names_;
  bool extended_ = false;  // for the member that follows
  std::optional<std::uint64_t> extended_size_;
};

}  // namespace

std::vector<TarMember> read_tar(Bytes bytes, bool folders) { return TarReader(bytes, folders).run(); }

bool looks_like_tar(Bytes bytes) {
  return bytes.size() >= block && as_text(bytes_of(bytes, magic_field)).starts_with("ustar");
}

}  // namespace torch2mlx
