/* folkmoot/processes/assignment.py, class _Seats: the same moves in the same order, hence the same seating to the bit.
 *
 * People sit in parcels; a parcel with a mass above 1 may be split. Every parcel sits where utility minus price is
 * largest; parcels move along cheapest paths of the graph of statements, whose last node is the pool. See there. */
#include "kernels.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    Py_ssize_t n, k, nodes;         /* people; statements; statements and the pool */
    const double *utilities;        /* [n, k] those in force: the true ones or rounded ones */
    double *rounded, tolerance;     /* [n, k] */
    Py_ssize_t parcels, room_for;
    int64_t *row, *place, *mass;    /* [parcels] */
    int64_t *step;                  /* [parcels] the step of the path in hand that a parcel may go, from 1; 0: none */
    int64_t total, left;
    int64_t *lower, *room, *flow, *excess; /* [k], [k], [k], [nodes] */
    double *price, *arcs;           /* [nodes], [nodes, nodes] */
    double *length, *distance, *shorter; /* [nodes, nodes], [nodes], [nodes] */
    int64_t *before, *path;         /* [nodes] */
} Seating;

static int64_t clipped(int64_t value, int64_t low, int64_t high)
{
    value = value > low ? value : low;
    return value < high ? value : high;
}

/* Makes places right for these utilities; returns how much is then in excess. */
static int64_t take_places(Seating *seating, const double *utilities)
{
    const Py_ssize_t k = seating->k;
    const double *price = seating->price, free_ = price[k];
    seating->utilities = utilities;
    for (Py_ssize_t parcel = 0; parcel < seating->parcels; parcel++) {
        const double *own = utilities + seating->row[parcel] * k;
        Py_ssize_t best = 0;
        double top = own[0] - price[0];
        for (Py_ssize_t s = 1; s < k; s++) {
            const double net = own[s] - price[s];
            if (net > top) {
                top = net;
                best = s;
            }
        }
        const int64_t place = seating->place[parcel];
        if (!(own[place] - price[place] >= top - seating->tolerance))
            seating->place[parcel] = best;
    }
    int64_t *excess = seating->excess, flowing = 0, all = 0;
    memset(excess, 0, (size_t)seating->nodes * sizeof(int64_t));
    for (Py_ssize_t parcel = 0; parcel < seating->parcels; parcel++)
        excess[seating->place[parcel]] += seating->mass[parcel];
    for (Py_ssize_t s = 0; s < k; s++) {
        const int64_t beyond = excess[s] - seating->lower[s], room = seating->room[s];
        seating->flow[s] = clipped(beyond, price[s] > free_ ? room : 0, price[s] < free_ ? 0 : room);
        excess[s] = beyond - seating->flow[s];
        flowing += seating->flow[s];
    }
    excess[k] = flowing - seating->left;
    for (Py_ssize_t node = 0; node < seating->nodes; node++)
        all += excess[node] < 0 ? -excess[node] : excess[node];
    return all / 2;
}

/* The arcs from a statement to the others; of the pool, those in both directions. */
static void find_arcs_from(Seating *seating, Py_ssize_t node)
{
    const Py_ssize_t k = seating->k, nodes = seating->nodes;
    double *arcs = seating->arcs;
    if (node == k) {
        for (Py_ssize_t s = 0; s < k; s++) {
            arcs[s * nodes + k] = seating->flow[s] < seating->room[s] ? 0.0 : INFINITY;
            arcs[k * nodes + s] = seating->flow[s] > 0 ? 0.0 : INFINITY;
        }
        return;
    }
    double *own = arcs + node * nodes;
    for (Py_ssize_t s = 0; s < k; s++)
        own[s] = INFINITY;
    for (Py_ssize_t parcel = 0; parcel < seating->parcels; parcel++)
        if (seating->place[parcel] == node) {
            const double *utility = seating->utilities + seating->row[parcel] * k, here = utility[node];
            for (Py_ssize_t s = 0; s < k; s++) {
                const double loss = here - utility[s];
                own[s] = loss < own[s] ? loss : own[s];
            }
        }
}

