"""OpenBao on loopback, in memory or as three nodes with Raft, and a proxy that counts: for benches/team."""

import http.client
import http.server
import json
import os
import socket
import subprocess
import threading
import time

ROOT = "root"


def free_ports(count):
    """Ports that were free a moment ago."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def call(address, method, path, body=None, token=None, timeout=10):
    """The status and the JSON of an answer; status 0 if there is none."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["X-Vault-Token"] = token
    try:
        connection = http.client.HTTPConnection(address, timeout=timeout)
        connection.request(method, f"/v1/{path}", json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
    except (OSError, http.client.HTTPException):
        return 0, {}
    try:
        return answer.status, json.loads(text) if text else {}
    except ValueError:
        return answer.status, {}


def until(what, check, seconds=60):
    """Waits until `check` returns something true, and returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.1)
    raise SystemExit(f"benches/team: {what} did not come about in {seconds} s")


class Memory:
    """One server in memory."""

    def __init__(self, bao, folder):
        self.address = f"127.0.0.1:{free_ports(1)[0]}"
        self.token = ROOT
        self.log = open(os.path.join(folder, "bao.log"), "w")
        self.process = subprocess.Popen(
            [bao, "server", "-dev", f"-dev-root-token-id={ROOT}", f"-dev-listen-address={self.address}"],
            stdout=self.log,
            stderr=self.log,
            env={"HOME": folder, "PATH": os.environ["PATH"]},
        )
        until("the server", lambda: call(self.address, "GET", "sys/health")[0] == 200)
        mount(self.address, self.token)

    def end(self):
        self.process.kill()
        self.process.wait()


def mount(address, token):
    """Mounts the KV engine at `kv`."""
    body = {"type": "kv", "options": {"version": "2"}}
    until("the mount", lambda: call(address, "POST", "sys/mounts/kv", body, token)[0] in (200, 204))
    config = {"cas_required": True}
    # The engine upgrades itself for a moment after it is mounted.
    until("the engine", lambda: call(address, "POST", "kv/config", config, token)[0] in (200, 204))


class Raft:
    """Three nodes: on loopback, or in the namespaces of `links`."""

    def __init__(self, bao, folder, links):
        self.bao, self.folder, self.links = bao, folder, links
        if links:
            self.api, self.cluster = ([f"{links.host(node)}:{port}" for node in range(3)] for port in (8200, 8201))
        else:
            ports = [f"127.0.0.1:{port}" for port in free_ports(6)]
            self.api, self.cluster = ports[:3], ports[3:]
        self.processes = [None] * 3
        self.lock = threading.Lock()
        for node in range(3):
            self.start(node)
        first = self.api[0]
        until("the first node", lambda: call(first, "GET", "sys/init")[0] == 200)
        _, made = call(first, "PUT", "sys/init", {"secret_shares": 1, "secret_threshold": 1})
        self.key, self.token = made["keys"][0], made["root_token"]
        self.unseal(0)
        until("the leader", lambda: self.leader() is not None)
        for node in (1, 2):
            self.unseal(node)
        mount(self.api[self.leader()], self.token)
        for address in self.api:
            config = {"cas_required": True}
            until("the engine", lambda: call(address, "POST", "kv/config", config, self.token)[0] in (200, 204))

    def start(self, node):
        data = os.path.join(self.folder, f"node{node}")
        os.makedirs(data, exist_ok=True)
        leaders = "".join(
            f'  retry_join {{ leader_api_addr = "http://{address}" }}\n' for address in self.api if address != self.api[node]
        )
        # Shorter terms than in production, so that a new leader comes soon.
        text = (
            f'storage "raft" {{\n  path = "{data}"\n  node_id = "node{node}"\n  performance_multiplier = 1\n{leaders}}}\n'
            f'listener "tcp" {{\n  address = "{self.api[node]}"\n  cluster_address = "{self.cluster[node]}"\n'
            f"  tls_disable = true\n}}\n"
            f'api_addr = "http://{self.api[node]}"\ncluster_addr = "https://{self.cluster[node]}"\n'
            "disable_mlock = true\nui = false\n"
        )
        path = os.path.join(self.folder, f"node{node}.hcl")
        with open(path, "w") as file:
            file.write(text)
        log = open(os.path.join(self.folder, f"node{node}.log"), "a")
        inside = self.links.inside(node) if self.links else []
        self.processes[node] = subprocess.Popen(
            [*inside, self.bao, "server", f"-config={path}"], stdout=log, stderr=log, env={"HOME": self.folder, "PATH": os.environ["PATH"]}
        )

    def unseal(self, node):
        def is_open():
            call(self.api[node], "PUT", "sys/unseal", {"key": self.key})
            status, body = call(self.api[node], "GET", "sys/seal-status")
            return status == 200 and not body["sealed"]

        until(f"node {node}", is_open)

    def leader(self):
        """The number of the node that leads; `None` if there is none now."""
        for node, address in enumerate(self.api):
            status, body = call(address, "GET", "sys/leader", timeout=2)
            if status == 200 and body.get("is_self"):
                return node
        return None

    def kill_leader(self, pause):
        """Kills the leader, and starts it again after `pause` seconds."""
        with self.lock:
            node = until("a leader", lambda: (found := self.leader()) is not None and [found])[0]
            self.processes[node].kill()
            self.processes[node].wait()
            time.sleep(pause)
            self.start(node)
            self.unseal(node)

    def cut(self, pause):
        """Cuts the network of the leader for `pause` seconds."""
        with self.lock:
            node = until("a leader", lambda: (found := self.leader()) is not None and [found])[0]
            self.links.cut(node)
            time.sleep(pause)
            self.links.join(node)
            until("a leader", lambda: self.leader() is not None)

    def seal(self, pause):
        """Seals every node, and opens them again after `pause` seconds."""
        with self.lock:
            for _ in range(3):
                node = self.leader()
                if node is not None:
                    call(self.api[node], "PUT", "sys/seal", {}, self.token)
                    time.sleep(0.5)
            # A node that follows has no other way to be sealed.
            for node in range(3):
                status, body = call(self.api[node], "GET", "sys/seal-status")
                if not (status == 200 and body["sealed"]):
                    self.processes[node].kill()
                    self.processes[node].wait()
                    self.start(node)
            time.sleep(pause)
            for node in range(3):
                self.unseal(node)
            until("a leader", lambda: self.leader() is not None)

    def end(self):
        for process in filter(None, self.processes):
            process.kill()
            process.wait()


class Counter(http.server.ThreadingHTTPServer):
    """Passes requests on to an engine, and notes them."""

    daemon_threads = True

    def __init__(self, engine):
        super().__init__(("127.0.0.1", 0), Passing)
        self.engine = engine
        self.requests = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Passing(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def passed(self):
        self.server.requests.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = http.client.HTTPConnection(self.server.engine)
        connection.request(self.command, self.path, body or None, dict(self.headers))
        answer = connection.getresponse()
        text = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        if answer.status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
        connection.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_LIST = passed

    def log_message(self, *_):
        pass
