/* folkmoot/processes/robust/seats.py, for people who all count the same: the same prices and places, to the bit. */
#include "kernels.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Values that are looked at together; most values near 0 that two are sought among, and how near they are at first, at most. */
enum { TOGETHER = 8, MANY = 256 };
static const double NEAR = 1.0 / 1024, WIDEST = 1.0;

typedef struct {
    Py_ssize_t k, n;
    double near;        /* what counts as near 0 */
    double *net;        /* [k, n] utilities minus prices */
    double *coming;     /* [k, n] the best of those that are still to be priced */
    double *priced;     /* [n] the best of those that are priced */
    double *keen;       /* [n] */
    double *scratch;    /* [3 n] */
    int64_t *best;      /* [n] */
    int64_t *waiting;   /* [n] */
    int64_t *crowd;     /* [n] */
    int64_t *room;      /* [k] */
    int64_t *wanted;    /* [k] */
    int64_t *open;      /* [k] */
} Seats;

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

/* The value whose rank is `beyond`, where that of a rank `last` is known (-1: none): the next one but for ties. */
TWICE
static double after(const Seats *seats, Py_ssize_t beyond, Py_ssize_t last, double known)
{
    if (last >= 0 && beyond > last) {
        const double *keen = seats->keen;
        double next = -INFINITY;
        Py_ssize_t as_large = 0;
        for (Py_ssize_t p = 0; p < seats->n; p++) {
            as_large += keen[p] >= known;
            next = larger(next, keen[p] < known ? keen[p] : -INFINITY);
        }
        if (beyond < as_large)
            return known;
        if (beyond == as_large)
            return next;
    }
    return ranked(seats->keen, seats->n, beyond, seats->scratch);
}

/* The values of two ranks, where both are near 0: from the second round on most prices hardly change. How near adapts
 * to how many others are. */
TWICE
static int near_nothing(Seats *seats, Py_ssize_t first, Py_ssize_t second, double *high, double *low)
{
    const double *keen = seats->keen, near = seats->near;
    double *found = seats->scratch;
    Py_ssize_t above = 0, count = 0;
    for (Py_ssize_t p = 0; p < seats->n; p++)
        above += keen[p] > near;
    if (first < above) {
        seats->near = near < WIDEST ? 2 * near : near;
        return 0;
    }
    for (Py_ssize_t start = 0; start < seats->n; start += TOGETHER) {
        const Py_ssize_t size = seats->n - start < TOGETHER ? seats->n - start : TOGETHER;
        int some = 0;
        for (Py_ssize_t p = start; p < start + size; p++)
            some |= fabs(keen[p]) <= near;
        if (!some)
            continue;
        if (count + size > MANY) {
            seats->near = near / 2;
            return 0;
        }
        for (Py_ssize_t p = start; p < start + size; p++) {
            found[count] = keen[p];
            count += fabs(keen[p]) <= near;
        }
    }
    if (second >= above + count) {
        seats->near = near < WIDEST ? 2 * near : near;
        return 0;
    }
    *high = ranked(found, count, first - above, found + count);
    *low = ranked(found, count, second - above, found + count);
    return 1;
}

