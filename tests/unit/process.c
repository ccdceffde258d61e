// SPDX-License-Identifier: GPL-2.0-only
/*
 * Process patterns: globs held against fnmatch(3) and against a plain reference,
 * units and containers in the paths of cgroups, and the claim that one pattern is as
 * wide as another.
 */
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <imtc/policy_index_build.h>
#include <imtc/policy_owner.h>

#include "pattern.h"

#define QUESTIONS 400000
#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static uint64_t seed = 1;

static u32 below(u32 n)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(seed >> 33) % n;
}

/* --- globs ------------------------------------------------------------------------- */

/* Few letters, so that much matches. */
static void draw_text(char *text, u32 most)
{
	u32 n = below(most + 1);

	for (u32 i = 0; i < n; i++)
		text[i] = "aab/"[below(4)];
	text[n] = '\0';
}

static void draw_pattern(char *pattern, bool may_be_deep)
{
	static const char *const parts[] = { "a", "b", "/", "*", "?", "[ab]", "[!a]", "[^b]",
					     "[a-b]", "[]a]", "[a-]", "a", "/", "*", "**" };
	u32 n = below(9), used = 0;

	pattern[0] = '\0';
	for (u32 i = 0; i < n; i++) {
		const char *part = parts[below(may_be_deep ? 15 : 14)];

		/* Two stars that follow each other are the other star. */
		if (!may_be_deep && part[0] == '*' && used && pattern[used - 1] == '*')
			continue;
		strcpy(pattern + used, part);
		used += (u32)strlen(part);
	}
}

static void test_fnmatch(void **unused)
{
	u32 matches = 0, above = 0;

	(void)unused;
	for (u32 i = 0; i < QUESTIONS; i++) {
		char pattern[64], text[16];
		int whole, part;

		draw_pattern(pattern, false);
		draw_text(text, 8);
		assert_null(imtc_glob_wrong(pattern));
		whole = !fnmatch(pattern, text, FNM_PATHNAME | FNM_NOESCAPE);
		part = !fnmatch(pattern, text, FNM_PATHNAME | FNM_NOESCAPE | FNM_LEADING_DIR);
		if (imtc_glob_matches(pattern, text, IMTC_GLOB_WHOLE) != whole)
			fail_msg("\"%s\" and \"%s\": fnmatch says %d", pattern, text, whole);
		if (imtc_glob_matches(pattern, text, IMTC_GLOB_ABOVE) != part)
			fail_msg("\"%s\" above \"%s\": fnmatch says %d", pattern, text, part);
		matches += (u32)whole;
		above += part && !whole;
	}
	assert_in_range(matches, QUESTIONS / 50, QUESTIONS);
	assert_in_range(above, QUESTIONS / 50, QUESTIONS);
}

/* As the words of imtc/glob.h say it, each way tried. */
static int matches_plainly(const char *p, const char *t, enum imtc_glob_end end)
{
	if (!*p)
		return !*t || (end == IMTC_GLOB_ABOVE && *t == '/');
	if (*p == '*') {
		bool is_deep = p[1] == '*';
		const char *rest = p + strspn(p, "*");

		if (!is_deep)
			rest = p + 1;
		for (;; t++) {
			if (matches_plainly(rest, t, end))
				return 1;
			if (!*t || (*t == '/' && !is_deep))
				return 0;
		}
	}
	if (!*t)
		return 0;
	p = imtc_glob_byte(p, (unsigned char)*t);
	return p && matches_plainly(p, t + 1, end);
}

