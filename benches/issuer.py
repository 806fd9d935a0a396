"""A service of API keys on loopback, which remembers every key that it made: for benches/team."""

import collections
import http.server
import json
import random
import threading
import time

PATH = "/api/v1/accounts/user/api-keys/"


class Issuer(http.server.ThreadingHTTPServer):
    """The key management of Schatzi for several accounts; the token of an account is `eyJ` and its name."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, accounts, seed):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.random = random.Random(seed)
        self.made = 0
        self.keys = {}  # id: account, name, secret, whether it works
        self.losses = 0  # the share of creations whose answer is lost, in thousandths
        self.lost = []
        self.asked = collections.Counter()  # the creations that arrived, by name
        for account, names in accounts.items():
            for name in names:
                self.make(account, name, age=86_400)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def make(self, account, name, age=0):
        with self.lock:
            self.made += 1
            id = f"k{self.made}"
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - age))
            self.keys[id] = {
                "account": account,
                "name": name,
                "secret": f"sk-fake-{self.made:08}-{self.random.getrandbits(64):016x}",
                "works": True,
                "created_at": at,
            }
            return id

    def working(self, account=None):
        with self.lock:
            found = [(id, key) for id, key in self.keys.items() if key["works"]]
        return [(id, key) for id, key in found if account in (None, key["account"])]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def credential(self):
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ")

    def account(self):
        return self.credential().removeprefix("eyJ")

    def do_GET(self):
        issuer = self.server
        if self.path == PATH:
            shown = [
                {
                    "id": id,
                    "name": key["name"],
                    "key": f"sk-***...{key['secret'][-4:]}",
                    "is_active": True,
                    "created_at": key["created_at"],
                }
                for id, key in issuer.working(self.account())
            ]
            return self.answer(200, shown)
        works = any(key["secret"] == self.credential() for _, key in issuer.working())
        self.answer(200 if works else 401, {"data": []} if works else {"error": {"message": "invalid key"}})

    def do_POST(self):
        issuer = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.endswith("/create/"):
            name = json.loads(body)["name"]
            id = issuer.make(self.account(), name)
            with issuer.lock:
                issuer.asked[name] += 1
                loses = issuer.random.randrange(1000) < issuer.losses
            if loses:
                issuer.lost.append(id)
                self.close_connection = True
                return self.connection.close()
            return self.answer(201, {"id": id, "name": name, "key": issuer.keys[id]["secret"]})
        id = self.path.split("/")[-3]
        with issuer.lock:
            key = issuer.keys.get(id)
            there = key is not None and key["works"]
            if there:
                key["works"] = False
        self.answer(200 if there else 404, {} if there else {"error": {"message": "no such key"}})

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, ValueError):
            pass  # The other side was killed.
