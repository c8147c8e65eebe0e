#define _GNU_SOURCE
#include "MatrixProduct.h"
#include "CKernels.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The library is opened and not linked: commands that train nothing start without it, and it reads
// its environment only when opened, so that what could slow it can be hidden from it first.

static char library_name[64];

#if defined(__APPLE__)

typedef void (*product_function)(int, int, int, int, int, int, float, const float *, int,
                                 const float *, int, float, float *, int);
static product_function product;

static void open_library(void) {
  setenv("VECLIB_MAXIMUM_THREADS", "1", 1);
  void *library =
      dlopen("/System/Library/Frameworks/Accelerate.framework/Accelerate", RTLD_NOW | RTLD_LOCAL);
  if (!library) return;
  product = (product_function)dlsym(library, "cblas_sgemm");
  if (product) strcpy(library_name, "Accelerate");
}

void ckernels_float_matrix_product(bool transpose_a, bool transpose_b, long m, long n, long k,
                                   double alpha, const void *a, long stride_a, const void *b,
                                   long stride_b, double beta, void *c, long stride_c) {
  product(101, transpose_a ? 112 : 111, transpose_b ? 112 : 111, (int)m, (int)n, (int)k,
          (float)alpha, a, (int)stride_a, b, (int)stride_b, (float)beta, c, (int)stride_c);
}

#else

extern char **environ;

// oneDNN, whose C interface is stable from major version 1 to 3; its row-major sgemm.
typedef int (*product_function)(char, char, int64_t, int64_t, int64_t, float, const float *,
                                int64_t, const float *, int64_t, float, float *, int64_t);
typedef void (*thread_function)(int);
struct version {
  int major, minor, patch;
};
typedef const struct version *(*version_function)(void);

static product_function product;
static thread_function set_threads;

void ckernels_float_matrix_product(bool transpose_a, bool transpose_b, long m, long n, long k,
                                   double alpha, const void *a, long stride_a, const void *b,
                                   long stride_b, double beta, void *c, long stride_c) {
  // OpenMP keeps this number for each thread by itself, so it is set on whichever thread calls.
  if (set_threads) set_threads(1);
  int status = product(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, (float)alpha, a,
                       stride_a, b, stride_b, (float)beta, c, stride_c);
  // Only memory for its own buffers can be missing; going on would train on what is left in c.
  if (status != 0) {
    fprintf(stderr, "oneDNN failed on a product of %ld x %ld x %ld, status %d\n", m, n, k, status);
    abort();
  }
}

static bool concerns_library(const char *variable) {
  static const char *const prefixes[] = {"OMP_", "GOMP_", "KMP_", "ONEDNN_", "DNNL_"};
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0) return true;
  return false;
}

enum { most_hidden = 64 };

/// Takes the variables that concern the library out of the environment, and keeps copies.
static int hide_variables(char *hidden[most_hidden]) {
  int count = 0;
  for (char **variable = environ; variable && *variable;) {
    char *equals = strchr(*variable, '=');
    if (count == most_hidden || !equals || !concerns_library(*variable)) {
      variable++;
      continue;
    }
    char *copy = strdup(*variable);
    if (!copy) return count;
    hidden[count++] = copy;
    copy[equals - *variable] = 0;
    unsetenv(copy);
    copy[strlen(copy)] = '=';
    // The list has moved up into the place of what was removed.
  }
  return count;
}

/// Puts them back, for the programs that are started from here.
static void restore_variables(char *hidden[], int count) {
  for (int i = 0; i < count; i++) {
    char *equals = strchr(hidden[i], '=');
    *equals = 0;
    setenv(hidden[i], equals + 1, 1);
    free(hidden[i]);
  }
}

static void open_library(void) {
  static const char *const names[] = {"libdnnl.so.3", "libdnnl.so.2", "libdnnl.so"};
  char *hidden[most_hidden];
  int count = hide_variables(hidden);
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
    library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
  if (library) {
    product = (product_function)dlsym(library, "dnnl_sgemm");
    // Absent from a build without OpenMP, which has no threads of its own.
    set_threads = (thread_function)dlsym(library, "omp_set_num_threads");
    version_function version = (version_function)dlsym(library, "dnnl_version");
    if (product && version) {
      // The first call reads the rest of the environment.
      float one = 1, result = 0;
      ckernels_float_matrix_product(false, false, 1, 1, 1, 1, &one, 1, &one, 1, 0, &result, 1);
      snprintf(library_name, sizeof library_name, "oneDNN %d.%d.%d", version()->major,
               version()->minor, version()->patch);
    }
  }
  restore_variables(hidden, count);
}

#endif

const char *ckernels_open_matrix_library(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  return *library_name ? library_name : NULL;
}
