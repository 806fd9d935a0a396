// better-auth with its plugin for API keys, all in memory, on a free port of loopback; ends when stdin does.
import { createServer } from "node:http";
import { once } from "node:events";
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { bearer } from "better-auth/plugins/bearer";

const tables = { user: [], session: [], account: [], verification: [], apikey: [], rateLimit: [] };
const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const origin = `http://127.0.0.1:${server.address().port}`;
const auth = betterAuth({
  baseURL: origin,
  secret: "fake-secret-of-a-test-server-0123456789",
  database: memoryAdapter(tables),
  telemetry: { enabled: false },
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: true },
  // Five uses of a key in ten seconds are the sixth's refusal; a session may do more.
  plugins: [
    bearer(),
    apiKey({
      enableMetadata: true,
      enableSessionForAPIKeys: true,
      defaultPrefix: "ba_",
      rateLimit: { timeWindow: 10_000, maxRequests: 5 },
    }),
  ],
});
await auth.api.signUpEmail({ body: { email: "ada@example.com", password: "fake-password", name: "Ada" } });
server.on("request", toNodeHandler(auth));
process.stdin.resume().on("end", () => process.exit());
console.log(`ready ${origin}/api/auth`);
