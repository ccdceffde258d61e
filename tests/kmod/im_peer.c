// SPDX-License-Identifier: GPL-2.0-only
/*
 * Speaks IM in the ways by which a socket changes hands, and says who spoke.
 *
 *	im_peer serve FIRST COUNT	answers on that many ports, TCP and UDP
 *	im_peer talk WAY ADDRESS PORT	one flow; prints "l4 own-port pid"
 *	im_peer speak FD		what the way "exec" runs
 *
 * A server prints "l4 client-port pid" for each flow that it answers, where pid
 * is the process that does: a child of its own for each TCP connection. All pids
 * are as /proc has them, so that one in a pid namespace has the host's number. A
 * client ends with 0 when it was answered, else 3 (reset) or 4 (no answer).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each recognised in its first payload: RFC 6120 4.2, RFC 3428, and an answer to either. */
static const char stream_open[] =
	"<?xml version='1.0'?><stream:stream to='im.test' xmlns='jabber:client' "
	"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
static const char stream_answer[] =
	"<?xml version='1.0'?><stream:stream from='im.test' id='1' xmlns='jabber:client' "
	"xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
static const char sip_message[] =
	"MESSAGE sip:bob@im.test SIP/2.0\r\nVia: SIP/2.0/UDP im.test;branch=z9hG4bK1\r\n"
	"From: <sip:a@im.test>;tag=1\r\nTo: <sip:b@im.test>\r\nCall-ID: 1\r\n"
	"CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";
static const char sip_answer[] =
	"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP im.test;branch=z9hG4bK1\r\n"
	"From: <sip:a@im.test>;tag=1\r\nTo: <sip:b@im.test>;tag=2\r\nCall-ID: 1\r\n"
	"CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n";

#define EXIT_RESET 3
#define EXIT_SILENT 4
#define PORTS_MAX 64

static void fail(const char *what)
{
	fprintf(stderr, "im_peer: %s: %s\n", what, strerror(errno));
	_exit(1);
}

/* One line in one write: several processes share the output. */
static void tell(const char *l4, const struct sockaddr_in6 *client)
{
	char line[64], pid[16] = "";
	int n;

	if (readlink("/proc/self", pid, sizeof(pid) - 1) < 0)
		fail("/proc/self");
	n = snprintf(line, sizeof(line), "%s %u %s\n", l4, ntohs(client->sin6_port), pid);
	if (write(STDOUT_FILENO, line, n) != n)
		fail("write");
}

static bool is_stream(int fd)
{
	socklen_t size = sizeof(int);
	int type;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size))
		fail("SO_TYPE");
	return type == SOCK_STREAM;
}

/* --- server ------------------------------------------------------------------ */

static int listen_at(int type, int port)
{
	struct sockaddr_in6 own = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, type, 0), no = 0, yes = 1;

	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no)) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) ||
	    bind(fd, (void *)&own, sizeof(own)) || (type == SOCK_STREAM && listen(fd, 64)))
		fail("listen");
	return fd;
}

/* The connection is accepted by the child: its parent never touches it. */
static void serve_connection(int listener)
{
	struct sockaddr_in6 client;
	socklen_t size = sizeof(client);
	char buffer[2048];
	int fd = accept(listener, (void *)&client, &size);

	if (fd < 0)
		fail("accept");
	while (recv(fd, buffer, sizeof(buffer), 0) > 0 &&
	       send(fd, stream_answer, sizeof(stream_answer) - 1, MSG_NOSIGNAL) > 0)
		tell("tcp", &client);
	_exit(0);
}

static void serve_datagram(int fd)
{
	struct sockaddr_in6 client;
	socklen_t size = sizeof(client);
	char buffer[2048];

	if (recvfrom(fd, buffer, sizeof(buffer), 0, (void *)&client, &size) > 0 &&
	    sendto(fd, sip_answer, sizeof(sip_answer) - 1, 0, (void *)&client, size) > 0)
		tell("udp", &client);
}

/* Readable means that one waits: the child takes it, and says so by its end of accept(). */
static void accept_in_child(int listener)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid)
		serve_connection(listener);
	/* Until the child has accepted, the listener stays readable. */
	for (struct pollfd one = { listener, POLLIN, 0 }; poll(&one, 1, 0) > 0;)
		usleep(1000);
}

static int serve(int first, int count)
{
	struct pollfd fds[2 * PORTS_MAX];

	if (count < 1 || count > PORTS_MAX)
		return 2;
	signal(SIGCHLD, SIG_IGN);
	for (int i = 0; i < count; i++) {
		fds[2 * i] = (struct pollfd){ listen_at(SOCK_STREAM, first + i), POLLIN, 0 };
		fds[2 * i + 1] = (struct pollfd){ listen_at(SOCK_DGRAM, first + i), POLLIN, 0 };
	}
	for (;;) {
		if (poll(fds, 2 * count, -1) < 0)
			fail("poll");
		for (int i = 0; i < 2 * count; i++) {
			if (fds[i].revents & POLLIN && i % 2)
				serve_datagram(fds[i].fd);
			else if (fds[i].revents & POLLIN)
				accept_in_child(fds[i].fd);
		}
	}
}

