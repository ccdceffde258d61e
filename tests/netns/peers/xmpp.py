#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""An XMPP client that does what it is told, by slixmpp.

    xmpp.py JID HOST PORT CERTIFICATE MODE listen FOLDER
    xmpp.py JID HOST PORT CERTIFICATE MODE [ACTION ARGUMENT]... [next MODE [ACTION ARGUMENT]...]...

MODE is tls (STARTTLS or nothing), clear, or plain (clear, with the password as it is). The password
is "secret". The one that listens keeps what it is sent in FOLDER: talk in "heard", files by the way
they came. The other prints, of each connection, "port N" and then a line an action, "ACTION done"
or "ACTION failed: why" (whether bytes came by SOCKS5, the one that listens knows):

    chat TEXT       ibb FILE (XEP-0047)      socks FILE (XEP-0065)
    jingle CONTENT  a session of audio, video or file (XEP-0166), refused by the peer's client
"""

import asyncio
import os
import sys
import uuid

import slixmpp
from slixmpp.xmlstream import ET

PEER = "bob@im.test/home"
# For each action.
LIMIT_S = float(os.environ.get("PATIENCE_S", "15"))
CONTENTS = {
    "audio": "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>"
             "<payload-type id='0' name='PCMU' clockrate='8000'/></description>",
    "video": "<description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>"
             "<payload-type id='98' name='VP8' clockrate='90000'/></description>",
    "file": "<description xmlns='urn:xmpp:jingle:apps:file-transfer:5'><file>"
            "<name>plan.pdf</name><size>300000</size></file></description>",
}


class Client(slixmpp.ClientXMPP):
    def __init__(self, jid, mode, certificate):
        super().__init__(jid, "secret", sasl_mech="PLAIN" if mode == "plain" else None)
        self.mode = mode
        self.ca_certs = certificate
        self.ended = asyncio.get_event_loop().create_future()
        for plugin in ("xep_0030", "xep_0092", "xep_0115"):
            self.register_plugin(plugin)
        self.register_plugin("xep_0047", {"auto_accept": True})
        self.register_plugin("xep_0065", {"auto_accept": True})
        self.plugin["feature_mechanisms"].unencrypted_plain = True
        self.add_event_handler("session_start", self.start)
        self.add_event_handler("disconnected", self.lost)

    def go(self, host, port):
        clear = self.mode != "tls"
        # Where an address is none of IPv4, it is looked up, and the port is forgotten.
        self.default_port = port
        if hasattr(self, "enable_plaintext"):    # from slixmpp 1.9 on
            self.enable_plaintext, self.enable_starttls = clear, not clear
            self.enable_direct_tls = False
            self.connect(host, port)
        else:
            self.connect((host, port), force_starttls=not clear, disable_starttls=clear)

    def lost(self, _event):
        if not self.ended.done():
            self.ended.set_result(False)


class Listener(Client):
    def __init__(self, jid, mode, certificate, folder):
        super().__init__(jid, mode, certificate)
        self.folder = folder
        self.add_event_handler("message", self.hear)
        self.add_event_handler("ibb_stream_data", lambda s: self.keep("ibb", s.read()))
        self.add_event_handler("socks5_data", lambda d: self.keep("socks", d))

    async def start(self, _event):
        self.send_presence()
        await self.get_roster()
        self.keep("heard", b"listening\n")

    def keep(self, name, data):
        with open(os.path.join(self.folder, name), "ab") as out:
            out.write(data)

    async def hear(self, message):
        self.keep("heard", message["body"].encode() + b"\n")
        # What the sender's client is, it says when it is asked.
        await self.plugin["xep_0092"].get_version(message["from"])
        message.reply("heard").send()


class Actor(Client):
    def __init__(self, jid, mode, certificate, actions):
        super().__init__(jid, mode, certificate)
        self.actions = actions
        self.answered = asyncio.Event()
        self.add_event_handler("message", lambda _message: self.answered.set())

    async def start(self, _event):
        print("port", self.transport.get_extra_info("sockname")[1], flush=True)
        self.send_presence()
        for name, argument in self.actions:
            try:
                await asyncio.wait_for(getattr(self, name)(argument), LIMIT_S)
                print(name, "done", flush=True)
            except Exception as error:    # whatever slixmpp has, it is the client's own result
                print(f"{name} failed: {type(error).__name__}", flush=True)
        if not self.ended.done():
            self.ended.set_result(True)

    async def chat(self, text):
        self.answered.clear()
        self.send_message(mto=PEER, mbody=text, mtype="chat")
        await self.answered.wait()

    async def ibb(self, path):
        stream = await self.plugin["xep_0047"].open_stream(slixmpp.JID(PEER), block_size=4096)
        with open(path, "rb") as data:
            await stream.sendfile(data, timeout=LIMIT_S)
        await stream.close()

    async def socks(self, path):
        proxy = await self.plugin["xep_0065"].handshake(slixmpp.JID(PEER), timeout=LIMIT_S)
        with open(path, "rb") as data:
            await proxy.write(data.read())
        proxy.transport.write_eof()

    async def jingle(self, content):
        iq = self.make_iq_set(ito=PEER)
        iq.append(ET.fromstring(
            f"<jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='{uuid.uuid4().hex}'>"
            f"<content creator='initiator' name='one'>{CONTENTS[content]}"
            "<transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'/></content></jingle>"))
        try:
            await iq.send()
        except slixmpp.exceptions.IqError:
            pass


def split(words):
    """One list of (action, argument) a connection, each behind its mode."""
    connections = [[]]
    for word in words:
        if word == "next":
            connections.append([])
        else:
            connections[-1].append(word)
    return [(mode, list(zip(rest[::2], rest[1::2]))) for mode, *rest in connections]


async def main():
    jid, host, port, certificate, *rest = sys.argv[1:]
    if rest[1] == "listen":
        client = Listener(jid, rest[0], certificate, rest[2])
        client.go(host, int(port))
        return 0 if await client.ended else 1
    for mode, actions in split(rest):
        client = Actor(jid, mode, certificate, actions)
        client.go(host, int(port))
        if await client.ended:
            await client.disconnect()
        else:
            print("lost", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.get_event_loop().run_until_complete(main()))
