# A libtorch by its folder alone: headers and libraries, as PyTorch's wheels and libtorch's archives have.
# TorchConfig.cmake of a CUDA build insists on a whole CUDA toolkit, with its compiler, for the sake of code
# that has CUDA in it. There is none here: streams, events and pinned memory come by libtorch's
# device-independent names, so that headers and libraries do.
#
# Sets libtorch_FOUND and, where it is TRUE, the target libtorch::libtorch and torch_standard, its C++.
# LIBTORCH_CXX11_ABI (0 or 1) is the C++ ABI it was built with; where it is not given, TorchConfig.cmake says.
set(libtorch_FOUND FALSE)
set(libtorch_root "$ENV{LIBTORCH}")
# Debian's PyTorch has links to some of its libraries in its folder; all of them lie where these lead.
get_filename_component(torch_lib "${libtorch_root}/lib/libtorch.so" REALPATH)
get_filename_component(torch_lib "${torch_lib}" DIRECTORY)
if(NOT EXISTS "${torch_lib}/libtorch_cuda.so")
  return()
endif()

set(torch_config "${libtorch_root}/share/cmake/Torch/TorchConfig.cmake")
set(torch_standard 17)
set(torch_abi 1)
if(EXISTS "${torch_config}")
  file(READ "${torch_config}" torch_config)
  if(torch_config MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
    set(torch_abi 0)
  endif()
  if(torch_config MATCHES "CXX_STANDARD ([0-9]+)")
    set(torch_standard ${CMAKE_MATCH_1})
  endif()
endif()
if(NOT DEFINED LIBTORCH_CXX11_ABI)
  set(LIBTORCH_CXX11_ABI ${torch_abi})
endif()

add_library(libtorch::libtorch INTERFACE IMPORTED)
set_target_properties(libtorch::libtorch PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES
    "${libtorch_root}/include;${libtorch_root}/include/torch/csrc/api/include"
  INTERFACE_COMPILE_DEFINITIONS "_GLIBCXX_USE_CXX11_ABI=${LIBTORCH_CXX11_ABI}")
# Nothing here names a symbol of the CUDA libraries, and they must be loaded all the same: they make
# themselves known to libtorch when they are.
target_link_options(libtorch::libtorch INTERFACE
  "LINKER:--no-as-needed,${torch_lib}/libtorch_cuda.so,--as-needed"
  "LINKER:--allow-shlib-undefined" "LINKER:-rpath,${torch_lib}")
target_link_libraries(libtorch::libtorch INTERFACE
  "${torch_lib}/libtorch.so" "${torch_lib}/libtorch_cpu.so" "${torch_lib}/libc10.so")
set(libtorch_FOUND TRUE)
message(STATUS "libtorch with CUDA: ${torch_lib}, C++11 ABI ${LIBTORCH_CXX11_ABI}")
