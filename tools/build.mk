# How things are compiled. apxs speaks for httpd, pkg-config for the libraries; nothing here knows a distribution.
#
#   module     $(BUILD)/mod_activities.so
#   docs       $(BUILD)/docs: the page of /docs, with Swagger UI
#   unit       $(BUILD)/unit/NAME for each tests/unit/NAME.c
#   api        $(BUILD)/api/NAME for each tests/api/NAME.c, with the harness
#   replay     $(BUILD)/replay/NAME for each tests/fuzz/NAME.c: runs its corpus once
#   fuzz       $(BUILD)/fuzz/NAME: the same with libFuzzer (CC=clang)
#   bench      $(BUILD)/mod_bench.so
#
# Test programs are linked with an archive of everything in src/, of which the linker takes what they use. With
# SANITIZER=address,undefined all of it is built so, into the BUILD that the caller names.

APXS ?= apxs
BUILD ?= build
SANITIZER ?=

# One name for one directory, however the caller writes it: the notes of what an object was made of (-MMD) name the object, and would be passed over under another.
override BUILD := $(patsubst $(CURDIR)/%,%,$(abspath $(BUILD)))

ifeq ($(origin CC),default)
CC := $(shell $(APXS) -q CC)
endif

LIBRARIES := apr-util-1 apr-1 jansson libjwt yaml-0.1 libpcre2-8 libpq libcrypto
TEST_LIBRARIES := check libcurl

CPPFLAGS += -Isrc -I. -isystem $(shell $(APXS) -q INCLUDEDIR) $(shell $(APXS) -q EXTRA_CPPFLAGS) \
            $(shell pkg-config --cflags $(LIBRARIES)) -MMD -MP
WARNINGS := -Wall -Wextra -Werror -Wformat=2 -Wshadow -Wstrict-prototypes -Wvla -Wno-unused-parameter
# Every field of a table of ours is named, those of httpd's macros cannot be.
WARNINGS += -Wno-missing-field-initializers
# APR's rings compute offsets so.
WARNINGS += $(if $(findstring clang,$(CC)),-Wno-null-pointer-subtraction)
CFLAGS := -std=gnu11 -g -O2 -fPIC -fstack-protector-strong -fno-strict-aliasing $(WARNINGS) $(CFLAGS)
LIBS := $(shell pkg-config --libs $(LIBRARIES)) -lcrypt -lpthread -lm

ifeq ($(SANITIZER),)
CPPFLAGS += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
else
CFLAGS += -fsanitize=$(SANITIZER) -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS += -fsanitize=$(SANITIZER)
endif

sources := $(sort $(wildcard src/*/*.c)) $(wildcard mod_activities.c)
objects := $(sources:%.c=$(BUILD)/obj/%.o)
units := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/*.c))
harness := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard tests/api/harness*.c))
live := $(filter-out harness%,$(patsubst tests/api/%.c,%,$(wildcard tests/api/*.c)))
fuzzers := $(filter-out replay,$(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c)))

.PHONY: module docs unit api replay fuzz bench
.SECONDARY:
.DELETE_ON_ERROR:

module: $(BUILD)/mod_activities.so
unit: $(units:%=$(BUILD)/unit/%)
api: $(live:%=$(BUILD)/api/%)
replay: $(fuzzers:%=$(BUILD)/replay/%)
fuzz: $(fuzzers:%=$(BUILD)/fuzz/%)
bench: $(BUILD)/mod_bench.so

say = @printf '    %s %s\n'

# ---- compiling -----------------------------------------------------------------------------------------------

# Rebuilt as well when the flags are others: the file changes only with them.
flags := $(BUILD)/flags
$(shell mkdir -p $(BUILD); echo '$(subst ','\'',$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LIBS))' >$(flags).new; \
        cmp -s $(flags) $(flags).new && rm -f $(flags).new || mv $(flags).new $(flags))

$(BUILD)/obj/%.o: %.c $(flags)
	@mkdir -p $(@D)
	$(say) compile $<
	@$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/obj/tests/%.o: CPPFLAGS += $(shell pkg-config --cflags $(TEST_LIBRARIES))

# ---- linking -------------------------------------------------------------------------------------------------

$(BUILD)/mod_activities.so: $(objects) tools/module.map
	$(say) link $@
	@$(CC) -shared $(LDFLAGS) -Wl,-z,relro,-z,now -Wl,--version-script=tools/module.map -o $@.new $(objects) $(LIBS)
	@mv $@.new $@

$(BUILD)/mod_bench.so: $(BUILD)/obj/tests/bench/mod_bench.o
	$(say) link $@
	@$(CC) -shared $(LDFLAGS) -o $@ $^

$(BUILD)/rooms.a: $(objects)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/rooms.a
	@mkdir -p $(@D)
	$(say) link $@
	@$(CC) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs check) $(LIBS)

$(BUILD)/api/%: $(BUILD)/obj/tests/api/%.o $(harness)
	@mkdir -p $(@D)
	$(say) link $@
	@$(CC) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(TEST_LIBRARIES)) $(LIBS)

$(BUILD)/replay/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/obj/tests/fuzz/replay.o $(BUILD)/rooms.a
	@mkdir -p $(@D)
	$(say) link $@
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(BUILD)/rooms.a
	@mkdir -p $(@D)
	$(say) link $@
	@$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

# ---- the page of /docs ---------------------------------------------------------------------------------------

docs: $(patsubst conf/docs/%,$(BUILD)/docs/%,$(wildcard conf/docs/*)) $(BUILD)/docs/swagger-ui.version

$(BUILD)/docs/%: conf/docs/%
	@mkdir -p $(@D)
	@cp $< $@

$(BUILD)/docs/swagger-ui.version: tools/swagger-ui.sh
	@mkdir -p $(@D)
	@tools/swagger-ui.sh $(@D)
	@touch $@

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
