#!/bin/bash
# Collects what Debian's libtorch needs at run time into one folder: collect-libtorch.sh FOLDER
#
# Debian builds libtorch with the image and video operators of its Caffe2 days. They pull in OpenCV, FFmpeg,
# GDAL, Qt and 200 more libraries, of which libtorch itself does not use a single symbol. Those entries are
# taken out of its list of needed libraries, and only what is left is collected. A library that does have a
# symbol in use cannot get lost this way: the last check would name the symbol.
set -euo pipefail
target=$1
system=/usr/lib/x86_64-linux-gnu
mkdir -p "$target"

video='opencv_.*|avcodec|avformat|avutil|swscale|swresample'
unused="^lib($video|leveldb|lmdb|snappy|zmq|numa|OpenCL|zstd)\.so"
cp -L $system/libtorch.so.1.13 $system/libtorch_cpu.so.1.13 $system/libc10.so.1.13 "$target"
for library in "$target"/libtorch*; do
  patchelf --print-needed "$library" | { grep -E "$unused" || true; } | while read -r name; do
    patchelf --remove-needed "$name" "$library"
  done
done

# The dynamic linker knows what the rest needs in its turn. The C library stays with the system.
ldd "$target"/libtorch_cpu.so.1.13 | awk '$3 ~ /^\// { print $1, $3 }' | while read -r name path; do
  case $name in
    libc.so* | libm.so* | libdl.so* | librt.so* | libpthread.so* | libc10.so* | ld-linux*) ;;
    *) cp -L "$path" "$target/$name" ;;
  esac
done

missing=$(LD_LIBRARY_PATH=$target ldd -r "$target"/*.so* 2>&1 | grep -E 'not found|undefined symbol' || true)
if [ -n "$missing" ]; then
  echo "collect-libtorch.sh: what is left of libtorch is not whole:" >&2
  echo "$missing" >&2
  exit 1
fi