static void find_arcs(Seating *seating)
{
    for (Py_ssize_t node = 0; node < seating->nodes; node++)
        find_arcs_from(seating, node);
}

/* Bellman-Ford over the lengths at these prices, which follow. Returns how many nodes the path has. */
static Py_ssize_t cheapest_path(Seating *seating)
{
    const Py_ssize_t nodes = seating->nodes;
    const double *arcs = seating->arcs;
    double *price = seating->price, *length = seating->length, *distance = seating->distance;
    double *shorter = seating->shorter;
    for (Py_ssize_t s = 0; s < nodes; s++) {
        for (Py_ssize_t t = 0; t < nodes; t++) {
            const double arc = arcs[s * nodes + t] - price[s] + price[t];
            length[s * nodes + t] = arc > 0.0 ? arc : 0.0;
        }
        distance[s] = seating->excess[s] > 0 ? 0.0 : INFINITY;
        seating->before[s] = -1;
    }
    for (int better = 1; better;) {
        better = 0;
        for (Py_ssize_t t = 0; t < nodes; t++)
            shorter[t] = distance[t];
        for (Py_ssize_t s = 0; s < nodes; s++)
            for (Py_ssize_t t = 0; t < nodes; t++) {
                const double through = distance[s] + length[s * nodes + t];
                if (through < shorter[t]) {
                    shorter[t] = through;
                    seating->before[t] = s;
                    better = 1;
                }
            }
        memcpy(distance, shorter, (size_t)nodes * sizeof(double));
    }
    Py_ssize_t end = 0, steps = 0;
    double nearest = INFINITY;
    for (Py_ssize_t t = 0; t < nodes; t++)
        if (seating->excess[t] < 0 && distance[t] < nearest) {
            nearest = distance[t];
            end = t;
        }
    nearest = distance[end];
    for (Py_ssize_t t = 0; t < nodes; t++)
        price[t] -= distance[t] < nearest ? distance[t] : nearest;
    for (int64_t node = end; node >= 0 && steps < nodes; node = seating->before[node])
        seating->path[steps++] = node;
    for (Py_ssize_t i = 0; i < steps / 2; i++) {
        const int64_t kept = seating->path[i];
        seating->path[i] = seating->path[steps - 1 - i];
        seating->path[steps - 1 - i] = kept;
    }
    return steps;
}

/* One more parcel; 0 where there is no memory. */
static int parcel_added(Seating *seating, int64_t row, int64_t place, int64_t mass)
{
    if (seating->parcels == seating->room_for) {
        const size_t room = (size_t)seating->room_for * 2;
        int64_t *rows = realloc(seating->row, room * sizeof(int64_t));
        if (rows != NULL)
            seating->row = rows;
        int64_t *places = realloc(seating->place, room * sizeof(int64_t));
        if (places != NULL)
            seating->place = places;
        int64_t *masses = realloc(seating->mass, room * sizeof(int64_t));
        if (masses != NULL)
            seating->mass = masses;
        int64_t *steps = realloc(seating->step, room * sizeof(int64_t));
        if (steps != NULL)
            seating->step = steps;
        if (rows == NULL || places == NULL || masses == NULL || steps == NULL)
            return 0;
        seating->room_for = (Py_ssize_t)room;
    }
    const Py_ssize_t parcel = seating->parcels++;
    seating->row[parcel] = row, seating->place[parcel] = place, seating->mass[parcel] = mass;
    seating->step[parcel] = 0;
    return 1;
}

