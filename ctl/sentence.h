/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sentence for the last failure of the BPF side, and what libbpf and the
 * verifier said on the way to it. For the library files behind loader.h.
 */
#ifndef IMCTL_SENTENCE_H
#define IMCTL_SENTENCE_H

/*
 * Keeps the sentence and returns err; "%s" of it is loader_sentence(). Where
 * err is not 0 its text follows after a colon.
 */
int fail(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Forgets what libbpf said so far; from here on it is kept instead of printed. */
void libbpf_listen(void);
/* The shortest useful account of it; "" where it said nothing. */
const char *libbpf_said(void);

#endif /* IMCTL_SENTENCE_H */
