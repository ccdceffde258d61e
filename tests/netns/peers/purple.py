#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A client of any protocol of libpurple (Pidgin's and Finch's library), by ctypes.

    purple.py FOLDER PROTOCOL USER [KEY=VALUE]... [to NAME TEXT]

Signs on to an account ("prpl-gg", "prpl-simple"...) with the password "secret" and these settings of
it; numbers and true, false are given as such. Then says TEXT to NAME and waits for a word from it.
Prints what libpurple says: "signed on", "heard TEXT", "failed: WHY". Ends with 0 when all that was
asked for has come. FOLDER is libpurple's own.
"""

import ctypes
import os
import re
import sys

LIMIT_S = int(os.environ.get("PATIENCE_S", "20"))
CONVERSATION_IM = 1
STATUS_AVAILABLE = 2

# Its plug-ins look for its symbols in the program.
purple = ctypes.CDLL("libpurple.so.0", ctypes.RTLD_GLOBAL)
glib = ctypes.CDLL("libglib-2.0.so.0")
text, pointer, number = ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int
for name, result, *arguments in (
        ("purple_account_new", pointer, text, text),
        ("purple_accounts_add", None, pointer),
        ("purple_account_set_password", None, pointer, text),
        ("purple_account_set_string", None, pointer, text, text),
        ("purple_account_set_int", None, pointer, text, number),
        ("purple_account_set_bool", None, pointer, text, number),
        ("purple_account_set_enabled", None, pointer, text, number),
        ("purple_find_prpl", pointer, text),
        ("purple_connections_get_handle", pointer),
        ("purple_conversations_get_handle", pointer),
        ("purple_conversation_new", pointer, number, pointer, text),
        ("purple_conversation_get_im_data", pointer, pointer),
        ("purple_conv_im_send", None, pointer, text),
        ("purple_core_init", number, text),
        ("purple_core_quit", None),
        ("purple_eventloop_set_ui_ops", None, pointer),
        ("purple_savedstatus_new", pointer, text, number),
        ("purple_savedstatus_activate", None, pointer),
        ("purple_set_blist", None, pointer),
        ("purple_blist_new", pointer),
        ("purple_util_set_user_dir", None, text)):
    function = getattr(purple, name)
    function.restype, function.argtypes = result, arguments
glib.g_main_loop_new.restype = pointer
glib.g_main_loop_new.argtypes = pointer, number
glib.g_main_loop_run.argtypes = glib.g_main_loop_quit.argtypes = [pointer]

# --- the loop that libpurple asks its program for ------------------------------------------
READY = ctypes.CFUNCTYPE(None, pointer, number, number)
WATCH = ctypes.CFUNCTYPE(number, number, number, pointer)
ADD = ctypes.CFUNCTYPE(ctypes.c_uint, number, number, pointer, pointer)
IN, OUT, FAULTS = 1, 4, 0x38    # GIOCondition; of libpurple's two bits the other is OUT
watches = {}


@ADD
def input_add(fd, condition, ready, data):
    def is_ready(fd, events, _):
        READY(ready)(data, fd, bool(events & ~OUT) | bool(events & (OUT | 8)) << 1)
        return 1
    watch = WATCH(is_ready)
    wanted = (condition & 1 and IN | FAULTS) | (condition & 2 and OUT | 0x28)
    handle = glib.g_unix_fd_add_full(0, fd, wanted, watch, None, None)
    # Kept for good: one may take itself away while it runs.
    watches[handle] = watch
    return handle


class Loop(ctypes.Structure):
    _fields_ = [(part, pointer) for part in (
        "timeout_add", "timeout_remove", "input_add", "input_remove", "input_get_error",
        "timeout_add_seconds", "reserved2", "reserved3", "reserved4")]


def address(function):
    return ctypes.cast(function, pointer).value


loop_ops = Loop(address(glib.g_timeout_add), address(glib.g_source_remove), address(input_add),
                address(glib.g_source_remove), None, address(glib.g_timeout_add_seconds))
loop = glib.g_main_loop_new(None, 0)
status = 1
kept = []


def end(code):
    global status
    status = code
    glib.g_main_loop_quit(loop)


def say(line):
    print(line, flush=True)


def connect(instance, signal, *arguments):
    """Decorates what is called with the arguments of a signal."""
    def decorate(function):
        callback = ctypes.CFUNCTYPE(None, *arguments)(function)
        kept.append(callback)
        purple.purple_signal_connect(pointer(instance), signal, ctypes.byref(loop_ops), callback, None)
        return function
    return decorate


def settings(account, words):
    for word in words:
        key, value = word.split("=", 1)
        if value in ("true", "false"):
            purple.purple_account_set_bool(account, key.encode(), value == "true")
        elif value.isdigit():
            purple.purple_account_set_int(account, key.encode(), int(value))
        else:
            purple.purple_account_set_string(account, key.encode(), value.encode())


def main():
    folder, protocol, user, *words = sys.argv[1:]
    to = words[words.index("to") + 1:] if "to" in words else None
    purple.purple_util_set_user_dir(folder.encode())
    purple.purple_eventloop_set_ui_ops(ctypes.byref(loop_ops))
    if not purple.purple_core_init(b"imtc-test"):
        sys.exit("libpurple does not start")
    purple.purple_set_blist(purple.purple_blist_new())
    if not purple.purple_find_prpl(protocol.encode()):
        sys.exit("libpurple does not have it")
    account = purple.purple_account_new(user.encode(), protocol.encode())
    purple.purple_accounts_add(account)
    purple.purple_account_set_password(account, b"secret")
    settings(account, words[:words.index("to")] if to else words)

    @connect(purple.purple_connections_get_handle(), b"signed-on", pointer, pointer)
    def signed_on(_connection, _data):
        say("signed on")
        if not to:
            end(0)
            return
        talk = purple.purple_conversation_new(CONVERSATION_IM, account, to[0].encode())
        purple.purple_conv_im_send(purple.purple_conversation_get_im_data(talk), to[1].encode())

    @connect(purple.purple_connections_get_handle(), b"connection-error", pointer, number, text,
             pointer)
    def failed(_connection, _reason, why, _data):
        say("failed: " + why.decode())
        end(1)

    @connect(purple.purple_conversations_get_handle(), b"received-im-msg", pointer, text, text,
             pointer, number, pointer)
    def heard(_account, _sender, what, _talk, _flags, _data):
        say("heard " + re.sub("<[^>]*>", "", what.decode()))
        end(0)

    purple.purple_account_set_enabled(account, b"imtc-test", 1)
    purple.purple_savedstatus_activate(purple.purple_savedstatus_new(None, STATUS_AVAILABLE))
    over = ctypes.CFUNCTYPE(number, pointer)(lambda _: end(2) or 0)
    glib.g_timeout_add_seconds(LIMIT_S, over, None)
    glib.g_main_loop_run(loop)
    # Not purple_core_quit(): a server that no longer answers would hold it.
    os._exit(status)


main()
