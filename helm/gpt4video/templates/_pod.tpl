{{/* Security of a pod under the Pod Security standard "restricted". */}}
{{- define "gpt4video.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{/* Security of a container under "restricted", with a root file system that nobody writes. */}}
{{- define "gpt4video.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Volumes of a pod. Takes (dict "root" $ "app" catalog line). */}}
{{- define "gpt4video.volumes" -}}
{{- $bundle := .root.Values.bundle }}
- name: tmp
  emptyDir: {sizeLimit: {{ .root.Values.tmpSize }}}
- name: models
{{- if eq $bundle.source "oci" }}
  image: {reference: {{ $bundle.oci.reference | quote }}, pullPolicy: {{ $bundle.oci.pullPolicy }}}
{{- else if eq $bundle.source "claim" }}
  persistentVolumeClaim: {claimName: {{ $bundle.claim.name | quote }}, readOnly: true}
{{- else }}
  emptyDir: {sizeLimit: {{ $bundle.s3.size }}}
{{- end }}
{{- end }}

{{/* Where a container sees its volumes. Takes (dict "root" $ "app" catalog line). */}}
{{- define "gpt4video.mounts" -}}
- {name: tmp, mountPath: /tmp}
- name: models
  mountPath: /models
  readOnly: true
{{- if and (eq .root.Values.bundle.source "claim") .root.Values.bundle.claim.subPath }}
  subPath: {{ .root.Values.bundle.claim.subPath | quote }}
{{- end }}
{{- end }}

{{/* Fetches the bundle before the service starts, where it comes from S3: every file as pinned, or no pod. Takes (dict "root" $ "name" service "pool" pool). */}}
{{- define "gpt4video.fetchBundle" -}}
{{- $objects := .root.Values.objects }}
{{- $s3 := .root.Values.bundle.s3 }}
{{- $secret := default $objects.secret $s3.secret }}
- name: bundle
  image: {{ include "gpt4video.image" . | quote }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [node, apps/cli/dist/main.js, models, pull, --published, {{ $s3.sha256 | quote }}, --into, /models]
  securityContext: {{ include "gpt4video.containerSecurity" .root | nindent 4 }}
  env:
    - {name: GPT4VIDEO_S3_ENDPOINT, value: {{ $objects.endpoint | quote }}}
    - {name: GPT4VIDEO_S3_REGION, value: {{ $objects.region | quote }}}
    - {name: GPT4VIDEO_S3_PATH_STYLE, value: {{ $objects.pathStyle | quote }}}
    - {name: GPT4VIDEO_S3_ACCESS_KEY, valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ $objects.accessKeyKey }}}}}
    - {name: GPT4VIDEO_S3_SECRET_KEY, valueFrom: {secretKeyRef: {name: {{ $secret }}, key: {{ $objects.secretKeyKey }}}}}
    - {name: GPT4VIDEO_MODELS_BUCKET, value: {{ $s3.bucket | quote }}}
  resources: {requests: {cpu: 250m, memory: 256Mi}, limits: {memory: 512Mi}}
  volumeMounts: [{name: tmp, mountPath: /tmp}, {name: models, mountPath: /models}]
{{- end }}

{{/* Requests and limits with the pool's GPU. Takes (dict "service" values "pool" pool). */}}
{{- define "gpt4video.resources" -}}
{{- $gpu := .pool.gpu }}
{{- $resources := deepCopy .service.resources }}
{{- $name := "" }}
{{- if eq $gpu.kind "device" }}{{ $name = "nvidia.com/gpu" }}{{ else if eq $gpu.kind "mig" }}{{ $name = printf "nvidia.com/mig-%s" $gpu.profile }}{{ end }}
{{- if $name }}{{ $resources = mustMergeOverwrite $resources (dict "limits" (dict $name ($gpu.count | int64))) }}{{ end }}
{{- if eq $gpu.kind "claim" }}{{ $resources = mustMergeOverwrite $resources (dict "claims" (list (dict "name" "gpu"))) }}{{ end }}
{{- toYaml $resources }}
{{- end }}

{{/* Where pods go: the pool's nodes, spread over zones and nodes. Takes (dict "root" $ "name" service "pool" pool "poolName" name). */}}
{{- define "gpt4video.placement" -}}
{{- $selector := include "gpt4video.selector" . }}
{{- with .pool.nodeSelector }}
nodeSelector: {{ toJson . }}
{{- end }}
{{- with .pool.tolerations }}
tolerations: {{ toJson . }}
{{- end }}
{{- if eq .pool.gpu.kind "claim" }}
resourceClaims:
  - {name: gpu, resourceClaimTemplateName: {{ include "gpt4video.fullname" .root }}-{{ .poolName }}}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: {matchLabels: {{ fromYaml $selector | toJson }}}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: {{ .root.Values.hostSpread }}
    labelSelector: {matchLabels: {{ fromYaml $selector | toJson }}}
{{- end }}
