# One CTest test for each case file; the runner tells from the sections in it what to check.
if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/cpp/case_runner.cpp)
  file(GLOB case_sources CONFIGURE_DEPENDS cpp/cases/*.cpp)
  add_executable(case_runner cpp/case_runner.cpp ${case_sources})
  target_link_libraries(case_runner PRIVATE t2m_report)
  file(GLOB case_files CONFIGURE_DEPENDS ops/*.t functional/*.t passes/*.t errors/*.t)
  foreach(file ${case_files})
    file(RELATIVE_PATH name ${CMAKE_CURRENT_SOURCE_DIR} ${file})
    add_test(NAME ${name} COMMAND case_runner ${file} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endforeach()
  # A row or a pass without a case file, and a case file without either, is a failure.
  add_test(NAME cases.complete COMMAND case_runner --complete ${CMAKE_CURRENT_SOURCE_DIR})
endif()
