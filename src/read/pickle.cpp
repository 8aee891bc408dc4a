#include "read/pickle.h"

#include <fmt/format.h>

#include <bit>
#include <optional>
#include <set>
#include <unordered_set>

#include "read/bytes.h"
#include "read/pickle_names.h"
#include "read/pickle_opcodes.h"
#include "read/pickle_text.h"

namespace torch2mlx {
namespace {

constexpr std::size_t max_stack = std::size_t{1} << 20, max_digits = 4000;
constexpr std::size_t max_folded = 1024;        // bytes, which are read again for every mention
constexpr PickleRef none = 0, no = 1, yes = 2;  // the first values

std::string name_of(char opcode) {
  if (opcode == 'i') return "INST";
  if (opcode == 'o') return "OBJ";
  if (opcode == '\x97') return "NEXT_BUFFER";
  if (opcode == '\x98') return "READONLY_BUFFER";
  if (opcode >= '\x82' && opcode <= '\x84') return "EXT";
  return fmt::format("{:#04x}", static_cast<unsigned char>(opcode));
}

}  // namespace

// One pass over the opcodes with the stack, the marks and the memo that they work on.
//
// What a call is made of stands at the end of the values when it is made, and nothing else refers to it if `kept_` lies
// before it: such arguments can be dropped at once, to be read again.
class PickleReader {
 public:
  PickleReader(Pickle::Store& store, std::size_t start, const PickleFold& fold)
      : store_(store), opcodes_(store.bytes, store.place, start), fold_(fold) {}

  // Of what has been read once and was folded.
  PickleReader(Pickle::Store& store, std::size_t start) : PickleReader(store, start, {}) { again_ = true; }

  PickleRef run(std::size_t& size) {
    const std::size_t start = opcodes_.at();
    make(PickleKind::none);
    make(PickleKind::boolean);
    make(PickleKind::boolean);
    value(yes).integer = 1;
    if (fold_) reads_ = memo_reads(store_.bytes, store_.place, start);
    while (step()) check_frame();
    if (frame_end_ != 0 && opcodes_.at() != frame_end_) fail("the frame is longer than the pickle");
    const PickleRef root = pop();
    if (!stack_.empty() || !marks_.empty()) fail("values are left on the stack");
    for (const PickleRef ref : getattrs_) refuse_getattr(ref);
    if (!reads_) store_.memo.clear();
    size = opcodes_.at() - start;
    return root;
  }

  // The tuple that begins where the reader does.
  PickleRef tuple() {
    do step();
    while (!marks_.empty());
    return pop();
  }

 private:
  // False at the end.
  bool step() {
    opcode_ = opcodes_.next();
    if (opcode_.code == '.') return false;
    if (!scalar() && !text() && !container() && !stack() && !object())
      fail(fmt::format("opcode {} is not read", name_of(opcode_.code)));
    return true;
  }

  [[noreturn]] void fail(std::string message) const { opcodes_.fail(std::move(message)); }
  std::string here() const { return opcodes_.here(); }

  // A frame announces how many bytes of opcodes follow; readers that trust it and readers that do not must agree.
  void check_frame() {
    if (frame_end_ == 0) return;
    if (opcodes_.at() > frame_end_) fail("an opcode crosses the end of its frame");
    if (opcodes_.at() == frame_end_) frame_end_ = 0;
  }

  // Values ---------------------------------------------------------------------------------------------------------

  PickleValue& value(PickleRef ref) { return store_.values[ref]; }

  PickleRef make(PickleKind kind) {
    PickleValue& made = store_.values.emplace_back();
    made.kind = kind;
    made.at = opcode_.at;
    return static_cast<PickleRef>(store_.values.size() - 1);
  }

  std::string_view keep(std::string text) { return store_.texts.emplace_back(std::move(text)); }

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

  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back().stack; }

  std::vector<PickleRef> pop_mark() {
    if (marks_.empty()) fail("no mark on the stack");
    const auto first = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back().stack);
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

  // Opcodes: each group answers whether the last one is one of its own -----------------------------------------------

  bool scalar() {
    switch (opcode_.code) {
      case 'N':
        return push(none), true;
      case '\x88':
        return push(yes), true;
      case '\x89':
        return push(no), true;
      case 'J':
        return push_integer(static_cast<std::int32_t>(opcode_.number)), true;
      case 'K':
      case 'M':
        return push_integer(static_cast<std::int64_t>(opcode_.number)), true;
      case '\x8a':
      case '\x8b':
        return push_long(opcode_.text), true;
      case 'L':
        return push_decimal(opcode_.text), true;
      case 'F':
        return push_real(parsed(pickle_real(opcode_.text))), true;
      case 'I':
        if (opcode_.text == "00" || opcode_.text == "01") return push(opcode_.text == "01" ? yes : no), true;
        return push_decimal(opcode_.text), true;
      case 'G':
        return push_real(std::bit_cast<double>(__builtin_bswap64(opcode_.number))), true;
      default:
        return false;
    }
  }