/* Moves as many units along the path as are in excess, wanted, and lose no more than the first; 0 without memory. */
static int move(Seating *seating, Py_ssize_t steps)
{
    const Py_ssize_t k = seating->k, nodes = seating->nodes;
    const int64_t *path = seating->path, first = path[0], last = path[steps - 1];
    int64_t amount = seating->excess[first] < -seating->excess[last] ? seating->excess[first] : -seating->excess[last];
    for (Py_ssize_t i = 0; i + 1 < steps; i++) {
        const int64_t s = path[i], t = path[i + 1];
        int64_t most = 0;
        if (s == k)
            most = seating->flow[t];
        else if (t == k)
            most = seating->room[s] - seating->flow[s];
        else {
            const double dearest = seating->arcs[s * nodes + t] + seating->tolerance;
            for (Py_ssize_t parcel = 0; parcel < seating->parcels; parcel++)
                if (seating->place[parcel] == s) {
                    const double *own = seating->utilities + seating->row[parcel] * k;
                    seating->step[parcel] = own[s] - own[t] <= dearest ? i + 1 : 0;
                    if (seating->step[parcel])
                        most += seating->mass[parcel];
                }
        }
        amount = most < amount ? most : amount;
    }
    for (Py_ssize_t i = 0; i + 1 < steps; i++) {
        const int64_t s = path[i], t = path[i + 1];
        if (s == k)
            seating->flow[t] -= amount;
        else if (t == k)
            seating->flow[s] += amount;
        else {
            int64_t heaped = 0;
            for (Py_ssize_t parcel = 0; parcel < seating->parcels && heaped < amount; parcel++)
                if (seating->place[parcel] == s && seating->step[parcel] == i + 1) {
                    heaped += seating->mass[parcel];
                    seating->place[parcel] = t;
                    if (heaped > amount) {
                        const int64_t stays = heaped - amount;
                        seating->mass[parcel] -= stays;
                        if (!parcel_added(seating, seating->row[parcel], s, stays))
                            return 0;
                    }
                }
        }
    }
    seating->excess[first] -= amount;
    seating->excess[last] += amount;
    return 1;
}

/* What may happen while people move. */
enum { NO_MEMORY, SETTLED, IMPOSSIBLE };

/* Moves people until nothing is in excess. */
static int balance(Seating *seating)
{
    find_arcs(seating);
    for (;;) {
        int more = 0;
        for (Py_ssize_t node = 0; node < seating->nodes; node++)
            more |= seating->excess[node] > 0;
        if (!more)
            return SETTLED;
        const Py_ssize_t steps = cheapest_path(seating);
        if (steps < 2 || seating->excess[seating->path[0]] <= 0 || seating->excess[seating->path[steps - 1]] >= 0)
            return IMPOSSIBLE;
        if (!move(seating, steps))
            return NO_MEMORY;
        for (Py_ssize_t i = 0; i < steps; i++)
            find_arcs_from(seating, seating->path[i]);
    }
}

/* Whether no cycle of moves gains; the prices become those that prove it. */
static int is_optimal(Seating *seating, const double *utilities)
{
    const Py_ssize_t nodes = seating->nodes;
    double *distance = seating->distance, *shorter = seating->shorter;
    seating->utilities = utilities;
    find_arcs(seating);
    for (Py_ssize_t node = 0; node < nodes; node++)
        distance[node] = -seating->price[node];
    for (Py_ssize_t round = 0; round < nodes; round++) {
        int settled = 1;
        memcpy(shorter, distance, (size_t)nodes * sizeof(double));
        for (Py_ssize_t s = 0; s < nodes; s++)
            for (Py_ssize_t t = 0; t < nodes; t++) {
                const double through = distance[s] + seating->arcs[s * nodes + t];
                shorter[t] = through < shorter[t] ? through : shorter[t];
            }
        for (Py_ssize_t node = 0; node < nodes; node++)
            settled &= shorter[node] >= distance[node] - seating->tolerance;
        if (settled) {
            for (Py_ssize_t node = 0; node < nodes; node++)
                seating->price[node] = -distance[node];
            return 1;
        }
        memcpy(distance, shorter, (size_t)nodes * sizeof(double));
    }
    return 0;
}

static int settled(Seating *seating, const double *utilities, double grain, int64_t few, double finer)
{
    const Py_ssize_t cells = seating->n * seating->k;
    while (take_places(seating, utilities) > few && grain / finer > seating->tolerance) {
        grain /= finer;
        for (Py_ssize_t i = 0; i < cells; i++)
            seating->rounded[i] = rint(utilities[i] / grain) * grain;
        take_places(seating, seating->rounded);
        const int moved = balance(seating);
        if (moved != SETTLED || is_optimal(seating, utilities))
            return moved;
    }
    return balance(seating);
}

static PyObject *bytes_of(const int64_t *values, Py_ssize_t count)
{
    return PyBytes_FromStringAndSize((const char *)values, count * (Py_ssize_t)sizeof(int64_t));
}

