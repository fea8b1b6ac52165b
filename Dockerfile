# One image for all processes; the command says which. Node runs the TypeScript directly: there is no build step.
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# No dependency of production needs its install script. The image has its own Node: the 190 MB one from npm goes.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-slim
ENV NODE_ENV=production TZ=UTC
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY . .
USER node
EXPOSE 4000
# A relay or worker answers on the port of its own variable.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "const e = process.env; fetch(`http://127.0.0.1:${e.WORKER_METRICS_PORT ?? e.RELAY_METRICS_PORT ?? e.PORT ?? 4000}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# The processes handle SIGTERM themselves and must be the first of the container to get it: no npm, no shell.
CMD ["node", "src/intake/main.ts"]
