/* A disk that fails on demand, for the tests: preloaded into a program, it stands between it and the C library.
 *
 * It counts the file operations on whatever lies under one folder, and at the one that it was told it returns an
 * error, kills the program or stops it; or returns the error from there on. Whatever a program does with files goes
 * through here, be it by open(), shutil or ctypes, as long as it goes through the C library.
 *
 *   fault_arm(folder, at, what, lasting)   what: an errno, or minus a signal; at: 1 is the first, 0 only counts
 *   fault_count()                          the operations since then
 *   fault_log(descriptor)                  where to write a line for each of them, or -1
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static char folder[PATH_MAX];
static long at, count;
static int what, lasting, armed, busy, log_to = -1;

void fault_arm(const char *under, long number, int fault, int lasts) {
    snprintf(folder, sizeof folder, "%s", under);
    at = number, what = fault, lasting = lasts, count = 0, armed = 1;
}
long fault_count(void) { return count; }
void fault_log(int descriptor) { log_to = descriptor; }

static int is_under(const char *path) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

/* Where a descriptor leads, by the list that Linux keeps. */
static void place(int descriptor, char *into) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, into, PATH_MAX - 1);
    into[length > 0 ? length : 0] = 0;
}

/* Whether the operation concerns the folder, and if so, whether it is its turn to fail. */
static int turn(const char *name, int base, const char *path) {
    char whole[2 * PATH_MAX] = "";
    if (!armed || busy) return 0;
    int kept = errno;
    if (!path) place(base, whole);
    else if (path[0] == '/') snprintf(whole, sizeof whole, "%s", path);
    else {
        if (base == AT_FDCWD) syscall(SYS_getcwd, whole, PATH_MAX);
        else place(base, whole);
        size_t length = strlen(whole);
        snprintf(whole + length, sizeof whole - length, "/%s", path);
    }
    errno = kept;
    if (!is_under(whole)) return 0;
    count++;
    if (log_to >= 0) {
        char line[2 * PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%ld %s %s\n", count, name, whole);
        if (syscall(SYS_write, log_to, line, length) < 0) abort();
    }
    if (!at || !(lasting ? count >= at : count == at)) return 0;
    if (what < 0) {
        busy = 1;
        kill(getpid(), -what);
        busy = 0;
        return 0; /* it was stopped, and goes on */
    }
    errno = what;
    return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* An operation: its result, name and parameters; its arguments; the folder descriptor and path; what failure returns. */
#define OPERATION(type, name, parameters, arguments, base, path, failure) \
    type name parameters { REAL(name); return turn(#name, base, path) ? failure : real arguments; }
#define HERE AT_FDCWD

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        REAL(name); return turn(#name, HERE, path) ? -1 : real(path, flags, mode); }
#define OPENAT(name) \
    int name(int base, const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        REAL(name); return turn(#name, base, path) ? -1 : real(base, path, flags, mode); }
OPEN(open) OPEN(open64) OPENAT(openat) OPENAT(openat64)
OPERATION(FILE *, fopen, (const char *p, const char *m), (p, m), HERE, p, NULL)
OPERATION(FILE *, fopen64, (const char *p, const char *m), (p, m), HERE, p, NULL)

/* A descriptor is closed even when that fails. */
int close(int d) { REAL(close); int bad = turn("close", d, NULL), e = errno, r = real(d); if (bad) errno = e; return bad ? -1 : r; }

OPERATION(ssize_t, read, (int d, void *b, size_t n), (d, b, n), d, NULL, -1)
OPERATION(ssize_t, pread, (int d, void *b, size_t n, off_t o), (d, b, n, o), d, NULL, -1)
OPERATION(ssize_t, pread64, (int d, void *b, size_t n, off64_t o), (d, b, n, o), d, NULL, -1)
OPERATION(ssize_t, write, (int d, const void *b, size_t n), (d, b, n), d, NULL, -1)
OPERATION(ssize_t, pwrite, (int d, const void *b, size_t n, off_t o), (d, b, n, o), d, NULL, -1)
OPERATION(ssize_t, pwrite64, (int d, const void *b, size_t n, off64_t o), (d, b, n, o), d, NULL, -1)
OPERATION(off_t, lseek, (int d, off_t o, int w), (d, o, w), d, NULL, -1)
OPERATION(off64_t, lseek64, (int d, off64_t o, int w), (d, o, w), d, NULL, -1)
OPERATION(int, ftruncate, (int d, off_t n), (d, n), d, NULL, -1)
OPERATION(int, ftruncate64, (int d, off64_t n), (d, n), d, NULL, -1)
OPERATION(int, truncate, (const char *p, off_t n), (p, n), HERE, p, -1)
OPERATION(int, fallocate, (int d, int m, off_t o, off_t n), (d, m, o, n), d, NULL, -1)
OPERATION(int, fsync, (int d), (d), d, NULL, -1)
OPERATION(int, fdatasync, (int d), (d), d, NULL, -1)
OPERATION(int, syncfs, (int d), (d), d, NULL, -1)
OPERATION(int, flock, (int d, int o), (d, o), d, NULL, -1)
OPERATION(ssize_t, copy_file_range, (int a, off64_t *x, int b, off64_t *y, size_t n, unsigned f), (a, x, b, y, n, f), b, NULL, -1)
OPERATION(ssize_t, sendfile, (int b, int a, off_t *o, size_t n), (b, a, o, n), b, NULL, -1)
OPERATION(ssize_t, sendfile64, (int b, int a, off64_t *o, size_t n), (b, a, o, n), b, NULL, -1)

OPERATION(int, stat, (const char *p, struct stat *s), (p, s), HERE, p, -1)
OPERATION(int, stat64, (const char *p, struct stat64 *s), (p, s), HERE, p, -1)
OPERATION(int, lstat, (const char *p, struct stat *s), (p, s), HERE, p, -1)
OPERATION(int, lstat64, (const char *p, struct stat64 *s), (p, s), HERE, p, -1)
OPERATION(int, fstat, (int d, struct stat *s), (d, s), d, NULL, -1)
OPERATION(int, fstat64, (int d, struct stat64 *s), (d, s), d, NULL, -1)
OPERATION(int, fstatat, (int d, const char *p, struct stat *s, int f), (d, p, s, f), d, p, -1)
OPERATION(int, fstatat64, (int d, const char *p, struct stat64 *s, int f), (d, p, s, f), d, p, -1)
OPERATION(int, statx, (int d, const char *p, int f, unsigned m, struct statx *s), (d, p, f, m, s), d, p, -1)
OPERATION(int, statvfs, (const char *p, struct statvfs *s), (p, s), HERE, p, -1)
OPERATION(int, statvfs64, (const char *p, struct statvfs64 *s), (p, s), HERE, p, -1)
OPERATION(int, access, (const char *p, int m), (p, m), HERE, p, -1)
OPERATION(int, faccessat, (int d, const char *p, int m, int f), (d, p, m, f), d, p, -1)
OPERATION(ssize_t, readlink, (const char *p, char *b, size_t n), (p, b, n), HERE, p, -1)
OPERATION(ssize_t, readlinkat, (int d, const char *p, char *b, size_t n), (d, p, b, n), d, p, -1)
OPERATION(char *, realpath, (const char *p, char *b), (p, b), HERE, p, NULL)

OPERATION(int, mkdir, (const char *p, mode_t m), (p, m), HERE, p, -1)
OPERATION(int, mkdirat, (int d, const char *p, mode_t m), (d, p, m), d, p, -1)
OPERATION(int, rmdir, (const char *p), (p), HERE, p, -1)
OPERATION(int, unlink, (const char *p), (p), HERE, p, -1)
OPERATION(int, unlinkat, (int d, const char *p, int f), (d, p, f), d, p, -1)
OPERATION(int, rename, (const char *a, const char *b), (a, b), HERE, b, -1)
OPERATION(int, renameat, (int x, const char *a, int y, const char *b), (x, a, y, b), y, b, -1)
OPERATION(int, renameat2, (int x, const char *a, int y, const char *b, unsigned f), (x, a, y, b, f), y, b, -1)
OPERATION(int, link, (const char *a, const char *b), (a, b), HERE, b, -1)
OPERATION(int, linkat, (int x, const char *a, int y, const char *b, int f), (x, a, y, b, f), y, b, -1)
OPERATION(int, symlink, (const char *a, const char *b), (a, b), HERE, b, -1)
OPERATION(int, symlinkat, (const char *a, int y, const char *b), (a, y, b), y, b, -1)
OPERATION(int, chmod, (const char *p, mode_t m), (p, m), HERE, p, -1)
OPERATION(int, fchmod, (int d, mode_t m), (d, m), d, NULL, -1)
OPERATION(int, fchmodat, (int d, const char *p, mode_t m, int f), (d, p, m, f), d, p, -1)
OPERATION(int, chown, (const char *p, uid_t u, gid_t g), (p, u, g), HERE, p, -1)
OPERATION(int, utimensat, (int d, const char *p, const struct timespec t[2], int f), (d, p, t, f), d, p, -1)
OPERATION(int, futimens, (int d, const struct timespec t[2]), (d, t), d, NULL, -1)
OPERATION(int, chdir, (const char *p), (p), HERE, p, -1)

OPERATION(DIR *, opendir, (const char *p), (p), HERE, p, NULL)
OPERATION(DIR *, fdopendir, (int d), (d), d, NULL, NULL)
OPERATION(struct dirent *, readdir, (DIR *d), (d), dirfd(d), NULL, NULL)
OPERATION(struct dirent64 *, readdir64, (DIR *d), (d), dirfd(d), NULL, NULL)
int closedir(DIR *d) { REAL(closedir); int bad = turn("closedir", dirfd(d), NULL), e = errno, r = real(d); if (bad) errno = e; return bad ? -1 : r; }
