"""10 000 keys on 100 pages, over HTTP on loopback; every page is made beforehand. Prints the port."""

import http.server
import json
import threading
import urllib.parse

PAGES = [
    json.dumps(
        {
            "data": [
                {"id": f"key-{n:06}", "name": f"deploy {n}", "hint": f"sk-***{n:04}", "active": n % 7 != 0,
                 "created_at": "2026-01-02T03:04:05Z", "scopes": ["read", "write"], "owner": {"id": n, "kind": "user"}}
                for n in range(page * 100, page * 100 + 100)
            ],
            "total": 10_000,
        }
    ).encode()
    for page in range(100)
]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        body = PAGES[int(query["page"][0]) - 1]
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.wfile.write(head.encode() + body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    disable_nagle_algorithm = True


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
threading.Event().wait()
