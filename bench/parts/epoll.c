/* The floor: what the system's calls alone cost. Answers every visitor with a WebSocket's handshake, and sends each
   of them each entry by a call of its own. Told what to do as the other sides are: a word a line on stdin. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 65536
static const char HELLO[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";
static char welcomed[MOST];
static int sockets[MOST], count;
static char *frame;
static size_t length;

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec + at.tv_nsec / 1e9;
}

static void put(int fd, const char *data, size_t size) {
    while (size) {
        ssize_t sent = send(fd, data, size, MSG_NOSIGNAL);
        if (sent > 0) {
            data += sent;
            size -= sent;
        } else if (errno == EAGAIN) {
            struct pollfd room = {fd, POLLOUT, 0};
            poll(&room, 1, 1000);
        } else if (errno != EINTR) {
            return;
        }
    }
}

static void sample(const char *text, size_t size) {
    free(frame);
    frame = malloc(size + 10);
    frame[0] = (char)0x81;
    if (size < 126) {
        frame[1] = (char)size;
        length = 2;
    } else {
        frame[1] = 126;
        frame[2] = (char)(size >> 8);
        frame[3] = (char)size;
        length = 4;
    }
    memcpy(frame + length, text, size);
    length += size;
}

static void publish(void) {
    for (int number = 0; number < count; number++) put(sockets[number], frame, length);
}

static void leave(int fd) {
    for (int number = 0; number < count; number++)
        if (sockets[number] == fd) sockets[number] = sockets[--count];
    if (fd < MOST) welcomed[fd] = 0;
    close(fd);
}

static void come(int door, int poller) {
    int fd;
    while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= MOST) {
            close(fd);
            continue;
        }
        int yes = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct epoll_event about = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &about);
    }
}

static void hear(int fd) {
    char data[4096];
    ssize_t size = recv(fd, data, sizeof data, 0);
    if (size == 0 || (size < 0 && errno != EAGAIN)) {
        leave(fd);
    } else if (size > 4 && !welcomed[fd] && !memcmp(data + size - 4, "\r\n\r\n", 4)) {
        welcomed[fd] = 1;
        put(fd, HELLO, sizeof HELLO - 1);
        sockets[count++] = fd;
    }
}

static void obey(char *line) {
    line[strcspn(line, "\n")] = 0;
    if (!strncmp(line, "sample ", 7)) {
        sample(line + 7, strlen(line + 7));
        printf("{\"answer\": null}\n");
    } else if (!strncmp(line, "publish", 7) || !strncmp(line, "burst ", 6)) {
        int times = line[0] == 'b' ? atoi(line + 6) : 1;
        double began = now();
        for (int number = 0; number < times; number++) publish();
        printf("{\"answer\": [%.9f]}\n", began);
    } else {
        printf("{\"fault\": \"what?\"}\n");
    }
    fflush(stdout);
}

int main(int words, char **word) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int yes = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), poller = epoll_create1(0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(words > 1 ? atoi(word[1]) : 0)};
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, (struct sockaddr *)&here, sizeof here) || listen(door, 4096)) return 1;
    struct epoll_event about = {.events = EPOLLIN, .data.fd = door}, found[512];
    epoll_ctl(poller, EPOLL_CTL_ADD, door, &about);
    about.data.fd = 0;
    epoll_ctl(poller, EPOLL_CTL_ADD, 0, &about);
    printf("{\"topics\": []}\n");
    fflush(stdout);
    char *line = NULL;
    size_t room = 0;
    for (;;) {
        int many = epoll_wait(poller, found, 512, -1);
        for (int number = 0; number < many; number++) {
            int fd = found[number].data.fd;
            if (fd == door) {
                come(door, poller);
            } else if (fd == 0) {
                if (getline(&line, &room, stdin) < 0) return 0;
                obey(line);
            } else {
                hear(fd);
            }
        }
    }
}
