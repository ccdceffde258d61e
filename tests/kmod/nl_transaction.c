// SPDX-License-Identifier: GPL-2.0-only
/*
 * What takes more than one request: what is loaded is what is shown, who may
 * ask, a transaction's end, limits, long dumps, many loads, damaged messages.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <imtc/process.h>

#include "libpeer.h"
#include "libtap.h"

#define NOBODY 65534

static void ask_for(struct peer *peer, u8 command, bool is_dump, struct answer *ret_answer)
{
	u8 buffer[PEER_BYTES];

	peer_ask(peer, peer_request(peer, buffer, command, is_dump), ret_answer);
}

static int error_of(struct peer *peer, const struct nlmsghdr *request)
{
	struct answer answer;

	peer_ask(peer, request, &answer);
	answer_free(&answer);
	return answer.error;
}

/* --- what is loaded is what is shown ------------------------------------------ */

/* Every attribute that a rule may have, at the edge of what it may be. */
static void put_full_rule(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, IMTC_A_RULE);
	u64 services[2] = { 1ULL << 1 | 1ULL << 63, 1ULL << 63 };
	u8 address[16] = { 0xfd, 0x88, [7] = 0x80 };
	char path[IMTC_PATH_BYTES];

	memset(path, 'p', sizeof(path));
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	mnl_attr_put_u32(nlh, IMTC_RULE_A_ID, 0xffffffff);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_NAME,
			  "a name of sixty-three bytes, which is as long as one may be: ok");
	mnl_attr_put_u8(nlh, IMTC_RULE_A_VERDICT, IMTC_VERDICT_REDIRECT);
	mnl_attr_put_u32(nlh, IMTC_RULE_A_ARGUMENT, 7);
	mnl_attr_put_u8(nlh, IMTC_RULE_A_LOG, IMTC_LOG_WARNING);
	mnl_attr_put(nlh, IMTC_RULE_A_OBSERVE, 0, NULL);
	mnl_attr_put(nlh, IMTC_RULE_A_SERVICES, sizeof(services), services);
	mnl_attr_put_u16(nlh, IMTC_RULE_A_FEATURES, 0x07fe);
	mnl_attr_put_u8(nlh, IMTC_RULE_A_DIRECTIONS, IMTC_DIRECTION_ALL);
	mnl_attr_put_u8(nlh, IMTC_RULE_A_ENCRYPTIONS, 0x0f);
	mnl_attr_put(nlh, IMTC_RULE_A_LOCAL, sizeof(address), address);
	mnl_attr_put_u8(nlh, IMTC_RULE_A_LOCAL_LEN, 57);
	address[15] = 1;
	mnl_attr_put(nlh, IMTC_RULE_A_REMOTE, sizeof(address), address);
	mnl_attr_put_u8(nlh, IMTC_RULE_A_REMOTE_LEN, 128);
	mnl_attr_put_u32(nlh, IMTC_RULE_A_LOCAL_PORTS, 0x0001ffff);
	mnl_attr_put_u32(nlh, IMTC_RULE_A_REMOTE_PORTS, 0x14661466);
	mnl_attr_put_u32(nlh, IMTC_RULE_A_IFINDEX, 0xffffffff);
	mnl_attr_put_u8(nlh, IMTC_RULE_A_PEERS, IMTC_PEER_ALL);
	mnl_attr_put_u8(nlh, IMTC_RULE_A_CONFIDENCE, IMTC_CONFIDENCE_PAYLOAD);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_DOMAIN, "*.example.org");
	mnl_attr_put_strz(nlh, IMTC_RULE_A_EXE, path);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_COMM, "fifteen letters");
	mnl_attr_put_u32(nlh, IMTC_RULE_A_UID, 0);
	mnl_attr_put_u32(nlh, IMTC_RULE_A_GID, 0xfffffffe);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_CGROUP, path);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_UNDER, path);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_UNIT, path + 1);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_CONTAINER,
			  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	mnl_attr_nest_end(nlh, nest);
}