static void test_deep(void **unused)
{
	u32 matches = 0;

	(void)unused;
	for (u32 i = 0; i < QUESTIONS; i++) {
		enum imtc_glob_end end = below(2) ? IMTC_GLOB_WHOLE : IMTC_GLOB_ABOVE;
		char pattern[64], text[32];
		int plainly;

		draw_pattern(pattern, true);
		draw_text(text, 12);
		plainly = matches_plainly(pattern, text, end);
		if (imtc_glob_matches(pattern, text, end) != plainly)
			fail_msg("\"%s\" and \"%s\" (%d): the reference says %d", pattern, text,
				 end, plainly);
		matches += (u32)plainly;
	}
	assert_in_range(matches, QUESTIONS / 20, QUESTIONS);
}

/* Bytes of any kind, a pattern that is none too: nothing is read behind either's end. */
static void test_any_bytes(void **unused)
{
	u32 wrong = 0;

	(void)unused;
	for (u32 i = 0; i < 100000; i++) {
		u32 n = below(24), m = below(24);
		char *pattern = calloc(n + 1, 1), *text = calloc(m + 1, 1);

		assert_non_null(pattern);
		assert_non_null(text);
		for (u32 k = 0; k < n; k++)
			pattern[k] = below(3) ? "[]!^-*?/:a"[below(10)] : (char)(1 + below(255));
		for (u32 k = 0; k < m; k++)
			text[k] = (char)(1 + below(255));
		wrong += imtc_glob_wrong(pattern) != NULL;
		imtc_glob_matches(pattern, text, IMTC_GLOB_WHOLE);
		imtc_glob_matches(pattern, text, IMTC_GLOB_ABOVE);
		free(pattern);
		free(text);
	}
	assert_in_range(wrong, 1000, 99000);
}

static void test_wrong(void **unused)
{
	static const char *const wrong[] = { "[", "a[", "[]", "[!]", "[a", "[a-", "[b-a]", "[a/b]",
					     "[[:alpha:]]", "[[.a.]]", "[a]/[" };
	static const char *const right[] = { "", "a", "[a]", "[]]", "[!]]", "[a-]", "[-a]", "]",
					     "[[]", "*", "**", "?", "[a-b]c[!d]", "\\" };

	(void)unused;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (!imtc_glob_wrong(wrong[i]))
			fail_msg("\"%s\" is a pattern", wrong[i]);
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (imtc_glob_wrong(right[i]))
			fail_msg("\"%s\" is no pattern", right[i]);
}

/* --- criteria ---------------------------------------------------------------------- */

static int asks(u32 flag, const char *pattern, const char *path)
{
	struct imtc_proc proc = { .flags = flag };
	struct imtc_owner owner = { 0 };

	for (const struct pattern_text *text = pattern_texts; text->flag; text++)
		if (text->flag == flag)
			snprintf((char *)&proc + text->offset, text->bytes, "%s", pattern);
	snprintf(flag == IMTC_PROC_EXE ? owner.exe : owner.cgroup, IMTC_PATH_BYTES, "%s", path);
	return imtc_proc_matches(&proc, &owner, 0);
}

static void test_under(void **unused)
{
	struct imtc_owner owners[IMTC_ANCESTORS_MAX + 2] = { 0 };
	struct imtc_proc proc = { .flags = IMTC_PROC_UNDER };
	u32 last = IMTC_ANCESTORS_MAX + 1;

	(void)unused;
	for (u32 i = 0; i <= last; i++) {
		snprintf(owners[i].exe, sizeof(owners[i].exe), "/bin/p%u", i);
		owners[i].above = i < last ? &owners[i + 1] : NULL;
	}
	strcpy(proc.under, "/bin/p1");
	assert_true(imtc_proc_matches(&proc, &owners[0], 0));
	assert_false(imtc_proc_matches(&proc, &owners[1], 0));
	strcpy(proc.under, "/bin/p0");
	assert_false(imtc_proc_matches(&proc, &owners[0], 0));
	strcpy(proc.under, "/*/p?2");
	assert_true(imtc_proc_matches(&proc, &owners[0], 0));
	/* A ring of them would end, too. */
	snprintf(proc.under, sizeof(proc.under), "/bin/p%u", last - 1);
	assert_true(imtc_proc_matches(&proc, &owners[0], 0));
	snprintf(proc.under, sizeof(proc.under), "/bin/p%u", last);
	assert_false(imtc_proc_matches(&proc, &owners[0], 0));
}

