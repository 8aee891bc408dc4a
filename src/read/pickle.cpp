#include "read/pickle.h"

#include <fmt/format.h>

#include <bit>
#include <set>
#include <unordered_map>

#include "read/bytes.h"
#include "read/pickle_names.h"
#include "read/pickle_text.h"

namespace torch2mlx {
namespace {

constexpr std::size_t max_opcodes = std::size_t{1} << 24, max_stack = std::size_t{1} << 20, max_digits = 4000;

}  // namespace

// One pass over the opcodes with the stack, the marks and the memo that they work on.
class PickleReader {
 public:
  PickleReader(Pickle& pickle, Bytes bytes, const std::string& place, std::size_t start)
      : pickle_(pickle), bytes_(bytes), place_(place), at_(start) {
    none_ = make(PickleKind::none);
    false_ = make(PickleKind::boolean);
    true_ = make(PickleKind::boolean);
    value(true_).integer = 1;
  }

  void run() {
    const std::size_t start = at_;
    for (std::size_t count = 0;; ++count) {
      opcode_at_ = at_;
      if (count == max_opcodes) fail(fmt::format("more than {} opcodes", max_opcodes));
      const char opcode = static_cast<char>(take<std::uint8_t>());
      if (opcode == '.') break;
      if (!scalar(opcode) && !text(opcode) && !container(opcode) && !stack(opcode) && !object(opcode))
        fail(fmt::format("opcode {} is not read", name_of(opcode)));
      check_frame();
    }
    if (frame_end_ != 0 && at_ != frame_end_) fail("the frame is longer than the pickle");
    pickle_.root_ = pop();
    if (!stack_.empty() || !marks_.empty()) fail("values are left on the stack");
    for (const PickleRef ref : getattrs_) refuse_getattr(ref);
    pickle_.size_ = at_ - start;
  }

 private:
  [[noreturn]] void fail(std::string message) const { refuse(here(), std::move(message)); }
  std::string here() const { return fmt::format("{}, byte {}", place_, opcode_at_); }

  static std::string name_of(char opcode) {
    if (opcode == 'i') return "INST";
    if (opcode == 'o') return "OBJ";
    if (opcode == '\x97') return "NEXT_BUFFER";
    if (opcode == '\x98') return "READONLY_BUFFER";
    if (opcode >= '\x82' && opcode <= '\x84') return "EXT";
    return fmt::format("{:#04x}", static_cast<unsigned char>(opcode));
  }

  // Input ----------------------------------------------------------------------------------------------------------

  template <class T>
  T take() {
    if (!lies_within(at_, sizeof(T), bytes_.size())) fail("the pickle is truncated");
    const T result = load_little<T>(bytes_, at_);
    at_ += sizeof(T);
    return result;
  }

  std::string_view take_bytes(std::uint64_t count) {
    if (!lies_within(at_, count, bytes_.size()))
      fail(fmt::format("{} bytes announced, {} left", count, bytes_.size() - at_));
    const std::string_view result = as_text(bytes_.subspan(at_, static_cast<std::size_t>(count)));
    at_ += result.size();
    return result;
  }

  std::string_view take_line() {
    const std::string_view rest = as_text(bytes_.subspan(at_));
    const std::size_t end = rest.find('\n');
    if (end == rest.npos) fail("the pickle is truncated");
    at_ += end + 1;
    return rest.substr(0, end);
  }

  // A frame announces how many bytes of opcodes follow; readers that trust it and readers that do not must agree.
  void check_frame() {
    if (frame_end_ == 0) return;
    if (at_ > frame_end_) fail("an opcode crosses the end of its frame");
    if (at_ == frame_end_) frame_end_ = 0;
  }

  // Values ---------------------------------------------------------------------------------------------------------

  PickleValue& value(PickleRef ref) { return pickle_.values_[ref]; }

  PickleRef make(PickleKind kind) {
    PickleValue& made = pickle_.values_.emplace_back();
    made.kind = kind;
    made.at = opcode_at_;
    return static_cast<PickleRef>(pickle_.values_.size() - 1);
  }

  std::string_view keep(std::string text) { return pickle_.texts_.emplace_back(std::move(text)); }

  void push(PickleRef ref) {
    if (stack_.size() == max_stack) fail(fmt::format("more than {} values on the stack", max_stack));
    stack_.push_back(ref);
  }