static const struct nlattr *find(const struct nlattr *head, size_t bytes, u16 type)
{
	const struct nlattr *attr;

	mnl_attr_for_each_payload(head, bytes)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

struct comparison {
	const struct nlattr *sent;	/* the nest */
	unsigned int alike, shown;
	const struct nlattr *hits;
};

static void compare(const struct nlattr *head, size_t bytes, void *data)
{
	const struct nlattr *nest = find(head, bytes, IMTC_A_RULE), *attr, *other;
	struct comparison *c = data;

	if (!nest)
		return;
	mnl_attr_for_each_nested(attr, nest) {
		c->shown++;
		other = find(mnl_attr_get_payload(c->sent), mnl_attr_get_payload_len(c->sent),
			     mnl_attr_get_type(attr));
		if (other && attr->nla_len == other->nla_len &&
		    !memcmp(mnl_attr_get_payload(attr), mnl_attr_get_payload(other),
			    mnl_attr_get_payload_len(attr)))
			c->alike++;
		if (mnl_attr_get_type(attr) == IMTC_RULE_A_HITS)
			c->hits = attr;
	}
}

static void test_round_trip(struct peer *peer)
{
	u32 transaction = peer_begin(peer, "round trip"), epoch;
	struct comparison c = { 0 };
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_RULE, false);
	struct answer answer;

	mnl_attr_put_u32(nlh, IMTC_A_TRANSACTION, transaction);
	c.sent = mnl_nlmsg_get_payload_tail(nlh);
	put_full_rule(nlh);
	tap_result(!error_of(peer, nlh), "a rule with every attribute is accepted");
	epoch = peer_commit(peer, transaction, 1);
	ask_for(peer, IMTC_CMD_RULE_GET, true, &answer);
	answer_each(&answer, compare, &c);
	tap_result(answer.messages == 1 && c.alike == 28 && c.shown == 29 && c.hits &&
		   !mnl_attr_get_u64(c.hits),
		   "it is shown as it was sent, and its hits (%u of %u alike)", c.alike, c.shown);
	tap_result(answer_u32(&answer, IMTC_A_EPOCH) == epoch, "and with the epoch of its commit");
	answer_free(&answer);
	tap_result(peer_status_u32(peer, IMTC_STATUS_A_EPOCH) == epoch, "as the status has it");
}

/* Of the schedules that a policy is sent with, the second is open since 1970 and for ever. */
static void test_schedules(struct peer *peer)
{
	static const struct imtc_turn turns[] = { { 1, 2 }, { 0xffffffff, 0 } };
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_BEGIN, false);
	struct nlattr *nest = mnl_attr_nest_start(nlh, IMTC_A_POLICY);
	struct comparison c = { 0 };
	struct answer answer;
	u32 transaction;

	mnl_attr_put_strz(nlh, IMTC_POLICY_A_NAME, "scheduled");
	mnl_attr_put_u8(nlh, IMTC_POLICY_A_DEFAULT, IMTC_VERDICT_PASS);
	mnl_attr_put_u8(nlh, IMTC_POLICY_A_ON_FAILURE, IMTC_VERDICT_PASS);
	mnl_attr_put(nlh, IMTC_POLICY_A_SCHEDULES, sizeof("office\0night"), "office\0night");
	mnl_attr_put(nlh, IMTC_POLICY_A_TURNS, sizeof(turns), turns);
	mnl_attr_nest_end(nlh, nest);
	peer_ask(peer, nlh, &answer);
	transaction = answer_u32(&answer, IMTC_A_TRANSACTION);
	answer_free(&answer);
	nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_RULE, false);
	mnl_attr_put_u32(nlh, IMTC_A_TRANSACTION, transaction);
	c.sent = mnl_nlmsg_get_payload_tail(nlh);
	nest = mnl_attr_nest_start(nlh, IMTC_A_RULE);
	mnl_attr_put_u32(nlh, IMTC_RULE_A_ID, 1);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_NAME, "at night no");
	mnl_attr_put_u8(nlh, IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_SCHEDULE, "!night");
	mnl_attr_nest_end(nlh, nest);
	tap_result(!error_of(peer, nlh), "a rule with a schedule is accepted");
	peer_commit(peer, transaction, 1);
	ask_for(peer, IMTC_CMD_RULE_GET, true, &answer);
	answer_each(&answer, compare, &c);
	answer_free(&answer);
	tap_result(c.alike == 4 && c.shown == 5, "and shown as it was sent (%u of %u alike)",
		   c.alike, c.shown);
	ask_for(peer, IMTC_CMD_POLICY_GET, false, &answer);
	tap_result(answer_nested_u32(&answer, IMTC_A_POLICY, IMTC_POLICY_A_OPEN) == 2 &&
		   answer_nested_u32(&answer, IMTC_A_POLICY, IMTC_POLICY_A_UNTIL) == 0xffffffff,
		   "POLICY_GET: which schedules are open, and until when that is known");
	answer_free(&answer);
}

