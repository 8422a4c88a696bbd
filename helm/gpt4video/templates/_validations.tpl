{{/* What the schema cannot say. Every message ends with what to paste. */}}
{{- define "gpt4video.validate" -}}
{{- $catalog := .Files.Get "catalog.yaml" | fromYaml }}
{{- if not .Values.image.registry }}
{{- fail "\n\nNo registry for the images. Paste into your values:\n\nimage:\n  registry: registry.example.com/gpt4video\n" }}
{{- end }}
{{- if and (eq .Values.bundle.source "oci") (not (contains "@sha256:" .Values.bundle.oci.reference)) }}
{{- fail "\n\nThe bundle is an image that is not pinned by a digest. Paste into your values, with the digest that `docker buildx imagetools inspect` prints:\n\nbundle:\n  oci:\n    reference: registry.example.com/gpt4video/models@sha256:…\n" }}
{{- end }}
{{- if and (eq .Values.bundle.source "claim") (not .Values.bundle.claim.name) }}
{{- fail "\n\nThe bundle lies in a PersistentVolumeClaim that is not named. Paste into your values:\n\nbundle:\n  source: claim\n  claim:\n    name: gpt4video-models\n" }}
{{- end }}
{{- if and (eq .Values.bundle.source "s3") (not .Values.bundle.s3.sha256) }}
{{- fail "\n\nThe bundle is fetched from S3 and nobody said which. Push it (npx gpt4video models push) and paste into your values what that prints:\n\nbundle:\n  source: s3\n  s3:\n    sha256: …\n" }}
{{- end }}
{{- if not .Values.database.urlSecret.name }}
{{- fail "\n\nNo database. Make a Secret:\n\n  kubectl create secret generic gpt4video-database --from-literal=url=postgres://user:password@host:5432/gpt4video\n\nand paste into your values:\n\ndatabase:\n  urlSecret:\n    name: gpt4video-database\n" }}
{{- end }}
{{- if not .Values.facts.brokers }}
{{- fail "\n\nNo Kafka. Paste into your values:\n\nfacts:\n  brokers: [kafka-bootstrap.kafka:9092]\n" }}
{{- end }}
{{- if or (not .Values.objects.endpoint) (not .Values.objects.secret) }}
{{- fail "\n\nNo object store, or no credentials for it. Make a Secret:\n\n  kubectl create secret generic gpt4video-objects --from-literal=access-key=… --from-literal=secret-key=…\n\nand paste into your values:\n\nobjects:\n  endpoint: http://minio.storage:9000\n  secret: gpt4video-objects\n" }}
{{- end }}
{{- if and .Values.scaling.enabled (not .Values.scaling.prometheus) }}
{{- fail "\n\nScaling asks Prometheus, which is not named. Paste into your values:\n\nscaling:\n  prometheus: http://prometheus-operated.monitoring:9090\n" }}
{{- end }}
{{- if and .Values.monitoring.enabled (not .Values.monitoring.runbooks) }}
{{- fail "\n\nAlerts lead to runbooks, and nobody said where those are. Paste into your values, with the address of deploy/monitoring in your copy of the repository:\n\nmonitoring:\n  runbooks: https://git.example.com/gpt4video/tree/main/deploy/monitoring\n" }}
{{- end }}
{{- if and .Values.publicApi.canary.release (not .Values.publicApi.gateway.name) }}
{{- fail "\n\nA canary needs the Gateway API, which splits requests by weight. Paste into your values:\n\npublicApi:\n  gateway:\n    name: public\n    namespace: gateways\n" }}
{{- end }}
{{- if and .Values.publicApi.ingressClass (not .Values.publicApi.host) }}
{{- fail "\n\nThe Ingress has no host. Paste into your values:\n\npublicApi:\n  host: video.example.com\n" }}
{{- end }}
{{- range $name, $app := $catalog }}
{{- $service := index $.Values.services $name }}
{{- if $service.enabled }}
{{- $pool := index $.Values.pools $service.pool }}
{{- if not $pool }}
{{- fail (printf "\n\nService %s runs on pool %s, which is not described. Paste into your values one of:\n\nservices:\n  %s:\n    pool: %s\n\npools:\n  %s:\n    nodeSelector: {gpu.pool: %s}\n    tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]\n    gpu: {kind: device, count: 1, profile: \"\", deviceClass: gpu.nvidia.com, selector: \"\"}\n    executionProviders: [cuda]\n    rollout: {maxSurge: 0, maxUnavailable: 1}\n" $name $service.pool $name (keys $.Values.pools | sortAlpha | first) $service.pool $service.pool) }}
{{- end }}
{{- if and (eq $pool.gpu.kind "mig") (not $pool.gpu.profile) }}
{{- fail (printf "\n\nPool %s hands out MIG slices of no profile. Paste into your values (kubectl describe node shows the profiles as nvidia.com/mig-…):\n\npools:\n  %s:\n    gpu:\n      profile: 1g.10gb\n" $service.pool $service.pool) }}
{{- end }}
{{- $providers := default (list "cpu") $pool.executionProviders }}
{{- if and $app.computes (eq $pool.gpu.kind "none") (eq (first $providers) "cuda") (not (has "cpu" $providers)) }}
{{- fail (printf "\n\nService %s computes on CUDA, and its pool %s gives pods no GPU. Paste into your values one of:\n\npools:\n  %s:\n    executionProviders: [cpu]\n\npools:\n  %s:\n    gpu:\n      kind: device\n" $name $service.pool $service.pool $service.pool) }}
{{- end }}
{{- if and $app.computes (ne $pool.gpu.kind "none") (not (has "cuda" $providers)) }}
{{- fail (printf "\n\nService %s would hold a GPU of pool %s and compute on the processor. Paste into your values:\n\npools:\n  %s:\n    executionProviders: [cuda]\n" $name $service.pool $service.pool) }}
{{- end }}
{{- if gt ($service.replicas.min | int64) ($service.replicas.max | int64) }}
{{- fail (printf "\n\nService %s would run at least %v and at most %v pods. Paste into your values:\n\nservices:\n  %s:\n    replicas:\n      max: %v\n" $name $service.replicas.min $service.replicas.max $name $service.replicas.min) }}
{{- end }}
{{- if and $.Values.scaling.enabled (has "lag" $app.scaleOn) (gt ($service.replicas.max | int64) ($.Values.facts.partitions | int64)) }}
{{- fail (printf "\n\nService %s would run up to %v pods on topics of %v partitions; the pods beyond that would get no facts. Paste into your values one of:\n\nservices:\n  %s:\n    replicas:\n      max: %v\n\nfacts:\n  partitions: %v\n" $name $service.replicas.max $.Values.facts.partitions $name $.Values.facts.partitions $service.replicas.max) }}
{{- end }}
{{- range $field, $callee := $app.calls }}
{{- $other := index $.Values.services $callee }}
{{- if and (not $other.enabled) (not $other.address) }}
{{- fail (printf "\n\nService %s calls %s, which this release does not run. Paste into your values where it runs:\n\nservices:\n  %s:\n    enabled: false\n    address: other-release-%s:50051\n" $name $callee $callee $callee) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