/* What may be a word of a set, and what not. */
static void test_words(void **unused)
{
	static const char *const users[] = { "0", "7", "1000", "4294967294" };
	static const char *const no_users[] = { "", "00", "01", "-1", "1 ", "+1", "root", "4294967295",
						"4294967296", "99999999999", "0x1" };
	static const char *const no_programs[] = { "", "bin/a", "/bin/*", "/bin/a?", "/bin/[a]" };
	char longest[IMTC_PATH_BYTES + 1];

	(void)unused;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
		assert_null(imtc_word_wrong(IMTC_SET_USERS, users[i]));
	for (size_t i = 0; i < sizeof(no_users) / sizeof(no_users[0]); i++)
		assert_non_null(imtc_word_wrong(IMTC_SET_USERS, no_users[i]));
	assert_null(imtc_word_wrong(IMTC_SET_PROGRAMS, "/opt/a b/c (deleted)"));
	for (size_t i = 0; i < sizeof(no_programs) / sizeof(no_programs[0]); i++)
		assert_non_null(imtc_word_wrong(IMTC_SET_PROGRAMS, no_programs[i]));
	memset(longest, '/', sizeof(longest));
	longest[IMTC_PATH_BYTES - 1] = '\0';
	assert_null(imtc_word_wrong(IMTC_SET_PROGRAMS, longest));
	longest[IMTC_PATH_BYTES - 1] = 'a';
	longest[IMTC_PATH_BYTES] = '\0';
	assert_non_null(imtc_word_wrong(IMTC_SET_PROGRAMS, longest));
	assert_non_null(imtc_word_wrong(IMTC_SET_ADDRESSES, "10.0.0.1"));
	assert_non_null(imtc_word_wrong(IMTC_SET_KINDS, "a"));
}

#define MANY 100000u

static void put(struct imtc_index_sets *sets, char *words, u8 set, u8 kind, const char *word)
{
	imtc_word_put(words + sets->words_bytes, set, kind, word);
	sets->words_bytes += imtc_word_bytes(word);
}

/* Sets 1 of users, 2 of programs; 3 and 4 of the same have one each; 5 has names like them. */
static void test_sets(void **unused)
{
	static const u64 seed[2] = { 31, 41 };
	char *words = malloc(64UL * 3 * MANY), text[64];
	struct imtc_index_sets sets = { .words = words, .seed = seed };
	struct imtc_proc proc = { .flags = IMTC_PROC_EXE_SET | IMTC_PROC_USER_SET, .exe_set = 2,
				  .user_set = 1 };
	struct imtc_owner owner = { 0 };
	struct imtc_index index;

	(void)unused;
	assert_non_null(words);
	for (u32 i = 0; i < MANY; i++) {
		imtc_user_text(7 * i, text);
		put(&sets, words, 1, IMTC_SET_USERS, text);
		snprintf(text, sizeof(text), "/opt/%u/bin/program", 7 * i);
		put(&sets, words, 2, IMTC_SET_PROGRAMS, text);
	}
	put(&sets, words, 3, IMTC_SET_USERS, "4294967294");
	put(&sets, words, 4, IMTC_SET_PROGRAMS, "/opt/7/bin/program");
	put(&sets, words, 5, IMTC_SET_DOMAINS, "14");
	assert_int_equal(imtc_index_build(&index, NULL, 0, &sets), 0);
	for (u32 i = 0; i < 7 * MANY; i += 3) {
		u64 user = i % 7 ? 0 : 1 << 1, program = i % 7 ? 0 : 1 << 2;

		owner.uid = i;
		snprintf(owner.exe, sizeof(owner.exe), "/opt/%u/bin/program", i);
		assert_int_equal(imtc_owner_sets(&index, &owner, seed), user | program);
		assert_int_equal(imtc_proc_matches(&proc, &owner, user | program), i % 7 == 0);
		owner.exe[0] = '\0';
		assert_int_equal(imtc_owner_sets(&index, &owner, seed), user);
		assert_int_equal(imtc_proc_matches(&proc, &owner, user), 0);
	}
	owner.uid = 4294967294;
	strcpy(owner.exe, "/opt/7/bin/program");
	assert_int_equal(imtc_owner_sets(&index, &owner, seed), 1 << 2 | 1 << 3 | 1 << 4);
	owner.uid = 4294967295;
	assert_int_equal(imtc_owner_sets(&index, &owner, seed), 1 << 2 | 1 << 4);
	imtc_index_free(&index);
	free(words);
}

