# signpost in one container: docker build --build-arg VERSION=1.0.0 -t signpost .
#
# Not built in this project's CI, which has no Docker engine. It needs BuildKit (the default since Docker 23)
# or Buildah, for the cache mounts.

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download
COPY . .
ARG VERSION=dev
ARG TARGETOS
ARG TARGETARCH
# The empty /data is copied below, for a new volume takes over the owner of the folder that it covers.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    mkdir -p /out/data && \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /out/signpost .

# Nothing but CA certificates, time zones and the nonroot user: no shell, no package manager.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/signpost /signpost
COPY --from=build --chown=65532:65532 /out/data /data
ENV SIGNPOST_DATA_DIR=/data \
    SIGNPOST_LISTEN=:3978
# nonroot by its number, which Kubernetes asks for when a pod has runAsNonRoot.
USER 65532:65532
VOLUME ["/data"]
EXPOSE 3978
# No HEALTHCHECK: it would need a program inside the image. Let the platform probe by HTTP instead: /healthz
# (the process runs) for liveness, /readyz (queue and signing keys are there) for readiness. On SIGTERM the
# program hands back what is in flight and ends within 10 s.
ENTRYPOINT ["/signpost"]
CMD ["serve"]
