#include "read/pickle_opcodes.h"

#include <fmt/format.h>

#include <unordered_map>

#include "read/pickle_text.h"

namespace torch2mlx {
namespace {

constexpr std::size_t max_opcodes = std::size_t{1} << 24;

// What follows a code: a number of so many bytes, a text behind a count of so many, or lines.
enum class Form { none, one, two, four, eight, text_of_one, text_of_four, text_of_eight, line, lines };

constexpr Form form_of(char code) {
  switch (code) {
    case 'K':
    case 'h':
    case 'q':
    case '\x80':
      return Form::one;
    case 'M':
      return Form::two;
    case 'J':
    case 'j':
    case 'r':
      return Form::four;
    case 'G':
    case '\x95':
      return Form::eight;
    case 'C':
    case 'U':
    case '\x8a':
    case '\x8c':
      return Form::text_of_one;
    case 'B':
    case 'T':
    case 'X':
    case '\x8b':
      return Form::text_of_four;
    case '\x8d':
    case '\x8e':
    case '\x96':
      return Form::text_of_eight;
    case 'F':
    case 'I':
    case 'L':
    case 'P':
    case 'S':
    case 'V':
    case 'g':
    case 'p':
      return Form::line;
    case 'c':
      return Form::lines;
    default:
      return Form::none;
  }
}

}  // namespace

std::string PickleOpcodes::here() const { return fmt::format("{}, byte {}", place_, opcode_at_); }

template <class T>
T PickleOpcodes::take() {
  if (!lies_within(at_, sizeof(T), bytes_.size())) fail("the pickle is truncated");
  const T result = load_little<T>(bytes_, at_);
  at_ += sizeof(T);
  return result;
}

std::string_view PickleOpcodes::take_bytes(std::uint64_t count) {
  if (!lies_within(at_, count, bytes_.size()))
    fail(fmt::format("{} bytes announced, {} left", count, bytes_.size() - at_));
  const std::string_view result = as_text(bytes_.subspan(at_, static_cast<std::size_t>(count)));
  at_ += result.size();
  return result;
}

std::string_view PickleOpcodes::take_line() {
  const std::string_view rest = as_text(bytes_.subspan(at_));
  const std::size_t end = rest.find('\n');
  if (end == rest.npos) fail("the pickle is truncated");
  at_ += end + 1;
  return rest.substr(0, end);
}

PickleOpcode PickleOpcodes::next() {
  opcode_at_ = at_;
  if (count_++ == max_opcodes) fail(fmt::format("more than {} opcodes", max_opcodes));
  PickleOpcode opcode{.code = static_cast<char>(take<std::uint8_t>()), .at = opcode_at_, .text = {}, .second = {}};
  switch (form_of(opcode.code)) {
    case Form::none:
      break;
    case Form::one:
      opcode.number = take<std::uint8_t>();
      break;
    case Form::two:
      opcode.number = take<std::uint16_t>();
      break;
    case Form::four:
      opcode.number = take<std::uint32_t>();
      break;
    case Form::eight:
      opcode.number = take<std::uint64_t>();
      break;
    case Form::text_of_one:
      opcode.text = take_bytes(take<std::uint8_t>());
      break;
    case Form::text_of_four:
      opcode.text = take_bytes(take<std::uint32_t>());
      break;
    case Form::text_of_eight:
      opcode.text = take_bytes(take<std::uint64_t>());
      break;
    case Form::line:
      opcode.text = take_line();
      break;
    case Form::lines:
      opcode.text = take_line();
      opcode.second = take_line();
      break;
  }
  return opcode;
}

std::optional<std::unordered_set<std::int64_t>> memo_reads(Bytes bytes, const std::string& place, std::size_t start) {
  std::unordered_set<std::int64_t> read, filled;
  // Calls `each` with the place in the memo that an opcode of `codes` names; false: not in this pickle.
  const auto walk = [&](std::string_view line, std::string_view numbers, const auto& each) {
    PickleOpcodes opcodes(bytes, place, start);
    for (PickleOpcode opcode; (opcode = opcodes.next()).code != '.';) {
      if (opcode.code == '\x94' || opcode.code == '\x95') return false;
      const auto index = line.find(opcode.code) != line.npos         ? pickle_integer(opcode.text)
                         : numbers.find(opcode.code) != numbers.npos ? std::optional<std::int64_t>(opcode.number)
                                                                     : std::nullopt;
      if (index && !each(*index)) return false;
    }
    return true;
  };
  try {
    if (walk("g", "hj", [&](std::int64_t index) { return read.insert(index), true; }) &&
        walk("p", "qr", [&](std::int64_t index) { return !read.contains(index) || filled.insert(index).second; }))
      return read;
  } catch (const Error&) {
    return std::nullopt;  // the same is met again when the pickle is read
  }
  return std::nullopt;
}

}  // namespace torch2mlx
