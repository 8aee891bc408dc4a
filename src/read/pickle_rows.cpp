#include "read/pickle_rows.h"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <unordered_set>

namespace torch2mlx {
namespace {

// `names` are modules, or members of modules; what lies below a refused one is refused too. The row of the longest
// name decides. A kept name is kept alone, with `.*` all below it.
struct Row {
  std::string_view why, names;
};

constexpr std::string_view kept,
    runs_code = "runs code", processes = "starts processes", files = "opens or changes files",
    network = "uses the network", pickles = "loads other objects", imports = "imports modules",
    native = "loads native code", interpreter = "reaches into the interpreter",
    state = "reads or changes the system's state", tool = "belongs to a tool that no checkpoint needs";

// Python's own modules, those of version 2 among them.
constexpr Row python[] = {
    {processes, R"(_bootsubprocess _multiprocessing _posixshmem _posixsubprocess _winapi commands multiprocessing nt
       os popen2 posix pipes.Template posixsubprocess pty subprocess _aix_support _osx_support _pyrepl mailcap uuid
       webbrowser antigravity platform)"},
    {runs_code, R"(__builtin__ builtins _asyncio asynchat asyncio asyncore atexit bdb cProfile cmd.Cmd code codeop
       compileall compiler.compile compiler.compileFile compiler.parse compiler.parseFile concurrent doctest
       faulthandler functools.reduce _functools.reduce future_builtins idlelib itertools.accumulate
       itertools.dropwhile itertools.filterfalse itertools.groupby itertools.starmap itertools.takewhile lib2to3
       modulefinder operator.attrgetter operator.call operator.methodcaller _operator.attrgetter _operator.call
       _operator.methodcaller parser.compilest parser.expr parser.suite pdb profile py_compile pydoc rexec
       rlcompleter runpy sched.scheduler _thread thread threading dummy_thread _dummy_thread timeit tkinter _tkinter
       trace turtle turtledemo unittest weakref.finalize contextlib.ExitStack contextlib.AsyncExitStack
       copy._reconstruct dataclasses._create_fn dataclasses.make_dataclass typing.get_type_hints typing._eval_type
       typing.ForwardRef._evaluate annotationlib _interpreters _interpqueues _interpchannels _xxsubinterpreters)"},
    {interpreter, R"(ast.parse _opcode _symtable _tokenize _tracemalloc _testcapi _testinternalcapi copyreg copy_reg
       dis gc inspect new.code new.function new.instancemethod new.classobj opcode pyclbr pickletools site
       _sitebuiltins symtable sys _sys sysconfig tabnanny tracemalloc types.CodeType types.FunctionType
       types.LambdaType types.ModuleType types.CoroutineType types.GeneratorType types.new_class types.prepare_class
       types.coroutine _lsprof pstats warnings.showwarning)"},
    {imports, R"(_codecs codecs encodings six.moves six.exec_ future.moves future.backports future.builtins
       past.builtins _frozen_importlib _frozen_importlib_external _imp ensurepip ihooks imp importlib imputil
       distutils pip pkg_resources pkgutil setuptools venv zipapp zipimport)"},
    {native, "_cffi_backend _ctypes cffi ctypes dl.open"},
    {pickles, "_compat_pickle _pickle cPickle cloudpickle dill joblib jsonpickle marshal pickle shelve"},
    {files, R"(_bz2 _compression _dbm _gdbm _io _lzma _pyio _sqlite3 aifc anydbm argparse.FileType binhex bz2
       compression.bz2 compression.gzip compression.lzma compression.zstd dbhash dbm dumbdbm filecmp fileinput gdbm
       genericpath gettext glob gzip imghdr io linecache logging lzma mailbox mimetypes mmap msilib netrc ntpath
       nturl2path os2emxpath macpath ossaudiodev pathlib plistlib.load plistlib.readPlist posixpath shutil sndhdr
       sqlite3 sunau tarfile tempfile tokenize.open uu wave.open wave.openfp wave.Wave_read wave.Wave_write whichdb
       xml zipfile zoneinfo.reset_tzpath configparser.RawConfigParser.read configparser.ConfigParser.read json.tool)"},
    {network, R"(_socket _ssl BaseHTTPServer CGIHTTPServer SimpleHTTPServer SocketServer aiohttp cgi cgitb ftplib
       http httplib httpx imaplib nntplib paramiko poplib requests robotparser select selectors smtpd smtplib socket
       socketserver ssl telnetlib urllib urllib2 urllib3 websockets wsgiref xmlrpc xmlrpclib)"},
    {state, R"(_crypt _curses _curses_panel _locale _msi _overlapped _scproxy _signal crypt curses fcntl getpass grp
       locale msvcrt nis pwd readline resource signal spwd syslog termios time.sleep tty winreg _winreg winsound)"},
    {tool, R"(IPython ipykernel fabric.Connection fabric.api fsspec invoke.context invoke.run pexpect plumbum psutil
       pyximport sh.Command test.libregrtest test.regrtest test.support yaml.full_load yaml.load yaml.load_all
       yaml.unsafe_load yaml.unsafe_load_all)"},
    {kept, R"(_codecs.encode codecs.encode _io.BytesIO _io.StringIO io.BytesIO io.StringIO copyreg._reconstructor
       inspect.Parameter inspect.Signature inspect._ParameterKind inspect._empty logging.Filter logging.Formatter
       logging.LogRecord logging.Logger logging.LoggerAdapter logging.Manager logging.NullHandler
       logging.PercentStyle logging.PlaceHolder logging.RootLogger logging.StreamHandler logging.StrFormatStyle
       logging.getLogger signal.Handlers signal.Signals pathlib.Path pathlib.PosixPath pathlib.PurePath
       pathlib.PurePosixPath pathlib.PureWindowsPath pathlib.WindowsPath pathlib._local.Path pathlib._local.PosixPath
       pathlib._local.PurePath pathlib._local.PurePosixPath pathlib._local.PureWindowsPath pathlib._local.WindowsPath
       urllib.parse.ParseResult urllib.parse.SplitResult uuid.SafeUUID uuid.UUID xml.etree.ElementTree.Element)"},
    // Of builtins, what torch and pickle use; the reader looks at what `getattr` is given.
    {kept, R"(builtins.Ellipsis builtins.NotImplemented builtins.bool builtins.bytearray builtins.bytes
       builtins.complex builtins.dict builtins.float builtins.frozenset builtins.getattr builtins.int builtins.list
       builtins.long builtins.object builtins.range builtins.set builtins.slice builtins.str builtins.tuple
       builtins.unicode builtins.xrange)"},
};

// Names that begin with `torch._` are refused unless a row keeps them.
constexpr Row torch[] = {
    {pickles, R"(torch.export torch.load torch.save torch.serialization torch.jit.load torch.jit.save
       torch.jit._serialization torch.jit.mobile torch.jit.jit_module_from_flatbuffer torch.package torch.hub
       torch.storage._load_from_bytes torch.fx._graph_pickler torch.utils._config_module torch.utils.model_zoo
       torch.utils.show_pickle torch.distributed.checkpoint.format_utils torch.distributed.checkpoint.load
       torch.distributed.checkpoint.load_state_dict torch.distributed.checkpoint.save
       torch.distributed.checkpoint.async_save torch.distributed.checkpoint.save_state_dict
       torch.distributed.checkpoint.state_dict_loader torch.distributed.checkpoint.state_dict_saver
       torch.distributed.checkpoint.logger torch.distributed.checkpoint._experimental
       torch.distributed.flight_recorder torch.nativert)"},
    {runs_code, R"(torch.compile torch.classes torch.ops torch.jit.CompilationUnit torch.jit._script.CompilationUnit
       torch.jit.script torch.jit._script.script torch.jit.frontend torch._dynamo torch._inductor
       torch.jit.annotations torch.jit.fork torch.jit._async.fork torch.jit.unsupported_tensor_ops
       torch.fx.experimental torch.fx.passes torch.fx.operator_schemas torch.fx.graph_module torch.fx._symbolic_trace
       torch.fx.interpreter torch.testing torch.library torch.utils.benchmark torch.utils.bottleneck
       torch.utils._sympy torch.utils.model_dump torch.utils.bundled_inputs torch.utils.jit
       torch.utils.data.graph_settings torch.distributed.nn.jit torch.distributed.nn.api.remote_module
       torch.distributed.rpc torch.autograd.profiler_util torch.cuda.jiterator torch.cuda._compile_kernel
       torch.cuda._utils torch.mps.compile_shader torch.nn.attention._fa3 torch.nn.attention._fa4)"},
    {imports,
     "torch.import_ir_module torch.import_ir_module_from_buffer torch.utils._triton torch.distributed.argparse_util "
     "torch.nn.utils._deprecation_utils"},
    {native, R"(torch.utils.cpp_extension torch.utils._cpp_extension_versioner torch.utils._cpp_embed_headers
       torch.utils.hipify torch.cuda.memory torch.xpu.memory torch.cuda.gds torch.backends torch.contrib)"},
    {files, R"(torch.from_file torch.storage torch.UntypedStorage.from_file torch.TypedStorage.from_file
       torch.BFloat16Storage.from_file torch.BoolStorage.from_file torch.ByteStorage.from_file
       torch.CharStorage.from_file torch.DoubleStorage.from_file torch.FloatStorage.from_file
       torch.HalfStorage.from_file torch.IntStorage.from_file torch.LongStorage.from_file
       torch.ShortStorage.from_file torch.PyTorchFileReader torch.PyTorchFileWriter
       torch.DeserializationStorageContext torch.onnx torch.profiler torch.monitor torch.mps.profiler
       torch.cuda.tunable torch.cuda._memory_viz torch.cuda._annotate_cuda_graph_trace torch.utils._content_store
       torch.utils._freeze torch.utils._zip torch.utils.file_baton torch.utils.mobile_optimizer
       torch.utils.tensorboard torch.utils._get_clean_triton torch.utils.data.datapipes.gen_pyi
       torch.utils.data.datapipes.iter.filelister torch.utils.data.datapipes.iter.fileopener
       torch.utils.data.datapipes.utils torch.distributed.checkpoint.FileSystemReader
       torch.distributed.checkpoint.FileSystemWriter torch.distributed.checkpoint.filesystem
       torch.distributed.checkpoint.hf_storage torch.distributed.checkpoint.quantized_hf_storage
       torch.distributed.checkpoint._consolidate_hf_safetensors torch.distributed.checkpoint.staging
       torch.distributed.checkpoint._fsspec_filesystem)"},
    {processes, R"(torch.multiprocessing torch.utils.collect_env torch.utils._strobelight
       torch.utils.data._utils.worker torch.utils.data._utils.signal_handling torch.distributed.elastic
       torch.distributed.launch torch.distributed.launcher torch.distributed.run torch.distributed._tools
       torch.distributed.checkpoint._async_executor torch.distributed.checkpoint._async_process_executor
       torch.distributed.checkpoint._async_thread_executor torch.distributed.checkpoint._pg_transport torch.numa)"},
    {network, R"(torch.distributed.FileStore torch.distributed.HashStore torch.distributed.PrefixStore
       torch.distributed.Store torch.distributed.TCPStore torch.distributed.init_process_group
       torch.distributed.distributed_c10d.init_process_group
       torch.distributed.distributed_c10d._new_process_group_helper torch.distributed.rendezvous
       torch.distributed.debug torch.distributed._symmetric_memory)"},
    {interpreter, "torch.utils._traceback torch.set_vital torch.read_vitals"},
    {kept, R"(torch.storage.TypedStorage torch.storage.UntypedStorage torch.storage._LegacyStorage
       torch.serialization._get_layout torch.distributed.checkpoint.filesystem._StorageInfo
       torch.distributed.checkpoint.filesystem._StoragePrefix torch.fx.graph_module.GraphModule
       torch.fx.graph_module.reduce_graph_module torch.distributed.checkpoint.filesystem.SerializationFormat
       torch.distributed.checkpoint.hf_storage._HFStorageInfo torch.fx.passes.shape_prop.TensorMetadata)"},
    // Private ones: how tensors are made again, functions that modules hold, what types of tensors are called.
    {kept, R"(torch._tensor.* torch._utils.* torch._VF.* torch._six.* torch._ops.OpOverload
       torch._ops.OpOverloadPacket torch._C._TensorBase.* torch._C.TensorBase.* torch._C.Generator
       torch._C._VariableFunctions.* torch._C._VariableFunctionsClass.* torch._C._nn.* torch._C._fft.*
       torch._C._linalg.* torch._C._special.* torch._C._sparse.* torch._C._nested.* torch._C._functions.*
       torch._C._distributed_c10d.ReduceOp torch._C._SDPBackend torch._C.device torch._C.dtype torch._C.layout
       torch._C.memory_format torch._C.Size torch._prims_common.* torch._refs.* torch._decomp.* torch._subclasses.*
       torch._higher_order_ops.* torch._jit_internal.BroadcastingListCls torch._lowrank.* torch._linalg_utils.*
       torch._lobpcg.* torch._TorchCompileInductorWrapper torch._TorchCompileAOTInductorWrapper
       torch._TorchCompileWrapper torch.fx._symbolic_trace.Tracer)"},
    {imports, "torch._utils._import_dotted_name torch._utils.try_import"},
    // What torch.save writes beside a module of torch.compile.
    {kept, R"(torch._dynamo.backends.cudagraphs.CudagraphsBackend torch._dynamo.backends.debugging.aot_eager
       torch._dynamo.backends.debugging.eager torch._dynamo.convert_frame.CatchErrorsWrapper
       torch._dynamo.convert_frame.ConvertFrame torch._dynamo.convert_frame.ConvertFrameAssert
       torch._dynamo.convert_frame.ConvertFrameBox torch._dynamo.eval_frame.DisableContext
       torch._dynamo.eval_frame.OptimizeContext torch._dynamo.eval_frame.OptimizedModule
       torch._dynamo.eval_frame.RunOnlyContext torch._dynamo.hooks.Hooks
       torch._dynamo.repro.after_dynamo.WrapBackendDebug)"},
};

constexpr Row arrays[] = {
    {files, R"(numpy.DataSource numpy.fromfile numpy.fromregex numpy.genfromtxt numpy.load numpy.loadtxt numpy.memmap
       numpy.open_memmap numpy.save numpy.savetxt numpy.savez numpy.savez_compressed numpy.lib._datasource
       numpy.lib._format_impl numpy.lib._npyio_impl numpy.lib.format numpy.lib.npyio numpy.lib.utils
       numpy.lib._utils_impl numpy.core.memmap numpy._core.memmap numpy.core.multiarray.fromfile
       numpy._core.multiarray.fromfile numpy.core.numeric.fromfile numpy._core.numeric.fromfile
       numpy.core.records.fromfile numpy._core.records.fromfile numpy.rec.fromfile numpy.ma.mrecords
       numpy.ndarray.tofile numpy.ndarray.dump numpy.ndarray.dumps numpy.compat numpy.core._multiarray_umath.fromfile
       numpy._core._multiarray_umath.fromfile pandas.io pandas.read_clipboard pandas.read_csv pandas.read_excel
       pandas.read_feather pandas.read_fwf pandas.read_gbq pandas.read_hdf pandas.read_html pandas.read_json
       pandas.read_orc pandas.read_parquet pandas.read_pickle pandas.read_sas pandas.read_spss pandas.read_sql
       pandas.read_stata pandas.read_table pandas.read_xml pandas.to_pickle pandas.HDFStore pandas.ExcelFile
       pandas.ExcelWriter pandas.core.frame.DataFrame.to_pickle pandas.core.frame.DataFrame.to_csv scipy.io)"},
    {runs_code, R"(numpy.apply_along_axis numpy.apply_over_axes numpy.fromfunction numpy.frompyfunc numpy.piecewise
       numpy.lib.shape_base.apply_along_axis numpy.lib._shape_base_impl.apply_along_axis numpy.f2py numpy.testing
       numpy.conftest numpy._pytesttester numpy.lib._function_base_impl.piecewise numpy.lib.function_base.piecewise
       numpy.core.numeric.fromfunction numpy._core.numeric.fromfunction pandas.eval pandas.core.computation
       pandas.core.frame.DataFrame.eval pandas.core.frame.DataFrame.query numexpr)"},
    {native, "numpy.ctypeslib numpy.distutils scipy.weave"},
    {tool, "numpy.show_config numpy.show_runtime numpy.lookfor numpy.info numpy.source"},
};

struct Reasons {
  std::unordered_map<std::string_view, std::string_view> rows;
  std::unordered_set<std::string_view> kept_whole;  // of the names with `.*`, what stands before it

