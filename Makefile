# mod_activities: commands for people. How things are compiled is in tools/build.mk.
#
#   make run        installs what is missing, builds, starts a private PostgreSQL and httpd with demo data; Ctrl-C stops
#   make test       the same from nothing on free ports, every test, and cleans up
#
#   make start      run in the background          make stop       ends it
#   make psql       a shell on its database        make install    puts the module into this machine's httpd
#   make build      only compiles                  make lint       reads sources and scripts for mistakes
#   make format     lays out the C                 make bench      measures
#   make fuzz       libFuzzer on every parser      make clean      removes what was built
#                                                  make distclean  … and the instance in VAR, with its data
#
# PORT=8080  where httpd listens        BIND=address  on that address only
# VAR=var    where the instance lives   DEMO=0        without demo data
# MPM=event  or worker                  EXTRA_CONF=f  an httpd configuration, included last in the main server
# SANITIZER=address,undefined           builds into build-asan/ and runs with it
# ARGS='-c …'  for psql                 ONLY=word     of the tests, those whose file names have it

PORT ?= 8080
VAR ?= var
DEMO ?= 1
MPM ?= event
BIND ?=
EXTRA_CONF ?=
SANITIZER ?=
BUILD ?= build$(if $(SANITIZER),-asan)
ARGS ?=
ONLY ?=
export PORT VAR DEMO MPM BIND EXTRA_CONF SANITIZER BUILD ONLY

# One at a time in a build directory: two instances may be started at once.
compile = mkdir -p $(BUILD) && flock $(BUILD)/lock $(MAKE) -s --no-print-directory -f tools/build.mk -j$$(nproc)

.PHONY: all build docs run start stop psql test install lint format bench fuzz clean distclean packages
.NOTPARALLEL:

all: build

# Swagger UI is worth having and not worth failing for: without it /docs says where it would come from.
packages:
	@tools/packages.sh run docs || tools/packages.sh run

build: packages
	@$(compile) module
	@$(compile) docs || echo '    going on without Swagger UI'

run: build
	@exec tools/instance.sh run

start: build
	@tools/instance.sh start

stop:
	@tools/instance.sh stop

psql:
	@exec tools/database.sh psql $(ARGS)

test:
	@exec tests/run

install: build
	@tools/install.sh

lint:
	@tools/packages.sh run lint
	@tools/lint.sh

format:
	@tools/packages.sh format
	clang-format -i mod_activities.c src/*/*.c src/*/*.h tests/*/*.c tests/*/*.h

bench: build
	@tools/packages.sh bench
	@exec tests/bench/run

fuzz:
	@tools/packages.sh run fuzz
	@exec tests/fuzz/run

clean:
	rm -rf build build-asan build-fuzz

distclean: clean
	@tools/instance.sh stop
	@tools/instance.sh remove
