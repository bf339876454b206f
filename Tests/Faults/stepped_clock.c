/*
 * Preloaded into a worker, it has the wall clock go wrong by as many seconds as STEPPED_CLOCK, a
 * file of eight bytes, says at the moment. The monotonic clock, which sleeps go by, is left alone.
 * Allocates nothing: it is called before the allocator has begun.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

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

time_t time(time_t *result)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}