/* One round: each statement's price becomes one at which no more want it than it may hold, and no fewer than it must. */
TWICE
static void priced_once(Seats *seats, const int64_t *lower, const int64_t *upper, double *price, const int64_t *order)
{
    const Py_ssize_t k = seats->k, n = seats->n;
    double *net = seats->net, *coming = seats->coming, *priced = seats->priced, *keen = seats->keen;
    /* Row i: the best of order[i + 1], order[i + 2], ... */
    memcpy(coming + (k - 2) * n, net + order[k - 1] * n, n * sizeof(double));
    for (Py_ssize_t i = k - 3; i >= 0; i--) {
        const double *next = net + order[i + 1] * n;
        for (Py_ssize_t p = 0; p < n; p++)
            coming[i * n + p] = larger(coming[(i + 1) * n + p], next[p]);
    }
    for (Py_ssize_t p = 0; p < n; p++)
        priced[p] = -INFINITY;
    for (Py_ssize_t i = 0; i < k; i++) {
        const int64_t s = order[i];
        double *own = net + s * n;
        if (i < k - 1)
            for (Py_ssize_t p = 0; p < n; p++)
                keen[p] = own[p] - larger(priced[p], coming[i * n + p]);
        else
            for (Py_ssize_t p = 0; p < n; p++)
                keen[p] = own[p] - priced[p];
        const Py_ssize_t last = lower[s] - 1 < n - 1 ? lower[s] - 1 : n - 1;
        double high, low;
        if (lower[s] < 1 || upper[s] >= n || !near_nothing(seats, last, upper[s], &high, &low)) {
            high = lower[s] > 0 ? ranked(keen, n, last, seats->scratch) : INFINITY;
            low = upper[s] < n ? after(seats, upper[s], lower[s] > 0 ? last : -1, high) : -INFINITY;
        }
        double change = -price[s] < low ? low : -price[s];
        change = change > high ? high : change;
        price[s] += change;
        for (Py_ssize_t p = 0; p < n; p++) {
            own[p] -= change;
            priced[p] = larger(priced[p], own[p]);
        }
    }
}

/* Whoever a statement is worth more to than those before seeks it. */
TWICE
static void sought(const double *restrict own, int64_t statement, Py_ssize_t count, double *restrict most,
                   int64_t *restrict best)
{
    for (Py_ssize_t w = 0; w < count; w++) {
        best[w] = own[w] > most[w] ? statement : best[w];
        most[w] = larger(most[w], own[w]);
    }
}

/* Seats for as many as there is room for; who leads the second choice by most is seated first. */
TWICE
static void given(Seats *seats, const int64_t *upper, int64_t *place)
{
    const Py_ssize_t k = seats->k, n = seats->n;
    double *net = seats->net, *lead = seats->keen, *leads = seats->priced;
    int64_t *best = seats->best, *waiting = seats->waiting, *crowd = seats->crowd;
    int64_t *room = seats->room, *wanted = seats->wanted, *open = seats->open;
    Py_ssize_t left = n, opened = 0;
    for (Py_ssize_t s = 0; s < k; s++) {
        room[s] = upper[s];
        if (room[s] > 0)
            open[opened++] = s;
    }
    for (Py_ssize_t p = 0; p < n; p++) {
        place[p] = -1;
        waiting[p] = p;
    }
    while (left && opened) {
        memset(wanted, 0, k * sizeof(int64_t));
        double *most = seats->coming; /* [n] of room enough */
        for (Py_ssize_t w = 0; w < left; w++) {
            most[w] = -INFINITY;
            best[w] = open[0];
        }
        for (Py_ssize_t o = 0; o < opened; o++) {
            const double *own = net + open[o] * n;
            if (left < n) {
                /* Those who wait, side by side as all are at first. */
                for (Py_ssize_t w = 0; w < left; w++)
                    seats->scratch[w] = own[waiting[w]];
                own = seats->scratch;
            }
            sought(own, open[o], left, most, best);
        }
        for (Py_ssize_t w = 0; w < left; w++)
            wanted[best[w]]++;
        Py_ssize_t still = 0;
        for (Py_ssize_t w = 0; w < left; w++) {
            place[waiting[w]] = best[w];
            if (wanted[best[w]] > room[best[w]])
                crowd[still++] = w;
        }
        /* The crowds' leads, then for each statement the lead of the last who has room. */
        for (Py_ssize_t c = 0; c < still; c++) {
            const int64_t w = crowd[c], p = waiting[w];
            double second = -INFINITY;
            for (Py_ssize_t o = 0; o < opened; o++)
                if (open[o] != best[w])
                    second = larger(second, net[open[o] * n + p]);
            lead[c] = opened > 1 ? most[w] - second : most[w];
        }
        for (Py_ssize_t o = 0; o < opened; o++) {
            const int64_t s = open[o];
            if (wanted[s] <= room[s])
                continue;
            Py_ssize_t count = 0;
            for (Py_ssize_t c = 0; c < still; c++)
                if (best[crowd[c]] == s)
                    leads[count++] = lead[c];
            const double last = ranked(leads, count, room[s] - 1, seats->scratch);
            int64_t before = 0;
            for (Py_ssize_t c = 0; c < still; c++)
                before += best[crowd[c]] == s && lead[c] > last;
            int64_t ties = room[s] - before; /* of equal ones the first come first */
            for (Py_ssize_t c = 0; c < still; c++)
                if (best[crowd[c]] == s && !(lead[c] > last) && !(lead[c] == last && ties-- > 0))
                    place[waiting[crowd[c]]] = -1;
        }
        for (Py_ssize_t o = 0; o < opened; o++)
            room[open[o]] -= wanted[open[o]] < room[open[o]] ? wanted[open[o]] : room[open[o]];
        Py_ssize_t some = 0;
        for (Py_ssize_t o = 0; o < opened; o++)
            if (room[open[o]] > 0)
                open[some++] = open[o];
        opened = some;
        some = 0;
        for (Py_ssize_t w = 0; w < left; w++)
            if (place[waiting[w]] < 0)
                waiting[some++] = waiting[w];
        left = some;
    }
}