  Reasons() {
    for (const auto& table : {std::span<const Row>(python), std::span<const Row>(torch), std::span<const Row>(arrays)})
      for (const Row& row : table) add(row);
  }

  void add(const Row& row) {
    constexpr std::string_view blanks = " \n", below = ".*";
    for (auto at = row.names.find_first_not_of(blanks); at != row.names.npos;) {
      const auto end = std::min(row.names.find_first_of(blanks, at), row.names.size());
      const std::string_view name = row.names.substr(at, end - at);
      if (name.ends_with(below))
        kept_whole.insert(name.substr(0, name.size() - below.size()));
      else
        rows.emplace(name, row.why);
      at = row.names.find_first_not_of(blanks, end);
    }
  }
};

}  // namespace

std::string_view reason_against(std::string_view full) {
  static const Reasons all;
  if (const auto row = all.rows.find(full); row != all.rows.end()) return row->second;
  for (std::string_view name = full;;) {
    if (all.kept_whole.contains(name)) return kept;
    const auto dot = name.rfind('.');
    if (dot == name.npos) break;
    name = name.substr(0, dot);
    if (const auto row = all.rows.find(name); row != all.rows.end() && row->second != kept) return row->second;
  }
  return full.starts_with("torch._") ? interpreter : kept;
}

}  // namespace torch2mlx
