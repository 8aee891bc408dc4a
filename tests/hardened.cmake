# Run by CTest: FILE, a program or an extension, has the protections of cmake/harden.cmake.
execute_process(COMMAND ${READELF} -W -h -l -d --dyn-syms ${FILE} OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)

set(wanted
  "Type: +DYN"                                  # may be loaded at any address
  "GNU_RELRO"                                   # its tables are read-only once it runs
  "FLAGS_1.*NOW|BIND_NOW"                       # and complete by then
  "GNU_STACK +[x0-9a-f ]+ RW +0x"               # data on the stack is no code
  "__stack_chk_fail"                            # -fstack-protector-strong
  "_chk@"                                       # -D_FORTIFY_SOURCE
  "__glibcxx_assert_fail"                       # checked indices
)
if(PROGRAM)
  list(APPEND wanted "FLAGS_1.*PIE")
endif()
foreach(pattern IN LISTS wanted)
  if(NOT said MATCHES "${pattern}")
    list(APPEND missing "${pattern}")
  endif()
endforeach()
if(missing)
  message(FATAL_ERROR "${FILE}: readelf shows nothing like: ${missing}")
endif()
