# make run: the web page over the bundled speech.  make test: everything that CI runs.
PYTHON ?= python3
BIN := .venv/bin
AXE := .venv/axe-core-4.14.1/package/axe.min.js
DATA ?= ../shared/data
# Two processes, a test file in one of them: what a file shares (a server, a browser, an index) is made once.
TWO := -n 2 --dist loadfile
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test quick fuzz lint browser office model bench folds rivals screenshots clean

run: .venv/installed
	$(BIN)/python app.py

test: lint browser office $(AXE)
	$(BIN)/python -m pytest $(TWO)

# What needs no browser and no LibreOffice and takes no long: about two minutes.
quick: lint
	$(BIN)/python -m pytest $(TWO) -m "not browser and not office and not slow"

# Property tests on new examples, thirty times as many as CI's, which are the same each time.
fuzz: .venv/developer
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -m hypothesis

lint: .venv/developer
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The browser tests drive Debian's chromium; elsewhere install a Chromium and a Chinese font by hand.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk; } || { \
	  echo "浏览器测试需要 chromium 和中文字体：请安装 chromium 与 fonts-noto-cjk 后再运行 make test。"; exit 1; }

# LibreOffice prints what is exported as .docx and .pptx; its Impress (libsdlo.so) may be missing beside its Writer.
office:
	@test -e "$$(dirname "$$(readlink -f "$$(command -v soffice)")")/libsdlo.so" || { \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	  libreoffice-writer-nogui libreoffice-impress-nogui; } || { \
	  echo "导出文件的测试需要 LibreOffice：请安装其 Writer 与 Impress 后再运行 make test。"; exit 1; }

# The rules of accessibility that the browser tests hold the page to.
$(AXE): | .venv/developer
	@command -v npm >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq npm; } || { \
	  echo "无障碍检查需要 npm：请安装 Node.js 后再运行 make test。"; exit 1; }
	mkdir -p .venv/axe-core-4.14.1
	cd .venv/axe-core-4.14.1 && npm pack --silent axe-core@4.14.1 && tar -xzf axe-core-4.14.1.tgz

model: .venv/developer
	$(BIN)/python -m training --data $(DATA) --out assistant/models/bundled

# Writes docs/measured.md; one section: .venv/bin/python -m benchmarks speed
bench: .venv/developer .venv-rivals/installed
	$(BIN)/python -m benchmarks --data $(DATA)

# Five encoders are trained where training/work has none: about half an hour on two cores.
folds: .venv/developer
	$(BIN)/python -m benchmarks folds --data $(DATA)

rivals: .venv/developer .venv-rivals/installed
	$(BIN)/python -m benchmarks rivals --data $(DATA)

screenshots: .venv/developer browser
	PYTHONPATH=tests $(BIN)/python -m support.pictures

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "需要 Python 3.11 或更新版本：请安装后运行 make run PYTHON=python3.11。"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/developer: .venv/installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,training]'
	@touch $@

# What the assistant is measured beside, away from its own environment.
.venv-rivals/installed: benchmarks/rivals.txt constraints.txt
	test -x .venv-rivals/bin/python || $(PYTHON) -m venv .venv-rivals
	.venv-rivals/bin/python -m pip install --quiet --constraint constraints.txt --requirement benchmarks/rivals.txt
	@touch $@

clean:
	rm -rf .venv .venv-rivals build *.egg-info