static void test_get_policy(struct peer *peer)
{
	u32 epoch = peer_load(peer, "named so", 3);
	struct answer answer;

	ask_for(peer, IMTC_CMD_POLICY_GET, false, &answer);
	tap_result(!answer.error && answer.messages == 1 &&
		   answer_u32(&answer, IMTC_A_EPOCH) == epoch &&
		   answer_nested_u32(&answer, IMTC_A_POLICY, IMTC_POLICY_A_RULES) == 3 &&
		   answer_nested_u32(&answer, IMTC_A_POLICY, IMTC_POLICY_A_LOADER_UID) == 0,
		   "POLICY_GET: epoch, number of rules, who loaded it");
	answer_free(&answer);
}

static void test_flush(struct peer *peer)
{
	u32 before = peer_load(peer, "to be flushed", 3);
	struct answer answer;

	ask_for(peer, IMTC_CMD_POLICY_FLUSH, false, &answer);
	tap_result(!answer.error && answer_u32(&answer, IMTC_A_EPOCH) != before,
		   "a flush has an epoch of its own");
	answer_free(&answer);
	ask_for(peer, IMTC_CMD_POLICY_GET, false, &answer);
	tap_result(answer.error == ENOENT && !strcmp(answer.text, "No policy is loaded"),
		   "then there is no policy");
	answer_free(&answer);
	ask_for(peer, IMTC_CMD_RULE_GET, true, &answer);
	tap_result(!answer.error && !answer.messages, "nor a rule");
	answer_free(&answer);
	peer_load(peer, "without rules", 0);
	ask_for(peer, IMTC_CMD_POLICY_GET, false, &answer);
	tap_result(!answer.error, "a policy may have no rules, its default alone");
	answer_free(&answer);
}

/* --- who may ask --------------------------------------------------------------- */

/* As another user, or as root of a user namespace: the exit status is the number of wrong answers. */
static int ask_without_capability(void)
{
	static const struct {
		u8 command;
		bool is_dump;
	} commands[] = {
		{ IMTC_CMD_STATUS_GET, false }, { IMTC_CMD_POLICY_BEGIN, false },
		{ IMTC_CMD_POLICY_RULE, false }, { IMTC_CMD_POLICY_COMMIT, false },
		{ IMTC_CMD_POLICY_ABORT, false }, { IMTC_CMD_POLICY_FLUSH, false },
		{ IMTC_CMD_POLICY_GET, false }, { IMTC_CMD_RULE_GET, true },
		{ IMTC_CMD_PROCESS_GET, true }, { IMTC_CMD_SERVICE_GET, true },
		{ IMTC_CMD_POLICY_SET, false }, { IMTC_CMD_SET_GET, true },
	};
	struct answer answer;
	struct peer peer;
	int wrong = 0;

	if (!peer_open(&peer))
		return 100;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		ask_for(&peer, commands[i].command, commands[i].is_dump, &answer);
		answer_free(&answer);
		if (answer.error != EPERM) {
			tap_note("command %u: error %d", commands[i].command, answer.error);
			wrong++;
		}
	}
	fflush(stdout);
	return wrong;
}

static int join_without_capability(void)
{
	struct peer peer;

	if (!peer_open(&peer) || !peer.events)
		return 100;
	if (!setsockopt(mnl_socket_get_fd(peer.nl), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			&peer.events, sizeof(peer.events)))
		return 1;
	return errno == EPERM ? 0 : 2;
}

