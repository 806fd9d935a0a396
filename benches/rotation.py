"""What rotations cost: requests, connections, syncs and time, against services on loopback.

Run by benches/compare; needs strace for the count of syncs. Argument: the keywright to measure.
"""

import http.client
import http.server
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time

KEYWRIGHT = sys.argv[1]
PATH = "/api/v1/accounts/user/api-keys/"
# A built-in manifest with more places for keys than the service has, so that ten fit beside the new one.
MANIFEST = subprocess.run(
    [KEYWRIGHT, "providers", "show", "schatzi", "--manifest"], capture_output=True, text=True, check=True
).stdout.replace("max_keys = 5", "max_keys = 50")


# A place with a revision: a write names the one that was read.
PLACE = """manifest = 1
name = "shelf"
title = "Shelf"
about = "a place on loopback"
checked = "2026-11-20"
address = "shelf:{box}"
servers.api = { url = "URL", auth = ["token"] }

[credentials.token]
kind = "token"
title = "shelf token"
environment = ["SHELF_TOKEN"]
in = [{ header = { name = "X-Shelf" } }]

[operations.read]
request = { method = "GET", path = "/boxes/{box}" }
response = { value = "/value", capture = { revision = "/revision" } }

[operations.write]
request = { method = "PUT", path = "/boxes/{box}", body = [
    { at = "/if", from = "step.read.revision", default = 0 },
    { at = "/value", from = "secret" },
] }
"""
PLACES = 5


class Service(http.server.ThreadingHTTPServer):
    """Schatzi's key management, with so many keys and so much delay before each answer."""

    def __init__(self, keys, delay=0.0):
        super().__init__(("127.0.0.1", 0), Handler)
        self.keys = {f"k{n}": f"key{n}" for n in range(keys)}
        self.delay = delay
        self.made = 0
        self.boxes = {}
        self.placed = 0
        self.requests = 0
        self.connections = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.connections += 1

    def answer(self, value):
        self.server.requests += 1
        time.sleep(self.server.delay)
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path.startswith("/boxes/"):
            self.server.placed += 1
            return self.answer(self.server.boxes.get(self.path, {"value": "sk-***", "revision": 1}))
        keys = [
            {"id": id, "name": name, "key": "sk-***...0000", "is_active": True, "created_at": "2026-01-02T03:04:05Z"}
            for id, name in self.server.keys.items()
        ]
        self.answer(keys if self.path == PATH else {"data": []})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.endswith("/create/"):
            self.server.made += 1
            id, name = f"n{self.server.made}", json.loads(body)["name"]
            self.server.keys[id] = name
            self.answer({"id": id, "name": name, "key": f"sk-bench-{self.server.made:032}"})
        else:
            del self.server.keys[self.path.split("/")[-3]]
            self.answer({})

    def do_PUT(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.server.placed += 1
        self.server.boxes[self.path] = {"value": body["value"], "revision": body["if"] + 1}
        self.answer({})

    def log_message(self, *_):
        pass


def environment(home, **more):
    env = {"PATH": os.environ["PATH"], "HOME": home, "KEYWRIGHT_TOKEN": "bench-token"}
    return env | more


def url(service):
    return f"http://127.0.0.1:{service.server_port}"


def bare(service, requests):
    """The milliseconds that so many requests take without us, on one connection."""
    start = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", service.server_port)
    for _ in range(requests):
        connection.request("GET", PATH)
        connection.getresponse().read()
    connection.close()
    return (time.perf_counter() - start) * 1e3


def in_syncs(command, env, home):
    """The number of syncs that a command makes, and the milliseconds that they take."""
    trace = f"{home}/trace"
    syncs = re.compile(r"(?:fsync|fdatasync)\(.*<([0-9.]+)>$")
    counts, in_sync = [], []
    for _ in range(5):
        strace = ["strace", "-f", "-T", "-e", "trace=fsync,fdatasync", "-o", trace]
        subprocess.run(strace + command, env=env, check=True, stdout=subprocess.PIPE)
        with open(trace) as lines:
            took = [float(found[1]) for line in lines if (found := syncs.search(line.strip()))]
        counts.append(len(took))
        in_sync.append(sum(took) * 1e3)
    return statistics.median(counts), statistics.median(in_sync)


def one(runs):
    """A rotation at Schatzi's shape, its new key to a file."""
    service = Service(1)
    with tempfile.TemporaryDirectory() as home:
        env = environment(home, KEYWRIGHT_PROVIDER="schatzi", KEYWRIGHT_BASE_URL=url(service))
        rotate = [KEYWRIGHT, "-q", "keys", "rotate", "key0", "-y", "--to", f"file:{home}/key"]
        version = [KEYWRIGHT, "--version"]

        def timed(command):
            start = time.perf_counter()
            subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
            return (time.perf_counter() - start) * 1e3

        timed(rotate)
        service.requests = service.connections = 0
        timed(rotate)
        print(f"{'a rotation':<34} {service.requests} requests on {service.connections} connection(s)")
        whole = statistics.median(timed(rotate) for _ in range(runs))
        start_up = statistics.median(timed(version) for _ in range(runs))
        requests = statistics.median(bare(service, 5) for _ in range(runs))
        counts, in_sync = in_syncs(rotate, env, home)
        rest = whole - start_up - requests - in_sync
        print(
            f"{'':<34} {whole:.1f} ms = start {start_up:.1f} + 5 bare requests {requests:.1f} "
            f"+ {counts:.0f} syncs {in_sync:.1f} + {rest:.1f} for journal, locks, store, file and all"
        )


def places(runs):
    """A rotation to five places on loopback, beside the same rotation to a file."""
    service = Service(1)
    with tempfile.TemporaryDirectory() as home:
        os.makedirs(f"{home}/config/destinations", mode=0o700)
        with open(f"{home}/config/destinations/shelf.toml", "w") as file:
            file.write(PLACE.replace("URL", url(service)))
        env = environment(
            home,
            KEYWRIGHT_CONFIG_DIR=f"{home}/config",
            KEYWRIGHT_PROVIDER="schatzi",
            KEYWRIGHT_BASE_URL=url(service),
            SHELF_TOKEN="bench-token-of-shelf",
        )
        rotate = [KEYWRIGHT, "-q", "keys", "rotate", "key0", "-y"]
        to_file = [*rotate, "--to", f"file:{home}/key"]
        to_places = rotate + [word for box in range(PLACES) for word in ("--to", f"shelf:{box}")]

        def timed(command):
            """The milliseconds that a command takes, and those of its own work."""
            used, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE)
            took, now = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            work = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
            return took * 1e3, work * 1e3

        timed(to_file)
        timed(to_places)
        service.placed = 0
        timed(to_places)
        placed = service.placed
        # The least of each: what else runs on the machine only adds.
        alone = [min(each) for each in zip(*(timed(to_file) for _ in range(runs)))]
        whole = [min(each) for each in zip(*(timed(to_places) for _ in range(runs)))]
        requests = min(bare(service, placed) for _ in range(runs))
        more, work = (of_places - of_file for of_places, of_file in zip(whole, alone))
        syncs, in_sync = (
            of_places - of_file
            for of_places, of_file in zip(in_syncs(to_places, env, home), in_syncs(to_file, env, home))
        )
        print(
            f"{f'a rotation to {PLACES} places':<34} {more:.1f} ms more than one to a file = {placed} bare requests "
            f"{requests:.1f} + {syncs:.0f} syncs {in_sync:.1f} + {more - requests - in_sync:.1f} (at most 15), "
            f"{work:.1f} ms of it work"
        )