static const struct { int matches; u32 flag; const char *pattern, *path; } vectors[] = {
	{ 1, IMTC_PROC_EXE, "/opt/*/bin/chat*", "/opt/a/bin/chat" },
	{ 1, IMTC_PROC_EXE, "/opt/*/bin/chat*", "/opt/a.b/bin/chat-2" },
	{ 0, IMTC_PROC_EXE, "/opt/*/bin/chat*", "/opt/a/b/bin/chat" },
	{ 0, IMTC_PROC_EXE, "/opt/*/bin/chat*", "/opt/a/bin/chat/x" },
	{ 1, IMTC_PROC_EXE, "/opt/**", "/opt/a/b/bin/chat" },
	{ 1, IMTC_PROC_EXE, "/**/chat", "/opt/a/chat" },
	{ 0, IMTC_PROC_EXE, "/**/chat", "/opt/a/chats" },
	{ 1, IMTC_PROC_EXE, "/usr/bin/[[]", "/usr/bin/[" },
	{ 0, IMTC_PROC_EXE, "/**", "" },	/* one whose path is not known */
	{ 1, IMTC_PROC_CGROUP, "/user.slice", "/user.slice" },
	{ 1, IMTC_PROC_CGROUP, "/user.slice", "/user.slice/user-0.slice" },
	{ 0, IMTC_PROC_CGROUP, "/user.slice", "/user.slices" },
	{ 1, IMTC_PROC_CGROUP, "/user.slice/*/session-?.scope",
	  "/user.slice/user-0.slice/session-1.scope/x" },
	{ 0, IMTC_PROC_CGROUP, "/user.slice/*/session-?.scope",
	  "/user.slice/user-0.slice/session-12.scope" },
	{ 1, IMTC_PROC_CGROUP, "", "/" },
	{ 1, IMTC_PROC_CGROUP, "/a\\x2db", "/a\\x2db/c" },
	{ 1, IMTC_PROC_UNIT, "prosody.service", "/system.slice/prosody.service" },
	{ 1, IMTC_PROC_UNIT, "prosody.service", "/system.slice/prosody.service/helper" },
	{ 1, IMTC_PROC_UNIT, "system.slice", "/system.slice/prosody.service" },
	{ 0, IMTC_PROC_UNIT, "prosody.service", "/system.slice/aprosody.service" },
	{ 0, IMTC_PROC_UNIT, "prosody.service", "/system.slice/prosody.services" },
	{ 1, IMTC_PROC_UNIT, "memory.service", "/system.slice/_memory.service" },
	{ 0, IMTC_PROC_UNIT, "memory.service", "/system.slice/__memory.service" },
	{ 1, IMTC_PROC_UNIT, "getty@*.service", "/system.slice/getty@tty1.service" },
	{ 0, IMTC_PROC_UNIT, "*.service", "/user.slice/session-1.scope" },
	{ 0, IMTC_PROC_UNIT, "a.service", "" },
	{ 1, IMTC_PROC_CONTAINER, HEX64, "/docker/" HEX64 },
	{ 1, IMTC_PROC_CONTAINER, "0123456789ab", "/system.slice/docker-" HEX64 ".scope" },
	{ 1, IMTC_PROC_CONTAINER, "0123456789ab", "/machine.slice/libpod-" HEX64 ".scope/container" },
	{ 1, IMTC_PROC_CONTAINER, "0123456789ab",
	  "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" HEX64 ".scope" },
	{ 1, IMTC_PROC_CONTAINER, "0123456789ab", "/libpod_parent/libpod-" HEX64 },
	{ 0, IMTC_PROC_CONTAINER, "123456789abc", "/docker/" HEX64 },
	{ 0, IMTC_PROC_CONTAINER, "0123456789ab", "/machine.slice/libpod-conmon-" HEX64 ".scope" },
	{ 0, IMTC_PROC_CONTAINER, "0123456789ab", "/docker/a" HEX64 },
	{ 0, IMTC_PROC_CONTAINER, "0123456789ab", "/docker/" HEX64 ".service" },
	{ 0, IMTC_PROC_CONTAINER, "0123456789ab", "/docker/0123456789ab" },
	{ 0, IMTC_PROC_CONTAINER, "0123456789ab", "/" },
};

