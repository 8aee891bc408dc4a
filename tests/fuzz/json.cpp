// JSON from strangers: any text, and what restore reads from it.
#include "read/json.h"

#include "fuzz.h"
#include "weights/record.h"

using namespace torch2mlx;

FUZZ(bytes) {
  const std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  fuzz::attempt([&] { parse_json(text, "text"); });
  // What is accepted must be written in a form that is accepted again.
  return fuzz::attempt([&] { weights::record_from_json(to_json(weights::record_from_json(text, "text")), "text"); });
}