  bool text() {
    using enum PickleKind;
    switch (opcode_.code) {
      case '\x8c':
      case '\x8d':
      case 'U':
      case 'X':
      case 'T':
        return push_text(PickleKind::text, opcode_.text), true;
      case 'C':
      case 'B':
      case '\x8e':
      case '\x96':
        return push_text(bytes, opcode_.text), true;
      case 'S':
        return push_text(PickleKind::text, keep(parsed(pickle_string(opcode_.text)))), true;
      case 'V':
        return push_text(PickleKind::text, keep(parsed(pickle_unicode(opcode_.text)))), true;
      default:
        return false;
    }
  }

  bool container() {
    using enum PickleKind;
    switch (opcode_.code) {
      case ')':
        return push_items(tuple, {}), true;
      case '\x85':
        return push_items(tuple, pop_some(1)), true;
      case '\x86':
        return push_items(tuple, pop_some(2)), true;
      case '\x87':
        return push_items(tuple, pop_some(3)), true;
      case 't':
        return push_tuple(), true;
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
    target.items.append(items);
    keep_all();
  }

  void push_tuple() {
    const Mark mark = marks_.empty() ? Mark() : marks_.back();
    push_items(PickleKind::tuple, pop_mark());
    last_ = {mark, top()};
  }

  bool stack() {
    switch (opcode_.code) {
      case '(':
        return push_mark(), true;
      case '1':
        return pop_mark(), true;
      case '2':
        return push(top()), true;
      case '0':
        if (!marks_.empty() && stack_.size() == marks_.back().stack)
          marks_.pop_back();
        else
          pop();
        return true;
      case 'p':
        return put(parsed(pickle_integer(opcode_.text))), true;
      case 'q':
      case 'r':
        return put(static_cast<std::int64_t>(opcode_.number)), true;
      case '\x94':
        return put(static_cast<std::int64_t>(store_.memo.size())), true;
      case 'g':
        return get(parsed(pickle_integer(opcode_.text))), true;
      case 'h':
      case 'j':
        return get(static_cast<std::int64_t>(opcode_.number)), true;
      default:
        return false;
    }
  }

  void push_mark() {
    marks_.push_back({stack_.size(), store_.values.size(), store_.texts.size(), opcode_.at});
    if (marks_.size() > max_stack) fail(fmt::format("more than {} marks", max_stack));
  }

  // The memo is sparse: an index of four billion costs no more than one of 0.
  void put(std::int64_t index) {
    const PickleRef ref = top();
    if (again_ || (reads_ && !reads_->contains(index))) return;
    store_.memo[index] = ref;
    keep_all();
  }

  void get(std::int64_t index) {
    const auto found = store_.memo.find(index);
    if (found == store_.memo.end()) fail(fmt::format("nothing was put at {}", index));
    push(found->second);
  }

  bool object() {
    switch (opcode_.code) {
      case '\x80':
        if (opcode_.number > 5) fail(fmt::format("protocol {}", opcode_.number));
        return true;
      case '\x95':
        return begin_frame(opcode_.number), true;
      case 'c':
        return push_global(opcode_.text, opcode_.second), true;
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
        return push_persistent(text_id(opcode_.text)), true;
      default:
        return false;
    }
  }

  void begin_frame(std::uint64_t length) {
    if (frame_end_ != 0) fail("a frame within a frame");
    if (!lies_within(opcodes_.at(), length, opcodes_.end())) fail("the frame is longer than the pickle");
    frame_end_ = length == 0 ? 0 : opcodes_.at() + static_cast<std::size_t>(length);
  }

  void push_global(std::string_view module, std::string_view name) {
    push_named(checked_global(module, name, here()));
    if (!is_getattr(top())) return;
    getattrs_.insert(top());
    keep_all();
  }

  void push_named(std::string name) { push_text(PickleKind::global, *store_.names.insert(std::move(name)).first); }

  bool is_getattr(PickleRef ref) {
    return ref != no_value && value(ref).kind == PickleKind::global && value(ref).text == "builtins.getattr";
  }

  [[noreturn]] void refuse_getattr(PickleRef ref) {
    refuse(fmt::format("{}, byte {}", store_.place, value(ref).at),
           "global 'builtins.getattr' is refused: it runs code or touches the system (reaches into the interpreter)");
  }

  // Functions, methods and inner classes are written as getattr(owner, "name"): a name again where the owner is one,
  // else a call that stays inert and is not called in its turn.
  void push_attribute(PickleRef callable, PickleRef args) {
    const auto& items = value(args).items;
    if (items.size() != 2 || value(items[1]).kind != PickleKind::text) refuse_getattr(callable);
    const PickleValue& owner = value(items[0]);
    const bool named = owner.kind == PickleKind::global;
    if (!named && owner.kind != PickleKind::object) refuse_getattr(callable);
    std::string full = checked_attribute(named ? owner.text : "", value(items[1]).text, here());
    getattrs_.erase(callable);
    named ? push_named(std::move(full)) : push_call(callable, args);
  }

  void push_object(bool of_class) {
    const PickleRef args = pop(), callable = pop();
    if (value(args).kind != PickleKind::tuple) fail("arguments that are not a tuple");
    const PickleKind kind = value(callable).kind;
    if (kind != PickleKind::global && (of_class || kind != PickleKind::object))
      fail("a call of a value without a name");
    if (kind == PickleKind::object && is_getattr(value(callable).callable)) refuse_getattr(value(callable).callable);
    if (is_getattr(callable) && of_class) refuse_getattr(callable);
    if (is_getattr(callable)) return push_attribute(callable, args);
    is_foldable(callable, args) ? push_folded(callable) : push_call(callable, args);
  }

  void push_call(PickleRef callable, PickleRef args) {
    const PickleRef ref = make(PickleKind::object);
    value(ref).callable = callable;
    value(ref).args = args;
    push(ref);
  }

  bool is_foldable(PickleRef callable, PickleRef args) const {
    const Mark& mark = last_.mark;
    return reads_ && last_.ref == args && args + 1 == store_.values.size() && mark.values >= kept_ &&
           mark.texts == store_.texts.size() && callable < mark.values && opcodes_.at() - mark.at <= max_folded &&
           fold_(store_.values[callable].text);
  }

  void push_folded(PickleRef callable) {
    store_.values.resize(last_.mark.values);
    push_call(callable, no_value);
    value(top()).integer = static_cast<std::int64_t>(last_.mark.at);
  }

  // Something outside of a call under way may refer to what has been made so far.
  void keep_all() { kept_ = store_.values.size(); }

  // Protocol 0 prints the tuple that the others hold.
  PickleRef text_id(std::string_view line) {
    const auto id = pickle_storage_id(line);
    if (!id) fail("opcode PERSID is read of storages only");
    push_text(PickleKind::text, "storage");
    push_global(id->module, id->type);
    push_text(PickleKind::text, id->key);
    push_text(PickleKind::text, id->location);
    push_integer(id->elements);
    if (id->has_none) push(make(PickleKind::none));
    push_items(PickleKind::tuple, pop_some(id->has_none ? 6 : 5));
    return pop();
  }

  // The class of a module came this way before 1.6, with its source: ('module', class, file, text), in PyTorch 0.1
  // without the word. The class itself stands for it.
  PickleRef class_of(PickleRef id) {
    const auto& items = value(id).items;
    const bool word = items.size() == 4 && value(items[0]).kind == PickleKind::text && value(items[0]).text == "module";
    if (value(id).kind != PickleKind::tuple || (!word && items.size() != 3)) return no_value;
    const auto is = [&](std::size_t i, PickleKind kind) { return value(items[i]).kind == kind; };
    for (std::size_t i = items.size() - 2; i < items.size(); ++i)
      if (!is(i, PickleKind::text) && !is(i, PickleKind::none)) return no_value;
    const std::size_t at = word ? 1 : 0;
    return is(at, PickleKind::global) ? items[at] : no_value;
  }

  void push_persistent(PickleRef id) {
    if (const PickleRef named = class_of(id); named != no_value) {
      if (!store_.class_id) store_.class_id = opcode_.at;
      return push(named);
    }
    const PickleRef ref = make(PickleKind::persistent);
    value(ref).callable = id;
    push(ref);
  }

  void build() {
    const PickleRef state = pop();
    PickleValue& target = value(top());
    if (target.kind != PickleKind::object) fail("a state for a value that has none");
    target.state = state;
    keep_all();
  }

  // How much there was of everything, and its byte.
  struct Mark {
    std::size_t stack = 0, values = 0, texts = 0, at = 0;
  };
  struct Tuple {
    Mark mark;
    PickleRef ref = no_value;
  };

  Pickle::Store& store_;
  PickleOpcodes opcodes_;
  const PickleFold fold_;
  bool again_ = false;
  PickleOpcode opcode_;  // the last one
  std::size_t frame_end_ = 0;
  std::vector<PickleRef> stack_;
  std::vector<Mark> marks_;
  std::optional<std::unordered_set<std::int64_t>> reads_;  // places of the memo that matter; nothing: all, no folding
  std::set<PickleRef> getattrs_;                           // not yet called
  Tuple last_;                                             // made of what stood behind a mark
  std::size_t kept_ = 0;                                   // of the values
};

Pickle::Pickle(Bytes bytes, const std::string& place, std::size_t start, const PickleFold& fold)
    : store_(std::make_unique<Store>(Store{bytes, place})) {
  root_ = PickleReader(*store_, start, fold).run(size_);
}

bool Pickle::is_global(PickleRef ref, std::string_view name) const {
  return ref != no_value && (*this)[ref].kind == PickleKind::global && (*this)[ref].text == name;
}

Pickle::Unfolded::Unfolded(const Pickle& pickle, PickleRef ref)
    : pickle_(pickle), values_(pickle.store_->values.size()) {
  PickleValue& object = pickle.store_->values[ref];
  if (object.kind != PickleKind::object || object.args != no_value) return;
  object.args = PickleReader(*pickle.store_, static_cast<std::size_t>(object.integer)).tuple();
  ref_ = ref;
}

Pickle::Unfolded::~Unfolded() {
  if (ref_ == no_value) return;
  Store& store = *pickle_.store_;
  store.values[ref_].args = no_value;
  store.values.resize(values_);
}

}  // namespace torch2mlx