  PickleRef pop() {
    if (stack_.size() == floor()) fail("the stack is empty");
    const PickleRef ref = stack_.back();
    stack_.pop_back();
    return ref;
  }

  PickleRef top() const {
    if (stack_.size() == floor()) fail("the stack is empty");
    return stack_.back();
  }

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  std::vector<PickleRef> pop_mark() {
    if (marks_.empty()) fail("no mark on the stack");
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<PickleRef> items(first, stack_.end());
    stack_.erase(first, stack_.end());
    marks_.pop_back();
    return items;
  }

  std::vector<PickleRef> pop_some(std::size_t count) {
    std::vector<PickleRef> items(count);
    for (std::size_t i = count; i-- > 0;) items[i] = pop();
    return items;
  }

  void push_integer(std::int64_t number) {
    const PickleRef ref = make(PickleKind::integer);
    value(ref).integer = number;
    push(ref);
  }

  void push_real(double number) {
    const PickleRef ref = make(PickleKind::real);
    value(ref).real = number;
    push(ref);
  }

  void push_text(PickleKind kind, std::string_view text) {
    const PickleRef ref = make(kind);
    value(ref).text = text;
    push(ref);
  }

  void push_items(PickleKind kind, std::vector<PickleRef> items) {
    const PickleRef ref = make(kind);
    value(ref).items = std::move(items);
    push(ref);
  }

  template <class T>
  T parsed(std::optional<T> result) const {
    if (!result) fail("the text of a value is malformed");
    return std::move(*result);
  }

  void push_long(std::string_view little) {
    if (little.size() > max_digits) fail(fmt::format("an integer of {} bytes", little.size()));
    if (little.size() > 8) return push_text(PickleKind::huge, little);
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < little.size(); ++i)
      bits |= std::uint64_t{static_cast<unsigned char>(little[i])} << (8 * i);
    const unsigned unused = static_cast<unsigned>(64 - 8 * little.size());
    push_integer(unused == 64 ? 0 : static_cast<std::int64_t>(bits << unused) >> unused);
  }

  void push_decimal(std::string_view digits) {
    if (digits.size() > max_digits) fail(fmt::format("an integer of {} digits", digits.size()));
    if (const auto number = pickle_integer(digits)) return push_integer(*number);
    // Beyond 64 bits: kept as it stands, which no tensor needs.
    push_text(PickleKind::huge, digits);
  }

  // Opcodes: each group answers whether `opcode` is one of its own --------------------------------------------------

  bool scalar(char opcode) {
    switch (opcode) {
      case 'N':
        return push(none_), true;
      case '\x88':
        return push(true_), true;
      case '\x89':
        return push(false_), true;
      case 'J':
        return push_integer(static_cast<std::int32_t>(take<std::uint32_t>())), true;
      case 'K':
        return push_integer(take<std::uint8_t>()), true;
      case 'M':
        return push_integer(take<std::uint16_t>()), true;
      case '\x8a':
        return push_long(take_bytes(take<std::uint8_t>())), true;
      case '\x8b':
        return push_long(take_bytes(take<std::uint32_t>())), true;
      case 'L':
        return push_decimal(take_line()), true;
      case 'F':
        return push_real(parsed(pickle_real(take_line()))), true;
      case 'I': {
        const std::string_view line = take_line();
        if (line == "00" || line == "01") return push(line == "01" ? true_ : false_), true;
        return push_decimal(line), true;
      }
      case 'G': {
        const std::uint64_t little = take<std::uint64_t>();
        return push_real(std::bit_cast<double>(__builtin_bswap64(little))), true;
      }
      default:
        return false;
    }
  }

  bool text(char opcode) {
    using enum PickleKind;
    switch (opcode) {
      case '\x8c':
      case 'U':
        return push_text(PickleKind::text, take_bytes(take<std::uint8_t>())), true;
      case 'X':
      case 'T':
        return push_text(PickleKind::text, take_bytes(take<std::uint32_t>())), true;
      case '\x8d':
        return push_text(PickleKind::text, take_bytes(take<std::uint64_t>())), true;
      case 'C':
        return push_text(bytes, take_bytes(take<std::uint8_t>())), true;
      case 'B':
        return push_text(bytes, take_bytes(take<std::uint32_t>())), true;
      case '\x8e':
      case '\x96':
        return push_text(bytes, take_bytes(take<std::uint64_t>())), true;
      case 'S':
        return push_text(PickleKind::text, keep(parsed(pickle_string(take_line())))), true;
      case 'V':
        return push_text(PickleKind::text, keep(parsed(pickle_unicode(take_line())))), true;
      default:
        return false;
    }
  }