static int look_from_elsewhere(void)
{
	struct peer peer;

	if (unshare(CLONE_NEWNET))
		return 100;
	return peer_open(&peer) ? 1 : 0;
}

static int status_in_child(int (*what)(void), bool (*become)(void))
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		tap_die("fork");
	if (!pid)
		_exit(!become || become() ? what() : 101);
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 102;
	return WEXITSTATUS(status);
}

static bool become_nobody(void)
{
	return !setgid(NOBODY) && !setuid(NOBODY);
}

/* All capabilities, but of another user namespace than the network's. */
static bool become_root_elsewhere(void)
{
	return become_nobody() && !unshare(CLONE_NEWUSER);
}

static void test_capability(void)
{
	tap_result(!status_in_child(ask_without_capability, become_nobody),
		   "another user is refused each command");
	tap_result(!status_in_child(ask_without_capability, become_root_elsewhere),
		   "so is root of a user namespace");
	tap_result(!status_in_child(join_without_capability, become_nobody),
		   "another user may not listen to events");
	tap_result(!status_in_child(join_without_capability, become_root_elsewhere),
		   "nor may root of a user namespace");
	tap_result(!status_in_child(look_from_elsewhere, NULL),
		   "other network namespaces do not have the family");
}

/* --- the end of a transaction ---------------------------------------------------- */

/* How many there are once those that were replaced are freed: the running one alone. */
static u32 policies_at_rest(struct peer *peer)
{
	u32 policies = peer_status_u32(peer, IMTC_STATUS_A_POLICIES);

	for (int i = 0; i < 500 && policies > 1; i++) {
		usleep(10000);
		policies = peer_status_u32(peer, IMTC_STATUS_A_POLICIES);
	}
	return policies;
}

static void test_close_drops(struct peer *peer)
{
	u32 policies = policies_at_rest(peer);
	struct peer other;
	u32 transaction;

	if (!peer_open(&other))
		tap_die("a second socket");
	transaction = peer_begin(&other, "never committed");
	peer_rules(&other, transaction, 1, 50);
	tap_result(peer_status_u32(peer, IMTC_STATUS_A_POLICIES) == policies + 1,
		   "an open transaction is a policy object");
	peer_close(&other);
	tap_result(peer_status_u32(peer, IMTC_STATUS_A_POLICIES) == policies,
		   "it is gone when its socket is closed");
	transaction = peer_begin(peer, "after it");
	tap_result(transaction, "and another socket may begin");
	peer_abort(peer, transaction);
	tap_result(peer_status_u32(peer, IMTC_STATUS_A_POLICIES) == policies,
		   "an aborted one is gone at once");
}