/* seats(wish, lower, upper, price, order, passes, place): price and place are written. */
PyObject *kernel_seats(PyObject *module, PyObject *arguments)
{
    Py_buffer wish, lower, upper, price, order, place;
    long passes;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*y*w*y*lw*", &wish, &lower, &upper, &price, &order, &passes, &place))
        return NULL;
    PyObject *result = NULL;
    Seats seats = {.k = lower.len / 8, .n = place.len / 8, .near = NEAR};
    const Py_ssize_t k = seats.k, n = seats.n;
    const int64_t *turns = order.buf;
    double *prices = price.buf;
    if (!holds(&wish, multiplied(k, n), 8, "wish") || !holds(&lower, k, 8, "lower") || !holds(&upper, k, 8, "upper")
        || !holds(&price, k, 8, "price") || !holds(&order, k, 8, "order") || !holds(&place, n, 8, "place"))
        goto done;
    for (Py_ssize_t s = 0; s < k; s++)
        if (turns[s] < 0 || turns[s] >= k || ((const int64_t *)lower.buf)[s] < 0 || ((const int64_t *)upper.buf)[s] < 0) {
            PyErr_SetString(PyExc_ValueError, "order names a statement that is not there, or a capacity is negative");
            goto done;
        }
    seats.net = malloc((size_t)(2 * k * n + 5 * n + 1) * sizeof(double));
    seats.best = malloc((size_t)(3 * n + 3 * k + 1) * sizeof(int64_t));
    if (seats.net == NULL || seats.best == NULL) {
        PyErr_NoMemory();
        goto freed;
    }
    seats.coming = seats.net + k * n, seats.priced = seats.coming + k * n, seats.keen = seats.priced + n;
    seats.scratch = seats.keen + n;
    seats.waiting = seats.best + n, seats.crowd = seats.waiting + n;
    seats.room = seats.crowd + n, seats.wanted = seats.room + k, seats.open = seats.wanted + k;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t s = 0; s < k; s++)
        for (Py_ssize_t p = 0; p < n; p++)
            seats.net[s * n + p] = ((const double *)wish.buf)[s * n + p] - prices[s];
    for (long pass = 0; k > 1 && n > 0 && pass < passes; pass++)
        priced_once(&seats, lower.buf, upper.buf, prices, turns);
    given(&seats, upper.buf, place.buf);
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
freed:
    free(seats.net);
    free(seats.best);
done:
    PyBuffer_Release(&wish);
    PyBuffer_Release(&lower);
    PyBuffer_Release(&upper);
    PyBuffer_Release(&price);
    PyBuffer_Release(&order);
    PyBuffer_Release(&place);
    return result;
}
