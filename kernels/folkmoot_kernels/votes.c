/* folkmoot/queries/drawn.py: votes drawn where nobody voted, from the odds of two-part models and uniform numbers. */
#include "kernels.h"
#include "philox.h"
#include <math.h>

/* votes(seed, draw, statements, places, odds, beyond, votes): votes, float64 [s, n], are written where they are nan:
 * 0, 1/2 or 1. `places`, int64 [n], says which of a statement's uniform numbers decides; `odds` are those to agree,
 * `beyond` those not to take a side, float64 [s, n]. */
PyObject *kernel_votes(PyObject *module, PyObject *arguments)
{
    Py_buffer statements, places, odds, beyond, votes;
    unsigned long long seed, draw;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "KKy*y*y*y*w*", &seed, &draw, &statements, &places, &odds, &beyond, &votes))
        return NULL;
    PyObject *result = NULL;
    const Py_ssize_t s = statements.len / 8, n = places.len / 8;
    if (!holds(&statements, s, 8, "statements") || !holds(&places, n, 8, "places") || !holds(&odds, multiplied(s, n), 8, "odds")
        || !holds(&beyond, multiplied(s, n), 8, "beyond") || !holds(&votes, multiplied(s, n), 8, "votes"))
        goto done;
    const uint64_t key[2] = {seed, draw}, *statement = statements.buf, *place = places.buf;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t row = 0; row < s; row++) {
        const double *agree = (const double *)odds.buf + row * n, *passes = (const double *)beyond.buf + row * n;
        double *vote = (double *)votes.buf + row * n;
        uint64_t numbers[4] = {0}, at = UINT64_MAX;
        for (Py_ssize_t i = 0; i < n; i++) {
            if (!isnan(vote[i]))
                continue;
            if (place[i] / 4 != at) {
                at = place[i] / 4;
                four_numbers(at + 1, statement[row], key, numbers);
            }
            double all = passes[i] + 1.0;
            all *= agree[i] + 1.0;
            const double reached = all * uniform(numbers[place[i] % 4]);
            all -= agree[i];
            vote[i] = (double)((reached >= 1.0) + (reached >= all)) * 0.5;
        }
    }
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&statements);
    PyBuffer_Release(&places);
    PyBuffer_Release(&odds);
    PyBuffer_Release(&beyond);
    PyBuffer_Release(&votes);
    return result;
}
