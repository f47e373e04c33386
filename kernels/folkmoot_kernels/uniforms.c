/* folkmoot/queries/drawn.py, class Uniforms: each statement's numbers have a counter of their own. */
#include "kernels.h"
#include "philox.h"

static void filled(double *row, Py_ssize_t n, const uint64_t *key, uint64_t statement)
{
    uint64_t numbers[4];
    for (Py_ssize_t start = 0; start < n; start += 4) {
        four_numbers((uint64_t)start / 4 + 1, statement, key, numbers);
        const Py_ssize_t count = n - start < 4 ? n - start : 4;
        for (Py_ssize_t i = 0; i < count; i++)
            row[start + i] = uniform(numbers[i]);
    }
}

/* uniforms(seed, draw, statements, numbers): numbers, float64 [statements, n], are written. */
PyObject *kernel_uniforms(PyObject *module, PyObject *arguments)
{
    Py_buffer statements, numbers;
    unsigned long long key[2];
    (void)module;
    if (!PyArg_ParseTuple(arguments, "KKy*w*", &key[0], &key[1], &statements, &numbers))
        return NULL;
    PyObject *result = NULL;
    const Py_ssize_t count = statements.len / 8, n = count ? numbers.len / 8 / count : 0;
    if (holds(&statements, count, 8, "statements") && holds(&numbers, count * n, 8, "numbers")) {
        const uint64_t keys[2] = {key[0], key[1]};
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t s = 0; s < count; s++)
            filled((double *)numbers.buf + s * n, n, keys, ((const uint64_t *)statements.buf)[s]);
        Py_END_ALLOW_THREADS
        result = Py_NewRef(Py_None);
    }
    PyBuffer_Release(&statements);
    PyBuffer_Release(&numbers);
    return result;
}
