/*
 * Preloaded into a worker, it has the wall clock go wrong by as many seconds as STEPPED_CLOCK, a
 * file of eight bytes, says at the moment. As with the kernel's own clock, whoever waits for a time
 * of the wall clock waits until that shows it; the monotonic clock is left alone.
 * Allocates nothing: it is called before the allocator has begun.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

static const int64_t SECOND = 1000000000;
/* A wait looks at the clock so often. */
static const int64_t SLICE = 20000000;
/* Earlier times are of a monotonic clock. */
static const time_t FIRST_OF_WALL = 1000000000;

static const volatile int64_t *wrong_by;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("STEPPED_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *page = mmap(NULL, sizeof *wrong_by, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED)
        wrong_by = page;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && wrong_by && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        time->tv_sec += *wrong_by;
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    int result = syscall(SYS_gettimeofday, time, zone);
    if (result == 0 && wrong_by)
        time->tv_sec += *wrong_by;
    return result;
}

int timespec_get(struct timespec *time, int base)
{
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, time) == 0 ? base : 0;
}

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}

/* The kernel's time of the slice that a wait until `end` begins with; whether it ends it. */
static int slice(const struct timespec *end, struct timespec *until)
{
    struct timespec wrong;
    clock_gettime(CLOCK_REALTIME, &wrong);
    syscall(SYS_clock_gettime, CLOCK_REALTIME, until);
    int64_t left = (end->tv_sec - wrong.tv_sec) * SECOND + end->tv_nsec - wrong.tv_nsec;
    int64_t part = left < 0 ? 0 : left < SLICE ? left : SLICE;
    until->tv_sec += (until->tv_nsec + part) / SECOND;
    until->tv_nsec = (until->tv_nsec + part) % SECOND;
    return left <= SLICE;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Between slices it returns as if woken: what was signalled meanwhile must not be slept through. */
int pthread_cond_timedwait(
    pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
    const struct timespec *restrict end)
{
    static __typeof__(&pthread_cond_timedwait) wait;
    if (!wait)
        wait = NEXT(pthread_cond_timedwait);
    struct timespec until;
    if (end->tv_sec < FIRST_OF_WALL)
        return wait(condition, mutex, end);
    int is_last = slice(end, &until);
    int result = wait(condition, mutex, &until);
    return result == ETIMEDOUT && !is_last ? 0 : result;
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex,
    const struct timespec *restrict end)
{
    static __typeof__(&cnd_timedwait) wait;
    if (!wait)
        wait = NEXT(cnd_timedwait);
    struct timespec until;
    int is_last = slice(end, &until);
    int result = wait(condition, mutex, &until);
    return result == thrd_timedout && !is_last ? thrd_success : result;
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict end)
{
    static __typeof__(&sem_timedwait) wait;
    if (!wait)
        wait = NEXT(sem_timedwait);
    for (;;) {
        struct timespec until;
        int is_last = slice(end, &until);
        int result = wait(semaphore, &until);
        if (result == 0 || errno != ETIMEDOUT || is_last)
            return result;
    }
}
