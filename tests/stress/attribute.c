// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes short-lived processes that speak IM in every way that hides an owner,
 * and writes down who really spoke. The test compares that with imtc's flows.
 *
 *	attribute sink PORT			accepts and reads everything, TCP and UDP
 *	attribute run COUNT V4 V6 PORT TRUTH	one line a flow: "l4 family port pid way"
 *	attribute speak FD TRUTH PORT		(exec'd by the fork-exec way)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <liburing.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Recognised in its first payload, RFC 6120 4.2 and RFC 3428. */
static const char stream_open[] =
	"<?xml version='1.0'?><stream:stream to='im.test' xmlns='jabber:client' "
	"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
static const char sip_message[] =
	"MESSAGE sip:bob@im.test SIP/2.0\r\nVia: SIP/2.0/UDP 10.88.0.1;branch=z9hG4bK1\r\n"
	"From: <sip:a@im.test>;tag=1\r\nTo: <sip:b@im.test>\r\nCall-ID: 1\r\n"
	"CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";

enum way { WAY_TCP, WAY_FASTOPEN, WAY_UDP, WAY_URING, WAY_PASSED, WAY_EXEC, WAYS };
static const char *const way_names[WAYS] = {
	"tcp", "fastopen", "udp", "io_uring", "passed", "exec"
};

/* Processes alive at a time: enough to overlap, few enough for a small guest. */
#define ALIVE_MAX 32

static const char *truth_path, *own_path;
static char *port_text;

static void fail(const char *what)
{
	fprintf(stderr, "attribute: %s: %s\n", what, strerror(errno));
	_exit(1);
}

/* Appends one line; O_APPEND makes the short write whole. */
static void tell(int fd, enum way way)
{
	struct sockaddr_in6 own;
	socklen_t size = sizeof(own);
	char line[64];
	int truth, n;

	if (getsockname(fd, (struct sockaddr *)&own, &size))
		fail("getsockname");
	n = snprintf(line, sizeof(line), "%s %d %u %d %s\n", way == WAY_UDP ? "udp" : "tcp",
		     own.sin6_family == AF_INET ? 4 : 6, ntohs(own.sin6_port), getpid(),
		     way_names[way]);
	truth = open(truth_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (truth < 0 || write(truth, line, n) != n)
		fail(truth_path);
	close(truth);
}

static void speak(int fd)
{
	if (send(fd, stream_open, sizeof(stream_open) - 1, 0) < 0)
		fail("send");
}

static void by_connect(int fd, const struct sockaddr *to, socklen_t size)
{
	if (connect(fd, to, size))
		fail("connect");
}

static void by_fastopen(int fd, const struct sockaddr *to, socklen_t size)
{
	if (sendto(fd, stream_open, sizeof(stream_open) - 1, MSG_FASTOPEN, to, size) < 0)
		fail("sendto MSG_FASTOPEN");
}

static void by_udp(int fd, const struct sockaddr *to, socklen_t size)
{
	if (sendto(fd, sip_message, sizeof(sip_message) - 1, 0, to, size) < 0)
		fail("sendto");
}

static void uring_one(struct io_uring *ring, const char *what)
{
	struct io_uring_cqe *cqe;

	if (io_uring_submit_and_wait(ring, 1) < 0 || io_uring_wait_cqe(ring, &cqe))
		fail(what);
	if (cqe->res < 0) {
		errno = -cqe->res;
		fail(what);
	}
	io_uring_cqe_seen(ring, cqe);
}

/* Both operations in kernel worker threads, not in the caller's own context. */
static void by_uring(int fd, const struct sockaddr *to, socklen_t size)
{
	struct io_uring_sqe *sqe;
	struct io_uring ring;

	if (io_uring_queue_init(4, &ring, 0))
		fail("io_uring_queue_init");
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_connect(sqe, fd, to, size);
	io_uring_sqe_set_flags(sqe, IOSQE_ASYNC);
	uring_one(&ring, "io_uring connect");
	sqe = io_uring_get_sqe(&ring);
	io_uring_prep_send(sqe, fd, stream_open, sizeof(stream_open) - 1, 0);
	io_uring_sqe_set_flags(sqe, IOSQE_ASYNC);
	uring_one(&ring, "io_uring send");
	io_uring_queue_exit(&ring);
}

static void pass_descriptor(int through, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec one = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &one, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(fd));
	if (sendmsg(through, &message, 0) != 1)
		fail("sendmsg SCM_RIGHTS");
}

static int receive_descriptor(int through)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec one = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &one, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(through, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		fail("recvmsg SCM_RIGHTS");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* The one who connects hands the descriptor to another and goes. */
static void by_passing(int fd, const struct sockaddr *to, socklen_t size)
{
	int pair[2];
	pid_t other;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		fail("socketpair");
	other = fork();
	if (other < 0)
		fail("fork");
	if (!other) {
		close(fd);
		close(pair[0]);
		fd = receive_descriptor(pair[1]);
		tell(fd, WAY_PASSED);
		speak(fd);
		_exit(0);
	}
	by_connect(fd, to, size);
	pass_descriptor(pair[0], fd);
	close(fd);
	/* Waited for only so that the run can count failures. */
	int status;
	if (waitpid(other, &status, 0) < 0 || status)
		_exit(1);
}

/* Connected before fork and exec; the new program speaks. */
static void by_exec(int fd, const struct sockaddr *to, socklen_t size)
{
	char number[16];
	int status;
	pid_t other;

	by_connect(fd, to, size);
	other = fork();
	if (other < 0)
		fail("fork");
	if (!other) {
		snprintf(number, sizeof(number), "%d", fd);
		execl(own_path, own_path, "speak", number, truth_path, port_text, NULL);
		fail("exec");
	}
	if (waitpid(other, &status, 0) < 0 || status)
		_exit(1);
}

static void one_process(enum way way, const struct sockaddr *to, socklen_t size)
{
	static void (*const how[WAYS])(int, const struct sockaddr *, socklen_t) = {
		by_connect, by_fastopen, by_udp, by_uring, by_passing, by_exec
	};
	int fd = socket(to->sa_family, way == WAY_UDP ? SOCK_DGRAM : SOCK_STREAM, 0);

	if (fd < 0)
		fail("socket");
	how[way](fd, to, size);
	if (way == WAY_TCP)
		speak(fd);
	if (way != WAY_PASSED && way != WAY_EXEC)
		tell(fd, way);
	_exit(0);
}

static int reap(int *alive, int keep)
{
	int status, failed = 0;

	while (*alive > keep) {
		if (wait(&status) < 0)
			fail("wait");
		failed += status != 0;
		(*alive)--;
	}
	return failed;
}

static int run(int count, const char *v4, const char *v6)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(atoi(port_text)) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = to4.sin_port };
	int alive = 0, failed = 0;

	if (inet_pton(AF_INET, v4, &to4.sin_addr) != 1 ||
	    inet_pton(AF_INET6, v6, &to6.sin6_addr) != 1)
		fail("address");
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("fork");
		if (!pid && (i / WAYS) % 2)
			one_process(i % WAYS, (void *)&to6, sizeof(to6));
		if (!pid)
			one_process(i % WAYS, (void *)&to4, sizeof(to4));
		alive++;
		failed += reap(&alive, ALIVE_MAX - 1);
	}
	failed += reap(&alive, 0);
	printf("%d processes, %d failed\n", count, failed);
	return failed != 0;
}

