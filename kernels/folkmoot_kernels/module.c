/* The module: its functions, and what they share. */
#include "kernels.h"
#include <math.h>
#include <string.h>

int holds(const Py_buffer *buffer, Py_ssize_t items, Py_ssize_t size, const char *name)
{
    if (items >= 0 && items <= PY_SSIZE_T_MAX / size && buffer->len == items * size)
        return 1;
    PyErr_Format(PyExc_ValueError, "%s has %zd bytes, not %zd times %zd", name, buffer->len, items, size);
    return 0;
}

Py_ssize_t multiplied(Py_ssize_t a, Py_ssize_t b)
{
    return a < 0 || b < 0 || (b > 0 && a > PY_SSIZE_T_MAX / b) ? -1 : a * b;
}

/* Puts the value that is `rank`-th from the top into its place. */
static void select_largest(double *values, Py_ssize_t count, Py_ssize_t rank)
{
    Py_ssize_t first = 0, last = count - 1;
    while (first < last) {
        const Py_ssize_t middle = first + (last - first) / 2;
        const double a = values[first], b = values[middle], c = values[last];
        const double pivot = a > b ? (b > c ? b : (a > c ? c : a)) : (a > c ? a : (b > c ? c : b));
        Py_ssize_t i = first, j = last;
        while (i <= j) {
            while (values[i] > pivot)
                i++;
            while (values[j] < pivot)
                j--;
            if (i <= j) {
                const double kept = values[i];
                values[i++] = values[j];
                values[j--] = kept;
            }
        }
        if (rank <= j)
            last = j;
        else if (rank >= i)
            first = i;
        else
            return;
    }
}

/* A sample tells between which two values the one looked for is likely to lie. */
enum { SAMPLE = 24, ASIDE = 3, FEW = 4 * SAMPLE };

TWICE
double ranked(const double *values, Py_ssize_t count, Py_ssize_t rank, double *scratch)
{
    if (count > FEW) {
        double sample[SAMPLE];
        for (Py_ssize_t i = 0; i < SAMPLE; i++) {
            const double value = values[i * count / SAMPLE];
            Py_ssize_t j = i;
            for (; j > 0 && sample[j - 1] < value; j--)
                sample[j] = sample[j - 1];
            sample[j] = value;
        }
        const Py_ssize_t near = rank * SAMPLE / count;
        const double top = near >= ASIDE ? sample[near - ASIDE] : INFINITY;
        const double bottom = near + ASIDE < SAMPLE ? sample[near + ASIDE] : -INFINITY;
        Py_ssize_t above = 0, between = 0;
        for (Py_ssize_t i = 0; i < count; i++)
            above += values[i] > top;
        /* No branch depends on a value: guessing those is what takes time. */
        for (Py_ssize_t i = 0; i < count; i++) {
            const double value = values[i];
            scratch[between] = value;
            between += (value <= top) & (value >= bottom);
        }
        if (rank >= above && rank < above + between && between <= count / 2)
            return ranked(scratch, between, rank - above, scratch + between);
    }
    memcpy(scratch, values, (size_t)count * sizeof(double));
    select_largest(scratch, count, rank);
    return scratch[rank];
}

static PyMethodDef functions[] = {
    {"settled", kernel_settled, METH_VARARGS, "The divisible optimum of a balanced assignment."},
    {"seats", kernel_seats, METH_VARARGS, "A nearly best balanced assignment, by prices of the seats."},
    {"offered", kernel_offered, METH_VARARGS, "What a slate offers everybody."},
    {"lowest", kernel_lowest, METH_VARARGS, "Shares of the lowest values."},
    {"largest_sets", kernel_largest_sets, METH_VARARGS, "How many of those who lack something a candidate reaches."},
    {"content", kernel_content, METH_VARARGS, "Who has something with the assigned statement."},
    {"uniforms", kernel_uniforms, METH_VARARGS, "The uniform numbers of a draw, for some statements."},
    {"votes", kernel_votes, METH_VARARGS, "Votes drawn where nobody voted."},
    {"csr_matvecs", kernel_csr_matvecs, METH_VARARGS, "Weighted sums over the entries of rows."},
    {"csc_matvecs", kernel_csc_matvecs, METH_VARARGS, "Weighted sums over the entries of columns."},
    {"inner_products", kernel_inner_products, METH_VARARGS, "Inner products of rows' and columns' features at entries."},
    {"inverses", kernel_inverses, METH_VARARGS, "Inverses of many small symmetric positive definite matrices."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernels", "Loops of folkmoot, compiled.", 0, functions, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void)
{
    return PyModuleDef_Init(&definition);
}
