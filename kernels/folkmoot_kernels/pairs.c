/* folkmoot/preferences/sparse_sums.py and products.py: entries of a large sparse table, row after row, each with a column,
 * and features of rows and columns, those of one side by side. */
#include "kernels.h"
#include <string.h>

/* Four numbers in one register, where the compiler knows such a type. */
#if defined(__GNUC__)
typedef double Four __attribute__((vector_size(32), aligned(8), may_alias));
INSIDE void add(Four *sum, const double *a, const double *b) { *sum += *(const Four *)a * *(const Four *)b; }
INSIDE void add_times(Four *sum, double a, const double *b) { *sum += a * *(const Four *)b; }
#define UNROLLED _Pragma("GCC unroll 8")
#else
typedef struct {
    double at[4];
} Four;
INSIDE void add(Four *sum, const double *a, const double *b)
{
    for (int i = 0; i < 4; i++)
        sum->at[i] += a[i] * b[i];
}
INSIDE void add_times(Four *sum, double a, const double *b)
{
    for (int i = 0; i < 4; i++)
        sum->at[i] += a * b[i];
}
#define UNROLLED
#endif

/* So many fours stay in registers. */
enum { MOST = 8 };
#define EVERY(CASE) CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)

/* The entries of one row, and the number of features. */
typedef struct {
    const int32_t *column;
    const double *weight;
    Py_ssize_t count, k;
} Row;

/* Sums over a row of `some` features from the address given, in as many fours as hold them; the last may overlap. */
INSIDE void over_row(Row row, const double *features, double *out, Py_ssize_t some, const int fours)
{
    Four sum[MOST] = {{0}};
    for (Py_ssize_t e = 0; e < row.count; e++) {
        const double weight = row.weight[e], *from = features + row.column[e] * row.k;
        UNROLLED
        for (int f = 0; f < fours; f++)
            add_times(sum + f, weight, from + (f < fours - 1 ? 4 * f : some - 4));
    }
    UNROLLED
    for (int f = 0; f < fours; f++)
        *(Four *)(out + (f < fours - 1 ? 4 * f : some - 4)) = sum[f];
}

/* Sums over a row of one to three features; of fewer than three, the last is added up again. */
INSIDE void few_over_row(Row row, const double *features, double *out)
{
    const Py_ssize_t second = row.k > 1, third = row.k - 1;
    double a = 0.0, b = 0.0, c = 0.0;
    for (Py_ssize_t e = 0; e < row.count; e++) {
        const double weight = row.weight[e], *from = features + row.column[e] * row.k;
        a += weight * from[0];
        b += weight * from[second];
        c += weight * from[third];
    }
    out[0] = a;
    out[second] = b;
    out[third] = c;
}

/* Adds four times as many features of a row, weighted, to each of its columns. */
INSIDE void to_columns(Row row, const double *features, double *out, const int fours)
{
    Four own[MOST];
    UNROLLED
    for (int f = 0; f < fours; f++)
        own[f] = *(const Four *)(features + 4 * f);
    for (Py_ssize_t e = 0; e < row.count; e++) {
        UNROLLED
        for (int f = 0; f < fours; f++)
            add_times((Four *)(out + row.column[e] * row.k + 4 * f), row.weight[e], (const double *)(own + f));
    }
}

/* The same of a few features. */
INSIDE void few_to_columns(Row row, const double *features, double *out, const int few)
{
    for (Py_ssize_t e = 0; e < row.count; e++)
        for (int f = 0; f < few; f++)
            out[row.column[e] * row.k + f] += row.weight[e] * features[f];
}

static inline Row row_of(const int32_t *pointers, const int32_t *column, const double *weight, Py_ssize_t i, Py_ssize_t k)
{
    const Row row = {column + pointers[i], weight + pointers[i], pointers[i + 1] - pointers[i], k};
    return row;
}

#define OVER_ROW(fours) \
    case fours: \
        over_row(row, features + f, out + f, some, fours); \
        break;

/* Sums over each of n rows of k features of its columns. */
TWICE
static void row_sums(const int32_t *pointers, const int32_t *column, const double *weight, const double *features,
                     double *out, Py_ssize_t n, Py_ssize_t k)
{
    for (Py_ssize_t i = 0; i < n; i++, out += k) {
        const Row row = row_of(pointers, column, weight, i, k);
        if (k < 4)
            few_over_row(row, features, out);
        else
            for (Py_ssize_t f = 0; f < k; f += 4 * MOST) {
                const Py_ssize_t some = k - f < 4 * MOST ? k - f : 4 * MOST;
                switch ((some + 3) / 4) {
                    EVERY(OVER_ROW)
                }
            }
    }
}

#define TO_COLUMNS(fours) \
    case fours: \
        to_columns(row, features + f, out + f, fours); \
        break;

/* Sums over each column of k features of its rows, of which there are n. */
TWICE
static void column_sums(const int32_t *pointers, const int32_t *column, const double *weight, const double *features,
                        double *out, Py_ssize_t n, Py_ssize_t k)
{
    for (Py_ssize_t i = 0; i < n; i++, features += k) {
        const Row row = row_of(pointers, column, weight, i, k);
        Py_ssize_t f = 0;
        while (k - f >= 4) {
            const Py_ssize_t fours = k - f < 4 * MOST ? (k - f) / 4 : MOST;
            switch (fours) {
                EVERY(TO_COLUMNS)
            }
            f += 4 * fours;
        }
        switch (k - f) {
        case 3:
            few_to_columns(row, features + f, out + f, 3);
            break;
        case 2:
            few_to_columns(row, features + f, out + f, 2);
            break;
        case 1:
            few_to_columns(row, features + f, out + f, 1);
        }
    }
}

