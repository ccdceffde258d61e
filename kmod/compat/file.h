/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The executable of an address space. get_mm_exe_file() is not exported, and
 * how a file is taken under RCU changed with 6.7 (0ede61d8589c).
 */
#ifndef IMTC_COMPAT_FILE_H
#define IMTC_COMPAT_FILE_H

#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm_types.h>
#include <linux/version.h>

/* Returns a counted reference, or NULL. Any context. */
static inline struct file *imtc_mm_exe_file(struct mm_struct *mm)
{
	struct file *file;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	rcu_read_lock();
	file = get_file_rcu(&mm->exe_file);
	rcu_read_unlock();
#else
	rcu_read_lock();
	file = rcu_dereference(mm->exe_file);
	if (file && !get_file_rcu(file))
		file = NULL;
	rcu_read_unlock();
#endif
	return file;
}

#endif /* IMTC_COMPAT_FILE_H */
