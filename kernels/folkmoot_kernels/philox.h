/* Numpy's generator Philox4x64-10 (Salmon et al. 2011), bit by bit. */
#ifndef FOLKMOOT_PHILOX_H
#define FOLKMOOT_PHILOX_H

#include <stdint.h>

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
static inline void four_numbers(uint64_t first, uint64_t last, const uint64_t *key, uint64_t *numbers)
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

/* A number in [0, 1), as numpy makes one. */
static inline double uniform(uint64_t number)
{
    return (double)(number >> 11) * (1.0 / 9007199254740992.0);
}

#endif
