// Which names a pickle may hold: whole families that run code or touch the system are refused, data of real checkpoints
// and what third parties call theirs is kept, inert.
#include "read/pickle_names.h"
#include "read_files.h"

namespace torch2mlx::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

using Names = std::vector<std::pair<std::string, std::string>>;

std::string said(const std::string& module, const std::string& name) {
  try {
    checked_global(module, name, "data.pkl, byte 2");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

void expect_refused(const Names& names, const std::string& why) {
  for (const auto& [module, name] : names)
    EXPECT_THAT(said(module, name),
                AllOf(HasSubstr("data.pkl, byte 2: global '" + module + "." + name + "' is refused"),
                      HasSubstr("(" + why + ")")));
}

void expect_kept(const Names& names) {
  for (const auto& [module, name] : names) EXPECT_EQ(said(module, name), "") << module << "." << name;
}

TEST(PickleNames, ThatStartProcesses) {
  expect_refused({{"os", "system"},
                  {"posix", "execv"},
                  {"subprocess", "Popen"},
                  {"multiprocessing.pool", "Pool"},
                  {"multiprocessing.util", "spawnv_passfds"},
                  {"pty", "spawn"},
                  {"webbrowser", "open"},
                  {"uuid", "_popen"},
                  {"uuid", "getnode"},
                  {"platform", "popen"},
                  {"_aix_support", "_read_cmd_output"},
                  {"_osx_support", "_find_build_tool"},
                  {"mailcap", "findmatch"},
                  {"torch.multiprocessing.spawn", "spawn"},
                  {"torch.multiprocessing.reductions", "rebuild_storage_filename"},
                  {"torch.distributed.run", "main"},
                  {"torch.distributed.elastic.multiprocessing.api", "start_processes"},
                  {"torch.utils.collect_env", "run"},
                  {"torch.utils.data._utils.worker", "_worker_loop"}},
                 "starts processes");
}

TEST(PickleNames, ThatRunCode) {
  expect_refused({{"builtins", "eval"},
                  {"builtins", "map"},
                  {"builtins", "breakpoint"},
                  {"functools", "reduce"},
                  {"itertools", "starmap"},
                  {"operator", "call"},
                  {"_operator", "methodcaller"},
                  {"asyncio.base_events", "BaseEventLoop"},
                  {"concurrent.futures.thread", "ThreadPoolExecutor"},
                  {"threading", "Thread"},
                  {"atexit", "register"},
                  {"code", "InteractiveInterpreter"},
                  {"codeop", "compile_command"},
                  {"doctest", "debug_script"},
                  {"timeit", "timeit"},
                  {"cProfile", "run"},
                  {"profile", "Profile"},
                  {"trace", "Trace"},
                  {"bdb", "Bdb"},
                  {"pdb", "run"},
                  {"rlcompleter", "Completer"},
                  {"typing", "get_type_hints"},
                  {"dataclasses", "make_dataclass"},
                  {"weakref", "finalize"},
                  {"contextlib", "ExitStack"},
                  {"torch", "compile"},
                  {"torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression"},
                  {"torch.fx.graph_module", "_forward_from_src"},
                  {"torch.fx.graph_module", "_exec_with_source"},
                  {"torch.fx.operator_schemas", "type_matches"},
                  {"torch.jit", "CompilationUnit"},
                  {"torch.jit.unsupported_tensor_ops", "execWrapper"},
                  {"torch.jit.annotations", "parse_type_line"},
                  {"torch.library", "Library"},
                  {"torch._dynamo.guards", "GuardBuilder"},
                  {"torch._inductor.codecache", "compile_file"},
                  {"torch.testing._internal.common_utils", "run_tests"},
                  {"torch.utils.benchmark", "Timer"},
                  {"torch.utils._sympy.functions", "simple_floordiv_gcd"},
                  {"torch.distributed.nn.jit.instantiator", "_do_instantiate_remote_module_template"},
                  {"torch.distributed.rpc.api", "rpc_sync"},
                  {"torch.cuda._utils", "_nvrtc_compile"},
                  {"numpy.f2py.crackfortran", "param_eval"},
                  {"numpy.testing._private.utils", "runstring"},
                  {"numpy", "apply_along_axis"},
                  {"pandas", "eval"},
                  {"pandas.core.computation.eval", "eval"}},
                 "runs code");
}

TEST(PickleNames, ThatLoadOtherObjects) {
  expect_refused({{"pickle", "loads"},
                  {"_pickle", "Unpickler"},
                  {"cPickle", "loads"},
                  {"marshal", "loads"},
                  {"shelve", "open"},
                  {"dill._dill", "loads"},
                  {"cloudpickle.cloudpickle", "_make_function"},
                  {"joblib", "load"},
                  {"torch", "load"},
                  {"torch.serialization", "_legacy_load"},
                  {"torch.storage", "_load_from_bytes"},
                  {"torch.hub", "load_state_dict_from_url"},
                  {"torch.package.package_importer", "PackageImporter"},
                  {"torch.jit", "load"},
                  {"torch.jit._serialization", "load"},
                  {"torch.export", "load"},
                  {"torch.utils._config_module", "ConfigModule.load_config"},
                  {"torch.distributed.checkpoint.state_dict_loader", "load"},
                  {"torch.distributed.checkpoint.format_utils", "dcp_to_torch_save"}},
                 "loads other objects");
}

TEST(PickleNames, ThatOpenFiles) {
  expect_refused({{"io", "open"},
                  {"_io", "FileIO"},
                  {"_pyio", "open"},
                  {"logging", "FileHandler"},
                  {"logging", "basicConfig"},
                  {"logging.config", "fileConfig"},
                  {"logging.handlers", "SocketHandler"},
                  {"argparse", "FileType"},
                  {"dbm.dumb", "open"},
                  {"sqlite3", "connect"},
                  {"tempfile", "NamedTemporaryFile"},
                  {"shutil", "rmtree"},
                  {"pathlib", "Path.write_text"},
                  {"pathlib._local", "PosixPath.unlink"},
                  {"fileinput", "input"},
                  {"linecache", "getlines"},
                  {"mmap", "mmap"},
                  {"zipfile", "ZipFile"},
                  {"tarfile", "open"},
                  {"gzip", "open"},
                  {"glob", "glob"},
                  {"torch", "from_file"},
                  {"torch", "UntypedStorage.from_file"},
                  {"torch.storage", "UntypedStorage._new_shared_filename_cpu"},
                  {"torch", "FloatStorage.from_file"},
                  {"torch", "PyTorchFileWriter"},
                  {"torch.onnx", "export"},
                  {"torch.utils.data.datapipes.iter.fileopener", "FileOpenerIterDataPipe"},
                  {"torch.utils.tensorboard.writer", "SummaryWriter"},
                  {"torch.distributed.checkpoint.filesystem", "FileSystemWriter"},
                  {"numpy", "load"},
                  {"numpy", "fromfile"},
                  {"numpy", "ndarray.tofile"},
                  {"numpy.lib._npyio_impl", "NpzFile"},
                  {"numpy._core.memmap", "memmap"},
                  {"pandas", "read_pickle"},
                  {"pandas.io.pickle", "read_pickle"}},
                 "opens or changes files");
}

TEST(PickleNames, OfOtherKinds) {
  expect_refused({{"socket", "create_connection"},
                  {"http.client", "HTTPConnection"},
                  {"urllib.request", "urlopen"},
                  {"ftplib", "FTP"},
                  {"smtplib", "SMTP"},
                  {"ssl", "SSLContext"},
                  {"select", "select"},
                  {"torch.distributed.distributed_c10d", "init_process_group"},
                  {"torch.distributed", "TCPStore"}},
                 "uses the network");
  expect_refused({{"importlib", "import_module"},
                  {"pkgutil", "resolve_name"},
                  {"zipimport", "zipimporter"},
                  {"setuptools", "setup"},
                  {"distutils.core", "run_setup"},
                  {"codecs", "open"},
                  {"_codecs", "register"},
                  {"six.moves.builtins", "eval"},
                  {"pip._internal", "main"},
                  {"torch", "import_ir_module"},
                  {"torch._utils", "_import_dotted_name"}},
                 "imports modules");
  expect_refused({{"sys", "modules"},
                  {"gc", "get_objects"},
                  {"inspect", "getattr_static"},
                  {"site", "addsitedir"},
                  {"copyreg", "add_extension"},
                  {"copyreg", "pickle"},
                  {"types", "FunctionType"},
                  {"types", "CodeType"},
                  {"dis", "dis"},
                  {"torch", "_load_global_deps"},
                  {"torch._C", "_load_global_deps"},
                  {"torch._C", "PyTorchFileReader"},
                  {"torch._C", "_jit_set_profiling_mode"},
                  {"torch._weights_only_unpickler", "load"},
                  {"torch._jit_internal", "get_type_hint"},
                  {"torch._export.serde.serialize", "deserialize_torch_artifact"},
                  {"torch._functorch.aot_autograd", "aot_function"},
                  {"collections", "OrderedDict.__reduce__"}},
                 "reaches into the interpreter");
  expect_refused({{"ctypes", "CDLL"},
                  {"_ctypes", "dlopen"},
                  {"cffi", "FFI"},
                  {"numpy.ctypeslib", "load_library"},
                  {"torch.utils.cpp_extension", "load"},
                  {"torch.cuda.memory", "CUDAPluggableAllocator"}},
                 "loads native code");
  expect_refused({{"signal", "signal"}, {"resource", "setrlimit"}, {"time", "sleep"}, {"locale", "setlocale"}},
                 "reads or changes the system's state");
  expect_refused(
      {{"yaml", "unsafe_load"}, {"IPython.core.interactiveshell", "InteractiveShell"}, {"test.support", "x"}},
      "belongs to a tool that no checkpoint needs");
}

TEST(PickleNames, HiddenBehindOthers) {
  for (const auto& [module, name] : Names{{"torch", "os.system"},
                                          {"torch.os", "system"},
                                          {"numpy.os", "system"},
                                          {"some.pkg.subprocess", "Popen"},
                                          {"a.b", "sys.modules"},
                                          {"torch.nn", "functional.torch.load"},
                                          {"x", "y.builtins.eval"},
                                          {"__builtin__", "eval"},
                                          {"copy_reg", "add_extension"}})
    EXPECT_THAT(said(module, name), HasSubstr("is refused")) << module << "." << name;
}

TEST(PickleNames, OfRealCheckpointsAreKept) {
  expect_kept({{"pathlib", "PosixPath"},
               {"pathlib", "WindowsPath"},
               {"pathlib._local", "PosixPath"},
               {"argparse", "Namespace"},
               {"types", "SimpleNamespace"},
               {"types", "MethodType"},
               {"types", "MappingProxyType"},
               {"functools", "partial"},
               {"functools", "lru_cache"},
               {"collections", "OrderedDict"},
               {"collections", "deque"},
               {"datetime", "datetime"},
               {"zoneinfo", "ZoneInfo._unpickle"},
               {"decimal", "Decimal"},
               {"fractions", "Fraction"},
               {"uuid", "UUID"},
               {"enum", "Enum"},
               {"typing", "Any"},
               {"random", "Random"},
               {"re", "_compile"},
               {"math", "sqrt"},
               {"operator", "getitem"},
               {"_operator", "add"},
               {"itertools", "count"},
               {"copy", "deepcopy"},
               {"copyreg", "_reconstructor"},
               {"copy_reg", "_reconstructor"},
               {"dataclasses", "_MISSING_TYPE"},
               {"inspect", "Signature"},
               {"logging", "getLogger"},
               {"logging", "Logger"},
               {"signal", "Signals"},
               {"time", "struct_time"},
               {"time", "time"},
               {"array", "array"},
               {"weakref", "WeakKeyDictionary"},
               {"_codecs", "encode"},
               {"_io", "BytesIO"},
               {"__builtin__", "set"},
               {"__main__", "Net"}});
  expect_kept({{"torch", "FloatStorage"},
               {"torch.cuda", "HalfStorage"},
               {"torch.storage", "UntypedStorage"},
               {"torch.storage", "TypedStorage"},
               {"torch", "Size"},
               {"torch", "device"},
               {"torch._utils", "_rebuild_tensor_v2"},
               {"torch._tensor", "_rebuild_from_type_v2"},
               {"torch.serialization", "_get_layout"},
               {"torch._C._nn", "gelu"},
               {"torch._C._VariableFunctions", "relu"},
               {"torch._C", "_VariableFunctionsClass"},
               {"torch._six", "inf"},
               {"torch.nn.modules.linear", "Linear"},
               {"torch.nn.functional", "relu"},
               {"torch.nn.init", "xavier_uniform_"},
               {"torch.optim.adamw", "AdamW"},
               {"torch.optim.lr_scheduler", "LambdaLR"},
               {"torch.distributions.normal", "Normal"},
               {"torch.utils.checkpoint", "checkpoint"},
               {"torch.utils.data.dataloader", "DataLoader"},
               {"torch.utils.data._utils.collate", "default_collate"},
               {"torch.ao.quantization.observer", "MinMaxObserver"},
               {"torch.fx.graph_module", "reduce_graph_module"},
               {"torch.jit._pickle", "build_intlist"},
               {"torch._dynamo.eval_frame", "OptimizedModule"},
               {"torch.distributed.tensor", "DTensor"},
               {"torch.distributed.device_mesh", "DeviceMesh"},
               {"torch.distributed.remote_device", "_remote_device"},
               {"torch.distributed._shard.sharded_tensor.api", "ShardedTensor"},
               {"torch.distributed.fsdp.api", "StateDictType"},
               {"torch.distributed.checkpoint.metadata", "Metadata"},
               {"torch.distributed.checkpoint.filesystem", "_StorageInfo"},
               {"torch.distributed.distributed_c10d", "ReduceOp"}});
  expect_kept({{"numpy", "dtype"},
               {"numpy", "ndarray"},
               {"numpy", "float64"},
               {"numpy.core.multiarray", "_reconstruct"},
               {"numpy._core.multiarray", "scalar"},
               {"numpy._core.numeric", "_frombuffer"},
               {"numpy.random._pickle", "__randomstate_ctor"},
               {"numpy.random._mt19937", "MT19937"},
               {"numpy.ma.core", "_mareconstruct"},
               {"pandas.core.frame", "DataFrame"},
               {"pandas._libs.internals", "_unpickle_block"},
               {"scipy.sparse._csr", "csr_matrix"},
               {"omegaconf.dictconfig", "DictConfig"},
               {"omegaconf.base", "ContainerMetadata"},
               {"pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint"},
               {"lightning_fabric.utilities.data", "AttributeDict"},
               {"models.yolo", "Model"},
               {"ultralytics.nn.tasks", "DetectionModel"},
               {"transformers.models.bert.configuration_bert", "BertConfig"},
               {"transformer_engine.common.recipe", "DelayedScaling"},
               {"megatron.core.enums", "ModelType"},
               {"deepspeed.runtime.zero.config", "ZeroStageEnum"},
               {"fairseq.data.dictionary", "Dictionary"},
               {"mmengine.logging.history_buffer", "HistoryBuffer"},
               {"mypkg.io", "Reader"},
               {"mypkg.trace.code", "Outer.Inner"},
               {"mypkg.test", "Outer.Inner"},
               {"test", "Net"},
               {"outer", "Class.Inner"}});
}

}  // namespace
}  // namespace torch2mlx::testing
