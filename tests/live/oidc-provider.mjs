// oidc-provider, certified for OpenID Connect, all in memory, on a free port of loopback; ends when stdin does. Its argument
// is the public key of the client that signs. `/whoami` knows its access tokens; `/other` publishes metadata of another issuer.
import { once } from "node:events";
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;
const every = ["client_credentials", "refresh_token", "authorization_code", "urn:ietf:params:oauth:grant-type:device_code"];
const client = (client_id, token_endpoint_auth_method, more) => ({
  client_id,
  token_endpoint_auth_method,
  grant_types: every.slice(1),
  response_types: ["code"],
  redirect_uris: ["http://127.0.0.1/callback"],
  application_type: "native",
  ...more,
});
const machine = { grant_types: ["client_credentials"], response_types: [], redirect_uris: [] };
const provider = new Provider(issuer, {
  clients: [
    client("installed", "none"),
    client("secretive", "client_secret_basic", { ...machine, client_secret: "fake+secret/of a %client" }),
    client("signing", "private_key_jwt", { ...machine, jwks: { keys: [JSON.parse(process.argv[2])] } }),
  ],
  clientAuthMethods: ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"],
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    introspection: { enabled: false },
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: false },
  },
  pkce: { required: () => true },
  scopes: ["openid", "offline_access"],
  rotateRefreshToken: true,
  issueRefreshToken: async (_, client, code) => client.grantTypeAllowed("refresh_token") && code.scopes.has("offline_access"),
  ttl: { AccessToken: 600, ClientCredentials: 600, DeviceCode: 60, RefreshToken: 3600, Session: 600, Grant: 3600, Interaction: 600 },
  cookies: { keys: ["fake-cookie-key"] },
});
const handle = provider.callback();
server.on("request", async (request, response) => {
  const json = (status, body) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.url === "/whoami") {
    const value = (request.headers.authorization ?? "").replace(/^Bearer /, "");
    const token = (await provider.AccessToken.find(value)) ?? (await provider.ClientCredentials.find(value));
    return token ? json(200, { login: token.accountId ?? token.clientId }) : json(401, { error: "invalid_token" });
  }
  if (request.url.startsWith("/other/.well-known/")) return json(200, { issuer });
  return handle(request, response);
});
process.stdin.resume().on("end", () => process.exit());
console.log(`ready ${issuer}`);
