/* What the files of this module share. All arrays are C-contiguous; sizes are checked before anything is read. */
#ifndef FOLKMOOT_KERNELS_H
#define FOLKMOOT_KERNELS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* Functions that are compiled a second time for processors of the last ten years, chosen when the module is loaded
 * (CHOSEN: where this can be done). */
#if defined(__x86_64__) && defined(__GNUC__) && defined(__GLIBC__)
#define TWICE __attribute__((target_clones("avx2", "default")))
#define CHOSEN
#else
#define TWICE
#endif

/* Functions that become part of whoever calls them, compiled as that is. */
#if defined(_MSC_VER)
#define INSIDE static __forceinline
#else
#define INSIDE static inline __attribute__((always_inline))
#endif

/* Whether a buffer holds so many items; sets a ValueError that names it otherwise. */
int holds(const Py_buffer *buffer, Py_ssize_t items, Py_ssize_t size, const char *name);

/* A product of sizes; -1 where it is none, which no buffer holds. */
Py_ssize_t multiplied(Py_ssize_t a, Py_ssize_t b);

/* The value that is `rank`-th from the top (0: the largest); `scratch` has room for twice as many values. */
double ranked(const double *values, Py_ssize_t count, Py_ssize_t rank, double *scratch);

PyObject *kernel_settled(PyObject *module, PyObject *arguments);
PyObject *kernel_seats(PyObject *module, PyObject *arguments);
PyObject *kernel_offered(PyObject *module, PyObject *arguments);
PyObject *kernel_lowest(PyObject *module, PyObject *arguments);
PyObject *kernel_largest_sets(PyObject *module, PyObject *arguments);
PyObject *kernel_content(PyObject *module, PyObject *arguments);
PyObject *kernel_uniforms(PyObject *module, PyObject *arguments);
PyObject *kernel_votes(PyObject *module, PyObject *arguments);
PyObject *kernel_csr_matvecs(PyObject *module, PyObject *arguments);
PyObject *kernel_csc_matvecs(PyObject *module, PyObject *arguments);
PyObject *kernel_inner_products(PyObject *module, PyObject *arguments);
PyObject *kernel_inverses(PyObject *module, PyObject *arguments);

#endif