  bool container(char opcode) {
    using enum PickleKind;
    switch (opcode) {
      case ')':
        return push_items(tuple, {}), true;
      case '\x85':
        return push_items(tuple, pop_some(1)), true;
      case '\x86':
        return push_items(tuple, pop_some(2)), true;
      case '\x87':
        return push_items(tuple, pop_some(3)), true;
      case 't':
        return push_items(tuple, pop_mark()), true;
      case ']':
        return push_items(list, {}), true;
      case 'l':
        return push_items(list, pop_mark()), true;
      case '}':
        return push_items(dict, {}), true;
      case 'd':
        return push_items(dict, pairs(pop_mark())), true;
      case '\x8f':
        return push_items(set, {}), true;
      case '\x91':
        return push_items(set, pop_mark()), true;
      case 'a':
        return extend(list, pop_some(1)), true;
      case 'e':
        return extend(list, pop_mark()), true;
      case 's':
        return extend(dict, pop_some(2)), true;
      case 'u':
        return extend(dict, pairs(pop_mark())), true;
      case '\x90':
        return extend(set, pop_mark()), true;
      default:
        return false;
    }
  }

  std::vector<PickleRef> pairs(std::vector<PickleRef> items) const {
    if (items.size() % 2 != 0) fail("a key without a value");
    return items;
  }

  // Adds to the container on top of the stack, or to an object that will stand for a subclass of it.
  void extend(PickleKind kind, const std::vector<PickleRef>& items) {
    PickleValue& target = value(top());
    const bool is_mapping = kind == PickleKind::dict;
    if (target.kind == PickleKind::object) {
      if (!target.items.empty() && target.mapping != is_mapping) fail("an object is filled as a list and as a dict");
      target.mapping = is_mapping;
    } else if (target.kind != kind) {
      fail("items are added to a value that holds none");
    }
    target.items.insert(target.items.end(), items.begin(), items.end());
  }

  bool stack(char opcode) {
    switch (opcode) {
      case '(':
        return marks_.push_back(stack_.size()), check_marks(), true;
      case '1':
        return pop_mark(), true;
      case '2':
        return push(top()), true;
      case '0':
        if (!marks_.empty() && stack_.size() == marks_.back())
          marks_.pop_back();
        else
          pop();
        return true;
      case 'p':
        return put(parsed(pickle_integer(take_line()))), true;
      case 'q':
        return put(take<std::uint8_t>()), true;
      case 'r':
        return put(take<std::uint32_t>()), true;
      case '\x94':
        return put(static_cast<std::int64_t>(memo_.size())), true;
      case 'g':
        return get(parsed(pickle_integer(take_line()))), true;
      case 'h':
        return get(take<std::uint8_t>()), true;
      case 'j':
        return get(take<std::uint32_t>()), true;
      default:
        return false;
    }
  }

  void check_marks() const {
    if (marks_.size() > max_stack) fail(fmt::format("more than {} marks", max_stack));
  }

  // The memo is sparse: an index of four billion costs no more than one of 0.
  void put(std::int64_t index) { memo_[index] = top(); }

