#include "read/python_values.h"

namespace torch2mlx {

std::optional<std::int64_t> integer_of(const TorchValues& values, PickleRef ref) {
  if (ref == no_value || values.pickle()[ref].kind != PickleKind::integer) return std::nullopt;
  return values.pickle()[ref].integer;
}

std::optional<std::string> text_of(const TorchValues& values, PickleRef ref) {
  if (ref == no_value || values.pickle()[ref].kind != PickleKind::text) return std::nullopt;
  return std::string(values.pickle()[ref].text);
}

std::optional<std::vector<std::int64_t>> integers_of(const TorchValues& values, PickleRef ref) {
  const auto items = ref == no_value ? std::nullopt : values.sequence(ref);
  if (!items) return std::nullopt;
  std::vector<std::int64_t> out;
  for (const PickleRef item : *items) {
    const auto value = integer_of(values, item);
    if (!value || *value < 0) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

PickleRef attribute_of(const TorchValues& values, PickleRef object, std::string_view name) {
  if (object == no_value || values.pickle()[object].kind != PickleKind::object) return no_value;
  return values.lookup(values.pickle()[object].state, name);
}

void for_each_named(const TorchValues& values, PickleRef map,
                    const std::function<void(const std::string& name, PickleRef value)>& each) {
  const auto pairs = values.mapping(map);
  for (std::size_t i = 0; pairs && i + 1 < pairs->size(); i += 2)
    if (const auto name = text_of(values, (*pairs)[i])) each(*name, (*pairs)[i + 1]);
}

}  // namespace torch2mlx
