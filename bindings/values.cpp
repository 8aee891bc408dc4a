#include "values.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "base/error.h"
#include "layers/layers.h"
#include "read/check.h"

namespace torch2mlx::bindings {
namespace {

using nb::literals::operator""_a;

const char* class_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::input:
      return "InputError";
    case ErrorKind::unsupported:
      return "UnsupportedError";
    case ErrorKind::verification:
      return "VerificationError";
  }
  return "Torch2MLXError";
}

void raise(const Error& error) {
  const nb::object type = nb::module_::import_("torch2mlx.errors").attr(class_of(error.kind()));
  const nb::object instance = type(error.message(), nb::arg("place") = error.place(), nb::arg("hint") = error.hint(),
                                   nb::arg("details") = nb::cast(error.details()));
  PyErr_SetObject(type.ptr(), instance.ptr());
}

Attribute attribute_from(nb::handle value) {
  if (nb::isinstance<nb::bool_>(value)) return nb::cast<bool>(value);
  if (nb::isinstance<nb::int_>(value)) return nb::cast<std::int64_t>(value);
  if (nb::isinstance<nb::float_>(value)) return nb::cast<double>(value);
  if (nb::isinstance<nb::str>(value)) return nb::cast<std::string>(value);
  if (nb::isinstance<nb::tuple>(value)) return nb::cast<std::vector<std::int64_t>>(value);
  return std::monostate{};
}

// Keeps a Python object alive for the library, whose threads know nothing of the interpreter.
std::shared_ptr<const void> owner_of(nb::handle object) {
  object.inc_ref();
  return {object.ptr(), [](const void* pointer) {
            const nb::gil_scoped_acquire held;
            Py_DECREF(static_cast<PyObject*>(const_cast<void*>(pointer)));
          }};
}

}  // namespace

void register_errors() {
  nb::register_exception_translator([](const std::exception_ptr& pointer, void*) {
    try {
      std::rethrow_exception(pointer);
    } catch (const Error& error) {
      raise(error);
    }
  });
}

void register_layers(nb::module_& m) {
  m.def("register_layer", &layers::register_row, "torch"_a, "mlx"_a, "permute"_a, "replace"_a,
        "Adds a row to the table of layers.");
}

std::vector<Tensor> tensors_from(const nb::list& list) {
  std::vector<Tensor> tensors;
  tensors.reserve(list.size());
  for (const nb::handle item : list) {
    const auto fields = nb::cast<nb::tuple>(item);
    Tensor tensor;
    tensor.name = nb::cast<std::string>(fields[0]);
    const auto dtype = nb::cast<std::string>(fields[1]);
    const auto known = dtype_from_torch(dtype);
    if (!known) throw Error(ErrorKind::unsupported, tensor.name, "tensors of type " + dtype + " cannot be converted");
    tensor.dtype = *known;
    tensor.shape = nb::cast<std::vector<std::int64_t>>(fields[2]);
    tensor.strides = nb::cast<std::vector<std::int64_t>>(fields[3]);
    tensor.offset = nb::cast<std::int64_t>(fields[4]);
    auto storage = std::make_shared<Storage>();
    storage->bytes = {reinterpret_cast<const std::byte*>(nb::cast<std::uintptr_t>(fields[5])),
                      nb::cast<std::size_t>(fields[6])};
    storage->owner = owner_of(fields[7]);
    tensor.storage = std::move(storage);
    check_view(tensor, tensor.storage->bytes.size(), tensor.name);
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

nb::tuple tuple_of(const Sizes& sizes) { return nb::tuple(nb::cast(std::vector<std::int64_t>(sizes))); }

std::vector<Module> modules_from(const nb::list& list) {
  std::vector<Module> modules;
  modules.reserve(list.size());
  for (const nb::handle item : list) {
    const auto fields = nb::cast<nb::tuple>(item);
    Module module{nb::cast<std::string>(fields[0]), nb::cast<std::string>(fields[1]), {}};
    for (const auto [name, value] : nb::cast<nb::dict>(fields[2]))
      module.attributes.emplace(nb::cast<std::string>(name), attribute_from(value));
    modules.push_back(std::move(module));
  }
  return modules;
}

}  // namespace torch2mlx::bindings
