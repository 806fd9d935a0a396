"""A Kubernetes API with Secrets, as kmock emulates it, until stdin ends. The emulator stores every write, so that what it
lacks is added here, as the API description and the API conventions of Kubernetes have it: the details of a refusal, a dry
run that stores nothing, a resourceVersion that grows, and 409 where a write names another one."""

import asyncio
import copy
import sys

import aiohttp.web
import kmock


class Cluster(kmock.KubernetesEmulator):
    async def _handle(self, request):
        secrets = request.resource is not None and request.resource.plural == "secrets"
        # kubectl sends no token without TLS.
        is_reader = request.headers.get("User-Agent", "").startswith("kubectl/") and request.method.upper() == "GET"
        if not is_reader and request.headers.get("Authorization") != "Bearer fake-cluster-token":
            return self.refuse(request, 401, "Unauthorized")
        if not secrets or request.method.upper() == "GET":
            try:
                return await super()._handle(request)
            except kmock.KubernetesObjectNotFoundError:
                return self.refuse(request, 404, "NotFound")
        data = request.data if isinstance(request.data, dict) else {}
        name = request.name or data.get("metadata", {}).get("name")
        key = (request.resource, request.namespace, name)
        stored = self.objects[key] if key in self.objects and not self.objects[key].deleted else None
        given = data.get("preconditions") or data.get("metadata", {})
        version = stored.raw["metadata"]["resourceVersion"] if stored else "0"
        if stored and request.method.upper() == "POST":
            return self.refuse(request, 409, "AlreadyExists")
        if stored and given.get("resourceVersion", version) != version:
            return self.refuse(request, 409, "Conflict")
        if request.params.get("dryRun") == "All":
            return aiohttp.web.json_response(copy.deepcopy(stored.raw) if stored else data)
        data.setdefault("metadata", {})["resourceVersion"] = str(int(version) + 1)
        data["metadata"].setdefault("uid", "u1")
        return await super()._handle(request)

    def refuse(self, request, code, reason):
        details = {"name": request.name, "kind": "secrets"}
        return aiohttp.web.json_response(
            {"apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Failure", "code": code}
            | {"reason": reason, "message": reason, "details": details},
            status=code,
        )


async def main():
    cluster = Cluster()
    cluster.resources["v1/secrets"] = {
        "namespaced": True,
        "kind": "Secret",
        "singular": "secret",
        "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"],
        "shortnames": [],
        "categories": [],
        "subresources": [],
    }
    cluster.objects["v1/secrets", "team", "app"] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "app", "namespace": "team", "uid": "u1", "resourceVersion": "41"},
        "data": {"OTHER": "ZmFrZS1vdGhlcg=="},
        "type": "Opaque",
    }
    async with cluster, kmock.Server(cluster) as server:
        print(f"ready http://127.0.0.1:{server.port}", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
