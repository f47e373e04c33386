/* folkmoot/processes/robust/samples.py: sets of people, as bits of 64-bit words. */
#include "kernels.h"
#include <string.h>

static inline uint64_t bits(uint64_t word)
{
#if defined(__GNUC__)
    return (uint64_t)__builtin_popcountll(word);
#else
    word -= (word >> 1) & 0x5555555555555555u;
    word = (word & 0x3333333333333333u) + ((word >> 2) & 0x3333333333333333u);
    return (((word + (word >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u) >> 56;
#endif
}

/* For s draws, t thresholds, w words and m candidates: the largest number, over thresholds, of those whom a candidate
 * reaches and who do not have it. `count` is room for m numbers. */
INSIDE void counted(const uint64_t *reach, const uint64_t *content, int64_t *most, int64_t *count, Py_ssize_t s,
                    Py_ssize_t t, Py_ssize_t w, Py_ssize_t m)
{
    memset(most, 0, (size_t)(s * m) * sizeof(int64_t));
    for (Py_ssize_t draw = 0; draw < s; draw++)
        for (Py_ssize_t threshold = 0; threshold < t; threshold++) {
            memset(count, 0, (size_t)m * sizeof(int64_t));
            for (Py_ssize_t word = 0; word < w; word++) {
                const Py_ssize_t place = (draw * t + threshold) * w + word;
                const uint64_t lacking = ~content[place];
                const uint64_t *row = reach + place * m;
                for (Py_ssize_t c = 0; c < m; c++)
                    count[c] += (int64_t)bits(row[c] & lacking);
            }
            for (Py_ssize_t c = 0; c < m; c++)
                if (count[c] > most[draw * m + c])
                    most[draw * m + c] = count[c];
        }
}

TWICE
static void largest(const uint64_t *reach, const uint64_t *content, int64_t *most, int64_t *count, Py_ssize_t s,
                    Py_ssize_t t, Py_ssize_t w, Py_ssize_t m)
{
    counted(reach, content, most, count, s, t, w, m);
}

#if defined(CHOSEN)
/* Processors that count the bits of eight words at once. */
__attribute__((target("avx512vpopcntdq,avx512vl")))
static void largest_of_eight(const uint64_t *reach, const uint64_t *content, int64_t *most, int64_t *count, Py_ssize_t s,
                             Py_ssize_t t, Py_ssize_t w, Py_ssize_t m)
{
    counted(reach, content, most, count, s, t, w, m);
}
#define EIGHT (__builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512vl"))
#else
#define largest_of_eight largest
#define EIGHT 0
#endif

/* largest_sets(reach, content, s, t, w, m, most): most, int64 [s, m], is written. */
PyObject *kernel_largest_sets(PyObject *module, PyObject *arguments)
{
    Py_buffer reach, content, most;
    Py_ssize_t s, t, w, m;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*nnnnw*", &reach, &content, &s, &t, &w, &m, &most))
        return NULL;
    PyObject *result = NULL;
    int64_t *count = NULL;
    const Py_ssize_t words = multiplied(multiplied(s, t), w);
    if (!holds(&reach, multiplied(words, m), 8, "reach") || !holds(&content, words, 8, "content")
        || !holds(&most, multiplied(s, m), 8, "most"))
        goto done;
    /* Of nobody and of nothing there are no sets; t and w may then be anything. */
    if (words == 0 || m == 0) {
        memset(most.buf, 0, (size_t)most.len);
        result = Py_NewRef(Py_None);
        goto done;
    }
    count = PyMem_Malloc((size_t)(m + 1) * sizeof(int64_t));
    if (count == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    (EIGHT ? largest_of_eight : largest)(reach.buf, content.buf, most.buf, count, s, t, w, m);
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(count);
    PyBuffer_Release(&reach);
    PyBuffer_Release(&content);
    PyBuffer_Release(&most);
    return result;
}

/* content(reach, chosen, seats, w, content): content, uint64 [sets, w], gets those of a set of reach, uint64
 * [m, sets, w], who sit with its candidate. chosen: int64 [k]; seats: uint64 [k, w]. */
PyObject *kernel_content(PyObject *module, PyObject *arguments)
{
    Py_buffer reach, chosen, seats, content;
    Py_ssize_t w;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*y*nw*", &reach, &chosen, &seats, &w, &content))
        return NULL;
    PyObject *result = NULL;
    const Py_ssize_t k = chosen.len / 8, size = content.len / 8, m = size ? reach.len / content.len : 0;
    const int64_t *which = chosen.buf;
    if (!holds(&chosen, k, 8, "chosen") || !holds(&seats, multiplied(k, w), 8, "seats")
        || !holds(&reach, multiplied(m, size), 8, "reach") || !holds(&content, size, 8, "content"))
        goto done;
    if (size && (w < 1 || size % w)) {
        PyErr_Format(PyExc_ValueError, "content has %zd words, not so many times %zd", size, w);
        goto done;
    }
    for (Py_ssize_t i = 0; i < k; i++)
        if (size && (which[i] < 0 || which[i] >= m)) {
            PyErr_SetString(PyExc_ValueError, "chosen names a candidate that is not there");
            goto done;
        }
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < k; i++) {
        const uint64_t *own = (const uint64_t *)reach.buf + which[i] * size, *seat = (const uint64_t *)seats.buf + i * w;
        uint64_t *have = content.buf;
        for (Py_ssize_t first = 0; first < size; first += w)
            for (Py_ssize_t word = 0; word < w; word++)
                have[first + word] |= own[first + word] & seat[word];
    }
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&reach);
    PyBuffer_Release(&chosen);
    PyBuffer_Release(&seats);
    PyBuffer_Release(&content);
    return result;
}
