/* folkmoot/preferences/inverses.py: inverses of many small symmetric positive definite matrices. */
#include "kernels.h"

/* So many matrices are swept side by side. */
enum { LANES = 32 };

static inline double *at(double *m, Py_ssize_t d, Py_ssize_t i, Py_ssize_t j)
{
    return m + (i < j ? i * d + j : j * d + i) * LANES;
}

/* `m` has room for d * d + 2 * d times LANES numbers. */
TWICE
static void swept(const double *packed, double *out, double *pivots, double *m, Py_ssize_t n, Py_ssize_t d)
{
    const Py_ssize_t size = d * (d + 1) / 2;
    double *column = m + d * d * LANES, *row = column + d * LANES;
    for (Py_ssize_t first = 0; first < n; first += LANES) {
        const Py_ssize_t count = n - first < LANES ? n - first : LANES;
        for (Py_ssize_t i = 0, place = 0; i < d; i++)
            for (Py_ssize_t j = i; j < d; j++, place++)
                for (Py_ssize_t l = 0; l < LANES; l++)
                    at(m, d, i, j)[l] = packed[(first + (l < count ? l : 0)) * size + place];
        for (Py_ssize_t i = 0; i < d; i++) {
            double inverse[LANES];
            for (Py_ssize_t l = 0; l < LANES; l++)
                inverse[l] = 1.0 / at(m, d, i, i)[l];
            for (Py_ssize_t j = 0; j < d; j++)
                for (Py_ssize_t l = 0; l < LANES; l++) {
                    column[j * LANES + l] = at(m, d, i, j)[l];
                    row[j * LANES + l] = column[j * LANES + l] * inverse[l];
                }
            for (Py_ssize_t l = 0; l < count; l++)
                pivots[i * n + first + l] = column[i * LANES + l];
            for (Py_ssize_t j = 0; j < d; j++)
                for (Py_ssize_t k = j; k < d; k++) {
                    double *own = m + (j * d + k) * LANES;
                    for (Py_ssize_t l = 0; l < LANES; l++)
                        own[l] -= row[k * LANES + l] * column[j * LANES + l];
                }
            for (Py_ssize_t j = 0; j < d; j++)
                for (Py_ssize_t l = 0; l < LANES; l++)
                    at(m, d, i, j)[l] = j == i ? -inverse[l] : row[j * LANES + l];
        }
        for (Py_ssize_t l = 0; l < count; l++)
            for (Py_ssize_t i = 0; i < d; i++)
                for (Py_ssize_t j = 0; j < d; j++)
                    *out++ = -at(m, d, i, j)[l];
    }
}

/* inverses(n, d, packed, out, pivots): out, float64 [n, d, d], and pivots, float64 [d, n], are written. `packed`, float64
 * [n, d * (d + 1) / 2], are the upper triangles, row by row. */
PyObject *kernel_inverses(PyObject *module, PyObject *arguments)
{
    Py_buffer packed, out, pivots;
    Py_ssize_t n, d;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "nny*w*w*", &n, &d, &packed, &out, &pivots))
        return NULL;
    PyObject *result = NULL;
    double *room = NULL;
    const Py_ssize_t square = multiplied(d, d);
    if (!holds(&pivots, multiplied(n, d), 8, "pivots") || !holds(&out, multiplied(n, square), 8, "out")
        || !holds(&packed, multiplied(n, (square - d) / 2 + d), 8, "packed"))
        goto done;
    room = PyMem_Calloc((size_t)square + 2 * (size_t)d + 1, LANES * sizeof(double));
    if (room == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    if (d > 0)
        swept(packed.buf, out.buf, pivots.buf, room, n, d);
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(room);
    PyBuffer_Release(&packed);
    PyBuffer_Release(&out);
    PyBuffer_Release(&pivots);
    return result;
}
