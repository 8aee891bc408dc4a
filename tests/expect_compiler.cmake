# cmake -DFILE=x.cpp -DCOMPILER=g++ -DINCLUDES=dir|dir -P expect_compiler.cmake
file(STRINGS ${FILE} first LIMIT_COUNT 1)
if(NOT first MATCHES "^// expect: (.+)$")
  message(FATAL_ERROR "${FILE}:1: the first line must be '// expect: TEXT'")
endif()
set(expected "${CMAKE_MATCH_1}")

string(REPLACE "|" ";-I" includes "-I${INCLUDES}")
execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C ${COMPILER} -std=c++20 -fsyntax-only ${includes} ${FILE}
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)

if(expected STREQUAL "compiles")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${FILE} must compile, but:\n${output}")
  endif()
elseif(result EQUAL 0)
  message(FATAL_ERROR "${FILE} compiled; it must be refused with: ${expected}")
else()
  string(FIND "${output}" "${expected}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${FILE} was refused without '${expected}':\n${output}")
  endif()
endif()
