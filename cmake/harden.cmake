# Protections for a program that reads files from strangers; each where compiler and linker know it.
include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)

check_pie_supported(LANGUAGES CXX)  # with CMAKE_POSITION_INDEPENDENT_CODE, programs are linked to run at any address

if(NOT TORCH2MLX_HARDEN)
  return()
endif()

# The standard libraries check indices and iterators: libstdc++ by the first, libc++ (18 and later) by the second.
add_compile_definitions(_GLIBCXX_ASSERTIONS _LIBCPP_HARDENING_MODE=_LIBCPP_HARDENING_MODE_FAST)
check_cxx_compiler_flag(-fstack-protector-strong HAS_STACK_PROTECTOR)
if(HAS_STACK_PROTECTOR)
  add_compile_options(-fstack-protector-strong)
endif()
# Needs optimization, and the sanitizers do its work better. Distributions may define it already.
if(NOT TORCH2MLX_SANITIZE)
  add_compile_options("$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=3>")
endif()
# Tables of addresses are filled in when the program starts, and read-only from then on.
foreach(option relro now)
  check_linker_flag(CXX -Wl,-z,${option} HAS_LINKER_${option})
  if(HAS_LINKER_${option})
    add_link_options(-Wl,-z,${option})
  endif()
endforeach()
