"""The list of keys of one service, over HTTP and HTTPS on loopback; prints both ports."""

import http.server
import json
import ssl
import sys
import threading

KEYS = json.dumps(
    [
        {"id": f"k{n}", "name": f"key {n}", "key": f"sk-***...{n:04}", "is_active": True,
         "created_at": "2026-01-02T03:04:05Z"}
        for n in range(5)
    ]
).encode()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(KEYS)))
        self.end_headers()
        self.wfile.write(KEYS)

    def log_message(self, *_):
        pass


def serve(certificate=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


print(serve(), serve(sys.argv[1]), flush=True)
threading.Event().wait()
