/* folkmoot/preferences/sparse_sums.py and products.py: entries of a large sparse table, row after row, each with a column,
 * and features of rows and columns, those of one side by side. */
#include "kernels.h"

#if defined(_MSC_VER)
#define INSIDE static __forceinline
#else
#define INSIDE static inline __attribute__((always_inline))
#endif

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

/* The entries of a row; `order`, where there is one, says which weight is whose. */
typedef struct {
    const int32_t *column, *order;
    const double *weight;
    Py_ssize_t count;
} Row;

INSIDE double weight_of(Row row, Py_ssize_t e)
{
    return row.weight[row.order == NULL ? e : row.order[e]];
}

/* Sums of k features from the address given, in as many fours, of which the last one may overlap the one before. */
INSIDE void of_fours(Row row, const double *features, double *out, Py_ssize_t stride, Py_ssize_t k, const int fours)
{
    Four sum[MOST] = {{0}};
    for (Py_ssize_t e = 0; e < row.count; e++) {
        const double weight = weight_of(row, e), *from = features + row.column[e] * stride;
        UNROLLED
        for (int f = 0; f < fours; f++)
            add_times(sum + f, weight, from + (f < fours - 1 ? 4 * f : k - 4));
    }
    UNROLLED
    for (int f = 0; f < fours; f++)
        *(Four *)(out + (f < fours - 1 ? 4 * f : k - 4)) = sum[f];
}

/* Sums of one to three features; where there are fewer than three, the last is added up again. */
INSIDE void of_three(Row row, const double *features, double *out, Py_ssize_t k)
{
    const Py_ssize_t second = k > 1, third = k - 1;
    double a = 0.0, b = 0.0, c = 0.0;
    for (Py_ssize_t e = 0; e < row.count; e++) {
        const double weight = weight_of(row, e), *from = features + row.column[e] * k;
        a += weight * from[0];
        b += weight * from[second];
        c += weight * from[third];
    }
    out[0] = a;
    out[second] = b;
    out[third] = c;
}

#define CASE(fours) \
    case fours: \
        of_fours(row, features + f, out + f, k, here, fours); \
        break;

/* Weighted sums of k features over the entries of each of n rows. */
TWICE
static void all_sums(const int32_t *pointers, Row all, const double *features, double *out, Py_ssize_t n, Py_ssize_t k)
{
    for (Py_ssize_t i = 0; i < n; i++, out += k) {
        const Py_ssize_t start = pointers[i];
        Row row = {all.column + start, NULL, all.weight, pointers[i + 1] - start};
        if (all.order != NULL)
            row.order = all.order + start;
        else
            row.weight += start;
        for (Py_ssize_t f = 0; f < k; f += 4 * MOST) {
            const Py_ssize_t here = k - f < 4 * MOST ? k - f : 4 * MOST;
            if (k < 4)
                of_three(row, features, out, k);
            else
                switch ((here + 3) / 4) {
                    CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8)
                }
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
static void all_products(const int32_t *pointers, const int32_t *column, const double *left, const double *right,
                         double *out, Py_ssize_t n, Py_ssize_t k)
{
    for (Py_ssize_t i = 0; i < n; i++)
        for (Py_ssize_t e = pointers[i]; e < pointers[i + 1]; e++)
            out[e] = inner(left + i * k, right + column[e] * k, k);
}

/* Whether rows follow one another from the first entry to the last; sets a ValueError otherwise. */
static int follow(const Py_buffer *pointers, Py_ssize_t n, Py_ssize_t entries)
{
    const int32_t *pointer = pointers->buf;
    int good = pointer[0] == 0 && pointer[n] == entries;
    for (Py_ssize_t i = 0; i < n; i++)
        good &= pointer[i] <= pointer[i + 1];
    if (!good)
        PyErr_SetString(PyExc_ValueError, "pointers do not divide the entries");
    return good;
}

/* Whether all numbers are from 0 to below `size`; sets a ValueError that names them otherwise. */
static int below(const Py_buffer *numbers, Py_ssize_t size, const char *name)
{
    const uint32_t *number = numbers->buf;
    uint32_t most = 0;
    for (Py_ssize_t i = 0; i < numbers->len / 4; i++)
        most = number[i] > most ? number[i] : most;
    if (numbers->len == 0 || most < (size_t)size)
        return 1;
    PyErr_Format(PyExc_ValueError, "%s names more than there are", name);
    return 0;
}

/* weighted_sums(pointers, columns, order, weights, features, k, sums): sums, float64 [n, k], are written. pointers, int32
 * [n + 1], and columns, int32 [n_entries], say where the entries are; weights, float64 [n_entries], are in the same order
 * where `order` is None, which is int32 [n_entries] otherwise; features are float64 [m, k]. */
PyObject *kernel_weighted_sums(PyObject *module, PyObject *arguments)
{
    Py_buffer pointers, columns, order, weights, features, sums;
    Py_ssize_t k;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*z*y*y*nw*", &pointers, &columns, &order, &weights, &features, &k, &sums))
        return NULL;
    PyObject *result = NULL;
    const Py_ssize_t n = pointers.len < 4 ? 0 : pointers.len / 4 - 1, entries = columns.len / 4;
    const Py_ssize_t m = k > 0 ? features.len / 8 / k : 0;
    if (!holds(&pointers, n + 1, 4, "pointers") || !holds(&columns, entries, 4, "columns")
        || !holds(&weights, entries, 8, "weights") || !holds(&features, multiplied(m, k), 8, "features")
        || !holds(&sums, multiplied(n, k), 8, "sums") || !follow(&pointers, n, entries) || !below(&columns, m, "columns")
        || (order.buf != NULL && (!holds(&order, entries, 4, "order") || !below(&order, entries, "order"))))
        goto done;
    const Row all = {columns.buf, order.buf, weights.buf, entries};
    Py_BEGIN_ALLOW_THREADS
    all_sums(pointers.buf, all, features.buf, sums.buf, n, k);
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&pointers);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&order);
    PyBuffer_Release(&weights);
    PyBuffer_Release(&features);
    PyBuffer_Release(&sums);
    return result;
}

/* inner_products(pointers, columns, left, right, k, products): products, float64 [n_entries], are written. left, float64
 * [n, k], and right, float64 [m, k], are the features; entries as in weighted_sums. */
PyObject *kernel_inner_products(PyObject *module, PyObject *arguments)
{
    Py_buffer pointers, columns, left, right, products;
    Py_ssize_t k;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*nw*", &pointers, &columns, &left, &right, &k, &products))
        return NULL;
    PyObject *result = NULL;
    const Py_ssize_t n = pointers.len < 4 ? 0 : pointers.len / 4 - 1, entries = columns.len / 4;
    const Py_ssize_t m = k > 0 ? right.len / 8 / k : 0;
    if (!holds(&pointers, n + 1, 4, "pointers") || !holds(&columns, entries, 4, "columns")
        || !holds(&left, multiplied(n, k), 8, "left") || !holds(&right, multiplied(m, k), 8, "right")
        || !holds(&products, entries, 8, "products") || !follow(&pointers, n, entries) || !below(&columns, m, "columns"))
        goto done;
    Py_BEGIN_ALLOW_THREADS
    all_products(pointers.buf, columns.buf, left.buf, right.buf, products.buf, n, k);
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&pointers);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&left);
    PyBuffer_Release(&right);
    PyBuffer_Release(&products);
    return result;
}
