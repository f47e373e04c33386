/* folkmoot/queries/drawn.py: votes drawn where nobody voted, from the odds of two-part models and uniform numbers. */
#include "kernels.h"
#include "philox.h"
#include <stdlib.h>

enum { UNKNOWN = 255 };

/* The votes of one statement: 0, 1 or 2 where they are unknown. */
TWICE
static void drawn(const double *restrict agree, const double *restrict passes, const double *restrict numbers,
                  const int64_t *restrict number, Py_ssize_t n, uint8_t *restrict vote)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        double all = passes[i] + 1.0;
        all *= agree[i] + 1.0;
        const double reached = all * numbers[number[i]];
        all -= agree[i];
        /* No branch depends on a value. */
        const uint8_t made = (uint8_t)((reached >= 1.0) + (reached >= all)), open = (uint8_t)-(vote[i] == UNKNOWN);
        vote[i] = (uint8_t)((made & open) | (vote[i] & ~open));
    }
}

/* votes(seed, draw, statements, places, odds, beyond, votes): votes, uint8 [s, n], are written where they are 255: 0, 1
 * or 2. `places`, int64 [n], says which of a statement's uniform numbers decides; `odds` are those to agree, `beyond`
 * those not to take a side, float64 [s, n]. */
PyObject *kernel_votes(PyObject *module, PyObject *arguments)
{
    Py_buffer statements, places, odds, beyond, votes;
    unsigned long long seed, draw;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "KKy*y*y*y*w*", &seed, &draw, &statements, &places, &odds, &beyond, &votes))
        return NULL;
    PyObject *result = NULL;
    int64_t *number = NULL;
    double *numbers = NULL;
    const Py_ssize_t s = statements.len / 8, n = places.len / 8;
    if (!holds(&statements, s, 8, "statements") || !holds(&places, n, 8, "places") || !holds(&odds, multiplied(s, n), 8, "odds")
        || !holds(&beyond, multiplied(s, n), 8, "beyond") || !holds(&votes, multiplied(s, n), 1, "votes"))
        goto done;
    /* Four numbers are made at once; which fours are needed is the same for all statements. */
    const uint64_t key[2] = {seed, draw}, *statement = statements.buf, *place = places.buf;
    number = PyMem_Malloc((size_t)(2 * n + 1) * sizeof(int64_t));
    numbers = PyMem_Malloc((size_t)(4 * n + 1) * sizeof(double));
    if (number == NULL || numbers == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    uint64_t *four = (uint64_t *)number + n;
    Py_ssize_t fours = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (fours == 0 || place[i] / 4 != four[fours - 1])
            four[fours++] = place[i] / 4;
        number[i] = 4 * (fours - 1) + (int64_t)(place[i] % 4);
    }
    for (Py_ssize_t row = 0; row < s; row++) {
        for (Py_ssize_t at = 0; at < fours; at++) {
            uint64_t made[4];
            four_numbers(four[at] + 1, statement[row], key, made);
            for (int i = 0; i < 4; i++)
                numbers[4 * at + i] = uniform(made[i]);
        }
        drawn((const double *)odds.buf + row * n, (const double *)beyond.buf + row * n, numbers, number, n,
              (uint8_t *)votes.buf + row * n);
    }
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyMem_Free(number);
    PyMem_Free(numbers);
    PyBuffer_Release(&statements);
    PyBuffer_Release(&places);
    PyBuffer_Release(&odds);
    PyBuffer_Release(&beyond);
    PyBuffer_Release(&votes);
    return result;
}
