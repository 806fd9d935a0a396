"""Networks that can be cut: a namespace for each node of an engine, and relays on loopback: for benches/team."""

import atexit
import os
import socket
import subprocess
import sys
import threading

# Set once the whole bench has a network of its own.
MARK = "KEYWRIGHT_TEAM_NETWORK"

# The addresses in that network: of its bridge, and of the nodes.
NET = "10.203.0"


def works(words):
    try:
        return subprocess.run(words, capture_output=True).returncode == 0
    except OSError:
        return False


def enter_own(arguments):
    """Runs the bench again in a network namespace of its own, where that is allowed; returns whether it has one."""
    if MARK in os.environ:
        ip("link", "set", "dev", "lo", "up")
        return True
    trial = ["sh", "-c", "ip link set lo up && ip link add name v0 type veth peer name v1 && ip link add name b0 type bridge"]
    for words in (["unshare"], ["unshare", "--user", "--map-root-user"]):
        words = [*words, "--net"]
        if works([*words, *trial]) and works([*words, "unshare", "--net", "true"]):
            os.environ[MARK] = "own"
            os.execvp(words[0], [*words, sys.executable, *arguments])
    return False


def ip(*words):
    subprocess.run(["ip", *words], check=True)


class Links:
    """A bridge in the network of the bench, and nodes with namespaces of their own that are joined to it by veth pairs."""

    def __init__(self, count):
        ip("link", "add", "name", "bridge", "type", "bridge")
        ip("addr", "add", f"{NET}.254/24", "dev", "bridge")
        ip("link", "set", "dev", "bridge", "up")
        self.holders = []
        for node in range(count):
            # A process that holds the namespace while the node is down.
            holder = subprocess.Popen(
                ["unshare", "--net", "sh", "-c", "ip link set lo up && echo && exec sleep infinity"], stdout=subprocess.PIPE
            )
            atexit.register(holder.kill)
            holder.stdout.readline()
            self.holders.append(holder)
            ip("link", "add", "name", f"node{node}", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
            ip("link", "set", "dev", f"node{node}", "master", "bridge", "up")
            inside = self.inside(node)
            subprocess.run([*inside, "ip", "addr", "add", f"{self.host(node)}/24", "dev", "eth0"], check=True)
            subprocess.run([*inside, "ip", "link", "set", "dev", "eth0", "up"], check=True)

    def host(self, node):
        return f"{NET}.{node + 1}"

    def inside(self, node):
        """The words that run a program in the namespace of a node."""
        return ["nsenter", f"--net=/proc/{self.holders[node].pid}/ns/net"]

    def cut(self, node):
        ip("link", "set", "dev", f"node{node}", "down")

    def join(self, node):
        ip("link", "set", "dev", f"node{node}", "up")


class Relay:
    """The way of a machine to a node: a port on loopback. While it is cut, nothing passes, and nothing is refused."""

    def __init__(self, target):
        self.target = target
        self.is_open = threading.Event()
        self.is_open.set()
        self.server = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            here, _ = self.server.accept()
            threading.Thread(target=self.connect, args=(here,), daemon=True).start()

    def connect(self, here):
        self.is_open.wait()
        host, port = self.target.split(":")
        try:
            there = socket.create_connection((host, int(port)), timeout=10)
        except OSError:
            return here.close()
        there.settimeout(None)
        for one in (here, there):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=self.pump, args=(there, here), daemon=True).start()
        self.pump(here, there)

    def pump(self, source, sink):
        try:
            while data := source.recv(1 << 16):
                self.is_open.wait()
                sink.sendall(data)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()
