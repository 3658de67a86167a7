/* Stands between a program and its files: writes down what it does to them, and can let a call fail.
 *
 * Loaded with LD_PRELOAD. Only files below the folder TORTURE_FOLDER count. Records go to the file TORTURE_LOG
 * (none when it is not set), each: kind (1 byte), file number (4), offset (8), length (4), then that many bytes.
 * A file number is given to each file when it is first opened, and again when its name is made anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 4096, NUMBERS = 1 << 18 };
enum { OPEN = 1, WRITE = 2, SYNC = 4, TRUNCATE = 8, UNLINK = 16, RENAME = 32 };

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int log_fd = -1;
static int32_t file_of[FILES]; /* by descriptor: 0 is none of ours, -1 a folder */
static int writable[FILES];
static char *folder_of[FILES];  /* the path of an open folder */
static ino_t inodes[NUMBERS];   /* by file number */
static int32_t files;
static int ready;

static unsigned fail_kinds;
static long fail_after;
static int fail_errno;
static int fail_always;
long torture_seen, torture_failures;

static void start(void) {
    if (ready) return;
    ready = 1;
    const char *where = getenv("TORTURE_FOLDER"), *log = getenv("TORTURE_LOG");
    if (where) {
        strncpy(folder, where, sizeof folder - 1);
        folder_length = strlen(folder);
    }
    if (log) log_fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int ours(const char *path) {
    start();
    return folder_length && strncmp(path, folder, folder_length) == 0;
}

static void note(char kind, int32_t file, uint64_t offset, const void *bytes, uint32_t length) {
    if (log_fd < 0) return;
    unsigned char head[17];
    head[0] = (unsigned char)kind;
    memcpy(head + 1, &file, 4);
    memcpy(head + 5, &offset, 8);
    memcpy(head + 13, &length, 4);
    struct iovec parts[2] = {{head, 17}, {(void *)bytes, length}};
    if (syscall(SYS_writev, log_fd, parts, 2) != (long)(17 + length)) abort();
}

/* Whether this call is the one that is to fail; errno is then set. */
static int fails(unsigned kind) {
    if (!(fail_kinds & kind)) return 0;
    torture_seen++;
    if (torture_seen < fail_after || (!fail_always && torture_seen > fail_after)) return 0;
    torture_failures++;
    errno = fail_errno;
    return 1;
}

/* For the test: from now on the call number `after` (from 1) of these kinds fails, or all from it on. */
void torture_fail(unsigned kinds, long after, int number, int always) {
    pthread_mutex_lock(&one_at_a_time);
    fail_kinds = kinds;
    fail_after = after;
    fail_errno = number;
    fail_always = always;
    torture_seen = torture_failures = 0;
    pthread_mutex_unlock(&one_at_a_time);
}

/* For the test: something to remember at this place of the log. */
void torture_mark(const char *text) {
    pthread_mutex_lock(&one_at_a_time);
    note('M', 0, 0, text, (uint32_t)strlen(text));
    pthread_mutex_unlock(&one_at_a_time);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int opened(const char *path, int flags, int existed, int fd) {
    if (fd < 0 || fd >= FILES) return fd;
    struct stat now;
    if (fstat(fd, &now)) return fd;
    if (S_ISDIR(now.st_mode)) {
        file_of[fd] = -1;
        free(folder_of[fd]);
        folder_of[fd] = strdup(path);
        return fd;
    }
    int32_t number = 0;
    if (existed)
        for (int32_t i = files; i > 0; i--)
            if (inodes[i] == now.st_ino) {
                number = i;
                break;
            }
    if (!number) {
        number = ++files;
        if (number >= NUMBERS) abort();
        inodes[number] = now.st_ino;
        note(existed ? 'E' : 'C', number, 0, path, (uint32_t)strlen(path));
    }
    file_of[fd] = number;
    writable[fd] = (flags & O_ACCMODE) != O_RDONLY;
    if (existed && (flags & O_TRUNC)) note('T', number, 0, "", 0);
    return fd;
}

static int do_open(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    if (!ours(path)) return real(path, flags, mode);
    pthread_mutex_lock(&one_at_a_time);
    int fd = -1;
    if (!fails(OPEN)) {
        struct stat before;
        int existed = stat(path, &before) == 0;
        fd = opened(path, flags, existed, real(path, flags, mode));
    }
    pthread_mutex_unlock(&one_at_a_time);
    return fd;
}

int open(const char *path, int flags, ...) {
    REAL(open);
    va_list more;
    va_start(more, flags);
    mode_t mode = (mode_t)((flags & O_CREAT) ? va_arg(more, int) : 0);
    va_end(more);
    return do_open(real, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    REAL(open64);
    va_list more;
    va_start(more, flags);
    mode_t mode = (mode_t)((flags & O_CREAT) ? va_arg(more, int) : 0);
    va_end(more);
    return do_open(real, path, flags, mode);
}

static int32_t known(int fd) { return fd >= 0 && fd < FILES ? file_of[fd] : 0; }

static ssize_t do_write(ssize_t (*real)(int, const void *, size_t, off64_t), int fd, const void *bytes,
                        size_t length, off64_t offset) {
    if (known(fd) <= 0) return real(fd, bytes, length, offset);
    pthread_mutex_lock(&one_at_a_time);
    ssize_t done = -1;
    if (!fails(WRITE)) {
        done = real(fd, bytes, length, offset);
        if (done > 0) note('W', file_of[fd], (uint64_t)offset, bytes, (uint32_t)done);
    }
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
    REAL(pwrite);
    return do_write((ssize_t(*)(int, const void *, size_t, off64_t))real, fd, bytes, length, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    REAL(pwrite64);
    return do_write(real, fd, bytes, length, offset);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(write);
    if (known(fd) <= 0) return real(fd, bytes, length);
    pthread_mutex_lock(&one_at_a_time);
    ssize_t done = -1;
    if (!fails(WRITE)) {
        off_t at = lseek(fd, 0, SEEK_CUR);
        done = real(fd, bytes, length);
        if (done > 0) note('W', file_of[fd], (uint64_t)at, bytes, (uint32_t)done);
    }
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

static int do_truncate(int (*real)(int, off64_t), int fd, off64_t size) {
    if (known(fd) <= 0) return real(fd, size);
    pthread_mutex_lock(&one_at_a_time);
    int answer = -1;
    if (!fails(TRUNCATE)) {
        answer = real(fd, size);
        if (!answer) note('T', file_of[fd], (uint64_t)size, "", 0);
    }
    pthread_mutex_unlock(&one_at_a_time);
    return answer;
}

int ftruncate(int fd, off_t size) {
    REAL(ftruncate);
    return do_truncate((int (*)(int, off64_t))real, fd, size);
}

int ftruncate64(int fd, off64_t size) {
    REAL(ftruncate64);
    return do_truncate(real, fd, size);
}

static int do_sync(int (*real)(int), int fd) {
    int32_t file = known(fd);
    if (!file) return real(fd);
    pthread_mutex_lock(&one_at_a_time);
    int answer = -1;
    if (!fails(SYNC)) {
        answer = real(fd);
        const char *where = file < 0 ? folder_of[fd] : "";
        if (!answer) note(file < 0 ? 'D' : 'S', file, 0, where, (uint32_t)strlen(where));
    }
    pthread_mutex_unlock(&one_at_a_time);
    return answer;
}

int fsync(int fd) {
    REAL(fsync);
    return do_sync(real, fd);
}

int fdatasync(int fd) {
    REAL(fdatasync);
    return do_sync(real, fd);
}

int close(int fd) {
    REAL(close);
    if (fd >= 0 && fd < FILES) file_of[fd] = 0;
    return real(fd);
}

int unlink(const char *path) {
    REAL(unlink);
    if (!ours(path)) return real(path);
    pthread_mutex_lock(&one_at_a_time);
    int answer = -1;
    if (!fails(UNLINK)) {
        struct stat before;
        int known_inode = stat(path, &before) == 0;
        answer = real(path);
        if (!answer) {
            note('U', 0, 0, path, (uint32_t)strlen(path));
            for (int32_t i = files; known_inode && i > 0; i--)
                if (inodes[i] == before.st_ino) inodes[i] = 0; /* the number may be given again by the system */
        }
    }
    pthread_mutex_unlock(&one_at_a_time);
    return answer;
}

int rename(const char *old, const char *new) {
    REAL(rename);
    if (!ours(old)) return real(old, new);
    pthread_mutex_lock(&one_at_a_time);
    int answer = -1;
    if (!fails(RENAME)) {
        answer = real(old, new);
        if (!answer) {
            char both[2 * PATH_MAX + 2];
            int length = snprintf(both, sizeof both, "%s\n%s", old, new);
            note('R', 0, 0, both, (uint32_t)length);
        }
    }
    pthread_mutex_unlock(&one_at_a_time);
    return answer;
}