static int listen_at(int type)
{
	struct sockaddr_in6 own = { .sin6_family = AF_INET6, .sin6_port = htons(atoi(port_text)) };
	int fd = socket(AF_INET6, type | SOCK_NONBLOCK, 0), no = 0, queue = 256;

	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	if (fd < 0 || bind(fd, (void *)&own, sizeof(own)))
		fail("bind");
	if (type == SOCK_STREAM &&
	    (setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN, &queue, sizeof(queue)) || listen(fd, 1024)))
		fail("listen");
	return fd;
}

/* Reads what is there; closes a connection at its end. */
static void drain(int epoll, int fd, int is_stream)
{
	char buffer[4096];
	ssize_t n;

	do
		n = recv(fd, buffer, sizeof(buffer), 0);
	while (n > 0);
	if (is_stream && (n == 0 || errno != EAGAIN)) {
		epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
		close(fd);
	}
}

static void sink(void)
{
	int epoll = epoll_create1(0), tcp = listen_at(SOCK_STREAM), udp = listen_at(SOCK_DGRAM);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = tcp }, ready[64];

	epoll_ctl(epoll, EPOLL_CTL_ADD, tcp, &event);
	event.data.fd = udp;
	epoll_ctl(epoll, EPOLL_CTL_ADD, udp, &event);
	for (;;) {
		int n = epoll_wait(epoll, ready, 64, -1);

		for (int i = 0; i < n; i++) {
			if (ready[i].data.fd != tcp) {
				drain(epoll, ready[i].data.fd, ready[i].data.fd != udp);
				continue;
			}
			event.data.fd = accept4(tcp, NULL, NULL, SOCK_NONBLOCK);
			if (event.data.fd >= 0)
				epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
		}
	}
}

int main(int argc, char **argv)
{
	own_path = "/proc/self/exe";
	if (argc == 3 && !strcmp(argv[1], "sink")) {
		port_text = argv[2];
		sink();
	}
	if (argc == 7 && !strcmp(argv[1], "run")) {
		port_text = argv[5];
		truth_path = argv[6];
		return run(atoi(argv[2]), argv[3], argv[4]);
	}
	if (argc == 5 && !strcmp(argv[1], "speak")) {
		truth_path = argv[3];
		tell(atoi(argv[2]), WAY_EXEC);
		speak(atoi(argv[2]));
		return 0;
	}
	fprintf(stderr, "usage: attribute sink PORT | run COUNT V4 V6 PORT TRUTH\n");
	return 2;
}