def due(providers, keys, delay):
    """`--due` over so many providers with so many keys each; the seconds it takes."""
    services = [Service(keys, delay) for _ in range(providers)]
    with tempfile.TemporaryDirectory() as home:
        config = f"{home}/config"
        os.makedirs(f"{config}/providers", mode=0o700)
        text, project = "", ""
        for number, service in enumerate(services):
            name = f"p{number}"
            with open(f"{config}/providers/{name}.toml", "w") as file:
                file.write(MANIFEST.replace('name = "schatzi"', f'name = "{name}"', 1))
            text += f'[profiles.{name}]\nprovider = "{name}"\nbase_urls = {{ api = "{url(service)}" }}\n'
            for key in range(keys):
                project += (
                    f'[keys.{name}-{key}]\nprofile = "{name}"\nrotate_every = "30d"\n'
                    f'destinations = ["file:{name}-{key}.key"]\n'
                )
            service.keys = {f"k{key}": f"{name}-{key}" for key in range(keys)}
        for path, content in [(f"{config}/config.toml", text), (f"{home}/keywright.toml", project)]:
            with open(path, "w") as file:
                file.write(content)
        # A credential from the environment serves one profile, so each logs in.
        identity = f"{home}/identity"
        subprocess.run(["age-keygen", "-o", identity], check=True, stderr=subprocess.DEVNULL)
        env = environment(home, KEYWRIGHT_CONFIG_DIR=config, KEYWRIGHT_STORE_KEY_FILE=identity)
        del env["KEYWRIGHT_TOKEN"]
        for number, service in enumerate(services):
            login = ["login", f"p{number}", "--with-token", "--store", "file", "--base-url", url(service)]
            subprocess.run([KEYWRIGHT, "-q", *login], env=env, check=True, input=b"eyJbench-token", stderr=subprocess.DEVNULL)
            service.requests = 0
        rotate = ["--project", "keywright.toml", "keys", "rotate", "--due", "-y"]
        start = time.perf_counter()
        subprocess.run([KEYWRIGHT, "-q", *rotate], env=env, cwd=home, check=True)
        took = time.perf_counter() - start
    left = sum(id.startswith("k") for service in services for id in service.keys)
    assert left == 0, f"{left} keys were not rotated"
    return took, sum(service.requests for service in services)


one(int(os.environ.get("RUNS", "60")) // 3)
places(int(os.environ.get("RUNS", "60")) // 3)
share, _ = due(1, 10, 0.05)
whole, requests = due(10, 10, 0.05)
print(
    f"{'--due: 100 keys, 10 providers':<34} {whole:.2f} s for {requests} requests of 50 ms, "
    f"x {whole / share:.2f} of one provider's share ({share:.2f} s)"
)
