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
{{- if not .Values.database.urlSecret.name }}
{{- fail "\n\nNo database. Make a Secret:\n\n  kubectl create secret generic gpt4video-database --from-literal=url=postgres://user:password@host:5432/gpt4video\n\nand paste into your values:\n\ndatabase:\n  urlSecret:\n    name: gpt4video-database\n" }}
{{- end }}
{{- range $name, $app := $catalog }}
{{- $service := index $.Values.services $name }}
{{- if $service.enabled }}
{{- $pool := index $.Values.pools $service.pool }}
{{- if and (eq $pool.gpu.kind "mig") (not $pool.gpu.profile) }}
{{- fail (printf "\n\nPool %s hands out MIG slices of no profile. Paste into your values (kubectl describe node shows the profiles as nvidia.com/mig-…):\n\npools:\n  %s:\n    gpu:\n      profile: 1g.10gb\n" $service.pool $service.pool) }}
{{- end }}
{{- if gt ($service.replicas.min | int64) ($service.replicas.max | int64) }}
{{- fail (printf "\n\nService %s would run at least %v and at most %v pods. Paste into your values:\n\nservices:\n  %s:\n    replicas:\n      max: %v\n" $name $service.replicas.min $service.replicas.max $name $service.replicas.min) }}
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
