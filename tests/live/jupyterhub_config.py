# JupyterHub on loopback, its ports and its folder from the environment; ends when stdin does.
import os
import signal
import sys
import threading

port, hub_port, proxy_port = os.environ["LIVE_PORTS"].split(",")
folder = os.environ["LIVE_FOLDER"]

c = get_config()  # noqa: F821
c.JupyterHub.ip = "127.0.0.1"
c.JupyterHub.port = int(port)
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = int(hub_port)
c.JupyterHub.db_url = f"sqlite:///{folder}/hub.sqlite"
c.JupyterHub.cookie_secret_file = f"{folder}/cookie_secret"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [os.environ["LIVE_PROXY"]]
c.ConfigurableHTTPProxy.pid_file = f"{folder}/proxy.pid"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "fake-password"
c.Authenticator.allow_all = True
c.JupyterHub.load_roles = [{"name": "maker", "scopes": ["admin:users", "tokens"], "services": ["maker"]}]
c.JupyterHub.services = [{"name": "maker", "api_token": "fake-token-of-a-service-0123456789"}]


def end_with_stdin():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_stdin, daemon=True).start()