/* A process that is killed closes its sockets as well. */
static void test_kill_drops(struct peer *peer)
{
	int up[2];
	char byte;
	pid_t pid;

	if (pipe(up))
		tap_die("pipe");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		tap_die("fork");
	if (!pid) {
		struct peer other;

		if (!peer_open(&other))
			_exit(1);
		peer_begin(&other, "of one who is killed");
		if (write(up[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(up[1]);
	if (read(up[0], &byte, 1) != 1)
		tap_die("the other process");
	close(up[0]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	peer_abort(peer, peer_begin(peer, "after it"));
	tap_result(true, "a transaction of a process that was killed is gone");
}

/* --- limits ------------------------------------------------------------------------ */

static void put_process_rule(struct nlmsghdr *nlh, u32 i)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, IMTC_A_RULE);

	mnl_attr_put_u32(nlh, IMTC_RULE_A_ID, i);
	mnl_attr_put_strz(nlh, IMTC_RULE_A_NAME, "p");
	mnl_attr_put_u8(nlh, IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP);
	mnl_attr_put_u32(nlh, IMTC_RULE_A_UID, i);
	mnl_attr_nest_end(nlh, nest);
}

/* One message with one rule, by put(). */
static void ask_one_rule(struct peer *peer, u32 transaction, u32 i,
			 void (*put)(struct nlmsghdr *, u32), struct answer *ret_answer)
{
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_RULE, false);

	mnl_attr_put_u32(nlh, IMTC_A_TRANSACTION, transaction);
	put(nlh, i);
	peer_ask(peer, nlh, ret_answer);
	answer_free(ret_answer);
}

static void test_rules_limit(struct peer *peer)
{
	u32 transaction = peer_begin(peer, "as many as may be");
	struct answer answer;

	peer_rules(peer, transaction, 1, IMTC_RULES_MAX);
	ask_one_rule(peer, transaction, IMTC_RULES_MAX + 1, peer_put_rule, &answer);
	tap_result(answer.error == E2BIG && answer.offset &&
		   !strcmp(answer.text, "A policy has at most 16384 compiled rules"),
		   "%u rules are taken, the next is refused", IMTC_RULES_MAX);
	peer_commit(peer, transaction, IMTC_RULES_MAX);
	ask_for(peer, IMTC_CMD_RULE_GET, true, &answer);
	tap_result(answer.messages == IMTC_RULES_MAX, "and all of them are shown");
	answer_free(&answer);
}

static void test_processes_limit(struct peer *peer)
{
	u32 transaction = peer_begin(peer, "processes");
	struct answer answer;
	u32 i;

	for (i = 1; i < IMTC_PROCS_MAX; i++) {
		ask_one_rule(peer, transaction, i, put_process_rule, &answer);
		if (answer.error)
			break;
	}
	tap_result(i == IMTC_PROCS_MAX, "%u different processes are taken", i - 1);
	ask_one_rule(peer, transaction, i, put_process_rule, &answer);
	tap_result(answer.error == E2BIG && answer.offset &&
		   !strcmp(answer.text, "A policy names at most 1023 different processes"),
		   "the next is refused");
	peer_abort(peer, transaction);
}

/* --- dumps ---------------------------------------------------------------------------- */

struct order {
	u32 next;
	bool is_right;
};

static void check_order(const struct nlattr *head, size_t bytes, void *data)
{
	const struct nlattr *nest = find(head, bytes, IMTC_A_RULE), *id;
	struct order *order = data;

	id = nest ? find(mnl_attr_get_payload(nest), mnl_attr_get_payload_len(nest),
			 IMTC_RULE_A_ID) : NULL;
	if (!id || mnl_attr_get_u32(id) != order->next)
		order->is_right = false;
	order->next++;
}

#define DUMPED 2000

static void test_long_dump(struct peer *peer)
{
	struct order order = { .next = 1, .is_right = true };
	struct answer answer;

	peer_load(peer, "long", DUMPED);
	ask_for(peer, IMTC_CMD_RULE_GET, true, &answer);
	answer_each(&answer, check_order, &order);
	tap_result(!answer.error && !answer.was_interrupted && answer.messages == DUMPED &&
		   order.is_right && answer.datagrams > 1,
		   "%u rules, each once and in order, in %u datagrams", answer.messages,
		   answer.datagrams);
	answer_free(&answer);
}

/* Another policy comes when a part is read. */
static void test_interrupted_dump(struct peer *peer)
{
	struct answer answer = { 0 };
	u8 buffer[PEER_BYTES];
	struct peer other;

	if (!peer_open(&other))
		tap_die("a second socket");
	peer_load(peer, "first", DUMPED);
	peer_send(peer, peer_request(peer, buffer, IMTC_CMD_RULE_GET, true));
	if (peer_receive(peer, &answer))
		tap_die("the dump fits one datagram");
	peer_load(&other, "second", DUMPED);
	while (!peer_receive(peer, &answer))
		;
	tap_result(answer.was_interrupted && answer.messages < DUMPED,
		   "a dump over which another policy came says so, and ends (%u rules)",
		   answer.messages);
	answer_free(&answer);
	peer_close(&other);
}

/* Two dumps at once, each with its own place to go on from. */
static void test_two_dumps(struct peer *peer)
{
	struct answer one = { 0 }, two = { 0 };
	bool is_one_over = false, is_two_over = false;
	u8 buffer[PEER_BYTES];
	struct peer other;

	if (!peer_open(&other))
		tap_die("a second socket");
	peer_load(peer, "long", DUMPED);
	peer_send(peer, peer_request(peer, buffer, IMTC_CMD_RULE_GET, true));
	peer_send(&other, peer_request(&other, buffer, IMTC_CMD_RULE_GET, true));
	while (!is_one_over || !is_two_over) {
		is_one_over = is_one_over || peer_receive(peer, &one);
		is_two_over = is_two_over || peer_receive(&other, &two);
	}
	tap_result(one.messages == DUMPED && two.messages == DUMPED, "two dumps at once are whole");
	answer_free(&one);
	answer_free(&two);
	peer_close(&other);
}

/* --- many loads -------------------------------------------------------------------------- */

static bool is_quiet(struct peer *peer, int seconds)
{
	time_t end = time(NULL) + seconds;

	while (peer_status_u32(peer, IMTC_STATUS_A_POLICIES) != 1) {
		if (time(NULL) > end)
			return false;
		usleep(20000);
	}
	return true;
}

#define LOADS 1000

static void test_many_loads(struct peer *peer)
{
	u32 epoch = peer_status_u32(peer, IMTC_STATUS_A_EPOCH), most = 0, now, i;

	for (i = 0; i < LOADS; i++) {
		peer_load(peer, "one of many", 1 + i % 7);
		now = peer_status_u32(peer, IMTC_STATUS_A_POLICIES);
		most = now > most ? now : most;
	}
	now = peer_status_u32(peer, IMTC_STATUS_A_EPOCH);
	/* 0 is left out when the number wraps. */
	tap_result(now - epoch == LOADS || (now < epoch && now - epoch == LOADS + 1),
		   "%u loads move the epoch by as many", LOADS);
	tap_result(most <= 70, "policies alive at once are bounded (%u)", most);
	tap_result(is_quiet(peer, 60), "and one is left when it is quiet");
}

/* --- damaged messages ---------------------------------------------------------------------- */

#define DAMAGED 4000

static u32 random_state = 1;

/* xorshift32, from the same seed each time. */
static u32 random_below(u32 bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state % bound;
}

/* Right messages with a few bytes of their attributes changed: whatever the answer, nothing breaks. */
static void test_damaged(struct peer *peer)
{
	u32 epoch = peer_load(peer, "undamaged", 3), transaction, taken = 0;
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh;
	u32 i, k;

	transaction = peer_begin(peer, "damaged");
	for (i = 0; i < DAMAGED; i++) {
		nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_RULE, false);
		mnl_attr_put_u32(nlh, IMTC_A_TRANSACTION, transaction);
		put_full_rule(nlh);
		peer_put_rule(nlh, 0xffffffff);
		/* Past the headers and TRANSACTION. */
		for (k = random_below(4); k < 4; k++)
			buffer[28 + random_below(nlh->nlmsg_len - 28)] = random_below(256);
		taken += !error_of(peer, nlh);
	}
	peer_abort(peer, transaction);
	tap_result(taken < DAMAGED && peer_status_u32(peer, IMTC_STATUS_A_EPOCH) == epoch,
		   "%u damaged messages, %u of them right still: nothing in force has changed",
		   DAMAGED, taken);
	tap_result(is_quiet(peer, 60), "and nothing is left of them");
}

int main(void)
{
	struct peer peer;

	if (!peer_open(&peer))
		tap_die("no family \"imtc\"");
	test_round_trip(&peer);
	test_schedules(&peer);
	test_get_policy(&peer);
	test_flush(&peer);
	test_capability();
	test_close_drops(&peer);
	test_kill_drops(&peer);
	test_rules_limit(&peer);
	test_processes_limit(&peer);
	test_long_dump(&peer);
	test_interrupted_dump(&peer);
	test_two_dumps(&peer);
	test_many_loads(&peer);
	test_damaged(&peer);
	ask_for(&peer, IMTC_CMD_POLICY_FLUSH, false, &(struct answer){ 0 });
	peer_close(&peer);
	return tap_done();
}
