/* Sick-Sicker as a plain loop in C, one person after the other: the floor below which no engine is expected to go.

   The same model and luck of the same quality (Philox4x32-10, one block of four words an event), but nothing general:
   no event list, no rules, no queues. A person draws when the next event is due and which it is.
   Usage: sick_sicker PEOPLE SEED; prints one line of JSON. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { HEALTHY, SICK, SICKER, DEAD, STATES };

static const double HORIZON = 60.0, FORCE = 0.03;
static const double RATE[STATES][STATES] = {
    [HEALTHY] = {[SICK] = 0.15, [DEAD] = 0.005},
    [SICK] = {[HEALTHY] = 0.5, [SICKER] = 0.105, [DEAD] = 0.015},
    [SICKER] = {[DEAD] = 0.05},
};
static const double COST[STATES] = {2000.0, 4000.0, 15000.0, 0.0}, UTILITY[STATES] = {1.0, 0.75, 0.5, 0.0};

static void philox(uint32_t c[4], uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53 * c[0], p1 = (uint64_t)0xCD9E8D57 * c[2];
        uint32_t c0 = (uint32_t)(p1 >> 32) ^ c[1] ^ k0, c2 = (uint32_t)(p0 >> 32) ^ c[3] ^ k1;
        c[1] = (uint32_t)p1;
        c[3] = (uint32_t)p0;
        c[0] = c0;
        c[2] = c2;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
}

static double uniform(uint32_t high, uint32_t low) {
    uint64_t mantissa = ((uint64_t)(high >> 6) << 26) + (low >> 6);
    return ((double)mantissa + 0.5) / 4503599627370496.0;
}

static int next_state(int state, double share, const double total[STATES]) {
    double left = share * total[state];
    for (int next = 0; next < DEAD; next++) {
        left -= RATE[state][next];
        if (left < 0.0) return next;
    }
    return DEAD;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: sick_sicker PEOPLE SEED\n");
        return 2;
    }
    uint32_t people = (uint32_t)strtoul(argv[1], NULL, 10), seed = (uint32_t)strtoul(argv[2], NULL, 10);
    double total[STATES] = {0.0};
    for (int state = 0; state < STATES; state++)
        for (int next = 0; next < STATES; next++) total[state] += RATE[state][next];
    double cost = 0.0, cost_2 = 0.0, qalys = 0.0, qalys_2 = 0.0;
    uint64_t events = 0;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (uint32_t person = 0; person < people; person++) {
        double now = 0.0, worth = 1.0, spent = 0.0, gained = 0.0;
        int state = HEALTHY;
        for (uint32_t number = 0; state != DEAD && now < HORIZON; number++) {
            uint32_t words[4] = {person, number, 0, 0};
            philox(words, seed, 0);
            double due = now - log(uniform(words[0], words[1])) / total[state];
            int next = next_state(state, uniform(words[2], words[3]), total);
            if (due > HORIZON) due = HORIZON;
            double later = exp(-FORCE * due), years = (worth - later) / FORCE;
            spent += COST[state] * years;
            gained += UTILITY[state] * years;
            now = due;
            worth = later;
            state = next;
            events++;
        }
        cost += spent;
        cost_2 += spent * spent;
        qalys += gained;
        qalys_2 += gained * gained;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double n = people, seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
    double cost_mcse = sqrt((cost_2 / n - cost / n * (cost / n)) / (n - 1.0));
    double qalys_mcse = sqrt((qalys_2 / n - qalys / n * (qalys / n)) / (n - 1.0));
    printf("{\"people\": %u, \"events\": %llu, \"seconds\": %.6f, \"cost\": %.10g, \"cost_mcse\": %.6g, "
           "\"qalys\": %.10g, \"qalys_mcse\": %.6g}\n",
           people, (unsigned long long)events, seconds, cost / n, cost_mcse, qalys / n, qalys_mcse);
    return 0;
}