/* settled(utilities, masses, lower, upper, price, tolerance, grain, few, finer) -> rows, places, masses as bytes of
 * int64; price is written. */
PyObject *kernel_settled(PyObject *module, PyObject *arguments)
{
    Py_buffer utilities, masses, lower, upper, price;
    double tolerance, grain, finer;
    long long few;
    (void)module;
    if (!PyArg_ParseTuple(arguments, "y*y*y*y*w*ddLd", &utilities, &masses, &lower, &upper, &price, &tolerance, &grain,
                          &few, &finer))
        return NULL;
    PyObject *result = NULL;
    int done = 0;
    const Py_ssize_t n = masses.len / 8, k = lower.len / 8, nodes = k + 1;
    Seating seating = {.n = n, .k = k, .nodes = nodes, .tolerance = tolerance, .parcels = n, .room_for = n};
    double *numbers = NULL;
    int64_t *counts = NULL;
    if (!holds(&utilities, multiplied(n, k), 8, "utilities") || !holds(&masses, n, 8, "masses") || !holds(&lower, k, 8, "lower")
        || !holds(&upper, k, 8, "upper") || !holds(&price, nodes, 8, "price"))
        goto released;
    if (n == 0 || k == 0) {
        PyErr_SetString(PyExc_ValueError, "there is nobody to assign, or nothing to assign them to");
        goto released;
    }
    numbers = malloc((size_t)(n * k + 2 * nodes * nodes + 2 * nodes) * sizeof(double));
    counts = malloc((size_t)(3 * k + 3 * nodes) * sizeof(int64_t));
    seating.row = malloc((size_t)n * sizeof(int64_t));
    seating.place = malloc((size_t)n * sizeof(int64_t));
    seating.mass = malloc((size_t)n * sizeof(int64_t));
    seating.step = malloc((size_t)n * sizeof(int64_t));
    if (numbers == NULL || counts == NULL || seating.row == NULL || seating.place == NULL || seating.mass == NULL
        || seating.step == NULL) {
        PyErr_NoMemory();
        goto freed;
    }
    Py_BEGIN_ALLOW_THREADS
    seating.rounded = numbers, seating.arcs = numbers + n * k, seating.length = seating.arcs + nodes * nodes;
    seating.distance = seating.length + nodes * nodes, seating.shorter = seating.distance + nodes;
    seating.price = price.buf;
    seating.lower = counts, seating.room = counts + k, seating.flow = counts + 2 * k;
    seating.excess = counts + 3 * k, seating.before = seating.excess + nodes, seating.path = seating.before + nodes;
    for (Py_ssize_t i = 0; i < nodes * nodes; i++)
        seating.arcs[i] = INFINITY;
    for (Py_ssize_t s = 0; s < k; s++) {
        seating.lower[s] = ((const int64_t *)lower.buf)[s];
        seating.room[s] = ((const int64_t *)upper.buf)[s] - seating.lower[s];
        seating.left -= seating.lower[s];
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        seating.row[i] = i, seating.place[i] = 0, seating.mass[i] = ((const int64_t *)masses.buf)[i];
        seating.total += seating.mass[i];
        seating.step[i] = 0;
    }
    seating.left += seating.total;
    done = settled(&seating, utilities.buf, grain, few, finer);
    Py_END_ALLOW_THREADS
    if (done == SETTLED)
        result = Py_BuildValue("NNN", bytes_of(seating.row, seating.parcels), bytes_of(seating.place, seating.parcels),
                               bytes_of(seating.mass, seating.parcels));
    else if (done == IMPOSSIBLE)
        PyErr_SetString(PyExc_ValueError, "the capacities cannot be met");
    else
        PyErr_NoMemory();
freed:
    free(numbers);
    free(counts);
    free(seating.row);
    free(seating.place);
    free(seating.mass);
    free(seating.step);
released:
    PyBuffer_Release(&utilities);
    PyBuffer_Release(&masses);
    PyBuffer_Release(&lower);
    PyBuffer_Release(&upper);
    PyBuffer_Release(&price);
    return result;
}
