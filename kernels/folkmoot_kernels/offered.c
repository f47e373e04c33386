/* folkmoot/processes/robust/offered.py: what a slate offers everybody, whoever is assigned to what. */
#include "kernels.h"
#include <math.h>
#include <string.h>

/* Candidate by candidate, as numpy adds rows up. */
TWICE
static void added(const double *restrict chance, const double *restrict worth, const uint8_t *restrict vote, Py_ssize_t n,
                  double *restrict total, double *restrict squares, double *restrict agree, double *restrict best,
                  uint8_t *restrict voted)
{
    for (Py_ssize_t p = 0; p < n; p++) {
        const double doubt = 1.0 - chance[p];
        total[p] += doubt;
        squares[p] += doubt * doubt;
        agree[p] += chance[p];
        best[p] = worth[p] > best[p] ? worth[p] : best[p];
    }
    for (Py_ssize_t p = 0; p < n; p++)
        voted[p] |= vote[p];
}

/* offered(chances, worth, voted, chosen, numbers, any): numbers, float64 [3, n], become the chance to agree with one of
 * two random statements, the mean chance to agree, rounded, and the largest worth; any, bool [n], who agreed with one.
 * chances, worth: float64 [m, n]; voted: bool [m, n]; chosen: int64 [k], k > 0. */
PyObject *kernel_offered(PyObject *module, PyObject *arguments)
{
    Py_buffer chances, worth, voted, chosen, numbers, any;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*w*w*", &chances, &worth, &voted, &chosen, &numbers, &any))
        return NULL;
    PyObject *result = NULL;
    double *squares = NULL;
    const Py_ssize_t n = any.len, k = chosen.len / 8, m = n ? voted.len / n : 0;
    const int64_t *which = chosen.buf;
    if (!holds(&voted, multiplied(m, n), 1, "voted") || !holds(&chances, multiplied(m, n), 8, "chances")
        || !holds(&worth, multiplied(m, n), 8, "worth") || !holds(&chosen, k, 8, "chosen")
        || !holds(&numbers, multiplied(3, n), 8, "numbers"))
        goto done;
    for (Py_ssize_t i = 0; i < k; i++)
        if (n > 0 && (which[i] < 0 || which[i] >= m)) {
            PyErr_SetString(PyExc_ValueError, "chosen names a candidate that is not there");
            goto done;
        }
    squares = PyMem_Calloc((size_t)n + 1, sizeof(double));
    if (squares == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    double *covered = numbers.buf, *agree = covered + n, *best = agree + n;
    Py_BEGIN_ALLOW_THREADS
    memset(numbers.buf, 0, (size_t)numbers.len);
    memset(any.buf, 0, (size_t)any.len);
    for (Py_ssize_t p = 0; p < n; p++)
        best[p] = -INFINITY;
    for (Py_ssize_t i = 0; i < k; i++)
        added((const double *)chances.buf + which[i] * n, (const double *)worth.buf + which[i] * n,
              (const uint8_t *)voted.buf + which[i] * n, n, covered, squares, agree, best, any.buf);
    for (Py_ssize_t p = 0; p < n; p++) {
        const double neither = k == 1 ? covered[p] : (covered[p] * covered[p] - squares[p]) / (double)(k * (k - 1));
        covered[p] = 1.0 - neither;
        agree[p] = rint(agree[p] / (double)k * 1e9) / 1e9;
    }
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(squares);
    PyBuffer_Release(&chances);
    PyBuffer_Release(&worth);
    PyBuffer_Release(&voted);
    PyBuffer_Release(&chosen);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&any);
    return result;
}

/* lowest(values, whole, each, part, shares): the `whole` lowest have the share `each`, the next one `part`; of equal
 * ones the first come first. values, shares: float64 [n]. */
PyObject *kernel_lowest(PyObject *module, PyObject *arguments)
{
    Py_buffer values, shares;
    Py_ssize_t whole;
    double each, part;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*nddw*", &values, &whole, &each, &part, &shares))
        return NULL;
    PyObject *result = NULL;
    double *scratch = NULL;
    const Py_ssize_t n = values.len / 8;
    if (!holds(&values, n, 8, "values") || !holds(&shares, n, 8, "shares"))
        goto done;
    if (whole < 0 || whole >= n) {
        PyErr_Format(PyExc_ValueError, "there are no %zd values and one more", whole);
        goto done;
    }
    scratch = PyMem_Malloc((size_t)(2 * n) * sizeof(double));
    if (scratch == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    const double *value = values.buf;
    double *share = shares.buf;
    const double last = ranked(value, n, n - 1 - whole, scratch);
    Py_ssize_t left = whole + 1;
    for (Py_ssize_t p = 0; p < n; p++) {
        share[p] = value[p] < last ? each : 0.0;
        left -= value[p] < last;
    }
    for (Py_ssize_t p = 0; p < n && left > 0; p++)
        if (value[p] == last)
            share[p] = left-- > 1 ? each : part;
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(scratch);
    PyBuffer_Release(&values);
    PyBuffer_Release(&shares);
    return result;
}