/* The inner product of k features, every fourth product added up by itself. */
INSIDE double inner(const double *a, const double *b, Py_ssize_t k)
{
    Four sum = {0};
    Py_ssize_t f = 0;
    for (; f + 4 <= k; f += 4)
        add(&sum, a + f, b + f);
    double lane[4];
    *(Four *)lane = sum;
    switch (k - f) {
    case 3:
        lane[2] += a[f + 2] * b[f + 2]; /* fall through */
    case 2:
        lane[1] += a[f + 1] * b[f + 1]; /* fall through */
    case 1:
        lane[0] += a[f] * b[f];
    }
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/* Inner products of the features of every entry's row and column. */
TWICE
static void all_products(const int32_t *row, const int32_t *column, const double *left, const double *right, double *out,
                         Py_ssize_t entries, Py_ssize_t k)
{
    for (Py_ssize_t e = 0; e < entries; e++)
        out[e] = inner(left + row[e] * k, right + column[e] * k, k);
}

/* The largest of some numbers, 0 of none; those below 0 are the largest of all. */
TWICE
static uint32_t largest(const uint32_t *number, Py_ssize_t count)
{
    uint32_t most = 0;
    for (Py_ssize_t i = 0; i < count; i++)
        most = number[i] > most ? number[i] : most;
    return most;
}

/* Whether every entry names one of `size` rows or columns; sets a ValueError otherwise. */
static int name_some(const Py_buffer *places, Py_ssize_t entries, Py_ssize_t size, const char *name)
{
    if (!holds(places, entries, 4, name))
        return 0;
    if (entries == 0 || largest(places->buf, entries) < size)
        return 1;
    PyErr_Format(PyExc_ValueError, "%s name one that is not among the %zd there are", name, size);
    return 0;
}

/* Whether entries lie in n rows as pointers say; sets a ValueError otherwise. */
static int divided(const Py_buffer *pointers, Py_ssize_t n, Py_ssize_t entries)
{
    if (!holds(pointers, n < 0 || n > pointers->len ? -1 : n + 1, 4, "pointers"))
        return 0;
    const int32_t *pointer = pointers->buf;
    int ascend = pointer[0] == 0 && pointer[n] == entries;
    for (Py_ssize_t i = 0; i < n; i++)
        ascend &= pointer[i] <= pointer[i + 1];
    if (!ascend)
        PyErr_SetString(PyExc_ValueError, "pointers do not divide the entries into rows");
    return ascend;
}

/* What csr_matvecs and csc_matvecs have in common: sums, float64 [n_sums, k], are written. `n` rows of entries, at
 * pointers, int32 [n + 1], each with one of m columns, int32 [n_entries], and a weight, float64 [n_entries]. */
static PyObject *sums_of(PyObject *arguments, int over_rows)
{
    Py_buffer pointers, columns, weights, features, sums;
    Py_ssize_t n, m, k;
    if (!PyArg_ParseTuple(arguments, "nnny*y*y*y*w*", over_rows ? &n : &m,
                          over_rows ? &m : &n, &k, &pointers, &columns, &weights, &features, &sums))
        return NULL;
    PyObject *result = NULL;
    const Py_ssize_t entries = columns.len / 4;
    if (!name_some(&columns, entries, m, "columns") || !divided(&pointers, n, entries) || !holds(&weights, entries, 8, "weights")
        || !holds(&features, multiplied(over_rows ? m : n, k), 8, "features")
        || !holds(&sums, multiplied(over_rows ? n : m, k), 8, "sums"))
        goto done;
    Py_BEGIN_ALLOW_THREADS
    if (k == 0)
        ; /* Of no features there are no sums. */
    else if (over_rows)
        row_sums(pointers.buf, columns.buf, weights.buf, features.buf, sums.buf, n, k);
    else {
        memset(sums.buf, 0, (size_t)sums.len);
        column_sums(pointers.buf, columns.buf, weights.buf, features.buf, sums.buf, n, k);
    }
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&pointers);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&weights);
    PyBuffer_Release(&features);
    PyBuffer_Release(&sums);
    return result;
}

/* csr_matvecs(n, m, k, pointers, columns, weights, features, sums): of features of columns, float64 [m, k], over rows. */
PyObject *kernel_csr_matvecs(PyObject *module, PyObject *arguments)
{
    (void)module;
    return sums_of(arguments, 1);
}

/* csc_matvecs(m, n, k, pointers, columns, weights, features, sums): of features of rows, float64 [n, k], over columns. */
PyObject *kernel_csc_matvecs(PyObject *module, PyObject *arguments)
{
    (void)module;
    return sums_of(arguments, 0);
}

/* inner_products(n, m, k, rows, columns, left, right, products): products, float64 [n_entries], of the features of rows,
 * float64 [n, k], and columns, float64 [m, k], are written. rows and columns, int32 [n_entries], are in any order. */
PyObject *kernel_inner_products(PyObject *module, PyObject *arguments)
{
    Py_buffer rows, columns, left, right, products;
    Py_ssize_t n, m, k;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "nnny*y*y*y*w*", &n, &m, &k, &rows, &columns, &left, &right, &products))
        return NULL;
    PyObject *result = NULL;
    const Py_ssize_t entries = rows.len / 4;
    if (!name_some(&rows, entries, n, "rows") || !name_some(&columns, entries, m, "columns")
        || !holds(&left, multiplied(n, k), 8, "left") || !holds(&right, multiplied(m, k), 8, "right")
        || !holds(&products, entries, 8, "products"))
        goto done;
    Py_BEGIN_ALLOW_THREADS
    all_products(rows.buf, columns.buf, left.buf, right.buf, products.buf, entries, k);
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&rows);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&left);
    PyBuffer_Release(&right);
    PyBuffer_Release(&products);
    return result;
}
