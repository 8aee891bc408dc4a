#include "read/pickle_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "read/bytes.h"

namespace torch2mlx {
namespace {

// Whole modules, submodules included.
constexpr std::array denied_modules = std::to_array<std::string_view>({"_aix_support",
                                                                       "_ctypes",
                                                                       "_frozen_importlib",
                                                                       "_frozen_importlib_external",
                                                                       "_imp",
                                                                       "_io",
                                                                       "_osx_support",
                                                                       "_pickle",
                                                                       "_posixsubprocess",
                                                                       "_socket",
                                                                       "_thread",
                                                                       "_winapi",
                                                                       "aiohttp",
                                                                       "asyncio",
                                                                       "atexit",
                                                                       "bdb",
                                                                       "cProfile",
                                                                       "cloudpickle",
                                                                       "code",
                                                                       "codeop",
                                                                       "commands",
                                                                       "ctypes",
                                                                       "dill",
                                                                       "distutils",
                                                                       "doctest",
                                                                       "ensurepip",
                                                                       "fileinput",
                                                                       "ftplib",
                                                                       "gc",
                                                                       "glob",
                                                                       "http",
                                                                       "httplib",
                                                                       "idlelib",
                                                                       "imaplib",
                                                                       "imp",
                                                                       "importlib",
                                                                       "inspect",
                                                                       "io",
                                                                       "joblib",
                                                                       "lib2to3",
                                                                       "linecache",
                                                                       "marshal",
                                                                       "mmap",
                                                                       "multiprocessing",
                                                                       "nntplib",
                                                                       "nt",
                                                                       "ntpath",
                                                                       "os",
                                                                       "pdb",
                                                                       "pickle",
                                                                       "pickletools",
                                                                       "pip",
                                                                       "pkg_resources",
                                                                       "pkgutil",
                                                                       "platform",
                                                                       "poplib",
                                                                       "posix",
                                                                       "posixpath",
                                                                       "posixsubprocess",
                                                                       "profile",
                                                                       "pty",
                                                                       "py_compile",
                                                                       "pydoc",
                                                                       "requests",
                                                                       "resource",
                                                                       "runpy",
                                                                       "setuptools",
                                                                       "shelve",
                                                                       "shutil",
                                                                       "signal",
                                                                       "site",
                                                                       "smtpd",
                                                                       "smtplib",
                                                                       "socket",
                                                                       "socketserver",
                                                                       "sqlite3",
                                                                       "ssl",
                                                                       "subprocess",
                                                                       "sys",
                                                                       "sysconfig",
                                                                       "telnetlib",
                                                                       "tempfile",
                                                                       "timeit",
                                                                       "trace",
                                                                       "urllib",
                                                                       "urllib2",
                                                                       "urllib3",
                                                                       "venv",
                                                                       "webbrowser",
                                                                       "winreg",
                                                                       "xmlrpc",
                                                                       "zipapp",
                                                                       "zipimport"});

constexpr std::array denied_names = std::to_array<std::string_view>({"functools.reduce",
                                                                     "operator.attrgetter",
                                                                     "operator.methodcaller",
                                                                     "_operator.attrgetter",
                                                                     "_operator.methodcaller",
                                                                     "_functools.reduce",
                                                                     "types.CodeType",
                                                                     "types.FunctionType",
                                                                     "uuid._get_command_stdout",
                                                                     "uuid._popen",
                                                                     "itertools.starmap",
                                                                     "logging.config.listen",
                                                                     "torch.hub",
                                                                     "torch.load",
                                                                     "torch.save",
                                                                     "torch.compile",
                                                                     "torch.classes",
                                                                     "torch.ops",
                                                                     "torch.jit.load",
                                                                     "torch.serialization.load",
                                                                     "torch.serialization.save",
                                                                     "torch.package",
                                                                     "torch.utils.bottleneck",
                                                                     "torch.utils.cpp_extension",
                                                                     "torch.utils.collect_env",
                                                                     "torch.utils.data.datapipes.utils.decoder",
                                                                     "torch.distributed.run",
                                                                     "torch.distributed.launch",
                                                                     "torch._inductor",
                                                                     "torch._dynamo",
                                                                     "torch.testing",
                                                                     "numpy.f2py",
                                                                     "numpy.testing",
                                                                     "numpy.load",
                                                                     "numpy.lib.npyio",
                                                                     "numpy.distutils",
                                                                     "pandas.read_pickle",
                                                                     "pandas.eval"});

// Of modules that are denied otherwise: buffers of bytes (Transformer Engine's `_extra_state`), and what torch.save
// writes beside a module of torch.compile.
constexpr std::array allowed_names = std::to_array<std::string_view>(
    {"_io.BytesIO", "_io.StringIO", "torch._dynamo.backends.cudagraphs.CudagraphsBackend",
     "torch._dynamo.backends.debugging.aot_eager", "torch._dynamo.backends.debugging.eager",
     "torch._dynamo.convert_frame.CatchErrorsWrapper", "torch._dynamo.convert_frame.ConvertFrame",
     "torch._dynamo.convert_frame.ConvertFrameAssert", "torch._dynamo.convert_frame.ConvertFrameBox",
     "torch._dynamo.eval_frame.DisableContext", "torch._dynamo.eval_frame.OptimizeContext",
     "torch._dynamo.eval_frame.OptimizedModule", "torch._dynamo.eval_frame.RunOnlyContext", "torch._dynamo.hooks.Hooks",
     "torch._dynamo.repro.after_dynamo.WrapBackendDebug"});

// What torch and pickle itself use of builtins; the reader looks at what `getattr` is given.
constexpr std::array allowed_builtins = std::to_array<std::string_view>(
    {"Ellipsis", "NotImplemented", "bool", "bytearray", "bytes", "complex", "dict",  "float", "frozenset", "getattr",
     "int",      "list",           "long", "object",    "range", "set",     "slice", "str",   "tuple",     "unicode",
     "xrange"});

// Sorted, so that a lookup is a binary search; a misplaced row does not compile.
static_assert(std::ranges::is_sorted(denied_modules) && std::ranges::is_sorted(allowed_names) &&
              std::ranges::is_sorted(allowed_builtins));

bool is_identifier(std::string_view part) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !part.empty() && letter(part[0]) &&
         std::ranges::all_of(part, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool is_dotted(std::string_view text) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!is_identifier(text.substr(0, dot))) return false;
    if (dot == text.npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool begins_with_path(std::string_view full, std::string_view prefix) {
  return full.starts_with(prefix) && (full.size() == prefix.size() || full[prefix.size()] == '.');
}

// __import__, __reduce__, __class__ and the like, at any place of a dotted name.
bool has_dunder(std::string_view name) {
  for (;;) {
    const std::size_t dot = name.find('.');
    const std::string_view part = name.substr(0, dot);
    if (part.size() > 4 && part.starts_with("__") && part.ends_with("__")) return true;
    if (dot == name.npos) return false;
    name.remove_prefix(dot + 1);
  }
}

std::string_view modern_module(std::string_view module) {
  if (module == "__builtin__") return "builtins";
  if (module == "copy_reg") return "copyreg";
  return module;
}

bool is_denied(std::string_view full) {
  if (std::ranges::binary_search(allowed_names, full)) return false;
  const std::string_view root = full.substr(0, full.find('.'));
  if (std::ranges::binary_search(denied_modules, root)) return true;
  if (root == "builtins") return !std::ranges::binary_search(allowed_builtins, full.substr(root.size() + 1));
  return std::ranges::any_of(denied_names, [&](std::string_view name) { return begins_with_path(full, name); });
}

}  // namespace

std::string checked_global(std::string_view module, std::string_view name, const std::string& place) {
  std::string full = fmt::format("{}.{}", modern_module(module), name);
  // "<locals>" belongs to classes of functions; a name made to look like another is an attack.
  if (!is_dotted(full)) refuse(place, fmt::format("global '{}' is not a Python name", printable(full)));
  // An attribute reached through another module (torch.os.system) is as good as the module itself.
  for (std::size_t dot = full.find('.'); dot != full.npos; dot = full.find('.', dot + 1))
    if (const auto inner = std::string_view(full).substr(dot + 1);
        inner.find('.') != inner.npos && name.find('.') != name.npos && is_denied(inner))
      refuse(place, fmt::format("global '{}' is refused: it runs code or touches the system", full));
  if (is_denied(full) || has_dunder(name))
    refuse(place, fmt::format("global '{}' is refused: it runs code or touches the system", full));
  if (full.starts_with("torch._") && name.find('.') != name.npos)
    refuse(place, fmt::format("global '{}' is refused: an attribute of a private function", full));
  return full;
}

std::string checked_attribute(std::string_view owner, std::string_view name, const std::string& place) {
  std::string full = owner.empty() ? std::string(name) : fmt::format("{}.{}", owner, name);
  // The owner itself may be a module that another one imported: getattr(torch.os, "system").
  const std::string_view last = std::string_view(full).substr(owner.rfind('.') + 1);
  if (!is_identifier(name) || has_dunder(name) || (!owner.empty() && (is_denied(full) || is_denied(last))))
    refuse(place, fmt::format("global 'builtins.getattr' of '{}' is refused: it runs code or touches the system",
                              printable(full)));
  return full;
}

}  // namespace torch2mlx