/* --- client ------------------------------------------------------------------ */

/* Says one thing and waits for the answer, as the running process. */
static int speak(int fd)
{
	struct timeval limit = { .tv_sec = getenv("IMTC_PATIENCE") ? atoi(getenv("IMTC_PATIENCE")) : 20 };
	struct sockaddr_in6 own;
	socklen_t size = sizeof(own);
	char buffer[2048];
	ssize_t n;

	if (getsockname(fd, (void *)&own, &size) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		fail("getsockname");
	tell(is_stream(fd) ? "tcp" : "udp", &own);
	n = is_stream(fd) ? send(fd, stream_open, sizeof(stream_open) - 1, MSG_NOSIGNAL) :
			    send(fd, sip_message, sizeof(sip_message) - 1, 0);
	if (n > 0)
		n = recv(fd, buffer, sizeof(buffer), 0);
	if (n > 0)
		return 0;
	return errno == ECONNRESET || errno == ECONNREFUSED || errno == EPIPE ? EXIT_RESET :
									       EXIT_SILENT;
}

static int status_of(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 1;
	return WEXITSTATUS(status);
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
		fail("SCM_RIGHTS");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

static void send_descriptor(int through, int fd)
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
		fail("SCM_RIGHTS");
}

/* Made by this process, spoken on by a brother who got it through a socket. */
static int speak_by_passing(int fd)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		fail("socketpair");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid) {
		close(fd);
		_exit(speak(receive_descriptor(pair[1])));
	}
	send_descriptor(pair[0], fd);
	close(fd);
	return status_of(pid);
}

static int speak_by_exec(int fd)
{
	char number[16];
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (!pid) {
		snprintf(number, sizeof(number), "%d", fd);
		execl("/proc/self/exe", "im_peer", "speak", number, NULL);
		fail("exec");
	}
	close(fd);
	return status_of(pid);
}

/* Connected, then silent until a line comes. */
static int speak_later(int fd)
{
	char byte;

	fprintf(stderr, "connected\n");
	if (read(STDIN_FILENO, &byte, 1) != 1)
		fail("stdin");
	return speak(fd);
}

/* Once for each line that comes, each followed by a word on how it went. */
static int speak_repeatedly(int fd)
{
	const char *word;
	char byte;
	int status = 0;

	while (read(STDIN_FILENO, &byte, 1) == 1) {
		status = speak(fd);
		word = !status ? "answered\n" : status == EXIT_RESET ? "reset\n" : "silent\n";
		if (write(STDOUT_FILENO, word, strlen(word)) < 0)
			fail("write");
	}
	return status;
}

static const struct {
	const char *name;
	int type;
	int (*speak)(int fd);
} ways[] = {
	{ "tcp", SOCK_STREAM, speak },
	{ "udp", SOCK_DGRAM, speak },
	{ "passed", SOCK_STREAM, speak_by_passing },
	{ "exec", SOCK_STREAM, speak_by_exec },
	{ "later", SOCK_STREAM, speak_later },
	{ "repeat", SOCK_STREAM, speak_repeatedly },
	{ "udp-repeat", SOCK_DGRAM, speak_repeatedly },
	{ "udp-passed", SOCK_DGRAM, speak_by_passing },
	{ "udp-later", SOCK_DGRAM, speak_later },
};

static int talk(const char *way, const char *address, int port)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	bool is_6 = strchr(address, ':');
	size_t i;
	int fd;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]) && strcmp(ways[i].name, way); i++)
		;
	if (i == sizeof(ways) / sizeof(ways[0]) ||
	    inet_pton(is_6 ? AF_INET6 : AF_INET, address,
		      is_6 ? (void *)&to6.sin6_addr : (void *)&to4.sin_addr) != 1)
		return 2;
	fd = socket(is_6 ? AF_INET6 : AF_INET, ways[i].type, 0);
	if (fd < 0)
		fail("socket");
	if (connect(fd, is_6 ? (void *)&to6 : (void *)&to4, is_6 ? sizeof(to6) : sizeof(to4)))
		fail("connect");
	return ways[i].speak(fd);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "serve"))
		return serve(atoi(argv[2]), atoi(argv[3]));
	if (argc == 5 && !strcmp(argv[1], "talk"))
		return talk(argv[2], argv[3], atoi(argv[4]));
	if (argc == 3 && !strcmp(argv[1], "speak"))
		return speak(atoi(argv[2]));
	fprintf(stderr, "usage: im_peer serve FIRST COUNT | talk WAY ADDRESS PORT\n");
	return 2;
}