static void test_vectors(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		if (asks(vectors[i].flag, vectors[i].pattern, vectors[i].path) !=
		    vectors[i].matches)
			fail_msg("\"%s\" and \"%s\": not %d", vectors[i].pattern, vectors[i].path,
				 vectors[i].matches);
}

/* --- as wide ----------------------------------------------------------------------- */

static void draw_proc(struct imtc_proc *proc)
{
	static const char *const globs[] = { "/a", "/a/b", "/a/*", "/a/**", "/*", "/a*", "/[ab]" };
	static const char *const units[] = { "a", "b", "*", "[ab]", "a*" };

	memset(proc, 0, sizeof(*proc));
	proc->flags = below(2) ? IMTC_PROC_EXE : 0;
	proc->flags |= below(2) ? IMTC_PROC_CGROUP : 0;
	proc->flags |= below(3) ? 0 : IMTC_PROC_UNIT;
	if (proc->flags & IMTC_PROC_EXE)
		strcpy(proc->exe, globs[below(7)]);
	if (proc->flags & IMTC_PROC_CGROUP)
		strcpy(proc->cgroup, globs[below(7)]);
	if (proc->flags & IMTC_PROC_UNIT)
		strcpy(proc->unit, units[below(5)]);
}

static void test_covers(void **unused)
{
	static const char *const paths[] = { "/", "/a", "/b", "/a/b", "/ab", "/a/b/c", "/b/a" };
	u32 covered = 0;

	(void)unused;
	for (u32 i = 0; i < 20000; i++) {
		struct imtc_owner owner = { 0 };
		struct imtc_proc wide, narrow;

		draw_proc(&wide);
		draw_proc(&narrow);
		assert_true(pattern_covers(&wide, &wide));
		if (!pattern_covers(&wide, &narrow))
			continue;
		covered++;
		for (u32 k = 0; k < 49; k++) {
			strcpy(owner.exe, paths[k % 7]);
			strcpy(owner.cgroup, paths[k / 7]);
			if (imtc_proc_matches(&narrow, &owner, 0) &&
			    !imtc_proc_matches(&wide, &owner, 0))
				fail_msg("%s %s %s is not as wide as %s %s %s", wide.exe,
					 wide.cgroup, wide.unit, narrow.exe, narrow.cgroup,
					 narrow.unit);
		}
	}
	assert_in_range(covered, 1000, 19000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fnmatch),	 cmocka_unit_test(test_deep),
		cmocka_unit_test(test_any_bytes), cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_under), cmocka_unit_test(test_words), cmocka_unit_test(test_sets),
		cmocka_unit_test(test_vectors),	 cmocka_unit_test(test_covers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
