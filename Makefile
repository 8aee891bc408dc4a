# The commands of this project; `make help` lists them. CMake does the building.

BUILD ?= build
JOBS ?= $(shell getconf _NPROCESSORS_ONLN)
PYTHON_BIN = $(CURDIR)/.venv/bin/python
ZOO_BIN = $(CURDIR)/.venv-zoo/bin/python
FUZZ_SECONDS ?= 60
ROUNDS ?= 5
CLANG ?= $(shell tools/llvm clang)
CLANGXX ?= $(shell tools/llvm clang++)
CMAKE_FLAGS = -G Ninja -DPython_EXECUTABLE=$(PYTHON_BIN)

export PATH := $(CURDIR)/.venv/bin:$(PATH)
export CCACHE_SLOPPINESS = pch_defines,time_macros
export CMAKE_COLOR_DIAGNOSTICS ?= OFF

# MLX on Linux bundles a reference BLAS; where Debian's OpenBLAS exists, running things with it is far quicker.
# Looked up when a recipe runs, since tools/setup may just have installed it.
OPENBLAS = $(shell ls /usr/lib/*/openblas-pthread/libopenblas.so.0 2>/dev/null | head -1)
RUN = env PYTHONPATH=$(CURDIR)/python$${PYTHONPATH:+:$$PYTHONPATH} $(if $(OPENBLAS),LD_PRELOAD=$(OPENBLAS))

.PHONY: help demo test build test-build test-cpp test-python test-sanitized test-libcxx test-libcxx-plain random opinfo foreign transformers architectures sweep zoo fuzz bench lint lint-cpp lint-python format docs stubs clean
.DEFAULT_GOAL := help

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-22s %s\n", $$1, $$2 }'

demo: build ## convert a real pretrained model and compare it with PyTorch
	$(RUN) $(PYTHON_BIN) examples/demo.py

build: ## install what building needs, then build the program and the Python extensions
	@tools/setup demo
	@test -f $(BUILD)/build.ninja || cmake -S . -B $(BUILD) $(CMAKE_FLAGS)
	@cmake --build $(BUILD) -j $(JOBS) --target product

test: test-cpp test-python test-sanitized test-libcxx-plain ## build with warnings as errors and run every test

test-build:
	@tools/setup test
	@cmake -S . -B $(BUILD) $(CMAKE_FLAGS) -DTORCH2MLX_TESTS=ON -DTORCH2MLX_WERROR=ON >$(BUILD)-configure.log || \
	  { cat $(BUILD)-configure.log; exit 1; }
	@cmake --build $(BUILD) -j $(JOBS)

test-cpp: test-build ## C++ tests and case files
	$(RUN) ctest --test-dir $(BUILD) --output-on-failure --progress -j $(JOBS)

test-python: test-build ## Python tests
	$(RUN) OMP_NUM_THREADS=1 TORCH2MLX_SEED=20260 $(PYTHON_BIN) -m pytest -q -n $(JOBS) --dist worksteal

random: test-build ## the random tests with new seeds, ROUNDS times; a failure states its seed
	@set -e; for round in $$(seq $(ROUNDS)); do $(RUN) OMP_NUM_THREADS=1 \
	  $(PYTHON_BIN) -m pytest -q -n $(JOBS) --dist worksteal -m random; done

# The part that reads files from strangers, once more under the sanitizers. It needs no MLX and no Python.
test-sanitized: test-build ## the readers and the weights' path under ASan and UBSan
	@cmake -S . -B $(BUILD)-asan -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTORCH2MLX_TESTS=ON -DTORCH2MLX_WERROR=ON \
	  -DTORCH2MLX_GRAPH=OFF -DTORCH2MLX_PYTHON=OFF -DTORCH2MLX_SANITIZE=address,undefined >$(BUILD)-asan-configure.log || \
	  { cat $(BUILD)-asan-configure.log; exit 1; }
	@cmake --build $(BUILD)-asan -j $(JOBS)
	ctest --test-dir $(BUILD)-asan --output-on-failure --progress -j $(JOBS)

# Barely optimized: what is asked is whether it compiles and computes the same.
LIBCXX_FLAGS = -G Ninja -DPython_EXECUTABLE=$(PYTHON_BIN) -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O1 \
  -DTORCH2MLX_TESTS=ON -DTORCH2MLX_WERROR=ON -DTORCH2MLX_LIBCXX=ON -DCMAKE_C_COMPILER=$(CLANG) -DCMAKE_CXX_COMPILER=$(CLANGXX)

ifeq ($(shell uname),Darwin)
test-libcxx test-libcxx-plain: test-cpp # where every build is with libc++
else
test-libcxx: test-libcxx-plain ## every source with clang and libc++, as macOS has it; what needs no MLX is run too
	@cmake -S . -B $(BUILD)-libcxx-all $(LIBCXX_FLAGS) >$(BUILD)-libcxx-configure.log || \
	  { cat $(BUILD)-libcxx-configure.log; exit 1; }
	@cmake --build $(BUILD)-libcxx-all -j $(JOBS)

test-libcxx-plain: # the part of it that needs no MLX
	@tools/setup test libcxx
	@cmake -S . -B $(BUILD)-libcxx $(LIBCXX_FLAGS) -DTORCH2MLX_GRAPH=OFF -DTORCH2MLX_PYTHON=OFF \
	  >$(BUILD)-libcxx-configure.log || { cat $(BUILD)-libcxx-configure.log; exit 1; }
	@cmake --build $(BUILD)-libcxx -j $(JOBS)
	ctest --test-dir $(BUILD)-libcxx --output-on-failure --progress -j $(JOBS)
endif

opinfo: test-build ## PyTorch's own operator suite against MLX, at every dtype
	$(RUN) $(PYTHON_BIN) tools/opinfo.py --dtype all --jobs $(JOBS)

foreign: test-build ## every architecture as a file of torch.export.save that is not functional, against PyTorch
	$(RUN) OMP_NUM_THREADS=1 TORCH2MLX_EVERY_ARCHITECTURE=1 $(PYTHON_BIN) -m pytest -q -n $(JOBS) --dist worksteal \
	  tests/python/test_foreign_architectures.py

transformers: test-build ## architectures and heads of transformers beyond those of `make test` too, generated and compared, and as .mlxfn
	$(RUN) OMP_NUM_THREADS=1 TORCH2MLX_EVERY_ARCHITECTURE=1 $(PYTHON_BIN) -m pytest -q -n $(JOBS) --dist worksteal \
	  tests/python/test_transformers.py tests/python/test_mlxfn.py

architectures: test-build ## layouts by config.json against those of the live modules, for every model of transformers
	$(RUN) $(PYTHON_BIN) tools/check_architectures.py --jobs $(JOBS)

sweep: build ## every model type of transformers, generated and compared (hours; SWEEP=--resume goes on with the last)
	@tools/setup test zoo
	$(RUN) OMP_NUM_THREADS=1 $(ZOO_BIN) tools/sweep.py --jobs $(JOBS) --json tools/sweep.json $(SWEEP)

zoo: build ## nets of other packages, generated and compared (an hour or two; ZOO=--resume goes on, ZOO=timm takes a family)
	@tools/setup test zoo
	$(RUN) PYTHONPATH=$(CURDIR)/python:$(CURDIR)/tools OMP_NUM_THREADS=1 $(ZOO_BIN) -m zoo --jobs $(JOBS) --json tools/zoo.json $(ZOO)

# Seeds lie in the build folder, as does what the targets add to them; a finding ends the recipe with its file's name.
fuzz: build ## every reader under libFuzzer (clang) for FUZZ_SECONDS each
	@tools/setup test fuzz
	@cmake -S . -B $(BUILD)-fuzz -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DTORCH2MLX_FUZZ=ON -DTORCH2MLX_GRAPH=OFF \
	  -DTORCH2MLX_PYTHON=OFF -DCMAKE_C_COMPILER=$(CLANG) -DCMAKE_CXX_COMPILER=$(CLANGXX) \
	  >$(BUILD)-fuzz-configure.log || { cat $(BUILD)-fuzz-configure.log; exit 1; }
	@cmake --build $(BUILD)-fuzz -j $(JOBS) --target fuzz torch2mlx
	$(RUN) $(PYTHON_BIN) tests/fuzz/seeds.py $(BUILD)/cli/torch2mlx $(BUILD)-fuzz/corpus
	@tests/fuzz/run $(BUILD)-fuzz $(FUZZ_SECONDS)
	$(PYTHON_BIN) tests/fuzz/damaged.py $(BUILD)-fuzz/cli/torch2mlx $(BUILD)-fuzz/corpus

bench: build ## run the benchmarks; ratios are printed side by side
	@set -e; for script in $$(grep -l __main__ bench/*.py); do echo "== $$script"; $(RUN) $(PYTHON_BIN) $$script; done

lint: lint-python lint-cpp ## formatting, static analysis and types

lint-python:
	@tools/setup test lint
	ruff check .
	ruff format --check .
	mypy

lint-cpp:
	@tools/setup test lint
	@tools/lint_cpp $(BUILD)

format: ## rewrite all sources the way `make lint` wants them
	@tools/setup test lint
	ruff check --fix .
	ruff format .
	@tools/lint_cpp --format

docs: build ## write the tables of docs/support.md and check that links resolve
	$(RUN) $(PYTHON_BIN) tools/make_docs.py

stubs: build ## write the type stubs of the extensions (commit them)
	@cmake --build $(BUILD) --target stubs

clean: ## remove what was built; .venv stays
	rm -rf $(BUILD) $(BUILD)-asan $(BUILD)-tidy $(BUILD)-fuzz $(BUILD)-libcxx $(BUILD)-libcxx-all dist demo-output
	rm -rf $(BUILD)-configure.log $(BUILD)-asan-configure.log $(BUILD)-fuzz-configure.log $(BUILD)-libcxx-configure.log
	rm -f python/torch2mlx/_core*.so python/torch2mlx/_graph*.so
