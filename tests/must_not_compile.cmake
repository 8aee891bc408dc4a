# Each file of cpp/must_not_compile says in its first line what the compiler must answer: `// expect: TEXT`, or
# `// expect: compiles` for the control, without which a missing header would pass for a rejected table.
file(GLOB rejected CONFIGURE_DEPENDS cpp/must_not_compile/*.cpp)
if(NOT rejected)
  message(FATAL_ERROR "cpp/must_not_compile holds no file")
endif()
set(include_flags $<TARGET_PROPERTY:t2m_report,INCLUDE_DIRECTORIES>)
foreach(file ${rejected})
  get_filename_component(name ${file} NAME_WE)
  add_test(NAME must_not_compile.${name}
           COMMAND ${CMAKE_COMMAND} -DFILE=${file} -DCOMPILER=${CMAKE_CXX_COMPILER}
                   "-DINCLUDES=$<JOIN:${include_flags},|>"
                   -P ${CMAKE_CURRENT_SOURCE_DIR}/expect_compiler.cmake)
endforeach()