  void get(std::int64_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end()) fail(fmt::format("nothing was put at {}", index));
    push(found->second);
  }

  bool object(char opcode) {
    switch (opcode) {
      case '\x80':
        if (const auto protocol = take<std::uint8_t>(); protocol > 5) fail(fmt::format("protocol {}", protocol));
        return true;
      case '\x95':
        return begin_frame(take<std::uint64_t>()), true;
      case 'c': {
        const std::string_view module = take_line(), name = take_line();
        return push_global(module, name), true;
      }
      case '\x93': {
        const PickleRef name = pop(), module = pop();
        if (value(name).kind != PickleKind::text || value(module).kind != PickleKind::text)
          fail("a global whose name is computed");
        return push_global(value(module).text, value(name).text), true;
      }
      case 'R':
        return push_object(false), true;
      case '\x92':
        pop();
        [[fallthrough]];  // keyword arguments of NEWOBJ_EX
      case '\x81':
        return push_object(true), true;
      case 'b':
        return build(), true;
      case 'Q':
        return push_persistent(pop()), true;
      case 'P':
        return push_persistent(text_id(take_line())), true;
      default:
        return false;
    }
  }

  void begin_frame(std::uint64_t length) {
    if (frame_end_ != 0) fail("a frame within a frame");
    if (!lies_within(at_, length, bytes_.size())) fail("the frame is longer than the pickle");
    frame_end_ = length == 0 ? 0 : at_ + static_cast<std::size_t>(length);
  }

  void push_global(std::string_view module, std::string_view name) {
    push_text(PickleKind::global, keep(checked_global(module, name, here())));
    if (is_getattr(top())) getattrs_.insert(top());
  }

  bool is_getattr(PickleRef ref) const { return pickle_.is_global(ref, "builtins.getattr"); }

  [[noreturn]] void refuse_getattr(PickleRef ref) {
    opcode_at_ = value(ref).at;
    fail("global 'builtins.getattr' is refused: it runs code or touches the system");
  }

  // Functions, methods and inner classes are written as getattr(owner, "name"): a name again where the owner is one,
  // else a call that stays inert and is not called in its turn.
  void push_attribute(PickleRef callable, PickleRef args) {
    const std::vector<PickleRef>& items = value(args).items;
    if (items.size() != 2 || value(items[1]).kind != PickleKind::text) refuse_getattr(callable);
    const PickleValue& owner = value(items[0]);
    const bool named = owner.kind == PickleKind::global;
    if (!named && owner.kind != PickleKind::object) refuse_getattr(callable);
    std::string full = checked_attribute(named ? owner.text : "", value(items[1]).text, here());
    getattrs_.erase(callable);
    named ? push_text(PickleKind::global, keep(std::move(full))) : push_call(callable, args);
  }

  void push_object(bool of_class) {
    const PickleRef args = pop(), callable = pop();
    if (value(args).kind != PickleKind::tuple) fail("arguments that are not a tuple");
    const PickleKind kind = value(callable).kind;
    if (kind != PickleKind::global && (of_class || kind != PickleKind::object))
      fail("a call of a value without a name");
    if (kind == PickleKind::object && is_getattr(value(callable).callable)) refuse_getattr(value(callable).callable);
    if (is_getattr(callable) && of_class) refuse_getattr(callable);
    is_getattr(callable) ? push_attribute(callable, args) : push_call(callable, args);
  }

  void push_call(PickleRef callable, PickleRef args) {
    const PickleRef ref = make(PickleKind::object);
    value(ref).callable = callable;
    value(ref).args = args;
    push(ref);
  }

  // Protocol 0 prints the tuple that the others hold.
  PickleRef text_id(std::string_view line) {
    const auto id = pickle_storage_id(line);
    if (!id) fail("opcode PERSID is read of storages only");
    push_text(PickleKind::text, "storage");
    push_global(id->module, id->type);
    push_text(PickleKind::text, id->key);
    push_text(PickleKind::text, id->location);
    push_integer(id->elements);
    push_items(PickleKind::tuple, pop_some(5));
    return pop();
  }

  // The class of a module came this way before 1.6, with its source: ('module', class, file, text), in PyTorch 0.1
  // without the word. The class itself stands for it.
  void push_persistent(PickleRef id) {
    const std::vector<PickleRef>& items = value(id).items;
    const bool word = items.size() == 4 && value(items[0]).text == "module";
    if (value(id).kind == PickleKind::tuple && (word || items.size() == 3))
      if (const PickleRef named = items[word ? 1 : 0]; value(named).kind == PickleKind::global) return push(named);
    const PickleRef ref = make(PickleKind::persistent);
    value(ref).callable = id;
    push(ref);
  }

  void build() {
    const PickleRef state = pop();
    PickleValue& target = value(top());
    if (target.kind != PickleKind::object) fail("a state for a value that has none");
    target.state = state;
  }

  Pickle& pickle_;
  Bytes bytes_;
  const std::string& place_;
  std::size_t at_, opcode_at_ = 0, frame_end_ = 0;
  PickleRef none_, false_, true_;
  std::vector<PickleRef> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::int64_t, PickleRef> memo_;
  std::set<PickleRef> getattrs_;  // not yet called
};

Pickle::Pickle(Bytes bytes, const std::string& place, std::size_t start) {
  PickleReader(*this, bytes, place, start).run();
}

bool Pickle::is_global(PickleRef ref, std::string_view name) const {
  return ref != no_value && values_[ref].kind == PickleKind::global && values_[ref].text == name;
}

}  // namespace torch2mlx
