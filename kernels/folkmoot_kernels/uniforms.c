/* folkmoot/queries/completed.py, class Uniforms: numpy's generator Philox4x64-10 (Salmon et al. 2011), bit by bit. */
#include "kernels.h"

static inline uint64_t product(uint64_t a, uint64_t b, uint64_t *high)
{
#if defined(__SIZEOF_INT128__)
    const unsigned __int128 whole = (unsigned __int128)a * b;
    *high = (uint64_t)(whole >> 64);
    return (uint64_t)whole;
#else
    const uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
    const uint64_t low = al * bl, cross = ah * bl + (low >> 32), other = al * bh + (uint32_t)cross;
    *high = ah * bh + (cross >> 32) + (other >> 32);
    return a * b;
#endif
}

/* Four numbers at this counter. */
static inline void four(uint64_t first, uint64_t last, const uint64_t *key, uint64_t *numbers)
{
    uint64_t c0 = first, c1 = 0, c2 = 0, c3 = last, k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        uint64_t high0, high1;
        const uint64_t low0 = product(0xD2E7470EE14C6C93u, c0, &high0);
        const uint64_t low1 = product(0xCA5A826395121157u, c2, &high1);
        c0 = high1 ^ c1 ^ k0, c1 = low1, c2 = high0 ^ c3 ^ k1, c3 = low0;
        k0 += 0x9E3779B97F4A7C15u, k1 += 0xBB67AE8584CAA73Bu;
    }
    numbers[0] = c0, numbers[1] = c1, numbers[2] = c2, numbers[3] = c3;
}

static void filled(double *row, Py_ssize_t n, const uint64_t *key, uint64_t statement)
{
    uint64_t numbers[4];
    for (Py_ssize_t start = 0; start < n; start += 4) {
        four((uint64_t)start / 4 + 1, statement, key, numbers);
        const Py_ssize_t count = n - start < 4 ? n - start : 4;
        for (Py_ssize_t i = 0; i < count; i++)
            row[start + i] = (double)(numbers[i] >> 11) * (1.0 / 9007199254740992.0);
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
