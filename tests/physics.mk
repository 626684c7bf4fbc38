# --- the mean-field engine against what is known
physics_tests = \
  tests/physics/test_accuracy \
  tests/physics/test_switching \
  tests/physics/test_walls \
  tests/physics/test_walls_order \
  tests/physics/test_stiff \
  tests/physics/test_columns \
  tests/physics/test_conservation
# Minutes with sanitizers, which the tests of the rooms show the same code.
slow_physics_tests = \
  tests/physics/test_holes \
  tests/physics/test_tolerance \
  tests/physics/test_repeat
if HAVE_CVODE
slow_physics_tests += tests/physics/test_cvode
endif
if HAVE_CMOCKA
check_PROGRAMS += $(physics_tests) $(slow_physics_tests)
TESTS += $(physics_tests)
if !SANITIZERS
TESTS += $(slow_physics_tests)
endif
endif
PHYSICS_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
PHYSICS_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
PHYSICS_LIBS = $(FLOOR4) $(CMOCKA_LIBS)
tests_physics_test_accuracy_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_accuracy_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_accuracy_LDADD = $(PHYSICS_LIBS)
tests_physics_test_switching_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_switching_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_switching_LDADD = $(PHYSICS_LIBS)
tests_physics_test_walls_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_walls_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_walls_LDADD = $(PHYSICS_LIBS)
tests_physics_test_holes_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_holes_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_holes_LDADD = $(PHYSICS_LIBS)
tests_physics_test_walls_order_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_walls_order_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_walls_order_LDADD = $(PHYSICS_LIBS)
tests_physics_test_stiff_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_stiff_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_stiff_LDADD = $(PHYSICS_LIBS)
tests_physics_test_columns_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_columns_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_columns_LDADD = $(PHYSICS_LIBS)
tests_physics_test_tolerance_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_tolerance_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_tolerance_LDADD = $(PHYSICS_LIBS)
tests_physics_test_conservation_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_conservation_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_conservation_LDADD = $(PHYSICS_LIBS)
tests_physics_test_repeat_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_repeat_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_repeat_LDADD = $(PHYSICS_LIBS)
tests_physics_test_cvode_SOURCES = tests/physics/test_cvode.c
tests_physics_test_cvode_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_physics_test_cvode_CFLAGS = $(PHYSICS_CFLAGS)
tests_physics_test_cvode_LDADD = $(PHYSICS_LIBS) -lsundials_cvode -lsundials_nvecserial
EXTRA_DIST += tests/physics/scene.h tests/physics/networks.h tests/physics/oracle.h \
  tests/physics/tolerance.h scripts/work-error
accuracy_problems = \
  tests/physics/accuracy/brusselator.yaml tests/physics/accuracy/robertson.yaml \
  tests/physics/accuracy/point_source.yaml tests/physics/accuracy/switching.yaml \
  tests/physics/accuracy/schnakenberg.yaml tests/physics/accuracy/front.yaml \
  tests/physics/accuracy/moving.yaml tests/physics/accuracy/knee.yaml
EXTRA_DIST += $(accuracy_problems)

# --- the bench of the engine (its scene helper speaks cmocka)
if HAVE_CMOCKA
EXTRA_PROGRAMS += tests/bench/bench_stepper tests/bench/bench_threads
BENCHMARKS += tests/bench/bench_stepper tests/bench/bench_threads
endif
tests_bench_bench_stepper_SOURCES = \
  tests/bench/bench_stepper.c tests/bench/lod.c tests/bench/lod.h \
  tests/bench/point_source.c tests/bench/point_source.h tests/bench/signalling.c tests/bench/signalling.h \
  tests/bench/waiting.h
tests_bench_bench_stepper_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_bench_bench_stepper_CFLAGS = $(PHYSICS_CFLAGS)
tests_bench_bench_stepper_LDADD = libcli.a $(PHYSICS_LIBS)
tests_bench_bench_threads_SOURCES = tests/bench/bench_threads.c tests/bench/waiting.h
tests_bench_bench_threads_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_bench_bench_threads_CFLAGS = $(PHYSICS_CFLAGS)
tests_bench_bench_threads_LDADD = libcli.a $(PHYSICS_LIBS)

# --- error against tolerance and work
if HAVE_CMOCKA
EXTRA_PROGRAMS += tests/bench/bench_accuracy
BENCHMARKS += tests/bench/bench_accuracy
endif
tests_bench_bench_accuracy_SOURCES = tests/bench/bench_accuracy.c
tests_bench_bench_accuracy_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_bench_bench_accuracy_CFLAGS = $(PHYSICS_CFLAGS)
tests_bench_bench_accuracy_LDADD = $(PHYSICS_LIBS)
if HAVE_CVODE
tests_bench_bench_accuracy_CPPFLAGS += -DWITH_CVODE
tests_bench_bench_accuracy_LDADD += -lsundials_cvode -lsundials_nvecserial
endif

# --- beside solvers of others (scripts/bench-peers)
if HAVE_CMOCKA
check_PROGRAMS += tests/bench/bench_peers
if !SANITIZERS
TESTS += tests/physics/test_peers.sh
endif
endif
EXTRA_DIST += scripts/large-block scripts/bench-peers tests/physics/test_peers.sh tests/bench/peers/biofvm.cpp
tests_bench_bench_peers_SOURCES = tests/bench/bench_peers.c \
  tests/bench/point_source.c tests/bench/point_source.h tests/bench/signalling.c tests/bench/signalling.h \
  tests/bench/sundials_peer.c tests/bench/sundials_peer.h
tests_bench_bench_peers_CPPFLAGS = $(PHYSICS_CPPFLAGS)
tests_bench_bench_peers_CFLAGS = $(PHYSICS_CFLAGS)
tests_bench_bench_peers_LDADD = $(PHYSICS_LIBS)
if HAVE_CVODE
tests_bench_bench_peers_CPPFLAGS += -DWITH_CVODE
tests_bench_bench_peers_LDADD += -lsundials_cvode -lsundials_nvecserial
if HAVE_ARKODE
tests_bench_bench_peers_CPPFLAGS += -DWITH_ARKODE
tests_bench_bench_peers_LDADD += -lsundials_arkode
endif
endif
